/* Opens /xa/<code>: what every document has and what its charts need. Paints nothing itself. */
import { startPage, startParts } from "../../../assets/start.js";
import { watchCharts } from "../documents/charts.js";
import { watchDrawingPictures } from "../documents/drawing_picture.js";
import { watchKeptCopy } from "../documents/kept_copy.js";
import { openDocument } from "../documents/opening.js";

startParts(openDocument, watchDrawingPictures, watchCharts, watchKeptCopy);
startPage();
