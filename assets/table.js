/* The table of all communes: rows are made once per province, then only their leaves are written, so a
   refresh keeps scroll, focus and selection. Sorting moves rows, searching hides them. Asks no server. */
(function (dashboard) {
  "use strict";
  const { el, make, write, mark } = dashboard;
  const LAYERS = ["overall", "network", "digital_signature", "devices"];
  const COLUMNS = ["name", ...LAYERS, "received", "on_time", "age"];
  const BIG_FIRST = { received: true, age: true };
  const isLayer = (id) => LAYERS.includes(id) || id === "on_time";
  let rows = new Map();
  let heads = null;
  let drawnFor = "";

  /** The order in force. @returns {string} a column's id, "-" before it for descending */
  function order() {
    const cards = getComputedStyle(el("table").tHead).display === "none"; // table.css decides
    return dashboard.address.now().sort || (cards ? "overall" : "name");
  }

  function buildHead() {
    heads = {};
    const row = make("tr", { role: "row" });
    for (const id of COLUMNS) {
      const button = make("button", { type: "button", "data-sort": id });
      heads[id] = { cell: make("th", { scope: "col", role: "columnheader", "data-column": id }, button), button };
      row.append(heads[id].cell);
    }
    el("table").tHead.replaceChildren(row);
  }

  /** @param {string} code @returns {Object} the row's element and its leaves by column */
  function buildRow(code) {
    const name = make("button", { type: "button", class: "name", "data-select": code }, dashboard.map.name(code));
    const flag = make("span", { class: "flag" });
    const row = make("tr", { role: "row", "data-commune": code });
    row.append(make("th", { scope: "row", role: "rowheader", "data-column": "name" }, name, flag));
    const leaves = { flag };
    for (const id of COLUMNS.slice(1)) {
      const value = make("span", { class: "value" });
      const cell = make("td", { role: "cell", "data-column": id });
      leaves[id] = { cell, value };
      if (isLayer(id)) {
        leaves[id].sign = make("span", { class: "sign", "aria-hidden": "true" });
        leaves[id].word = make("span", { class: "unseen" });
        cell.append(leaves[id].sign, value, leaves[id].word);
      } else cell.append(value);
      row.append(cell);
    }
    return { row, leaves };
  }

  function build(state) {
    if (!heads) buildHead();
    rows = new Map(state.codes.map((code) => [code, buildRow(code)]));
    el("table").tBodies[0].replaceChildren(...[...rows.values()].map((one) => one.row));
    drawnFor = state.map + state.codes.length;
  }

  function fill(state) {
    if (drawnFor !== state.map + state.codes.length) build(state);
    for (const id of COLUMNS) {
      const source = id === "name" ? { name: "Xã, phường, đặc khu" } : state.layers[id] || state.columns[id];
      write(heads[id].button, id === "overall" ? "Mức" : source.name);
    }
    state.codes.forEach((code, index) => {
      const { leaves } = rows.get(code);
      for (const id of COLUMNS.slice(1)) {
        const leaf = leaves[id];
        const source = state.layers[id] || state.columns[id];
        mark(leaf.cell, "data-label", id === "overall" ? "Mức" : source.name);
        write(leaf.value, source.text[index] || "");
        if (!leaf.sign) continue;
        const level = dashboard.levelOf(source, index);
        mark(leaf.cell, "data-state", level.code);
        write(leaf.sign, level.sign);
        write(leaf.word, source.text[index] === level.word ? "" : ", " + level.word);
      }
      write(leaves.flag, state.flags[index] ? "⚡ Khác kiểm tra" : "");
      mark(leaves.flag, "title", state.flags[index] || null);
    });
    const { dataset } = el("table");
    dataset.verified = state.verified && state.verified.includes("1") ? "some" : "none";
    state.codes.forEach((code, index) =>
      mark(rows.get(code).row, "data-verified", state.verified && state.verified[index] === "1" ? "true" : null));
    const moved = sort(state);
    filter();
    return moved;
  }

  /** Write while the row in use (the focused one, else the topmost seen) stays where it is on the screen.
   * @param {function(): boolean} writing says whether rows changed places */
  function inPlace(writing) {
    const body = el("table").tBodies[0];
    const focused = body.contains(document.activeElement);
    const seen = document.elementFromPoint(innerWidth / 2, 100);
    const anchor = focused ? document.activeElement : seen && body.contains(seen) && seen.closest("tr");
    const before = anchor && anchor.getBoundingClientRect().top;
    const moved = writing();
    if (!anchor || anchor.offsetParent === null || (moved && !focused)) return;
    const shift = anchor.getBoundingClientRect().top - before;
    const inView = before > -200 && before < innerHeight + 200;
    if (inView && Math.abs(shift) > 1) scrollBy({ top: shift, behavior: "instant" });
  }

  dashboard.inPlace = inPlace; // for what stands above the table

  /** Rows into the order of the address; what has no value comes last either way, ties by name.
   * @returns {boolean} whether any row changed its place */
  function sort(state) {
    const asked = order();
    const id = asked.replace("-", "");
    const way = asked.startsWith("-") ? -1 : 1;
    const source = state.layers[id] || state.columns[id];
    const value = (index) => (id === "name" ? index : source.sort[index]);
    const sorted = state.codes.map((code, index) => ({ code, index, value: value(index) }));
    const none = (one) => one.value === null || one.value === undefined;
    sorted.sort((a, b) => none(a) - none(b) || (none(a) ? 0 : way * (a.value - b.value)) || a.index - b.index);
    for (const column of COLUMNS) {
      const here = column === id;
      mark(heads[column].cell, "aria-sort", here ? (way < 0 ? "descending" : "ascending") : null);
    }
    const body = el("table").tBodies[0];
    const focused = body.contains(document.activeElement) ? document.activeElement : null;
    let before = body.firstElementChild;
    let moved = false;
    for (const { code } of sorted) {
      const { row } = rows.get(code);
      if (row === before) before = before.nextElementSibling;
      else {
        body.insertBefore(row, before);
        moved = true;
      }
    }
    if (focused && document.activeElement !== focused) focused.focus({ preventScroll: true });
    const choice = el("sort");
    if (choice) choice.value = [...choice.options].some((option) => option.value === asked) ? asked : "";
    return moved;
  }

  function filter() {
    if (!drawnFor) return;
    const { q } = dashboard.address.now();
    const matches = dashboard.matcher(q);
    const only = dashboard.signalled(); // the communes of a decision, where one is pressed
    const all = [...rows.keys()].filter((code) => !only || only.has(code));
    let found = all.filter((code) => matches(dashboard.map.name(code), code));
    // A name of before 01/07/2025 counts where no name of today fits.
    const former = !found.length && dashboard.former ? dashboard.formerMatcher(q) : null;
    if (former) found = all.filter((code) => former(dashboard.former.get(code) || []));
    const hits = new Set(found);
    for (const [code, { row }] of rows) {
      const hit = hits.has(code);
      if (row.hidden === hit) row.hidden = !hit;
      const path = dashboard.map.paths.get(code);
      if (path) mark(path, "data-match", hit ? null : "no");
    }
    write(el("row-count"), `${found.length}/${rows.size} xã`);
    el("no-match").hidden = found.length > 0;
    dashboard.tell("filtered");
  }

  /** What the table shows now, for the download. @returns {string[]} codes of the visible rows, in their order */
  dashboard.shownCodes = () =>
    [...el("table").tBodies[0].rows].filter((row) => !row.hidden).map((row) => row.dataset.commune);

  document.addEventListener("click", (event) => {
    const head = event.target.closest("[data-sort]");
    if (head) {
      const id = head.dataset.sort;
      const first = BIG_FIRST[id] ? "-" + id : id;
      const second = BIG_FIRST[id] ? id : "-" + id;
      dashboard.address.go({ sort: order() === first ? second : first });
    }
    const name = event.target.closest("[data-select]");
    if (name) dashboard.panel.select(name.dataset.select, name, event.detail === 0);
  });
  dashboard.on("painted", (state) => {
    inPlace(() => fill(state));
    dashboard.tell("listed", state);
  });
  dashboard.on("address", () => {
    if (!dashboard.state || !drawnFor || dashboard.map.address !== dashboard.state.map) return;
    sort(dashboard.state);
    filter();
  });
  dashboard.on("former", filter);
  dashboard.on("selected", (code) => {
    for (const [each, { row }] of rows) mark(row, "aria-selected", each === code ? "true" : null);
  });
})(window.dashboard);
