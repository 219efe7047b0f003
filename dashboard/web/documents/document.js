/* An open document stays equal to the server's: poll.js asks, here is what it asks for and where
   the answer goes. Province and day are a plain form; here it is sent as soon as one of them is
   chosen. Shows no figures itself. */
import { current, isSoonNewer, provideSource, readAnswerDate } from "../../../assets/current.js";
import { formatDay } from "../../../assets/days.js";
import { el, getMeta, listen, setAttr, setText } from "../../../assets/elements.js";
import { emit, on } from "../../../assets/events.js";
import { morphNode } from "./morph.js";

/** What the scripts of all pages read of a state, from the document that carries it.
 * @param {Document} page @returns {State} */
function readState(page) {
  const { province, provinceName, asOf, live, time, told, names, version, token } =
    page.documentElement.dataset;
  return /** @type {State} */ ({
    province,
    province_name: provinceName,
    as_of: asOf,
    live: live === "true",
    names,
    version: Number(version),
    token,
    data_time: time,
    data_as_of: told,
    build: getMeta("build", page),
    page,
  });
}

/** One question for this document as it is now. Rejects on anything that is neither a document nor
 * "unchanged".
 * @param {string} url @param {string} etag @param {AbortSignal} [signal]
 * @returns {Promise<Answer>} */
async function askDocument(url, etag, signal) {
  const tag = getMeta("tag");
  const known = etag || (tag && `"${tag}"`);
  const headers = known ? { "If-None-Match": known } : {};
  const answer = await fetch(url, {
    headers,
    signal,
    cache: "no-store",
    credentials: "same-origin",
  });
  const date = readAnswerDate(answer);
  if (answer.status === 304)
    return { url, etag: known, date, state: null, soon: isSoonNewer(answer) };
  if (!answer.ok) throw new Error("HTTP " + answer.status);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page.getElementById("content")) throw new Error("not a document");
  return { url, etag: answer.headers.get("ETag") || "", date, state: readState(page) };
}

/** After Back the browser puts into the fields what led away; they say what the page shows. What
 * somebody wrote into a form that is sent stays. */
function showOwnChoices() {
  for (const form of Array.from(document.forms)) if (form.method === "get") form.reset();
  setText(el("day-read"), formatDay(document.documentElement.dataset.asOf));
}

/** A day beside its field, as the field has it. @param {Element} read */
function showDayOfField(read) {
  setText(read, formatDay(read.parentElement.querySelector("input").value));
}

export function watchDocument() {
  provideSource({ ask: askDocument });
  current.state = readState(document);
  on("state", ({ page }) => {
    if (page === document) return;
    morphNode(el("content"), page.getElementById("content"));
    for (const [name, value] of Object.entries(page.documentElement.dataset))
      document.documentElement.dataset[name] = value;
    setText(el("day-read"), page.getElementById("day-read").textContent);
    setAttr(el("as-of"), "max", page.getElementById("as-of").getAttribute("max"));
    el("content").querySelectorAll(".day-read").forEach(showDayOfField);
    document.title = page.title;
    emit("swapped");
  });
  on("mounted", () => setAttr(document.documentElement, "data-ready", ""));
  listen("change", (event) => {
    const { id, value, form, validity } = event.target;
    // a year still being typed
    if (id === "as-of" && !(validity.valid && (!value || value >= "2000"))) return;
    if (id === "province" || id === "as-of") form.requestSubmit();
    // Any other day is read day first too, whatever the browser's language.
    const read = event.target.parentElement.querySelector(":scope > .day-read");
    if (read) showDayOfField(read);
  });
  addEventListener("pageshow", ({ persisted }) => {
    const [arrival] = performance.getEntriesByType("navigation");
    const isBack = /** @type {PerformanceNavigationTiming} */ (arrival)?.type === "back_forward";
    if (persisted || isBack) showOwnChoices();
  });
  listen("formdata", (event) => {
    // Nothing chosen, or the live day: a short address.
    const { formData } = event;
    if (formData.get("was") === formData.get("province")) formData.delete("was");
    for (const [name, value] of [...event.formData]) if (!value) event.formData.delete(name);
  });
}
