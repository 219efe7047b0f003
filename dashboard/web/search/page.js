/* Opens /tim: what every document has. Paints nothing itself. */
import { startPage } from "../../../assets/start.js";
import { openDocument } from "../documents/opening.js";

openDocument();
startPage();
