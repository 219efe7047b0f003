/* The search field of every page: suggestions while one types, arrows choose, Enter reaches the
   chosen commune or the first, Esc closes. On `/` a commune is opened in its panel, on the other
   pages its own page is gone to; there, without this script, the form asks the server. Matching
   is search.js's. */
import { createElement, el, getMeta, listen, setAttr, setText } from "./elements.js";
import { on } from "./events.js";
import { loadCommunes } from "./finding.js";
import { beginsWith, buildFormerMatcher, buildMatcher } from "./search.js";

const MOST = 8;
const NOBODY = "00000";
/** @type {(Commune & {unit: string})[]} */
let shown = [];
let shownFor = "";
let active = -1;

/** What is done with the chosen commune: its page is gone to, unless the page has another way.
 * @type {(code: string) => void} */
let openCommune = (code) => location.assign(getMeta("commune").replace(NOBODY, code));

/** The communes by today's names alone, where the file of former units cannot be had.
 * @type {() => Commune[]} */
let listNamed = () => [];

/** `/` opens a commune in its panel and knows the names that stand on its map.
 * @param {(code: string) => void} open @param {() => Commune[]} list */
export function provideCommunes(open, list) {
  openCommune = open;
  listNamed = list;
}

/** @param {string} code */
function reachCommune(code) {
  closeList();
  openCommune(code);
}

/** How well a commune fits: its name from the start, a word of its name or its code, a former unit.
 * @param {string} query @param {Commune[]} communes @returns {(Commune & {unit: string})[]} */
function findCommunes(query, communes) {
  const fits = buildMatcher(query);
  const formerUnit = buildFormerMatcher(query);
  /** @param {string} name */
  const bare = (name) => name.replace(/^(Xã|Phường|Đặc khu) /, "");
  /** @type {Record<string, (Commune & {unit: string})[]>} */
  const hits = { begin: [], word: [], former: [] };
  for (const one of communes) {
    const fitting = fits(one.name, one.code);
    const unit = fitting ? "" : formerUnit(one.former);
    if (fitting) hits[beginsWith(query, bare(one.name)) ? "begin" : "word"].push({ ...one, unit });
    else if (unit) hits.former.push({ ...one, unit });
  }
  return [...hits.begin, ...hits.word, ...hits.former];
}

/** @param {number} index -1: none */
function markChoice(index) {
  active = index;
  [...el("found").children].forEach((item, place) =>
    setAttr(item, "aria-selected", String(place === index)),
  );
  const item = el("found").children[index];
  setAttr(el("search"), "aria-activedescendant", item ? item.id : null);
  if (!item) return;
  // Only the list is scrolled: scrollIntoView would move the page as well.
  const list = el("found");
  const below = item.offsetTop + item.offsetHeight - list.clientHeight;
  list.scrollTop = Math.max(below, Math.min(list.scrollTop, item.offsetTop));
}

function closeList() {
  shown = [];
  shownFor = "";
  el("found").hidden = true;
  setAttr(el("search"), "aria-expanded", "false");
  markChoice(-1);
}

async function suggestCommunes() {
  const query = el("search").value.trim();
  if (!query) {
    setText(el("match-count"), "");
    return closeList();
  }
  const communes = await loadCommunes().catch(listNamed);
  if (el("search").value.trim() !== query || document.activeElement !== el("search")) return;
  const all = findCommunes(query, communes);
  shown = all.slice(0, MOST);
  shownFor = query;
  const items = shown.map(({ code, name, unit }, place) =>
    createElement(
      "li",
      { role: "option", id: "found-" + place, "data-code": code },
      name,
      createElement("span", { class: "quiet" }, code + (unit ? " · trước là " + unit : "")),
    ),
  );
  el("found").replaceChildren(...items);
  el("found").hidden = !items.length;
  setAttr(el("search"), "aria-expanded", String(items.length > 0));
  setText(el("match-count"), communes.length ? `${all.length} đơn vị khớp` : "");
  markChoice(items.length ? 0 : -1);
}

/** Enter may come before the suggestions for what was typed. */
async function reachChosen() {
  if (el("search").value.trim() !== shownFor) await suggestCommunes();
  if (shown[active]) return reachCommune(shown[active].code);
  const { form } = el("search");
  if (form && el("search").value.trim()) form.submit(); // the server answers
}

/** @type {Record<string, (at: number, count: number) => number>} */
const MOVES = {
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowUp: (at, count) => (at - 1 + count) % count,
};

export function watchSearchField() {
  listen("keydown", (event) => {
    if (event.target.id !== "search" || event.isComposing) return;
    if (MOVES[event.key] && shown.length) {
      event.preventDefault();
      markChoice(MOVES[event.key](active, shown.length));
    } else if (event.key === "Escape" && shown.length) {
      event.preventDefault();
      closeList();
    } else if (event.key === "Enter") {
      event.preventDefault();
      reachChosen();
    }
  });
  listen("pointerdown", (event) => {
    const item = event.target.closest("#found [data-code]");
    if (!item) return;
    event.preventDefault();
    reachCommune(item.dataset.code);
  });
  listen("input", (event) => event.target.id === "search" && suggestCommunes());
  listen("focusout", (event) => event.target.id === "search" && closeList());
  on("mounted", () => {
    const says = {
      role: "combobox",
      "aria-expanded": "false",
      "aria-controls": "found",
      "aria-autocomplete": "list",
    };
    for (const [name, value] of Object.entries(says)) setAttr(el("search"), name, value);
  });
}
