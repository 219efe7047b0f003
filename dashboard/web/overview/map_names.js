/* Short names upon the tiles, where tiles are large enough to carry them; on smaller ones the
   sign of the level, so that no colour stands alone. For eyes only: screen readers hear the
   tiles themselves. */
import { createShape, setAttr, setText } from "../../../assets/elements.js";
import { on } from "../../../assets/events.js";
import { getLevels } from "../../../assets/levels.js";
import { locateCommune, map } from "../../../assets/map.js";

const SIZE = 23;
const SIGN_SIZE = 46;
const LEAST = 10; // screen pixels below which a name is no longer legible

/** Lines of a name that fit a tile: one word a line, short neighbours together, three at most.
 * @param {string} name @returns {string[]} */
function breakName(name) {
  /** @type {string[]} */
  const found = [];
  for (const word of name.replace(/^(Xã|Phường|Đặc khu) /, "").split(" ")) {
    const last = found[found.length - 1];
    if (last && (last + " " + word).length <= 6) found[found.length - 1] = last + " " + word;
    else found.push(word);
  }
  return found.slice(0, 3);
}

/** A text of one tile. @param {string} kind its class @param {string} code @param {number} size */
function createText(kind, code, size) {
  return createShape("text", { class: kind, "data-for": code, "font-size": size });
}

function buildNames() {
  const group = map.svg.querySelector(".tile-names");
  if (map.view !== "tiles") return group.replaceChildren();
  for (const [code, path] of map.paths) {
    const { x, y } = locateCommune(path);
    const text = createText("tile-name", code, SIZE);
    const sign = createText("tile-sign", code, SIGN_SIZE);
    setAttr(sign, "x", String(x));
    setAttr(sign, "y", String(y + SIGN_SIZE * 0.36));
    const rows = breakName(path.dataset.name);
    rows.forEach((row, index) => {
      const height = (index - (rows.length - 1) / 2) * SIZE * 1.1 + SIZE * 0.35;
      text.append(createShape("tspan", { x, y: y + height }, row));
    });
    group.append(text, sign);
  }
  inkNames();
  setAside();
}

/** The names of tiles that are not looked for step back with them. */
function setAside() {
  if (!map.svg || map.view !== "tiles") return;
  for (const text of map.svg.querySelectorAll(".tile-names text")) {
    setAttr(text, "data-aside", map.paths.get(text.dataset.for).dataset.match ? "true" : null);
  }
}

/** The ink that can be read on each tile's colour, and the sign of its level. */
function inkNames() {
  /** @type {Record<string, string>} */
  const signs = {};
  for (const { code, sign } of Object.values(getLevels())) signs[code] = sign;
  for (const text of map.svg.querySelectorAll(".tile-names text")) {
    const path = map.paths.get(text.dataset.for);
    const state = path.dataset.level || "unknown";
    setAttr(text, "data-state", state);
    if (text.classList.contains("tile-sign")) setText(text, signs[state]);
  }
}

export function watchMapNames() {
  on("view", buildNames);
  on("painted", inkNames);
  on("replayed", () => map.view === "tiles" && inkNames());
  on("filtered", setAside);
  on("zoom", (pixels) => {
    const group = map.svg.querySelector(".tile-names");
    setAttr(group, "data-shows", SIZE * pixels < LEAST ? "signs" : "names");
  });
}
