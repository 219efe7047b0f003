/* Fetches what graphs need from this server when the first one is wanted and never before: Dash's
   bundle of graphs with its polyfill and chunks, and plotly.js. Draws nothing itself. */
import { loadScript } from "../../../assets/asking.js";
import { createElement } from "../../../assets/elements.js";

const loaded = new Set();
/** @type {?Promise<any>} */
let all = null;

/** @param {string} address @returns {Promise<void>} */
async function loadOnce(address) {
  if (loaded.has(address)) return;
  await loadScript(address);
  loaded.add(address);
}

/** They come side by side and run in their order, the polyfill first.
 * @param {string[]} addresses @returns {Promise<void>} */
async function loadInOrder(addresses) {
  const missing = addresses.filter((address) => !loaded.has(address));
  for (const address of missing) {
    const hint = createElement("link", { rel: "preload", as: "script", href: address });
    hint.addEventListener("load", () => hint.remove());
    hint.addEventListener("error", () => hint.remove());
    document.head.append(hint);
  }
  for (const address of missing) await loadOnce(address);
}

/** Loads all of them, once. A try that failed may be made again; Dash, left to itself, would not:
 * a chunk that failed to load once keeps its graph blank until the page is reloaded.
 * @returns {Promise<void>} */
export function loadGraphScripts() {
  const meta = document.querySelector('meta[name="graph-scripts"]');
  all = all || loadInOrder(meta.content.split(" ").filter(Boolean));
  all.catch(() => {
    all = null;
  });
  return all;
}
