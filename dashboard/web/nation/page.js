/* Opens /toan-quoc: what every document has, nothing of its own. */
import { startPage, startParts } from "../../../assets/start.js";
import { openDocument } from "../documents/opening.js";

startParts(openDocument);
startPage();
