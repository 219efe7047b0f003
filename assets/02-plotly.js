/* What graphs need, fetched from this server when the first one is wanted and never before: Dash's
   bundle of graphs with its polyfill, and (asked for by that bundle) plotly.js. Draws nothing. */
(function (dashboard) {
  "use strict";
  const named = (name) => (document.querySelector('meta[name="' + name + '"]') || { content: "" }).content;

  // A getter, because Dash's own script assigns its default afterwards.
  const plotly = named("plotly");
  if (plotly) Object.defineProperty(window, "_dashPlotlyJSURL", { get: () => plotly, set: () => {}, configurable: true });

  let scripts = null;
  /** Loads the scripts of graphs, in their order, once. A failed try may be made again.
   * @returns {Promise<void>} */
  dashboard.graphScripts = function () {
    scripts = scripts || Promise.all(named("graph-scripts").split(" ").filter(Boolean).map(load));
    scripts.catch(() => (scripts = null));
    return scripts;
  };

  const loaded = new Set();
  function load(address) {
    if (loaded.has(address)) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.async = false; // in order: the polyfill first
      script.src = address;
      script.onload = () => { loaded.add(address); resolve(); };
      script.onerror = reject;
      document.head.append(script);
    });
  }
})((window.dashboard = window.dashboard || {}));
