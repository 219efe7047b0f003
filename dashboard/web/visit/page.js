/* Opens /to-cong-tac/kiem-tra: shows the list or a form by the address, and says how much is on
   this phone alone. */
import { startPage, startParts } from "../../../assets/start.js";
import { locatePath } from "../../../assets/base_path.js";
import { el, setText } from "../../../assets/elements.js";
import { emit, on } from "../../../assets/events.js";
import { keepPages, watchKeeping } from "../documents/keeping.js";
import { getRecord, listRecords, putRecord } from "./database.js";
import { beginVisit, buildForm } from "./form.js";
import { buildHome, fetchSheets } from "./lists.js";
import { countUnsent, DRAFT } from "./queue.js";
import { renewSession, sendFile, SIGN_IN, watchSending } from "./sending.js";

const COUNT = "visits-on-phone";
const TAKE = "mang=";
const MONTH = 30 * 24 * 3600;
/** @type {Record<string, string>} */
const WORDS = {
  "sign-in": "Phiên đăng nhập đã hết: hãy đăng nhập lại để gửi. Các lượt vẫn còn trên máy.",
  "no-line": "Không có mạng. Các lượt nằm trên máy này và tự gửi khi có mạng.",
  later: "Chưa gửi được hết; máy sẽ tự thử lại.",
};
let shown = 0;

/** @param {string} words @param {string} [target] */
function tell(words, target = "") {
  const notice = el("notice");
  if (!notice) return;
  notice.hidden = !words;
  notice.replaceChildren(words);
  if (target) {
    const link = document.createElement("a");
    link.href = locatePath(target);
    link.textContent = " Đăng nhập";
    notice.append(link);
  }
}

/** The sheet of a commune: of this phone, else of the server. @param {string} code */
async function findSheet(code) {
  const kept = await getRecord("sheets", code);
  if (kept) return kept;
  await fetchSheets(`xa=${code}`);
  return getRecord("sheets", code);
}

/** @param {string} code @param {string} id */
async function showForm(code, id) {
  const sheet = await findSheet(code);
  if (!sheet) return tell("Tài khoản không phụ trách đơn vị này.");
  const visits = await listRecords("visits");
  /** @param {Visit} one */
  const isWanted = (one) =>
    id ? one.id === id : one.content.commune === code && one.state === DRAFT;
  const visit = visits.find(isWanted) || beginVisit(sheet);
  if (visit.state !== DRAFT) {
    // taken back to be edited: it waits again when it is saved
    visit.state = DRAFT;
    await putRecord("visits", visit);
    await showCount();
  }
  setText(el("title"), sheet.name);
  tell("");
  const done = () => {
    tell(`Đã lưu lượt của ${sheet.name} trên máy này.`);
    location.hash = "";
    emit("send");
  };
  const owners = await getRecord("facts", "owners");
  el("view")?.replaceChildren(buildForm(sheet, visit, owners?.names || [], done));
  window.scrollTo(0, 0);
}

async function show() {
  const mine = ++shown;
  const [code, id = ""] = location.hash.slice(1).split("/");
  if (code.startsWith(TAKE)) {
    // of the schedule's page: the communes of a way that was laid there
    history.replaceState(null, "", location.pathname);
    const codes = code.slice(TAKE.length).split(",");
    return emit("take", codes.map((one) => `xa=${encodeURIComponent(one)}`).join("&"));
  }
  try {
    if (/^\d{5}$/.test(code)) {
      await showForm(code, id);
    } else {
      const parts = await buildHome();
      if (mine !== shown) return;
      setText(el("title"), "Ghi kết quả kiểm tra");
      el("view")?.replaceChildren(...parts);
    }
  } catch (problem) {
    tellProblem(problem);
  }
  await showCount();
}

/** @param {any} problem */
function tellProblem(problem) {
  const isSignIn = problem?.message === "sign-in";
  if (isSignIn) return tell("Cần đăng nhập bằng tài khoản của tổ công tác.", SIGN_IN);
  tell("Chưa mang theo đơn vị này và không có mạng, nên chưa mở được phiếu.");
}

/** The number in sight, and whether the browser threw away what was kept. */
async function showCount() {
  const visits = await listRecords("visits").catch(() => /** @type {Visit[]} */ ([]));
  const count = countUnsent(visits);
  const button = el("unsent");
  if (button) {
    button.hidden = !count;
    setText(button, `${count} lượt chưa gửi`);
  }
  const before = readCount();
  if (!visits.length && before)
    tell(`Trình duyệt đã xóa ${before} lượt trên máy này trước khi gửi; hãy ghi lại các lượt đó.`);
  writeCount(visits.length);
}

/** How many visits were here. A full phone throws database and local storage away together, but no
 * cookies. */
function readCount() {
  const cookie = document.cookie.match(`${COUNT}=(\\d+)`);
  return Math.max(Number(localStorage.getItem(COUNT) || 0), Number(cookie?.[1] || 0));
}

/** @param {number} count */
function writeCount(count) {
  localStorage.setItem(COUNT, String(count));
  const path = locatePath("/to-cong-tac/kiem-tra");
  document.cookie = `${COUNT}=${count}; path=${path}; max-age=${MONTH}; samesite=strict`;
}

async function rememberCount() {
  writeCount((await listRecords("visits")).length);
}

function watchPage() {
  window.addEventListener("hashchange", show);
  el("unsent")?.addEventListener("click", () => emit("send"));
  on("visit-saved", async ({ visit, told }) => {
    await rememberCount();
    const practice = told.practice ? " (luyện tập: tỉnh đang dùng số liệu mô phỏng)" : "";
    const changed = told.changed?.length
      ? ` Từ khi mang phiếu đi: ${told.changed.join("; ")}.`
      : "";
    tell(`Máy chủ đã nhận lượt của ${visit.name}${practice}.${changed}`);
  });
  // deleted by hand, or sent: what is no longer here was not thrown away
  on("visits-changed", async () => {
    await rememberCount();
    await (location.hash.length > 1 ? showCount() : show());
  });
  on("sending", (outcome) => {
    if (outcome) tell(WORDS[outcome], outcome === "sign-in" ? SIGN_IN : "");
    showCount();
  });
  on("take", async (query) => {
    try {
      const codes = await fetchSheets(query);
      await navigator.storage?.persist?.();
      tell(`Đã mang theo ${codes.length} đơn vị.`);
      const pages = ["/to-cong-tac", ...codes.map((code) => `/xa/${code}`)];
      keepPages(pages.map(locatePath)).catch(() => {});
      await show();
    } catch (problem) {
      tellProblem(problem);
    }
  });
  on("send-file", async (written) => tell(await sendFile(written).catch(() => WORDS["no-line"])));
  on("mounted", async () => {
    await show();
    const isOther = await renewSession().catch(() => false);
    if (isOther && location.hash.length <= 1) await show();
  });
}

function watchOffline() {
  on("mounted", () => keepPages([location.pathname]).catch(() => {}));
}

startParts(watchPage, watchSending, watchKeeping, watchOffline);
startPage();
