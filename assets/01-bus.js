/* What all scripts share: who tells whom, and how an element is written. A write that changes
   nothing touches nothing, so a refresh keeps scroll, focus and selection. Knows no page. */
(function (dashboard) {
  "use strict";
  const listeners = {};

  /** Call `what` whenever somebody tells `name`. @param {string} name @param {Function} what */
  dashboard.on = function (name, what) {
    (listeners[name] = listeners[name] || []).push(what);
  };

  /** Tell everybody; one failing listener does not stop the others. @param {string} name @param {*} [value] */
  dashboard.tell = function (name, value) {
    for (const what of listeners[name] || []) {
      try {
        what(value);
      } catch (problem) {
        setTimeout(() => { throw problem; });
      }
    }
  };

  /** @param {string} id @returns {?HTMLElement} */
  dashboard.el = (id) => document.getElementById(id);

  /** Text of a leaf element. @param {?Element} element @param {string} text */
  dashboard.write = function (element, text) {
    if (element && element.textContent !== text) element.textContent = text;
  };

  /** An attribute; null takes it away. @param {?Element} element @param {string} name @param {?string} value */
  dashboard.mark = function (element, name, value) {
    if (!element || element.getAttribute(name) === value) return;
    if (value === null) element.removeAttribute(name);
    else element.setAttribute(name, value);
  };

  /** A new element. @param {string} tag @param {Object<string, string>} [attributes]
   * @param {...(Node|string)} children @returns {HTMLElement} */
  dashboard.make = function (tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };

  /** Letter of a state → its code, word and sign; read from the legend, which Python wrote.
   * @returns {Object<string, {code: string, word: string, sign: string}>} */
  dashboard.levels = function () {
    if (!levels) {
      levels = {};
      for (const item of document.querySelectorAll("#legend [data-letter]")) {
        const { letter, state, word, sign } = item.dataset;
        levels[letter] = { code: state, word, sign };
      }
    }
    return levels;
  };
  let levels = null;

  /** The level of one commune in one layer, in that layer's own word where it has one.
   * @param {Object} layer of the state @param {number} index @returns {{code: string, word: string, sign: string}} */
  dashboard.levelOf = function (layer, index) {
    const level = dashboard.levels()[layer.levels[index]];
    return level && { ...level, word: dashboard.wordOf(layer, level) };
  };
  dashboard.wordOf = (layer, level) => (layer.words && layer.words[level.code]) || level.word;
})((window.dashboard = window.dashboard || {}));
