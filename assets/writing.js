/* Opens the pages that people write on: their days are read day first. */
import { watchDayFields } from "./day_fields.js";

watchDayFields();
