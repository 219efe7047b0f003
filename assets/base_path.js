/* Where the addresses of this server begin: at its root, or under the path of a portal
   (DASHBOARD_BASE_PATH). Asks nothing. */
import { getMeta } from "./elements.js";

/** Where a path of the server is found, such as `/api/state`. @param {string} path
 * @returns {string} */
export const locatePath = (path) => getMeta("base-path") + path;
