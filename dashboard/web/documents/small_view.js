/* Opens a chart in the frame of another site: draws it, and again where the system turns dark or
   light. Knows no bar, no state and no other page. */
import { emit } from "../../../assets/events.js";
import { startParts } from "../../../assets/start.js";
import { watchFigures } from "./figures.js";

startParts(watchFigures);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => emit("theme"));
emit("mounted");
