/* Draws the charts of a document ([data-figure]): plotly.js is fetched when the first one comes
   near the view, the others follow while nobody waits, so that they are there on paper; where
   somebody has a mouse (who has one prints) all of them do some seconds after the page. Every
   figure is the server's; text and table beside it stand without this script. */
import { askJson } from "../../../assets/asking.js";
import { setAttr } from "../../../assets/elements.js";
import { on } from "../../../assets/events.js";
import { loadPlotly } from "../../../assets/plotly.js";
import { isDark } from "../../../assets/theme.js";

/** @type {[number, number][]} */
const FEW_DAYS = [
  [240, 2],
  [360, 3],
]; // below so many pixels no more days than so many stand side by side
const BEFORE_PAPER = 3000; // milliseconds: whoever prints later has the charts
/** @type {Set<HTMLElement>} */
const near = new Set(); // places that were or shall be drawn
/** @type {Set<HTMLElement>} */
const lost = new Set(); // of these, those whose figure did not come
/** @type {WeakMap<HTMLElement, number>} */
const questions = new WeakMap(); // how often each was asked for: only the last answer counts

/** The figure hangs on the page's own address. @param {HTMLElement} place @returns {string} */
function buildAddress(place) {
  const query = new URLSearchParams(location.search);
  if (isDark()) query.set("dark", "1");
  return `${location.pathname}/bieu-do/${place.dataset.figure}.json?${query}`;
}

/** @param {HTMLElement} place @returns {Promise<void>} */
async function drawFigure(place) {
  const from = buildAddress(place);
  const mine = (questions.get(place) || 0) + 1;
  questions.set(place, mine);
  const isLast = () => questions.get(place) === mine && place.isConnected;
  try {
    const [figure, Plotly] = await Promise.all([
      askJson(from, { cache: "no-cache" }),
      loadPlotly(),
    ]);
    // asked for again meanwhile (another scheme, newer data), or the place is gone
    if (!isLast()) return;
    const days = figure.layout.xaxis;
    const narrow = FEW_DAYS.find(([pixels]) => place.clientWidth < pixels);
    if (days && narrow) days.nticks = Math.min(days.nticks || narrow[1], narrow[1]);
    await Plotly.react(place, figure);
    lost.delete(place);
    setAttr(place, "data-drawn", "yes");
  } catch (problem) {
    if (!isLast()) return;
    lost.add(place);
    setAttr(place, "data-drawn", "failed");
  }
}

const observer = new IntersectionObserver(
  (seen) => {
    for (const { isIntersecting, target } of seen)
      if (isIntersecting) wantFigure(/** @type {HTMLElement} */ (target)).then(drawOthers);
  },
  { rootMargin: "300px" },
);

/** @param {HTMLElement} place @returns {Promise<void>} */
function wantFigure(place) {
  observer.unobserve(place);
  near.add(place);
  return drawFigure(place);
}

/** Once the library is here the other figures cost a few kilobytes each. */
function drawOthers() {
  const waiting = [...document.querySelectorAll("[data-figure]")].find((place) => !near.has(place));
  if (waiting)
    (window.requestIdleCallback || setTimeout)(() => wantFigure(waiting).then(drawOthers));
}

function watchPlaces() {
  for (const place of near)
    if (!place.isConnected) {
      near.delete(place);
      lost.delete(place);
    }
  for (const place of document.querySelectorAll("[data-figure]"))
    if (!near.has(place)) observer.observe(place);
}
const drawAgain = () => near.forEach(drawFigure);

export function watchFigures() {
  on("mounted", watchPlaces);
  if (matchMedia("(hover: hover) and (pointer: fine)").matches)
    on("mounted", () => setTimeout(drawOthers, BEFORE_PAPER));
  on("swapped", () => {
    watchPlaces();
    drawAgain();
  });
  on("connection", ({ connected }) => connected && lost.forEach(drawFigure));
  on("theme", drawAgain);
}
