/* What the page itself draws (a table of days, small curves, intervals) as a picture to take
   along: a copy of it is laid out on a sheet of its own, of a desktop's width and in the light
   colours. A button's [data-picture] is the id of its drawing, whose data-title, data-source and
   data-subject go with it. Leaves the page as it is, asks nothing. */
import { current } from "../../../assets/current.js";
import { createElement, el, listen } from "../../../assets/elements.js";
import { describeOrigin, describeSubject, nameFile, savePicture } from "../../../assets/picture.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 960;
// what only this screen, this hour or paper asks for
const HERE = /dark|print|forced|pointer|max-width/;
const OWN = [
  ":root { color-scheme: light }",
  "svg, body { font-family: var(--sans); font-variant-numeric: tabular-nums }",
  ".page, .part { margin: 0; padding: 0 }",
].join(" ");

/** The rules of the page for a wide screen in daylight. @returns {string} */
function collectRules() {
  return (
    [...document.styleSheets]
      .flatMap((sheet) => [...sheet.cssRules])
      .filter((rule) => !(rule instanceof CSSMediaRule && HERE.test(rule.media.mediaText)))
      .map((rule) => rule.cssText)
      .join("\n") + OWN
  );
}

/** The drawing within empty copies of what it stands in, so that every rule that fits it fits the
 * copy.
 * @param {HTMLElement} place @returns {HTMLElement} */
function copyDrawing(place) {
  let copy = /** @type {HTMLElement} */ (place.cloneNode(true));
  for (const open of copy.querySelectorAll("details[open]")) open.removeAttribute("open");
  for (const control of copy.querySelectorAll(".remove")) control.remove();
  const hatchings = document.querySelector(".hatchings");
  if (hatchings) copy.append(hatchings.cloneNode(true));
  for (let around = place.parentElement; around !== document.body; around = around.parentElement) {
    const shell = /** @type {HTMLElement} */ (around.cloneNode(false));
    shell.append(copy);
    copy = shell;
  }
  return copy;
}

/** Laid out on a sheet that nobody sees: what it looks like, and how high it is.
 * @param {HTMLElement} place @returns {{drawing: string, width: number, height: number}} an SVG
 * with it inside */
function layOut(place) {
  const sheet = createElement("iframe", { "aria-hidden": "true", tabindex: "-1" });
  Object.assign(sheet.style, {
    position: "absolute",
    visibility: "hidden",
    width: `${WIDTH}px`,
    border: "0",
  });
  document.body.append(sheet);
  const page = sheet.contentDocument;
  page.write("<!DOCTYPE html><body>"); // without its first word a page has other rules for tables
  page.close();
  const style = new /** @type {any} */ (sheet.contentWindow).CSSStyleSheet();
  style.replaceSync(collectRules());
  page.adoptedStyleSheets = [style];
  page.body.append(page.importNode(copyDrawing(place), true));
  const height = Math.ceil(page.body.getBoundingClientRect().height);
  const inside = new XMLSerializer().serializeToString(page.body);
  sheet.remove();
  const words = document.createElementNS(SVG, "style");
  words.textContent = collectRules();
  const size = `width="${WIDTH}" height="${height}"`;
  const all =
    `<svg xmlns="${SVG}" ${size}>${new XMLSerializer().serializeToString(words)}` +
    `<foreignObject ${size}>${inside}</foreignObject></svg>`;
  return { drawing: "data:image/svg+xml," + encodeURIComponent(all), width: WIDTH, height };
}

export function watchDrawingPictures() {
  listen("click", (event) => {
    const button = event.target.closest("[data-picture]");
    const place = button && button.dataset.picture && el(button.dataset.picture);
    if (!place || !current.state) return;
    const { title, source, subject } = place.dataset;
    savePicture(button, nameFile(title), async () => ({
      ...layOut(place),
      title,
      above: describeSubject(subject, ""),
      below: describeOrigin(source),
    }));
  });
}
