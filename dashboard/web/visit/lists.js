/* The first view: communes that were taken along, visits that are on this phone alone, and the
   buttons that fetch, send, save. Knows the form only by its address (its hash). */
import { locatePath } from "../../../assets/base_path.js";
import { createElement } from "../../../assets/elements.js";
import { emit } from "../../../assets/events.js";
import { deleteRecord, getRecord, listRecords, putRecord } from "./database.js";
import { CONFLICT, DRAFT, REFUSED, sendAsAnother, WAITING } from "./queue.js";
import { ask, SIGN_IN, tellLocalTime } from "./sending.js";

/** @type {Record<string, string>} */
const STATES = {
  [DRAFT]: "bản nháp",
  [WAITING]: "chờ gửi",
  [CONFLICT]: "trùng mã với lượt khác đã lưu",
  [REFUSED]: "máy chủ không nhận",
};
/** What is to be done with a visit that does not go by itself. @type {Record<string, string>} */
const NEXT_STEPS = {
  [CONFLICT]: "Gửi thành lượt riêng thì cả hai lượt cùng được giữ; xóa thì chỉ giữ lượt đã lưu.",
  [REFUSED]: "Chạm tên đơn vị để sửa, rồi lưu lại.",
};
const COUNTS = [3, 5, 10, 20];

/** @param {string} word @param {() => void} press @param {string} [look] */
function buildButton(word, press, look = "button") {
  const button = createElement("button", { type: "button", class: look }, word);
  button.addEventListener("click", press);
  return button;
}

/** Sheets of communes onto this phone: those named, or the most in need.
 * @param {string} query @returns {Promise<string[]>} codes of those that came; throws where there is no line */
export async function fetchSheets(query) {
  const answer = await ask(`/to-cong-tac/kiem-tra/phieu.json?${query}`);
  if (answer.status === 401 || answer.status === 403) throw new Error("sign-in");
  if (!answer.ok) throw new Error("no-line");
  const told = await answer.json();
  for (const sheet of told.sheets)
    await putRecord("sheets", { ...sheet, id: sheet.code, today: told.today });
  await dropOldSheets(told.today);
  const { account, office, owners } = told;
  await putRecord("facts", { id: "owners", names: owners });
  const known = await getRecord("facts", "session");
  await putRecord("facts", { ...known, id: "session", account, office });
  return told.sheets.map((/** @type {Sheet} */ { code }) => code);
}

/** Sheets of an earlier day go, but for those whose visits are here yet. @param {string} today */
async function dropOldSheets(today) {
  const [sheets, visits] = await Promise.all(["sheets", "visits"].map(listRecords));
  const started = new Set(visits.map(({ content }) => content.commune));
  for (const sheet of sheets)
    if (sheet.today < today && !started.has(sheet.code)) await deleteRecord("sheets", sheet.id);
}

let chosenCount = "10"; // how many communes, kept while the list is drawn anew

/** @returns {Promise<Node[]>} */
export async function buildHome() {
  const [sheets, visits, facts] = await Promise.all(["sheets", "visits", "facts"].map(listRecords));
  const session = facts.find(({ id }) => id === "session");
  const count = createElement("select", { "aria-label": "Số đơn vị" });
  for (const one of COUNTS)
    count.append(createElement("option", { value: String(one) }, String(one)));
  count.value = chosenCount;
  count.addEventListener("change", () => (chosenCount = count.value));
  const take = buildButton("Mang theo các đơn vị cần nhất", () =>
    emit("take", `so=${count.value}`),
  );
  const days = listDays(session);
  /** @type {Node[]} */
  const parts = [describeSession(session, sheets.length)];
  if (visits.length) parts.push(...buildVisits(visits));
  parts.push(
    ...buildDays(days, session),
    createElement(
      "div",
      { class: "row form-field" },
      createElement("label", {}, "Số đơn vị ", count),
      take,
    ),
  );
  if (sheets.length) parts.push(...buildSheets(sheets, visits, days));
  if (session?.sends_files) parts.push(buildFileField());
  return parts;
}

/** The office's day: the server's when it was last heard, and as many days later as have passed on
 * this phone, whose clock may be wrong. @param {any} session */
function findToday(session) {
  const passed = Date.parse(tellLocalTime().slice(0, 10)) - Date.parse(session.heardOn);
  return new Date(Date.parse(session.today) + passed).toISOString().slice(0, 10);
}

/** The days of the schedule that are not over. @param {any} session @returns {TeamDay[]} */
function listDays(session) {
  if (!session?.days) return [];
  const today = findToday(session);
  return session.days.filter((/** @type {TeamDay} */ { day }) => day >= today);
}

/** A button a day of the schedule, the next first. @param {TeamDay[]} days @param {any} session */
function buildDays(days, session) {
  if (!days.length) return [];
  const today = findToday(session);
  const list = createElement("div", { class: "row", "data-days": "" });
  for (const { day, team, communes } of days)
    list.append(
      buildButton(
        `${tellWhen(day, today)}, ${team || "tổ công tác"}: ${communes.length} đơn vị`,
        () => emit("take", communes.map((code) => `xa=${code}`).join("&")),
        day === today ? "button main" : "button",
      ),
    );
  return [createElement("h2", {}, "Theo lịch của tổ"), list];
}

/** @param {string} day @param {string} today */
const tellWhen = (day, today) => (day === today ? "Hôm nay" : `Ngày ${tellDay(day).slice(0, 5)}`);

/** Whose visits these are, or the way to sign in. @param {any} session @param {number} count */
function describeSession(session, count) {
  if (!session) {
    const link = createElement("a", { href: locatePath(SIGN_IN) }, "Đăng nhập");
    const words = " rồi mang theo các đơn vị sẽ đến; sau đó ghi được cả khi không có mạng.";
    return createElement("p", {}, link, words);
  }
  const whose = `Ghi cho ${session.office || session.account}. `;
  const taken = count ? `Đã mang theo ${count} đơn vị; mở được khi không có mạng.` : "";
  return createElement("p", { class: "quiet" }, whose + taken);
}

/** For who may send files: visits that somebody saved from a phone. */
function buildFileField() {
  const field = createElement("input", { type: "file", accept: ".json" });
  field.addEventListener("change", async () => {
    const written = await field.files?.[0]?.text();
    if (written) emit("send-file", written);
    field.value = "";
  });
  return createElement(
    "details",
    { class: "promise" },
    createElement("summary", {}, "Gửi tệp lượt đã lưu từ máy khác"),
    createElement("label", { class: "form-field" }, "Tệp lượt kiểm tra (.json)", field),
  );
}

/** @param {Visit[]} visits */
function buildVisits(visits) {
  const list = createElement("ul", { class: "places", "data-visits": "" });
  for (const visit of visits.sort((a, b) => b.queuedAt - a.queuedAt))
    list.append(buildVisit(visit));
  return [
    createElement("h2", {}, "Lượt trên máy này"),
    createElement(
      "div",
      { class: "row" },
      buildButton("Gửi ngay", () => emit("send"), "button main"),
      buildButton("Lưu thành tệp", () => saveFile(visits)),
    ),
    list,
  ];
}

/** @param {Visit} visit */
function buildVisit(visit) {
  const { findings, promises } = visit.content;
  const counts = `${findings.length} tiêu chí${promises.length ? `, ${promises.length} việc hứa` : ""}`;
  const row = createElement(
    "li",
    { "data-state": visit.state },
    createElement("a", { href: `#${visit.content.commune}/${visit.id}` }, visit.name),
    createElement("p", {}, `${STATES[visit.state]} · ${counts}`),
  );
  if (visit.why.length) row.append(createElement("p", { class: "fault" }, visit.why.join("; ")));
  if (NEXT_STEPS[visit.state]) row.append(createElement("p", {}, NEXT_STEPS[visit.state]));
  if (visit.state === CONFLICT)
    row.append(
      buildButton("Gửi thành lượt riêng", async () => {
        await putRecord("visits", sendAsAnother(visit, crypto.randomUUID()));
        await deleteRecord("visits", visit.id);
        emit("send");
        emit("visits-changed");
      }),
    );
  if (visit.state !== WAITING)
    row.append(
      " ",
      buildButton("Xóa", async () => {
        if (!confirm(`Xóa lượt của ${visit.name} khỏi máy này?`)) return;
        await deleteRecord("visits", visit.id);
        emit("visits-changed");
      }),
    );
  return row;
}

/** Those of the schedule first, in the order of its way, then the most in need. @param {(Sheet & {today: string})[]} sheets
 * @param {Visit[]} visits @param {TeamDay[]} days */
function buildSheets(sheets, visits, days) {
  const started = new Set(visits.map(({ content }) => content.commune));
  const way = days.flatMap(({ communes }) => communes);
  /** @param {Sheet} sheet */
  const place = ({ code, rank }) => (way.includes(code) ? way.indexOf(code) : way.length + rank);
  sheets.sort((a, b) => place(a) - place(b));
  const list = createElement("ul", { class: "places", "data-sheets": "" });
  for (const sheet of sheets)
    list.append(
      createElement(
        "li",
        {},
        createElement("a", { href: `#${sheet.code}` }, sheet.name),
        createElement(
          "p",
          {},
          `${sheet.sign} ${sheet.word}${started.has(sheet.code) ? " · đã có lượt trên máy" : ""}`,
        ),
        createElement(
          "p",
          { class: "quiet" },
          `${sheet.reason} · phiếu ngày ${tellDay(sheet.today)}`,
        ),
      ),
    );
  return [createElement("h2", {}, `Đơn vị mang theo (${sheets.length})`), list];
}

/** 2026-11-20 as 20/11/2026. @param {string} day */
const tellDay = (day) => day.split("-").reverse().join("/");

/** The visits of this phone as a file for a clerk; they stay here until the server has them.
 * @param {Visit[]} visits */
function saveFile(visits) {
  const whole = visits.map((visit) => ({ ...visit.content, id: visit.id }));
  const file = new Blob([JSON.stringify({ visits: whole }, null, 1)], { type: "application/json" });
  const link = createElement("a", {
    href: URL.createObjectURL(file),
    download: "luot_kiem_tra.json",
  });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
