/* Copies the address of what is seen: of the day that is shown, or of the live page. Says which. Sends nothing. */
(function (dashboard) {
  "use strict";
  const { write } = dashboard;

  /** @param {string} which "day" or "live" @returns {string} */
  function address(which) {
    const url = new URL(location.href);
    url.searchParams.set("province", dashboard.state.province);
    if (which === "live") url.searchParams.delete("as_of");
    else url.searchParams.set("as_of", dashboard.state.as_of);
    return String(url);
  }

  /** An office's own network has no https, where the browser offers no clipboard: then the old way. */
  async function copy(text) {
    if (navigator.clipboard) {
      try {
        return await navigator.clipboard.writeText(text);
      } catch (refused) {
        // by the browser's own settings: the old way may still be open
      }
    }
    const before = document.activeElement;
    const field = dashboard.make("textarea", { class: "unseen", readonly: "" });
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    before.focus({ preventScroll: true });
    if (!done) throw new Error("no clipboard");
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-share]");
    const box = document.querySelector("details.share");
    if (!button) return;
    const which = button.dataset.share;
    const told = which === "live" ? "trực tiếp" : "của ngày " + dashboard.state.as_of.split("-").reverse().join("/");
    box.open = false;
    box.querySelector("summary").focus();
    copy(address(which)).then(
      () => write(dashboard.el("shared"), "Đã chép liên kết " + told),
      () => write(dashboard.el("shared"), "Không chép được; hãy chép từ thanh địa chỉ"),
    );
  });
  document.addEventListener("keydown", (event) => {
    const box = event.key === "Escape" && event.target.closest && event.target.closest("details.share[open]");
    if (!box) return;
    box.open = false;
    box.querySelector("summary").focus();
  });

  /** There is nothing to copy before it is known what is seen. */
  function offer() {
    if (!dashboard.state) return;
    document.querySelector("details.share").hidden = false;
    write(document.querySelector('[data-share="day"]'), "của ngày " + dashboard.state.as_of.split("-").reverse().join("/"));
  }
  dashboard.on("mounted", offer);
  dashboard.on("state", offer);
})(window.dashboard);
