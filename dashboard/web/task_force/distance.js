/* How far each commune of the list is from the one chosen as the start or, only after a press of
   the button, from where somebody stands: that place is asked of the device once, used in this
   page and sent nowhere. As the crow flies between centre points (dashboard/reference.py has the
   same formula). */
import { el, listen, setAttr, setText } from "../../../assets/elements.js";
import { on } from "../../../assets/events.js";
import { applyNarrowing, listNarrowable } from "../documents/narrowing.js";

const EARTH_KM = 6371.0088;
const NOWHERE = "Hãy chọn nơi xuất phát để xếp, lọc theo khoảng cách.";
/** @type {?number[]} lat and lon of this device, never kept longer than the page is open */
let standing = null;

/** @param {number[]} a lat and lon in degrees @param {number[]} b @returns {number} kilometres */
function measureDistance(a, b) {
  const [lat, lon, otherLat, otherLon] = [...a, ...b].map((degrees) => (degrees * Math.PI) / 180);
  const half =
    Math.sin((otherLat - lat) / 2) ** 2 +
    Math.cos(lat) * Math.cos(otherLat) * Math.sin((otherLon - lon) / 2) ** 2;
  return 2 * EARTH_KM * Math.asin(Math.sqrt(Math.min(1, half)));
}

/** @param {number} km @returns {string} */
const formatDistance = (km) =>
  (km < 9.95 ? km.toFixed(1).replace(".", ",") : Math.round(km).toLocaleString("vi-VN")) + " km";
/** @param {?HTMLOptionElement} option @returns {?number[]} */
const readPlace = (option) =>
  option && option.dataset.place && option.dataset.place.split(" ").map(Number);

/** Where distances are from, and its name within a line; null where nothing is chosen. */
function getStart() {
  if (standing) return { place: standing, from: "chỗ bạn đứng" };
  const option = el("from").selectedOptions[0];
  const place = readPlace(option);
  return place && { place, from: option.textContent };
}

/** @type {Record<number, string>} */
const WHY = {
  1: "Trình duyệt không được phép cho biết vị trí.",
  2: "Máy không tìm được vị trí.",
  3: "Chờ vị trí quá lâu; hãy thử lại.",
};
function findStanding() {
  setText(el("distance-note"), "Đang tìm vị trí…");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      standing = [coords.latitude, coords.longitude];
      el("from").value = "";
      setText(
        el("distance-note"),
        "Khoảng cách tính từ chỗ bạn đứng; vị trí không rời khỏi máy này, nên tệp tải về không lọc " +
          "theo khoảng cách.",
      );
      applyNarrowing();
    },
    ({ code }) =>
      setText(el("distance-note"), `${WHY[code]} Có thể chọn một đơn vị làm nơi xuất phát.`),
    { maximumAge: 60000, timeout: 20000 },
  );
}

// A browser tells where it is only over https (or on the same machine).
const offerStanding = () =>
  el("standing") && (el("standing").hidden = !(isSecureContext && navigator.geolocation));

export function watchDistance() {
  on("chosen", () => {
    const from = getStart();
    const within = document.querySelector("form[data-narrows] [name=within]");
    within.disabled = !from;
    const steps = [...within.options].map((option) => option.value).filter(Boolean);
    const places = new Map(
      [...el("from").options].map((option) => [option.value, readPlace(option)]),
    );
    for (const card of listNarrowable()) {
      const place = places.get(card.dataset.commune);
      const km = from && place ? measureDistance(from.place, place) : NaN;
      setText(
        card.querySelector("[data-away]"),
        from ? (place ? `${formatDistance(km)} từ ${from.from}` : "không rõ bao xa") : "",
      );
      setAttr(card, "data-by-near", from ? String(place ? km : Infinity) : null);
      const reached = steps.filter((step) => km <= Number(step)).join(" ");
      setAttr(card, "data-of-within", from ? reached : null);
    }
    const order = document.querySelector("form[data-narrows] [name=order]");
    const asks = order.value === "near" || within.value;
    if (!standing) setText(el("distance-note"), asks && !from ? NOWHERE : "");
  });
  listen(
    "change",
    (event) => {
      if (event.target.id === "from") standing = null;
    },
    true,
  ); // before narrowing.js obeys
  listen("click", (event) => event.target.id === "standing" && findStanding());
  on("mounted", offerStanding);
  on("swapped", offerStanding);
}
