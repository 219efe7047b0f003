/* The selected commune: its level, its values and the reasons for them. Opened by a click or
   Enter on map or table; closed by its button or Escape, and the focus goes back where it came
   from. */
import { current } from "../../../assets/current.js";
import { createElement, el, listen, setAttr, setText } from "../../../assets/elements.js";
import { emit, on } from "../../../assets/events.js";
import { getLevel } from "../../../assets/levels.js";
import { drawRing, getCommuneName, map } from "../../../assets/map.js";
import { changeAddress, getAddress } from "./address.js";
import { pickCommune } from "./map_picking.js";
import { wasDragged } from "./zoom.js";

const LAYERS = ["network", "digital_signature", "devices", "on_time"];
// Lists of short lines, one list a commune: field of the state → heading.
const LISTS = { reasons: "Vì sao", way: "Để đạt mức Xanh cần", sources: "Nguồn và ngày" };
/** @type {?PageElement} */
let origin = null;
/** @type {?Record<string, any>} elements that are written */
let fields = null;

function buildPanel() {
  const closeButton = createElement("button", { type: "button", id: "panel-close" }, "Đóng");
  fields = {
    title: createElement("h2", { id: "panel-title", tabindex: "-1" }),
    level: createElement("p", { class: "level" }),
    sign: createElement("span", { class: "sign" }),
    word: createElement("span"),
    flag: createElement("p", { class: "flag" }),
    lasting: createElement("p", { class: "quiet" }),
    own: createElement("p", { class: "quiet" }),
    values: createElement("dl"),
    rows: {},
    lists: {},
    page: createElement("a", { class: "to-page", hidden: "" }, "Trang của đơn vị"),
    sheet: createElement("a", { class: "to-page" }, "Lập phiếu đi cơ sở"),
    age: createElement("p", { class: "quiet" }),
    rules: createElement("p", { class: "quiet" }),
  };
  fields.level.append(fields.sign, fields.word);
  for (const id of [...LAYERS, "received"]) {
    const row = {
      term: createElement("dt"),
      sign: createElement("span", { class: "sign" }),
      value: createElement("span"),
    };
    fields.values.append(
      row.term,
      createElement("dd", {}, ...(id === "received" ? [] : [row.sign]), row.value),
    );
    fields.rows[id] = row;
  }
  for (const [name, title] of Object.entries(LISTS)) {
    const list = createElement("ul", { class: "lines" });
    fields.lists[name] = {
      list,
      section: createElement(
        "section",
        { "data-lines": name },
        createElement("h3", {}, title),
        list,
      ),
    };
  }
  const sections = Object.values(fields.lists).map((one) => one.section);
  el("panel").replaceChildren(
    createElement("div", { class: "panel-head" }, fields.title, closeButton),
    fields.level,
    fields.lasting,
    createElement("p", { class: "to-pages" }, fields.page, fields.sheet),
    fields.own,
    fields.flag,
    fields.values,
    ...sections,
    fields.age,
    fields.rules,
  );
}

/** Leaf writes of lines; a list without any is not shown. @param {string} name @param {string[]}
 * lines */
function fillList(name, lines) {
  const { list, section } = fields.lists[name];
  section.hidden = !lines.length;
  while (list.children.length > lines.length) list.lastChild.remove();
  lines.forEach((line, at) => {
    if (!list.children[at]) list.append(createElement("li"));
    setText(list.children[at], line);
  });
}

function fillPanel() {
  const { commune } = getAddress();
  const state = current.state;
  const index = state ? state.codes.indexOf(commune) : -1;
  const path = index < 0 ? null : map.paths.get(commune);
  el("panel").hidden = index < 0;
  setAttr(el("page"), "data-selected", index < 0 ? null : commune);
  for (const [code, shape] of map.paths) setAttr(shape, "aria-selected", String(code === commune));
  drawRing("selected", path);
  emit("selected", index < 0 ? "" : commune);
  if (index < 0) return;
  if (!fields) buildPanel();
  const overall = getLevel(state.layers.overall, index);
  setText(fields.title, getCommuneName(commune));
  setText(fields.sign, overall.sign);
  setAttr(fields.level, "data-state", overall.code);
  setText(fields.word, overall.word);
  setText(fields.flag, state.flags[index] || "");
  for (const id of LAYERS) {
    const layer = state.layers[id];
    const level = getLevel(layer, index);
    setText(fields.rows[id].term, layer.name);
    setText(fields.rows[id].sign, level.sign);
    setAttr(fields.rows[id].sign, "data-state", level.code);
    setText(fields.rows[id].value, layer.text[index] || level.word);
  }
  setText(fields.rows.received.term, state.columns.received.name);
  setText(fields.rows.received.value, state.columns.received.text[index]);
  for (const name of Object.keys(LISTS)) {
    const lines = state[/** @type {keyof typeof LISTS} */ (name)];
    fillList(name, (lines && lines[index]) || []);
  }
  setText(fields.lasting, (state.lasting && state.lasting[index]) || "");
  setText(fields.own, (state.own && state.own[index]) || "");
  setText(fields.rules, state.rules || "");
  setText(fields.age, state.columns.age.name + ": " + state.columns.age.text[index]);
  const { page, sheet } = el("panel").dataset; // where there is a page of its own
  const query = new URLSearchParams({
    province: state.province,
    ...(state.live ? {} : { as_of: state.as_of }),
  });
  setAttr(fields.sheet, "href", `${sheet}?${query}&xa=${commune}`);
  fields.page.hidden = !page;
  if (page) setAttr(fields.page, "href", `${page.replace("00000", commune)}?${query}`);
}

/** @param {string} code "" closes @param {?PageElement} [from] where the focus returns to
 * @param {boolean} [byKey] the focus goes into the panel */
export function selectCommune(code, from, byKey) {
  if (code) origin = from || origin;
  changeAddress({ commune: code });
  if (code && byKey && !el("panel").hidden) fields.title.focus({ preventScroll: true });
}

function closePanel() {
  const inside = el("panel").contains(document.activeElement);
  selectCommune("");
  // and scrolls there if it is out of view
  if (inside && origin && origin.isConnected) origin.focus();
}

export function watchPanel() {
  listen("click", (event) => {
    if (event.target.closest("#panel-close")) return closePanel();
    const path = pickCommune(event);
    if (path && !wasDragged()) selectCommune(path.dataset.commune, path);
  });
  listen("keydown", (event) => {
    const panel = el("panel");
    if (event.key === "Escape" && panel && !panel.hidden && event.target.type !== "search")
      closePanel();
  });
  on("painted", fillPanel);
  on("address", fillPanel);
}
