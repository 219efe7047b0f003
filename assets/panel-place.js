/* Where the panel stands: in the stage beside the map, or, when the stage is not in view (a row of the
   table was chosen), apart at the window's side, so that it is seen where one is. Fills nothing. */
(function (dashboard) {
  "use strict";
  const { el, mark } = dashboard;

  /** Whether the place in the stage, with the panel's head, is on the screen. @returns {boolean} */
  function stageSeen() {
    const { top, bottom } = el("panel").parentElement.getBoundingClientRect();
    return top >= 0 && top < innerHeight / 2 && bottom > 0;
  }

  let chosen = "";
  dashboard.on("selected", (code) => {
    if (code === chosen) return; // a refresh moves nothing
    chosen = code;
    mark(el("panel"), "data-apart", code && !stageSeen() ? "true" : null);
  });
  // Back at the map the panel takes its place beside it again.
  document.addEventListener("scroll", () => {
    const panel = el("panel");
    if (panel && panel.dataset.apart && stageSeen()) mark(panel, "data-apart", null);
  }, { passive: true });
})(window.dashboard);
