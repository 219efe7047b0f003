/* The head of a printed `/`: what is printed, of which day, how old. Seen on paper alone. */
import { formatDay } from "../../../assets/days.js";
import { el, setText } from "../../../assets/elements.js";
import { on } from "../../../assets/events.js";
import { getAddress } from "./address.js";

export function watchPrintLine() {
  on("painted", (state) => {
    const day = formatDay(state.as_of);
    const layer = state.layers[getAddress().show || "overall"];
    const age = state.data_as_of || "chưa có dữ liệu";
    setText(
      el("print-line"),
      `${state.province_name} · ngày ${day} · ${age} · bản đồ hiển thị: ${layer.name}`,
    );
  });
}
