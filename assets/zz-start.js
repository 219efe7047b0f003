/* Starts the other scripts, once: when Dash has put the layout into the page and 00-early.js, which
   comes by itself, is there too. */
(function (dashboard) {
  "use strict";
  const watch = new MutationObserver(() => dashboard.begin());
  let begun = false;

  dashboard.begin = function () {
    if (begun || !dashboard.ask || !dashboard.el("page")) return;
    begun = true;
    watch.disconnect();
    dashboard.tell("mounted");
  };
  watch.observe(document.documentElement, { childList: true, subtree: true });
  dashboard.begin();
})(window.dashboard);
