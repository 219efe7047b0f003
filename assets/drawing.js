/* A drawing that the server sent, as elements of the page. Never inserts HTML: it is rebuilt from a
   short list of elements and attributes. */
const SVG = "http://www.w3.org/2000/svg";
const ELEMENTS = new Set(["svg", "defs", "pattern", "g", "path", "circle", "text"]);
const REFUSED = /^(on|href|xlink|style$)/i;

/** A copy of the parsed drawing that holds nothing but shapes. @param {Element} source
 * @returns {Element} */
function rebuildShape(source) {
  const copy = document.createElementNS(SVG, source.localName);
  for (const { name, value } of source.attributes) {
    if (name !== "xmlns" && !REFUSED.test(name)) copy.setAttribute(name, value);
  }
  if (source.localName === "text") copy.textContent = source.textContent;
  for (const child of source.children)
    if (ELEMENTS.has(child.localName)) copy.append(rebuildShape(child));
  return copy;
}

/** @param {string} text @param {string} address where it is from @returns {SVGSVGElement} Throws
 * where the text is no drawing. */
export function parseDrawing(text, address) {
  const root = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  if (root.localName !== "svg") throw new Error("not a drawing: " + address);
  return /** @type {SVGSVGElement} */ (rebuildShape(root));
}
