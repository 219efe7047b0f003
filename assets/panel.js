/* The selected commune: its level, its values and the reasons for them. Opened by a click or Enter on
   map or table; closed by its button or Escape, and the focus goes back where it came from. */
(function (dashboard) {
  "use strict";
  const { el, make, write, mark } = dashboard;
  const LAYERS = ["network", "digital_signature", "devices", "on_time"];
  // Lists of short lines, one list a commune: field of the state → heading.
  const LISTS = { reasons: "Vì sao", way: "Để lên xanh", sources: "Nguồn và ngày" };
  let origin = null;
  let fields = null;

  function build() {
    const close = make("button", { type: "button", id: "panel-close" }, "Đóng");
    fields = {
      title: make("h2", { id: "panel-title", tabindex: "-1" }), level: make("p", { class: "level" }),
      sign: make("span", { class: "sign" }), word: make("span"), flag: make("p", { class: "flag" }),
      own: make("p", { class: "quiet" }), values: make("dl"), rows: {}, lists: {},
      page: make("a", { class: "to-page", hidden: "" }, "Trang của xã"), age: make("p", { class: "quiet" }), rules: make("p", { class: "quiet" }),
    };
    fields.level.append(fields.sign, fields.word);
    for (const id of [...LAYERS, "received"]) {
      const row = { term: make("dt"), sign: make("span", { class: "sign" }), value: make("span") };
      fields.values.append(row.term, make("dd", {}, ...(id === "received" ? [] : [row.sign]), row.value));
      fields.rows[id] = row;
    }
    for (const [name, title] of Object.entries(LISTS)) {
      const list = make("ul", { class: "lines" });
      fields.lists[name] = { list, section: make("section", { "data-lines": name }, make("h3", {}, title), list) };
    }
    const sections = Object.values(fields.lists).map((one) => one.section);
    el("panel").replaceChildren(
      make("div", { class: "panel-head" }, fields.title, close),
      fields.level, fields.page, fields.own, fields.flag, fields.values, ...sections, fields.age, fields.rules,
    );
  }

  /** Leaf writes of lines; a list without any is not shown. @param {string} name @param {string[]} lines */
  function fillList(name, lines) {
    const { list, section } = fields.lists[name];
    section.hidden = !lines.length;
    while (list.children.length > lines.length) list.lastChild.remove();
    lines.forEach((line, at) => {
      if (!list.children[at]) list.append(make("li"));
      write(list.children[at], line);
    });
  }

  function fill() {
    const { commune } = dashboard.address.now();
    const state = dashboard.state;
    const index = state ? state.codes.indexOf(commune) : -1;
    const path = index < 0 ? null : dashboard.map.paths.get(commune);
    el("panel").hidden = index < 0;
    mark(el("page"), "data-selected", index < 0 ? null : commune);
    for (const [code, shape] of dashboard.map.paths) mark(shape, "aria-selected", String(code === commune));
    dashboard.map.ring("selected", path);
    dashboard.tell("selected", index < 0 ? "" : commune);
    if (index < 0) return;
    if (!fields) build();
    const overall = dashboard.levelOf(state.layers.overall, index);
    write(fields.title, dashboard.map.name(commune));
    write(fields.sign, overall.sign);
    mark(fields.level, "data-state", overall.code);
    write(fields.word, overall.word);
    write(fields.flag, state.flags[index] || "");
    for (const id of LAYERS) {
      const layer = state.layers[id];
      const level = dashboard.levelOf(layer, index);
      write(fields.rows[id].term, layer.name);
      write(fields.rows[id].sign, level.sign);
      mark(fields.rows[id].sign, "data-state", level.code);
      write(fields.rows[id].value, layer.text[index] || level.word);
    }
    write(fields.rows.received.term, state.columns.received.name);
    write(fields.rows.received.value, state.columns.received.text[index]);
    for (const name of Object.keys(LISTS)) fillList(name, (state[name] && state[name][index]) || []);
    write(fields.own, (state.own && state.own[index]) || "");
    write(fields.rules, state.rules || "");
    write(fields.age, state.columns.age.name + ": " + state.columns.age.text[index]);
    const { page } = el("panel").dataset; // where there is a page of its own
    const query = new URLSearchParams({ province: state.province, ...(state.live ? {} : { as_of: state.as_of }) });
    fields.page.hidden = !page;
    if (page) mark(fields.page, "href", `${page.replace("00000", commune)}?${query}`);
  }

  /** @param {string} code "" closes @param {?Element} from where the focus returns to
   * @param {boolean} [byKey] the focus goes into the panel */
  function select(code, from, byKey) {
    if (code) origin = from || origin;
    dashboard.address.go({ commune: code });
    if (code && byKey && !el("panel").hidden) fields.title.focus({ preventScroll: true });
  }

  function close() {
    const inside = el("panel").contains(document.activeElement);
    select("");
    if (inside && origin && origin.isConnected) origin.focus(); // and scrolls there if it is out of view
  }

  dashboard.panel = { select, close };

  document.addEventListener("click", (event) => {
    if (event.target.closest("#panel-close")) return close();
    const path = event.target.closest("#map .commune");
    if (path && !dashboard.zoom.dragged()) select(path.dataset.commune, path);
  });
  document.addEventListener("keydown", (event) => {
    const panel = el("panel");
    if (event.key === "Escape" && panel && !panel.hidden && event.target.type !== "search") close();
  });
  dashboard.on("painted", fill);
  dashboard.on("address", fill);
})(window.dashboard);
