/* Opens /thieu-gi: what every document has, and what is this page's own. Paints nothing itself. */
import { startPage, startParts } from "../../../assets/start.js";
import { watchDrawingPictures } from "../documents/drawing_picture.js";
import { watchNarrowing } from "../documents/narrowing.js";
import { openDocument } from "../documents/opening.js";

startParts(openDocument, watchDrawingPictures, watchNarrowing);
startPage();
