/* The buttons that print: the browser's own window, with what the page has for paper. Asks
   nothing. */
import { listen } from "./elements.js";

export function watchPrintButtons() {
  listen("click", (event) => {
    if (event.target.closest("[data-print]")) print();
  });
}
