/* Short names upon the tiles, where tiles are large enough to carry them. For eyes only: screen readers
   hear the tiles themselves. Sets no data-level. */
(function (dashboard) {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const TILE = 100;
  const SIZE = 23;
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

  function build() {
    const group = dashboard.map.svg.querySelector(".tile-names");
    if (dashboard.map.view !== "tiles") return group.replaceChildren();
    for (const [code, path] of dashboard.map.paths) {
      const { x, y } = dashboard.map.place(path);
      const text = document.createElementNS(SVG, "text");
      const rows = lines(path.dataset.name);
      rows.forEach((row, index) => {
        const line = document.createElementNS(SVG, "tspan");
        line.setAttribute("x", x);
        line.setAttribute("y", y + (index - (rows.length - 1) / 2) * SIZE * 1.1 + SIZE * 0.35);
        line.textContent = row;
        text.append(line);
      });
      text.setAttribute("font-size", SIZE);
      text.setAttribute("data-for", code);
      group.append(text);
    }
    ink();
  }

  /** The ink that can be read on each tile's colour. */
  function ink() {
    for (const text of dashboard.map.svg.querySelectorAll(".tile-names text")) {
      const path = dashboard.map.paths.get(text.dataset.for);
      dashboard.mark(text, "data-state", path.dataset.level || "unknown");
    }
  }

  dashboard.on("view", build);
  dashboard.on("painted", ink);
  dashboard.on("zoom", (pixels) => {
    const group = dashboard.map.svg.querySelector(".tile-names");
    dashboard.mark(group, "visibility", SIZE * pixels < LEAST ? "hidden" : null);
  });
})(window.dashboard);
