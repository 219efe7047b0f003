/* Province, layer, day, view, order and search: each control writes the address, and the address
   writes the controls. Paints no state. */
import { current } from "../../../assets/current.js";
import { formatDay } from "../../../assets/days.js";
import { el, listen, setAttr, setText } from "../../../assets/elements.js";
import { on } from "../../../assets/events.js";
import { getCommuneName, map } from "../../../assets/map.js";
import { changeAddress, getAddress } from "./address.js";

/** A control that the person is using is not written to. @param {HTMLInputElement} control
 * @param {string} value */
export function setControl(control, value) {
  if (control && control.value !== value) window.dash_clientside.set_props(control.id, { value });
}

/** @type {?EventTarget} the field that somebody is writing into, until it is left */
let edited = null;

/** Whether somebody is writing into the control: to have the focus is not enough.
 * @param {Element} control @returns {boolean} */
export function isEdited(control) {
  return document.activeElement === control && edited === control;
}

function showControls() {
  if (!el("as-of")) return;
  const fields = getAddress();
  const { state } = current;
  setControl(el("province"), fields.province || (state ? state.province : ""));
  setControl(el("show"), fields.show || "overall");
  if (!isEdited(el("as-of"))) {
    const day = fields.as_of || (state ? state.as_of : "");
    setControl(el("as-of"), day);
    setText(document.querySelector(".day-read"), formatDay(day));
  }
  if (!isEdited(el("search"))) setControl(el("search"), fields.q);
  el("go-live").hidden = !fields.as_of;
  setAttr(el("view-map"), "aria-pressed", String(fields.view !== "tiles"));
  setAttr(el("view-tiles"), "aria-pressed", String(fields.view === "tiles"));
  if (state) document.title = buildTitle(state);
}

/** What tells this tab from another: commune, layer and past day before product and province.
 * @param {State} state @returns {string} */
function buildTitle(state) {
  const { commune, show } = getAddress();
  const layer = show && state.layers[show];
  const parts = [
    commune && map.paths.has(commune) ? getCommuneName(commune) : "",
    layer ? layer.name : "",
    state.live ? "" : "ngày " + formatDay(state.as_of),
    "Mức độ sẵn sàng của cấp xã",
    state.province_name,
  ];
  return parts.filter(Boolean).join(" · ");
}

export function watchControls() {
  listen("change", (event) => {
    const { id, value } = event.target;
    if (id === "province") changeAddress({ province: value, commune: "", q: "", signal: "" });
    else if (id === "show") changeAddress({ show: value === "overall" ? "" : value });
    else if (id === "sort") changeAddress({ sort: value });
    else if (id === "as-of" && (value ? value >= "2000" : event.target.validity.valid)) {
      // A year still being typed (0202) waits; a day without data is told of when the answer comes.
      const today = current.state && current.state.live ? current.state.as_of : "";
      changeAddress({ as_of: value === today ? "" : value });
    }
  });
  // A date that is typed in part is no input yet.
  listen("keydown", (event) => (edited = event.target), true);
  listen("input", (event) => (edited = event.target), true);
  listen("focusout", (event) => {
    edited = null;
    if (event.target.id === "as-of") showControls();
  });
  // Back and Forward: what was written belongs to the step that was left.
  on("returned", () => (edited = null));
  listen("input", (event) => {
    if (event.target.id === "search")
      changeAddress({ q: event.target.value.trimStart().slice(0, 60) }, true);
  });
  listen("click", (event) => {
    const button = event.target.closest("#go-live, #view-map, #view-tiles");
    if (!button) return;
    if (button.id === "go-live") {
      el("as-of").focus({ preventScroll: true });
      el("as-of").blur();
      changeAddress({ as_of: "" });
    } else changeAddress({ view: button.id === "view-tiles" ? "tiles" : "" });
  });
  listen("keydown", (event) => {
    // The first Escape closes the suggestions (combobox.js), the next one forgets what was typed.
    if (
      event.key === "Escape" &&
      !event.defaultPrevented &&
      event.target.id === "search" &&
      event.target.value
    ) {
      setControl(event.target, "");
      changeAddress({ q: "" }, true);
    }
  });
  on("mounted", () => {
    setAttr(el("search"), "spellcheck", "false");
    showControls();
  });
  // also while it is being edited
  on("corrected", () => setControl(el("as-of"), current.state.as_of));
  on("state", showControls);
  on("map", showControls); // it knows the names of communes
  on("address", showControls);
}
