/* The search field of a document: suggestions while one types, arrows choose, Enter goes to the chosen commune or
   to the first, Esc closes. Without this script the form asks the server. Matching is search.js's. */
(function (dashboard) {
  "use strict";
  const { el, make, mark, write } = dashboard;
  const MOST = 8;
  const NOBODY = "00000";
  let shown = [];
  let active = -1;

  const addressOf = (code) => document.querySelector('meta[name="commune"]').content.replace(NOBODY, code);

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
    const communes = await dashboard.communes().catch(() => []);
    if (el("search").value.trim() !== query) return;
    const all = found(query, communes);
    shown = all.slice(0, MOST);
    const items = shown.map(({ code, name, unit }, place) =>
      make("li", { role: "option", id: "found-" + place, "data-code": code }, name,
        make("span", { class: "quiet" }, code + (unit ? " · trước là " + unit : ""))));
    el("found").replaceChildren(...items);
    el("found").hidden = !items.length;
    mark(el("search"), "aria-expanded", String(items.length > 0));
    write(el("match-count"), communes.length ? `${all.length} xã khớp` : "");
    choose(items.length ? 0 : -1);
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
    }
  });
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "finding" || !shown[active]) return; // the server answers
    event.preventDefault();
    location.assign(addressOf(shown[active].code));
  });
  document.addEventListener("pointerdown", (event) => {
    const item = event.target.closest("#found [data-code]");
    if (!item) return;
    event.preventDefault();
    location.assign(addressOf(item.dataset.code));
  });
  document.addEventListener("input", (event) => event.target.id === "search" && suggest());
  document.addEventListener("focusout", (event) => event.target.id === "search" && close());
  dashboard.on("mounted", () => {
    const says = { role: "combobox", "aria-expanded": "false", "aria-controls": "found", "aria-autocomplete": "list" };
    for (const [name, value] of Object.entries(says)) mark(el("search"), name, value);
  });
})(window.dashboard);
