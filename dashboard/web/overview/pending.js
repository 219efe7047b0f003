/* Whether what is shown is what the address asks for. While another province or day is on its
   way, the old figures, map and table are dimmed, so that no new name stands over them, and the
   connection's place says what is on its way. */
import { setAwaited } from "../../../assets/connection.js";
import { current, getStateAddress } from "../../../assets/current.js";
import { formatDay } from "../../../assets/days.js";
import { el, setAttr } from "../../../assets/elements.js";
import { emit, on } from "../../../assets/events.js";
import { map } from "../../../assets/map.js";
import { getAddress } from "./address.js";

/** @returns {boolean} whether the page still shows something else than was asked for */
function isPending() {
  const { state } = current;
  if (!state) return false;
  return current.shownFor !== getStateAddress(location.search) || map.address !== state.map;
}

/** What is on its way, by what differs from what is shown; "" where nothing is.
 * @param {State} state @returns {string} */
function describeAwaited(state) {
  if (!isPending()) return "";
  const fields = getAddress();
  const option = [...el("province").options].find((one) => one.value === fields.province);
  const otherDay = fields.as_of && fields.as_of !== state.as_of;
  const parts = [
    option && fields.province !== state.province ? option.label : "",
    otherDay ? "ngày " + formatDay(fields.as_of) : "",
  ];
  return ["Đang tải", parts.filter(Boolean).join(", ") || "số liệu mới"].join(" ") + "…";
}

function showPending() {
  const waits = isPending() ? "true" : null;
  setAttr(document.documentElement, "data-pending", waits);
  for (const part of document.querySelectorAll("main, .further, .table-pane"))
    setAttr(part, "aria-busy", waits);
  emit("pending", Boolean(waits));
}

export function watchPending() {
  setAwaited(describeAwaited);
  for (const news of ["address", "state", "listed"]) on(news, showPending);
}
