/* Where the panel stands: in the stage beside the map, or, when the stage is not in view (a row
   of the table was chosen), apart at the window's side, so that it is seen where one is. Fills
   nothing. */
import { el, listen, setAttr } from "../../../assets/elements.js";
import { on } from "../../../assets/events.js";

/** Whether the place in the stage, with the panel's head, is on the screen. @returns {boolean} */
function isStageSeen() {
  const { top, bottom } = el("panel").parentElement.getBoundingClientRect();
  return top >= 0 && top < innerHeight / 2 && bottom > 0;
}

let chosen = "";

export function watchPanelPlace() {
  on("selected", (code) => {
    if (code === chosen) return; // a refresh moves nothing
    chosen = code;
    setAttr(el("panel"), "data-apart", code && !isStageSeen() ? "true" : null);
  });
  // Back at the map the panel takes its place beside it again.
  listen(
    "scroll",
    () => {
      const panel = el("panel");
      if (panel && panel.dataset.apart && isStageSeen()) setAttr(panel, "data-apart", null);
    },
    { passive: true },
  );
}
