/* Puts the province's drawing into the page and paints it: one `data-level` per commune, no more.
   Colours, hatching and fading are the style sheet's. Never asks for the state. */
import { current, fetchDrawing } from "./current.js";
import { parseDrawing } from "./drawing.js";
import { el, setAttr, setText } from "./elements.js";
import { emit, on } from "./events.js";
import { getLevel } from "./levels.js";

const SVG = "http://www.w3.org/2000/svg";
const TILE = 100;
const GAP = 3;

/** The map as it stands. `paths` is keyed by commune code; `boxes` are the two home view boxes. */
/** @type {{address: string, svg: ?SVGSVGElement, paths: Map<string, CommuneShape>,
 *   boxes: Record<string, number[]>, view: string, rings: Record<string, SVGGElement>}} */
export const map = { address: "", svg: null, paths: new Map(), boxes: {}, view: "map", rings: {} };
/** @type {Map<string, ?CommuneShape>} which commune each ring lies around */
const ringed = new Map();
let asked = "";

/** What of the state the map shows: a layer's id, "" for the overall level; "tiles" or "".
 * @type {() => {show: string, view: string}} */
let getChoice = () => ({ show: "", view: "" });

/** @param {string} code @returns {string} the commune's name, as long as the map does not know it
 * its code */
export function getCommuneName(code) {
  return map.paths.has(code) ? map.paths.get(code).dataset.name : "Mã " + code;
}

/** @param {string} text @param {string} address */
function insertDrawing(text, address) {
  const svg = parseDrawing(text, address);
  map.svg = svg;
  map.address = address;
  map.paths = new Map(
    [.../** @type {NodeListOf<any>} */ (svg.querySelectorAll(".commune"))].map((path) => [
      path.dataset.commune,
      path,
    ]),
  );
  for (const path of map.paths.values()) path.outline = path.getAttribute("d");
  const tiles = [...map.paths.values()].map(getTile).filter(Boolean);
  map.boxes = {
    map: svg.getAttribute("viewBox").split(" ").map(Number),
    tiles: [
      0,
      0,
      TILE * (1 + Math.max(0, ...tiles.map((t) => t[0]))),
      TILE * (1 + Math.max(0, ...tiles.map((t) => t[1]))),
    ],
  };
  svg.setAttribute("role", "listbox");
  svg.setAttribute(
    "aria-label",
    "Bản đồ các đơn vị; mũi tên để sang đơn vị bên cạnh, Enter để chọn",
  );
  svg.setAttribute("aria-orientation", "horizontal");
  for (const kind of ["selected", "focus"]) svg.append((map.rings[kind] = createRing(kind)));
  const names = document.createElementNS(SVG, "g");
  names.setAttribute("class", "tile-names");
  names.setAttribute("aria-hidden", "true");
  svg.append(names);
  el("map").replaceChildren(svg);
  map.view = "";
  showView(getChoice().view || "map");
  emit("map");
}

/** @param {CommuneShape} path @returns {?number[]} column and row */
function getTile(path) {
  return path.dataset.tile ? path.dataset.tile.split(",").map(Number) : null;
}

/** Where a commune stands in the present view. @param {CommuneShape} path @returns {Point} */
export function locateCommune(path) {
  const tile = map.view === "tiles" && getTile(path);
  if (tile) return { x: (tile[0] + 0.5) * TILE, y: (tile[1] + 0.5) * TILE };
  return { x: Number(path.dataset.x), y: Number(path.dataset.y) };
}

/** Outlines or tiles: the same elements with another shape. @param {string} view */
function showView(view) {
  if (!map.svg || map.view === view) return;
  map.view = view;
  const side = TILE - 2 * GAP;
  for (const path of map.paths.values()) {
    const tile = getTile(path);
    const square =
      tile && `M${tile[0] * TILE + GAP} ${tile[1] * TILE + GAP}h${side}v${side}h-${side}z`;
    path.setAttribute("d", view === "tiles" && square ? square : path.outline);
  }
  setAttr(map.svg, "data-view", view);
  el("outline-note").hidden = view === "tiles"; // tiles have no boundaries
  emit("view", view);
  for (const kind of Object.keys(map.rings)) drawRing(kind, ringed.get(kind));
}

/** A line around one commune, drawn above all others.
 * @param {string} kind @returns {SVGGElement} */
function createRing(kind) {
  const group = document.createElementNS(SVG, "g");
  group.setAttribute("class", "ring " + kind);
  group.setAttribute("aria-hidden", "true");
  for (const part of ["halo", "edge"]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("class", part);
    group.append(path);
  }
  return group;
}

/** @param {string} kind "selected" or "focus"
 * @param {?CommuneShape} path null takes the ring away */
export function drawRing(kind, path) {
  const group = map.rings[kind];
  if (!group) return;
  ringed.set(kind, path);
  for (const part of group.children) setAttr(part, "d", path ? path.getAttribute("d") : null);
}

/** The one write that colours a commune. @param {string} code @param {string} state
 * @returns {?CommuneShape} its shape */
export function paintCommune(code, state) {
  const path = map.paths.get(code);
  setAttr(path, "data-level", state);
  return path;
}

/** @param {State} state */
function paintMap(state) {
  if (!map.svg || map.address !== state.map) return;
  const layer = state.layers[getChoice().show || "overall"];
  state.codes.forEach((code, index) => {
    const found = getLevel(layer, index);
    const path = found && paintCommune(code, found.code);
    if (path) setAttr(path, "aria-label", `${path.dataset.name}, ${layer.name}: ${found.word}`);
  });
  setText(el("map-title"), layer.title || layer.name);
  setText(el("outline-note"), state.outline_note || "");
  emit("painted", state);
}

/** @param {State} state */
async function drawMap(state) {
  if (map.address === state.map) {
    asked = ""; // a drawing on its way is nobody's any more
    return paintMap(state);
  }
  if (asked === state.map) return;
  asked = state.map;
  setAttr(document.documentElement, "data-ready", null);
  try {
    const text = await fetchDrawing(state.map);
    if (asked !== state.map) return;
    insertDrawing(text, state.map);
    paintMap(current.state);
  } catch (problem) {
    if (asked === state.map) setTimeout(() => current.state && drawMap(current.state), 5000);
  } finally {
    if (asked === state.map) asked = "";
  }
}

/** The map as the present choice has it, after something else was painted on it. */
export function repaintMap() {
  paintMap(current.state);
}

/** Draws every state that comes.
 * @param {() => {show: string, view: string}} choice what of it is shown */
export function watchMap(choice) {
  getChoice = choice;
  on("state", drawMap);
  on("address", (fields) => {
    showView(fields.view || "map");
    if (current.state) paintMap(current.state);
  });
}
