/* Short names upon the tiles, where tiles are large enough to carry them; on smaller ones the sign of the
   level, so that no colour stands alone. For eyes only: screen readers hear the tiles themselves. */
(function (dashboard) {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const TILE = 100;
  const SIZE = 23;
  const SIGN_SIZE = 46;
  const LEAST = 10; // screen pixels below which a name is no longer legible

  /** Lines of a name that fit a tile: one word a line, short neighbours together, three at most.
   * @param {string} name @returns {string[]} */
  function lines(name) {
    const found = [];
    for (const word of name.replace(/^(Xã|Phường|Đặc khu) /, "").split(" ")) {
      const last = found[found.length - 1];
      if (last && (last + " " + word).length <= 6) found[found.length - 1] = last + " " + word;
      else found.push(word);
    }
    return found.slice(0, 3);
  }

  /** A text of one tile. @param {string} kind its class @param {string} code @param {number} size */
  function textOf(kind, code, size) {
    const text = document.createElementNS(SVG, "text");
    for (const [name, value] of Object.entries({ class: kind, "data-for": code, "font-size": size })) {
      text.setAttribute(name, value);
    }
    return text;
  }

  function build() {
    const group = dashboard.map.svg.querySelector(".tile-names");
    if (dashboard.map.view !== "tiles") return group.replaceChildren();
    for (const [code, path] of dashboard.map.paths) {
      const { x, y } = dashboard.map.place(path);
      const text = textOf("tile-name", code, SIZE);
      const sign = textOf("tile-sign", code, SIGN_SIZE);
      sign.setAttribute("x", x);
      sign.setAttribute("y", y + SIGN_SIZE * 0.36);
      const rows = lines(path.dataset.name);
      rows.forEach((row, index) => {
        const line = document.createElementNS(SVG, "tspan");
        line.setAttribute("x", x);
        line.setAttribute("y", y + (index - (rows.length - 1) / 2) * SIZE * 1.1 + SIZE * 0.35);
        line.textContent = row;
        text.append(line);
      });
      group.append(text, sign);
    }
    ink();
    aside();
  }

  /** The names of tiles that are not looked for step back with them. */
  function aside() {
    if (!dashboard.map.svg || dashboard.map.view !== "tiles") return;
    for (const text of dashboard.map.svg.querySelectorAll(".tile-names text")) {
      dashboard.mark(text, "data-aside", dashboard.map.paths.get(text.dataset.for).dataset.match ? "true" : null);
    }
  }

  /** The ink that can be read on each tile's colour, and the sign of its level. */
  function ink() {
    const signs = {};
    for (const { code, sign } of Object.values(dashboard.levels())) signs[code] = sign;
    for (const text of dashboard.map.svg.querySelectorAll(".tile-names text")) {
      const path = dashboard.map.paths.get(text.dataset.for);
      const state = path.dataset.level || "unknown";
      dashboard.mark(text, "data-state", state);
      if (text.classList.contains("tile-sign")) dashboard.write(text, signs[state]);
    }
  }

  dashboard.on("view", build);
  dashboard.on("painted", ink);
  dashboard.on("replayed", () => dashboard.map.view === "tiles" && ink());
  dashboard.on("filtered", aside);
  dashboard.on("zoom", (pixels) => {
    const group = dashboard.map.svg.querySelector(".tile-names");
    dashboard.mark(group, "data-shows", SIZE * pixels < LEAST ? "signs" : "names");
  });
})(window.dashboard);
