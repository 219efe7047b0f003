/* A keyboard or a remote control in a meeting: arrows and space step through, F freezes the
   figures that are being spoken of, letters point at a commune, Escape gives everything back to
   the clock. Asks nothing. */
import { current } from "../../../assets/current.js";
import { el, listen, setAttr, setText } from "../../../assets/elements.js";
import { emit, on } from "../../../assets/events.js";
import { getLevel } from "../../../assets/levels.js";
import { drawRing, map } from "../../../assets/map.js";
import { beginsWith, buildMatcher } from "../../../assets/search.js";
import { clock } from "./clock.js";
import { keepHand, letGo, stayAtScene, stepScene } from "./cycle.js";
import { showBand } from "./fit.js";
import { setFreezeFilter, wall } from "./wall_state.js";

const FORGOTTEN = 2 * 3600000; // a frozen screen that nobody touches thaws
const POINTED = 60000;
/** @type {?{since: number, until: number, waiting: ?State}} */
let frozen = null;
let typed = "";
let pointedUntil = 0;

/** While frozen an answer with news waits; its tag is known, so it travels once.
 * @param {Answer} answer @returns {Answer} */
function holdNews(answer) {
  if (!frozen) return answer;
  frozen.waiting = answer.state;
  return { ...answer, state: null };
}

function freezeFigures() {
  if (!current.state) return;
  const now = clock.now();
  frozen = { since: now, until: now + FORGOTTEN, waiting: null };
  const which = `${clock.formatTime(now)} (phiên bản ${current.state.version})`;
  setText(el("frozen"), `Giữ nguyên số liệu lúc ${which} · Esc: cập nhật lại`);
  el("frozen").hidden = false;
  stayAtScene(wall.scene, frozen.until);
  emit("refit");
}

function thawFigures() {
  if (!frozen) return;
  const { waiting } = frozen;
  frozen = null;
  el("frozen").hidden = true;
  if (waiting) {
    current.state = waiting;
    emit("state", waiting);
  }
  emit("refit");
}

/** @param {string} name @returns {string} */
const shortenName = (name) => name.replace(/^(Xã|Phường|Đặc khu) /, "");

/** The first commune whose name begins as typed, else in which a word does.
 * @returns {?[string, CommuneShape]} */
function findTyped() {
  const fits = buildMatcher(typed);
  const all = current.state.codes
    .map((code) => /** @type {[string, CommuneShape]} */ ([code, map.paths.get(code)]))
    .filter(([, path]) => path);
  const named = all.filter(([code, path]) => fits(path.dataset.name, code));
  return (
    named.find(([, path]) => beginsWith(typed, shortenName(path.dataset.name))) || named[0] || null
  );
}

/** What is known of a commune, the longest words first: a scene's own level never stands for the
 * overall one.
 * @param {string} code @param {string} name @returns {string[]} */
function describeCommune(code, name) {
  const { codes, layers, overall } = current.state;
  const layer = layers[wall.scene];
  /** @param {any} of a layer, or the overall levels */
  const level = (of) => getLevel(of, codes.indexOf(code));
  /** @param {any} of */
  const words = (of) => (level(of) ? `${level(of).sign} ${level(of).word}` : "");
  const short = shortenName(name);
  if (!layer.subject)
    return [
      `Tìm “${typed}”: ${name} ${words(layer)}`,
      `${name} ${words(layer)}`,
      `${short} ${words(layer)}`,
    ];
  const both = `${layer.subject} ${words(layer)} · Tổng thể ${words(overall)}`;
  return [
    `Tìm “${typed}”: ${name}: ${both}`,
    `${name}: ${both}`,
    `${short}: ${both}`,
    `${short}: Tổng thể ${words(overall)}`,
  ];
}

function pointAtTyped() {
  const hit = typed.trim() && current.state && map.svg ? findTyped() : null;
  drawRing("selected", hit && hit[1]);
  if (typed) pointedUntil = clock.now() + POINTED;
  const none = typed
    ? [`Tìm “${typed}”: không có đơn vị nào`, `“${typed}”: không có`, "Không có đơn vị nào"]
    : [];
  showBand(el("pointing"), hit ? describeCommune(hit[0], hit[1].dataset.name) : none);
  emit("refit");
}

/** @param {string} text */
function typeText(text) {
  typed = text.slice(0, 30);
  keepHand();
  pointAtTyped();
}

/** @type {Record<string, () => void>} */
const KEYS = {
  ArrowRight: () => stepScene(1),
  ArrowDown: () => stepScene(1),
  PageDown: () => stepScene(1),
  ArrowLeft: () => stepScene(-1),
  ArrowUp: () => stepScene(-1),
  PageUp: () => stepScene(-1),
  Backspace: () => typeText(typed.slice(0, -1)),
  Escape() {
    typeText("");
    thawFigures();
    letGo();
  },
};

export function watchKeys() {
  setFreezeFilter(holdNews);
  listen("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    if (KEYS[key]) KEYS[key]();
    else if (key === " " && !typed) stepScene(1);
    else if (/^f$/i.test(key) && !typed) (frozen ? thawFigures : freezeFigures)();
    else if (/^[\p{L}\p{M}\p{N} ]$/u.test(key)) typeText(typed + key);
    else return;
    if (frozen) frozen.until = clock.now() + FORGOTTEN;
    event.preventDefault();
  });
  on("scene", () => typed && pointAtTyped()); // another scene tells another level
  on("beat", (now) => {
    if (typed && now > pointedUntil) typeText("");
    if (frozen && now > frozen.until) {
      thawFigures();
      letGo();
    }
    setAttr(document.documentElement, "data-frozen", frozen ? "true" : null);
  });
}
