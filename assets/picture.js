/* Puts a drawing into a picture that can be sent by itself: above it whose it is and of which
   day, its title; below its source and that figures are simulated. Always in the light colours,
   twice as fine as a screen. Asks nothing. */
import { current } from "./current.js";
import { formatDay } from "./days.js";
import { emit } from "./events.js";
import { saveFile, toPlainName } from "./saving.js";

export const SCALE = 2;
const DARK = /prefers-color-scheme: dark/;
const EDGE = 32; // px around everything
const TYPE = { small: 14, lead: 20 };

/** Custom properties of one colour scheme; theme.css holds both. Plotly's own sheets know none of
 * them.
 * @param {boolean} dark @returns {CSSStyleDeclaration} */
function getScheme(dark) {
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
  const inTheDark = rules
    .filter((rule) => rule instanceof CSSMediaRule && DARK.test(rule.media.mediaText))
    .flatMap((rule) => [.../** @type {CSSMediaRule} */ (rule).cssRules]);
  const schemes = (dark ? inTheDark : rules)
    .map((rule) => /** @type {CSSStyleRule} */ (rule).style)
    .filter((style) => style && style.getPropertyValue("--paper"));
  return schemes[0];
}

/** A colour of theme.css. @param {string} name @param {boolean} [dark] @returns {string} */
export const getColour = (name, dark) =>
  getScheme(dark)
    .getPropertyValue("--" + name)
    .trim();

/** A figure of Plotly in the light colours, whatever it was drawn for. @param {Figure} drawn
 * @returns {Figure} a copy */
export function lightenFigure({ data, layout }) {
  const text = JSON.stringify({ data, layout });
  if (layout.font.color !== getColour("ink", true)) return JSON.parse(text);
  const inks = new Map();
  for (const name of getScheme(true)) {
    if (!name.startsWith("--on-"))
      inks.set(getColour(name.slice(2), true), getColour(name.slice(2), false)); // ink upon a state
  }
  return JSON.parse(text.replace(/#[0-9a-f]{6}/g, (ink) => inks.get(ink) || ink));
}

/** @param {CanvasRenderingContext2D} pen @param {string} text @param {number} width
 * @returns {string[]} */
function breakLines(pen, text, width) {
  /** @type {string[]} */
  const found = [];
  for (const word of text.split(" ")) {
    const longer = found.length ? found[found.length - 1] + " " + word : word;
    if (found.length && pen.measureText(longer).width <= width) found[found.length - 1] = longer;
    else found.push(word);
  }
  return found;
}

/** @param {string} address @returns {Promise<HTMLImageElement>} */
function loadImage(address) {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Error("drawing not readable"));
    image.src = address;
  });
}

/** One picture as a PNG. @param {Picture} what @returns {Promise<Blob>} */
async function drawPicture({ above, title, below, drawing, width, height }) {
  const image = await loadImage(drawing);
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  /** @param {number} size @param {number} weight */
  const type = (size, weight) => `${weight} ${size}px ${getColour("sans")}`;
  /** @type {[string, number, string, string][]} */
  const rows = [];
  let y = EDGE;
  /** @param {string} text @param {number} size @param {number} weight @param {string} ink */
  const writeText = (text, size, weight, ink) => {
    pen.font = type(size, weight);
    for (const line of breakLines(pen, text, width)) {
      y += size * 1.4;
      rows.push([line, y - size * 0.3, type(size, weight), ink]);
    }
  };
  writeText(above, TYPE.small, 400, "second-ink");
  if (title) writeText(title, TYPE.lead, 600, "ink");
  const top = (y += EDGE / 4);
  y += height + EDGE / 4;
  for (const line of below.filter(Boolean)) writeText(line, TYPE.small, 400, "second-ink");
  canvas.width = SCALE * (width + 2 * EDGE);
  canvas.height = SCALE * (y + EDGE);
  pen.scale(SCALE, SCALE);
  pen.fillStyle = getColour("paper");
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, EDGE, top, width, height);
  for (const [line, at, font, ink] of rows) {
    pen.font = font;
    pen.fillStyle = getColour(ink);
    pen.fillText(line, EDGE, at);
  }
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

/** Whose, of which day: what the page says above its figures. @param {string} subject
 * @param {string} told how old conditions are, where the source does not say how old its figures
 * are @returns {string} */
export function describeSubject(subject, told) {
  const { province_name: province, as_of: day } = current.state;
  const shown = `ngày ${formatDay(day)}`;
  return [subject, province, shown, told && "điều kiện " + told].filter(Boolean).join(" · ");
}

/** What a file is called: title, commune or province, day.
 * @param {string} title @returns {string} */
export function nameFile(title) {
  const place = (location.pathname.match(/\d{5}$/) || [current.state.province])[0];
  return `${toPlainName(title)}_${place}_${current.state.as_of}`;
}

/** Where a picture is from. @param {string} source who told the figures @returns {string[]} */
export function describeOrigin(source) {
  const notice = document.querySelector(".notice");
  return [
    (source ? `Nguồn: ${source} · ` : "") + location.host + location.pathname,
    notice ? notice.textContent : "",
  ];
}

/** Tells "picture" what it draws, saves it, and says on the button where that failed.
 * @param {HTMLElement} button @param {string} name
 * @param {() => Promise<Picture>} what */
export async function savePicture(button, name, what) {
  if (button.getAttribute("aria-busy")) return;
  button.setAttribute("aria-busy", "true");
  try {
    const picture = await what();
    emit("picture", picture);
    saveFile(await drawPicture(picture), name + ".png");
    button.firstChild.nodeValue = "Tải ảnh";
  } catch (problem) {
    button.firstChild.nodeValue = "Chưa tải được ảnh";
  } finally {
    button.removeAttribute("aria-busy");
  }
}
