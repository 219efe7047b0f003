/* The address never says what is not shown: where the server fell back (a day without data, a
   province that does not exist) or a commune is of another province, the address is put right,
   and a day is told of. */
import { formatDay } from "../../../assets/days.js";
import { el, setText } from "../../../assets/elements.js";
import { on } from "../../../assets/events.js";
import { correctAddress, getAddress } from "./address.js";
import { listChoosableLines } from "./decisions.js";

/** The fields of the address that do not fit what is shown. @param {State} state
 * @returns {Object<string, string>} what they become */
function findMisfits(state) {
  const fields = getAddress();
  /** @type {Record<string, string>} */
  const changes = {};
  if (fields.as_of && state.live) changes.as_of = "";
  if (fields.province && fields.province !== state.province) changes.province = state.province;
  if (fields.commune && !state.codes.includes(fields.commune)) changes.commune = "";
  const decided = listChoosableLines(state).map((line) => line.code);
  // settled meanwhile: all are shown again
  if (fields.signal && !decided.includes(fields.signal)) changes.signal = "";
  return changes;
}

/** @param {string} written @returns {string} */
const cut = (written) => written.slice(0, 20);

export function watchAddressFit() {
  on("state", (state) => {
    const query = new URLSearchParams(location.search);
    const asked = query.get("as_of");
    const province = query.get("province") || "";
    const commune = query.get("commune") || "";
    const other = province && province !== state.province;
    const nobody = commune && !state.codes.includes(commune);
    const changes = findMisfits(state);
    const day = getAddress().as_of;
    const fell = state.live && asked;
    if (!Object.keys(changes).length && !fell && !other && !nobody) return;
    correctAddress(changes);
    const words = day
      ? "Không có số liệu ngày " + formatDay(day)
      : "Ngày trong địa chỉ không đọc được";
    const notes = [
      other ? `Không có tỉnh mang mã ${cut(province)}; đang xem ${state.province_name}` : "",
      fell ? words + "; đang xem số liệu mới nhất" : "",
      nobody ? `Không có đơn vị mang mã ${cut(commune)} trong tỉnh này` : "",
    ];
    const note = notes.filter(Boolean).join("; ");
    if (note) setText(el("address-note"), note);
  });
  on("address", () => setText(el("address-note"), "")); // said once: gone with the next step
}
