/* The five communes most in need, in the server's order: rank, name, reason, since when, a line
   each. A press selects the commune as the table's name does (table.js). Orders nothing itself. */
import { createElement, el, setAttr, setText } from "../../../assets/elements.js";
import { on } from "../../../assets/events.js";
import { getLevel } from "../../../assets/levels.js";
import { getCommuneName } from "../../../assets/map.js";

const BROKEN = "Phần này tạm thời không tính được.";

/** @param {number} at @returns {Element} one line, empty */
function buildLine(at) {
  const parts = ["sign", "need-name", "reason", "since"].map((name) =>
    createElement("span", { class: name }),
  );
  setAttr(parts[0], "aria-hidden", "true");
  const rank = createElement("span", { class: "rank" }, String(at + 1));
  const button = createElement("button", { type: "button" }, rank);
  for (const part of parts) button.append(" ", part);
  return createElement("li", {}, button);
}

/** @type {?{list: HTMLElement, nobody: HTMLElement}} */
let places = null;

function buildPlaces() {
  const list = createElement("ol", { "aria-labelledby": "need-title" });
  const nobody = createElement("p", { class: "quiet" });
  const title = createElement("h2", { id: "need-title" }, "5 đơn vị cần hỗ trợ nhất");
  el("need").replaceChildren(title, list, nobody);
  places = { list, nobody };
}

export function watchNeed() {
  on("painted", (state) => {
    if (!places) buildPlaces();
    const { list, nobody } = places;
    /** @type {Need["top"]} */
    const top = state.need ? state.need.top : [];
    while (list.children.length > top.length) list.lastChild.remove();
    top.forEach(({ commune, reason, since }, at) => {
      if (!list.children[at]) list.append(buildLine(at));
      const line = list.children[at];
      const level = getLevel(state.layers.overall, commune);
      const code = state.codes[commune];
      setAttr(line.firstElementChild, "data-select", code);
      setText(line.querySelector(".sign"), level.sign);
      setAttr(line.querySelector(".sign"), "data-state", level.code);
      setText(line.querySelector(".need-name"), getCommuneName(code));
      setText(line.querySelector(".reason"), reason);
      setAttr(line.querySelector(".reason"), "title", reason);
      setText(line.querySelector(".since"), since);
    });
    nobody.hidden = top.length > 0;
    setText(nobody, state.need ? state.need.empty : BROKEN);
  });
}
