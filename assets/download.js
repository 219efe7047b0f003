/* The table as a CSV file, made in the browser from what it shows: with a byte-order mark, so that Excel
   reads Vietnamese, and no cell that a spreadsheet would take for a formula. Sends nothing anywhere. */
(function (dashboard) {
  "use strict";

  /** @param {string} text @returns {string} */
  function cell(text) {
    const safe = /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? "'" + text : text;
    return /[",\n\r]/.test(safe) ? '"' + safe.replace(/"/g, '""') + '"' : safe;
  }

  /** @param {string[][]} rows @returns {string} */
  dashboard.csv = (rows) => "\ufeff" + rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";

  document.addEventListener("click", (event) => {
    if (!event.target.closest("#download") || !dashboard.state) return;
    const file = new Blob([dashboard.csv(dashboard.shownRows())], { type: "text/csv;charset=utf-8" });
    const { province_name: province, as_of: day } = dashboard.state;
    dashboard.saveFile(file, `xa_${dashboard.plain(province)}_${day}.csv`);
  });
})(window.dashboard);
