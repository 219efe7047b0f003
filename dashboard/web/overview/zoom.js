/* What part of the map is seen: wheel, pinch, drag and buttons change the view box; hatching
   keeps its size on the screen. A refresh never changes it. The wheel takes nothing from the
   page: it zooms where the page could not scroll that way (top of the page, upwards), while
   zoomed in, or with Ctrl. */
import { el, listen, setAttr } from "../../../assets/elements.js";
import { emit, on } from "../../../assets/events.js";
import { locateCommune, map } from "../../../assets/map.js";

const CLOSEST = 16;
let home = [0, 0, 1, 1];
let seen = home.slice();
/** @type {Map<number, Point>} where each pointer was last */
const fingers = new Map();
let dragged = false;
const gesture = { time: 0, zooms: false };

const getSvg = () => map.svg;
const isZoomed = () => seen[2] < home[2] * 0.999;

/** Screen pixels per unit of the drawing. @returns {number} */
function getScale() {
  const frame = getSvg().getBoundingClientRect();
  return Math.min(frame.width / seen[2], frame.height / seen[3]) || 1;
}

function applyView() {
  if (!getSvg()) return;
  setAttr(getSvg(), "viewBox", seen.map((n) => +n.toFixed(2)).join(" "));
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
  const pixels = getScale();
  for (const pattern of getSvg().querySelectorAll("pattern")) {
    setAttr(pattern, "patternTransform", `scale(${+(rem / pixels).toPrecision(4)})`);
  }
  for (const name of getSvg().querySelectorAll(".inset-name")) {
    setAttr(name, "font-size", ((13 * rem) / pixels).toPrecision(4));
  }
  setAttr(getSvg(), "data-zoomed", isZoomed() ? "true" : null);
  const out = el("zoom-out");
  setAttr(out, "aria-disabled", isZoomed() ? null : "true");
  emit("zoom", pixels / rem);
}

/** Set the view box, kept inside the home box. @param {number} x @param {number} y @param {number}
 * width */
function lookAt(x, y, width) {
  const w = Math.min(home[2], Math.max(home[2] / CLOSEST, width));
  const h = (w * home[3]) / home[2];
  /** @param {number} n @param {number} start @param {number} size @param {number} room */
  const inside = (n, start, size, room) => Math.min(start + room - size, Math.max(start, n));
  seen = [inside(x, home[0], w, home[2]), inside(y, home[1], h, home[3]), w, h];
  applyView();
}

/** A point of the screen in units of the drawing. @param {number} x @param {number} y */
function toDrawing(x, y) {
  const frame = getSvg().getBoundingClientRect();
  const k = getScale();
  const left = frame.left + (frame.width - seen[2] * k) / 2;
  const top = frame.top + (frame.height - seen[3] * k) / 2;
  return { x: seen[0] + (x - left) / k, y: seen[1] + (y - top) / k };
}

/** Nearer (factor > 1) or further, the given screen point staying where it is.
 * @param {number} factor @param {{x: number, y: number}} [point] */
export function zoomBy(factor, point) {
  if (!getSvg()) return;
  const frame = getSvg().getBoundingClientRect();
  const fix = point || { x: frame.left + frame.width / 2, y: frame.top + frame.height / 2 };
  const before = toDrawing(fix.x, fix.y);
  const width = Math.min(home[2], Math.max(home[2] / CLOSEST, seen[2] / factor));
  const part = width / seen[2];
  lookAt(before.x - (before.x - seen[0]) * part, before.y - (before.y - seen[1]) * part, width);
}

/** Move so that a commune is seen. @param {CommuneShape} path */
export function revealCommune(path) {
  const { x, y } = locateCommune(path);
  const margin = 0.12;
  /** @param {number} n @param {number} start @param {number} size */
  const outside = (n, start, size) => n < start + size * margin || n > start + size * (1 - margin);
  if (isZoomed() && (outside(x, seen[0], seen[2]) || outside(y, seen[1], seen[3]))) {
    lookAt(x - seen[2] / 2, y - seen[3] / 2, seen[2]);
  }
}

/** @param {WheelEvent & OfElement} event */
function turnWheel(event) {
  if (!getSvg() || !event.target.closest("#map")) return;
  const upwards = event.deltaY < 0;
  if (event.timeStamp - gesture.time > 250) {
    const atTop = document.scrollingElement.scrollTop <= 0;
    gesture.zooms = event.ctrlKey || (upwards && atTop) || (!upwards && isZoomed());
  }
  gesture.time = event.timeStamp;
  if (!gesture.zooms && !event.ctrlKey) return;
  event.preventDefault();
  const lines = event.deltaMode === 1 ? 30 : 1;
  zoomBy(
    Math.exp(-Math.max(-200, Math.min(200, event.deltaY * lines)) / (event.ctrlKey ? 120 : 400)),
    {
      x: event.clientX,
      y: event.clientY,
    },
  );
}

/** @param {PointerEvent & OfElement} event */
function pressFinger(event) {
  if (!getSvg() || !event.target.closest("#map svg") || event.button > 0) return;
  if (!fingers.size) dragged = false;
  fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
}

/** @param {PointerEvent} event */
function moveFinger(event) {
  const last = fingers.get(event.pointerId);
  if (!last) return;
  const next = { x: event.clientX, y: event.clientY };
  const other = [...fingers]
    .filter(([id]) => id !== event.pointerId)
    .map(([, finger]) => finger)[0];
  if (other) {
    /** @param {Point} a @param {Point} b */
    const spread = (a, b) => Math.hypot(a.x - b.x, a.y - b.y) || 1;
    dragged = true;
    zoomBy(spread(next, other) / spread(last, other), {
      x: (next.x + other.x) / 2,
      y: (next.y + other.y) / 2,
    });
  } else if (!dragged && Math.hypot(next.x - last.x, next.y - last.y) < 5) {
    return;
  } else if (isZoomed()) {
    if (!dragged && getSvg().setPointerCapture) getSvg().setPointerCapture(event.pointerId);
    dragged = true;
    const k = getScale();
    lookAt(seen[0] - (next.x - last.x) / k, seen[1] - (next.y - last.y) / k, seen[2]);
  }
  fingers.set(event.pointerId, next);
}

/** @param {PointerEvent} event */
const liftFinger = (event) => fingers.delete(event.pointerId);

/** The whole map again. */
export function zoomHome() {
  lookAt(home[0], home[1], home[2]);
}

/** Whether the pointer's last way down moved the map, so that its end is no click.
 * @returns {boolean} */
export function wasDragged() {
  return dragged;
}

export function watchZoom() {
  listen("wheel", turnWheel, { passive: false });
  listen("pointerdown", pressFinger);
  listen("pointermove", moveFinger);
  listen("pointerup", liftFinger);
  listen("pointercancel", liftFinger);
  listen("click", (event) => {
    const button = event.target.closest("#zoom-in, #zoom-out, #zoom-home");
    if (!button) return;
    if (button.id === "zoom-home") zoomHome();
    else zoomBy(button.id === "zoom-in" ? 1.5 : 1 / 1.5);
  });
  on("view", (view) => {
    home = map.boxes[view];
    seen = home.slice();
    applyView();
  });
  on("mounted", () => new ResizeObserver(applyView).observe(el("map")));
}
