/* Dash asks for its layout and its list of callbacks once, and waits for ever; a lost answer would
   leave an error message, a hanging one an empty page. Both are asked for again until they come,
   with growing pauses. Changes no other question. */

const FIRST_PAUSE = 1000;
const GROWTH = 1.7;
const LONGEST_PAUSE = 30000;
const LONGEST = 30000; // ms for one answer
const ask = window.fetch.bind(window);

/** One question, given up after a while with its answer's body.
 * @param {string} address @param {RequestInit} options @returns {Promise<Response>} */
function askOnce(address, options) {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), LONGEST);
  return ask(address, { ...options, signal: stop.signal });
}

/** @param {string} address @param {RequestInit} options @returns {Promise<Response>} */
async function askUntilAnswered(address, options) {
  for (let pause = FIRST_PAUSE; ; pause = Math.min(LONGEST_PAUSE, GROWTH * pause)) {
    try {
      const answer = await askOnce(address, options);
      // read here: an answer that breaks off is none
      const body = await answer.text();
      if (answer.ok) return new Response(body, answer);
    } catch (problem) {
      // the line: as an answer that is none
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** @param {RequestInfo|URL} address @param {RequestInit} options */
function askForDash(address, options) {
  const isStart = typeof address === "string" && /_dash-(layout|dependencies)$/.test(address);
  return isStart ? askUntilAnswered(address, options) : ask(address, options);
}

export function askPersistently() {
  window.fetch = askForDash;
}
