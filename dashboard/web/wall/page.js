/* Opens /man-hinh: says where its states come from and starts what the screen consists of, in
   the order in which it hears of a beat, a state or a scene. Paints nothing itself. */
import { current } from "../../../assets/current.js";
import { watchMap } from "../../../assets/map.js";
import { startPolling } from "../../../assets/poll.js";
import { startPage, startParts } from "../../../assets/start.js";
import { watchAges } from "./ages.js";
import { watchHeartbeat } from "./beat.js";
import { startClock } from "./clock.js";
import { watchCycle } from "./cycle.js";
import { watchFit } from "./fit.js";
import { watchKeeping } from "./keep.js";
import { watchMarks } from "./marks.js";
import { watchKeys } from "./meeting.js";
import { watchReload } from "./reload.js";
import { watchScenes } from "./scene.js";
import { getWallChoice, provideWall } from "./wall_state.js";

provideWall();
startParts(
  startClock,
  startPolling,
  watchCycle,
  () => watchMap(getWallChoice),
  watchScenes,
  watchMarks,
  watchFit,
  watchAges,
  watchKeys,
  watchReload,
  watchKeeping,
  watchHeartbeat,
);
startPage();

// For whoever watches a screen from outside, and for tests.
Object.assign(window, { dashboard: { current } });
