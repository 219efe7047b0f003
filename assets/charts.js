/* Tells Dash what the charts shall answer to, and asks for them once: after map and table stand and when
   their place comes near the view. Draws nothing itself. */
(function (dashboard) {
  "use strict";
  const night = matchMedia("(prefers-color-scheme: dark)");
  const SETTLE = 400; // ms
  let wanted = false;
  let key = "";

  const tell = (id, what) => window.dash_clientside && window.dash_clientside.set_props(id, what);

  /** The state's query string, version and colour scheme: changes exactly when the figures may have. */
  function answerTo(state) {
    const query = new URLSearchParams({ province: state.province });
    if (!state.live) query.set("as_of", state.as_of);
    const next = { query: String(query), version: state.version, scheme: night.matches ? "dark" : "light" };
    if (key === JSON.stringify(next)) return;
    key = JSON.stringify(next);
    tell("chart-key", { "data-key": key });
    dashboard.mark(document.documentElement, "data-charts", next.scheme); // for print, which is light
  }

  dashboard.on("listed", (state) => {
    answerTo(state);
    if (wanted || !dashboard.el("charts")) return;
    wanted = true;
    const near = new IntersectionObserver((seen) => {
      if (!seen.some((one) => one.isIntersecting)) return;
      near.disconnect();
      // Half a megabyte waits until the map and table are not only painted but seen.
      setTimeout(() => dashboard.graphScripts().then(
        () => tell("charts-wanted", { "data-wanted": "yes" }), () => (wanted = false)), SETTLE);
    }, { rootMargin: "50px" });
    near.observe(dashboard.el("charts"));
  });
  night.addEventListener("change", () => dashboard.state && answerTo(dashboard.state));
})(window.dashboard);
