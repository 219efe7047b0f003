/* Starts the parts of a page and says once that it stands ("mounted"): on `/` when Dash has put
   the layout into it. Has the bar say who is signed in; does nothing else. */
import { showAccount } from "./account.js";
import { el } from "./elements.js";
import { emit } from "./events.js";

/** Starts the parts of a page in their order; one that cannot start leaves the others.
 * @param {...(() => void)} parts */
export function startParts(...parts) {
  for (const startPart of parts) {
    try {
      startPart();
    } catch (problem) {
      setTimeout(() => {
        throw problem;
      });
    }
  }
}

/** To be called last, when everybody listens. */
export function startPage() {
  const watch = new MutationObserver(tryStart);
  let started = false;

  function tryStart() {
    if (started || !el("page")) return;
    started = true;
    watch.disconnect();
    emit("mounted");
    showAccount();
  }
  watch.observe(document.documentElement, { childList: true, subtree: true });
  tryStart();
}
