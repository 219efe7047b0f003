/* Where the states of `/` come from. The first one and its map's drawing are asked for before
   anything else has loaded: on a bad network they arrive while Dash's own scripts still do.
   Paints nothing. */

import { askText } from "../../../assets/asking.js";
import { locatePath } from "../../../assets/base_path.js";
import { current, isSoonNewer, readAnswerDate } from "../../../assets/current.js";

const PATIENCE = 8000;

/** @type {Map<string, Promise<string>>} */
const drawings = new Map();

/** The address of the state that a page's query string means; junk in it is left out.
 * @param {string} search @returns {string} */
export function buildStateAddress(search) {
  const asked = new URLSearchParams(search);
  const query = new URLSearchParams();
  const province = asked.get("province") || "";
  const day = asked.get("as_of") || "";
  if (/^\d{2}$/.test(province)) query.set("province", province);
  if (/^\d{4}-\d{2}-\d{2}$/.test(day) && !isNaN(Date.parse(day))) query.set("as_of", day);
  return locatePath("/api/state") + (String(query) ? "?" + query : "");
}

/** The state of another day of the province that is shown, at an address that the browser may keep
 * and that leads to the newest figures where the server has newer ones.
 * @param {string} url @param {AbortSignal} [signal] @returns {Promise<?Answer>} */
async function askKeptDay(url, signal) {
  const { state, shownFor } = current;
  const [asked, shown] = [url, shownFor].map((it) => new URL(it, location.href).searchParams);
  const isOfSame = asked.has("as_of") && asked.get("province") === shown.get("province");
  if (!state || !state.stamp || !isOfSame) return null;
  const answer = await fetch(`${url}&v=${state.stamp}`, { signal, credentials: "same-origin" });
  // It may have been kept for days: when the server said it is no news of the connection.
  return answer.ok ? readState(url, answer, null) : null;
}

/** @param {string} url @param {Response} answer @param {?Date} date @returns {Promise<Answer>} */
async function readState(url, answer, date) {
  const state = await answer.json();
  const whole = state && Array.isArray(state.codes) && state.layers && state.layers.overall;
  if (!whole) throw new Error("not a state");
  return { url, etag: answer.headers.get("ETag") || "", date, state };
}

/** One question for the state. Rejects on anything that is not a state or "unchanged".
 * @param {string} url @param {string} etag @param {AbortSignal} [signal]
 * @returns {Promise<Answer>} state is null where nothing changed */
export async function askState(url, etag, signal) {
  const kept = etag ? null : await askKeptDay(url, signal);
  if (kept) return kept;
  const headers = etag ? { "If-None-Match": etag } : {};
  const answer = await fetch(url, {
    headers,
    signal,
    cache: "no-store",
    credentials: "same-origin",
  });
  const date = readAnswerDate(answer);
  if (answer.status === 304) return { url, etag, date, state: null, soon: isSoonNewer(answer) };
  if (!answer.ok) throw new Error("HTTP " + answer.status);
  return readState(url, answer, date);
}

/** The drawing's text; the address carries a fingerprint, so the browser keeps it for good.
 * @param {string} url @returns {Promise<string>} */
export function loadDrawing(url) {
  if (!drawings.has(url)) {
    const text = askText(locatePath(url));
    text.catch(() => drawings.delete(url));
    drawings.set(url, text);
  }
  return drawings.get(url);
}

/** The first question and, after it, the drawing. @returns {Promise<Answer>} */
export function askEarly() {
  const limit = new AbortController();
  setTimeout(() => limit.abort(), PATIENCE);
  const early = askState(buildStateAddress(location.search), "", limit.signal);
  early.then((answer) => loadDrawing(answer.state.map)).catch(() => {});
  return early;
}
