/* Everything readable or not there: names that do not fit go, and how many they are is said. The
   map frames those that are counted; its hatching keeps a size that is seen from afar. Measures
   once a scene and when the screen's size changes; writes no figures, and of a band's words the
   longest that fit one line. */
import { current } from "../../../assets/current.js";
import { el, setAttr, setText } from "../../../assets/elements.js";
import { emit, on } from "../../../assets/events.js";
import { map } from "../../../assets/map.js";

const WIDE = 0.95; // what is broader than this many heights has no room beside it
const CORNERS = ["bottom-left", "bottom-right", "top-right", "top-left"];
const SIDES = ["xMidYMid", "xMinYMid", "xMaxYMid"]; // where the map stands in its room
const COLUMNS = ["one", "two"]; // of the key
const HATCH = 480; // lines of hatching as wide as on a page that is so high
/** @type {Map<HTMLElement, string[]>} */
const bands = new Map();
/** @type {?Scene} */
let scene = null;

/** @param {Element} list @returns {Element[]} */
const listThere = (list) => [...list.children].filter((row) => row.dataset.there);
/** @param {Element} box @returns {boolean} */
const doesOverflow = (box) => box.scrollHeight > box.clientHeight + 1;

/** Shows a band with the first of its words that fits one line, else with the last.
 * @param {HTMLElement} band @param {string[]} words the longest first; none: no band */
export function showBand(band, words) {
  bands.set(band, words);
  band.hidden = !words.length;
  setAttr(band, "data-line", "true");
  for (const one of words.length ? words : [""]) {
    setText(band, one);
    if (band.scrollWidth <= band.clientWidth) break;
  }
  setAttr(band, "data-line", null);
}

/** Hides rows from the end until the box holds the rest.
 * @param {Element} box @param {Element} list @param {number} least
 * @param {(hidden: number) => void} [sayHidden] how many went */
function shortenList(box, list, least, sayHidden) {
  const rows = listThere(list);
  for (let left = rows.length; doesOverflow(box) && left > least; left -= 1) {
    rows[left - 1].hidden = true;
    if (sayHidden) sayHidden(rows.length - left + 1);
  }
}

/** @param {number} hidden */
function sayMore(hidden) {
  const more = hidden < scene.named.length ? scene.more + hidden : 0;
  const what = scene.named.length && scene.named[0].code ? "đơn vị" : "mục";
  setText(el("more"), more ? `và ${more} ${what} nữa` : "");
  el("more").hidden = !more;
}

function fitScene() {
  if (!scene) return;
  setAttr(el("title"), "data-long", null);
  // Smaller letters where they save the title's second or third line.
  const lines = parseFloat(getComputedStyle(el("title")).lineHeight);
  const high = el("title").scrollHeight;
  if (high > 1.2 * lines) setAttr(el("title"), "data-long", "true");
  const smaller = parseFloat(getComputedStyle(el("title")).lineHeight);
  if (high < 2.2 * lines && el("title").scrollHeight > 1.2 * smaller)
    setAttr(el("title"), "data-long", null);
  const side = document.querySelector(".side");
  for (const list of ["figures", "named", "lines"])
    for (const row of el(list).children) row.hidden = false;
  el("named-title").hidden = !scene.named.length;
  sayMore(0);
  shortenList(side, el("named"), 0, sayMore);
  if (listThere(el("named")).every((row) => row.hidden)) el("named-title").hidden = true;
  shortenList(side, el("figures"), 0);
  setAttr(el("lines"), "data-long", null);
  setAttr(el("lines"), "data-long", doesOverflow(el("lines")) ? "true" : null);
  shortenList(el("lines"), el("lines"), 1);
  emit("fitted");
}

/** What the picture frames: the province; for a group its communes with some land around.
 * @returns {number[]} */
function findFrame() {
  const { paths, boxes } = map;
  const shown = current.state.codes.map((code) => paths.get(code)).filter(Boolean);
  if (!shown.length || shown.length === paths.size) return boxes.map;
  const all = shown.map((path) => path.getBBox());
  const from = [Math.min(...all.map((one) => one.x)), Math.min(...all.map((one) => one.y))];
  const to = [
    Math.max(...all.map((one) => one.x + one.width)),
    Math.max(...all.map((one) => one.y + one.height)),
  ];
  const size = [0, 1].map((at) => Math.max(1.15 * (to[at] - from[at]), boxes.map[2 + at] / 4));
  return [...[0, 1].map((at) => (from[at] + to[at] - size[at]) / 2), ...size].map(
    (one) => +one.toFixed(1),
  );
}

/** @param {DOMRect} one @param {DOMRect} other @returns {boolean} */
const doMeet = (one, other) =>
  one.left < other.right &&
  other.left < one.right &&
  one.top < other.bottom &&
  other.top < one.bottom;

/** The first corner that no commune reaches; null: there is none. @returns {?string} */
function findFreeCorner() {
  const shapes = [...map.paths.values()].map((path) => path.getBoundingClientRect());
  const corner = CORNERS.find((one) => {
    setAttr(el("page"), "data-key", one);
    const key = el("legend").getBoundingClientRect();
    return !shapes.some((shape) => doMeet(shape, key));
  });
  return corner || null;
}

/** The key stands in a corner that no commune reaches: then the map has the whole height. Where the
 * map in the middle leaves none it moves to a side, and the key lies down in two columns. */
function placeKey() {
  const page = el("page");
  setAttr(page, "data-key", CORNERS[0]);
  for (const columns of COLUMNS) {
    setAttr(page, "data-key-columns", columns);
    for (const side of SIDES) {
      setAttr(map.svg, "preserveAspectRatio", side);
      const corner = findFreeCorner();
      setAttr(page, "data-key", corner || CORNERS[0]);
      if (corner) return;
    }
  }
  setAttr(map.svg, "preserveAspectRatio", null);
  for (const name of ["data-key", "data-key-columns"]) setAttr(page, name, null);
}

function frameMap() {
  const { svg } = map || {};
  if (!svg || !current.state) return;
  const box = findFrame();
  setAttr(svg, "viewBox", box.join(" "));
  setAttr(el("page"), "data-map", box[2] > WIDE * box[3] ? "wide" : "tall");
  placeKey();
  const frame = svg.getBoundingClientRect();
  const pixels = Math.min(frame.width / box[2], frame.height / box[3]);
  if (!(pixels > 0)) return;
  const scale = Math.min(innerWidth, innerHeight) / HATCH / pixels;
  for (const pattern of svg.querySelectorAll("pattern")) {
    setAttr(pattern, "patternTransform", `scale(${+scale.toPrecision(3)})`);
  }
  emit("fitted");
}

function refit() {
  fitScene();
  frameMap();
}

export function watchFit() {
  on("laid", (news) => {
    scene = news;
    fitScene();
  });
  on("painted", frameMap);
  on("state", ({ misread }) =>
    showBand(el("misread"), misread && misread.length ? [misread.join("; ")] : []),
  );
  on("refit", fitScene);
  // A line more in the foot, a band, letters that came late: all of them leave the picture less room.
  new ResizeObserver(refit).observe(document.querySelector(".body"));
  addEventListener("resize", () => {
    for (const [band, words] of bands) showBand(band, words);
    refit();
  });
}
