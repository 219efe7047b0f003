/* The search field: how many communes match stands beside it. Enter opens the commune where only one does, else it
   leads to the first of their names in the table: who meant which is not guessed (Sơn Hà, Sơn Hạ).
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
    if (!value.trim()) return;
    if (matches.length === 1) return dashboard.panel.select(matches[0], event.target, true);
    event.preventDefault(); // else the same Enter would press the name, too
    const first = document.querySelector("#table tbody tr:not([hidden]) .name");
    if (first) first.focus();
  });
})(window.dashboard);
