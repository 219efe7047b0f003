/* Has a worker keep this document, its scripts and the map, so that the screen starts without the server. Browsers
   allow that only over https or on the computer itself; elsewhere the screen simply lacks it. Paints nothing. */
(function (dashboard) {
  "use strict";
  const SOON = 3000; // after the picture is there: nothing here is urgent
  let kept = "";

  /** Once for each build and map. @param {Object} state */
  async function keep(state) {
    const mine = (state.build || "") + state.map;
    if (kept === mine || !navigator.serviceWorker) return;
    kept = mine;
    try {
      const { active } = await navigator.serviceWorker.ready;
      active.postMessage({ keep: [state.map] });
    } catch (problem) {
      kept = ""; // with the next news
    }
  }

  dashboard.on("state", (state) => setTimeout(keep, SOON, state));
  dashboard.on("mounted", () => {
    if (!navigator.serviceWorker) return;
    navigator.serviceWorker.register("/man-hinh/worker.js", { scope: "/man-hinh" }).catch(() => {});
  });
})(window.dashboard);
