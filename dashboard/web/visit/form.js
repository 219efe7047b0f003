/* The form of one visit: what is doubtful first, a tap where the declared value is right. Writes
   every change into the draft on this phone; sends nothing itself. */
import { locatePath } from "../../../assets/base_path.js";
import { createElement } from "../../../assets/elements.js";
import { putRecord } from "./database.js";
import { DRAFT, WAITING } from "./queue.js";
import { tellLocalTime } from "./sending.js";

const WAYS = [
  ["on_site", "Tại chỗ"],
  ["video", "Gọi video"],
  ["phone", "Điện thoại"],
];
const SAVE_AFTER = 300;
const OWNERS = "owners";
/** When something was promised for, at one touch: days from today. @type {[string, number][]} */
const DUE_IN = [
  ["1 tuần", 7],
  ["2 tuần", 14],
  ["1 tháng", 30],
];

/** A visit that nobody has written yet. @param {Sheet} sheet @returns {Visit} */
export function beginVisit(sheet) {
  return {
    id: crypto.randomUUID(),
    state: DRAFT,
    queuedAt: 0,
    name: sheet.name,
    why: [],
    content: {
      commune: sheet.code,
      way: "on_site",
      moment: tellLocalTime(),
      findings: [],
      note: "",
      promises: [],
    },
  };
}

/** @param {Question} question @param {?number} value */
function tellValue(question, value) {
  if (value === null || value === undefined) return "";
  if (question.kind === "flag") return value ? "có" : "không";
  const written = String(value).replace(".", ",");
  if (question.kind === "ratio")
    return question.whole === null ? written : `${written}/${question.whole}`;
  return `${written} ${question.unit}`.trim();
}

/** @param {Question} question */
function tellBefore(question) {
  const parts = [];
  if (question.declared !== null)
    parts.push(`kê khai ${tellValue(question, question.declared)} (${question.declared_age})`);
  if (question.verified !== null)
    parts.push(`kiểm tra ${tellValue(question, question.verified)} (${question.verified_age})`);
  parts.push(question.aim_words);
  return parts.join(" · ");
}

/** The form of a sheet over a visit; `done` is called when it is to be sent, `owners` are offices
 * that promised before.
 * @param {Sheet} sheet @param {Visit} visit @param {string[]} owners @param {() => void} done
 * @returns {HTMLElement} */
export function buildForm(sheet, visit, owners, done) {
  const { content } = visit;
  let timer = 0;
  const keepDraft = () => {
    clearTimeout(timer);
    timer = setTimeout(() => putRecord("visits", visit), SAVE_AFTER);
  };
  const form = createElement("div", { class: "visit" });
  const offered = createElement("datalist", { id: OWNERS });
  offered.append(...owners.map((owner) => createElement("option", { value: owner })));
  const questions = sheet.questions.map((question) => buildQuestion(question, content, keepDraft));
  const rest = createElement(
    "button",
    { type: "button", class: "button" },
    "Còn lại đúng như kê khai",
  );
  rest.addEventListener("click", () => questions.forEach(({ confirm }) => confirm()));
  const note = createElement("textarea", { maxlength: "500", id: "note" });
  note.value = content.note;
  note.addEventListener("input", () => {
    content.note = note.value;
    keepDraft();
  });
  const send = createElement(
    "button",
    { type: "button", class: "button main" },
    "Lưu lượt kiểm tra",
  );
  send.addEventListener("click", async () => {
    clearTimeout(timer);
    if (!content.findings.length && !content.note.trim() && !content.promises.length) {
      setFault("Chưa ghi kết quả nào: hãy trả lời ít nhất một tiêu chí hoặc ghi chú.");
      return;
    }
    const fault = content.promises.find(
      (promise) => promise.owner.trim().length < 2 || !promise.due,
    );
    if (fault) return setFault("Việc hứa cần có cơ quan và hạn hoàn thành.");
    Object.assign(visit, { state: WAITING, queuedAt: Date.now(), why: [] });
    await putRecord("visits", visit);
    done();
  });
  const fault = createElement("p", { class: "fault", role: "alert" });
  /** @param {string} words */
  const setFault = (words) => {
    fault.textContent = words;
    fault.scrollIntoView({ block: "center" });
  };
  form.append(
    createElement("p", { class: "state" }, `${sheet.sign} ${sheet.word}`),
    createElement(
      "p",
      {},
      `${sheet.reason} · `,
      createElement("a", { href: locatePath(`/xa/${sheet.code}`) }, "Trang của đơn vị"),
    ),
    buildWays(content, keepDraft),
    ...questions.map(({ element }) => element),
    offered,
    createElement("div", { class: "row" }, rest),
    createElement("label", { class: "form-field" }, "Ghi chú (không ghi tên, số điện thoại)", note),
    fault,
    createElement("div", { class: "main-action" }, send),
  );
  return form;
}

/** @param {VisitContent} content @param {() => void} changed */
function buildWays(content, changed) {
  const group = createElement("div", {
    class: "answers",
    role: "group",
    "aria-label": "Hình thức kiểm tra",
  });
  const buttons = WAYS.map(([way, word]) => {
    const button = buildToggle(word, content.way === way);
    button.addEventListener("click", () => {
      content.way = way;
      buttons.forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
      changed();
    });
    return button;
  });
  group.append(...buttons);
  return group;
}

/** @param {string} word @param {boolean} pressed */
function buildToggle(word, pressed) {
  return createElement("button", { type: "button", "aria-pressed": String(pressed) }, word);
}

/** One question, and how it is answered at once by what was declared.
 * @param {Question} question @param {VisitContent} content @param {() => void} changed */
function buildQuestion(question, content, changed) {
  const element = createElement("fieldset", { class: "question" });
  const legend = createElement("legend", {}, question.name);
  if (question.doubt)
    legend.append(" ", createElement("span", { class: "doubt" }, `— ${question.doubt}`));
  const answers = createElement("div", { class: "answers" });
  const mend = createElement("input", { type: "checkbox" });
  const getFinding = () => content.findings.find(({ measure }) => measure === question.measure);
  /** @param {?number} value */
  const answer = (value) => {
    content.findings = content.findings.filter(({ measure }) => measure !== question.measure);
    if (value !== null)
      content.findings.push({
        measure: question.measure,
        value,
        mended: mend.checked,
        seen: question.verified,
      });
    show();
    changed();
  };
  const { parts, showValue } =
    question.kind === "flag" ? buildYesNo(answer) : buildNumber(question, answer);
  const differs = createElement("p", { class: "differs", role: "status" });
  const same =
    question.declared === null
      ? null
      : buildToggle(`Đúng như kê khai (${tellValue(question, question.declared)})`, false);
  same?.addEventListener("click", () => answer(question.declared));
  const show = () => {
    const finding = getFinding();
    showValue(finding ? finding.value : null);
    same?.setAttribute("aria-pressed", String(finding?.value === question.declared));
    const isOther = finding && question.declared !== null && finding.value !== question.declared;
    differs.textContent = isOther
      ? `⚡ Khác kê khai: kê khai ${tellValue(question, question.declared)}, ` +
        `thấy ${tellValue(question, finding.value)}`
      : "";
  };
  mend.checked = Boolean(getFinding()?.mended);
  mend.addEventListener("change", () => {
    const finding = getFinding();
    if (finding) finding.mended = mend.checked;
    changed();
  });
  answers.append(...(same ? [same] : []), ...parts);
  element.append(
    legend,
    createElement("p", { class: "told quiet" }, tellBefore(question)),
    answers,
    differs,
    createElement("label", { class: "mended" }, mend, "Đã khắc phục tại chỗ"),
  );
  if (question.aim !== null) element.append(buildPromise(question, content, changed));
  show();
  const confirm = () => getFinding() || question.declared === null || answer(question.declared);
  return { element, confirm };
}

/** @param {(value: ?number) => void} answer */
function buildYesNo(answer) {
  const yes = buildToggle("Có", false);
  const no = buildToggle("Không", false);
  yes.addEventListener("click", () => answer(1));
  no.addEventListener("click", () => answer(0));
  /** @param {?number} value */
  const showValue = (value) => {
    yes.setAttribute("aria-pressed", String(value === 1));
    no.setAttribute("aria-pressed", String(value === 0));
  };
  return { parts: [yes, no], showValue };
}

/** @param {Question} question @param {(value: ?number) => void} answer */
function buildNumber(question, answer) {
  const isCount = question.kind === "ratio";
  const field = createElement("input", {
    type: "number",
    min: "0",
    step: isCount ? "1" : "0.1",
    inputmode: isCount ? "numeric" : "decimal",
    "aria-label": `${question.name}: số thấy khi kiểm tra`,
  });
  const read = () => (field.value === "" ? null : Number(field.value));
  field.addEventListener("input", () => answer(read()));
  /** @param {number} by */
  const step = (by) => answer(Math.max(0, (read() ?? question.declared ?? 0) + by));
  const less = createElement(
    "button",
    { type: "button", "aria-label": `${question.name}: bớt 1` },
    "−",
  );
  const more = createElement(
    "button",
    { type: "button", "aria-label": `${question.name}: thêm 1` },
    "+",
  );
  less.addEventListener("click", () => step(-1));
  more.addEventListener("click", () => step(1));
  const unit = isCount && question.whole !== null ? `trên ${question.whole} cần` : question.unit;
  /** @param {?number} value */
  const showValue = (value) => {
    const written = value === null ? "" : String(value);
    if (field.value !== written) field.value = written;
  };
  const around = isCount ? [less, field, more] : [field];
  const together = createElement("span", { class: "stepper" }, ...around, unit);
  return { parts: [together], showValue };
}

/** Who promised to mend it until when. @param {Question} question
 * @param {VisitContent} content @param {() => void} changed */
function buildPromise(question, content, changed) {
  const known = content.promises.find(({ measure }) => measure === question.measure);
  const owner = createElement("input", { maxlength: "120", autocomplete: "off", list: OWNERS });
  const due = createElement("input", { type: "date" });
  const target = createElement("input", { type: "number", min: "0", step: "any" });
  owner.value = known?.owner || "";
  due.value = known?.due || "";
  target.value = String(known?.target ?? question.aim);
  const keep = () => {
    content.promises = content.promises.filter(({ measure }) => measure !== question.measure);
    if (owner.value.trim() || due.value)
      content.promises.push({
        measure: question.measure,
        target: target.value === "" ? Number(question.aim) : Number(target.value),
        owner: owner.value.trim(),
        due: due.value,
      });
    changed();
  };
  owner.addEventListener("input", keep);
  due.addEventListener("input", keep);
  target.addEventListener("input", keep);
  const soon = createElement("div", { class: "answers" });
  for (const [word, days] of DUE_IN) {
    const button = createElement("button", { type: "button" }, word);
    button.addEventListener("click", () => {
      due.value = tellLocalTime(new Date(Date.now() + days * 86400000)).slice(0, 10);
      keep();
    });
    soon.append(button);
  }
  const aim = createElement("label", { class: "form-field" }, "Mức hứa đạt", target);
  const details = createElement(
    "details",
    { class: "promise" },
    createElement("summary", {}, "Việc hứa"),
    createElement("label", { class: "form-field" }, "Cơ quan hứa (không ghi tên người)", owner),
    createElement("label", { class: "form-field" }, "Hạn hoàn thành", due),
    soon,
    ...(question.kind === "flag" ? [] : [aim]),
  );
  details.open = Boolean(known);
  return details;
}
