/* The levels of a commune: letter → code, word and sign, read from the legend, which Python wrote.
   Writes nothing. */

/** @type {?Object<string, Level>} */
let levels = null;

/** Letter of a state → its code, word and sign. @returns {Object<string, Level>} */
export function getLevels() {
  if (!levels) {
    levels = {};
    for (const item of document.querySelectorAll("#legend [data-letter]")) {
      const { letter, state, word, sign } = /** @type {HTMLElement} */ (item).dataset;
      levels[letter] = { code: state, word, sign };
    }
  }
  return levels;
}

/** The levels of one layer: its own scale, where it has one.
 * @param {Layer} layer @returns {Object<string, Level>} */
export function getLayerLevels(layer) {
  if (!layer.looks) return getLevels();
  return Object.fromEntries(layer.looks.map(({ letter, ...look }) => [letter, look]));
}

/** A level's word in one layer, which may have a word of its own.
 * @param {Layer} layer @param {Level} level @returns {string} */
export function getLevelWord(layer, level) {
  return (layer.words && layer.words[level.code]) || level.word;
}

/** The level of one commune in one layer, in that layer's words.
 * @param {Layer} layer @param {number} index @returns {Level} */
export function getLevel(layer, index) {
  const level = getLayerLevels(layer)[layer.levels[index]];
  return level && { ...level, word: getLevelWord(layer, level) };
}
