/* What changed since last week, yesterday or a chosen day, in words that the server made. The first two come with the
   state; a chosen day is asked for. Compares nothing itself. */
(function (dashboard) {
  "use strict";
  const { el, make, write, mark } = dashboard;
  const FEW = 10; // rows that find their place beside the chart
  const WORDS = { "": "tuần trước", yesterday: "hôm qua" };
  const TOO_LATE = { groups: [], rows: [], words: "", empty: "chọn một ngày trước ngày đang xem" };
  let chosen = null; // the answer for a chosen day
  let asked = ""; // the address it was, or is being, asked for
  let failed = false;
  let unfold = true; // only at first: then it is the person's to fold

  const dayOf = (iso) => iso.split("-").reverse().join("/");
  const isDay = (since) => since !== "" && since !== "yesterday";

  /** @param {string} since @param {Object} state @returns {string} the address to ask; "" where the state has it */
  function address(since, state) {
    if (!isDay(since)) return "";
    return "/api/movement?" + new URLSearchParams({ province: state.province, as_of: state.as_of, since });
  }

  /** @param {string} url @param {number} version of the data that it is asked for */
  async function ask(url, version) {
    asked = url + version;
    const mine = asked;
    chosen = null;
    failed = false;
    try {
      const answer = await fetch(url, { cache: "no-cache", credentials: "same-origin" });
      if (!answer.ok) throw new Error("HTTP " + answer.status);
      const body = await answer.json();
      if (asked === mine) chosen = body;
    } catch (problem) {
      if (asked !== mine) return;
      failed = true;
      asked = ""; // the next connection asks again
    }
    dashboard.inPlace(fill);
  }

  /** Words, one a child; the children that are there are written, never made anew.
   * @param {Element} parent @param {number} count @param {Function} build @returns {Element[]} */
  function children(parent, count, build) {
    while (parent.children.length > count) parent.lastChild.remove();
    while (parent.children.length < count) parent.append(build());
    return [...parent.children];
  }

  const group = () => make("li", {}, make("strong"), " ", make("span"));
  const row = () => make("tr", {}, make("th", { scope: "row" }, make("button", { type: "button", class: "name" })),
    ...["Trước", "Nay"].map((word) => make("td", { "data-label": word }, make("span", { class: "sign", "aria-hidden": "true" }), " ", make("span"))),
    make("td", { "data-label": "Vì sao" }));

  /** @param {Object} found @param {Object} state */
  function list(found, state) {
    children(el("movement-groups"), found.groups.length, group).forEach((item, at) => {
      write(item.children[0], found.groups[at].title + ":");
      write(item.children[1], found.groups[at].names);
    });
    const rows = children(el("movement-table").tBodies[0], found.rows.length, row);
    rows.forEach(({ cells }, at) => {
      const [place, before, now, why] = found.rows[at];
      const name = cells[0].firstChild;
      write(name, dashboard.map.name(state.codes[place]));
      mark(name, "data-select", state.codes[place]);
      [before, now].forEach((letter, side) => {
        const level = dashboard.levels()[letter];
        const [sign, word] = cells[side + 1].children;
        mark(sign, "data-state", level.code);
        write(sign, level.sign);
        write(word, level.word);
      });
      write(cells[3], why);
    });
    el("movement-all").hidden = !found.rows.length;
    if (!unfold || !found.rows.length) return;
    unfold = false;
    el("movement-all").open = found.rows.length <= FEW && innerWidth > 1023;
  }

  function fill() {
    const { state } = dashboard;
    if (!state || dashboard.map.address !== state.map) return;
    const { since } = dashboard.address.now();
    const early = isDay(since) && since >= state.as_of; // nothing to compare with, nothing to ask
    const url = early ? "" : address(since, state);
    if (url && asked !== url + state.version) return void ask(url, state.version);
    const told = early ? TOO_LATE : url ? chosen : state.movement && state.movement[since || "week"];
    const words = isDay(since) ? dayOf(since) : WORDS[since];
    for (const place of document.querySelectorAll(".since-words")) write(place, "Từ " + words);
    const nothing = { groups: [], rows: [], words: "", empty: url && !failed ? "đang tải…" : "phần này tạm thời không tính được" };
    const found = told || nothing;
    list(found, state);
    write(el("moved"), found.words || found.empty);
    const compared = found.since && found.words ? `${dayOf(found.since)} → ${dayOf(state.as_of)}` : found.empty;
    write(el("movement-empty"), compared.charAt(0).toUpperCase() + compared.slice(1));
    dashboard.put(el("since"), isDay(since) ? "day" : since || "week");
    el("since-place").hidden = !isDay(since);
    if (isDay(since) && document.activeElement !== el("since-day")) {
      dashboard.put(el("since-day"), since);
      write(el("since-place").querySelector(".day-read"), dayOf(since));
    }
  }

  document.addEventListener("change", (event) => {
    const { id, value } = event.target;
    if (id === "since" && value === "day") {
      const month = new Date(Date.parse(dashboard.state.as_of) - 30 * 86400000).toISOString().slice(0, 10);
      dashboard.address.go({ since: month < "2025-07-01" ? "2025-07-01" : month });
    } else if (id === "since") dashboard.address.go({ since: value === "week" ? "" : value });
    else if (id === "since-day" && value >= "2000") dashboard.address.go({ since: value });
  });
  document.addEventListener("focusout", (event) => event.target.id === "since-day" && fill());
  dashboard.on("painted", () => dashboard.inPlace(fill));
  dashboard.on("address", fill);
  dashboard.on("connection", ({ connected }) => connected && failed && fill());
})(window.dashboard);
