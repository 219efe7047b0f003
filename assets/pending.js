/* Whether what is shown is what the address asks for. While another province or day is on its way, the old
   figures, map and table are dimmed, so that no new name stands over them. Writes no words. */
(function (dashboard) {
  "use strict";
  const { mark } = dashboard;

  /** @returns {boolean} whether the page still shows something else than was asked for */
  dashboard.pending = function () {
    const { state } = dashboard;
    if (!state) return false;
    return dashboard.shownFor !== dashboard.stateAddress(location.search) || dashboard.map.address !== state.map;
  };

  function show() {
    const waits = dashboard.pending() ? "true" : null;
    mark(document.documentElement, "data-pending", waits);
    for (const part of document.querySelectorAll("main, .further, .table-pane")) mark(part, "aria-busy", waits);
    dashboard.tell("pending", Boolean(waits));
  }

  for (const news of ["address", "state", "listed"]) dashboard.on(news, show);
})(window.dashboard);
