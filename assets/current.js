/* What the page shows now, and whom it asks for what comes next: each page's opening file says
   how its state is asked for (provideSource). Asks nothing by itself and paints nothing. */

/** @type {{state: ?State, shownFor: string}} the state that is shown and the address it was asked
 * from */
export const current = { state: null, shownFor: "" };

/** @type {StateSource} */
const source = {
  getAddress: () => location.pathname + location.search,
  ask: () => Promise.reject(new Error("nobody to ask")),
  fetchDrawing: () => Promise.reject(new Error("no drawings here")),
  early: null,
};

/** Says where the page's states come from; what is left out stays as it is.
 * @param {Partial<StateSource>} parts */
export function provideSource(parts) {
  Object.assign(source, parts);
}

/** The address of the state that a page's query string means. @param {string} search
 * @returns {string} */
export function getStateAddress(search) {
  return source.getAddress(search);
}

/** When the server said this, by its own clock: that of this PC may be wrong.
 * @param {Response} answer @returns {?Date} null where it does not say */
export function readAnswerDate(answer) {
  const said = Date.parse(answer.headers.get("Date") || "");
  return isNaN(said) ? null : new Date(said);
}

/** Whether something newer is being made, which will be there in a moment.
 * @param {Response} answer @returns {boolean} */
export function isSoonNewer(answer) {
  return answer.headers.has("Retry-After");
}

/** One question. Rejects on anything that is neither a whole state nor "unchanged".
 * @param {string} url @param {string} etag @param {AbortSignal} [signal]
 * @returns {Promise<Answer>} */
export function askForState(url, etag, signal) {
  return source.ask(url, etag, signal);
}

/** The answer that was asked for while the page still loaded, once. @returns {?Promise<Answer>} */
export function takeEarlyAnswer() {
  const { early } = source;
  source.early = null;
  return early;
}

/** The text of a map's drawing. @param {string} url @returns {Promise<string>} */
export function fetchDrawing(url) {
  return source.fetchDrawing(url);
}
