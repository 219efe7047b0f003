/* Headline figures, as-of, notice and legend: leaf writes of texts that the server made.
   Computes nothing. */
import { createElement, createShape, el, setAttr, setText } from "../../../assets/elements.js";
import { on } from "../../../assets/events.js";
import { getLevelWord, getLevels } from "../../../assets/levels.js";
import { getAddress } from "./address.js";

/** @type {Map<string, Record<string, Element>>} by the figure's id, the leaves that are written */
const figures = new Map();

/** @param {{id: string, label: string, value: string, share: string, note: string}} figure */
function buildFigure(figure) {
  /** @type {Record<string, Element>} */
  const leaves = {};
  for (const part of ["value", "label", "share", "note"])
    leaves[part] = createElement("span", { class: part });
  const box = createElement("div", { class: "figure", "data-figure": figure.id });
  box.append(
    createElement("p", {}, leaves.value, " ", leaves.label),
    createElement("p", { class: "quiet" }, leaves.share, leaves.note),
  );
  el("headline").append(box);
  figures.set(figure.id, leaves);
}

/** @param {Layer} layer whose words are used @param {Object<string, number>} counts communes per
 * level */
function showLegend(layer, counts) {
  for (const item of document.querySelectorAll("#legend [data-state]")) {
    setText(item.querySelector(".count"), String(counts[item.dataset.state] || 0));
    setText(item.querySelector(".word"), getLevelWord(layer, getLevels()[item.dataset.letter]));
  }
  const sum = Object.values(counts).reduce((a, b) => a + b, 0);
  setText(document.querySelector("#legend .total .count"), String(sum));
}

export function watchHeadline() {
  on("state", (state) => {
    for (const figure of state.headline) {
      if (!figures.has(figure.id)) buildFigure(figure);
      const leaves = figures.get(figure.id);
      for (const part of ["value", "label", "share", "note"])
        setText(leaves[part], figure[part] || "");
      setAttr(leaves.value, "data-words", /\d/.test(figure.value) ? null : "true");
      setAttr(leaves.note, "data-after", figure.share && figure.note ? "true" : null);
    }
    setText(el("as-of-line"), state.data_as_of || "chưa có dữ liệu");
    setText(el("notice"), state.notice || "");
    // seen on paper
    setText(document.querySelector("h1"), "Mức độ sẵn sàng của cấp xã · " + state.province_name);
  });
  /** The legend's swatches are filled and hatched as the map is. */
  on("mounted", () => {
    for (const place of document.querySelectorAll("#legend [data-swatch]")) {
      const area = createShape("rect", { width: "100%", height: "100%" });
      const svg = createShape("svg", { "aria-hidden": "true", preserveAspectRatio: "none" }, area);
      place.append(svg);
    }
  });
  // Patterns are as large as the map's scale wants them: the swatches take the same scale.
  on("zoom", (pixels) => {
    for (const svg of document.querySelectorAll("#legend .swatch svg")) {
      setAttr(svg, "viewBox", `0 0 ${(20 / pixels).toFixed(3)} ${(14 / pixels).toFixed(3)}`);
    }
  });
  on("painted", (state) => {
    const layer = state.layers[getAddress().show || "overall"];
    showLegend(layer, layer.counts);
  });
  on("replayed", ({ layer, counts }) => showLegend(layer, counts));
  // Map and table stand: now other programs may read the page.
  on("listed", (state) => {
    setAttr(document.documentElement, "data-as-of", state.as_of);
    setAttr(document.documentElement, "data-version", String(state.version));
    setAttr(document.documentElement, "data-token", state.token);
    setAttr(document.documentElement, "data-ready", "true");
  });
}
