/* Tells Dash where plotly.js lies on this server (the lean bundle where set-up found it). Dash asks
   for it when the first graph is mounted, and never before. Must be defined before the app starts;
   a getter, because Dash's own script assigns its default afterwards. Loads and paints nothing. */
(function () {
  "use strict";
  const meta = document.querySelector('meta[name="plotly"]');
  if (!meta || !meta.content) return;
  Object.defineProperty(window, "_dashPlotlyJSURL", { get: () => meta.content, set: () => {}, configurable: true });
})();
