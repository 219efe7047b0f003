/* Puts the province's drawing into the page and paints it: one `data-level` per commune, no more.
   Colours, hatching and fading are the style sheet's. Never asks for the state, never inserts HTML:
   the drawing is rebuilt from a short list of elements and attributes. */
(function (dashboard) {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const ELEMENTS = new Set(["svg", "defs", "pattern", "g", "path", "circle", "text"]);
  const REFUSED = /^(on|href|xlink|style$)/i;
  const TILE = 100;
  const GAP = 3;

  /** The map as it stands. `paths` is keyed by commune code; `boxes` are the two home view boxes. */
  const map = (dashboard.map = {
    address: "", svg: null, paths: new Map(), boxes: {}, view: "map", rings: {},
    ring, place, level, repaint: () => paint(dashboard.state), name: (code) => (map.paths.has(code) ? map.paths.get(code).dataset.name : "Mã " + code),
  });
  let asked = "";

  /** A copy of the parsed drawing that holds nothing but shapes. @param {Element} source @returns {Element} */
  function rebuilt(source) {
    const copy = document.createElementNS(SVG, source.localName);
    for (const { name, value } of source.attributes) {
      if (name !== "xmlns" && !REFUSED.test(name)) copy.setAttribute(name, value);
    }
    if (source.localName === "text") copy.textContent = source.textContent;
    for (const child of source.children) if (ELEMENTS.has(child.localName)) copy.append(rebuilt(child));
    return copy;
  }

  /** @param {string} text @param {string} address */
  function insert(text, address) {
    const root = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
    if (root.localName !== "svg") throw new Error("not a drawing: " + address);
    const svg = rebuilt(root);
    map.svg = svg;
    map.address = address;
    map.paths = new Map([...svg.querySelectorAll(".commune")].map((path) => [path.dataset.commune, path]));
    for (const path of map.paths.values()) path.outline = path.getAttribute("d");
    const tiles = [...map.paths.values()].map(tileOf).filter(Boolean);
    map.boxes = {
      map: svg.getAttribute("viewBox").split(" ").map(Number),
      tiles: [0, 0, TILE * (1 + Math.max(0, ...tiles.map((t) => t[0]))), TILE * (1 + Math.max(0, ...tiles.map((t) => t[1])))],
    };
    svg.setAttribute("role", "listbox");
    svg.setAttribute("aria-label", "Bản đồ các xã; mũi tên để sang xã bên cạnh, Enter để chọn");
    svg.setAttribute("aria-orientation", "horizontal");
    for (const kind of ["selected", "focus"]) svg.append((map.rings[kind] = ringOf(kind)));
    const names = document.createElementNS(SVG, "g");
    names.setAttribute("class", "tile-names");
    names.setAttribute("aria-hidden", "true");
    svg.append(names);
    dashboard.el("map").replaceChildren(svg);
    map.view = "";
    show(dashboard.address.now().view || "map");
    dashboard.tell("map");
  }

  /** @param {Element} path @returns {?number[]} column and row */
  function tileOf(path) {
    return path.dataset.tile ? path.dataset.tile.split(",").map(Number) : null;
  }

  /** Where a commune stands in the present view. @param {Element} path @returns {{x: number, y: number}} */
  function place(path) {
    const tile = map.view === "tiles" && tileOf(path);
    if (tile) return { x: (tile[0] + 0.5) * TILE, y: (tile[1] + 0.5) * TILE };
    return { x: Number(path.dataset.x), y: Number(path.dataset.y) };
  }

  /** Outlines or tiles: the same elements with another shape. @param {string} view */
  function show(view) {
    if (!map.svg || map.view === view) return;
    map.view = view;
    const side = TILE - 2 * GAP;
    for (const path of map.paths.values()) {
      const tile = tileOf(path);
      const square = tile && `M${tile[0] * TILE + GAP} ${tile[1] * TILE + GAP}h${side}v${side}h-${side}z`;
      path.setAttribute("d", view === "tiles" && square ? square : path.outline);
    }
    dashboard.mark(map.svg, "data-view", view);
    dashboard.el("outline-note").hidden = view === "tiles"; // tiles have no boundaries
    dashboard.tell("view", view);
    for (const kind of Object.keys(map.rings)) ring(kind, map.rings[kind].commune);
  }

  /** A line around one commune, drawn above all others. @param {string} kind @returns {Element} */
  function ringOf(kind) {
    const group = document.createElementNS(SVG, "g");
    group.setAttribute("class", "ring " + kind);
    group.setAttribute("aria-hidden", "true");
    for (const part of ["halo", "edge"]) {
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("class", part);
      group.append(path);
    }
    return group;
  }

  /** @param {"selected"|"focus"} kind @param {?Element} path null takes the ring away */
  function ring(kind, path) {
    const group = map.rings[kind];
    if (!group) return;
    group.commune = path;
    for (const part of group.children) dashboard.mark(part, "d", path ? path.getAttribute("d") : null);
  }

  /** The one write that colours a commune. @param {string} code @param {string} state @returns {?Element} its shape */
  function level(code, state) {
    const path = map.paths.get(code);
    dashboard.mark(path, "data-level", state);
    return path;
  }

  /** @param {Object} state */
  function paint(state) {
    if (!map.svg || map.address !== state.map) return;
    const layer = state.layers[dashboard.address.now().show || "overall"];
    state.codes.forEach((code, index) => {
      const found = dashboard.levelOf(layer, index);
      const path = found && level(code, found.code);
      if (path) dashboard.mark(path, "aria-label", `${path.dataset.name}, ${layer.name}: ${found.word}`);
    });
    dashboard.write(dashboard.el("map-title"), layer.title || layer.name);
    dashboard.write(dashboard.el("outline-note"), state.outline_note || "");
    dashboard.tell("painted", state);
  }

  async function draw(state) {
    if (map.address === state.map) return paint(state);
    if (asked === state.map) return;
    asked = state.map;
    dashboard.mark(document.documentElement, "data-ready", null);
    try {
      const text = await dashboard.drawing(state.map);
      if (asked !== state.map) return;
      insert(text, state.map);
      paint(dashboard.state);
    } catch (problem) {
      if (asked === state.map) setTimeout(() => dashboard.state && draw(dashboard.state), 5000);
    } finally {
      if (asked === state.map) asked = "";
    }
  }

  dashboard.on("state", draw);
  dashboard.on("address", (fields) => {
    show(fields.view || "map");
    if (dashboard.state) paint(dashboard.state);
  });
})(window.dashboard);
