/* A keyboard or a remote control in a meeting: arrows and space step through, F freezes the figures that are being
   spoken of, letters point at a commune, Escape gives everything back to the clock. Asks nothing. */
(function (dashboard) {
  "use strict";
  const { el, write, mark, clock } = dashboard;
  const FORGOTTEN = 2 * 3600000; // a frozen screen that nobody touches thaws
  const POINTED = 60000;
  let frozen = null; // {since, until, waiting}
  let typed = "";
  let pointedUntil = 0;

  // While frozen an answer with news waits; its tag is known, so it travels once.
  dashboard.hold = function (answer) {
    if (!frozen) return answer;
    frozen.waiting = answer.state;
    return { ...answer, state: null };
  };

  function freeze() {
    if (!dashboard.state) return;
    const now = clock.now();
    frozen = { since: now, until: now + FORGOTTEN, waiting: null };
    write(el("frozen"), `Giữ nguyên số liệu lúc ${clock.time(now)} (phiên bản ${dashboard.state.version}) · Esc: cập nhật lại`);
    el("frozen").hidden = false;
    dashboard.cycle.stay(dashboard.scene, frozen.until);
    dashboard.tell("refit");
  }

  function thaw() {
    if (!frozen) return;
    const { waiting } = frozen;
    frozen = null;
    el("frozen").hidden = true;
    if (waiting) {
      dashboard.state = waiting;
      dashboard.tell("state", waiting);
    }
    dashboard.tell("refit");
  }

  const bare = (name) => name.replace(/^(Xã|Phường|Đặc khu) /, "");

  /** The first commune whose name begins as typed, else in which a word does. */
  function found() {
    const fits = dashboard.matcher(typed);
    const all = dashboard.state.codes.map((code) => [code, dashboard.map.paths.get(code)]).filter(([, path]) => path);
    const named = all.filter(([code, path]) => fits(path.dataset.name, code));
    return named.find(([, path]) => dashboard.begins(typed, bare(path.dataset.name))) || named[0] || null;
  }

  /** What is known of a commune, the longest words first: a scene's own level never stands for the overall one. */
  function told(code, name) {
    const { codes, layers, overall } = dashboard.state;
    const layer = layers[dashboard.scene];
    const level = (of) => dashboard.levelOf(of, codes.indexOf(code));
    const words = (of) => (level(of) ? `${level(of).sign} ${level(of).word}` : "");
    const short = bare(name);
    if (!layer.subject) return [`Tìm “${typed}”: ${name} ${words(layer)}`, `${name} ${words(layer)}`, `${short} ${words(layer)}`];
    const both = `${layer.subject} ${words(layer)} · Tổng thể ${words(overall)}`;
    return [`Tìm “${typed}”: ${name}: ${both}`, `${name}: ${both}`, `${short}: ${both}`, `${short}: Tổng thể ${words(overall)}`];
  }

  function point() {
    const hit = typed.trim() && dashboard.state && dashboard.map.svg ? found() : null;
    dashboard.map.ring("selected", hit && hit[1]);
    if (typed) pointedUntil = clock.now() + POINTED;
    const none = typed ? [`Tìm “${typed}”: không có xã nào`, `“${typed}”: không có`, "Không có xã nào"] : [];
    dashboard.say(el("pointing"), hit ? told(hit[0], hit[1].dataset.name) : none);
    dashboard.tell("refit");
  }

  function type(text) {
    typed = text.slice(0, 30);
    dashboard.cycle.touched();
    point();
  }

  const KEYS = {
    ArrowRight: () => dashboard.cycle.step(1),
    ArrowDown: () => dashboard.cycle.step(1),
    PageDown: () => dashboard.cycle.step(1),
    ArrowLeft: () => dashboard.cycle.step(-1),
    ArrowUp: () => dashboard.cycle.step(-1),
    PageUp: () => dashboard.cycle.step(-1),
    Backspace: () => type(typed.slice(0, -1)),
    Escape() {
      type("");
      thaw();
      dashboard.cycle.letGo();
    },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    if (KEYS[key]) KEYS[key]();
    else if (key === " " && !typed) dashboard.cycle.step(1);
    else if (/^f$/i.test(key) && !typed) (frozen ? thaw : freeze)();
    else if (/^[\p{L}\p{M}\p{N} ]$/u.test(key)) type(typed + key);
    else return;
    if (frozen) frozen.until = clock.now() + FORGOTTEN;
    event.preventDefault();
  });

  dashboard.on("scene", () => typed && point()); // another scene tells another level
  dashboard.on("beat", (now) => {
    if (typed && now > pointedUntil) type("");
    if (frozen && now > frozen.until) {
      thaw();
      dashboard.cycle.letGo();
    }
    mark(document.documentElement, "data-frozen", frozen ? "true" : null);
  });
})(window.dashboard);
