/* Name and values of the commune under the pointer or the focus. Escape hides it; it takes no
   clicks. */
import { current } from "../../../assets/current.js";
import { createElement, el, listen, setAttr, setText } from "../../../assets/elements.js";
import { on } from "../../../assets/events.js";
import { getLevel } from "../../../assets/levels.js";
import { getAddress } from "./address.js";

const LAYERS = ["overall", "network", "digital_signature", "devices", "on_time"];
/** @type {?PageElement} */
let shown = null;
/** @type {?Record<"name"|"age"|"flag", Element> & {rows: Record<string, any>}} */
let fields = null;

function buildTooltip() {
  fields = {
    name: createElement("strong"),
    rows: {},
    age: createElement("p", { class: "quiet" }),
    flag: createElement("p", { class: "flag" }),
  };
  const list = createElement("dl");
  for (const id of LAYERS) {
    const row = {
      term: createElement("dt"),
      sign: createElement("span", { class: "sign" }),
      value: createElement("span"),
    };
    list.append(row.term, createElement("dd", {}, row.sign, row.value));
    fields.rows[id] = row;
  }
  el("tooltip").replaceChildren(fields.name, list, fields.flag, fields.age);
}

function fillTooltip() {
  const state = current.state;
  const index = shown && state ? state.codes.indexOf(shown.dataset.commune) : -1;
  if (index < 0) return hideTooltip();
  if (!fields) buildTooltip();
  setText(fields.name, shown.dataset.name);
  for (const id of LAYERS) {
    const layer = state.layers[id];
    const level = getLevel(layer, index);
    const row = fields.rows[id];
    setText(row.term, layer.name);
    setText(row.sign, level.sign);
    setAttr(row.sign, "data-state", level.code);
    setText(row.value, layer.text[index] || level.word);
    setAttr(row.term, "class", id === (getAddress().show || "overall") ? "shown" : null);
  }
  setText(fields.flag, state.flags[index] || "");
  setText(fields.age, state.columns.age.name + ": " + state.columns.age.text[index]);
}

/** @param {number} x @param {number} y screen point beside which it stands */
function placeTooltip(x, y) {
  const tip = el("tooltip");
  tip.hidden = false;
  const [width, height] = [tip.offsetWidth, tip.offsetHeight];
  const left = x + 16 + width > innerWidth ? x - 16 - width : x + 16;
  const top = y + 16 + height > innerHeight ? y - 16 - height : y + 16;
  tip.style.left = Math.max(4, Math.min(left, innerWidth - width - 4)) + "px";
  tip.style.top = Math.max(4, top) + "px";
}

/** Beside the focused commune. */
function placeBeside() {
  if (!shown) return;
  const [frame, area] = [shown.getBoundingClientRect(), el("map").getBoundingClientRect()];
  placeTooltip(Math.min(frame.right, area.right), Math.max(area.top, frame.top + frame.height / 2));
}

function hideTooltip() {
  shown = null;
  const tip = el("tooltip");
  if (tip) tip.hidden = true;
}

/** @param {Event & OfElement} event @returns {?PageElement} */
const findCommune = (event) => (event.target.closest ? event.target.closest(".commune") : null);

export function watchTooltip() {
  listen("pointermove", (event) => {
    if (event.pointerType === "touch") return;
    const path = findCommune(event);
    // The chosen commune's panel says all of it, and would lie under it.
    if (path && path.getAttribute("aria-selected") === "true") return hideTooltip();
    if (!path || event.buttons)
      return shown && !shown.matches(":focus-visible") ? hideTooltip() : undefined;
    if (path !== shown) {
      shown = path;
      fillTooltip();
    }
    if (shown) placeTooltip(event.clientX, event.clientY);
  });
  listen("focusin", (event) => {
    const path = findCommune(event);
    if (!path) return hideTooltip();
    shown = path;
    fillTooltip();
    placeBeside();
  });
  listen("focusout", (event) => findCommune(event) && hideTooltip());
  listen("keydown", (event) => event.key === "Escape" && hideTooltip());
  listen("scroll", hideTooltip, { passive: true });
  on("painted", () => shown && fillTooltip());
  on("selected", (code) => shown && shown.dataset.commune === code && hideTooltip());
  on("zoom", () => shown && document.activeElement === shown && placeBeside());
}
