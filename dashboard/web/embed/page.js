/* Opens /nhung: what every document has; a choice is seen at once, and its code copied by a press. */
import { el, listen, setText } from "../../../assets/elements.js";
import { on } from "../../../assets/events.js";
import { copyText } from "../../../assets/share.js";
import { startPage, startParts } from "../../../assets/start.js";
import { openDocument } from "../documents/opening.js";

function watchChoosing() {
  listen("change", ({ target }) => {
    if (target.matches(".choosing select")) /** @type {any} */ (target).form.submit();
  });
}

function watchCopying() {
  on("mounted", () => document.querySelector("[data-copy]").removeAttribute("hidden"));
  listen("click", ({ target }) => {
    if (!target.closest("[data-copy]")) return;
    copyText(el("frame-code").textContent).then(
      () => setText(el("copied"), "Đã chép mã"),
      () => setText(el("copied"), "Không chép được; hãy chọn mã rồi chép"),
    );
  });
}

startParts(openDocument, watchChoosing, watchCopying);
startPage();
