/* Keeps the list on this device, so that a team can open it where there is no line; of its communes
   only those that somebody opens or asks for, as a page each costs a weak line nine kilobytes. */
import { el, listen, setText } from "../../../assets/elements.js";
import { on } from "../../../assets/events.js";
import { keepPages } from "../documents/keeping.js";

const HOUR = 3600000;
const MOST = 10;
/** @type {Record<string, string>} */
const HINDERED = {
  private: "Trang chỉ dành cho tài khoản nên không lưu trên máy.",
  "no-line": "Chưa lưu được hết; hãy bấm lại khi có mạng.",
  "no-room":
    "Trình duyệt không cho lưu hoặc máy hết chỗ trống; hãy tắt chế độ ẩn danh, xóa bớt tệp trên máy rồi bấm lại.",
};
let keptAt = -Infinity;
// The narrowed address shows the same document.
const list = location.pathname + location.search;

/** Those that are seen first, in their order. @returns {string[]} */
function listCommunes() {
  const cards = [...document.querySelectorAll("[data-list] [data-entries] > :not([hidden])")];
  return cards.slice(0, MOST).map((card) => card.querySelector("a").getAttribute("href"));
}

async function keepList() {
  const saving = /** @type {any} */ (navigator).connection?.saveData;
  if (saving || performance.now() - keptAt < HOUR) return;
  keptAt = performance.now();
  await keepPages([list]);
}

async function keepCommunes() {
  setText(el("kept-note"), "Đang lưu…");
  const { kept, hindered } = await keepPages([list, ...listCommunes()]);
  setText(
    el("kept-note"),
    HINDERED[hindered] || `Đã lưu trang của ${kept} đơn vị trên máy này để mở khi không có mạng.`,
  );
}

/** Where nothing can be kept, nothing is offered. */
function offerKeeping() {
  const button = el("keep-pages");
  if (button) button.hidden = !navigator.serviceWorker;
}

export function watchOffline() {
  on("connection", ({ connected }) => connected && keepList().catch(() => {}));
  on("mounted", offerKeeping);
  on("swapped", offerKeeping);
  listen("click", (event) => {
    if (event.target.id === "keep-pages") keepCommunes().catch(() => {});
  });
}
