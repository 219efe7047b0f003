/* The table of all communes: rows are made once per province, then only their leaves are
   written, so a refresh keeps scroll, focus and selection. Sorting moves rows, searching hides
   them. Asks no server. */
import { current } from "../../../assets/current.js";
import { createElement, el, listen, setAttr, setText } from "../../../assets/elements.js";
import { emit, on } from "../../../assets/events.js";
import { getFormerUnits } from "../../../assets/finding.js";
import { getLevel } from "../../../assets/levels.js";
import { getCommuneName, map } from "../../../assets/map.js";
import { buildFormerMatcher, buildMatcher } from "../../../assets/search.js";
import { changeAddress, getAddress } from "./address.js";
import { getSignalledCommunes } from "./decisions.js";
import { selectCommune } from "./panel.js";

const LAYERS = ["overall", "network", "digital_signature", "devices"];
const COLUMNS = ["name", ...LAYERS, "received", "on_time", "age"];
/** @type {Record<string, boolean>} */
const BIG_FIRST = { received: true, age: true };
/** @param {string} id @returns {boolean} */
const isLayer = (id) => LAYERS.includes(id) || id === "on_time";
/** @type {Map<string, {row: HTMLTableRowElement, leaves: Leaves}>} */
let rows = new Map();
/** @type {?Record<string, {cell: Element, button: Element}>} */
let heads = null;
let drawnFor = "";
// Before somebody asks for the rest: as cards on a phone, as rows of columns.
const FIRST_CARDS = 10;
const FIRST_ROWS = 20;
let unfolded = false;

/** The order in force. @returns {string} a column's id, "-" before it for descending */
function getOrder() {
  return getAddress().sort || "need";
}

function buildHead() {
  heads = {};
  const row = createElement("tr", { role: "row" });
  for (const id of COLUMNS) {
    const button = createElement("button", { type: "button", "data-sort": id });
    heads[id] = {
      cell: createElement("th", { scope: "col", role: "columnheader", "data-column": id }, button),
      button,
    };
    row.append(heads[id].cell);
  }
  el("table").tHead.replaceChildren(row);
}

/** @param {string} code @returns {{row: HTMLTableRowElement, leaves: Leaves}} the row's element and
 * its leaves by column */
function buildRow(code) {
  const name = createElement(
    "button",
    { type: "button", class: "name", "data-select": code },
    getCommuneName(code),
  );
  const flag = createElement("span", { class: "flag" });
  const row = createElement("tr", { role: "row", "data-commune": code });
  row.append(
    createElement("th", { scope: "row", role: "rowheader", "data-column": "name" }, name, flag),
  );
  /** @type {Leaves} */
  const leaves = /** @type {any} */ ({ flag });
  for (const id of COLUMNS.slice(1)) {
    const value = createElement("span", { class: "value" });
    const cell = createElement("td", { role: "cell", "data-column": id });
    leaves[id] = { cell, value };
    if (isLayer(id)) {
      leaves[id].sign = createElement("span", { class: "sign", "aria-hidden": "true" });
      leaves[id].word = createElement("span", { class: "unseen" });
      cell.append(leaves[id].sign, value, leaves[id].word);
    } else cell.append(value);
    row.append(cell);
  }
  return { row, leaves };
}

/** @param {State} state */
function buildRows(state) {
  if (!heads) buildHead();
  rows = new Map(state.codes.map((code) => [code, buildRow(code)]));
  el("table").tBodies[0].replaceChildren(...[...rows.values()].map((one) => one.row));
  drawnFor = state.map + state.codes.length;
}

/** @param {State} state @returns {boolean} whether any row changed its place */
function fillRows(state) {
  if (drawnFor !== state.map + state.codes.length) buildRows(state);
  for (const id of COLUMNS) {
    const source =
      id === "name" ? { name: "Xã, phường, đặc khu" } : state.layers[id] || state.columns[id];
    setText(heads[id].button, id === "overall" ? "Mức" : source.name);
  }
  state.codes.forEach((code, index) => {
    const { leaves } = rows.get(code);
    for (const id of COLUMNS.slice(1)) {
      const leaf = leaves[id];
      const source = state.layers[id] || state.columns[id];
      setAttr(leaf.cell, "data-label", id === "overall" ? "Mức" : source.name);
      setText(leaf.value, source.text[index] || "");
      if (!leaf.sign) continue;
      const level = getLevel(source, index);
      setAttr(leaf.cell, "data-state", level.code);
      setText(leaf.sign, level.sign);
      setText(leaf.word, source.text[index] === level.word ? "" : ", " + level.word);
    }
    setText(leaves.flag, state.flags[index] ? "⚡ Khác kiểm tra" : "");
    setAttr(leaves.flag, "title", state.flags[index] || null);
  });
  const { dataset } = el("table");
  dataset.verified = state.verified && state.verified.includes("1") ? "some" : "none";
  state.codes.forEach((code, index) =>
    setAttr(
      rows.get(code).row,
      "data-verified",
      state.verified && state.verified[index] === "1" ? "true" : null,
    ),
  );
  const moved = sortRows(state);
  filterRows();
  return moved;
}

// A row that lies at this height of the window may be in use; nothing does while the table is below.
const READ_AT = 100;
let isNearReader = true;

/** Looks where the table is between two writes, when it costs nothing. */
function watchPlace() {
  const observer = new IntersectionObserver(
    (seen) => (isNearReader = seen.some((entry) => entry.isIntersecting)),
    { rootMargin: "0px 0px -60% 0px" },
  );
  observer.observe(el("table").tBodies[0]);
}

/** Write while the row in use (the focused one, else the topmost seen) stays where it is on the
 * screen.
 * @param {() => boolean|void} writing says whether rows changed places */
export function keepInPlace(writing) {
  const body = el("table").tBodies[0];
  const focused = body.contains(document.activeElement);
  const seen = isNearReader && document.elementFromPoint(innerWidth / 2, READ_AT);
  const anchor = focused
    ? document.activeElement
    : seen && body.contains(seen) && seen.closest("tr");
  const before = anchor && anchor.getBoundingClientRect().top;
  const moved = writing();
  if (!anchor || anchor.offsetParent === null || (moved && !focused)) return;
  const shift = anchor.getBoundingClientRect().top - before;
  const inView = before > -200 && before < innerHeight + 200;
  if (inView && Math.abs(shift) > 1) scrollBy({ top: shift, behavior: "instant" });
}

/** Each commune's place in the order of need, which the server made. @param {State} state
 * @returns {number[]} */
function rankByNeed(state) {
  const rank = state.codes.map((_, index) => index);
  if (state.need) state.need.order.forEach((index, at) => (rank[index] = at));
  return rank;
}

/** Rows into the order of the address; what has no value comes last either way, ties by need.
 * @returns {boolean} whether any row changed its place
 * @param {State} state */
function sortRows(state) {
  const asked = getOrder();
  const id = asked.replace("-", "");
  const way = asked.startsWith("-") ? -1 : 1;
  const source = state.layers[id] || state.columns[id];
  const rank = rankByNeed(state);
  /** @param {number} index @returns {?number} */
  const value = (index) =>
    id === "name" ? index : id === "need" ? rank[index] : source.sort[index];
  const sorted = state.codes.map((code, index) => ({ code, index, value: value(index) }));
  /** @param {{value: ?number}} one */
  const none = (one) => one.value === null || one.value === undefined;
  sorted.sort(
    (a, b) =>
      Number(none(a)) - Number(none(b)) ||
      (none(a) ? 0 : way * (a.value - b.value)) ||
      rank[a.index] - rank[b.index],
  );
  for (const column of COLUMNS) {
    const here = column === id;
    setAttr(heads[column].cell, "aria-sort", here ? (way < 0 ? "descending" : "ascending") : null);
  }
  const body = el("table").tBodies[0];
  const focused = body.contains(document.activeElement) ? document.activeElement : null;
  let before = body.firstElementChild;
  let moved = false;
  for (const { code } of sorted) {
    const { row } = rows.get(code);
    if (row === before) before = before.nextElementSibling;
    else {
      body.insertBefore(row, before);
      moved = true;
    }
  }
  if (focused && document.activeElement !== focused) focused.focus({ preventScroll: true });
  const choice = el("sort");
  if (choice)
    choice.value = [...choice.options].some((option) => option.value === asked) ? asked : "";
  return moved;
}

/** Who comes after the first few waits behind a button; where somebody looks for some, all of those
 * are wanted. How many are few depends on the layout, which the style alone knows (table.css). */
function foldRest() {
  const { q, signal } = getAddress();
  const all = unfolded || Boolean(q || signal);
  let count = 0;
  for (const row of el("table").tBodies[0].rows) {
    if (!row.hidden) count += 1;
    const beyond = count > FIRST_ROWS ? "rows" : count > FIRST_CARDS ? "cards" : null;
    setAttr(row, "data-beyond", all || row.hidden ? null : beyond);
  }
  const rest = [FIRST_CARDS, FIRST_ROWS].map((first) => (all ? 0 : Math.max(0, count - first)));
  el("more-rows").hidden = !rest[0];
  el("more-rows").dataset.rows = String(rest[1]);
  const [cards, lines] = rest.map((many, at) =>
    createElement("span", { class: at ? "of-rows" : "of-cards" }, `${many} đơn vị nữa`),
  );
  el("more-rows").replaceChildren(cards, lines);
}

function filterRows() {
  if (!drawnFor) return;
  const { q } = getAddress();
  const matches = buildMatcher(q);
  const only = getSignalledCommunes(); // the communes of a decision, where one is pressed
  const all = [...rows.keys()].filter((code) => !only || only.has(code));
  let found = all.filter((code) => matches(getCommuneName(code), code));
  // A name of before 01/07/2025 counts where no name of today fits.
  const units = getFormerUnits();
  const former = !found.length && units ? buildFormerMatcher(q) : null;
  if (former) found = all.filter((code) => former(units.get(code) || []));
  const hits = new Set(found);
  for (const [code, { row }] of rows) {
    const hit = hits.has(code);
    if (row.hidden === hit) row.hidden = !hit;
    const path = map.paths.get(code);
    if (path) setAttr(path, "data-match", hit ? null : "no");
  }
  foldRest();
  setText(el("row-count"), `${found.length}/${rows.size} đơn vị`);
  el("no-match").hidden = found.length > 0;
  emit("filtered");
}

/** What the table shows now, for the download. @returns {string[]} codes of the visible rows, in
 * their order */
export const listShownCodes = () =>
  [...el("table").tBodies[0].rows].filter((row) => !row.hidden).map((row) => row.dataset.commune);

export function watchTable() {
  on("mounted", watchPlace);
  listen("click", (event) => {
    const head = event.target.closest("[data-sort]");
    if (head) {
      const id = head.dataset.sort;
      const first = BIG_FIRST[id] ? "-" + id : id;
      const second = BIG_FIRST[id] ? id : "-" + id;
      changeAddress({ sort: getOrder() === first ? second : first });
    }
    if (event.target.closest("#more-rows")) {
      const waiting = [...el("table").querySelectorAll("tr[data-beyond]")];
      const first = waiting.find((row) => row.offsetParent === null);
      const next = first && first.querySelector(".name");
      unfolded = true;
      foldRest();
      /** @type {NodeListOf<HTMLElement>} */
      const names = el("table").querySelectorAll(".name");
      [...names].find((one) => one === next)?.focus({ preventScroll: true });
    }
    const name = event.target.closest("[data-select]");
    if (name) selectCommune(name.dataset.select, name, event.detail === 0);
  });
  on("painted", (state) => {
    keepInPlace(() => fillRows(state));
    emit("listed", state);
  });
  on("address", () => {
    if (!current.state || !drawnFor || map.address !== current.state.map) return;
    sortRows(current.state);
    filterRows();
  });
  on("former", filterRows);
  on("selected", (code) => {
    for (const [each, { row }] of rows)
      setAttr(row, "aria-selected", each === code ? "true" : null);
  });
}
