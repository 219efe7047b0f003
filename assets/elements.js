/* How an element is found, made and written. A write that changes nothing touches nothing, so
   that a refresh keeps scroll, focus and selection. Knows no page and paints nothing by itself. */

/** The element of an id; ids that are fields are in ElementsById (dashboard/web/types.d.ts).
 * @template {string} Id @param {Id} id @returns {ElementOf<Id>} null where there is none */
export function el(id) {
  return /** @type {any} */ (document.getElementById(id));
}

/** Text of a leaf element. @param {?Element} element @param {string} text */
export function setText(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

/** An attribute; null takes it away.
 * @param {?Element} element @param {string} name @param {?string} value */
export function setAttr(element, name, value) {
  if (!element || element.getAttribute(name) === value) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

/** A new element.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {Object<string, string>} [attributes] @param {...(Node|string)} children
 * @returns {HTMLElementTagNameMap[Tag]} */
export function createElement(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** A new shape of a drawing.
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag @param {Object<string, string|number>} [attributes] @param {...(Node|string)}
 * children
 * @returns {SVGElementTagNameMap[Tag]} */
export function createShape(tag, attributes, ...children) {
  const shape = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes || {}))
    shape.setAttribute(name, String(value));
  shape.append(...children);
  return shape;
}

/** Hears of what happens anywhere in the page, whatever is put there later.
 * @template {keyof DocumentEventMap} Kind
 * @param {Kind} kind @param {(event: DocumentEventMap[Kind] & OfElement) => void} listener
 * @param {AddEventListenerOptions|boolean} [options] */
export function listen(kind, listener, options) {
  document.addEventListener(kind, /** @type {EventListener} */ (listener), options);
}

/** What the server says to scripts in the head of a page, "" where it says nothing.
 * @param {string} name @param {Document} [page] @returns {string} */
export function getMeta(name, page = document) {
  const meta = page.querySelector(`meta[name="${name}"]`);
  return meta ? meta.content : "";
}
