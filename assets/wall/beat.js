/* Once a minute the screen says that it lives: its name from the address, scene, data version, build, seconds since
   the last good answer, faults since it was loaded. No picture, no person. The answer is not read. */
(function (dashboard) {
  "use strict";
  const EVERY = 60000;
  const SOON = 5000;
  const PATIENCE = 8000; // words that nobody takes must not pile up and hold the browser's few connections
  const build = (document.querySelector('meta[name="wall-build"]') || {}).content || "";
  let next = 0;
  let errors = 0;

  /** The name that the address gives; else one that stays with this browser. @returns {string} */
  function name() {
    if (dashboard.asked.name) return dashboard.asked.name;
    try {
      const known = localStorage.getItem("man-hinh-name") || Math.floor(Math.random() * 65536).toString(16).padStart(4, "0");
      localStorage.setItem("man-hinh-name", known);
      return "không tên " + known;
    } catch (problem) {
      return "không tên";
    }
  }

  function say(now) {
    const { state, scene, lastGood } = dashboard;
    const body = {
      ...{ name: name(), province: (state && state.province) || "", scene: scene || "", build },
      version: (state && state.version) || 0,
      fresh: lastGood ? Math.max(0, Math.round((now - lastGood) / 1000)) : null,
      errors,
    };
    const stop = new AbortController();
    setTimeout(() => stop.abort(), PATIENCE);
    const { signal } = stop;
    fetch("/api/screens", { method: "POST", body: JSON.stringify(body), keepalive: true, signal }).catch(() => {});
  }

  dashboard.on("beat", (now) => {
    next = next || now + SOON; // when there is something to say
    if (now < next && next - now <= EVERY) return; // a clock that was put right may lie before
    next = now + EVERY;
    say(now);
  });
  const fault = () => { errors = Math.min(errors + 1, 1000000); };
  dashboard.on("fault", fault);
  addEventListener("error", fault);
  addEventListener("unhandledrejection", fault);
})(window.dashboard);
