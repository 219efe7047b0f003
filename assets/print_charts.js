/* Paper has its own width and is white. Charts get a view box, so that they shrink as pictures
   do, and the names of their colours, so that print.css can give them the light ones. Asks
   nothing. */
import { createElement, setAttr } from "./elements.js";

const INKS = ["paper", "ink", "second-ink", "line", "accent", "green", "yellow", "red"];

/** Colour as the browser writes it → its name, in the scheme of the screen.
 * @returns {Map<string, string>} */
function nameInks() {
  const probe = createElement("span", { hidden: "" });
  document.body.append(probe);
  const found = new Map();
  for (const ink of INKS) {
    probe.style.color = `var(--${ink})`;
    found.set(getComputedStyle(probe).color, ink);
  }
  probe.remove();
  return found;
}

export function watchChartPrinting() {
  addEventListener("beforeprint", () => {
    const names = nameInks();
    for (const svg of document.querySelectorAll(".chart .main-svg")) {
      const width = svg.getAttribute("width");
      setAttr(svg, "viewBox", `0 0 ${width} ${svg.getAttribute("height")}`);
      /** @type {HTMLElement} */ (svg.closest(".chart")).style.setProperty("--drawn", width + "px");
      for (const shape of svg.querySelectorAll("path, text, tspan")) {
        const style = getComputedStyle(shape);
        setAttr(shape, "data-stroke", names.get(style.stroke) || null);
        setAttr(shape, "data-fill", names.get(style.fill) || null);
      }
    }
  });
  addEventListener("afterprint", () => {
    for (const svg of document.querySelectorAll(".chart .main-svg")) setAttr(svg, "viewBox", null);
  });
}
