/* Opens /to-cong-tac/lich: what every document has, and the map that communes are chosen on. */
import { startPage, startParts } from "../../../assets/start.js";
import { openDocument } from "../documents/opening.js";
import { offerMapChoice } from "./map_choice.js";

startParts(openDocument);
startPage();
offerMapChoice();
