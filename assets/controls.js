/* Province, layer, day, view, order and search: each control writes the address, and the address
   writes the controls. Paints no state. */
(function (dashboard) {
  "use strict";
  const { el, write, mark } = dashboard;

  /** A control that the person is using is not written to. @param {HTMLInputElement} control @param {string} value */
  function put(control, value) {
    if (control && control.value !== value) window.dash_clientside.set_props(control.id, { value });
  }

  dashboard.put = put;

  function show() {
    if (!el("as-of")) return;
    const fields = dashboard.address.now();
    const { state } = dashboard;
    put(el("province"), fields.province || (state ? state.province : ""));
    put(el("show"), fields.show || "overall");
    if (document.activeElement !== el("as-of")) {
      const day = fields.as_of || (state ? state.as_of : "");
      put(el("as-of"), day);
      write(document.querySelector(".day-read"), day.split("-").reverse().join("/"));
    }
    if (document.activeElement !== el("search")) put(el("search"), fields.q);
    el("go-live").hidden = !fields.as_of;
    mark(el("view-map"), "aria-pressed", String(fields.view !== "tiles"));
    mark(el("view-tiles"), "aria-pressed", String(fields.view === "tiles"));
    if (state) document.title = "Mức độ sẵn sàng của cấp xã · " + state.province_name;
  }

  document.addEventListener("change", (event) => {
    const { id, value } = event.target;
    if (id === "province") dashboard.address.go({ province: value, commune: "", q: "", signal: "" });
    else if (id === "show") dashboard.address.go({ show: value === "overall" ? "" : value });
    else if (id === "sort") dashboard.address.go({ sort: value });
    else if (id === "as-of" && (value ? value >= "2000" : event.target.validity.valid)) {
      // A year still being typed (0202) waits; a day without data is told of when the answer comes.
      const today = dashboard.state && dashboard.state.live ? dashboard.state.as_of : "";
      dashboard.address.go({ as_of: value === today ? "" : value });
    }
  });
  document.addEventListener("focusout", (event) => event.target.id === "as-of" && show());
  document.addEventListener("input", (event) => {
    if (event.target.id === "search") dashboard.address.go({ q: event.target.value.trimStart().slice(0, 60) }, true);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("#go-live, #view-map, #view-tiles");
    if (!button) return;
    if (button.id === "go-live") {
      el("as-of").focus({ preventScroll: true });
      el("as-of").blur();
      dashboard.address.go({ as_of: "" });
    } else dashboard.address.go({ view: button.id === "view-tiles" ? "tiles" : "" });
  });
  document.addEventListener("keydown", (event) => {
    // The first Escape closes the suggestions (combobox.js), the next one forgets what was typed.
    if (event.key === "Escape" && !event.defaultPrevented && event.target.id === "search" && event.target.value) {
      put(event.target, "");
      dashboard.address.go({ q: "" }, true);
    }
  });
  dashboard.on("mounted", () => {
    mark(el("search"), "spellcheck", "false");
    show();
  });
  dashboard.on("corrected", () => put(el("as-of"), dashboard.state.as_of)); // also while it is being edited
  dashboard.on("state", show);
  dashboard.on("address", show);
})(window.dashboard);
