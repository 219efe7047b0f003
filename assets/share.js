/* Copies the address of what is seen: of the day that is shown, or of the live page. Says which.
   Sends nothing. */
import { current } from "./current.js";
import { formatDay } from "./days.js";
import { createElement, el, listen, setText } from "./elements.js";
import { on } from "./events.js";

/** @param {string} which "day" or "live" @returns {string} */
function buildAddress(which) {
  const url = new URL(location.href);
  url.searchParams.set("province", current.state.province);
  if (which === "live") url.searchParams.delete("as_of");
  else url.searchParams.set("as_of", current.state.as_of);
  return String(url);
}

/** An office's own network has no https, where the browser offers no clipboard: then the old way.
 * @param {string} text */
export async function copyText(text) {
  if (navigator.clipboard) {
    try {
      return await navigator.clipboard.writeText(text);
    } catch (refused) {
      // by the browser's own settings: the old way may still be open
    }
  }
  /** @type {Element} */
  const before = document.activeElement;
  const field = createElement("textarea", { class: "unseen", readonly: "" });
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  before.focus({ preventScroll: true });
  if (!done) throw new Error("no clipboard");
}

/** There is nothing to copy before it is known what is seen. */
function offerSharing() {
  if (!current.state) return;
  document.querySelector("details.share").hidden = false;
  setText(
    document.querySelector('[data-share="day"]'),
    "của ngày " + formatDay(current.state.as_of),
  );
}

export function watchSharing() {
  listen("click", (event) => {
    const button = event.target.closest("[data-share]");
    const box = document.querySelector("details.share");
    if (!button) return;
    const which = button.dataset.share;
    const told =
      which === "live"
        ? "luôn theo số liệu mới nhất"
        : "của ngày " + formatDay(current.state.as_of);
    box.open = false;
    box.querySelector("summary").focus();
    copyText(buildAddress(which)).then(
      () => setText(el("shared"), "Đã chép liên kết " + told),
      () => setText(el("shared"), "Không chép được; hãy chép từ thanh địa chỉ"),
    );
  });
  on("mounted", offerSharing);
  on("state", offerSharing);
}
