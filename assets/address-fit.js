/* The address never says what is not shown: where the server fell back (a day without data, a province that
   does not exist) or a commune is of another province, the address is put right, and a day is told of. */
(function (dashboard) {
  "use strict";
  const { el, write } = dashboard;

  /** The fields of the address that do not fit what is shown. @param {Object} state
   * @returns {Object<string, string>} what they become */
  function misfits(state) {
    const fields = dashboard.address.now();
    const changes = {};
    if (fields.as_of && state.live) changes.as_of = "";
    if (fields.province && fields.province !== state.province) changes.province = state.province;
    if (fields.commune && !state.codes.includes(fields.commune)) changes.commune = "";
    const decided = state.decisions ? state.decisions.lines.map((line) => line.code) : [];
    if (fields.signal && !decided.includes(fields.signal)) changes.signal = ""; // settled meanwhile: all are shown again
    return changes;
  }

  dashboard.on("state", (state) => {
    const asked = new URLSearchParams(location.search).get("as_of");
    const changes = misfits(state);
    const day = dashboard.address.now().as_of;
    const fell = state.live && asked;
    if (!Object.keys(changes).length && !fell) return;
    dashboard.address.correct(changes);
    const words = day ? "Không có số liệu ngày " + day.split("-").reverse().join("/") : "Ngày trong địa chỉ không đọc được";
    if (fell) write(el("address-note"), words + "; đang xem trực tiếp");
  });
  dashboard.on("address", () => write(el("address-note"), "")); // said once: gone with the next step
})(window.dashboard);
