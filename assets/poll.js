/* Keeps the page's state equal to the server's: one conditional question at a time, soon again after
   trouble, at once when the page is looked at again. Tells "state" and "connection". Paints nothing. */
(function (dashboard) {
  "use strict";
  const LIMIT = 8000;
  const SLOWEST = 30000;
  let every = 5000;
  let held = { url: "", etag: "" };
  let asking = null; // the AbortController of the question under way
  let askedUrl = "";
  let timer = 0;
  let failures = 0;
  let lastGood = null;

  const wanted = () => dashboard.stateAddress(location.search);

  /** Milliseconds until the next question; jitter keeps many pages from asking together. */
  function pause() {
    const slower = failures ? Math.min(SLOWEST, every * Math.pow(1.6, failures - 1)) : every;
    return slower * (0.85 + 0.3 * Math.random());
  }

  /** @param {number} wait */
  function later(wait) {
    clearTimeout(timer);
    timer = setTimeout(ask, wait);
  }

  async function ask() {
    clearTimeout(timer);
    if (asking || document.hidden) return;
    const mine = (asking = new AbortController());
    const limit = setTimeout(() => mine.abort(), LIMIT);
    const url = (askedUrl = wanted());
    try {
      const early = dashboard.early;
      dashboard.early = null;
      const etag = held.url === url ? held.etag : "";
      let answer = early && !dashboard.state ? await early : await dashboard.ask(url, etag, mine.signal);
      if (answer.url !== url) answer = await dashboard.ask(url, etag, mine.signal);
      if (asking === mine) took(answer);
    } catch (problem) {
      if (asking === mine) lost();
    } finally {
      clearTimeout(limit);
      if (asking === mine) {
        asking = null;
        later(pause());
      }
    }
  }

  /** @param {{url: string, etag: string, state: ?Object}} answer */
  function took(answer) {
    failures = 0;
    lastGood = new Date();
    held = { url: answer.url, etag: answer.etag };
    const news = answer.state && !deployedAnew(answer.state.build) ? answer.state : null;
    if (news) {
      dashboard.state = news;
      dashboard.shownFor = answer.url;
    }
    dashboard.tell("connection", { connected: true, since: lastGood });
    if (news) dashboard.tell("state", news);
  }

  function lost() {
    failures += 1;
    dashboard.tell("connection", { connected: false, since: lastGood });
  }

  /** A page of an older build reloads itself, once per build. @param {string} build @returns {boolean} */
  function deployedAnew(build) {
    const meta = document.querySelector('meta[name="build"]');
    if (!meta || !meta.content || !build || meta.content === build) return false;
    try {
      if (sessionStorage.getItem("reloaded-for") === build) return false;
      sessionStorage.setItem("reloaded-for", build);
    } catch (problem) {
      return false; // without memory a reload could loop
    }
    location.reload();
    return true;
  }

  dashboard.on("mounted", () => {
    const meta = document.querySelector('meta[name="poll-seconds"]');
    if (meta && Number(meta.content) > 0) every = Number(meta.content) * 1000;
    ask();
  });
  dashboard.on("corrected", () => {
    dashboard.shownFor = held.url = askedUrl = wanted(); // another name of what was just answered
  });
  dashboard.on("address", () => {
    if (asking && askedUrl !== wanted()) {
      asking.abort(); // for a day or province that nobody wants any more
      asking = null;
      later(pause());
    }
    if (wanted() !== held.url) ask();
  });
  document.addEventListener("visibilitychange", () => document.hidden || ask());
  addEventListener("online", ask);
  addEventListener("pageshow", (event) => event.persisted && ask());
})(window.dashboard);
