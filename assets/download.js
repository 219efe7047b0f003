/* Asks for the table as a file: the communes that it shows, in its order, of the day that is shown. The server writes
   the file (pages/overview_table.py), with every number in a column of its own. Changes nothing on the page. */
(function (dashboard) {
  "use strict";
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#download") || !dashboard.state) return;
    const { province, as_of } = dashboard.state;
    const query = new URLSearchParams({ province, as_of, xa: dashboard.shownCodes().join(",") });
    dashboard.make("a", { href: "/tai/toan-canh.csv?" + query, download: "" }).click();
  });
})(window.dashboard);
