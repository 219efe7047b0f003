/* What every document starts with: finding, sharing, telling the connection, and staying equal
   to the server's. Each page's opening file adds its own and calls startPage last. Paints
   nothing itself. */
import { watchSearchField } from "../../../assets/combobox.js";
import { watchConnection } from "../../../assets/connection.js";
import { current } from "../../../assets/current.js";
import { emit, on } from "../../../assets/events.js";
import { watchFinding } from "../../../assets/finding.js";
import { startPolling } from "../../../assets/poll.js";
import { watchEscape } from "../../../assets/escape.js";
import { watchPrintButtons } from "../../../assets/printing.js";
import { watchSharing } from "../../../assets/share.js";
import { watchTheme } from "../../../assets/theme.js";
import { startParts } from "../../../assets/start.js";
import { watchDocument } from "./document.js";
import { morphNode } from "./morph.js";

export function openDocument() {
  startParts(
    watchConnection,
    startPolling,
    watchFinding,
    watchPrintButtons,
    watchSharing,
    watchTheme,
    watchEscape,
    watchSearchField,
    watchDocument,
  );
  // for the console and for tests
  Object.assign(window, { dashboard: { current, emit, morphNode, on } });
}
