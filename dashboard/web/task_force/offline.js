/* Has a worker keep the list and the pages of its communes on this device, so that a team can open
   them where there is no line (worker.js). Browsers allow that only over https or on the computer
   itself; elsewhere the list simply lacks it. */
import { locatePath } from "../../../assets/base_path.js";
import { el, setText } from "../../../assets/elements.js";
import { on } from "../../../assets/events.js";

const HOUR = 3600000;
const MOST = 60; // nine kilobytes each
const SCOPES = ["/to-cong-tac", "/xa/"];
let keptAt = -Infinity;
// The narrowed address shows the same document.
const list = location.pathname + location.search;

/** Those that are seen first, in their order. @returns {string[]} */
function listCommunes() {
  const cards = [...document.querySelectorAll("[data-entries] > *")];
  const ordered = [...cards.filter((card) => !card.hidden), ...cards.filter((card) => card.hidden)];
  return ordered.slice(0, MOST).map((card) => card.querySelector("a").getAttribute("href"));
}

async function keepList() {
  const saving = /** @type {any} */ (navigator).connection?.saveData;
  if (saving || performance.now() - keptAt < HOUR) return;
  const communes = listCommunes();
  if (!communes.length) return;
  const { active } = await navigator.serviceWorker.ready;
  keptAt = performance.now();
  active.postMessage({ keep: [list, ...communes] });
}

/** @param {MessageEvent} message from the worker, when all are there */
function tellKept({ data }) {
  if (data && data.kept > 0)
    setText(
      el("kept-note"),
      `Đã lưu trang của ${data.kept} đơn vị trên máy này để mở khi không có mạng.`,
    );
}

export function watchOffline() {
  if (!navigator.serviceWorker) return;
  navigator.serviceWorker.addEventListener("message", tellKept);
  on("connection", ({ connected }) => connected && keepList().catch(() => {}));
  on("mounted", () => {
    for (const scope of SCOPES)
      navigator.serviceWorker
        .register(locatePath("/to-cong-tac/worker.js"), { scope: locatePath(scope) })
        .catch(() => {});
  });
}
