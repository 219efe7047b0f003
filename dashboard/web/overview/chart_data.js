/* The data of a chart as a table, made when somebody opens it and from what the chart itself was
   drawn with, so that the two cannot disagree. Draws nothing and asks nothing. */
import { formatDay } from "../../../assets/days.js";
import { createElement, el, listen } from "../../../assets/elements.js";

const NUMBER = new Intl.NumberFormat("vi-VN");

/** A day as people write it, a name as it is. @param {string} x @returns {string} */
const formatName = (x) => (/^\d{4}-\d{2}-\d{2}$/.test(x) ? formatDay(x) : x);
/** @param {?number} y @returns {string} */
const formatValue = (y) => (y === null || y === undefined ? "chưa có dữ liệu" : NUMBER.format(y));

/** @param {Figure} graph @returns {{head: string[], rows: string[][]}} newest first */
function readTable({ data, layout }) {
  const meta = layout.meta;
  if (meta && meta.head)
    return { head: meta.head, rows: data.flatMap((trace) => trace.customdata) };
  const days = [...new Set(data.flatMap((trace) => trace.x))].sort().reverse();
  const values = data.map(
    (trace) =>
      new Map(trace.x.map((/** @type {string} */ x, /** @type {number} */ at) => [x, trace.y[at]])),
  );
  return {
    head: ["Ngày, kỳ", ...data.map((trace) => trace.name)],
    rows: days.map((day) => [formatName(day), ...values.map((of) => formatValue(of.get(day)))]),
  };
}

/** @param {PageElement} details */
function fillDetails(details) {
  const graph = el(details.dataset.of).querySelector(".js-plotly-plot");
  if (!graph || !graph.data) return;
  const { head, rows } = readTable(graph);
  /** @param {"td"|"th"} tag @param {string[]} words */
  const cells = (tag, words) =>
    words.map((word) => createElement(tag, tag === "th" ? { scope: "col" } : {}, String(word)));
  const body = rows.map(([name, ...others]) =>
    createElement("tr", {}, createElement("th", { scope: "row" }, name), ...cells("td", others)),
  );
  const title = details.closest(".chart").querySelector("h2").textContent;
  const sheet = createElement(
    "table",
    {},
    createElement("caption", { class: "unseen" }, title),
    createElement("thead", {}, createElement("tr", {}, ...cells("th", head))),
    createElement("tbody", {}, ...body),
  );
  const place =
    details.querySelector(".chart-table") ||
    createElement("div", {
      class: "chart-table",
      tabindex: "0",
      role: "region",
      "aria-label": "Số liệu: " + title,
    });
  place.replaceChildren(rows.length ? sheet : "chưa có dữ liệu");
  details.append(place);
}

export function watchChartData() {
  listen(
    "toggle",
    (event) => {
      if (event.target.matches(".chart-data") && event.target.open) fillDetails(event.target);
    },
    true,
  );
}
