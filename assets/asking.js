/* Questions that end: one that hears nothing for too long is given up, so that whoever asked can say
   so and ask again. A slow line is no silent one: what still arrives is waited for. Shows
   nothing. */

const SILENCE = 15000; // ms without a byte
const LONGEST_SCRIPT = 60000; // ms: of a script no byte is seen on its way
/** @type {Map<string, number>} how often each script hung */
const hung = new Map();
const nowhere = document.implementation.createHTMLDocument();

/** The whole text of an answer. Rejects on anything but a good one, and where it falls silent.
 * @param {string} address @param {RequestInit} [options] @returns {Promise<string>} */
export async function askText(address, options) {
  const stop = new AbortController();
  const giveUp = () => stop.abort();
  let limit = setTimeout(giveUp, SILENCE);
  const waitOn = () => {
    clearTimeout(limit);
    limit = setTimeout(giveUp, SILENCE);
  };
  try {
    const { signal } = stop;
    const answer = await fetch(address, {
      credentials: "same-origin",
      signal,
      ...options,
    });
    if (!answer.ok) throw new Error("HTTP " + answer.status);
    return await readText(answer, waitOn);
  } finally {
    clearTimeout(limit);
    stop.abort(); // what is not wanted holds none of the browser's few connections
  }
}

/** @param {Response} answer @param {() => void} hear called whenever something came
 * @returns {Promise<string>} */
async function readText(answer, hear) {
  const reader = answer.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    hear();
    if (done) return text + decoder.decode();
    text += decoder.decode(value, { stream: true });
  }
}

/** As askText, read as JSON. @param {string} address @param {RequestInit} [options]
 * @returns {Promise<any>} */
export async function askJson(address, options) {
  return JSON.parse(await askText(address, options));
}

/** Loads a script into the page, to run as soon as it is here. Rejects where it is lost or does not come; a later try asks anew,
 * after one that hung at another address: to the same one browsers would only join the question
 * that hangs.
 * @param {string} address @returns {Promise<void>} */
export function loadScript(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    const hangs = hung.get(address) || 0;
    script.src = hangs ? address + (address.includes("?") ? "&" : "?") + "again=" + hangs : address;
    const fail = () => {
      clearTimeout(limit);
      // What hung must not come to life later: a script of another document does not run.
      nowhere.adoptNode(script);
      reject(new Error("not loaded: " + address));
    };
    const limit = setTimeout(
      () => {
        hung.set(address, hangs + 1);
        fail();
      },
      LONGEST_SCRIPT * (hangs + 1),
    );
    script.onload = () => {
      clearTimeout(limit);
      resolve();
    };
    script.onerror = fail;
    document.head.append(script);
  });
}
