/* Which scene is shown: the clock alone says it, so screens with one address agree and nothing can fall out of step.
   A hand may step through; after two minutes without one the clock goes on. Paints nothing; tells "scene". */
(function (dashboard) {
  "use strict";
  const BY_HAND = 120000;
  const broken = new Set(); // scenes that could not be painted; an answer with news gives them another chance
  let hand = null; // {id, until}
  let shown = { state: null, id: "" };

  const scenes = () => ((dashboard.state && dashboard.state.scenes) || []).filter((scene) => !broken.has(scene.id));

  /** The scene of a moment. @param {number} now milliseconds of the server @returns {?Object} */
  function due(now) {
    const all = scenes();
    const chosen = hand && all.find((scene) => scene.id === hand.id);
    return chosen || all[Math.floor(now / 1000 / dashboard.asked.seconds) % all.length] || null;
  }

  function present(now) {
    if (hand && now > hand.until) dashboard.cycle.letGo();
    const scene = due(now);
    if (!scene || (shown.state === dashboard.state && shown.id === scene.id)) return;
    shown = { state: dashboard.state, id: scene.id };
    dashboard.scene = scene.id;
    dashboard.tell("scene", scene);
  }

  dashboard.cycle = {
    scenes,
    due,
    byHand: () => Boolean(hand),
    /** One scene on or back; stays until two minutes after the last step. @param {number} by */
    step(by) {
      const all = scenes();
      const at = all.findIndex((scene) => scene.id === dashboard.scene);
      if (all.length) dashboard.cycle.stay(all[(at + by + all.length) % all.length].id);
    },
    /** @param {string} id @param {number} [until] */
    stay(id, until) {
      hand = { id, until: until || dashboard.clock.now() + BY_HAND };
      dashboard.tell("hand");
      present(dashboard.clock.now());
    },
    /** Whoever still looks for a commune is still there. */
    touched() {
      if (hand) hand.until = Math.max(hand.until, dashboard.clock.now() + BY_HAND);
    },
    letGo() {
      hand = null;
      dashboard.tell("hand");
      present(dashboard.clock.now());
    },
    /** A scene that cannot be painted is passed over. @param {string} id */
    skip(id) {
      broken.add(id);
      setTimeout(() => present(dashboard.clock.now()));
    },
    broken,
  };

  dashboard.on("beat", present);
  dashboard.on("state", () => {
    broken.clear();
    present(dashboard.clock.now());
  });
  dashboard.on("mounted", () => {
    const old = !dashboard.state && dashboard.kept();
    if (!old) return;
    dashboard.state = old.state;
    dashboard.keptSince = old.at; // until the server speaks
    dashboard.tell("state", old.state);
  });
  dashboard.on("connection", ({ connected }) => {
    if (connected) dashboard.keptSince = null;
  });
})(window.dashboard);
