/* Has a worker keep pages of the field on this device for where there is no line
   (task_force/worker.js). Browsers allow that only over https or on the computer itself; elsewhere
   pages simply lack it. */
import { locatePath } from "../../../assets/base_path.js";
import { emit, on } from "../../../assets/events.js";

const SCOPES = ["/to-cong-tac", "/xa/"];

/** @param {string[]} addresses of pages, in the order in which they are fetched; what became of it
 * is emitted as "pages-kept" */
export async function keepPages(addresses) {
  if (!navigator.serviceWorker) return;
  const { active } = await navigator.serviceWorker.ready;
  active?.postMessage({ keep: addresses });
}

/** Pages of the field that somebody opens are kept from now on. */
export function watchKeeping() {
  if (!navigator.serviceWorker) return;
  navigator.serviceWorker.addEventListener("message", ({ data }) => emit("pages-kept", data));
  on("mounted", () => {
    for (const scope of SCOPES)
      navigator.serviceWorker
        .register(locatePath("/to-cong-tac/worker.js"), { scope: locatePath(scope) })
        .catch(() => {});
  });
}
