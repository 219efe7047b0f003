/* The page's address is its memory: province, layer, day, view, selected commune, order, search,
   decision, day to compare with.
   Reads it, writes it, tells "address" when it changed. Junk falls back. Asks no server. */
import { emit } from "../../../assets/events.js";

/** @type {Record<string, RegExp>} */
const RULES = {
  province: /^\d{2}$/,
  show: /^(network|digital_signature|devices|on_time|silence)$/,
  as_of: /^\d{4}-\d{2}-\d{2}$/,
  view: /^tiles$/,
  commune: /^\d{5}$/,
  sort: /^-?(need|name|overall|network|digital_signature|devices|received|on_time|age)$/,
  q: /^.{1,60}$/,
  signal:
    /^(network_falling|certificates_expiring|overdue_growing|silent|contradicted|support_incidents|follow_ups_overdue|weak_list)$/,
  since: /^(yesterday|month|20\d{2}-\d{2}-\d{2})$/,
};

/** @param {string} search @returns {Object<string, string>} every field, "" where absent or junk */
function parseAddress(search) {
  const query = new URLSearchParams(search);
  /** @type {Record<string, string>} */
  const found = {};
  for (const [name, rule] of Object.entries(RULES)) {
    const value = query.get(name) || "";
    found[name] = rule.test(value) ? value : "";
  }
  for (const day of ["as_of", "since"])
    if (/^\d/.test(found[day]) && isNaN(Date.parse(found[day]))) found[day] = "";
  return found;
}

let now = parseAddress(location.search);

/** @param {Object<string, string>} fields @returns {string} */
function formatAddress(fields) {
  const query = new URLSearchParams();
  for (const name of Object.keys(RULES)) if (fields[name]) query.set(name, fields[name]);
  const text = String(query);
  return location.pathname + (text ? "?" + text : "");
}

/** What the address asks for, "" where nothing. @returns {Object<string, string>} */
export function getAddress() {
  return now;
}

/** Go to a changed address. @param {Object<string, string>} changes
 * @param {boolean} [replace] true leaves no step for the back button (typing) */
export function changeAddress(changes, replace) {
  const next = parseAddress(new URL(formatAddress({ ...now, ...changes }), location.origin).search);
  if (formatAddress(next) === formatAddress(now)) return;
  now = next;
  history[replace ? "replaceState" : "pushState"](null, "", formatAddress(next) + location.hash);
  emit("address", now);
}

/** The same view under its right name; no step for the back button, no question for the server.
 * @param {Object<string, string>} changes */
export function correctAddress(changes) {
  now = parseAddress(new URL(formatAddress({ ...now, ...changes }), location.origin).search);
  history.replaceState(null, "", formatAddress(now) + location.hash);
  emit("corrected", now);
  emit("address", now);
}

export function watchAddress() {
  addEventListener("popstate", () => {
    now = parseAddress(location.search);
    emit("returned");
    emit("address", now);
  });
}
