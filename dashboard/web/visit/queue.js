/* Which visits go next, and what an answer means for one. Pure: no clock, no network, no page; the
   phone lets a visit go only after an answer that names its id. */

export const DRAFT = "draft";
export const WAITING = "waiting";
export const CONFLICT = "conflict";
export const REFUSED = "refused";

/** Those to send, in the order in which they were written; of one commune none overtakes an
 * earlier one that could not be sent. @param {Visit[]} visits @returns {Visit[]} */
export function listWaiting(visits) {
  return visits
    .filter((visit) => visit.state === WAITING)
    .sort((a, b) => a.queuedAt - b.queuedAt || (a.id < b.id ? -1 : 1));
}

/** How many are on this phone alone, drafts not counted. @param {Visit[]} visits */
export function countUnsent(visits) {
  return visits.filter((visit) => visit.state !== DRAFT).length;
}

/** What becomes of a visit by an answer: `gone` (the server has it), `kept` for later, or another
 * state; `stop`: nothing else needs to be tried now.
 * @param {Visit} visit @param {number} status @param {any} answer
 * @returns {{gone?: boolean, visit?: Visit, stop?: string}} */
export function decideAfter(visit, status, answer) {
  if (status === 401 || status === 403 || status === 400) return { stop: "sign-in" };
  if (status === 429 || status === 503) return { stop: "pause" };
  const named = answer && typeof answer === "object" && answer.id === visit.id;
  if (!named) return { stop: "later" };
  if (status === 200 && ["saved", "known"].includes(answer.answer)) return { gone: true };
  if (status === 409) return { visit: { ...visit, state: CONFLICT, why: answer.saved || [] } };
  if (status === 422) return { visit: { ...visit, state: REFUSED, why: answer.why || [] } };
  return { stop: "later" };
}

/** A conflicting visit as one of its own: it goes with a new id, beside the other.
 * @param {Visit} visit @param {string} id @returns {Visit} */
export function sendAsAnother(visit, id) {
  return { ...visit, id, state: WAITING, why: [] };
}
