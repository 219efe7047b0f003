/* A chart as a picture to take along: what Plotly drew, in the light colours and at a size of its own. Every button
   [data-picture] names the place of its chart. Draws nothing on the page, asks nothing. */
(function (dashboard) {
  "use strict";
  const WIDTH = 960;
  const HEIGHT = 420;

  /** @param {HTMLElement} button @returns {?HTMLElement} the element that Plotly drew into */
  function drawn(button) {
    const chart = button.closest(".chart");
    const graph = chart && chart.querySelector(".js-plotly-plot");
    return graph && graph.data && window.Plotly ? graph : null;
  }

  /** @param {HTMLElement} graph @param {string} title */
  async function picture(graph, title) {
    const figure = dashboard.picture.light(graph);
    const { title: own, meta } = figure.layout;
    const { source, subject } = meta || {};
    if (own && own.font) own.font.weight = 600; // on the page it stands among others of its kind
    const size = { width: WIDTH, height: HEIGHT };
    const drawing = await window.Plotly.toImage({ ...figure, config: { locale: "vi" } }, { ...size, format: "png", scale: dashboard.picture.scale });
    return {
      ...size, drawing, above: dashboard.picture.above(subject, dashboard.state.data_as_of), below: dashboard.picture.origin(source),
      title: own && own.text ? "" : title,
    };
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-picture]");
    const graph = button && drawn(button);
    if (!graph || !dashboard.state) return;
    const title = button.closest(".chart").querySelector("h2, h3").textContent;
    dashboard.picture.save(button, dashboard.picture.name(title), () => picture(graph, title));
  });
})(window.dashboard);
