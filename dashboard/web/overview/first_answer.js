/* The first answer (first_answer.html) gives way to the page when figures, map and table stand:
   at once, in the same place, with what somebody typed or had the focus on. Where no state comes
   it stays, and says how the line is. Writes no figure. */
import { current } from "../../../assets/current.js";
import { el, listen, setText } from "../../../assets/elements.js";
import { on } from "../../../assets/events.js";
import { changeAddress } from "./address.js";
import { setControl } from "./controls.js";

const PATIENCE = 4000; // a state has come, its map has not: then the page as far as it is

/** @returns {?HTMLElement} */
const findFirstAnswer = () => document.querySelector(".first-answer");

/** The control of the page that does what one of the first answer does.
 * @param {Element} control @returns {?HTMLElement} */
function findTwin(control) {
  if (control instanceof HTMLAnchorElement)
    return [...document.querySelectorAll("#page a")].find((link) => link.href === control.href);
  const { name, value } = /** @type {HTMLButtonElement} */ (control);
  /** @type {Record<string, string>} */
  const twins = {
    commune: `#page [data-select="${CSS.escape(value)}"]`,
    signal: `#page [data-signal="${CSS.escape(value)}"]`,
    province: "#province",
    q: "#search",
    as_of: "#as-of",
  };
  return twins[name] ? document.querySelector(twins[name]) : null;
}

function giveWay() {
  const first = findFirstAnswer();
  if (!first) return;
  const used = first.contains(document.activeElement) ? document.activeElement : null;
  /** @type {HTMLInputElement} */
  const typed = first.querySelector('[name="q"]');
  const words = typed ? typed.value.trimStart().slice(0, 60) : "";
  first.remove();
  const twin = used && findTwin(used);
  if (twin) twin.focus({ preventScroll: true });
  if (!words) return;
  setControl(el("search"), words);
  changeAddress({ q: words }, true);
}

/** Without figures there is nothing to keep. */
function giveWayIfEmpty() {
  const first = findFirstAnswer();
  if (first && !("figures" in first.dataset)) giveWay();
}

/** @param {{connected: boolean}} news */
function tellLine({ connected }) {
  const first = findFirstAnswer();
  if (connected || current.state || !first) return;
  setText(first.querySelector(".connection"), el("connection").textContent);
}

export function watchFirstAnswer() {
  on("mounted", giveWayIfEmpty);
  on("connection", tellLine);
  on("state", () => setTimeout(giveWay, PATIENCE));
  on("listed", giveWay);
  listen("change", (event) => {
    const form = event.target.closest(".first-answer") && event.target.form;
    if (form && form.id === "first-view") form.submit();
  });
}
