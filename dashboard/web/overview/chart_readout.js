/* What a small chart tells under the pointer: the date and the value of each line, in the place of
   its title, so that nothing of the picture is covered. The signs are those of the chart's key. */
import { formatDay } from "../../../assets/days.js";
import { createElement, listen } from "../../../assets/elements.js";

const NUMBER = new Intl.NumberFormat("vi-VN", { maximumFractionDigits: 0 });
/** @type {WeakSet<Element>} */
const followed = new WeakSet();

/** @param {any} point what Plotly says of one trace @returns {HTMLElement} */
function buildValue({ data, y }) {
  const { sign } = data.meta;
  const value = createElement("span", {}, `${sign} ${NUMBER.format(y)}`);
  value.style.color = (data.line || data.marker.line).color;
  return value;
}

/** @param {PlotlyElement} graph */
function followPointer(graph) {
  const frame = graph.closest(".chart");
  const readout = createElement("p", { class: "readout", "aria-hidden": "true" });
  readout.hidden = true;
  frame.append(readout);
  graph.on("plotly_hover", ({ points }) => {
    const told = points
      .filter((point) => point.y !== null)
      .sort((one, other) => one.curveNumber - other.curveNumber);
    const [{ x }] = points;
    const values = told.flatMap((point) => [buildValue(point), " "]);
    readout.replaceChildren(createElement("b", {}, formatDay(String(x).slice(0, 10))), ...values);
    readout.hidden = false;
  });
  graph.on("plotly_unhover", () => (readout.hidden = true));
}

export function watchReadouts() {
  listen("pointerover", (event) => {
    const found = event.target.closest && event.target.closest(".charts .js-plotly-plot");
    const graph = /** @type {?PlotlyElement} */ (found);
    if (!graph || !graph.on || followed.has(graph)) return;
    followed.add(graph);
    followPointer(graph);
  });
}
