/* The wall's time is the server's: every answer says it, in between it runs on without the
   computer's clock, which may be wrong by years. One beat a second drives everything else.
   Paints nothing, asks nothing. */
import { emit, on } from "../../../assets/events.js";

const HOUR = 3600000;
const VIETNAM = 7 * HOUR; // all year
const SLOW = 2000; // an answer that took longer says little about now
const ON_THE_WAY = 500;
const SLEPT = 5000;
const NOTE = "man-hinh-clock";
/** @type {?{server: number, here: number}} the server's time when this computer's counter stood at
 * `here` */
let known = null;
// By how much this computer's clock is off, for the seconds before the server speaks.
let wrong = readRemembered();
/** @type {?{date: number, here: number}} */
let last = null;

/** @returns {number} milliseconds, as the last answer of an earlier load showed them */
function readRemembered() {
  try {
    return Number(localStorage.getItem(NOTE)) || 0;
  } catch (problem) {
    return 0;
  }
}

/** @param {number} off */
function remember(off) {
  if (Math.abs(off - wrong) < 1000) return;
  wrong = off;
  try {
    localStorage.setItem(NOTE, String(Math.round(off)));
  } catch (problem) {
    /* the first seconds of the next load are less certain then */
  }
}

export const clock = {
  /** An answer came. @param {?string} said the server's milliseconds @param {number} asked counter
   * when it was asked */
  hear(said, asked) {
    const server = Number(said);
    const here = performance.now();
    const took = here - asked;
    if (!said || !Number.isFinite(server)) return;
    if (known && took > SLOW && here - known.here < HOUR) return;
    // The server says the time when it answers: what took longer waited before that, not on the way
    // back.
    known = { server: server + Math.min(took / 2, ON_THE_WAY), here };
    remember(known.server - Date.now());
  },
  /** Milliseconds since 1970 as the server counts them; until its first answer, as it probably
   * does. */
  now: () => (known ? known.server + performance.now() - known.here : Date.now() + wrong),
  /** Whether the server was ever heard. */
  isSure: () => Boolean(known),
  /** Hour and minute in Vietnam. @param {number} moment @returns {string} */
  formatTime: (moment) => new Date(moment + VIETNAM).toISOString().slice(11, 16),
  /** Day and month in Vietnam. @param {number} moment @returns {string} */
  formatDay: (moment) =>
    new Date(moment + VIETNAM).toISOString().slice(5, 10).split("-").reverse().join("/"),
  /** Which day of Vietnam's calendar, as a number. @param {number} moment @returns {number} */
  getDayNumber: (moment) => Math.floor((moment + VIETNAM) / (24 * HOUR)),
  /** Milliseconds since midnight in Vietnam. @param {number} moment @returns {number} */
  getSinceMidnight: (moment) => (moment + VIETNAM) % (24 * HOUR),
};

/** A computer that slept: its counter stood still, its clock did not. */
function correctSleep() {
  const now = { date: Date.now(), here: performance.now() };
  const slept = last ? now.date - last.date - (now.here - last.here) : 0;
  last = now;
  if (slept < SLEPT) return;
  if (known) known.server += slept;
  dispatchEvent(new Event("online")); // asks at once, and the server corrects the guess
}

function tellBeat() {
  correctSleep();
  emit("beat", clock.now());
}

export function startClock() {
  on("mounted", () => {
    setInterval(tellBeat, 1000);
    tellBeat();
  });
}
