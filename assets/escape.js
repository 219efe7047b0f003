/* Escape closes what is open: the menu or explanation that has the focus, else the last one opened
   over the page; the focus goes back to its word. So does a press beside a menu. */
import { listen } from "./elements.js";

const MENUS = ["share", "theme-menu", "choice", "help"]
  .map((name) => `details.${name}[open]`)
  .join(", ");
const OVER = MENUS + ", details.how[open]";
const OPEN = OVER + ", .chart-data[open]";

/** @param {HTMLDetailsElement} box */
function closeBox(box) {
  box.open = false;
  box.querySelector("summary").focus({ preventScroll: true });
}

export function watchEscape() {
  listen(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || !event.target.closest) return;
      /** @type {HTMLDetailsElement[]} */
      const over = [...document.querySelectorAll(OVER)].map((box) => /** @type {any} */ (box));
      const box = event.target.closest(OPEN) || over.pop();
      if (!box) return;
      closeBox(box);
      event.stopPropagation(); // one press closes one thing
    },
    true,
  );
  listen("click", (event) => {
    for (const box of document.querySelectorAll(MENUS))
      if (!box.contains(event.target)) /** @type {any} */ (box).open = false;
  });
}
