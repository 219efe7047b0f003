/* Opens /du-lieu/nap-tep: writes into the frame which files were chosen or dropped. Without it the
   browser's own field does. */
import { watchDayFields } from "../../../assets/day_fields.js";
import { el, listen, setText } from "../../../assets/elements.js";

const SHOWN = 5;

listen("change", ({ target }) => {
  if (target.type !== "file") return;
  const names = [...target.files].map(({ name }) => name);
  const more = names.length > SHOWN ? `, và ${names.length - SHOWN} tệp nữa` : "";
  setText(el("chosen-files"), names.slice(0, SHOWN).join(", ") + more);
});

watchDayFields();
