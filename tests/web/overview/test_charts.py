"""Charts say what is seen, mark what is unfinished, and say why they are empty."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pandas as pd

from dashboard.reference import FIRST_DAY
from dashboard.web import theme
from dashboard.web.charts import plot
from dashboard.web.overview import charts
from dashboard.workdays import load_calendar
from tests.web.test_theme import contrast

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


def draw_dossiers(
    by_period: pd.DataFrame, today: date = TODAY, *, dark: bool = False
) -> plot.PlotlyFigure:
    return charts.draw_dossiers_over_time(by_period, today, load_calendar(), dark=dark)


def test_every_graph_is_kept_from_sharing_its_data_outside() -> None:
    assert plot.GRAPH_CONFIG["showSendToCloud"] is False
    assert plot.GRAPH_CONFIG["plotlyServerURL"] == ""
    assert plot.GRAPH_CONFIG["displaylogo"] is False


def test_the_running_day_is_hollow_and_named_as_unfinished() -> None:
    figure = draw_dossiers(daily(60), TODAY, dark=False)
    bars = figure["data"][0]
    assert bars["type"] == "bar"
    assert bars["marker"]["color"][-2:] == [theme.pick_colour("accent"), "rgba(0,0,0,0)"]
    assert bars["marker"]["line"]["width"][-2:] == [0, 1.5]
    assert "ngày cuối chưa chốt" in figure["layout"]["title"]["text"]


def test_lines_run_over_working_days_alone_and_the_mean_is_of_the_last_five() -> None:
    days = pd.date_range("2026-10-26", "2026-11-20", freq="D").date
    rows = [(day, day, float(100 + n), 8.0) for n, day in enumerate(days)]
    figure = draw_dossiers(by_period(*rows), TODAY)
    mean, resolved = figure["data"][1:]
    working = [day.isoformat() for day in days if day.weekday() < 5]
    assert mean["x"] == resolved["x"] == working
    received = {row[0].isoformat(): row[2] for row in rows}
    for position, day in enumerate(working):
        last_five = [received[other] for other in working[max(0, position - 4) : position + 1]]
        expected = sum(last_five) / 5 if position >= 4 else None
        assert mean["y"][position] == expected, day


def test_the_axis_ends_with_the_data() -> None:
    figure = draw_dossiers(daily(60), TODAY)
    assert figure["layout"]["xaxis"]["range"][1] == "2026-11-22T12:00:00"


def test_nothing_covers_a_small_chart_and_its_values_have_the_signs_of_its_key() -> None:
    figures = [draw_dossiers(daily(60)), charts.draw_green_over_time(green_counts([9]), dark=False)]
    for figure in figures:
        assert {trace["hoverinfo"] for trace in figure["data"]} == {"none"}
        assert not any("hovertemplate" in trace for trace in figure["data"])
    signs = [[trace["meta"]["sign"] for trace in figure["data"]] for figure in figures]
    assert signs == [["■", "━", "─"], ["▲ Đỏ", "◐ Vàng", "● Xanh"]]


def test_lines_of_state_colours_can_be_seen_on_both_papers() -> None:
    for dark in (False, True):
        paper = theme.pick_colour("paper", dark=dark)
        for level in ("green", "yellow", "red"):
            assert contrast(theme.pick_line_colour(level, dark=dark), paper) >= 3, (level, dark)


def test_a_change_of_the_rules_is_marked_where_it_happened() -> None:
    levels = green_counts([10] * 30)
    changed = levels.index[20]
    figure = charts.draw_green_over_time(levels, [FIRST_DAY, changed], dark=False)
    assert [shape["x0"] for shape in figure["layout"]["shapes"]] == [changed.isoformat()]
    words = [label["text"] for label in figure["layout"]["annotations"]]
    assert words.count("đổi tiêu chí") == 1


def test_a_flat_curve_says_since_when() -> None:
    climbing = [*range(0, 50), *[50, 52, 48] * 30]
    figure = charts.draw_green_over_time(green_counts(climbing), dark=False)
    words = [label["text"] for label in figure["layout"]["annotations"]]
    assert words[-1] == "đi ngang từ 8/2025"
    flat = figure["layout"]["annotations"][-1]
    assert (flat["x"], flat["xanchor"]) == (figure["data"][0]["x"][-1], "right")
    for counts in (climbing[:80], [0] * 140, [96] * 140):
        short = charts.draw_green_over_time(green_counts(counts), dark=False)
        assert not any("ngang" in label["text"] for label in short["layout"]["annotations"])


def green_counts(counts: list[int]) -> pd.DataFrame:
    """A day each from the first on; of 96 communes the rest is yellow."""
    rows = [
        {"red": 0, "yellow": 96 - green, "green": green, "stale": 0, "unknown": 0}
        for green in counts
    ]
    days = [FIRST_DAY + timedelta(days=n) for n in range(len(counts))]
    return pd.DataFrame(rows, index=days)


def test_a_past_day_is_finished() -> None:
    figure = draw_dossiers(daily(60), TODAY + timedelta(days=1), dark=False)
    assert "chưa chốt" not in figure["layout"]["title"]["text"]
    assert f"8 tuần đến {TODAY:%d/%m/%Y}" in figure["layout"]["title"]["text"], (
        "old figures are not the last weeks"
    )


def test_days_off_of_the_working_calendar_are_shaded() -> None:
    figure = draw_dossiers(daily(60), TODAY, dark=False)
    assert len(figure["layout"]["shapes"]) == charts.WEEKS_SHOWN
    assert len(figure["data"][0]["x"]) == charts.WEEKS_SHOWN * 7


def test_a_holiday_is_shaded_and_a_make_up_saturday_is_not() -> None:
    # 24/11 is the day of culture; 22/08/2026 was worked for the bridge before 02/09
    days = pd.date_range("2026-08-17", "2026-11-29", freq="D").date
    rows = by_period(*((day, day, 10.0, 8.0) for day in days))
    shaded = draw_dossiers(rows, date(2026, 11, 30))["layout"]["shapes"]
    assert ("2026-11-23T12:00:00", "2026-11-24T12:00:00") in {
        (shape["x0"], shape["x1"]) for shape in shaded
    }
    off = pd.Series(load_calendar().is_working(pd.to_datetime(list(days)).to_numpy()), index=days)
    covered = {
        day
        for shape in shaded
        for day in days
        if shape["x0"] < f"{day}T12" and f"{day}T00" < shape["x1"]
    }
    shown = days[-charts.WEEKS_SHOWN * 7 :]
    assert covered == {day for day in shown if not off[day]}


def test_longer_periods_are_bars_with_both_ends_named() -> None:
    figure = draw_dossiers(
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
    dossiers = draw_dossiers(daily(1), TODAY, dark=False)
    for figure, day in ((green, "2025-07-01"), (dossiers, TODAY.isoformat())):
        assert figure["layout"]["xaxis"]["tickvals"] == [day], "its own day, not hours around it"


def test_an_empty_chart_says_so() -> None:
    levels = pd.DataFrame(
        [{"red": 0, "yellow": 0, "green": 0, "stale": 0, "unknown": 96}], index=[TODAY]
    )
    for figure in (
        draw_dossiers(by_period(), TODAY, dark=False),
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
    light, dark = (draw_dossiers(daily(30), TODAY, dark=dark) for dark in (False, True))
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
    assert figure["layout"]["title"]["text"] == "Mức Xanh đến 21/11/2026, sau đó số liệu cũ"
