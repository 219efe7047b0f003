/* What a page with charts has besides: they are drawn near the view, fit paper and can be taken
   along. Paints nothing itself. */
import { watchChartPictures } from "../../../assets/chart_picture.js";
import { watchChartPrinting } from "../../../assets/print_charts.js";
import { watchFigures } from "./figures.js";

export function watchCharts() {
  watchFigures();
  watchChartPrinting();
  watchChartPictures();
}
