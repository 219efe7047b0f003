/* Names on the outlines, where a name fits; those looked for (selected, red, most in need, islands)
   also beside their shape. The numbers 1 to 5 are those of the list of communes most in need. For
   eyes only: screen readers hear the shapes themselves. */
import { current } from "../../../assets/current.js";
import { createShape, setAttr } from "../../../assets/elements.js";
import { on } from "../../../assets/events.js";
import { locateCommune, map } from "../../../assets/map.js";
import { getAddress } from "./address.js";

const SIZE = 11; // screen pixels: smaller is no longer read
const LETTER = 0.56; // a letter's mean width, as a share of its height
const MARK = 9; // radius of a number's disc
// Where a name stands when its own place is taken, in its heights and half widths.
const PLACES = [
  [0, 0],
  [0, 1.2],
  [0, -1.2],
  [1.15, 0],
  [-1.15, 0],
  [1, 1.2],
  [-1, 1.2],
  [1, -1.2],
  [-1, -1.2],
];

/** @typedef {{left: number, right: number, top: number, bottom: number}} LabelBox */
/** @type {Map<string, DOMRect>} the frames of the shapes in the present view, in its units */
let frames = new Map();
/** @type {?SVGElement} */
let group = null;
let pixels = 1;
let waiting = 0;

/** @param {CommuneShape} path @returns {DOMRect} */
function measureFrame(path) {
  const { commune } = path.dataset;
  if (!frames.has(commune)) frames.set(commune, path.getBBox());
  return frames.get(commune);
}

/** @param {LabelBox} one @param {LabelBox} other @returns {boolean} */
const meet = (one, other) =>
  one.left < other.right &&
  other.left < one.right &&
  one.top < other.bottom &&
  other.top < one.bottom;

/** The communes of the numbers, in their order. @returns {string[]} */
function listMarked() {
  const { state } = current;
  return state && state.need ? state.need.top.map((line) => state.codes[line.commune]) : [];
}

/** Who is named even where the name does not fit, the most wanted first. @param {string[]} marked
 * @returns {Set<string>} */
function listWanted(marked) {
  const shapes = [...map.paths.values()];
  const wanted = new Set([getAddress().commune, ...marked]);
  for (const path of shapes) if (path.dataset.level === "red") wanted.add(path.dataset.commune);
  for (const path of shapes) if (path.dataset.small) wanted.add(path.dataset.commune);
  if (map.svg.dataset.zoomed) for (const code of map.paths.keys()) wanted.add(code);
  return wanted;
}

/** A name at the edge moves inwards; one whose shape is out of sight stays there.
 * @param {number} x @param {number} half of its width @param {number} middle of the shape */
function keepInside(x, half, middle) {
  const seen = map.svg.viewBox.baseVal;
  const [left, right] = [seen.x, seen.x + seen.width];
  if (middle < left || middle > right) return x;
  return Math.max(left + half, Math.min(right - half, x));
}

/** A free place for a name. @param {CommuneShape} path @param {string} name @param {boolean} wanted
 * @param {boolean} beside never upon its shape @param {LabelBox[]} taken
 * @returns {?{x: number, y: number, box: LabelBox}} null: none */
function findPlace(path, name, wanted, beside, taken) {
  const height = SIZE / pixels;
  const half = (name.length * LETTER * height) / 2;
  const frame = measureFrame(path);
  const fits = frame.width >= 2.1 * half && frame.height >= 1.4 * height;
  if (!fits && !wanted) return null;
  const centre = locateCommune(path);
  const space = beside ? (2 * MARK) / pixels : height;
  for (const [across, down] of beside ? PLACES.slice(1) : PLACES) {
    const x = keepInside(centre.x + across * (half + space / 2), half, centre.x);
    const y = centre.y + down * space;
    const box = {
      left: x - half,
      right: x + half,
      top: y - 0.6 * height,
      bottom: y + 0.6 * height,
    };
    if (!taken.some((other) => meet(box, other))) return { x, y, box };
    if (!wanted) return null;
  }
  return null;
}

/** @param {string} code @param {number} rank @param {LabelBox[]} taken */
function drawMark(code, rank, taken) {
  const path = map.paths.get(code);
  if (!path) return;
  const tiles = map.view === "tiles";
  const { x, y } = locateCommune(path);
  const at = tiles ? { x: x - 43, y: y - 43 } : { x, y };
  const radius = tiles ? Math.min(13, MARK / pixels) : MARK / pixels;
  taken.push({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius });
  group.append(
    createShape("circle", { class: "need-mark", cx: at.x, cy: at.y, r: radius }),
    createShape(
      "text",
      { class: "need-rank", x: at.x, y: at.y + radius * 0.45, "font-size": radius * 1.3 },
      String(rank),
    ),
  );
}

function drawLabels() {
  waiting = 0;
  if (!map.svg || !group || group.parentNode !== map.svg) return;
  group.replaceChildren();
  const marked = listMarked();
  /** @type {LabelBox[]} */
  const taken = [];
  marked.forEach((code, at) => drawMark(code, at + 1, taken));
  if (map.view === "tiles") return; // tiles carry names of their own (map_names.js)
  const wanted = listWanted(marked);
  for (const code of new Set([...wanted, ...map.paths.keys()])) {
    const path = map.paths.get(code);
    if (!path) continue;
    const name = path.dataset.name.replace(/^(Xã|Phường|Đặc khu) /, "");
    // a number or an island would disappear under its own name
    const beside = marked.includes(code) || Boolean(path.dataset.small);
    const place = findPlace(path, name, wanted.has(code), beside, taken);
    if (!place) continue;
    taken.push(place.box);
    const { x, y } = place;
    const text = { class: "map-name", "data-for": code, x, y: y + 0.35 * (SIZE / pixels) };
    group.append(createShape("text", { ...text, "font-size": SIZE / pixels }, name));
  }
}

/** Once a frame, however much happens in it. */
function drawSoon() {
  if (!waiting) waiting = requestAnimationFrame(drawLabels);
}

export function watchMapLabels() {
  on("map", () => {
    group = createShape("g", { class: "map-labels" });
    setAttr(group, "aria-hidden", "true");
    map.svg.append(group);
    drawSoon();
  });
  on("view", () => {
    frames = new Map();
    drawSoon();
  });
  on("zoom", (scale) => {
    pixels = scale;
    drawSoon();
  });
  for (const news of ["painted", "selected", "replayed"]) on(news, drawSoon);
}
