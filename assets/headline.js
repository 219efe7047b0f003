/* Headline figures, as-of, notice and legend: leaf writes of texts that the server made. Computes nothing. */
(function (dashboard) {
  "use strict";
  const { el, make, write, mark } = dashboard;
  const figures = new Map();

  /** @param {{id: string, label: string, value: string, share: string, note: string}} figure */
  function build(figure) {
    const leaves = {};
    for (const part of ["value", "label", "share", "note"]) leaves[part] = make("span", { class: part });
    const box = make("div", { class: "figure", "data-figure": figure.id });
    box.append(make("p", {}, leaves.value, " ", leaves.label), make("p", { class: "quiet" }, leaves.share, leaves.note));
    el("headline").append(box);
    figures.set(figure.id, leaves);
  }

  dashboard.on("state", (state) => {
    for (const figure of state.headline) {
      if (!figures.has(figure.id)) build(figure);
      const leaves = figures.get(figure.id);
      for (const part of ["value", "label", "share", "note"]) write(leaves[part], figure[part] || "");
      mark(leaves.value, "data-words", /\d/.test(figure.value) ? null : "true");
      mark(leaves.note, "data-after", figure.share && figure.note ? "true" : null);
    }
    write(el("as-of-line"), state.data_as_of || "chưa có dữ liệu");
    write(el("notice"), state.notice || "");
    write(document.querySelector("h1"), "Mức độ sẵn sàng của cấp xã · " + state.province_name); // seen on paper
  });

  /** The legend's swatches are filled and hatched as the map is. */
  dashboard.on("mounted", () => {
    for (const place of document.querySelectorAll("#legend [data-swatch]")) {
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      rect.setAttribute("width", "100%");
      rect.setAttribute("height", "100%");
      svg.setAttribute("aria-hidden", "true");
      svg.setAttribute("preserveAspectRatio", "none");
      svg.append(rect);
      place.append(svg);
    }
  });
  // Patterns are as large as the map's scale wants them: the swatches take the same scale.
  dashboard.on("zoom", (pixels) => {
    for (const svg of document.querySelectorAll("#legend .swatch svg")) {
      mark(svg, "viewBox", `0 0 ${(20 / pixels).toFixed(3)} ${(14 / pixels).toFixed(3)}`);
    }
  });

  /** @param {Object} layer whose words are used @param {Object<string, number>} counts communes per level */
  function legend(layer, counts) {
    for (const item of document.querySelectorAll("#legend [data-state]")) {
      write(item.querySelector(".count"), String(counts[item.dataset.state] || 0));
      write(item.querySelector(".word"), dashboard.wordOf(layer, dashboard.levels()[item.dataset.letter]));
    }
    const sum = Object.values(counts).reduce((a, b) => a + b, 0);
    write(document.querySelector("#legend .total .count"), String(sum));
  }

  dashboard.on("painted", (state) => {
    const layer = state.layers[dashboard.address.now().show || "overall"];
    legend(layer, layer.counts);
  });
  dashboard.on("replayed", ({ layer, counts }) => legend(layer, counts));

  // Map and table stand: now other programs may read the page.
  dashboard.on("listed", (state) => {
    mark(document.documentElement, "data-as-of", state.as_of);
    mark(document.documentElement, "data-version", String(state.version));
    mark(document.documentElement, "data-ready", "true");
  });
})(window.dashboard);
