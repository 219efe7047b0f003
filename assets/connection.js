/* Two different things, kept apart: how the connection is, and how old the data are. Both age by
   themselves. While something else is asked for than is shown, says what of which is seen. Asks nothing. */
(function (dashboard) {
  "use strict";
  const { el, write, mark } = dashboard;
  const CLOCK = new Intl.DateTimeFormat("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
  const DAY = 86400000;
  const UTC_OFFSET = 7 * 3600000; // Vietnam, all year
  let link = { connected: false, since: null };
  let tried = false;
  let heard = NaN; // when the server last answered, by the clock of this PC

  /** @param {number} moment milliseconds @returns {number} its day in Vietnam's calendar */
  const dayNumber = (moment) => Math.floor((moment + UTC_OFFSET) / DAY);

  /** Days of the calendar, in the words of the table's rows. Today is the server's day and what went by here since
   * it was heard: the calendar of this PC may be wrong.
   * @param {number} moment milliseconds @param {Object} state @returns {string} */
  function ago(moment, state) {
    const since = isNaN(heard) ? 0 : dayNumber(Date.now()) - dayNumber(heard);
    const days = dayNumber(Date.parse(state.as_of + "T00:00:00+07:00")) + since - dayNumber(moment);
    if (days > 1) return days.toLocaleString("vi-VN") + " ngày trước";
    return days === 1 ? "hôm qua" : "hôm nay";
  }

  /** @param {Object} state @returns {string} */
  function dataMoment(state) {
    return state.data_as_of.replace(/^tính đến\s+/, "") || "chưa có dữ liệu";
  }

  /** @param {string} iso @returns {string} */
  const dayOf = (iso) => "ngày " + iso.split("-").reverse().join("/");

  /** What is on its way, by what differs from what is shown. @param {Object} state @returns {string} */
  function wanted(state) {
    const fields = dashboard.address.now();
    const option = [...el("province").options].find((one) => one.value === fields.province);
    const other = option && fields.province !== state.province;
    const parts = [other ? option.label : "", fields.as_of && fields.as_of !== state.as_of ? dayOf(fields.as_of) : ""];
    return ["Đang tải", parts.filter(Boolean).join(", ") || "số liệu mới"].join(" ") + "…";
  }

  function connected(state, waits) {
    const live = !state || state.live;
    write(el("connection"), waits ? wanted(state) : live ? "● Trực tiếp" : "Đang xem " + dayOf(state.as_of));
    write(el("checked"), live && !waits && link.since ? CLOCK.format(link.since) : "");
    mark(document.documentElement, "data-connection", waits ? "waits" : live ? "live" : "past");
  }

  function lost(state, waits) {
    const since = link.since ? "Mất kết nối từ " + CLOCK.format(link.since) : "Chưa tải được số liệu, đang thử lại";
    const shown = waits ? `của ${state.province_name}, ${dayOf(state.as_of)}` : state && state.data_as_of && "đến " + dataMoment(state);
    write(el("connection"), since + (shown ? " · đang hiện số liệu " + shown : ""));
    write(el("checked"), "");
    mark(document.documentElement, "data-connection", "lost");
  }

  function tell() {
    const { state } = dashboard;
    if (!tried) return;
    (link.connected ? connected : lost)(state, dashboard.pending());
    if (!state) return;
    const moment = Date.parse(state.data_time);
    // A past day does not age: its as-of line says all. Dossiers have an age of their own, beside their figures.
    const age = isNaN(moment) ? "chưa có dữ liệu điều kiện" : "điều kiện: số liệu " + ago(moment, state);
    write(el("data-age"), state.live ? age : "");
    mark(el("data-age"), "title", "Số liệu điều kiện mới nhất: " + dataMoment(state));
  }

  dashboard.on("connection", (news) => {
    link = news;
    tried = true;
    if (news.connected) heard = Date.now();
    tell();
  });
  dashboard.on("state", tell);
  dashboard.on("pending", tell);
  dashboard.on("mounted", () => setInterval(tell, 20000));
})(window.dashboard);
