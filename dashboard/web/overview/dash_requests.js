/* Dash asks for its layout and its list of callbacks once; a lost answer would leave an error
   message for ever. Both are asked for again until they come, with growing pauses. Changes no
   other question. */

const FIRST_PAUSE = 1000;
const GROWTH = 1.7;
const LONGEST_PAUSE = 30000;
const askOnce = window.fetch.bind(window);

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
function askForStart(address, options) {
  const isStart = typeof address === "string" && /_dash-(layout|dependencies)$/.test(address);
  return isStart ? askUntilAnswered(address, options) : askOnce(address, options);
}

export function askPersistently() {
  window.fetch = askForStart;
}
