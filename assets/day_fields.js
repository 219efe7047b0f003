/* Days in forms, read day first whatever the language of the browser: 03/12 is never March. What
   the field has stands over its own words until somebody is in it. Sends nothing. */
import { formatDay } from "./days.js";
import { createElement, listen, setText } from "./elements.js";

/** @param {HTMLInputElement} input */
function writeDay(input) {
  const read = input.parentElement.querySelector(":scope > .day-read");
  if (read) setText(read, input.value ? formatDay(input.value) : "chọn ngày");
}

export function watchDayFields() {
  /** @type {NodeListOf<HTMLInputElement>} */
  const inputs = document.querySelectorAll('input[type="date"]');
  for (const input of inputs) {
    if (input.parentElement.matches(".day")) continue;
    const frame = createElement("span", { class: "day" });
    input.replaceWith(frame);
    frame.append(input, createElement("span", { class: "day-read", "aria-hidden": "true" }));
    writeDay(input);
  }
  listen("change", ({ target }) => target.type === "date" && writeDay(target));
  // After Back the browser fills fields without a word.
  addEventListener("pageshow", () => inputs.forEach(writeDay));
}
