/* Where the replay of the map stands, as an upright line on the curve of green. */
import { el } from "../../../assets/elements.js";
import { on } from "../../../assets/events.js";

const NAME = "replay";

/** @param {string} day "" for none */
function drawCursor(day) {
  const place = el("green-over-time");
  const graph = /** @type {?PlotlyElement} */ (place && place.querySelector(".js-plotly-plot"));
  if (!graph || !graph.layout || !window.Plotly) return;
  /** @type {{name?: string}[]} */
  const drawn = graph.layout.shapes || [];
  const others = drawn.filter((shape) => shape.name !== NAME);
  if (!day && others.length === drawn.length) return;
  const color = getComputedStyle(document.documentElement).getPropertyValue("--ink").trim();
  const line = { color, width: 1 };
  const ends = { x0: day, x1: day, y0: 0, y1: 1 };
  const cursor = { name: NAME, type: "line", xref: "x", yref: "paper", ...ends, line };
  window.Plotly.relayout(graph, { shapes: day ? [...others, cursor] : others });
}

export function watchReplayCursor() {
  on("replayed", ({ day }) => drawCursor(day));
  on("replay-left", () => drawCursor(""));
}
