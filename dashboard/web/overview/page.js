/* Opens `/`: asks for its first state, then starts what the page consists of, in the order in
   which it hears of a state, a painted map or a key. Paints nothing itself. */
import { watchChartPictures } from "../../../assets/chart_picture.js";
import { provideCommunes, watchSearchField } from "../../../assets/combobox.js";
import { watchConnection } from "../../../assets/connection.js";
import { current, provideSource } from "../../../assets/current.js";
import { el } from "../../../assets/elements.js";
import { watchEscape } from "../../../assets/escape.js";
import { on } from "../../../assets/events.js";
import { watchFinding } from "../../../assets/finding.js";
import { getCommuneName, watchMap } from "../../../assets/map.js";
import { startPolling } from "../../../assets/poll.js";
import { watchChartPrinting } from "../../../assets/print_charts.js";
import { buildMatcher } from "../../../assets/search.js";
import { watchPrintButtons } from "../../../assets/printing.js";
import { watchSharing } from "../../../assets/share.js";
import { startPage, startParts } from "../../../assets/start.js";
import { watchTheme } from "../../../assets/theme.js";
import { changeAddress, getAddress, watchAddress } from "./address.js";
import { watchAddressFit } from "./address_fit.js";
import { watchReadouts } from "./chart_readout.js";
import { watchChartData } from "./chart_data.js";
import { watchCharts } from "./charts.js";
import { setControl, watchControls } from "./controls.js";
import { watchDecisions } from "./decisions.js";
import { watchDownload } from "./download.js";
import { watchFirstAnswer } from "./first_answer.js";
import { watchHeadline } from "./headline.js";
import { watchMapKeys } from "./map_keys.js";
import { watchMapLabels } from "./map_labels.js";
import { watchMapNames } from "./map_names.js";
import { watchMapPicture } from "./map_picture.js";
import { watchMovement } from "./movement.js";
import { watchNavigation } from "./navigation.js";
import { watchNeed } from "./need.js";
import { selectCommune, watchPanel } from "./panel.js";
import { watchPanelPlace } from "./panel_place.js";
import { watchPending } from "./pending.js";
import { watchPrintLine } from "./print_line.js";
import { watchReplay } from "./replay.js";
import { watchReplayCursor } from "./replay_cursor.js";
import { askEarly, askState, buildStateAddress, loadDrawing } from "./state.js";
import { watchTable } from "./table.js";
import { watchTooltip } from "./tooltip.js";
import { watchZoom, zoomBy } from "./zoom.js";

provideSource({
  getAddress: buildStateAddress,
  ask: askState,
  fetchDrawing: loadDrawing,
  early: askEarly(),
});
provideCommunes(
  (code) => {
    setControl(el("search"), "");
    changeAddress({ q: "" }, true);
    selectCommune(code, el("search"), true);
  },
  () =>
    (current.state ? current.state.codes : []).map((code) => ({
      code,
      name: getCommuneName(code),
      former: /** @type {string[]} */ ([]),
    })),
);

startParts(
  watchAddressFit,
  watchAddress,
  startPolling, // what an address asks for is on its way while the others repaint
  watchChartData,
  watchReadouts,
  watchChartPictures,
  watchCharts,
  watchSearchField,
  watchConnection,
  watchControls,
  watchDecisions,
  watchDownload,
  watchFinding,
  watchHeadline,
  watchMapKeys,
  watchMapLabels,
  watchMapNames,
  watchMapPicture,
  () => watchMap(() => ({ show: getAddress().show, view: getAddress().view })),
  watchMovement,
  watchNavigation,
  watchNeed,
  watchPanelPlace,
  watchPanel,
  watchPending,
  watchChartPrinting,
  watchPrintLine,
  watchReplay,
  watchReplayCursor,
  watchPrintButtons,
  watchSharing,
  watchTheme,
  watchEscape,
  watchTable,
  watchTooltip,
  watchZoom,
  watchFirstAnswer,
);
startPage();

// For a person at the console and for tests: what the page holds, and the hands of a reader.
Object.assign(window, {
  dashboard: {
    current,
    on,
    getAddress,
    changeAddress,
    setControl,
    selectCommune,
    zoomBy,
    buildMatcher,
  },
});
