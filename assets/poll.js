/* Keeps the page's state equal to the server's: one conditional question at a time, soon again
   after trouble, at once when the page is looked at again. Tells "state" and "connection".
   Paints nothing. */
import { askForState, current, getStateAddress, takeEarlyAnswer } from "./current.js";
import { getMeta, listen } from "./elements.js";
import { emit, on } from "./events.js";

const LIMIT = 8000;
const SLOWEST = 30000;
// Where the answer said that something newer is being made.
const SOON = 1500;
let every = 5000;
let held = { url: "", etag: "" };
/** @type {?AbortController} of the question under way */
let asking = null;
let askedUrl = "";
let timer = 0;
let failures = 0;
let isSoonNewer = false;
/** @type {?Date} */
let lastGood = null;

const getWantedAddress = () => getStateAddress(location.search);

/** Milliseconds until the next question; jitter keeps many pages from asking together. */
function computePause() {
  if (isSoonNewer) return SOON * (0.5 + Math.random());
  const slower = failures ? Math.min(SLOWEST, every * Math.pow(1.6, failures - 1)) : every;
  return slower * (0.85 + 0.3 * Math.random());
}

/** @param {number} wait */
function askLater(wait) {
  clearTimeout(timer);
  timer = setTimeout(askNow, wait);
}

async function askNow() {
  clearTimeout(timer);
  if (asking || document.hidden) return;
  const mine = (asking = new AbortController());
  const limit = setTimeout(() => mine.abort(), LIMIT);
  const url = (askedUrl = getWantedAddress());
  try {
    const early = takeEarlyAnswer();
    const etag = held.url === url ? held.etag : "";
    let answer = early && !current.state ? await early : await askForState(url, etag, mine.signal);
    if (answer.url !== url) answer = await askForState(url, etag, mine.signal);
    if (asking === mine) acceptAnswer(answer);
  } catch (problem) {
    if (asking === mine) reportLoss();
  } finally {
    clearTimeout(limit);
    if (asking === mine) {
      asking = null;
      askLater(computePause());
    }
  }
}

/** @param {Answer} answer */
function acceptAnswer(answer) {
  failures = 0;
  isSoonNewer = Boolean(answer.soon);
  lastGood = answer.date || new Date();
  held = { url: answer.url, etag: answer.etag };
  const news = answer.state && !reloadForBuild(answer.state.build) ? answer.state : null;
  if (news) {
    current.state = news;
    current.shownFor = answer.url;
  }
  emit("connection", { connected: true, since: lastGood });
  if (news) emit("state", news);
}

function reportLoss() {
  failures += 1;
  isSoonNewer = false;
  emit("connection", { connected: false, since: lastGood });
}

/** A page of an older build reloads itself, once per build. @param {string} build
 * @returns {boolean} */
function reloadForBuild(build) {
  const own = getMeta("build");
  if (!own || !build || own === build) return false;
  try {
    if (sessionStorage.getItem("reloaded-for") === build) return false;
    sessionStorage.setItem("reloaded-for", build);
  } catch (problem) {
    return false; // without memory a reload could loop
  }
  location.reload();
  return true;
}

export function startPolling() {
  on("mounted", () => {
    const seconds = Number(getMeta("poll-seconds"));
    if (seconds > 0) every = seconds * 1000;
    askNow();
  });
  on("corrected", () => {
    // another name of what was just answered
    current.shownFor = held.url = askedUrl = getWantedAddress();
  });
  on("address", () => {
    if (asking && askedUrl !== getWantedAddress()) {
      asking.abort(); // for a day or province that nobody wants any more
      asking = null;
      askLater(computePause());
    }
    if (getWantedAddress() !== held.url) askNow();
  });
  listen("visibilitychange", () => document.hidden || askNow());
  addEventListener("online", askNow);
  addEventListener("pageshow", (event) => event.persisted && askNow());
}
