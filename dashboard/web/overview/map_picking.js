/* Which commune a press on the map means. A shape smaller than a fingertip is hit up to 12 pixels
   beside its middle, so that its target is 24 pixels wide however small it is drawn. */
import { map } from "../../../assets/map.js";

const REACH = 12;

/** The smallest shapes' nearest middle within reach. @param {number} x @param {number} y screen
 * point @returns {?CommuneShape} */
function findSmallNear(x, y) {
  let nearest = null;
  let least = REACH;
  for (const path of map.paths.values()) {
    const { left, top, width, height } = path.getBoundingClientRect();
    if (Math.min(width, height) >= 2 * REACH) continue;
    const distance = Math.hypot(left + width / 2 - x, top + height / 2 - y);
    if (distance <= least) [nearest, least] = [path, distance];
  }
  return nearest;
}

/** @param {MouseEvent & OfElement} event @returns {any} null: none is meant */
export function pickCommune(event) {
  if (!event.target.closest("#map svg")) return null;
  const hit = event.target.closest(".commune");
  const touched = /** @type {any} */ (event).pointerType === "touch";
  if (hit && !touched) return hit;
  if (hit) {
    const { width, height } = hit.getBoundingClientRect();
    if (Math.min(width, height) < 2 * REACH) return hit; // meant as it was hit
  }
  return findSmallNear(event.clientX, event.clientY) || hit;
}
