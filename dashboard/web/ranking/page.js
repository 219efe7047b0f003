/* Opens /xep-hang: what every document has, and that its drawings can be taken along. Paints
   nothing itself. */
import { startPage, startParts } from "../../../assets/start.js";
import { watchDrawingPictures } from "../documents/drawing_picture.js";
import { openDocument } from "../documents/opening.js";

startParts(openDocument, watchDrawingPictures);
startPage();
