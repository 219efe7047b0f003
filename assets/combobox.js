/* The search field of every page: suggestions while one types, arrows choose, Enter reaches the chosen commune or the
   first, Esc closes. On `/` a commune is opened in its panel, on the other pages its own page is gone to; there, without
   this script, the form asks the server. Matching is search.js's. */
(function (dashboard) {
  "use strict";
  const { el, make, mark, write } = dashboard;
  const MOST = 8;
  const NOBODY = "00000";
  let shown = [];
  let shownFor = "";
  let active = -1;

  /** @param {string} code */
  function reach(code) {
    const page = document.querySelector('meta[name="commune"]');
    if (page) return location.assign(page.content.replace(NOBODY, code));
    close();
    dashboard.put(el("search"), "");
    dashboard.address.go({ q: "" }, true);
    dashboard.panel.select(code, el("search"), true);
  }

  /** By today's names alone where the file of former units cannot be had. */
  function named() {
    const { map, state } = dashboard;
    return map && state ? state.codes.map((code) => ({ code, name: map.name(code), former: [] })) : [];
  }

  /** How well a commune fits: its name from the start, a word of its name or its code, a former unit. */
  function found(query, communes) {
    const fits = dashboard.matcher(query);
    const formerUnit = dashboard.formerMatcher(query);
    const bare = (name) => name.replace(/^(Xã|Phường|Đặc khu) /, "");
    const hits = { begin: [], word: [], former: [] };
    for (const one of communes) {
      const named = fits(one.name, one.code);
      const unit = named ? "" : formerUnit(one.former);
      if (named) hits[dashboard.begins(query, bare(one.name)) ? "begin" : "word"].push({ ...one, unit });
      else if (unit) hits.former.push({ ...one, unit });
    }
    return [...hits.begin, ...hits.word, ...hits.former];
  }

  function choose(index) {
    active = index;
    [...el("found").children].forEach((item, place) => mark(item, "aria-selected", String(place === index)));
    const item = el("found").children[index];
    mark(el("search"), "aria-activedescendant", item ? item.id : null);
    if (!item) return;
    // Only the list is scrolled: scrollIntoView would move the page as well.
    const list = el("found");
    const below = item.offsetTop + item.offsetHeight - list.clientHeight;
    list.scrollTop = Math.max(below, Math.min(list.scrollTop, item.offsetTop));
  }

  function close() {
    shown = [];
    shownFor = "";
    el("found").hidden = true;
    mark(el("search"), "aria-expanded", "false");
    choose(-1);
  }

  async function suggest() {
    const query = el("search").value.trim();
    if (!query) {
      write(el("match-count"), "");
      return close();
    }
    const communes = await dashboard.communes().catch(named);
    if (el("search").value.trim() !== query || document.activeElement !== el("search")) return;
    const all = found(query, communes);
    shown = all.slice(0, MOST);
    shownFor = query;
    const items = shown.map(({ code, name, unit }, place) =>
      make("li", { role: "option", id: "found-" + place, "data-code": code }, name,
        make("span", { class: "quiet" }, code + (unit ? " · trước là " + unit : ""))));
    el("found").replaceChildren(...items);
    el("found").hidden = !items.length;
    mark(el("search"), "aria-expanded", String(items.length > 0));
    write(el("match-count"), communes.length ? `${all.length} xã khớp` : "");
    choose(items.length ? 0 : -1);
  }

  /** Enter may come before the suggestions for what was typed. */
  async function enter() {
    if (el("search").value.trim() !== shownFor) await suggest();
    if (shown[active]) return reach(shown[active].code);
    const { form } = el("search");
    if (form && el("search").value.trim()) form.submit(); // the server answers
  }

  const MOVES = { ArrowDown: (at, n) => (at + 1) % n, ArrowUp: (at, n) => (at - 1 + n) % n };
  document.addEventListener("keydown", (event) => {
    if (event.target.id !== "search" || event.isComposing) return;
    if (MOVES[event.key] && shown.length) {
      event.preventDefault();
      choose(MOVES[event.key](active, shown.length));
    } else if (event.key === "Escape" && shown.length) {
      event.preventDefault();
      close();
    } else if (event.key === "Enter") {
      event.preventDefault();
      enter();
    }
  });
  document.addEventListener("pointerdown", (event) => {
    const item = event.target.closest("#found [data-code]");
    if (!item) return;
    event.preventDefault();
    reach(item.dataset.code);
  });
  document.addEventListener("input", (event) => event.target.id === "search" && suggest());
  document.addEventListener("focusout", (event) => event.target.id === "search" && close());
  dashboard.on("mounted", () => {
    const says = { role: "combobox", "aria-expanded": "false", "aria-controls": "found", "aria-autocomplete": "list" };
    for (const [name, value] of Object.entries(says)) mark(el("search"), name, value);
  });
})(window.dashboard);
