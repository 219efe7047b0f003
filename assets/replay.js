/* Replays the map day by day since 01/07/2025: play, pause and a slider. One small file a year holds the levels of all
   days; it is fetched when somebody reaches for the slider. While days run by, only map, legend and title follow; where
   the slider stops, the day goes into the address and the whole page shows it. */
(function (dashboard) {
  "use strict";
  const { el, make, write, mark } = dashboard;
  const DAY = 86400000;
  const FIRST = "2025-07-01";
  const WHOLE = 20000; // ms from the first day to today
  const REST = 350; // ms without another step before the day goes into the address
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const held = { files: "", from: [], layers: null }; // decoded: layer → per commune one letter a day
  let loading = null;
  let parts = null;
  let shown = -1; // the day that the map is painted with; -1: the state's own
  let run = null; // what plays
  let rest = 0;

  const dayAt = (at) => new Date(Date.parse(FIRST) + at * DAY).toISOString().slice(0, 10);
  const placeOf = (iso) => Math.round((Date.parse(iso) - Date.parse(FIRST)) / DAY);
  const words = (iso) => iso.split("-").reverse().join("/");
  const last = () => placeOf(dashboard.state.today);

  /** `y12g3` → `yyyyyyyyyyyyggg` @param {string} runs @returns {string} */
  const spread = (runs) => runs.replace(/([a-z])(\d+)/g, (_, letter, times) => letter.repeat(times));

  /** The levels of all days, once per version. @returns {Promise<void>} */
  function load() {
    const files = dashboard.state.days.join(" ");
    if (held.files === files) return Promise.resolve();
    if (loading && loading.files === files) return loading.done;
    const one = (url) => fetch(url, { credentials: "same-origin" }).then((answer) => {
      if (!answer.ok) throw new Error("HTTP " + answer.status);
      return answer.json();
    });
    const done = Promise.all(files.split(" ").map(one)).then((years) => {
      const layers = {};
      for (const [at, year] of years.entries()) {
        for (const name of Object.keys(year.layers)) {
          // A layer that a year does not know was not judged then: nobody is known of.
          layers[name] = layers[name] || year.codes.map(() => "u".repeat(placeOf(years[at].first)));
          layers[name] = layers[name].map((days, commune) => days + spread(year.layers[name][commune]));
        }
      }
      Object.assign(held, { files, codes: years[0].codes, layers });
    });
    loading = { files, done };
    done.catch(() => (loading = null));
    return done;
  }

  /** Map, legend and title of one day; the rest of the page waits. @param {number} at */
  function paint(at) {
    const { state } = dashboard;
    if (!held.layers || dashboard.map.address !== state.map) return;
    const asked = dashboard.address.now().show;
    const name = held.layers[asked] ? asked : "overall"; // shares on time are a month's: they have no days
    const counts = {};
    held.codes.forEach((code, commune) => {
      const level = dashboard.levels()[held.layers[name][commune][at]] || dashboard.levels().u;
      counts[level.code] = (counts[level.code] || 0) + 1;
      dashboard.map.level(code, level.code);
    });
    const subject = name === "overall" ? "Mức sẵn sàng" : state.layers[name].name;
    const green = `${counts.green || 0}/${held.codes.length} xã xanh`;
    write(el("map-title"), `${subject} ngày ${words(dayAt(at))}: ${green}`);
    mark(parts.slider, "aria-valuetext", `${words(dayAt(at))}, ${green}`);
    mark(document.documentElement, "data-replay", dayAt(at));
    dashboard.tell("replayed", { layer: state.layers[name], counts });
  }

  /** @param {number} at the day's place */
  function step(at) {
    shown = Math.max(0, Math.min(last(), at));
    if (Number(parts.slider.value) !== shown) parts.slider.value = shown;
    write(parts.day, words(dayAt(shown)));
    paint(shown);
  }

  /** The day goes into the address; the page shows all of it. */
  function settle() {
    clearTimeout(rest);
    if (shown < 0) return;
    const iso = dayAt(shown);
    if (iso === dashboard.state.as_of) return leave();
    dashboard.address.go({ as_of: iso === dashboard.state.today ? "" : iso });
  }

  function leave() {
    shown = -1;
    mark(document.documentElement, "data-replay", null);
    dashboard.map.repaint();
  }

  function say(problem) {
    write(parts.note, problem ? "Chưa tải được các ngày; hãy thử lại." : "");
  }

  function pause() {
    if (!run) return;
    cancelAnimationFrame(run.frame);
    clearInterval(run.timer);
    run = null;
    label();
    settle();
  }

  async function play() {
    const mine = (run = { frame: 0, timer: 0 });
    label();
    try {
      await load();
      say(false);
    } catch (problem) {
      run = null;
      label();
      return say(true);
    }
    if (run !== mine) return;
    let at = Number(parts.slider.value);
    if (at >= last()) at = 0;
    step(at);
    // Who wants little motion gets a week at a time, slowly; nothing moves between.
    if (calm.matches) mine.timer = setInterval(() => onwards(shown + 7), 800);
    else {
      const began = performance.now();
      const tick = (now) => {
        mine.frame = requestAnimationFrame(tick);
        const next = at + Math.floor(((now - began) / WHOLE) * last());
        if (next !== shown) onwards(next);
      };
      mine.frame = requestAnimationFrame(tick);
    }
  }

  function onwards(at) {
    step(at);
    if (shown >= last()) pause();
  }

  function label() {
    write(parts.play, run ? "❚❚ Dừng" : "▶ Phát");
    mark(parts.play, "aria-label", run ? "Dừng phát lại" : "Phát lại bản đồ theo ngày từ 01/07/2025");
  }

  function build() {
    parts = {
      play: make("button", { type: "button", id: "replay-play" }),
      slider: make("input", { type: "range", id: "replay-day", min: "0", step: "1", "aria-label": "Ngày trên bản đồ" }),
      day: make("span", { class: "replay-date" }), note: make("span", { class: "quiet", role: "status" }),
    };
    el("replay").replaceChildren(parts.play, parts.slider, parts.day, parts.note);
    label();
    parts.play.addEventListener("click", () => (run ? pause() : play()));
    parts.slider.addEventListener("input", () => {
      if (run) pause();
      clearTimeout(rest);
      step(Number(parts.slider.value));
      load().then(() => { say(false); if (shown >= 0) paint(shown); }, () => say(true));
    });
    parts.slider.addEventListener("change", () => (rest = setTimeout(settle, REST)));
    for (const sign of ["pointerenter", "focusin"]) el("replay").addEventListener(sign, () => load().catch(() => {}));
  }

  dashboard.on("painted", (state) => {
    if (!parts) build();
    mark(parts.slider, "max", String(last()));
    if (shown >= 0 && !run && dayAt(shown) === state.as_of) {
      shown = -1; // what was stopped at has arrived
      mark(document.documentElement, "data-replay", null);
    }
    if (shown >= 0) return void load().then(() => shown >= 0 && paint(shown), () => {}); // a refresh, or another layer
    parts.slider.value = String(placeOf(state.as_of));
    write(parts.day, words(state.as_of));
    mark(parts.slider, "aria-valuetext", words(state.as_of));
  });
  document.addEventListener("visibilitychange", () => document.hidden && run && pause());
})(window.dashboard);
