/* Once a minute the screen says that it lives: its name from the address, scene, data version
   and token, build, seconds since the last good answer, faults since it was loaded. No picture, no person.
   The answer is not read. */
import { locatePath } from "../../../assets/base_path.js";
import { current } from "../../../assets/current.js";
import { getMeta } from "../../../assets/elements.js";
import { on } from "../../../assets/events.js";
import { wall, wallQuery } from "./wall_state.js";

const EVERY = 60000;
const SOON = 5000;
// Words that nobody takes must not pile up and hold the browser's few connections.
const PATIENCE = 8000;
const build = getMeta("wall-build");
let next = 0;
let errors = 0;

/** The name that the address gives; else one that stays with this browser. @returns {string} */
function getName() {
  if (wallQuery.name) return wallQuery.name;
  try {
    const known =
      localStorage.getItem("man-hinh-name") ||
      Math.floor(Math.random() * 65536)
        .toString(16)
        .padStart(4, "0");
    localStorage.setItem("man-hinh-name", known);
    return "không tên " + known;
  } catch (problem) {
    return "không tên";
  }
}

/** @param {number} now */
function sendBeat(now) {
  const { state } = current;
  const { scene, lastGood } = wall;
  const body = {
    name: getName(),
    province: (state && state.province) || "",
    scene: scene || "",
    build,
    version: (state && state.version) || 0,
    token: (state && state.token) || "",
    fresh: lastGood ? Math.max(0, Math.round((now - lastGood) / 1000)) : null,
    errors,
  };
  const stop = new AbortController();
  setTimeout(() => stop.abort(), PATIENCE);
  const { signal } = stop;
  fetch(locatePath("/api/screens"), {
    method: "POST",
    body: JSON.stringify(body),
    keepalive: true,
    signal,
  }).catch(() => {});
}

const countFault = () => {
  errors = Math.min(errors + 1, 1000000);
};

export function watchHeartbeat() {
  on("beat", (now) => {
    next = next || now + SOON; // when there is something to say
    if (now < next && next - now <= EVERY) return; // a clock that was put right may lie before
    next = now + EVERY;
    sendBeat(now);
  });
  on("fault", countFault);
  addEventListener("error", countFault);
  addEventListener("unhandledrejection", countFault);
}
