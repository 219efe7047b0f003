/* The map as a picture to take along: the whole province as it is painted, with its legend. The style sheets go into
   the drawing, without what they say of the dark and of movement; nothing of the pointer's. Paints nothing itself. */
(function (dashboard) {
  "use strict";
  const { el } = dashboard;
  const SVG = "http://www.w3.org/2000/svg";
  const WIDTH = 960;
  const TALLEST = 1100;
  const LEGEND = 44;
  const LAYER_SOURCES = { on_time: "số hồ sơ đã nạp của các xã", silence: "ngày gần nhất mỗi loại nguồn có số liệu" };
  const READINESS = "các xã tự kê khai và kết quả kiểm tra";

  /** An element of a drawing. @param {string} tag @param {Object<string, *>} attributes @param {...(Node|string)} inside */
  function shape(tag, attributes, ...inside) {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...inside);
    return element;
  }

  /** The plain rules of the sheets that paint areas: on light paper, standing still. @returns {string} */
  function rules() {
    return [...document.styleSheets].filter(({ href }) => /\/(theme|map)\.css(\?|$)/.test(href || ""))
      .flatMap((sheet) => [...sheet.cssRules]).filter((rule) => rule.selectorText).map((rule) => rule.cssText).join("\n");
  }

  /** The map itself, whole, in a frame of the given size. @param {number} width @param {number} height */
  function map(width, height) {
    const { svg, boxes, view } = dashboard.map;
    const copy = svg.cloneNode(true);
    const pixels = width / boxes[view][2];
    const size = { viewBox: boxes[view].join(" "), x: (WIDTH - width) / 2, width, height, style: `width: ${width}px; height: ${height}px` };
    for (const [name, value] of Object.entries(size)) copy.setAttribute(name, value);
    for (const ring of copy.querySelectorAll(".ring")) ring.remove();
    for (const path of copy.querySelectorAll("[data-match]")) path.removeAttribute("data-match");
    for (const pattern of copy.querySelectorAll("pattern")) pattern.setAttribute("patternTransform", `scale(${1 / pixels})`);
    for (const name of copy.querySelectorAll(".inset-name")) name.setAttribute("font-size", 13 / pixels);
    copy.querySelector(".tile-names").removeAttribute("data-shows"); // tiles of this size carry names
    return copy;
  }

  /** Colour, sign, count and word of each state, in one row. @param {number} y @param {number} pixels of the map's unit:
   * the patterns are the map's, so that a swatch takes its scale */
  function legend(y, pixels) {
    const pen = document.createElement("canvas").getContext("2d");
    const row = shape("g", { transform: `translate(0 ${y})` });
    pen.font = "15px " + dashboard.picture.colour("sans");
    let x = 0;
    for (const item of el("legend").children) {
      const words = ["sign", "count", "word"].map((part) => item.querySelector("." + part)).filter(Boolean).map((one) => one.textContent);
      const { state } = item.dataset;
      const text = state ? words.join(" ") : item.textContent;
      if (state) {
        const area = shape("rect", { "data-state": state, class: "area", width: "100%", height: "100%" });
        row.append(shape("svg", { x, y: 12, width: 24, height: 16, viewBox: `0 0 ${24 / pixels} ${16 / pixels}` }, area));
        x += 32;
      }
      row.append(shape("text", { class: "words", x, y: 26 }, text));
      x += pen.measureText(text).width + 24;
    }
    return row;
  }

  function drawing() {
    const box = dashboard.map.boxes[dashboard.map.view];
    const width = Math.min(WIDTH, (TALLEST * box[2]) / box[3]);
    const height = (width * box[3]) / box[2];
    const style = shape("style", {}, `${rules()}\n.area { fill: var(--area) }\n.words { fill: var(--ink); font: 15px var(--sans) }\ntext { font-family: var(--sans) }`);
    const all = shape("svg", { width: WIDTH, height: height + LEGEND }, style, map(width, height), legend(height, width / box[2]));
    return { drawing: "data:image/svg+xml," + encodeURIComponent(new XMLSerializer().serializeToString(all)), width: WIDTH, height: height + LEGEND };
  }

  /** Of which day the map is, and how old its figures are. @param {string} layer */
  function above(layer) {
    const { state } = dashboard;
    const replayed = document.documentElement.dataset.replay;
    const parts = [state.province_name, "ngày " + (replayed || state.as_of).split("-").reverse().join("/")];
    if (layer === "on_time") parts.push((state.headline.find(({ id }) => id === "on_time") || {}).note);
    else if (!replayed) parts.push(state.data_as_of ? "số liệu " + state.data_as_of : "chưa có dữ liệu");
    if (dashboard.map.view === "map") parts.push(state.outline_note.toLowerCase());
    return parts.filter(Boolean).join(" · ");
  }

  /** Who told of dossiers and until when, as the chart beside the map has it; nothing until that chart is there. */
  function dossierSource() {
    const chart = document.querySelector("#dossiers-over-time .js-plotly-plot");
    return chart && chart.layout && chart.layout.meta ? chart.layout.meta.source : "";
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("#save-map");
    if (!button || !dashboard.map.svg || !dashboard.state) return;
    const { replay } = document.documentElement.dataset;
    const asked = dashboard.address.now().show;
    const layer = replay && LAYER_SOURCES[asked] ? "" : asked; // these have no days: the replay shows the whole
    const day = replay || dashboard.state.as_of;
    dashboard.picture.save(button, `ban-do_${dashboard.state.province}_${day}`, async () => ({
      ...drawing(), title: el("map-title").textContent, above: above(layer),
      below: dashboard.picture.origin((layer === "on_time" && dossierSource()) || LAYER_SOURCES[layer] || READINESS),
    }));
  });
})(window.dashboard);
