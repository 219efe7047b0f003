/* Narrows and orders the lists of weak communes at once: every commune is in the page, the
   server only hides those that do not fit, and so does this. The address keeps the choice, so
   that a link or a reload shows the same. Asks nobody, and computes no figure but how many are
   seen. */
import { provideSource } from "../../../assets/current.js";
import { createElement, el, listen, setAttr, setText } from "../../../assets/elements.js";
import { emit, on } from "../../../assets/events.js";

const getForm = () => document.querySelector("form[data-narrows]");
const getChoices = () => [...getForm().querySelectorAll("select")];
const getEntries = () => [...document.querySelectorAll("[data-entries] > *")];
/** Further lists of the same communes: hidden alike, each counted by itself. */
const FURTHER_LISTS = ["stays", "left"];
/** @param {string} list one of FURTHER_LISTS */
const getRows = (list) => [...document.querySelectorAll(`[data-${list}] > *`)];
/** Whatever the form hides. */
export const listNarrowable = () => [...getEntries(), ...FURTHER_LISTS.flatMap(getRows)];

// Another choice is no other document: what was loaded goes on being asked for, with its tag.
const loaded = location.search;

/** What the lists are narrowed by. @returns {PageElement[]} those of the form in which something is
 * chosen */
function getNarrowed() {
  const names = getForm().dataset.narrows.split(" ");
  return getChoices().filter((one) => one.value && !one.disabled && names.includes(one.name));
}

function narrowLists() {
  const wanted = getNarrowed();
  const all = getEntries();
  for (const one of listNarrowable()) {
    one.hidden = !wanted.every(({ name, value }) =>
      (one.getAttribute("data-of-" + name) || "").split(" ").includes(value),
    );
  }
  for (const list of document.querySelectorAll("[data-list]")) {
    const nobody = list.querySelector("[data-nobody]");
    if (nobody) nobody.hidden = Boolean(list.querySelector("[data-entries] > :not([hidden])"));
    tellRest(list);
  }
  for (const list of FURTHER_LISTS) {
    const rows = getRows(list);
    const seen = rows.filter((row) => !row.hidden).length;
    setText(document.querySelector(`[data-${list}-shown]`), `${seen}/${rows.length}`);
  }
  const words = wanted.map((one) => one.selectedOptions[0].textContent).join(", ");
  const seen = all.filter((one) => !one.hidden).length;
  setText(
    document.querySelector("[data-shown]"),
    `${seen}/${all.length} đơn vị${words ? ": " + words : ""}`,
  );
}

/** How many a phone does not show of a list until its box is ticked. @param {Element} list */
function tellRest(list) {
  const more = /** @type {?HTMLElement} */ (list.querySelector(".more"));
  if (!more) return;
  const rest = list.querySelectorAll("[data-tens] > :not([hidden])").length - 10;
  more.hidden = rest <= 0;
  setText(more.querySelector(".opens"), `${rest} ${more.dataset.more} nữa`);
}

/** Each list in the chosen order: its entries carry their place as data-by, in another order as
 * data-by-<order>. */
function orderLists() {
  const chosen = getChoices().find(({ name, value }) => name === "order" && value);
  /** @param {Element} entry */
  const place = (entry) =>
    Number((chosen && entry.getAttribute("data-by-" + chosen.value)) || entry.dataset.by);
  for (const list of document.querySelectorAll("[data-entries]")) {
    const now = [...list.children];
    const sorted = [...now].sort((a, b) => place(a) - place(b));
    if (sorted.some((entry, at) => entry !== now[at])) list.append(...sorted);
  }
}

/** The choice stands in the address, in the form of province and day, and in what is taken
 * along. */
function keepChoice() {
  const url = new URL(location.href);
  for (const { name, value } of getChoices()) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
    const view = el("view");
    /** @type {PageElement|HTMLInputElement} */
    const kept =
      view.querySelector(`input[name="${name}"]`) ||
      view.appendChild(createElement("input", { type: "hidden", name }));
    kept.value = value; // an empty one is left out when the form is sent (document.js)
  }
  if (url.href !== location.href) history.replaceState(history.state, "", url);
  for (const link of document.querySelectorAll("[data-narrowed], #go-live")) {
    const to = new URL(link.href);
    for (const { name, value } of getChoices()) {
      if (value) to.searchParams.set(name, value);
      else to.searchParams.delete(name);
    }
    setAttr(link, "href", to.pathname + to.search);
  }
}

export function applyNarrowing() {
  if (!getForm()) return; // its part is broken
  emit("chosen");
  narrowLists();
  orderLists();
  keepChoice();
}

export function watchNarrowing() {
  provideSource({ getAddress: () => location.pathname + loaded });
  listen("change", (event) => event.target.closest("form[data-narrows]") && applyNarrowing());
  listen("submit", (event) => event.target.matches("form[data-narrows]") && event.preventDefault());
  on("mounted", applyNarrowing);
  on("swapped", applyNarrowing);
}
