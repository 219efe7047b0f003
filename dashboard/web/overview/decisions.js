/* What needs a decision: at most six lines, whose words the server made. A press shows only the
   communes of that line on map and table (table.js asks for them), another press or "Bỏ lọc" all
   again. */
import { current } from "../../../assets/current.js";
import { formatDay } from "../../../assets/days.js";
import { createElement, el, listen, setAttr, setText } from "../../../assets/elements.js";
import { on } from "../../../assets/events.js";
import { changeAddress, getAddress } from "./address.js";

const MOST = 6;
const BROKEN = "Phần này tạm thời không tính được.";
/** @type {?Record<"item"|"button"|"title"|"since"|"reason", HTMLElement>[]} */
let lines = null;

function buildLines() {
  lines = Array.from({ length: MOST }, () => {
    const leaves = {
      title: createElement("span", { class: "decision" }),
      since: createElement("span", { class: "quiet since" }),
      reason: createElement("span", { class: "quiet reason" }),
    };
    const button = createElement(
      "button",
      { type: "button", "data-signal": "", "aria-pressed": "false" },
      leaves.title,
      " ",
      leaves.since,
      " ",
      leaves.reason,
    );
    const item = createElement("li", { hidden: "" }, button);
    return { item, button, ...leaves };
  });
  el("decisions").replaceChildren(...lines.map((line) => line.item));
}

/** What an address may narrow map and table to: the decisions, and the list of weak communes, to
 * which /to-cong-tac leads. @param {State} state @returns {DecisionLine[]} */
export const listChoosableLines = (state) => [
  ...(state.decisions ? state.decisions.lines : []),
  ...(state.weak_list ? [state.weak_list] : []),
];

/** The line that the address asks for. @returns {?DecisionLine} */
function findAskedLine() {
  const { signal } = getAddress();
  if (!signal || !current.state) return null;
  return listChoosableLines(current.state).find((line) => line.code === signal) || null;
}

/** The communes that alone are shown. @returns {?Set<string>} null: all */
export function getSignalledCommunes() {
  const line = findAskedLine();
  return line && new Set(line.communes.map((at) => current.state.codes[at]));
}

function showPressed() {
  const line = findAskedLine();
  for (const { button } of lines || [])
    setAttr(button, "aria-pressed", String(Boolean(line) && button.dataset.signal === line.code));
  el("signal-note").hidden = !line;
  setText(el("signal-words"), line ? "Chỉ hiện: " + line.title : "");
}

/** On a phone the list lies screens below: a press leads there. */
function bringList() {
  if (!matchMedia("(max-width: 40em)").matches) return;
  el("table-title").focus({ preventScroll: true });
  el("table-title").scrollIntoView({ block: "start" });
}

export function watchDecisions() {
  on("state", (state) => {
    if (!lines) buildLines();
    const found = state.decisions;
    const shown = found ? found.lines : [];
    lines.forEach(({ item, button, title, since, reason }, at) => {
      const line = shown[at];
      item.hidden = !line;
      if (!line) return;
      setAttr(button, "data-signal", line.code);
      setText(title, line.title);
      setText(since, line.since);
      setText(reason, line.reason);
    });
    el("no-decisions").hidden = shown.length > 0;
    setText(el("no-decisions"), found ? found.empty : BROKEN);
    setText(
      el("brief-title"),
      "Nội dung cần chỉ đạo " + (state.live ? "hôm nay" : "ngày " + formatDay(state.as_of)),
    );
    setText(el("bottleneck"), state.bottleneck || BROKEN);
    el("published-line").hidden = !state.published;
    setText(el("published"), state.published || "");
    showPressed();
  });
  on("address", showPressed);
  listen("click", (event) => {
    const button = event.target.closest("[data-signal]");
    if (button) {
      const pressed = button.getAttribute("aria-pressed") === "true";
      changeAddress({ signal: pressed ? "" : button.dataset.signal });
      if (!pressed) bringList();
    }
    if (!event.target.closest("#signal-off")) return;
    changeAddress({ signal: "" });
    el("table-title").focus(); // the button itself is gone
  });
}
