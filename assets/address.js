/* The page's address is its memory: province, layer, day, view, selected commune, order, search,
   decision, day to compare with.
   Reads it, writes it, tells "address" when it changed. Junk falls back. Asks no server. */
(function (dashboard) {
  "use strict";
  const RULES = {
    province: /^\d{2}$/,
    show: /^(network|digital_signature|devices|on_time|silence)$/,
    as_of: /^\d{4}-\d{2}-\d{2}$/,
    view: /^tiles$/,
    commune: /^\d{5}$/,
    sort: /^-?(name|overall|network|digital_signature|devices|received|on_time|age)$/,
    q: /^.{1,60}$/,
    signal: /^(network_falling|certificates_expiring|overdue_growing|silent|contradicted)$/,
    since: /^(yesterday|20\d{2}-\d{2}-\d{2})$/,
  };

  /** @param {string} search @returns {Object<string, string>} every field, "" where absent or junk */
  function parse(search) {
    const query = new URLSearchParams(search);
    const found = {};
    for (const [name, rule] of Object.entries(RULES)) {
      const value = query.get(name) || "";
      found[name] = rule.test(value) ? value : "";
    }
    for (const day of ["as_of", "since"]) if (/^\d/.test(found[day]) && isNaN(Date.parse(found[day]))) found[day] = "";
    return found;
  }

  let now = parse(location.search);

  /** @param {Object<string, string>} fields @returns {string} */
  function written(fields) {
    const query = new URLSearchParams();
    for (const name of Object.keys(RULES)) if (fields[name]) query.set(name, fields[name]);
    const text = String(query);
    return location.pathname + (text ? "?" + text : "");
  }

  dashboard.address = {
    /** @returns {Object<string, string>} */
    now: () => now,
    /** Go to a changed address. @param {Object<string, string>} changes
     * @param {boolean} [replace] true leaves no step for the back button (typing) */
    go(changes, replace) {
      const next = parse(new URL(written({ ...now, ...changes }), location.origin).search);
      if (written(next) === written(now)) return;
      now = next;
      history[replace ? "replaceState" : "pushState"](null, "", written(next) + location.hash);
      dashboard.tell("address", now);
    },
    /** The same view under its right name; no step for the back button, no question for the server.
     * @param {Object<string, string>} changes */
    correct(changes) {
      now = parse(new URL(written({ ...now, ...changes }), location.origin).search);
      history.replaceState(null, "", written(now) + location.hash);
      dashboard.tell("corrected", now);
      dashboard.tell("address", now);
    },
  };

  addEventListener("popstate", () => {
    now = parse(location.search);
    dashboard.tell("address", now);
  });
})(window.dashboard);
