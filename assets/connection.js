/* Two different things, kept apart: how the connection is, and how old the data are. Both age by
   themselves. Asks nothing. */
(function (dashboard) {
  "use strict";
  const { el, write, mark } = dashboard;
  const CLOCK = new Intl.DateTimeFormat("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
  let link = { connected: false, since: null };
  let tried = false;

  /** @param {number} seconds @returns {string} */
  function ago(seconds) {
    if (seconds < 60) return "vừa xong";
    if (seconds < 3600) return Math.floor(seconds / 60) + " phút trước";
    if (seconds < 86400) return Math.floor(seconds / 3600) + " giờ trước";
    return Math.floor(seconds / 86400).toLocaleString("vi-VN") + " ngày trước";
  }

  /** @param {Object} state @returns {string} */
  function dataMoment(state) {
    return state.data_as_of.replace(/^tính đến\s+/, "") || "chưa có dữ liệu";
  }

  function tell() {
    const { state } = dashboard;
    const root = document.documentElement;
    if (!tried) return;
    if (link.connected) {
      const live = !state || state.live;
      write(el("connection"), live ? "● Trực tiếp" : "Đang xem ngày " + state.as_of.split("-").reverse().join("/"));
      write(el("checked"), live && link.since ? CLOCK.format(link.since) : "");
      mark(root, "data-connection", live ? "live" : "past");
    } else {
      const since = link.since ? "Mất kết nối từ " + CLOCK.format(link.since) : "Chưa tải được số liệu, đang thử lại";
      write(el("connection"), since + (state ? " · đang hiện số liệu lúc " + dataMoment(state) : ""));
      write(el("checked"), "");
      mark(root, "data-connection", "lost");
    }
    if (!state) return;
    const seconds = state.data_time ? (Date.now() - Date.parse(state.data_time)) / 1000 : NaN;
    // A past day does not age: its as-of line says all.
    write(el("data-age"), !state.live ? "" : isNaN(seconds) ? "chưa có dữ liệu" : "số liệu " + ago(seconds));
    mark(el("data-age"), "title", "Số liệu mới nhất: " + dataMoment(state));
  }

  dashboard.on("connection", (news) => {
    link = news;
    tried = true;
    tell();
  });
  dashboard.on("state", tell);
  dashboard.on("mounted", () => setInterval(tell, 20000));
})(window.dashboard);
