/* What this screen's address asks for, how it is asked of the server, and the last answer, which is kept so that
   the screen has a picture before and without the server. Paints nothing. */
(function (dashboard) {
  "use strict";
  const PLACE = "man-hinh:";
  const KEPT = 4; // pictures of as many addresses on one computer
  const DAY = /^\d{4}-\d{2}-\d{2}$/;
  const query = new URLSearchParams(location.search);
  const said = (name, rule) => (rule.test(query.get(name) || "") ? query.get(name) : "");

  /** The address in its parts; junk is left out. */
  const asked = (dashboard.asked = {
    province: said("province", /^\d{2}$/),
    scenes: said("canh", /^[a-z,-]{1,200}$/),
    group: said("xa", /^[\d,]{1,2400}$/),
    since: said("tu", DAY),
    seconds: Math.min(600, Math.max(5, Number(said("giay", /^\d{1,3}$/)) || 20)),
    name: (query.get("ten") || "").trim().slice(0, 40),
    light: query.get("nen") === "sang",
  });
  if (asked.light) document.documentElement.dataset.ground = "light";

  const address = "/api/wall?" + new URLSearchParams(
    ["province", "scenes", "group", "since"].filter((name) => asked[name]).map((name) => [name, asked[name]]));
  dashboard.stateAddress = () => address;
  dashboard.address = { now: () => ({ show: dashboard.scene || "", view: "" }) };

  /** Whether an answer is whole: half a picture is worse than the last one. @param {*} state @returns {boolean} */
  function whole(state) {
    if (!state || typeof state.map !== "string" || !Array.isArray(state.codes) || !Array.isArray(state.scenes)) return false;
    return state.scenes.length > 0 && state.scenes.every((scene) =>
      typeof scene.id === "string" && typeof scene.title === "string" && Array.isArray(scene.figures) &&
      Array.isArray(scene.named) && Array.isArray(scene.lines) && scene.age &&
      (scene.levels || "").length === state.codes.length);
  }

  /** The answer with the scenes' levels as map.js reads them. */
  function ready(state) {
    state.layers = {};
    for (const scene of state.scenes) {
      state.layers[scene.id] = { levels: scene.levels, name: scene.title, subject: scene.subject, words: scene.words || {} };
    }
    const { levels } = state.scenes.find((scene) => !scene.subject) || { levels: state.overall || "" };
    state.overall = { levels };
    return state;
  }

  /** One question. Rejects on anything that is not a whole answer or "unchanged".
   * @param {string} url @param {string} etag @param {AbortSignal} [signal] */
  dashboard.ask = async function (url, etag, signal) {
    const began = performance.now();
    const headers = etag ? { "If-None-Match": etag } : {};
    const answer = await fetch(url, { headers, signal, cache: "no-store", credentials: "same-origin" });
    const now = answer.headers.get("X-Now");
    if (answer.status !== 304 && !answer.ok) throw new Error("HTTP " + answer.status);
    if (answer.status === 304) {
      dashboard.clock.heard(now, began);
      return { url, etag, state: null };
    }
    const text = await answer.text();
    const state = JSON.parse(text);
    if (!whole(state)) throw new Error("not a wall");
    dashboard.clock.heard(now, began);
    keep(text);
    return dashboard.hold({ url, etag: answer.headers.get("ETag") || "", state: ready(state) });
  };
  dashboard.hold = (answer) => answer; // a frozen screen takes news away here (meeting.js)

  /** @param {string} text */
  function keep(text) {
    try {
      const mine = PLACE + address;
      localStorage.setItem(mine, JSON.stringify({ at: dashboard.clock.now(), text }));
      const all = Object.keys(localStorage).filter((name) => name.startsWith(PLACE) && name !== mine);
      const at = (name) => JSON.parse(localStorage.getItem(name)).at || 0;
      for (const old of all.sort((a, b) => at(b) - at(a)).slice(KEPT - 1)) localStorage.removeItem(old);
    } catch (problem) { /* full or forbidden: the screen only has no memory then */ }
  }

  /** What was kept of this address, and when it was heard. @returns {?{at: number, state: Object}} */
  dashboard.kept = function () {
    try {
      const { at, text } = JSON.parse(localStorage.getItem(PLACE + address));
      const state = JSON.parse(text);
      return whole(state) ? { at, state: ready(state) } : null;
    } catch (problem) {
      return null;
    }
  };

  /** A drawing's text; the worker keeps it (keep.js). @param {string} url @returns {Promise<string>} */
  dashboard.drawing = async function (url) {
    const answer = await fetch(url, { credentials: "same-origin" });
    const text = answer.ok ? await answer.text() : "";
    if (!text.startsWith("<svg")) throw new Error("no drawing");
    return text;
  };
})(window.dashboard);
