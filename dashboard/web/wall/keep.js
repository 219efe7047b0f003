/* Has a worker keep this document, its scripts and the map, so that the screen starts without
   the server. Browsers allow that only over https or on the computer itself; elsewhere the
   screen simply lacks it. Paints nothing. */
import { locatePath } from "../../../assets/base_path.js";
import { current } from "../../../assets/current.js";
import { on } from "../../../assets/events.js";
import { wall } from "./wall_state.js";

const HOUR = 3600000;
let kept = "";

/** Once for each build and map, and once an hour, in case the line broke while it was fetched.
 * @param {number} now */
async function keepPage(now) {
  const { state } = current;
  if (!state || !wall.lastGood || !navigator.serviceWorker) return;
  const mine = [state.build, state.map, Math.floor(now / HOUR)].join();
  if (kept === mine) return;
  kept = mine;
  const { active } = await navigator.serviceWorker.ready;
  active.postMessage({ keep: [locatePath(state.map)] });
}

export function watchKeeping() {
  on("beat", (now) => keepPage(now).catch(() => {}));
  on("mounted", () => {
    if (!navigator.serviceWorker) return;
    navigator.serviceWorker
      .register(locatePath("/man-hinh/worker.js"), { scope: locatePath("/man-hinh") })
      .catch(() => {});
  });
}
