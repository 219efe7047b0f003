/* What the search fields of all pages share: "/" leads into the field, and the communes' former
   units are loaded (once a province, kept by the browser) as soon as somebody wants to search.
   Shows nothing. */
import { askJson } from "./asking.js";
import { locatePath } from "./base_path.js";
import { current } from "./current.js";
import { el, listen } from "./elements.js";
import { emit, on } from "./events.js";

/** @type {Map<string, Promise<Commune[]>>} */
const loaded = new Map();

/** @type {?Map<string, string[]>} */
let former = null;
let learntFrom = ""; // the address that they came from

/** The former units of each commune; null until somebody searched.
 * @returns {?Map<string, string[]>} */
export function getFormerUnits() {
  return former;
}

/** The province's communes. @returns {Promise<{code: string, name: string, former: string[]}[]>} */
export function loadCommunes() {
  const address = current.state && current.state.names;
  if (!address) return Promise.resolve([]);
  if (!loaded.has(address)) {
    const list = askJson(locatePath(address)).then(({ communes }) =>
      communes.map((/** @type {string[]} */ [code, name, ...former]) => ({ code, name, former })),
    );
    list.catch(() => loaded.delete(address)); // the next key asks again
    loaded.set(address, list);
  }
  return loaded.get(address);
}

function learnFormerUnits() {
  const address = current.state ? current.state.names : "";
  loadCommunes()
    .then((communes) => {
      // of a province that was left meanwhile, or nothing new
      if (!current.state || current.state.names !== address || learntFrom === address) return;
      former = new Map(communes.map((commune) => [commune.code, commune.former]));
      learntFrom = address;
      emit("former");
    })
    .catch(() => {});
}

/** @param {PageElement} element @returns {boolean} */
const isField = (element) =>
  element.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName);

export function watchFinding() {
  listen("keydown", (event) => {
    const field = el("search");
    if (
      event.key !== "/" ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      !field ||
      isField(event.target)
    )
      return;
    event.preventDefault();
    field.focus();
    field.select();
  });
  listen("focusin", (event) => event.target.id === "search" && learnFormerUnits());
  on("state", () => former && learnFormerUnits());
}
