/* A chart as a picture to take along: what Plotly drew, in the light colours and at a size of
   its own. Every button [data-picture] names the place of its chart. Draws nothing on the page,
   asks nothing. */
import { current } from "./current.js";
import { listen } from "./elements.js";
import {
  SCALE,
  describeOrigin,
  describeSubject,
  lightenFigure,
  nameFile,
  savePicture,
} from "./picture.js";

const WIDTH = 960;
const HEIGHT = 420;

/** @param {HTMLElement} button @returns {?PageElement} the element that Plotly drew into */
function findGraph(button) {
  const chart = button.closest(".chart");
  const graph = chart && chart.querySelector(".js-plotly-plot");
  return graph && graph.data && window.Plotly ? graph : null;
}

/** @param {PageElement} graph @param {string} title */
async function describePicture(graph, title) {
  const figure = lightenFigure(graph);
  const { title: own, meta } = figure.layout;
  const { source, subject } = meta || {};
  if (own && own.font) own.font.weight = 600; // on the page it stands among others of its kind
  const size = { width: WIDTH, height: HEIGHT };
  const drawing = await window.Plotly.toImage(
    { ...figure, config: { locale: "vi" } },
    { ...size, format: "png", scale: SCALE },
  );
  return {
    ...size,
    drawing,
    above: describeSubject(subject, current.state.data_as_of),
    below: describeOrigin(source),
    title: own && own.text ? "" : title,
  };
}

export function watchChartPictures() {
  listen("click", (event) => {
    const button = event.target.closest("[data-picture]");
    const graph = button && findGraph(button);
    if (!graph || !current.state) return;
    const title = button.closest(".chart").querySelector("h2, h3").textContent;
    savePicture(button, nameFile(title), () => describePicture(graph, title));
  });
}
