/* Asks for the table as a file, CSV or Excel: the communes that it shows, in its order, of the day that is
   shown. The server writes the file (table.py), with every number in a column of
   its own. Changes nothing on the page. */
import { locatePath } from "../../../assets/base_path.js";
import { current } from "../../../assets/current.js";
import { createElement, listen } from "../../../assets/elements.js";
import { listShownCodes } from "./table.js";

export function watchDownload() {
  listen("click", (event) => {
    const button = event.target.closest("[data-download]");
    if (!button || !current.state) return;
    const { province, as_of } = current.state;
    const query = new URLSearchParams({ province, as_of, xa: listShownCodes().join(",") });
    const address = `/tai/toan-canh.${button.dataset.download}?${query}`;
    createElement("a", { href: locatePath(address), download: "" }).click();
  });
}
