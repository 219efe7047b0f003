/* When the screen loads itself anew: for a new build, and once a night at a quiet hour of the server's clock, each
   screen at a minute of its own. Only when the server has just given the new document, so that no
   error page of the browser ever takes the wall's place. */
(function (dashboard) {
  "use strict";
  const HOUR = 3600000;
  const QUIET = 3 * HOUR; // until four o'clock
  const APART = 10 * 60000; // between two loads, whatever happens
  const NOTE = "man-hinh-loaded";
  const minute = Math.random() * HOUR;
  const build = (document.querySelector('meta[name="wall-build"]') || {}).content;
  const began = performance.now();
  let trying = false;
  let connected = false;

  /** What earlier loads of this screen left: when it was, and for which build. */
  function note() {
    try {
      return JSON.parse(sessionStorage.getItem(NOTE)) || {};
    } catch (problem) {
      return {};
    }
  }

  /** @param {string} forBuild "" for the nightly one */
  async function loadAnew(forBuild) {
    const now = dashboard.clock.now();
    const last = note();
    if (trying || Math.abs(now - (last.at || 0)) < APART || (forBuild && last.build === forBuild)) return;
    trying = true;
    try {
      const answer = await fetch(location.pathname, { cache: "no-store", credentials: "same-origin" });
      const page = await answer.text();
      if (!answer.ok || !answer.headers.get("X-Now") || !page.includes('id="page"')) return;
      sessionStorage.setItem(NOTE, JSON.stringify({ at: now, build: forBuild || last.build }));
      location.reload();
    } catch (problem) {
      // the server went away in between, or nothing can be noted: a later beat tries again
    } finally {
      trying = false;
    }
  }

  dashboard.on("connection", (news) => {
    connected = news.connected;
  });
  dashboard.on("beat", (now) => {
    if (!connected || !dashboard.clock.sure()) return;
    const { state } = dashboard;
    if (state && state.build && build && state.build !== build && !dashboard.keptSince) loadAnew(state.build);
    const today = dashboard.clock.sinceMidnight(now) - QUIET - minute;
    const due = today >= 0 && today < HOUR - minute;
    if (due && performance.now() - began > 2 * HOUR) loadAnew("");
  });
})(window.dashboard);
