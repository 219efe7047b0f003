/* plotly.js, fetched from this server when the first chart is wanted and never before. A try that
   failed may be made again. Draws nothing itself. */
import { loadScript } from "./asking.js";
import { getMeta } from "./elements.js";

/** @type {?Promise<any>} */
let library = null;

/** @returns {Promise<any>} the library; rejects where it did not come */
export function loadPlotly() {
  library =
    library ||
    loadScript(getMeta("plotly")).then(
      () => window.Plotly,
      (problem) => {
        library = null;
        throw problem;
      },
    );
  return library;
}
