/* Who hears of what: one part of a page tells that something is so, others have asked to be told.
   Knows no page and touches no element. */

/** @type {Object<string, ((value: any) => void)[]>} */
const listeners = {};

/** Calls `listener` whenever somebody tells `name`.
 * @param {string} name @param {(value: any) => void} listener */
export function on(name, listener) {
  (listeners[name] = listeners[name] || []).push(listener);
}

/** Tells everybody; one failing listener does not stop the others.
 * @param {string} name @param {any} [value] */
export function emit(name, value) {
  for (const listener of listeners[name] || []) {
    try {
      listener(value);
    } catch (problem) {
      setTimeout(() => {
        throw problem;
      });
    }
  }
}
