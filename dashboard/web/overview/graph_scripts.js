/* Fetches what graphs need from this server when the first one is wanted and never before: Dash's
   bundle of graphs with its polyfill and chunks, and plotly.js. Draws nothing itself. */

const loaded = new Set();
/** @type {?Promise<any>} */
let all = null;

/** @param {string} address @returns {Promise<void>} */
function loadScript(address) {
  if (loaded.has(address)) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.async = false; // in order: the polyfill first
    script.src = address;
    script.onload = () => {
      loaded.add(address);
      resolve();
    };
    script.onerror = () => {
      script.remove();
      reject(new Error(address));
    };
    document.head.append(script);
  });
}

/** Loads all of them, once. A try that failed may be made again; Dash, left to itself, would not:
 * a chunk that failed to load once keeps its graph blank until the page is reloaded.
 * @returns {Promise<void>} */
export function loadGraphScripts() {
  const meta = document.querySelector('meta[name="graph-scripts"]');
  all = all || Promise.all(meta.content.split(" ").filter(Boolean).map(loadScript));
  all.catch(() => {
    all = null;
  });
  return all;
}
