/* Writes a scene into elements that are there from the beginning or are kept once made: a screen
   that runs for weeks must not grow. The map is map.js's. Asks nothing, decides nothing. */
import { current } from "../../../assets/current.js";
import { createElement, el, setAttr, setText } from "../../../assets/elements.js";
import { emit, on } from "../../../assets/events.js";
import { map } from "../../../assets/map.js";
import { listScenes, skipScene } from "./cycle.js";
import { getWallChoice } from "./wall_state.js";

const SHORT = /^[\d.,/%]+$/; // a figure that is shown large
let marks = "";

/** Fills a list from its kept rows. @param {Element} list @param {object[]} items
 * @param {(row: Element, item: any) => void} fill @param {string[]} parts classes of a row's two
 * texts */
function fillList(list, items, fill, parts) {
  while (list.children.length < items.length) {
    list.append(
      createElement("li", {}, ...parts.map((part) => createElement("span", { class: part }))),
    );
  }
  [...list.children].forEach((row, at) => {
    setAttr(row, "data-there", at < items.length ? "true" : null);
    if (at < items.length) fill(row, items[at]);
  });
}

/** @param {Element} row @param {SceneFigure} figure */
const fillFigure = (row, { label, value, share }) => {
  setText(row.children[0], label);
  setText(row.children[1], value);
  setText(row.children[2], share ? `(${share})` : "");
};
/** @param {Element} row @param {{name: string, figure: string, code?: string}} named */
const fillNamed = (row, { name, figure, code }) => {
  setText(row.children[0], name);
  setText(row.children[1], figure);
  setAttr(row, "data-commune", code || null);
};
/** @param {Element} row @param {{title: string, reason: string}} line */
const fillLine = (row, { title, reason }) => {
  setText(row.children[0], title);
  setText(row.children[1], reason);
};

/** How many communes have each level, with the scene's own words.
 * @param {Scene} scene */
function showLegend(scene) {
  for (const item of el("legend").children) {
    const count = scene.levels.split(item.dataset.letter).length - 1;
    item.hidden = !count;
    setText(item.querySelector(".count"), String(count));
    setText(item.querySelector(".word"), scene.words[item.dataset.state] || item.dataset.word);
  }
}

/** One mark a scene; the one that is shown is bright.
 * @param {Scene} scene */
function showSteps(scene) {
  const all = listScenes();
  const place = el("steps");
  while (place.children.length < all.length) place.append(createElement("i"));
  [...place.children].forEach((step, at) => {
    step.hidden = at >= all.length;
    setAttr(step, "data-now", at < all.length && all[at].id === scene.id ? "true" : null);
  });
}

/** Green communes over twelve months, without a line where nobody had figures in date.
 * @param {?GreenCourse} course */
function drawCourse(course) {
  const place = el("course");
  place.hidden = !course;
  if (!course) return;
  const { counts } = course;
  const known = counts.filter((count) => count !== null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const drawing = place.querySelector("svg");
  setAttr(drawing, "viewBox", `0 0 ${counts.length - 1} 100`);
  let pen = "M";
  const steps = counts.map((count, at) => {
    if (count === null) pen = "M";
    if (count === null) return "";
    const step = `${pen}${at} ${(100 - (90 * (count - low)) / (high - low || 1) - 5).toFixed(1)}`;
    pen = "L";
    return step;
  });
  setAttr(drawing.firstElementChild, "d", steps.join(""));
  setText(place.querySelector(".first"), course.first);
  setText(place.querySelector(".last"), course.last);
}

/** @param {Scene} scene */
function paintScene(scene) {
  const lines = scene.lines.length > 0;
  const alone = scene.figures.length || scene.named.length ? "map" : "map-alone";
  setAttr(el("page"), "data-shows", lines ? "lines" : alone);
  setAttr(document.documentElement, "data-scene", scene.id);
  setText(el("title"), scene.title);
  el("lines").hidden = !lines;
  fillList(el("lines"), scene.lines, fillLine, ["line-title", "line-reason"]);
  const [hero, ...rows] = scene.figures;
  setText(el("hero").querySelector(".value"), hero ? hero.value : "");
  setText(
    el("hero").querySelector(".label"),
    hero ? hero.label + (hero.share ? ` (${hero.share})` : "") : "",
  );
  setAttr(el("hero"), "data-words", hero && SHORT.test(hero.value) ? null : "true");
  drawCourse(scene.course);
  fillList(el("figures"), rows, fillFigure, ["label", "value", "share"]);
  setText(el("named-title"), scene.named.length ? scene.named_title : "");
  fillList(el("named"), scene.named, fillNamed, ["name", "value"]);
  setText(el("place"), current.state.place + (current.state.simulated ? " · mô phỏng" : ""));
  document.title = `Màn hình · ${current.state.place} · Mức độ sẵn sàng của cấp xã`;
  showLegend(scene);
  showSteps(scene);
  marks = scene.marks || "";
  emit("address", getWallChoice()); // map.js paints
  emit("laid", scene);
  setAttr(document.documentElement, "data-version", String(current.state.version));
  setAttr(document.documentElement, "data-token", current.state.token);
}

/** Communes of which the scene does not speak stand back. */
function fadeOthers() {
  const { state } = current;
  setAttr(document.documentElement, "data-ready", ""); // map.js takes it away while it draws
  state.codes.forEach((code, at) =>
    setAttr(map.paths.get(code), "data-match", marks[at] === "0" ? "no" : null),
  );
}

export function watchScenes() {
  on("scene", (scene) => {
    try {
      paintScene(scene);
    } catch (problem) {
      emit("fault", problem);
      skipScene(scene.id);
    }
  });
  on("painted", fadeOthers);
  // Nobody chooses anything on a wall: the drawing is one picture, described by the element around
  // it.
  on("map", () => setAttr(map.svg, "aria-hidden", "true"));
}
