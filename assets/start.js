/* Says once that the page stands ("mounted"): on `/` when Dash has put the layout into it. Does
   nothing else. */
import { el } from "./elements.js";
import { emit } from "./events.js";

/** To be called last, when everybody listens. */
export function startPage() {
  const watch = new MutationObserver(tryStart);
  let started = false;

  function tryStart() {
    if (started || !el("page")) return;
    started = true;
    watch.disconnect();
    emit("mounted");
  }
  watch.observe(document.documentElement, { childList: true, subtree: true });
  tryStart();
}
