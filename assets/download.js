/* The table as a CSV file, made in the browser from what it shows: with a byte-order mark, so that Excel
   reads Vietnamese, and no cell that a spreadsheet would take for a formula. Sends nothing anywhere. */
(function (dashboard) {
  "use strict";

  /** @param {string} text @returns {string} */
  function cell(text) {
    const safe = /^[=+\-@\t\r]/.test(text) ? "'" + text : text;
    return /[",\n\r]/.test(safe) ? '"' + safe.replace(/"/g, '""') + '"' : safe;
  }

  /** @param {string[][]} rows @returns {string} */
  dashboard.csv = (rows) => "\ufeff" + rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";

  /** `Quảng Ngãi` → `quang-ngai`: letters that every file system keeps. @param {string} name @returns {string} */
  const plain = (name) => name.normalize("NFD").toLowerCase().replace(/đ/g, "d")
    .replace(/\p{M}/gu, "").replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");

  document.addEventListener("click", (event) => {
    if (!event.target.closest("#download") || !dashboard.state) return;
    const file = new Blob([dashboard.csv(dashboard.shownRows())], { type: "text/csv;charset=utf-8" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = `xa_${plain(dashboard.state.province_name)}_${dashboard.state.as_of}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
})(window.dashboard);
