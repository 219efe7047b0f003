/* The map as a picture to take along: the whole province as it is painted, with its legend. The
   style sheets go into the drawing, without what they say of the dark and of movement; nothing
   of the pointer's. Paints nothing itself. */
import { current } from "../../../assets/current.js";
import { formatDay } from "../../../assets/days.js";
import { createShape, el, listen } from "../../../assets/elements.js";
import { map } from "../../../assets/map.js";
import { describeOrigin, getColour, savePicture } from "../../../assets/picture.js";
import { getAddress } from "./address.js";

const WIDTH = 960;
const TALLEST = 1100;
const LEGEND = 44;
/** @type {Record<string, string>} */
const LAYER_SOURCES = {
  on_time: "số hồ sơ đã nạp của các đơn vị",
  silence: "ngày gần nhất mỗi loại nguồn có số liệu",
};
const OWN_RULES = `
.area { fill: var(--area) }
.words { fill: var(--ink); font: 15px var(--sans) }
text { font-family: var(--sans) }`;
const READINESS = "các đơn vị tự kê khai và kết quả kiểm tra";

/** The plain rules that fit something in the drawing: on light paper, standing still.
 * @param {SVGElement} drawing @returns {string} */
function collectRules(drawing) {
  return [...document.styleSheets]
    .flatMap((sheet) => [...sheet.cssRules])
    .filter((rule) => rule instanceof CSSStyleRule && fits(rule.selectorText, drawing))
    .map((rule) => rule.cssText)
    .join("\n");
}

/** @param {string} selector @param {SVGElement} drawing @returns {boolean} */
function fits(selector, drawing) {
  return (
    selector === ":root" || drawing.matches(selector) || drawing.querySelector(selector) !== null
  );
}

/** The map itself, whole, in a frame of the given size. @param {number} width
 * @param {number} height */
function copyMap(width, height) {
  const { svg, boxes, view } = map;
  const copy = /** @type {SVGSVGElement} */ (svg.cloneNode(true));
  const pixels = width / boxes[view][2];
  const size = {
    viewBox: boxes[view].join(" "),
    x: (WIDTH - width) / 2,
    width,
    height,
    style: `width: ${width}px; height: ${height}px`,
  };
  for (const [name, value] of Object.entries(size)) copy.setAttribute(name, String(value));
  // of the pointer, and of the size on the screen
  for (const own of copy.querySelectorAll(".ring, .map-labels")) own.remove();
  for (const path of copy.querySelectorAll("[data-match]")) path.removeAttribute("data-match");
  for (const pattern of copy.querySelectorAll("pattern"))
    pattern.setAttribute("patternTransform", `scale(${1 / pixels})`);
  for (const name of copy.querySelectorAll(".inset-name"))
    name.setAttribute("font-size", String(13 / pixels));
  copy.querySelector(".tile-names").removeAttribute("data-shows"); // tiles of this size carry names
  return copy;
}

/** Colour, sign, count and word of each state, in one row. @param {number} y @param {number} pixels
 * of the map's unit: the patterns are the map's, so that a swatch takes its scale */
function drawLegend(y, pixels) {
  const pen = document.createElement("canvas").getContext("2d");
  const row = createShape("g", { transform: `translate(0 ${y})` });
  pen.font = "15px " + getColour("sans");
  let x = 0;
  for (const item of el("legend").children) {
    if (item.hasAttribute("hidden")) continue;
    const words = ["sign", "count", "word"]
      .map((part) => item.querySelector("." + part))
      .filter(Boolean)
      .map((one) => one.textContent);
    const { state } = item.dataset;
    const text = state ? words.join(" ") : item.textContent;
    if (state) {
      const area = createShape("rect", {
        "data-state": state,
        class: "area",
        width: "100%",
        height: "100%",
      });
      row.append(
        createShape(
          "svg",
          { x, y: 12, width: 24, height: 16, viewBox: `0 0 ${24 / pixels} ${16 / pixels}` },
          area,
        ),
      );
      x += 32;
    }
    row.append(createShape("text", { class: "words", x, y: 26 }, text));
    x += pen.measureText(text).width + 24;
  }
  return row;
}

function drawPicture() {
  const box = map.boxes[map.view];
  const width = Math.min(WIDTH, (TALLEST * box[2]) / box[3]);
  const height = (width * box[3]) / box[2];
  const style = createShape("style");
  const all = createShape(
    "svg",
    { width: WIDTH, height: height + LEGEND },
    style,
    copyMap(width, height),
    drawLegend(height, width / box[2]),
  );
  style.textContent = collectRules(all) + OWN_RULES;
  return {
    drawing: "data:image/svg+xml," + encodeURIComponent(new XMLSerializer().serializeToString(all)),
    width: WIDTH,
    height: height + LEGEND,
  };
}

/** Of which day the map is, and how old its figures are. @param {string} layer */
function describeAbove(layer) {
  const { state } = current;
  const replayed = document.documentElement.dataset.replay;
  const parts = [state.province_name, "ngày " + formatDay(replayed || state.as_of)];
  if (layer === "on_time")
    parts.push((state.headline.find(({ id }) => id === "on_time") || {}).note);
  else if (!replayed)
    parts.push(state.data_as_of ? "số liệu " + state.data_as_of : "chưa có dữ liệu");
  if (map.view === "map") parts.push(state.outline_note.toLowerCase());
  return parts.filter(Boolean).join(" · ");
}

/** Who told of dossiers and until when, as the chart beside the map has it; nothing until that
 * chart is there. */
function getDossierSource() {
  const chart = document.querySelector("#dossiers-over-time .js-plotly-plot");
  return chart && chart.layout && chart.layout.meta ? chart.layout.meta.source : "";
}

export function watchMapPicture() {
  listen("click", (event) => {
    const button = event.target.closest("#save-map");
    if (!button || !map.svg || !current.state) return;
    const { replay } = document.documentElement.dataset;
    const asked = getAddress().show;
    // these have no days: the replay shows the whole
    const layer = replay && LAYER_SOURCES[asked] ? "" : asked;
    const day = replay || current.state.as_of;
    savePicture(button, `ban-do_${current.state.province}_${day}`, async () => ({
      ...drawPicture(),
      title: el("map-title").textContent,
      above: describeAbove(layer),
      below: describeOrigin(
        (layer === "on_time" && getDossierSource()) || LAYER_SOURCES[layer] || READINESS,
      ),
    }));
  });
}
