/* Everything readable or not there: names that do not fit go, and how many they are is said. Hatching keeps a
   size that is seen from afar. Measures once a scene and when the screen's size changes; writes no figures. */
(function (dashboard) {
  "use strict";
  const { el, write, mark } = dashboard;
  const HATCH = 480; // lines of hatching as wide as on a page that is so high
  let scene = null;

  const there = (list) => [...list.children].filter((row) => row.dataset.there);
  const overflows = (box) => box.scrollHeight > box.clientHeight + 1;

  /** Hides rows from the end until the box holds the rest. @param {function(number): void} [say] how many went */
  function shorten(box, list, least, say) {
    const rows = there(list);
    for (let left = rows.length; overflows(box) && left > least; left -= 1) {
      rows[left - 1].hidden = true;
      if (say) say(rows.length - left + 1);
    }
  }

  /** @param {number} hidden */
  function sayMore(hidden) {
    const more = hidden < scene.named.length ? scene.more + hidden : 0;
    const what = scene.named.length && scene.named[0].code ? "xã" : "mục";
    write(el("more"), more ? `và ${more} ${what} nữa` : "");
    el("more").hidden = !more;
  }

  function fit() {
    if (!scene) return;
    mark(el("title"), "data-long", null);
    const lines = parseFloat(getComputedStyle(el("title")).lineHeight);
    if (el("title").scrollHeight > 2.2 * lines) mark(el("title"), "data-long", "true");
    const side = document.querySelector(".side");
    for (const list of ["figures", "named", "lines"]) for (const row of el(list).children) row.hidden = false;
    el("named-title").hidden = !scene.named.length;
    sayMore(0);
    shorten(side, el("named"), 0, sayMore);
    if (there(el("named")).every((row) => row.hidden)) el("named-title").hidden = true;
    shorten(side, el("figures"), 1);
    shorten(el("lines"), el("lines"), 1);
  }

  function hatch() {
    const { svg, boxes } = dashboard.map || {};
    if (!svg) return;
    const frame = svg.getBoundingClientRect();
    const pixels = Math.min(frame.width / boxes.map[2], frame.height / boxes.map[3]);
    if (!(pixels > 0)) return;
    const scale = Math.min(innerWidth, innerHeight) / HATCH / pixels;
    for (const pattern of svg.querySelectorAll("pattern")) {
      mark(pattern, "patternTransform", `scale(${+scale.toPrecision(3)})`);
    }
  }

  dashboard.on("laid", (news) => {
    scene = news;
    fit();
  });
  dashboard.on("painted", hatch);
  dashboard.on("refit", fit);
  addEventListener("resize", () => {
    fit();
    hatch();
  });
})(window.dashboard);
