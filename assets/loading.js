/* Sees to it that a page comes whole over a line that loses files: a script or style sheet of
   ours that did not come is asked for again, with growing pauses, and the page says so meanwhile.
   It is asked for by a frame that every page carries in its own text and that renews itself until
   this has come (web/bundles.py); from there it calls itself into the page. Draws nothing
   else. */

const FIRST_PAUSE = 1000;
const GROWTH = 1.7;
const LONGEST_PAUSE = 30000;
// What was asked for and neither came nor failed: a slow line must not be cut by asking anew.
const PATIENCE = 60000;
const OURS = 'script[src*="/bundles/"]:not([data-loader]), link[rel="stylesheet"]';
const WORDS = "Trang chưa tải đủ vì đường truyền, đang thử lại…";
// Where a page says how it stands, before any other script has run: `/`, documents, the wall.
const PLACES = ".loading, #connection, #age";
/** @typedef {HTMLScriptElement|HTMLLinkElement} Part */
/** @type {Map<string, number>} how often each was asked for again, by its address */
const tries = new Map();
/** @type {Map<string, number>} how often each hung, by its address */
const hung = new Map();
/** @type {Map<string, any>} what waits to be asked for again, by its address */
const waiting = new Map();
const nowhere = document.implementation.createHTMLDocument();

/** @param {Part} part @returns {string} as the page named it, however often it was asked for */
const getAddress = (part) => part.dataset.named || ("src" in part ? part.src : part.href);
/** A sheet that was lost is there without rules, or keeps them from everybody.
 * @param {?CSSStyleSheet} sheet @returns {boolean} */
function hasRules(sheet) {
  try {
    return Boolean(sheet) && sheet.cssRules.length > 0;
  } catch (problem) {
    return false;
  }
}

/** Whether it is here: each of our scripts says so of itself (web/bundles.py).
 * @param {Part} part @returns {boolean} */
const isHere = (part) => ("src" in part ? "ran" in part.dataset : hasRules(part.sheet));
/** @returns {Part[]} */
const listMissing = () =>
  [.../** @type {NodeListOf<any>} */ (document.querySelectorAll(OURS))].filter(
    (part) => !isHere(part),
  );

function sayWaiting() {
  document.documentElement.dataset.incomplete = "";
  const place = document.querySelector(PLACES);
  if (place && place.textContent !== WORDS) place.textContent = WORDS;
}

function settle() {
  if (waiting.size || listMissing().length) return;
  delete document.documentElement.dataset.incomplete;
  dispatchEvent(new Event("resize")); // what was measured without its style is measured again
}

/** The same element anew. What hung must not come to life as a second one: a script of another
 * document does not run. Nor may it be waited for again: to the same address browsers add whoever
 * asks to the question under way, so that it is asked for at another.
 * @param {Part} part */
function replacePart(part) {
  const next = /** @type {Part} */ (document.createElement(part.localName));
  for (const { name, value } of part.attributes) next.setAttribute(name, value);
  const address = getAddress(part);
  const times = hung.get(address);
  const again = times ? (address.includes("?") ? "&" : "?") + "again=" + times : "";
  next.setAttribute("src" in part ? "src" : "href", address + again);
  next.dataset.named = address;
  next.dataset.late = "";
  next.addEventListener("load", settle);
  part.replaceWith(next);
  nowhere.adoptNode(part);
  const patience = PATIENCE * tries.get(address);
  setTimeout(() => next.isConnected && !isHere(next) && askElsewhere(next), patience);
}

/** @param {Part} part */
function askAgain(part) {
  const address = getAddress(part);
  if (waiting.has(address)) return;
  const times = tries.get(address) || 0;
  const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * Math.pow(GROWTH, times));
  tries.set(address, times + 1);
  sayWaiting();
  const timer = setTimeout(
    () => {
      waiting.delete(address);
      // what came during the pause must not run a second time
      if (isHere(part)) settle();
      else replacePart(part);
    },
    pause * (0.85 + 0.3 * Math.random()),
  );
  waiting.set(address, timer);
}

/** What neither came nor failed. @param {Part} part */
function askElsewhere(part) {
  const address = getAddress(part);
  if (waiting.has(address)) return;
  hung.set(address, (hung.get(address) || 0) + 1);
  askAgain(part);
}

const checkAll = () => listMissing().forEach(askAgain);

function watchFiles() {
  for (const frame of document.querySelectorAll("iframe[data-loader]")) frame.remove();
  listenForLoss();
  if (document.readyState === "complete") checkAll();
  else addEventListener("load", checkAll);
  setTimeout(() => listMissing().forEach(askElsewhere), PATIENCE);
}

function listenForLoss() {
  addEventListener(
    "error",
    ({ target }) => {
      if (target instanceof Element && target.matches(OURS)) askAgain(/** @type {Part} */ (target));
    },
    true,
  );
}

/** In the frame: this same file, which has just come, once more in the page around. */
function callIntoPage() {
  const page = window.parent.document;
  if (page.querySelector("script[data-loader]")) return;
  const script = page.createElement("script");
  script.dataset.loader = "";
  script.src = /** @type {HTMLScriptElement} */ (document.currentScript).src;
  script.onerror = () => script.remove(); // the frame asks again
  page.head.append(script);
}

if (location.href === "about:srcdoc") callIntoPage();
else watchFiles();
