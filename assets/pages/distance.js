/* How far each commune of the list is from the one chosen as the start or, only after a press of the button, from
   where somebody stands: that place is asked of the device once, used in this page and sent nowhere. As the crow
   flies between centre points (indicators/distance.py has the same formula). */
(function (dashboard) {
  "use strict";
  const { el, mark, write } = dashboard;
  const EARTH_KM = 6371.0088;
  const NOWHERE = "Hãy chọn nơi xuất phát để xếp theo khoảng cách.";
  let standing = null; // [lat, lon] of this device, never kept longer than the page is open

  /** @param {number[]} a lat and lon in degrees @param {number[]} b @returns {number} kilometres */
  function between(a, b) {
    const [lat, lon, otherLat, otherLon] = [...a, ...b].map((degrees) => (degrees * Math.PI) / 180);
    const half = Math.sin((otherLat - lat) / 2) ** 2
      + Math.cos(lat) * Math.cos(otherLat) * Math.sin((otherLon - lon) / 2) ** 2;
    return 2 * EARTH_KM * Math.asin(Math.sqrt(Math.min(1, half)));
  }

  const written = (km) => (km < 9.95 ? km.toFixed(1).replace(".", ",") : Math.round(km).toLocaleString("vi-VN")) + " km";
  const placeOf = (option) => option && option.dataset.place && option.dataset.place.split(" ").map(Number);

  /** Where distances are from, and its name within a line; null where nothing is chosen. */
  function start() {
    if (standing) return { place: standing, from: "chỗ bạn đứng" };
    const option = el("from").selectedOptions[0];
    const place = placeOf(option);
    return place && { place, from: option.textContent };
  }

  dashboard.on("chosen", () => {
    const from = start();
    const places = new Map([...el("from").options].map((option) => [option.value, placeOf(option)]));
    for (const card of document.querySelectorAll("[data-entries] > *")) {
      const place = places.get(card.dataset.commune);
      const km = from && place ? between(from.place, place) : NaN;
      write(card.querySelector("[data-away]"), from ? (place ? `${written(km)} từ ${from.from}` : "không rõ bao xa") : "");
      mark(card, "data-by-near", from ? String(place ? km : Infinity) : null);
    }
    const { order } = el("from").form.elements;
    if (!standing) write(el("distance-note"), order.value === "near" && !from ? NOWHERE : "");
  });

  document.addEventListener("change", (event) => {
    if (event.target.id === "from") standing = null;
  }, true); // before narrowing.js obeys

  const WHY = { 1: "Trình duyệt không được phép cho biết vị trí.", 2: "Máy không tìm được vị trí.", 3: "Chờ vị trí quá lâu; hãy thử lại." };
  function stand() {
    write(el("distance-note"), "Đang tìm vị trí…");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        standing = [coords.latitude, coords.longitude];
        el("from").value = "";
        write(el("distance-note"), "Khoảng cách tính từ chỗ bạn đứng; vị trí không rời khỏi máy này.");
        dashboard.choose();
      },
      ({ code }) => write(el("distance-note"), `${WHY[code]} Có thể chọn một xã làm nơi xuất phát.`),
      { maximumAge: 60000, timeout: 20000 },
    );
  }

  document.addEventListener("click", (event) => event.target.id === "standing" && stand());
  // A browser tells where it is only over https (or on the same machine).
  const offer = () => el("standing") && (el("standing").hidden = !(isSecureContext && navigator.geolocation));
  dashboard.on("mounted", offer);
  dashboard.on("swapped", offer);
})(window.dashboard);
