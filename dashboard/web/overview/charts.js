/* Tells Dash where the figures of the charts are, and fetches them for its callback (live.py) once
   map and table stand and the charts' place comes near the view, again with growing pauses until
   they come. Folds what has no data. Draws nothing itself. */
import { askJson } from "../../../assets/asking.js";
import { locatePath } from "../../../assets/base_path.js";
import { current } from "../../../assets/current.js";
import { el, setAttr } from "../../../assets/elements.js";
import { on } from "../../../assets/events.js";
import { loadPlotly } from "../../../assets/plotly.js";
import { isDark } from "../../../assets/theme.js";
import { keepInPlace } from "./table.js";

const NARROW = 1280; // pixels: on less, fewer names find a place
const FIRST_PAUSE = 1000; // ms before what did not come is asked for again
const GROWTH = 1.7;
const LONGEST_PAUSE = 30000;
const RETRY = 60000; // ms before the server draws anew what failed (http_caching.py)
/** @type {?IntersectionObserver} */
let observer = null;
let address = "";
let away = false;
let endPause = () => {};
let comeNear = () => {};
/** @type {Promise<void>} */
const nearness = new Promise((resolve) => (comeNear = resolve));

/** @param {string} to */
function changeAddress(to) {
  address = to;
  window.dash_clientside.set_props("charts-address", { "data-address": to });
}

/** Day, scheme and the stamp of all that figures depend on: another address exactly when they may
 * be others. @param {State} state @returns {string} */
function buildAddress(state) {
  const query = new URLSearchParams({ province: state.province, as_of: state.as_of });
  if (isDark()) query.set("dark", "1");
  if (innerWidth < NARROW) query.set("narrow", "1");
  query.set("v", state.stamp);
  return `${locatePath("/api/charts")}?${query}`;
}

/** Once map and table are seen: drawing three charts holds the frame that shows them up. */
function followStateSoon() {
  requestAnimationFrame(() => setTimeout(followState));
}

function followState() {
  if (!current.state || !el("charts-address")) return;
  const next = buildAddress(current.state);
  if (next !== address) changeAddress(next);
}

/** @param {number} milliseconds less where the server is back before @returns {Promise<void>} */
function pauseFor(milliseconds) {
  return new Promise((resolve) => {
    endPause = () => resolve();
    setTimeout(resolve, milliseconds);
  });
}

/** What the callback writes, chart by chart: figures, words, whether there is nothing to draw.
 * @param {ChartsAnswer} answer @returns {unknown[]} */
function listOutputs({ charts }) {
  const drawn = Object.values(charts);
  return [
    ...drawn.map(({ figure }) => figure),
    ...drawn.map(({ words }) => words),
    ...drawn.map(({ figure }) => String(!figure.data.length)),
  ];
}

/** @param {string} from @returns {boolean} */
const isWanted = (from) => from === address;

/** The callback: only the last question is answered, however late the others come.
 * @param {string} from @returns {Promise<unknown[]>} */
async function fetchFigures(from) {
  await nearness;
  for (let pause = FIRST_PAUSE; isWanted(from); pause = Math.min(LONGEST_PAUSE, GROWTH * pause)) {
    try {
      const [answer] = await Promise.all([askJson(from), loadPlotly()]);
      if (!isWanted(from)) break;
      if (answer.failed.length) setTimeout(() => isWanted(from) && changeAddress(from), RETRY);
      return listOutputs(answer);
    } catch (problem) {
      await pauseFor(pause);
    }
  }
  throw window.dash_clientside.PreventUpdate;
}

/** A chart without data gives its room away; the row that somebody reads stays where it is. */
function foldEmpty() {
  const frames = [...document.querySelectorAll("[data-empty]")];
  if (frames.every(({ dataset }) => dataset.folded === dataset.empty)) return;
  keepInPlace(() => frames.forEach((one) => setAttr(one, "data-folded", one.dataset.empty)));
}

function watchNearness() {
  observer = new IntersectionObserver(
    (seen) => {
      if (!seen.some((one) => one.isIntersecting)) return;
      observer.disconnect();
      // Half a megabyte of script runs once map and table are not only made but seen.
      requestAnimationFrame(() => setTimeout(comeNear));
    },
    { rootMargin: "50px" },
  );
  const folding = new MutationObserver(foldEmpty);
  for (const place of ["charts", "quadrant-place"]) {
    observer.observe(el(place));
    folding.observe(el(place), { subtree: true, attributeFilter: ["data-empty"] });
  }
}

export function watchCharts() {
  window.dash_clientside = Object.assign(window.dash_clientside || {}, {
    charts: { fetch_figures: fetchFigures },
  });
  on("listed", () => {
    if (!observer && el("charts")) watchNearness();
    followStateSoon();
  });
  on("connection", ({ connected }) => {
    if (connected && away) endPause();
    away = !connected;
  });
  // Paper cannot wait, the next try to print has them.
  addEventListener("beforeprint", comeNear);
  on("theme", followState);
}
