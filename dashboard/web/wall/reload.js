/* When the screen loads itself anew: for a new build, and once a night by the server's clock,
   each screen from a minute of its own between three and four; one that cannot then has until
   five. Only when the server has just given the new document, so that no error page of the
   browser ever takes the wall's place. */
import { current } from "../../../assets/current.js";
import { getMeta } from "../../../assets/elements.js";
import { on } from "../../../assets/events.js";
import { clock } from "./clock.js";
import { wall } from "./wall_state.js";

const HOUR = 3600000;
const QUIET = 3 * HOUR;
const ENDS = 5 * HOUR;
const APART = 10 * 60000; // between two loads, whatever happens
const AGAIN = 60000; // between two tries
const PATIENCE = 8000;
const NOTE = "man-hinh-loaded";
// at least an hour before the end: no line and no timer is that slow
const mine = QUIET + Math.random() * HOUR;
const build = getMeta("wall-build");
const began = performance.now();
let trying = false;
let tried = -Infinity;
let connected = false;

/** What earlier loads of this screen left: when it was, and for which build. */
function readNote() {
  try {
    return JSON.parse(sessionStorage.getItem(NOTE)) || {};
  } catch (problem) {
    return {};
  }
}

/** @param {string} forBuild "" for the nightly one */
async function loadAnew(forBuild) {
  const now = clock.now();
  const last = readNote();
  if (trying || performance.now() - tried < AGAIN) return;
  if (Math.abs(now - (last.at || 0)) < APART || (forBuild && last.build === forBuild)) return;
  trying = true;
  tried = performance.now();
  const stop = new AbortController();
  // a server that hangs must not use up the one try
  const limit = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(location.pathname, {
      cache: "no-store",
      credentials: "same-origin",
      signal: stop.signal,
    });
    const page = await answer.text();
    if (!answer.ok || !answer.headers.get("X-Now") || !page.includes('id="page"')) return;
    sessionStorage.setItem(NOTE, JSON.stringify({ at: now, build: forBuild || last.build }));
    location.reload();
  } catch (problem) {
    // the server went away in between, or nothing can be noted: a later beat tries again
  } finally {
    clearTimeout(limit);
    trying = false;
  }
}

export function watchReload() {
  on("connection", (news) => {
    connected = news.connected;
  });
  on("beat", (now) => {
    if (!connected || !clock.isSure()) return;
    const { state } = current;
    if (state && state.build && build && state.build !== build && !wall.keptSince)
      loadAnew(state.build);
    const today = clock.getSinceMidnight(now);
    // Whoever was loaded after three is younger than two hours at five: once a night.
    if (today >= mine && today < ENDS && performance.now() - began > ENDS - QUIET) loadAnew("");
  });
}
