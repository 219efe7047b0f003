/* Replays the map day by day since 01/07/2025: play, pause and a slider. One small file a year
   holds the levels of all days; it is fetched when somebody reaches for the slider. While days
   run by, only map, legend and title follow; where the slider stops, the day goes into the
   address and the whole page shows it. */
import { askJson } from "../../../assets/asking.js";
import { locatePath } from "../../../assets/base_path.js";
import { current } from "../../../assets/current.js";
import { formatDay } from "../../../assets/days.js";
import { createElement, el, listen, setAttr, setText } from "../../../assets/elements.js";
import { emit, on } from "../../../assets/events.js";
import { getLevels } from "../../../assets/levels.js";
import { map, paintCommune, repaintMap } from "../../../assets/map.js";
import { changeAddress, getAddress } from "./address.js";

const DAY = 86400000;
const FIRST = "2025-07-01";
const WHOLE = 20000; // ms from the first day to today
const REST = 350; // ms without another step before the day goes into the address
const calm = matchMedia("(prefers-reduced-motion: reduce)");
/** Decoded: layer → per commune one letter a day.
 * @type {{files: string, codes: string[], layers: ?Record<string, string[]>}} */
const held = { files: "", codes: [], layers: null };
/** @type {?{files: string, done: Promise<void>}} */
let loading = null;
/** @type {?{play: HTMLButtonElement, slider: HTMLInputElement, day: Element, note: Element}} */
let parts = null;
let lost = false; // whether they did not come when they were last wanted
let shown = -1; // the day that the map is painted with; -1: the state's own
/** @type {?{frame: number, timer: any}} what plays */
let run = null;
/** @type {any} */
let rest = 0;

/** @param {number} at the day's place @returns {string} */
const getDay = (at) => new Date(Date.parse(FIRST) + at * DAY).toISOString().slice(0, 10);
/** @param {string} iso @returns {number} */
const getPlace = (iso) => Math.round((Date.parse(iso) - Date.parse(FIRST)) / DAY);
const getLastPlace = () => getPlace(current.state.today);

/** `y12g3` → `yyyyyyyyyyyyggg` @param {string} runs @returns {string} */
const spreadRuns = (runs) =>
  runs.replace(/([a-z])(\d+)/g, (_, letter, times) => letter.repeat(times));

/** The levels of all days, once per version. @returns {Promise<void>} */
function loadDays() {
  const files = current.state.days.join(" ");
  if (held.files === files) return Promise.resolve();
  if (loading && loading.files === files) return loading.done;
  const questions = files.split(" ").map((url) => askJson(locatePath(url)));
  const done = Promise.all(questions).then((years) => {
    /** @type {Record<string, string[]>} */
    const layers = {};
    for (const [at, year] of years.entries()) {
      for (const name of Object.keys(year.layers)) {
        // A layer that a year does not know was not judged then: nobody is known of.
        layers[name] = layers[name] || year.codes.map(() => "u".repeat(getPlace(years[at].first)));
        layers[name] = layers[name].map(
          (/** @type {string} */ days, /** @type {number} */ commune) =>
            days + spreadRuns(year.layers[name][commune]),
        );
      }
    }
    // Not for a province or a version that was left meanwhile.
    if (loading && loading.files === files)
      Object.assign(held, { files, codes: years[0].codes, layers });
  });
  loading = { files, done };
  done.catch(() => {
    if (loading && loading.files === files) loading = null;
  });
  return done;
}

/** Map, legend and title of one day; the rest of the page waits. @param {number} at */
function paintDay(at) {
  const { state } = current;
  if (held.files !== state.days.join(" ") || map.address !== state.map) return;
  const asked = getAddress().show;
  // Shares on time are a month's: they have no days.
  const name = held.layers[asked] ? asked : "overall";
  /** @type {Record<string, number>} */
  const counts = {};
  held.codes.forEach((code, commune) => {
    const level = getLevels()[held.layers[name][commune][at]] || getLevels().u;
    counts[level.code] = (counts[level.code] || 0) + 1;
    paintCommune(code, level.code);
  });
  const subject = name === "overall" ? "Mức sẵn sàng" : state.layers[name].name;
  const green = `${counts.green || 0}/${held.codes.length} đơn vị đạt mức Xanh`;
  setText(el("map-title"), `${subject} ngày ${formatDay(getDay(at))}: ${green}`);
  setAttr(parts.slider, "aria-valuetext", `${formatDay(getDay(at))}, ${green}`);
  setAttr(document.documentElement, "data-replay", getDay(at));
  emit("replayed", { layer: state.layers[name], counts, day: getDay(at) });
}

/** @param {number} at the day's place */
function showDay(at) {
  shown = Math.max(0, Math.min(getLastPlace(), at));
  if (Number(parts.slider.value) !== shown) parts.slider.value = String(shown);
  setText(parts.day, formatDay(getDay(shown)));
  paintDay(shown);
}

/** The day goes into the address; the page shows all of it. */
function settleDay() {
  clearTimeout(rest);
  if (shown < 0) return;
  const iso = getDay(shown);
  if (iso === current.state.as_of) return leaveReplay();
  changeAddress({ as_of: iso === current.state.today ? "" : iso });
}

function leaveReplay() {
  shown = -1;
  setAttr(document.documentElement, "data-replay", null);
  emit("replay-left", {});
  repaintMap();
}

/** Fetches the days that somebody reached for and says how that stands; what was lost is asked for
 * again when the server next answers. @returns {Promise<boolean>} whether they are here */
async function bringDays() {
  const late = setTimeout(() => setText(parts.note, "Đang tải các ngày…"), REST);
  try {
    await loadDays();
    lost = false;
    setText(parts.note, "");
  } catch (problem) {
    lost = true;
    setText(parts.note, "Chưa tải được các ngày, đang thử lại…");
  } finally {
    clearTimeout(late);
  }
  return !lost;
}

function pauseReplay() {
  if (!run) return;
  cancelAnimationFrame(run.frame);
  clearInterval(run.timer);
  run = null;
  labelButton();
  settleDay();
}

async function playReplay() {
  const mine = (run = { frame: 0, timer: 0 });
  labelButton();
  const here = await bringDays();
  if (run !== mine) return;
  if (!here) {
    run = null;
    labelButton();
    return;
  }
  let at = Number(parts.slider.value);
  if (at >= getLastPlace()) at = 0;
  showDay(at);
  // Who wants little motion gets a week at a time, slowly; nothing moves between.
  if (calm.matches) mine.timer = setInterval(() => goOnwards(shown + 7), 800);
  else {
    const began = performance.now();
    /** @param {number} now */
    const tick = (now) => {
      mine.frame = requestAnimationFrame(tick);
      const next = at + Math.floor(((now - began) / WHOLE) * getLastPlace());
      if (next !== shown) goOnwards(next);
    };
    mine.frame = requestAnimationFrame(tick);
  }
}

/** @param {number} at the day's place */
function goOnwards(at) {
  showDay(at);
  if (shown >= getLastPlace()) pauseReplay();
}

function labelButton() {
  setText(parts.play, run ? "❚❚ Dừng" : "▶ Xem diễn biến");
  setAttr(
    parts.play,
    "aria-label",
    run ? "Dừng xem diễn biến" : "Xem diễn biến trên bản đồ từ 01/07/2025",
  );
}

function buildReplay() {
  parts = {
    play: createElement("button", { type: "button", id: "replay-play" }),
    slider: createElement("input", {
      type: "range",
      id: "replay-day",
      min: "0",
      step: "1",
      "aria-label": "Ngày trên bản đồ",
    }),
    day: createElement("span", { class: "replay-date" }),
    note: createElement("span", { class: "quiet", role: "status" }),
  };
  el("replay").replaceChildren(parts.play, parts.slider, parts.day, parts.note);
  labelButton();
  parts.play.addEventListener("click", () => (run ? pauseReplay() : playReplay()));
  parts.slider.addEventListener("input", () => {
    if (run) pauseReplay();
    clearTimeout(rest);
    showDay(Number(parts.slider.value));
    showDays();
  });
  parts.slider.addEventListener("change", () => (rest = setTimeout(settleDay, REST)));
  for (const sign of ["pointerenter", "focusin"])
    el("replay").addEventListener(sign, () => loadDays().catch(() => {}));
}

async function showDays() {
  if ((await bringDays()) && shown >= 0) paintDay(shown);
}

export function watchReplay() {
  on("painted", (state) => {
    if (!parts) buildReplay();
    setAttr(parts.slider, "max", String(getLastPlace()));
    if (shown >= 0 && !run && getDay(shown) === state.as_of) {
      shown = -1; // what was stopped at has arrived
      setAttr(document.documentElement, "data-replay", null);
      emit("replay-left", {});
    }
    if (shown >= 0)
      return void loadDays().then(
        () => shown >= 0 && paintDay(shown),
        () => {},
      ); // a refresh, or another layer
    parts.slider.value = String(getPlace(state.as_of));
    setText(parts.day, formatDay(state.as_of));
    setAttr(parts.slider, "aria-valuetext", formatDay(state.as_of));
  });
  on("connection", ({ connected }) => connected && lost && showDays());
  listen("visibilitychange", () => document.hidden && run && pauseReplay());
}
