/* How old the picture is: the figures' own time, which ages by itself and takes the colours
   along, and apart from it the connection. Also the clock and the small shifts that spare a
   panel. Asks nothing. */
import { current } from "../../../assets/current.js";
import { el, setAttr, setText } from "../../../assets/elements.js";
import { emit, on } from "../../../assets/events.js";
import { clock } from "./clock.js";
import { showBand } from "./fit.js";
import { wall } from "./wall_state.js";

const MINUTE = 60000;
const HOUR = 60 * MINUTE;
const WAITS = 45000; // one answer missed is no outage
// Small steps around the middle, another every four minutes, the same on every screen at the same
// time.
const SHIFTS = [
  [0, 0],
  [4, 2],
  [8, 4],
  [4, 6],
  [0, 8],
  [-4, 6],
  [-8, 4],
  [-4, 2],
  [0, -2],
  [4, -4],
  [-4, -4],
  [0, -6],
];
/** @type {?Scene} */
let scene = null;
/** @type {?number} the server's time of the last good answer; 0 where none ever came; null while
 * they come */
let lost = null;
/** @type {?number} */
let lastGood = null;
let told = "";

/** How many days of the calendar the figures are old. @param {SceneAge} age @param {number} now */
const countDaysOld = (age, now) =>
  clock.getDayNumber(now) - clock.getDayNumber(Date.parse(age.told));

/** How long ago, in the largest unit that says something.
 * @param {SceneAge} age @param {number} now */
function describeAge(age, now) {
  const days = countDaysOld(age, now);
  const minutes = Math.floor((now - Date.parse(age.told)) / MINUTE);
  if (days > 1) return `${days} ngày trước`;
  if (age.day_only || minutes < 0) return days === 1 ? "hôm qua" : "hôm nay";
  if (minutes < 60) return `${minutes} phút trước`;
  return `${Math.floor(minutes / 60)} giờ trước`;
}

/** How many reports are overdue, 0 to 3.
 * @param {SceneAge} age @param {number} now */
const countOverdue = (age, now) => age.late.filter((moment) => now >= Date.parse(moment)).length;

/** @param {number} now */
function showAge(now) {
  const { age } = scene;
  if (!age.told) return setText(el("age"), "Chưa có dữ liệu");
  setText(
    el("age"),
    `Số liệu đến ${age.words}` + (clock.isSure() ? `, ${describeAge(age, now)}` : ""),
  );
}

/** Since when nothing new came; null while all is well. What was kept of an earlier load counts as
 * soon as the first question failed: for a moment after every load it is still under way.
 * @returns {?number} */
const getAwaySince = () => (lost === 0 && wall.keptSince) || lost;

/** What has to be said loudly; "" while all is well.
 * @param {number} now @param {number} late */
function describeAlarm(now, late) {
  const words = [];
  const since = getAwaySince();
  const sameDay = since && clock.getDayNumber(since) === clock.getDayNumber(now);
  if (since)
    words.push(
      `Mất kết nối từ ${clock.formatTime(since)}${sameDay ? "" : " " + clock.formatDay(since)}`,
    );
  else if (since === 0) words.push("Chưa kết nối được máy chủ");
  // What the server says of a list that stopped does not age by itself.
  if (late && scene.age.stopped && since === null) words.push(scene.age.stopped);
  else if (late)
    words.push(
      clock.isSure()
        ? `Đã ${countDaysOld(scene.age, now)} ngày chưa có số liệu mới`
        : "Số liệu có thể đã cũ",
    );
  return words.join(" · ");
}

/** @param {number} now */
function showAges(now) {
  if (clock.isSure()) setText(el("clock"), clock.formatTime(now));
  if (!current.state) {
    if (lost !== null) setText(el("age"), "Chưa kết nối được máy chủ, đang thử lại");
    return;
  }
  if (!scene) return;
  showAge(now);
  const late = countOverdue(scene.age, now);
  const since = getAwaySince();
  const step = Math.max(late, since === null ? 0 : since && now - since > HOUR ? 2 : 1);
  setAttr(document.documentElement, "data-aging", step ? String(step) : null);
  setAttr(
    document.documentElement,
    "data-connection",
    since !== null ? "lost" : wall.keptSince ? "" : "live",
  );
  const words = describeAlarm(now, late);
  if (words === told) return;
  told = words;
  showBand(el("alert"), words ? [words] : []);
  emit("refit"); // the band takes its place from the picture
}

/** @param {number} now */
function shiftPicture(now) {
  const [x, y] = SHIFTS[Math.floor(now / (4 * MINUTE)) % SHIFTS.length];
  const px = Math.max(1, Math.min(innerWidth, innerHeight) / 1080);
  const moved = x || y ? `translate(${x * px}px, ${y * px}px)` : "";
  if (el("page").style.transform !== moved) el("page").style.transform = moved;
}

export function watchAges() {
  on("connection", ({ connected }) => {
    if (connected) {
      lastGood = clock.now();
      lost = null;
    } else if (lastGood === null) lost = 0;
    else if (clock.now() - lastGood > WAITS) lost = lastGood;
    wall.lastGood = lastGood;
    showAges(clock.now());
  });
  on("laid", (news) => {
    scene = news;
    showAges(clock.now());
  });
  on("beat", (now) => {
    // Also where not even a refusal comes back: silence alone is an outage.
    if (lastGood !== null && lost === null && now - lastGood > 2 * WAITS) lost = lastGood;
    showAges(now);
    shiftPicture(now);
  });
}
