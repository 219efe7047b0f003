/* Makes one part of an open page equal to a newly answered one by writing only what differs, so
   that scroll, focus, open details and what somebody types stay. Asks nothing; scripts of the
   answer are never run. */
import { setAttr } from "../../../assets/elements.js";

const INPUTS = new Set(["INPUT", "SELECT", "TEXTAREA"]);
const CHECKED = new Set(["checkbox", "radio", "file"]);
const LIMITS = ["min", "max"];
/** @param {any} node @returns {string} */
const getKey = (node) => (node.nodeType === 1 && (node.id || node.dataset.key)) || "";
/** @param {Node} old @param {Node} fresh @returns {boolean} */
const isSameKind = (old, fresh) => old.nodeName === fresh.nodeName && getKey(old) === getKey(fresh);

/** What belongs to the person who looks: whether details are open, what a field holds.
 * @param {Element} element @param {string} name @returns {boolean} */
const isTheirs = (element, name) =>
  (element.nodeName === "DETAILS" && name === "open") || INPUTS.has(element.nodeName);

/** What a field may hold follows the day; what it holds does too, unless somebody changed it or is
 * at it.
 * @param {any} old @param {any} fresh */
function morphField(old, fresh) {
  const isTouched = old.value !== old.defaultValue || old === document.activeElement;
  for (const name of isTouched ? LIMITS : [...LIMITS, "value"])
    if (fresh.hasAttribute(name)) setAttr(old, name, fresh.getAttribute(name));
}

/** @param {Element} old @param {Element} fresh */
function morphAttributes(old, fresh) {
  for (const { name } of [...old.attributes])
    if (!fresh.hasAttribute(name) && !isTheirs(old, name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes)
    if (!isTheirs(old, name)) setAttr(old, name, value);
}

/** The old child that a new one goes on with: the one of its key, else the next of its kind.
 * @param {Node} fresh @param {?Node} at the next one @param {Map<string, Node>} keyed
 * @returns {?Node} */
function findMatch(fresh, at, keyed) {
  const key = getKey(fresh);
  if (key) return keyed.get(key) || null;
  return at && isSameKind(at, fresh) ? at : null;
}

/** @param {Element} old @param {Element} fresh */
function morphChildren(old, fresh) {
  const keyed = new Map([...old.childNodes].filter(getKey).map((one) => [getKey(one), one]));
  /** @type {ChildNode} */
  let at = old.firstChild;
  for (const next of [...fresh.childNodes]) {
    const kept = findMatch(next, at, keyed);
    if (kept && kept.nodeName === next.nodeName) {
      if (kept === at) at = at.nextSibling;
      else old.insertBefore(kept, at);
      morphNode(kept, next);
    } else old.insertBefore(document.importNode(next, true), at);
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

/** @param {any} old in the page, is changed @param {any} fresh of another document, is only read */
export function morphNode(old, fresh) {
  if (old.nodeType !== 1) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
    return;
  }
  if (old.hasAttribute("data-own")) return; // a script keeps it
  if (old.nodeName === "INPUT" && !CHECKED.has(old.type)) morphField(old, fresh);
  else morphAttributes(old, fresh);
  if (!INPUTS.has(old.nodeName)) morphChildren(old, fresh);
}
