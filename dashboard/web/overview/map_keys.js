/* The map as one stop of the Tab key: arrows go to the neighbour in that direction, Home and End to
   the first and last name, Enter or Space selects, Escape lets go, + - 0 zoom. Paints no state. */
import { listen } from "../../../assets/elements.js";
import { on } from "../../../assets/events.js";
import { drawRing, locateCommune, map } from "../../../assets/map.js";
import { getAddress } from "./address.js";
import { selectCommune } from "./panel.js";
import { revealCommune, zoomBy, zoomHome } from "./zoom.js";

/** @type {Record<string, number[]>} */
const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
/** @type {?CommuneShape} */
let stop = null;

/** The one commune that Tab reaches. @param {?CommuneShape} path */
function setStop(path) {
  if (stop === path) return;
  if (stop) stop.setAttribute("tabindex", "-1");
  stop = path;
  if (path) path.setAttribute("tabindex", "0");
}

/** The commune that lies that way: a neighbour if one does, else the nearest of all.
 * @param {CommuneShape} from @param {number[]} way @returns {?CommuneShape} */
function findTowards(from, way) {
  const here = locateCommune(from);
  const beside = new Set((map.view === "tiles" ? "" : from.dataset.next).split(" "));
  let best = null;
  let least = Infinity;
  for (const [code, path] of map.paths) {
    if (path === from) continue;
    const there = locateCommune(path);
    const [dx, dy] = [there.x - here.x, there.y - here.y];
    const distance = Math.hypot(dx, dy);
    const straight = (dx * way[0] + dy * way[1]) / distance;
    if (!(straight > 0.5)) continue;
    const cost = (distance / Math.pow(straight, 3)) * (beside.has(code) ? 0.25 : 1);
    if (cost < least) [best, least] = [path, cost];
  }
  return best;
}

/** @param {?CommuneShape} path */
function focusCommune(path) {
  if (!path) return;
  setStop(path);
  path.focus({ preventScroll: true });
  revealCommune(path);
}

/** The screen point that stays where it is while a commune is zoomed in on. @param {CommuneShape}
 * path */
function findMiddle(path) {
  const box = path.getBoundingClientRect();
  return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
}

/** The commune that an event comes from.
 * @param {Event & OfElement} event @returns {any} null: none */
function findShape(event) {
  return event.target.closest && event.target.closest(".commune");
}

export function watchMapKeys() {
  listen("keydown", (event) => {
    const path = findShape(event);
    if (!path || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = [...map.paths.values()];
    if (ARROWS[event.key]) focusCommune(findTowards(path, ARROWS[event.key]));
    else if (event.key === "Home") focusCommune(all[0]);
    else if (event.key === "End") focusCommune(all[all.length - 1]);
    else if (event.key === "Enter" || event.key === " ")
      selectCommune(path.dataset.commune, path, true);
    else if (event.key === "+" || event.key === "=") zoomBy(1.5, findMiddle(path));
    else if (event.key === "-") zoomBy(1 / 1.5, findMiddle(path));
    else if (event.key === "0") zoomHome();
    else return;
    event.preventDefault();
  });
  listen("focusin", (event) => {
    const path = findShape(event);
    if (path) setStop(path);
    drawRing("focus", path && path.matches(":focus-visible") ? path : null);
  });
  listen("focusout", (event) => {
    if (findShape(event)) drawRing("focus", null);
  });
  on("map", () => {
    stop = null;
    for (const path of map.paths.values()) path.setAttribute("tabindex", "-1");
    const chosen = map.paths.get(getAddress().commune);
    setStop(chosen || map.paths.values().next().value || null);
  });
}
