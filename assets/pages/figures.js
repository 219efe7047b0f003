/* Draws the charts of a document ([data-figure]): plotly.js is fetched when the first one comes near the view, the
   others follow while nobody waits, so that they are there on paper. Every figure is the server's; text and table
   beside it stand without this script. */
(function (dashboard) {
  "use strict";
  const { mark } = dashboard;
  const NARROW = 360; // pixels: on these no more than FEW days stand side by side
  const FEW = 3;
  const night = matchMedia("(prefers-color-scheme: dark)");
  const near = new Set(); // places that were or shall be drawn
  const lost = new Set(); // of these, those whose figure did not come
  let library = null;

  function plotly() {
    library = library || new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = document.querySelector('meta[name="plotly"]').content;
      script.onload = () => resolve(window.Plotly);
      script.onerror = () => { script.remove(); library = null; reject(new Error("no plotly")); };
      document.head.append(script);
    });
    return library;
  }

  /** The figure hangs on the page's own address. @param {HTMLElement} place @returns {string} */
  function address(place) {
    const query = new URLSearchParams(location.search);
    if (night.matches) query.set("dark", "1");
    return `${location.pathname}/bieu-do/${place.dataset.figure}.json?${query}`;
  }

  /** @param {HTMLElement} place @returns {Promise<void>} */
  async function draw(place) {
    const from = address(place);
    try {
      const [answer, Plotly] = await Promise.all([fetch(from, { cache: "no-cache", credentials: "same-origin" }), plotly()]);
      if (!answer.ok) throw new Error("HTTP " + answer.status);
      const figure = await answer.json();
      if (from !== address(place) || !place.isConnected) return; // the scheme changed meanwhile, or the place is gone
      const days = figure.layout.xaxis;
      if (days && place.clientWidth < NARROW) days.nticks = Math.min(days.nticks || FEW, FEW);
      await Plotly.react(place, figure);
      lost.delete(place);
      mark(place, "data-drawn", "yes");
    } catch (problem) {
      lost.add(place);
      mark(place, "data-drawn", "failed");
    }
  }

  const observer = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) if (isIntersecting) want(target).then(othersToo);
  }, { rootMargin: "300px" });

  function want(place) {
    observer.unobserve(place);
    near.add(place);
    return draw(place);
  }

  /** Once the library is here the other figures cost a few kilobytes each. */
  function othersToo() {
    const waiting = [...document.querySelectorAll("[data-figure]")].find((place) => !near.has(place));
    if (waiting) (window.requestIdleCallback || setTimeout)(() => want(waiting).then(othersToo));
  }

  function watch() {
    for (const place of near) if (!place.isConnected) { near.delete(place); lost.delete(place); }
    for (const place of document.querySelectorAll("[data-figure]")) if (!near.has(place)) observer.observe(place);
  }
  const again = () => near.forEach(draw);

  dashboard.on("mounted", watch);
  dashboard.on("swapped", () => { watch(); again(); });
  dashboard.on("connection", ({ connected }) => connected && lost.forEach(draw));
  night.addEventListener("change", again);
})(window.dashboard);
