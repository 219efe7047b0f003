/* Finds communes as one types: a letter or tone that is not typed matches every one, one that is
   typed must be there. So "son ha" finds Sơn Hà and Sơn Hạ, "sơn hạ" only the latter. Touches no
   element. */

/** @type {Record<string, number>} */
const TONES = { "\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5 };

/** Letters of a text: plain form, form with its letter mark (ă ê ơ đ …), tone of its syllable (0:
 * none). The tone belongs to the syllable, so hoà equals hòa.
 * @param {string} text @returns {Letter[]} */
function splitLetters(text) {
  /** @type {Letter[]} */
  const found = [];
  /** @type {Letter[]} */
  let syllable = [];
  let tone = 0;
  for (const mark of text
    .normalize("NFD")
    .toLowerCase()
    .replace(/ð/g, "đ")
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, " ")) {
    if (TONES[mark]) {
      for (const one of syllable) one.tone = TONES[mark];
      tone = TONES[mark];
    } else if (/\p{M}/u.test(mark)) {
      if (syllable.length) syllable[syllable.length - 1].letter += mark;
    } else {
      const one = { plain: mark === "đ" ? "d" : mark, letter: mark, tone };
      found.push(one);
      if (mark === " ") {
        syllable = [];
        tone = 0;
      } else syllable.push(one);
    }
  }
  return found;
}

/** Whether a typed letter allows that one.
 * @param {Letter} typed @param {Letter} one @returns {boolean} */
function allowsLetter(typed, one) {
  if (typed.plain !== one.plain) return false;
  if (typed.letter !== typed.plain && typed.letter !== one.letter) return false;
  return !typed.tone || typed.tone === one.tone;
}

/** Whether the typed letters stand in the name from there on; a space need not be typed.
 * @param {Letter[]} typed @param {Letter[]} name @param {number} start */
function standsAt(typed, name, start) {
  let at = start;
  for (const letter of typed) {
    if (letter.plain !== " ") while (at < name.length && name[at].plain === " ") at += 1;
    if (at >= name.length || !allowsLetter(letter, name[at])) return false;
    at += 1;
  }
  return true;
}

/** A function that says whether a commune matches what was typed; digits match its code.
 * @param {string} query @returns {(name: string, code: string) => boolean} */
export function buildMatcher(query) {
  const typed = splitLetters(query.trim());
  const digits = query.trim();
  if (!typed.length) return () => true;
  return function (name, code) {
    if (/^\d+$/.test(digits)) return code.includes(digits);
    return beginsSomeWord(typed, getLetters(name));
  };
}

/** A function that gives the first of some former units that was typed, "" where none was.
 * @param {string} query @returns {(units: string[]) => string} */
export function buildFormerMatcher(query) {
  const typed = splitLetters(query.trim());
  return (units) =>
    (typed.length && units.find((unit) => beginsSomeWord(typed, getLetters(unit)))) || "";
}

/** Whether the whole name begins as typed. @param {string} query @param {string} name
 * @returns {boolean} */
export const beginsWith = (query, name) =>
  standsAt(splitLetters(query.trim()), getLetters(name), 0);

/** @param {Letter[]} typed @param {Letter[]} all @returns {boolean} */
const beginsSomeWord = (typed, all) =>
  all.some((_, at) => (at === 0 || all[at - 1].plain === " ") && standsAt(typed, all, at));
/** @param {string} name @returns {Letter[]} */
function getLetters(name) {
  if (!known.has(name)) known.set(name, splitLetters(name));
  return known.get(name);
}
/** @type {Map<string, Letter[]>} */
const known = new Map();
