/* Paper has its own width and is white: charts get a view box, so that they shrink as pictures do, and the
   head says what is printed. Asks nothing; colours are the style sheet's. */
(function (dashboard) {
  "use strict";
  const { el, write, mark } = dashboard;

  addEventListener("beforeprint", () => {
    for (const svg of document.querySelectorAll("#charts .main-svg")) {
      mark(svg, "viewBox", `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`);
    }
  });
  addEventListener("afterprint", () => {
    for (const svg of document.querySelectorAll("#charts .main-svg")) mark(svg, "viewBox", null);
  });

  dashboard.on("painted", (state) => {
    const day = state.as_of.split("-").reverse().join("/");
    const layer = state.layers[dashboard.address.now().show || "overall"];
    const age = state.data_as_of || "chưa có dữ liệu";
    write(el("print-line"), `${state.province_name} · ngày ${day} · ${age} · bản đồ tô theo: ${layer.name}`);
  });
})(window.dashboard);
