/* What needs a decision: at most five lines, whose words the server made. A press shows only the communes of that
   line on map and table (table.js asks `dashboard.signalled`), another press or "Bỏ lọc" all again. */
(function (dashboard) {
  "use strict";
  const { el, make, write, mark } = dashboard;
  const MOST = 5;
  const BROKEN = "Phần này tạm thời không tính được.";
  let lines = null;

  function build() {
    lines = Array.from({ length: MOST }, () => {
      const leaves = { title: make("span", { class: "decision" }), since: make("span", { class: "quiet since" }), reason: make("span", { class: "quiet reason" }) };
      const button = make("button", { type: "button", "data-signal": "", "aria-pressed": "false" }, leaves.title, " ", leaves.since, " ", leaves.reason);
      const item = make("li", { hidden: "" }, button);
      return { item, button, ...leaves };
    });
    el("decisions").replaceChildren(...lines.map((line) => line.item));
  }

  /** The line that the address asks for. @returns {?Object} */
  function asked() {
    const { signal } = dashboard.address.now();
    const found = dashboard.state && dashboard.state.decisions;
    return (signal && found && found.lines.find((line) => line.code === signal)) || null;
  }

  /** The communes that alone are shown. @returns {?Set<string>} null: all */
  dashboard.signalled = function () {
    const line = asked();
    return line && new Set(line.communes.map((at) => dashboard.state.codes[at]));
  };

  function press() {
    const line = asked();
    for (const { button } of lines || []) mark(button, "aria-pressed", String(Boolean(line) && button.dataset.signal === line.code));
    el("signal-note").hidden = !line;
    write(el("signal-words"), line ? "Chỉ hiện: " + line.title : "");
  }

  dashboard.on("state", (state) => {
    if (!lines) build();
    const found = state.decisions;
    const shown = found ? found.lines : [];
    lines.forEach(({ item, button, title, since, reason }, at) => {
      const line = shown[at];
      item.hidden = !line;
      if (!line) return;
      mark(button, "data-signal", line.code);
      write(title, line.title);
      write(since, line.since);
      write(reason, line.reason);
    });
    el("no-decisions").hidden = shown.length > 0;
    write(el("no-decisions"), found ? found.empty : BROKEN);
    write(el("brief-title"), "Việc cần quyết " + (state.live ? "hôm nay" : "ngày " + state.as_of.split("-").reverse().join("/")));
    write(el("bottleneck"), state.bottleneck || BROKEN);
    press();
  });
  dashboard.on("address", press);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-signal]");
    if (button) dashboard.address.go({ signal: button.getAttribute("aria-pressed") === "true" ? "" : button.dataset.signal });
    if (!event.target.closest("#signal-off")) return;
    dashboard.address.go({ signal: "" });
    el("table-title").focus(); // the button itself is gone
  });
})(window.dashboard);
