/* A day as people write it. Touches no element. */

/** The same day a month before, at the latest the month's last. @param {string} iso
 * @returns {string} */
export function findMonthBefore(iso) {
  const [year, month, day] = iso.split("-").map(Number);
  const lastDay = new Date(Date.UTC(year, month - 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 2, Math.min(day, lastDay))).toISOString().slice(0, 10);
}

/** `2026-11-22` → `22/11/2026` @param {string} iso @returns {string} */
export function formatDay(iso) {
  return iso.split("-").reverse().join("/");
}
