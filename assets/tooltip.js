/* Name and values of the commune under the pointer or the focus. Escape hides it; it takes no clicks. */
(function (dashboard) {
  "use strict";
  const { make, write, mark } = dashboard;
  const LAYERS = ["overall", "network", "digital_signature", "devices", "on_time"];
  let shown = null;
  let fields = null;

  function build() {
    fields = { name: make("strong"), rows: {}, age: make("p", { class: "quiet" }), flag: make("p", { class: "flag" }) };
    const list = make("dl");
    for (const id of LAYERS) {
      const row = { term: make("dt"), sign: make("span", { class: "sign" }), value: make("span") };
      list.append(row.term, make("dd", {}, row.sign, row.value));
      fields.rows[id] = row;
    }
    dashboard.el("tooltip").replaceChildren(fields.name, list, fields.flag, fields.age);
  }

  function fill() {
    const state = dashboard.state;
    const index = shown && state ? state.codes.indexOf(shown.dataset.commune) : -1;
    if (index < 0) return hide();
    if (!fields) build();
    write(fields.name, shown.dataset.name);
    for (const id of LAYERS) {
      const layer = state.layers[id];
      const level = dashboard.levelOf(layer, index);
      const row = fields.rows[id];
      write(row.term, layer.name);
      write(row.sign, level.sign);
      mark(row.sign, "data-state", level.code);
      write(row.value, layer.text[index] || level.word);
      mark(row.term, "class", id === (dashboard.address.now().show || "overall") ? "shown" : null);
    }
    write(fields.flag, state.flags[index] || "");
    write(fields.age, state.columns.age.name + ": " + state.columns.age.text[index]);
  }

  /** @param {number} x @param {number} y screen point beside which it stands */
  function stand(x, y) {
    const tip = dashboard.el("tooltip");
    tip.hidden = false;
    const [width, height] = [tip.offsetWidth, tip.offsetHeight];
    const left = x + 16 + width > innerWidth ? x - 16 - width : x + 16;
    const top = y + 16 + height > innerHeight ? y - 16 - height : y + 16;
    tip.style.left = Math.max(4, Math.min(left, innerWidth - width - 4)) + "px";
    tip.style.top = Math.max(4, top) + "px";
  }

  /** Beside the focused commune. */
  function standBeside() {
    if (!shown) return;
    const [frame, area] = [shown.getBoundingClientRect(), dashboard.el("map").getBoundingClientRect()];
    stand(Math.min(frame.right, area.right), Math.max(area.top, frame.top + frame.height / 2));
  }

  function hide() {
    shown = null;
    const tip = dashboard.el("tooltip");
    if (tip) tip.hidden = true;
  }

  const communeOf = (event) => (event.target.closest ? event.target.closest(".commune") : null);

  document.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch") return;
    const path = communeOf(event);
    // The chosen commune's panel says all of it, and would lie under it.
    if (path && path.getAttribute("aria-selected") === "true") return hide();
    if (!path || event.buttons) return shown && !shown.matches(":focus-visible") ? hide() : undefined;
    if (path !== shown) {
      shown = path;
      fill();
    }
    if (shown) stand(event.clientX, event.clientY);
  });
  document.addEventListener("focusin", (event) => {
    const path = communeOf(event);
    if (!path) return hide();
    shown = path;
    fill();
    standBeside();
  });
  document.addEventListener("focusout", (event) => communeOf(event) && hide());
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  document.addEventListener("scroll", hide, { passive: true });
  dashboard.on("painted", () => shown && fill());
  dashboard.on("selected", (code) => shown && shown.dataset.commune === code && hide());
  dashboard.on("zoom", () => shown && document.activeElement === shown && standBeside());
})(window.dashboard);
