/* Communes of a day chosen on the map: a press on an area ticks its box in the list, which stays the
   way for keyboards and screen readers and says what is chosen. */
import { parseDrawing } from "../../../assets/drawing.js";
import { listen, setAttr, setText } from "../../../assets/elements.js";

const BOXES = 'input[name="xa"]';

/** @returns {NodeListOf<HTMLInputElement>} */
const listBoxes = () => document.querySelectorAll(BOXES);

/** @param {string} code */
const findArea = (code) => document.querySelector(`.choice-map [data-commune="${code}"]`);

/** Shows in the areas and in words what is ticked. */
function showChosen() {
  const names = [];
  for (const box of listBoxes()) {
    findArea(box.value)?.toggleAttribute("data-chosen", box.checked);
    if (box.checked) names.push(box.dataset.name);
  }
  const words = names.length ? `Đã chọn ${names.length}: ${names.join(", ")}` : "Chưa chọn nơi nào";
  setText(document.querySelector(".map-choice [data-words]"), words);
}

/** Hatching as wide as on the first page, however large the map is drawn; the key's swatches have
 * the same units, as they are filled with the drawing's patterns. @param {SVGSVGElement} drawing */
function scaleHatching(drawing) {
  const { width, height } = drawing.getBoundingClientRect();
  if (!width) return; // folded away
  const { width: units, height: unitsHigh } = drawing.viewBox.baseVal;
  const scale = Math.max(units / width, unitsHigh / height);
  for (const pattern of drawing.querySelectorAll("pattern")) {
    setAttr(pattern, "patternTransform", `scale(${+scale.toPrecision(4)})`);
  }
  for (const swatch of document.querySelectorAll(".map-key .swatch")) {
    const box = swatch.getBoundingClientRect();
    setAttr(
      swatch,
      "viewBox",
      `0 0 ${Math.round(box.width * scale)} ${Math.round(box.height * scale)}`,
    );
  }
}

/** @param {HTMLElement} frame */
async function drawAreas(frame) {
  const answer = await fetch(frame.dataset.map, { credentials: "same-origin" });
  if (!answer.ok) throw new Error("HTTP " + answer.status);
  const drawing = parseDrawing(await answer.text(), frame.dataset.map);
  drawing.setAttribute("aria-hidden", "true");
  for (const area of drawing.querySelectorAll(".commune")) area.removeAttribute("role");
  frame.replaceChildren(drawing);
  new ResizeObserver(() => scaleHatching(drawing)).observe(drawing);
  for (const box of listBoxes()) {
    const sign = /** @type {HTMLElement} */ (box.parentElement.querySelector("[data-state]"));
    const area = findArea(box.value);
    if (!area) continue;
    area.dataset.level = sign.dataset.state;
    const words = document.createElementNS("http://www.w3.org/2000/svg", "title");
    words.textContent = `${box.dataset.name}: ${sign.title}`;
    area.append(words);
  }
  showChosen();
}

/** The fold with the map is there once this script is, and its drawing once the fold is open. */
export function offerMapChoice() {
  const fold = /** @type {?HTMLDetailsElement} */ (document.querySelector(".map-choice"));
  if (!fold) return;
  const frame = /** @type {HTMLElement} */ (fold.querySelector("[data-map]"));
  fold.hidden = false;
  fold.addEventListener("toggle", () => {
    if (!fold.open || frame.firstElementChild) return;
    drawAreas(frame).catch(() => {
      fold.open = false; // the list is there; the next opening asks again
    });
  });
  listen("click", (event) => {
    const area = event.target.closest?.(".choice-map .commune");
    const box = area && document.querySelector(`${BOXES}[value="${area.dataset.commune}"]`);
    if (box) /** @type {HTMLElement} */ (box).click();
  });
  listen("change", (event) => {
    if (event.target.matches?.(BOXES)) showChosen();
  });
}
