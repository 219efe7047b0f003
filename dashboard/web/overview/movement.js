/* What changed since last week, yesterday, last month or a chosen day, in words that the server
   made. The first two come with the state; other days are asked for. Compares nothing itself. */
import { askJson } from "../../../assets/asking.js";
import { locatePath } from "../../../assets/base_path.js";
import { current } from "../../../assets/current.js";
import { findMonthBefore, formatDay } from "../../../assets/days.js";
import { createElement, el, listen, setAttr, setText } from "../../../assets/elements.js";
import { on } from "../../../assets/events.js";
import { getLevels } from "../../../assets/levels.js";
import { getCommuneName, map } from "../../../assets/map.js";
import { changeAddress, getAddress } from "./address.js";
import { isEdited, setControl } from "./controls.js";
import { keepInPlace } from "./table.js";

const FEW = 10; // rows that find their place beside the chart
/** @type {Record<string, string>} */
const WORDS = { "": "tuần trước", yesterday: "hôm qua", month: "tháng trước" };
/** @type {Movement} */
const TOO_LATE = {
  groups: [],
  rows: [],
  words: "",
  balance: "",
  empty: "chọn một ngày trước ngày đang xem",
};
/** @type {?Movement} the answer for a chosen day */
let chosen = null;
let asked = ""; // the address it was, or is being, asked for
let failed = false;
let unfold = true; // only at first: then it is the person's to fold

/** @param {string} since @returns {boolean} */
const isDay = (since) => !(since in WORDS);

/** The day that is asked for; "" where the state has the answer.
 * @param {string} since @param {State} state @returns {string} */
function findDayAsked(since, state) {
  if (since === "month") return findMonthBefore(state.as_of);
  return isDay(since) ? since : "";
}

/** @param {string} day @param {State} state @returns {string} the address to ask */
function buildQuestion(day, state) {
  return (
    locatePath("/api/movement?") +
    new URLSearchParams({
      province: state.province,
      as_of: state.as_of,
      since: day,
      v: state.stamp,
    })
  );
}

/** @param {string} url @param {string} token of the data that it is asked for */
async function askMovement(url, token) {
  asked = url + token;
  const mine = asked;
  chosen = null;
  failed = false;
  try {
    const body = await askJson(url);
    if (asked === mine) chosen = body;
  } catch (problem) {
    if (asked !== mine) return;
    failed = true;
    asked = ""; // the next connection asks again
  }
  keepInPlace(showMovement);
}

/** Words, one a child; the children that are there are written, never made anew.
 * @param {Element} parent @param {number} count @param {() => Element} build
 * @returns {Element[]} */
function fitChildren(parent, count, build) {
  while (parent.children.length > count) parent.lastChild.remove();
  while (parent.children.length < count) parent.append(build());
  return [...parent.children];
}

const createGroup = () =>
  createElement("li", {}, createElement("strong"), " ", createElement("span"));
const createRow = () =>
  createElement(
    "tr",
    {},
    createElement(
      "th",
      { scope: "row" },
      createElement("button", { type: "button", class: "name" }),
    ),
    ...["Trước", "Nay"].map((word) =>
      createElement(
        "td",
        { "data-label": word },
        createElement("span", { class: "sign", "aria-hidden": "true" }),
        " ",
        createElement("span"),
      ),
    ),
    createElement("td", { "data-label": "Vì sao" }),
  );

/** @param {Movement} found @param {State} state */
function listChanges(found, state) {
  fitChildren(el("movement-groups"), found.groups.length, createGroup).forEach((item, at) => {
    setText(item.children[0], found.groups[at].title + ":");
    setText(item.children[1], found.groups[at].names);
  });
  const rows = fitChildren(el("movement-table").tBodies[0], found.rows.length, createRow);
  rows.forEach((row, at) => {
    const { cells } = /** @type {HTMLTableRowElement} */ (row);
    const [place, before, now, why] = found.rows[at];
    const name = cells[0].firstElementChild;
    setText(name, getCommuneName(state.codes[place]));
    setAttr(name, "data-select", state.codes[place]);
    [before, now].forEach((letter, side) => {
      const level = getLevels()[letter];
      const [sign, word] = cells[side + 1].children;
      setAttr(sign, "data-state", level.code);
      setText(sign, level.sign);
      setText(word, level.word);
    });
    setText(cells[3], why);
  });
  el("movement-all").hidden = !found.rows.length;
  if (!unfold || !found.rows.length) return;
  unfold = false;
  el("movement-all").open = found.rows.length <= FEW && innerWidth > 1023;
}

/** @returns {void} */
function showMovement() {
  const { state } = current;
  if (!state || map.address !== state.map) return;
  const { since } = getAddress();
  const day = findDayAsked(since, state);
  const early = day >= state.as_of; // nothing to compare with, nothing to ask
  const url = !day || early ? "" : buildQuestion(day, state);
  if (url && asked !== url + state.token) {
    askMovement(url, state.token);
    return;
  }
  const told = early ? TOO_LATE : url ? chosen : state.movement && state.movement[since || "week"];
  const words = isDay(since) ? formatDay(since) : WORDS[since];
  for (const place of document.querySelectorAll(".since-words")) setText(place, "So với " + words);
  /** @type {Movement} */
  const nothing = {
    groups: [],
    rows: [],
    words: "",
    balance: "",
    empty: url && !failed ? "đang tải…" : "phần này tạm thời không tính được",
  };
  const found = told || nothing;
  listChanges(found, state);
  setText(el("moved"), found.words || found.empty);
  const compared =
    found.since && found.words
      ? `${formatDay(found.since)} → ${formatDay(state.as_of)}: ${found.balance}`
      : found.empty;
  setText(el("movement-empty"), compared.charAt(0).toUpperCase() + compared.slice(1));
  setControl(el("since"), isDay(since) ? "day" : since || "week");
  el("since-place").hidden = !isDay(since);
  if (isDay(since) && !isEdited(el("since-day"))) {
    setControl(el("since-day"), since);
    setText(el("since-place").querySelector(".day-read"), formatDay(since));
  }
}

export function watchMovement() {
  listen("change", (event) => {
    const { id, value } = event.target;
    if (id === "since" && value === "day") {
      const month = new Date(Date.parse(current.state.as_of) - 30 * 86400000)
        .toISOString()
        .slice(0, 10);
      changeAddress({ since: month < "2025-07-01" ? "2025-07-01" : month });
    } else if (id === "since") changeAddress({ since: value === "week" ? "" : value });
    else if (id === "since-day" && value >= "2000") changeAddress({ since: value });
  });
  listen("focusout", (event) => event.target.id === "since-day" && showMovement());
  on("painted", () => keepInPlace(showMovement));
  on("address", showMovement);
  on("connection", ({ connected }) => connected && failed && showMovement());
}
