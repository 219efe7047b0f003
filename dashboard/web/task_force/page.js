/* Opens /to-cong-tac: what every document has, and what is this page's own. Paints nothing
   itself. */
import { startPage, startParts } from "../../../assets/start.js";
import { watchNarrowing } from "../documents/narrowing.js";
import { watchKeeping } from "../documents/keeping.js";
import { watchKeptCopy } from "../documents/kept_copy.js";
import { openDocument } from "../documents/opening.js";
import { watchDistance } from "./distance.js";
import { watchOffline } from "./offline.js";

startParts(openDocument, watchNarrowing, watchDistance, watchKeptCopy, watchKeeping, watchOffline);
startPage();
