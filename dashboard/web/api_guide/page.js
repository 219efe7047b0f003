/* Opens /api: what every document has. Paints nothing itself. */
import { startPage, startParts } from "../../../assets/start.js";
import { openDocument } from "../documents/opening.js";

startParts(openDocument);
startPage();
