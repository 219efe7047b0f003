/* The numbers of the list on the map: whoever is named beside it is found on it. A number stands next
   to its commune and not upon it, where it covers the fewest others, and a line ties the two. For
   eyes only, as the whole drawing. */
import { createShape, el } from "../../../assets/elements.js";
import { on } from "../../../assets/events.js";
import { locateCommune, map } from "../../../assets/map.js";

const LETTER = 0.048; // of the screen's shorter side: the least that is read from afar (docs/wall.md)
const RADIUS = 0.034;
const DISTANCES = [1.5, 2, 2.7, 3.5, 4.5, 6]; // from the commune, in radii
const DIRECTIONS = 16;
const COVERED = 4; // as bad as so many radii of distance: a disc full of other communes

/** @typedef {{x: number, y: number}} Spot */

/** The communes named beside the map, in the list's order. @returns {CommuneShape[]} */
function listNamed() {
  const rows = /** @type {HTMLElement[]} */ ([...el("named").children]);
  const shown = rows.filter((row) => row.dataset.there && !row.hidden && row.dataset.commune);
  return shown.map((row) => map.paths.get(row.dataset.commune)).filter(Boolean);
}

/** @param {Spot} one @param {Spot} other @returns {number} */
const measureDistance = (one, other) => Math.hypot(one.x - other.x, one.y - other.y);

/** How much of a disc lies upon frames of communes, at most 1.
 * @param {Spot} spot @param {number} radius @param {DOMRect[]} frames @returns {number} */
function measureCover(spot, radius, frames) {
  let area = 0;
  for (const frame of frames) {
    const across =
      Math.min(spot.x + radius, frame.x + frame.width) - Math.max(spot.x - radius, frame.x);
    const down =
      Math.min(spot.y + radius, frame.y + frame.height) - Math.max(spot.y - radius, frame.y);
    if (across > 0 && down > 0) area += across * down;
  }
  return Math.min(1, area / (4 * radius * radius));
}

/** Where the key stands, in the drawing's own units. @returns {DOMRect} */
function locateKey() {
  const key = el("legend").getBoundingClientRect();
  const toDrawing = map.svg.getScreenCTM().inverse();
  const from = new DOMPoint(key.left, key.top).matrixTransform(toDrawing);
  const to = new DOMPoint(key.right, key.bottom).matrixTransform(toDrawing);
  return new DOMRect(from.x, from.y, to.x - from.x, to.y - from.y);
}

/** @param {Spot} spot @param {number} radius @param {DOMRect} box @returns {boolean} */
const isOver = (spot, radius, box) =>
  spot.x + radius > box.left &&
  spot.x - radius < box.right &&
  spot.y + radius > box.top &&
  spot.y - radius < box.bottom;

/** Where a number stands; null: nowhere without covering another one, the key or a commune that is
 * named.
 * @param {Spot} centre @param {number} radius @param {DOMRect[]} frames of all communes
 * @param {Spot[]} named centres of the communes named @param {Spot[]} taken by other numbers
 * @param {DOMRect} key
 * @returns {?Spot} */
function findSpot(centre, radius, frames, named, taken, key) {
  const seen = map.svg.viewBox.baseVal;
  let best = null;
  let least = Infinity;
  for (const distance of DISTANCES) {
    for (let turn = 0; turn < DIRECTIONS; turn += 1) {
      const angle = (2 * Math.PI * turn) / DIRECTIONS;
      const spot = {
        x: centre.x + distance * radius * Math.cos(angle),
        y: centre.y + distance * radius * Math.sin(angle),
      };
      const inside =
        spot.x - radius >= seen.x &&
        spot.y - radius >= seen.y &&
        spot.x + radius <= seen.x + seen.width &&
        spot.y + radius <= seen.y + seen.height;
      const free =
        !isOver(spot, radius, key) &&
        taken.every((other) => measureDistance(other, spot) > 2.1 * radius) &&
        named.every((other) => measureDistance(other, spot) > 1.3 * radius);
      const cost = distance + COVERED * measureCover(spot, radius, frames);
      if (inside && free && cost < least) {
        best = spot;
        least = cost;
      }
    }
  }
  return best;
}

/** @param {Spot} centre @param {Spot} spot @param {number} radius @param {number} letter its height
 * @param {string} number @returns {SVGElement} */
function createMark(centre, spot, radius, letter, number) {
  const mark = createShape("g", { class: "mark" });
  const tie = { class: "tie", x1: centre.x, y1: centre.y, x2: spot.x, y2: spot.y };
  const words = { x: spot.x, y: spot.y + 0.36 * letter, "font-size": letter };
  mark.append(
    createShape("line", tie),
    createShape("circle", { class: "disc", cx: spot.x, cy: spot.y, r: radius }),
    createShape("text", words, number),
  );
  return mark;
}

function drawMarks() {
  if (!map.svg) return;
  for (const old of map.svg.querySelectorAll(".mark")) old.remove();
  const frame = map.svg.getBoundingClientRect();
  const seen = map.svg.viewBox.baseVal;
  const pixels = Math.min(frame.width / seen.width, frame.height / seen.height);
  if (!(pixels > 0)) return;
  const least = Math.min(innerWidth, innerHeight) / pixels;
  const frames = [...map.paths.values()].map((path) => path.getBBox());
  const centres = listNamed().map(locateCommune);
  const key = locateKey();
  /** @type {Spot[]} */
  const taken = [];
  centres.forEach((centre, at) => {
    const spot = findSpot(centre, RADIUS * least, frames, centres, taken, key);
    if (!spot) return;
    taken.push(spot);
    const number = String(at + 1);
    map.svg.append(createMark(centre, spot, RADIUS * least, LETTER * least, number));
  });
}

export function watchMarks() {
  on("fitted", drawMarks);
}
