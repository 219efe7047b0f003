/* Which scene is shown: the clock alone says it, so screens with one address agree and nothing
   can fall out of step. A hand may step through; after two minutes without one the clock goes
   on. Paints nothing; tells "scene". */
import { current } from "../../../assets/current.js";
import { emit, on } from "../../../assets/events.js";
import { clock } from "./clock.js";
import { readKept, wall, wallQuery } from "./wall_state.js";

const BY_HAND = 120000;
// scenes that could not be painted; an answer with news gives them another chance
const broken = new Set();
/** @type {?{id: string, until: number}} what somebody stepped to */
let hand = null;
/** @type {{state: ?State, id: string}} */
let shown = { state: null, id: "" };

/** The scenes that can be shown. @returns {Scene[]} */
export const listScenes = () =>
  ((current.state && current.state.scenes) || []).filter((scene) => !broken.has(scene.id));

/** The scene of a moment. @param {number} now milliseconds of the server @returns {?Scene} */
function findDue(now) {
  const all = listScenes();
  const chosen = hand && all.find((scene) => scene.id === hand.id);
  return chosen || all[Math.floor(now / 1000 / wallQuery.seconds) % all.length] || null;
}

/** @param {number} now */
function presentScene(now) {
  if (hand && now > hand.until) letGo();
  const scene = findDue(now);
  if (!scene || (shown.state === current.state && shown.id === scene.id)) return;
  shown = { state: current.state, id: scene.id };
  wall.scene = scene.id;
  emit("scene", scene);
}

/** One scene on or back; stays until two minutes after the last step. @param {number} by */
export function stepScene(by) {
  const all = listScenes();
  const at = all.findIndex((scene) => scene.id === wall.scene);
  if (all.length) stayAtScene(all[(at + by + all.length) % all.length].id);
}

/** @param {string} id @param {number} [until] */
export function stayAtScene(id, until) {
  hand = { id, until: until || clock.now() + BY_HAND };
  emit("hand");
  presentScene(clock.now());
}

/** Whoever still looks for a commune is still there. */
export function keepHand() {
  if (hand) hand.until = Math.max(hand.until, clock.now() + BY_HAND);
}

/** The clock says again which scene is shown. */
export function letGo() {
  hand = null;
  emit("hand");
  presentScene(clock.now());
}

/** A scene that cannot be painted is passed over. @param {string} id */
export function skipScene(id) {
  broken.add(id);
  setTimeout(() => presentScene(clock.now()));
}

export function watchCycle() {
  on("beat", presentScene);
  on("state", () => {
    broken.clear();
    presentScene(clock.now());
  });
  on("mounted", () => {
    const old = !current.state && readKept();
    if (!old) return;
    current.state = old.state;
    wall.keptSince = old.at; // until the server speaks
    emit("state", old.state);
  });
  on("connection", ({ connected }) => {
    if (connected) wall.keptSince = null;
  });
}
