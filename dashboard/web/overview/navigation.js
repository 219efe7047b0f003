/* The links to the other pages go with the view: the same province, and the same day unless it
   is the live one. Goes nowhere itself. */
import { current } from "../../../assets/current.js";
import { setAttr } from "../../../assets/elements.js";
import { on } from "../../../assets/events.js";

function updateLinks() {
  const { state } = current;
  if (!state) return;
  const query = new URLSearchParams({
    province: state.province,
    ...(state.live ? {} : { as_of: state.as_of }),
  });
  for (const link of document.querySelectorAll(".bar nav a:not([aria-current]), a[data-page]")) {
    const own = link.dataset.query ? "&" + link.dataset.query : "";
    setAttr(link, "href", `${link.pathname}?${query}${own}`);
  }
}

export function watchNavigation() {
  on("state", updateLinks);
}
