/* A day as people write it. Touches no element. */

/** `2026-11-22` → `22/11/2026` @param {string} iso @returns {string} */
export function formatDay(iso) {
  return iso.split("-").reverse().join("/");
}
