/* The search field: how many communes match stands beside it, and Enter opens the one where only one does.
   Finds nothing itself (search.js) and hides nothing (table.js). */
(function (dashboard) {
  "use strict";
  const { el, write } = dashboard;
  let matches = [];

  dashboard.on("filtered", ({ found, total, former }) => {
    matches = found;
    write(el("match-count"), dashboard.address.now().q ? `${found.length}/${total} xã${former ? " (tên cũ)" : ""}` : "");
  });
  document.addEventListener("keydown", (event) => {
    const { id, value } = event.target;
    if (event.key !== "Enter" || id !== "search" || event.isComposing) return;
    if (value.trim() && matches.length === 1) dashboard.panel.select(matches[0], event.target, true);
  });
})(window.dashboard);
