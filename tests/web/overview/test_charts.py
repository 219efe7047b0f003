"""Charts say what is seen, mark what is unfinished, and say why they are empty."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pandas as pd

from dashboard.web import theme
from dashboard.web.charts import plot
from dashboard.web.overview import charts

TODAY = date(2026, 11, 22)  # a Sunday


def by_period(*rows: tuple[date, date, float, float]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["period_from", "period_to", "received", "resolved"])
    for column in ("period_from", "period_to"):
        frame[column] = pd.to_datetime(frame[column]).astype("datetime64[s]")
    return frame


def daily(days: int) -> pd.DataFrame:
    return by_period(
        *(
            (day, day, 10.0, 8.0)
            for n in range(days)
            if (day := TODAY - timedelta(days=days - 1 - n))
        )
    )


def test_every_graph_is_kept_from_sharing_its_data_outside() -> None:
    assert plot.GRAPH_CONFIG["showSendToCloud"] is False
    assert plot.GRAPH_CONFIG["plotlyServerURL"] == ""
    assert plot.GRAPH_CONFIG["displaylogo"] is False


def test_the_running_day_is_hollow_and_named_as_unfinished() -> None:
    figure = charts.draw_dossiers_over_time(daily(60), TODAY, dark=False)
    assert all(
        trace["marker"]["symbol"][-2:] == ["circle", "circle-open"] for trace in figure["data"]
    )
    assert "ngày cuối chưa chốt" in figure["layout"]["title"]["text"]


def test_a_past_day_is_finished() -> None:
    figure = charts.draw_dossiers_over_time(daily(60), TODAY + timedelta(days=1), dark=False)
    assert "chưa chốt" not in figure["layout"]["title"]["text"]
    assert f"8 tuần đến {TODAY:%d/%m/%Y}" in figure["layout"]["title"]["text"], (
        "old figures are not the last weeks"
    )


def test_weekends_of_the_shown_weeks_are_shaded() -> None:
    figure = charts.draw_dossiers_over_time(daily(60), TODAY, dark=False)
    assert len(figure["layout"]["shapes"]) == charts.WEEKS_SHOWN
    assert len(figure["data"][0]["x"]) == charts.WEEKS_SHOWN * 7


def test_longer_periods_are_bars_with_both_ends_named() -> None:
    figure = charts.draw_dossiers_over_time(
        by_period((date(2026, 8, 1), date(2026, 8, 31), 100.0, float("nan"))), TODAY, dark=False
    )
    # resolved is not told: no bar of nought
    assert [trace["name"] for trace in figure["data"]] == ["Tiếp nhận"]
    assert figure["data"][0]["x"] == ["01/08/2026–31/08/2026"]


def test_the_first_day_of_all_is_a_point_on_a_named_day() -> None:
    levels = pd.DataFrame(
        [{"red": 3, "yellow": 0, "green": 1, "stale": 0, "unknown": 92}], index=[date(2025, 7, 1)]
    )
    green = charts.draw_green_over_time(levels, dark=False)
    assert {trace["mode"] for trace in green["data"]} == {"markers"}
    dossiers = charts.draw_dossiers_over_time(daily(1), TODAY, dark=False)
    for figure, day in ((green, "2025-07-01"), (dossiers, TODAY.isoformat())):
        assert figure["layout"]["xaxis"]["tickvals"] == [day], "its own day, not hours around it"


def test_an_empty_chart_says_so() -> None:
    levels = pd.DataFrame(
        [{"red": 0, "yellow": 0, "green": 0, "stale": 0, "unknown": 96}], index=[TODAY]
    )
    for figure in (
        charts.draw_dossiers_over_time(by_period(), TODAY, dark=False),
        charts.draw_green_over_time(levels, dark=True),
    ):
        assert figure["data"] == []
        assert "chưa có dữ liệu" in figure["layout"]["title"]["text"]


def test_the_curve_is_titled_by_its_last_day_and_lines_are_labelled_apart() -> None:
    rows = [
        {"red": 10, "yellow": 11, "green": green, "stale": 0, "unknown": 75 - green}
        for green in (12, 13)
    ]
    figure = charts.draw_green_over_time(
        pd.DataFrame(rows, index=[TODAY - timedelta(days=1), TODAY]), dark=False
    )
    assert figure["layout"]["title"]["text"] == "Mức Xanh theo ngày: 13/96 (13,5%)"
    top = figure["layout"]["yaxis"]["range"][1]
    for pixels in (charts.LOWEST_PLOT, 2 * charts.LOWEST_PLOT, 10 * charts.LOWEST_PLOT):
        heights = sorted(
            label["y"] / top * pixels + label["yshift"] for label in figure["layout"]["annotations"]
        )
        assert all(high - low >= charts.LINE_HEIGHT - 1 for low, high in pairwise(heights))


def test_dark_and_light_differ_in_colour_only() -> None:
    light, dark = (
        charts.draw_dossiers_over_time(daily(30), TODAY, dark=dark) for dark in (False, True)
    )
    assert light["data"][1]["line"]["color"] == theme.pick_colour("accent")
    assert dark["data"][1]["line"]["color"] == theme.pick_colour("accent", dark=True)
    assert light["data"][1]["y"] == dark["data"][1]["y"]


def test_days_on_which_nothing_was_in_force_are_gaps_not_nought() -> None:
    rows = [
        {"red": 1, "yellow": 2, "green": 3, "stale": 0, "unknown": 90},
        {"red": 0, "yellow": 0, "green": 0, "stale": 6, "unknown": 90},
    ]
    figure = charts.draw_green_over_time(
        pd.DataFrame(rows, index=[TODAY - timedelta(days=1), TODAY]), dark=False
    )
    assert [trace["y"] for trace in figure["data"]] == [[1, None], [2, None], [3, None]]
    assert (
        figure["layout"]["title"]["text"] == "Mức Xanh theo ngày: số liệu đã cũ từ sau 21/11/2026"
    )
