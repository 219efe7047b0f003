/* The headline's cards, as-of, notice and legend: leaf writes of texts that the server made. A
   card leads to the page that answers it; its "?" says what the figure covers. */
import { locatePath } from "../../../assets/base_path.js";
import {
  createElement,
  createShape,
  el,
  listen,
  setAttr,
  setText,
} from "../../../assets/elements.js";
import { on } from "../../../assets/events.js";
import { getLayerLevels, getLevelWord, getLevels } from "../../../assets/levels.js";
import { getAddress } from "./address.js";

// The cards in their order: the page that answers each, and what of it is asked there.
/** @type {Record<string, string[]>} */
const CARDS = {
  green: ["/thieu-gi", ""],
  network: ["/thieu-gi", "dimension=network"],
  digital_signature: ["/thieu-gi", "dimension=digital_signature"],
  devices: ["/thieu-gi", "dimension=devices"],
  on_time: ["/ho-so", ""],
};
// Figures without a card of their own: on whose card they stand.
/** @type {Record<string, string>} */
const GUESTS = { received: "on_time", overdue: "on_time", silent: "green" };
const [WIDTH, HEIGHT] = [60, 20];

/** @typedef {Record<"value"|"label"|"share"|"note"|"under"|"source"|"files"|"told", Element>} CardLeaves */
/** @type {Map<string, CardLeaves & {details: Map<string, Element>, box: Element}>} by card */
const cards = new Map();
/** @type {?SVGElement} */
let curve = null;

/** @param {string} id */
function buildCard(id) {
  const [path, query] = CARDS[id];
  /** @type {any} */
  const leaves = { details: new Map() };
  for (const part of ["value", "label", "share", "note", "under"])
    leaves[part] = createElement("span", { class: part });
  const line = createElement("p", {}, leaves.value);
  const link = createElement(
    "a",
    { class: "card-link", href: locatePath(path), "data-page": path, "data-query": query },
    line,
    createElement("p", {}, leaves.label),
    createElement("p", { class: "quiet" }, leaves.under),
  );
  if (id === "green") {
    const drawing = { class: "curve", "aria-hidden": "true", viewBox: `0 0 ${WIDTH} ${HEIGHT}` };
    curve = createShape("path", {});
    line.append(createShape("svg", { ...drawing, width: WIDTH, height: HEIGHT }, curve));
  }
  const button = createElement("button", {
    type: "button",
    class: "ask",
    "aria-expanded": "false",
  });
  setAttr(button, "aria-controls", "about-" + id);
  button.append("?", createElement("span", { class: "unseen" }, " Số này gồm những gì"));
  const about = createElement("div", { class: "about", id: "about-" + id });
  about.append(createElement("p", {}, leaves.share, leaves.note));
  leaves.source = createElement("span", {});
  leaves.files = createElement("span", {});
  const files = { href: locatePath("/du-lieu"), "data-page": "/du-lieu" };
  leaves.told = createElement(
    "p",
    { class: "told" },
    "Nguồn: ",
    leaves.source,
    leaves.files,
    " · ",
    createElement("a", files, "từng tệp, đợt nạp"),
  );
  about.append(leaves.told);
  leaves.box = createElement("div", { class: "figure", "data-figure": id }, link, button, about);
  el("headline").append(leaves.box);
  cards.set(id, leaves);
}

/** What a figure without a card says, on its host's. @param {HeadlineFigure} figure */
function fillGuest(figure) {
  const { details, box } = cards.get(GUESTS[figure.id]);
  if (!details.has(figure.id)) {
    const words = createElement("p", { "data-guest": figure.id });
    box.querySelector(".about").append(words);
    details.set(figure.id, words);
  }
  const part = [figure.value, figure.share].filter(Boolean).join(" · ");
  const words = `${figure.label}: ${part}${figure.note ? "; " + figure.note : ""}`;
  setText(details.get(figure.id), words);
}

/** The curve of the last days as path data; gaps where nothing was known.
 * @param {(number|null)[]} counts @returns {string} */
function writeCurve(counts) {
  const known = counts.filter((count) => count !== null);
  if (known.length < 2) return "";
  const least = Math.min(...known);
  const span = Math.max(4, Math.max(...known) - least);
  let pen = "M";
  return counts
    .map((count, at) => {
      if (count === null) {
        pen = "M";
        return "";
      }
      const x = (at / (counts.length - 1)) * (WIDTH - 2) + 1;
      const y = HEIGHT - 2 - ((count - least) / span) * (HEIGHT - 4);
      const step = `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
      pen = "L";
      return step;
    })
    .join("");
}

/** Opens one card's explanation and closes the others. @param {?Element} button null: all closed */
function openAbout(button) {
  for (const each of document.querySelectorAll("#headline .ask"))
    setAttr(each, "aria-expanded", String(each === button));
}

function watchExplanations() {
  listen("click", (event) => {
    const button = event.target.closest("#headline .ask");
    if (button) openAbout(button.getAttribute("aria-expanded") === "true" ? null : button);
    else if (!event.target.closest("#headline .about")) openAbout(null);
  });
  listen("keydown", (event) => {
    /** @type {NodeListOf<HTMLElement>} */
    const open = document.querySelectorAll('#headline .ask[aria-expanded="true"]');
    if (event.key !== "Escape" || !open.length) return;
    openAbout(null);
    open[0].focus();
  });
}

/** @param {Layer} layer whose words are used @param {Object<string, number>} counts communes per
 * level */
function showLegend(layer, counts) {
  getLevels(); // read while the legend still has the levels of readiness
  const looks = Object.values(getLayerLevels(layer));
  document.querySelectorAll("#legend [data-letter]").forEach((item, at) => {
    const look = looks[at];
    setAttr(item, "hidden", look ? null : "");
    if (!look) return;
    setAttr(item, "data-state", look.code);
    setText(item.querySelector(".sign"), look.sign);
    setText(item.querySelector(".count"), String(counts[look.code] || 0));
    setText(item.querySelector(".word"), getLevelWord(layer, look));
    setAttr(item.querySelector(".swatch"), "data-swatch", look.code);
  });
  const sum = Object.values(counts).reduce((a, b) => a + b, 0);
  setText(document.querySelector("#legend .total .count"), String(sum));
}

export function watchHeadline() {
  watchExplanations();
  on("state", (state) => {
    for (const id of Object.keys(CARDS)) if (!cards.has(id)) buildCard(id);
    for (const figure of state.headline) {
      if (GUESTS[figure.id]) fillGuest(figure);
      if (!cards.has(figure.id)) continue;
      const leaves = cards.get(figure.id);
      for (const part of /** @type {const} */ (["value", "label", "share", "note", "under"]))
        setText(leaves[part], figure[part] || "");
      setText(leaves.source, figure.source || "");
      setText(leaves.files, figure.files ? ". Tệp: " + figure.files : "");
      setAttr(leaves.told, "hidden", figure.source ? null : "");
      setAttr(leaves.value, "data-words", /\d/.test(figure.value) ? null : "true");
      setAttr(leaves.note, "data-after", figure.share && figure.note ? "true" : null);
    }
    setAttr(curve, "d", state.trend ? writeCurve(state.trend.curve) : "");
    setText(el("as-of-line"), state.as_of_line);
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
