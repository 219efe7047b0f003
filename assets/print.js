/* Paper has its own width and is white. Charts get a view box, so that they shrink as pictures do, and the
   names of their colours, so that zz-print.css can give them the light ones; the head says what is printed. */
(function (dashboard) {
  "use strict";
  const { el, write, mark, make } = dashboard;
  const INKS = ["paper", "ink", "second-ink", "line", "accent", "green", "yellow", "red"];

  /** Colour as the browser writes it → its name, in the scheme of the screen. @returns {Map<string, string>} */
  function inks() {
    const probe = make("span", { hidden: "" });
    document.body.append(probe);
    const found = new Map();
    for (const ink of INKS) {
      probe.style.color = `var(--${ink})`;
      found.set(getComputedStyle(probe).color, ink);
    }
    probe.remove();
    return found;
  }

  addEventListener("beforeprint", () => {
    const names = inks();
    for (const svg of document.querySelectorAll(".chart .main-svg")) {
      mark(svg, "viewBox", `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`);
      for (const shape of svg.querySelectorAll("path, text, tspan")) {
        const style = getComputedStyle(shape);
        mark(shape, "data-stroke", names.get(style.stroke) || null);
        mark(shape, "data-fill", names.get(style.fill) || null);
      }
    }
  });
  addEventListener("afterprint", () => {
    for (const svg of document.querySelectorAll(".chart .main-svg")) mark(svg, "viewBox", null);
  });

  dashboard.on("painted", (state) => {
    const day = state.as_of.split("-").reverse().join("/");
    const layer = state.layers[dashboard.address.now().show || "overall"];
    const age = state.data_as_of || "chưa có dữ liệu";
    write(el("print-line"), `${state.province_name} · ngày ${day} · ${age} · bản đồ tô theo: ${layer.name}`);
  });
})(window.dashboard);
