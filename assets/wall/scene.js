/* Writes a scene into elements that are there from the beginning or are kept once made: a screen that runs for
   weeks must not grow. The map is map.js's. Asks nothing, decides nothing. */
(function (dashboard) {
  "use strict";
  const { el, write, mark, make } = dashboard;
  let marks = "";

  /** Fills a list from its kept rows. @param {Element} list @param {Object[]} items
   * @param {function(Element, Object)} fill @param {string[]} parts classes of a row's two texts */
  function fillList(list, items, fill, parts) {
    while (list.children.length < items.length) {
      list.append(make("li", {}, ...parts.map((part) => make("span", { class: part }))));
    }
    [...list.children].forEach((row, at) => {
      mark(row, "data-there", at < items.length ? "true" : null);
      if (at < items.length) fill(row, items[at]);
    });
  }

  const figureRow = (row, { label, value, share }) => {
    write(row.children[0], label);
    write(row.children[1], value);
    write(row.children[2], share ? `(${share})` : "");
  };
  const namedRow = (row, { name, figure, code }) => {
    write(row.children[0], name);
    write(row.children[1], figure);
    mark(row, "data-commune", code || null);
  };
  const lineRow = (row, { title, reason }) => {
    write(row.children[0], title);
    write(row.children[1], reason);
  };

  /** How many communes have each level, with the scene's own words. */
  function legend(scene) {
    for (const item of el("legend").children) {
      const count = scene.levels.split(item.dataset.letter).length - 1;
      item.hidden = !count;
      write(item.querySelector(".count"), String(count));
      write(item.querySelector(".word"), scene.words[item.dataset.state] || item.dataset.word);
    }
  }

  /** One mark a scene; the one that is shown is bright. */
  function steps(scene) {
    const all = dashboard.cycle.scenes();
    const place = el("steps");
    while (place.children.length < all.length) place.append(make("i"));
    [...place.children].forEach((step, at) => {
      step.hidden = at >= all.length;
      mark(step, "data-now", at < all.length && all[at].id === scene.id ? "true" : null);
    });
  }

  function paint(scene) {
    const lines = scene.lines.length > 0;
    mark(el("page"), "data-shows", lines ? "lines" : "map");
    mark(document.documentElement, "data-scene", scene.id);
    write(el("title"), scene.title);
    el("lines").hidden = !lines;
    fillList(el("lines"), scene.lines, lineRow, ["line-title", "line-reason"]);
    const [hero, ...rows] = scene.figures;
    write(el("hero").querySelector(".value"), hero ? hero.value : "");
    write(el("hero").querySelector(".label"), hero ? hero.label + (hero.share ? ` (${hero.share})` : "") : "");
    mark(el("hero"), "data-words", hero && /\d/.test(hero.value) ? null : "true");
    fillList(el("figures"), rows, figureRow, ["label", "value", "share"]);
    write(el("named-title"), scene.named.length ? scene.named_title : "");
    fillList(el("named"), scene.named, namedRow, ["name", "value"]);
    write(el("place"), dashboard.state.place + (dashboard.state.simulated ? " · mô phỏng" : ""));
    legend(scene);
    steps(scene);
    marks = scene.marks || "";
    dashboard.tell("address", dashboard.address.now()); // map.js paints
    dashboard.tell("laid", scene);
    mark(document.documentElement, "data-version", String(dashboard.state.version));
  }

  /** Communes of which the scene does not speak stand back. */
  function fade() {
    const { state, map } = dashboard;
    mark(document.documentElement, "data-ready", ""); // map.js takes it away while it draws
    state.codes.forEach((code, at) => mark(map.paths.get(code), "data-match", marks[at] === "0" ? "no" : null));
  }

  dashboard.on("scene", (scene) => {
    try {
      paint(scene);
    } catch (problem) {
      dashboard.tell("fault", problem);
      dashboard.cycle.skip(scene.id);
    }
  });
  dashboard.on("painted", fade);
  // Nobody chooses anything on a wall: the drawing is one picture, described by the element around it.
  dashboard.on("map", () => mark(dashboard.map.svg, "aria-hidden", "true"));
})(window.dashboard);
