/* The links to the other pages go with the view: the same province, and the same day unless it is the live one.
   Goes nowhere itself. */
(function (dashboard) {
  "use strict";

  function follow() {
    const { state } = dashboard;
    if (!state) return;
    const query = new URLSearchParams({ province: state.province, ...(state.live ? {} : { as_of: state.as_of }) });
    for (const link of document.querySelectorAll(".bar nav a:not([aria-current]), a[data-page]")) {
      dashboard.mark(link, "href", `${link.pathname}?${query}`);
    }
  }
  dashboard.on("state", follow);
})(window.dashboard);
