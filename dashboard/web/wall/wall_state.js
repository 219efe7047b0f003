/* What this screen's address asks for, how it is asked of the server, and the last answer, which
   is kept so that the screen has a picture before and without the server. Paints nothing. */
import { askText } from "../../../assets/asking.js";
import { locatePath } from "../../../assets/base_path.js";
import { isSoonNewer, provideSource } from "../../../assets/current.js";
import { clock } from "./clock.js";

const PLACE = "man-hinh:";
const KEPT = 4; // pictures of as many addresses on one computer
const query = new URLSearchParams(location.search);
/** @param {string} name @param {RegExp} rule @returns {string} */
const readField = (name, rule) => (rule.test(query.get(name) || "") ? query.get(name) : "");

/** What the server judges: it says on the screen what it could not follow.
 * @param {string} name @returns {string} */
const readWords = (name) => (query.get(name) || "").trim().slice(0, 2400);

/** The address in its parts; what only this screen needs is left out where it is junk. */
export const wallQuery = {
  province: readWords("province"),
  scenes: readWords("canh"),
  group: readWords("xa"),
  since: readWords("tu"),
  seconds: Math.min(600, Math.max(5, Number(readField("giay", /^\d{1,3}$/)) || 20)),
  askedSeconds: readWords("giay"),
  name: (query.get("ten") || "").trim().slice(0, 40),
  light: query.get("nen") === "sang",
};

/** What the wall shows now: the scene's id; since when its figures are kept ones, null while the
 * server speaks; when the server last answered, by the server's clock.
 * @type {{scene: string, keptSince: ?number, lastGood: ?number}} */
export const wall = { scene: "", keptSince: null, lastGood: null };

/** What becomes of an answer before it is shown: a frozen screen takes news away (meeting.js).
 * @type {(answer: Answer) => Answer} */
let freezeFilter = (answer) => answer;

/** @param {(answer: Answer) => Answer} filter */
export function setFreezeFilter(filter) {
  freezeFilter = filter;
}

const address = buildAddress();

function buildAddress() {
  const { province, scenes, group, since, seconds, askedSeconds } = wallQuery;
  // The server makes the sentence of what could not be followed.
  const misread = askedSeconds === String(seconds) ? "" : askedSeconds;
  const asked = Object.entries({ province, scenes, group, since, seconds: misread }).filter(
    ([, value]) => value,
  );
  return locatePath("/api/wall?") + new URLSearchParams(asked);
}

/** Whether an answer is whole: half a picture is worse than the last one. @param {*} state
 * @returns {boolean} */
function isWhole(state) {
  if (
    !state ||
    typeof state.map !== "string" ||
    !Array.isArray(state.codes) ||
    !Array.isArray(state.scenes)
  )
    return false;
  return (
    state.scenes.length > 0 &&
    state.scenes.every(
      (/** @type {Scene} */ scene) =>
        typeof scene.id === "string" &&
        typeof scene.title === "string" &&
        Array.isArray(scene.figures) &&
        Array.isArray(scene.named) &&
        Array.isArray(scene.lines) &&
        scene.age &&
        (scene.levels || "").length === state.codes.length,
    )
  );
}

/** The answer with the scenes' levels as map.js reads them.
 * @param {State} state @returns {State} */
function prepareState(state) {
  state.layers = {};
  for (const scene of state.scenes) {
    state.layers[scene.id] = {
      levels: scene.levels,
      name: scene.title,
      subject: scene.subject,
      words: scene.words || {},
    };
  }
  const { levels } = state.scenes.find((scene) => !scene.subject) || {
    levels: state.overall || "",
  };
  state.overall = { levels };
  return state;
}

/** One question. Rejects on anything that is not a whole answer or "unchanged".
 * @param {string} url @param {string} etag @param {AbortSignal} [signal] */
async function askWall(url, etag, signal) {
  const began = performance.now();
  const headers = etag ? { "If-None-Match": etag } : {};
  const answer = await fetch(url, {
    headers,
    signal,
    cache: "no-store",
    credentials: "same-origin",
  });
  const now = answer.headers.get("X-Now");
  if (answer.status !== 304 && !answer.ok) throw new Error("HTTP " + answer.status);
  if (answer.status === 304) {
    clock.hear(now, began);
    return { url, etag, state: null, soon: isSoonNewer(answer) };
  }
  const text = await answer.text();
  const state = JSON.parse(text);
  if (!isWhole(state)) throw new Error("not a wall");
  clock.hear(now, began);
  keepAnswer(text, state.store);
  return freezeFilter({ url, etag: answer.headers.get("ETag") || "", state: prepareState(state) });
}

/** Pictures of another store go: no screen of this computer shows them beside this one's.
 * @param {string} text @param {string} store */
function keepAnswer(text, store) {
  try {
    const mine = PLACE + address;
    localStorage.setItem(mine, JSON.stringify({ at: clock.now(), store, text }));
    const all = Object.keys(localStorage).filter((name) => name.startsWith(PLACE) && name !== mine);
    /** @param {string} name */
    const read = (name) => JSON.parse(localStorage.getItem(name));
    const ours = all.filter((name) => read(name).store === store);
    const kept = ours.sort((a, b) => read(b).at - read(a).at).slice(0, KEPT - 1);
    for (const old of all) if (!kept.includes(old)) localStorage.removeItem(old);
  } catch (problem) {
    /* full or forbidden: the screen only has no memory then */
  }
}

/** What was kept of this address, and when it was heard. @returns {?{at: number, state: State}} */
export function readKept() {
  try {
    const { at, text } = JSON.parse(localStorage.getItem(PLACE + address));
    const state = JSON.parse(text);
    return isWhole(state) ? { at, state: prepareState(state) } : null;
  } catch (problem) {
    return null;
  }
}

/** A drawing's text; the worker keeps it (keep.js).
 * @param {string} url @returns {Promise<string>} */
async function loadDrawing(url) {
  const text = await askText(locatePath(url));
  if (!text.startsWith("<svg")) throw new Error("no drawing");
  return text;
}

/** Says that this screen's states come from here. */
export function provideWall() {
  if (wallQuery.light) document.documentElement.dataset.ground = "light";
  provideSource({ getAddress: () => address, ask: askWall, fetchDrawing: loadDrawing });
}

/** What of a state the map shows. @returns {{show: string, view: string}} */
export function getWallChoice() {
  return { show: wall.scene, view: "" };
}
