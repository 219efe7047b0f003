/* Two different things, kept apart: how the connection is, and how old the data are. Both age by
   themselves. While something else is asked for than is shown, says what of which is seen. Asks
   nothing. */
import { current } from "./current.js";
import { formatDay } from "./days.js";
import { el, setAttr, setText } from "./elements.js";
import { on } from "./events.js";

const CLOCK = new Intl.DateTimeFormat("vi-VN", {
  hour: "2-digit",
  minute: "2-digit",
  timeZone: "Asia/Ho_Chi_Minh",
});
const DATE = new Intl.DateTimeFormat("vi-VN", {
  day: "2-digit",
  month: "2-digit",
  year: "numeric",
  timeZone: "Asia/Ho_Chi_Minh",
});
const DAY = 86400000;
const UTC_OFFSET = 7 * 3600000; // Vietnam, all year
/** @type {{connected: boolean, since: ?Date}} */
let link = { connected: false, since: null };
let tried = false;
let heard = NaN; // when the server last answered, by the clock of this PC
/** @type {?Date} of when this page is, where it is this device's own copy */
let copied = null;

/** @param {number} moment milliseconds @returns {number} its day in Vietnam's calendar */
const getDayNumber = (moment) => Math.floor((moment + UTC_OFFSET) / DAY);

/** Days of the calendar, in the words of the table's rows. Today is the server's day and what went
 * by here since it was heard: the calendar of this PC may be wrong.
 * @param {number} moment milliseconds @param {State} state @returns {string} */
function describeAge(moment, state) {
  const since = isNaN(heard) ? 0 : getDayNumber(Date.now()) - getDayNumber(heard);
  const days =
    getDayNumber(Date.parse(state.as_of + "T00:00:00+07:00")) + since - getDayNumber(moment);
  if (days > 1) return days.toLocaleString("vi-VN") + " ngày trước";
  return days === 1 ? "hôm qua" : "hôm nay";
}

/** @param {State} state @returns {string} */
function getDataMoment(state) {
  return state.data_as_of.replace(/^tính đến\s+/, "") || "chưa có dữ liệu";
}

/** @param {string} iso @returns {string} */
const nameDay = (iso) => "ngày " + formatDay(iso);

/** Says what is on its way while something else is shown than was asked for.
 * @type {(state: State) => string} "" where nothing is */
let describeAwaited = () => "";

/** @param {(state: State) => string} describe */
export function setAwaited(describe) {
  describeAwaited = describe;
}

/** @param {State} state @param {string} awaited */
function showConnected(state, awaited) {
  const live = !state || state.live;
  setText(
    el("connection"),
    awaited || (live ? "● Tự cập nhật" : "Đang xem " + nameDay(state.as_of)),
  );
  setText(el("checked"), live && !awaited && link.since ? CLOCK.format(link.since) : "");
  setAttr(document.documentElement, "data-connection", awaited ? "waits" : live ? "live" : "past");
}

/** @param {State} state @param {string} awaited */
function showLost(state, awaited) {
  const copy = copied
    ? `Mất kết nối · bản lưu lúc ${CLOCK.format(copied)} ngày ${DATE.format(copied)}`
    : "Chưa tải được số liệu, đang thử lại";
  const since = link.since ? "Mất kết nối từ " + CLOCK.format(link.since) : copy;
  const shown = awaited
    ? `của ${state.province_name}, ${nameDay(state.as_of)}`
    : state && state.data_as_of && "đến " + getDataMoment(state);
  setText(el("connection"), since + (shown ? " · đang hiện số liệu " + shown : ""));
  setText(el("checked"), "");
  setAttr(document.documentElement, "data-connection", "lost");
}

function showConnection() {
  const { state } = current;
  if (!tried) return;
  (link.connected ? showConnected : showLost)(state, state ? describeAwaited(state) : "");
  if (!state) return;
  const moment = Date.parse(state.data_time);
  // A past day does not age: its as-of line says all. Dossiers have an age of their own, beside
  // their figures.
  const age = isNaN(moment)
    ? "chưa có dữ liệu điều kiện"
    : "điều kiện: số liệu " + describeAge(moment, state);
  setText(el("data-age"), state.live ? age : "");
  setAttr(el("data-age"), "title", "Số liệu điều kiện mới nhất: " + getDataMoment(state));
}

export function watchConnection() {
  on("connection", (news) => {
    link = news;
    tried = true;
    if (news.connected) heard = Date.now();
    showConnection();
  });
  on("kept", (copy) => {
    copied = isNaN(copy.date) ? null : copy.date;
    if (isNaN(heard)) heard = copy.heard;
    showConnection();
  });
  on("state", showConnection);
  on("pending", showConnection);
  on("mounted", () => setInterval(showConnection, 20000));
}
