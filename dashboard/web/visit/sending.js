/* Sends what waits, one sender at a time on this phone, whenever there may be a line: on start, when
   it comes back, when the page is looked at, now and then, by the button. */
import { locatePath } from "../../../assets/base_path.js";
import { listen } from "../../../assets/elements.js";
import { emit, on } from "../../../assets/events.js";
import { deleteRecord, getRecord, listRecords, putRecord } from "./database.js";
import { decideAfter, listWaiting, WAITING } from "./queue.js";

const EVERY = 30000;
const PATIENCE = 20000;
const LOCK = "visits-sender";
export const SIGN_IN = "/dang-nhap?next=/to-cong-tac/kiem-tra";

/** @param {string} path @param {RequestInit} [options] @returns {Promise<Response>} */
export async function ask(path, options) {
  const limit = new AbortController();
  // Until the body is read: an answer that breaks off must not hold the one sender's lock.
  setTimeout(() => limit.abort(), PATIENCE);
  return await fetch(locatePath(path), {
    credentials: "same-origin",
    cache: "no-store",
    redirect: "error",
    headers: { Accept: "application/json" },
    signal: limit.signal,
    ...options,
  });
}

/** The token that a form of this session carries; "" where nobody is signed in. */
async function fetchToken() {
  const answer = await ask("/to-cong-tac/kiem-tra/phien.json");
  if (answer.status === 401 || answer.status === 403) return "";
  if (!answer.ok) throw new Error("HTTP " + answer.status);
  const session = await answer.json();
  const heardOn = tellLocalTime().slice(0, 10);
  await putRecord("facts", { id: "session", ...session, csrf: "", heardOn });
  return session.csrf;
}

/** Who is signed in and where teams go by the schedule, as this phone last heard it, anew where
 * there is a line. @returns {Promise<boolean>} whether it is another than before */
export async function renewSession() {
  const before = JSON.stringify(await getRecord("facts", "session"));
  await fetchToken();
  return before !== JSON.stringify(await getRecord("facts", "session"));
}

/** @param {Visit} visit @param {string} token */
async function sendVisit(visit, token) {
  const body = JSON.stringify({ ...visit.content, id: visit.id, sent_at: tellLocalTime() });
  const answer = await ask("/to-cong-tac/kiem-tra/gui", {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "X-CSRFToken": token,
      Accept: "application/json",
    },
    body,
  });
  const told = await answer.json().catch(() => /** @type {any} */ (null));
  return { status: answer.status, told };
}

/** This phone's own local time, as a form writes it: 2026-11-20T08:30:00. */
export function tellLocalTime(moment = new Date()) {
  const local = new Date(moment.getTime() - moment.getTimezoneOffset() * 60000);
  return local.toISOString().slice(0, 19);
}

/** Those that wait, in order; of a commune whose visit could not go the later ones stay. */
async function sendAll() {
  const waiting = listWaiting(await listRecords("visits"));
  if (!waiting.length) return "";
  let token = await fetchToken();
  if (!token) return "sign-in";
  const held = new Set();
  for (const { id } of waiting) {
    // it may have been taken back to be edited meanwhile
    const visit = await getRecord("visits", id);
    if (!visit || visit.state !== WAITING || held.has(visit.content.commune)) continue;
    let answer = await sendVisit(visit, token);
    if (answer.status === 400) {
      // Just signed in, two questions at once may have got a token each: the later one counts.
      token = await fetchToken();
      if (token) answer = await sendVisit(visit, token);
    }
    const { status, told } = answer;
    const next = decideAfter(visit, status, told);
    if (next.stop === "sign-in") return next.stop;
    if (next.stop === "pause") return "later";
    if (next.gone) {
      await deleteRecord("visits", id);
      emit("visit-saved", { visit, told });
    } else {
      held.add(visit.content.commune);
      if (next.visit) await putRecord("visits", next.visit);
    }
    emit("visits-changed");
  }
  return held.size ? "later" : "";
}

/** One attempt; another tab that is at it goes on alone. @returns {Promise<void>} */
async function sendWaiting() {
  /** @param {?Lock} lock */
  const attempt = async (lock) => {
    if (!lock) return;
    let outcome = "later";
    try {
      outcome = await sendAll();
    } catch (problem) {
      outcome = "no-line";
    }
    emit("sending", outcome);
  };
  if (!navigator.locks) return attempt(/** @type {Lock} */ ({}));
  await navigator.locks.request(LOCK, { ifAvailable: true }, attempt);
}

/** A file of visits that was saved on another phone. @param {string} written
 * @returns {Promise<string>} what became of it, in words */
export async function sendFile(written) {
  const token = await fetchToken();
  if (!token) return "Cần đăng nhập bằng tài khoản được nạp tệp.";
  const answer = await ask("/to-cong-tac/kiem-tra/tep", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: written,
  });
  if (answer.status === 403) return "Tài khoản này không được nạp tệp.";
  const told = await answer.json();
  if (!answer.ok) return `Không nhận tệp: ${told.why.join("; ")}.`;
  const count = (/** @type {string} */ kind) =>
    told.answers.filter((/** @type {any} */ one) => one.answer === kind).length;
  return `Đã nhận ${count("saved")} lượt, ${count("known")} lượt đã có từ trước, ${count("conflict") + count("refused")} lượt không nhận.`;
}

export function watchSending() {
  on("send", () => sendWaiting());
  window.addEventListener("online", () => sendWaiting());
  listen("visibilitychange", () => document.hidden || sendWaiting());
  setInterval(() => document.hidden || sendWaiting(), EVERY);
  on("mounted", () => sendWaiting());
}
