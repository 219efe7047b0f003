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

  /** Whose, of which day: what the page says above its figures. @param {string} subject @returns {string} */
  function above(subject) {
    const { province_name: province, as_of: day, data_as_of: told } = dashboard.state;
    const shown = `ngày ${day.split("-").reverse().join("/")}`;
    return [subject, province, shown, told && "điều kiện " + told].filter(Boolean).join(" · ");
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
      ...size, drawing, above: above(subject), below: dashboard.picture.origin(source),
      title: own && own.text ? "" : title,
    };
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-picture]");
    const graph = button && drawn(button);
    if (!graph || !dashboard.state) return;
    const title = button.closest(".chart").querySelector("h2, h3").textContent;
    const place = (location.pathname.match(/\d{5}$/) || [dashboard.state.province])[0];
    dashboard.picture.save(button, `${dashboard.plain(title)}_${place}_${dashboard.state.as_of}`, () => picture(graph, title));
  });
})(window.dashboard);
