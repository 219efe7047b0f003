/* Tells Dash what the charts shall answer to, and asks for them once: after map and table stand
   and when their place comes near the view. Asks again after the server was away. Draws nothing
   itself. */
import { current } from "../../../assets/current.js";
import { el, setAttr } from "../../../assets/elements.js";
import { on } from "../../../assets/events.js";
import { isDark } from "../../../assets/theme.js";
import { loadGraphScripts } from "./graph_scripts.js";
import { keepInPlace } from "./table.js";

const SETTLE = 400; // ms: half a megabyte waits until map and table are not only painted but seen
const PATIENCE = 10000; // ms before charts that did not come are asked for again
/** @type {?IntersectionObserver} */
let observer = null;
let near = false;
let asked = -Infinity;
let lost = 0;
let away = false;
let key = "";
let keyAsked = ""; // what the graphs were asked for with

/** @param {string} id @param {Record<string, unknown>} what */
const setProps = (id, what) => window.dash_clientside && window.dash_clientside.set_props(id, what);

/** The state's query string, commit and colour scheme: changes exactly when the figures may have.
 * @param {State} state */
function followState(state) {
  const query = new URLSearchParams({ province: state.province });
  if (!state.live) query.set("as_of", state.as_of);
  const scheme = isDark() ? "dark" : "light";
  // An answer may have been lost while the server was away: `lost` makes the same question a new
  // one.
  const narrow = innerWidth < 1280; // fewer names find a place
  const next = JSON.stringify({
    query: String(query),
    day: state.as_of, // at midnight the address stays and the day goes on
    token: state.token,
    scheme,
    narrow,
    lost,
  });
  if (key === next) return;
  key = next;
  setProps("chart-key", { "data-key": key });
}

function askForCharts() {
  if (!near || el("green-over-time") || performance.now() - asked < PATIENCE) return;
  asked = performance.now();
  loadGraphScripts().then(
    () => {
      keyAsked = key;
      setProps("charts-wanted", { "data-wanted": String(asked) });
    },
    () => {},
  );
}

/** Figures for what was left while they were on their way are asked for anew: no graph was there
 * yet that the newer ones could have been written into. */
function correctMounted() {
  if (!keyAsked || !el("green-over-time")) return;
  const isLate = keyAsked !== key;
  keyAsked = "";
  if (!isLate) return;
  lost += 1;
  followState(current.state);
}

/** A chart without data gives its room away; the row that somebody reads stays where it is. */
function foldEmpty() {
  const frames = [...document.querySelectorAll("[data-empty]")];
  if (frames.every(({ dataset }) => dataset.folded === dataset.empty)) return;
  keepInPlace(() => frames.forEach((one) => setAttr(one, "data-folded", one.dataset.empty)));
}

export function watchCharts() {
  on("listed", (state) => {
    followState(state);
    if (observer || !el("charts")) return;
    observer = new IntersectionObserver(
      (seen) => {
        if (!seen.some((one) => one.isIntersecting)) return;
        observer.disconnect();
        near = true;
        setTimeout(askForCharts, SETTLE);
      },
      { rootMargin: "50px" },
    );
    const folding = new MutationObserver(() => {
      correctMounted();
      foldEmpty();
    });
    for (const place of ["charts", "quadrant-place"]) {
      observer.observe(el(place));
      folding.observe(el(place), {
        childList: true,
        subtree: true,
        attributeFilter: ["data-empty"],
      });
    }
  });
  on("connection", ({ connected }) => {
    if (connected && away && current.state) {
      lost += 1;
      followState(current.state);
    }
    away = !connected;
    if (connected) askForCharts();
  });
  // Paper cannot wait, the next try to print has them.
  addEventListener("beforeprint", () => {
    near = true;
    askForCharts();
  });
  on("theme", () => current.state && followState(current.state));
}
