/* Has a worker keep pages of the field on this device for where there is no line
   (task_force/worker.js). Browsers allow that only over https or on the computer itself; elsewhere
   pages simply lack it. */
import { locatePath } from "../../../assets/base_path.js";
import { on } from "../../../assets/events.js";

const SCOPES = ["/to-cong-tac", "/xa/"];

/** @param {string[]} addresses of pages, in the order in which they are fetched
 * @returns {Promise<{kept: number, hindered: string}>} what became of these and of no others: how
 * many communes are there, and what hindered the rest; never where a browser keeps nothing */
export async function keepPages(addresses) {
  if (!navigator.serviceWorker) return new Promise(() => {});
  const { active } = await navigator.serviceWorker.ready;
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    active?.postMessage({ keep: addresses }, [port2]);
  });
}

/** Pages of the field that somebody opens are kept from now on. */
export function watchKeeping() {
  if (!navigator.serviceWorker) return;
  on("mounted", () => {
    for (const scope of SCOPES)
      navigator.serviceWorker
        .register(locatePath("/to-cong-tac/worker.js"), { scope: locatePath(scope) })
        .catch(() => {});
  });
}
