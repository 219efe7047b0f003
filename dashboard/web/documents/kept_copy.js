/* A page that came from this device's own copy (task_force/worker.js) says of when it is, until the
   server answers. Keeps nothing and asks nobody. */
import { getMeta } from "../../../assets/elements.js";
import { emit, on } from "../../../assets/events.js";

const KEPT = "to-cong-tac";

async function findCopy() {
  if (!window.caches || !(await caches.has(KEPT))) return;
  const cache = await caches.open(KEPT);
  const copy = await cache.match(location.pathname + location.search);
  if (!copy || !(copy.headers.get("ETag") || "").includes(`"${getMeta("tag")}"`)) return;
  // by the server's clock for the eye, by this device's for counting days
  const date = new Date(copy.headers.get("Date") || NaN);
  emit("kept", { date, heard: Number(copy.headers.get("X-Kept")) });
}

export function watchKeptCopy() {
  on("mounted", () => findCopy().catch(() => {}));
}
