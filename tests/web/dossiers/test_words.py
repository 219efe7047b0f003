"""/ho-so in words: shares with both counts, silence apart from nought, and no comparison that
cannot be made.
"""

from __future__ import annotations

import math
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.indicators.throughput import periods, rates
from dashboard.indicators.throughput.count_rows import SUM_COLUMNS
from dashboard.indicators.throughput.counts import DossierCounts
from dashboard.indicators.throughput.dossiers import assess_dossiers
from dashboard.indicators.throughput.periods import Period
from dashboard.indicators.throughput.weekly_history import WeeklyHistory, build_weekly_history
from dashboard.web.dossiers import charts, dossier_lists, words
from dashboard.web.overview import layers
from dashboard.web.words import dossiers
from dashboard.workdays import load_calendar
from tests.indicators.throughput.counting import UNITS, frame, row
from tests.indicators.throughput.test_places_before import AUGUST, COMMUNES, RULE, WHOLE, of
from tests.indicators.throughput.test_source_selection import WEEKDAYS

NAMES = ["Xã Sơn Hà", "Xã Sơn Hạ", "Phường Kon Tum"]
TOLD = [
    row(
        "00001",
        *AUGUST,
        "report",
        received=100,
        received_online=60,
        received_in_person=40,
        carried_over=0,
        resolved=80,
        resolved_early=10,
        resolved_on_time=50,
        resolved_late=20,
        open=20,
        open_in_term=15,
        open_overdue=5,
    ),
    row(
        "00002",
        *AUGUST,
        "report",
        received=0,
        carried_over=0,
        resolved=0,
        resolved_early=0,
        resolved_on_time=0,
        open=0,
        open_in_term=0,
        open_overdue=0,
    ),
]


@pytest.mark.parametrize(
    ("day", "reaches"),
    [
        (date(2026, 8, 31), "đến 31/08/2026"),
        (date(2026, 12, 2), "đến 31/08/2026"),
        (date(2026, 12, 3), "đến 31/08/2026 (số liệu cũ, 94 ngày trước)"),
    ],
)
def test_newest_figures_grow_old_and_lose_their_colour_but_those_of_a_chosen_period_are_only_past(
    day: date, reaches: str
) -> None:
    dossiers_told = of(TOLD, WHOLE)
    assert dossiers_told.period_figures is not None
    coverage = dossiers.describe_period_coverage(dossiers_told, "Biểu II.06a", day, day)
    past = dossiers.describe_period_coverage(dossiers_told, "Biểu II.06a", day)
    assert coverage is not None
    assert past is not None
    assert (coverage["until"], past["until"]) == (reaches, "đến 31/08/2026")
    layer = layers.describe_dossier_state(dossiers_told, day, day).on_time
    assert ("s" in layer["levels"]) == ("số liệu cũ" in reaches), layer
    assert ("số liệu cũ" in layer["title"]) == ("số liệu cũ" in reaches)


def by_day(values: dict[date, float]) -> pd.DataFrame:
    days = pd.to_datetime(pd.Series(list(values), dtype="datetime64[s]"))
    return pd.DataFrame({"period_from": days, "period_to": days, "received": list(values.values())})


def weeks(
    values: list[list[float]], are_complete: list[bool], working: tuple[int, ...] = ()
) -> WeeklyHistory:
    first = date(2026, 8, 3)
    spans = tuple(
        periods.find_week_of(first + timedelta(weeks=n)) for n in range(len(are_complete))
    )
    sums = {
        name: np.array(values, dtype=float)
        for name in ("received_new", "resolved", "received_online")
    }
    untold = np.full(np.shape(values), np.nan)
    others = dict.fromkeys(("received_in_person", "received_post", "received_other"), untold)
    return WeeklyHistory(
        "week", spans, np.array(are_complete), {**sums, **others}, working or (5,) * len(spans)
    )


def test_a_week_of_holidays_says_so_and_is_no_week_of_online_filing_alone() -> None:
    history = weeks([[100, 5, 90]], [True] * 3, working=(5, 0, 5))
    history.sums["received_online"][:] = [[60, 5, 54]]
    assert (
        "Mỗi tuần tiếp nhận từ 5 (10/08–16/08/2026, toàn ngày nghỉ) đến 100"
        in charts.summarise_flow(history)
    )
    assert "trực tuyến 60,0% → 60,0%" in charts.summarise_channels(history)
    assert "Không vẽ 1 tuần nghỉ lễ" in charts.summarise_channels(history)
    assert charts.draw_channel_figure(history, dark=False)["data"][0]["y"][1] is None
    assert [row[1] for row in charts.tabulate_channels(history).rows] == [
        "60,0%",
        "nghỉ lễ",
        "60,0%",
    ]


def test_holidays_within_a_period_are_told_where_they_change_what_one_may_expect() -> None:
    none = DossierCounts(frame([]), UNITS)
    tet = assess_dossiers(
        none, none, COMMUNES, periods.find_week_of(date(2026, 2, 16)), RULE, (), load_calendar()
    )
    assert (
        dossiers.tell_holidays(tet)
        == "5 ngày nghỉ lễ, không ngày làm việc nào: không như kỳ thường"
    )
    assert dossiers.tell_holidays(of(TOLD, WHOLE)) == ""


def test_what_a_period_is_held_against_is_told_with_the_working_days_of_both() -> None:
    counts = DossierCounts(
        frame(
            [row(UNITS[0], f"2026-11-{day}", f"2026-11-{day}", received=3) for day in (20, 21, 22)]
        ),
        UNITS,
    )
    none = DossierCounts(frame([]), UNITS)
    saturday, sunday = (
        assess_dossiers(counts, none, COMMUNES, Period(day, day), RULE, (), load_calendar())
        for day in (date(2026, 11, 21), date(2026, 11, 22))
    )
    assert (
        dossiers.tell_period_comparison(saturday) == "so với 20/11/2026, 1 ngày làm việc, kỳ này 0"
    )
    assert dossiers.tell_period_comparison(sunday) == "so với 21/11/2026, cùng là ngày nghỉ"


def test_a_change_has_its_sign_and_what_cannot_be_compared_says_why() -> None:
    assert dossiers.format_points(0.0123) == "▲ 1,2 điểm phần trăm"
    assert dossiers.format_points(-0.2) == "▼ 20,0 điểm phần trăm"
    assert dossiers.format_points(0.0004) == "không đổi"
    assert dossiers.format_points(math.nan, rates.INCOMPLETE) == "chưa đủ kỳ"
    assert dossiers.format_count_change(-1234) == "▼ 1.234"
    assert dossiers.format_count_change(math.nan) == "chưa đủ kỳ"


def test_a_share_has_both_counts_or_says_why_there_is_none() -> None:
    assert dossiers.format_dossier_share(76, 148, rates.KNOWN) == "76/148 (51,4%)"
    assert dossiers.format_dossier_share(0, 0, rates.NO_ACTIVITY) == "không phát sinh"
    assert dossiers.format_dossier_share(math.nan, math.nan, rates.UNKNOWN) == "chưa có dữ liệu"


def test_received_resolved_and_open_divide_into_what_was_told_of_them() -> None:
    blocks = {block["code"]: block for block in words.describe_flow(of(TOLD, WHOLE))}
    assert [piece["count"] for piece in blocks["received"]["parts"]] == ["60", "40"]
    assert [piece["percent"] for piece in blocks["resolved"]["parts"]] == [
        "12,5%",
        "62,5%",
        "25,0%",
    ]
    assert blocks["resolved"]["note"] == "ít hơn số tiếp nhận 20 hồ sơ; hồ sơ tồn tăng"
    assert blocks["open"]["change"] == "chưa đủ kỳ"
    assert blocks["paused"]["known"] is False, "nobody told: no nought"


def test_both_meanings_of_on_time_stand_in_the_rates_with_their_own_whole() -> None:
    shares = {
        rate_row["code"]: rate_row["share"] for rate_row in words.list_rate_rows(of(TOLD, WHOLE))
    }
    assert shares["on_time_766"] == "75/100 (75,0%)"
    assert shares["on_time_report"] == "60/80 (75,0%)"
    assert shares["e_result"] == "chưa có dữ liệu"


def test_communes_are_ordered_by_a_figure_with_the_silent_last_and_without_a_bar() -> None:
    bars = words.list_commune_bars(of(TOLD, WHOLE), NAMES, "received")
    assert [(bar_row["name"], bar_row["bar"], bar_row["known"]) for bar_row in bars] == [
        ("Xã Sơn Hà", 1.0, True),
        ("Xã Sơn Hạ", 0.0, True),
        ("Phường Kon Tum", 0.0, False),
    ]
    on_time = {
        bar_row["name"]: bar_row["words"]
        for bar_row in words.list_commune_bars(of(TOLD, WHOLE), NAMES, "on_time_766")
    }
    assert on_time["Xã Sơn Hạ"] == "không phát sinh"
    assert on_time["Phường Kon Tum"] == "chưa có dữ liệu"


def test_a_table_to_take_along_leaves_blank_what_nobody_told() -> None:
    table = words.tabulate_commune_counts(of(TOLD, WHOLE), NAMES, "biểu II.06a")
    rows = list(table.rows)
    assert [column.head for column in table.columns[:3]] == ["Mã", "Đơn vị", "Tiếp nhận"]
    assert [row[2] for row in rows[:2]] == [100, 0]
    assert math.isnan(float(str(rows[2][2])))


@settings(max_examples=40, deadline=None)
@given(st.dates(date(2026, 1, 1), date(2026, 11, 22)), st.integers(1, 60))
def test_the_calendar_has_every_day_once_and_its_weeks_add_up(last: date, length: int) -> None:
    values = {last - timedelta(days=n): float(n * 10) for n in range(length)}
    calendar = charts.lay_out_day_calendar(by_day(values), last, last, last, WEEKDAYS)
    assert calendar is not None
    cells = [cell for week in calendar["weeks"] for cell in week["cells"]]
    assert all(later["day"] - cell["day"] == timedelta(days=1) for cell, later in pairwise(cells))
    shown = {cell["day"]: cell for cell in cells}
    for day, value in values.items():
        assert shown[day]["words"] == f"{value:.0f}"
        assert shown[day]["kind"] == ("" if day.weekday() < 5 else "off")
    assert [cell["kind"] for cell in cells if cell["day"] > last] == ["outside"] * (
        6 - last.weekday()
    )


def test_a_working_day_without_figures_is_a_gap_and_a_day_off_is_not() -> None:
    monday = date(2026, 8, 3)
    values = {monday: 5.0, monday + timedelta(days=7): 0.0}
    calendar = charts.lay_out_day_calendar(
        by_day(values), monday, monday + timedelta(days=7), monday, WEEKDAYS
    )
    assert calendar is not None
    assert [cell["kind"] for cell in calendar["weeks"][0]["cells"]] == [
        "",
        *["unknown"] * 4,
        "off",
        "off",
    ]
    assert calendar["weeks"][1]["cells"][0]["words"] == "0", "told as nought"
    assert "4 ngày làm việc chưa có dữ liệu" in calendar["gaps"]
    assert (
        calendar["weeks"][0]["cells"][0]["title"]
        == "03/08/2026: 5 hồ sơ, số liệu trong ngày, chưa chốt"
    )


def test_a_calendar_of_which_no_day_was_told_is_none() -> None:
    assert (
        charts.lay_out_day_calendar(by_day({}), WHOLE.first, WHOLE.last, WHOLE.last, WEEKDAYS)
        is None
    )


def test_a_day_before_the_communes_were_is_no_gap() -> None:
    values = {date(2025, 7, 1) + timedelta(days=n): 1.0 for n in range(4)}
    calendar = charts.lay_out_day_calendar(
        by_day(values), date(2025, 7, 1), date(2025, 7, 6), date(2025, 7, 6), WEEKDAYS
    )
    assert calendar
    monday = calendar["weeks"][-1]["cells"][0]
    assert (monday["kind"], monday["title"]) == ("outside", "30/06/2025: trước 01/07/2025")
    assert calendar["gaps"] == "không thiếu ngày làm việc nào"


def test_only_whole_weeks_are_drawn_and_the_running_one_is_named_in_the_table() -> None:
    history = weeks([[10, 20, 5], [30, math.nan, 5]], [True, True, False])
    figure = charts.draw_flow_figure(history, WHOLE, dark=False)
    assert figure["data"][0]["y"] == [40, 20, None]
    assert charts.tabulate_flow(history).rows[0] == (
        "17/08–23/08/2026",
        "10 (chưa đủ kỳ)",
        "10 (chưa đủ kỳ)",
    )
    summary = charts.summarise_flow(history)
    assert "từ 20 đến 40 hồ sơ" in summary
    assert "(10/08–16/08/2026) tiếp nhận 20, giải quyết 20" in summary


def test_channels_are_shares_of_what_came_and_one_week_is_no_course() -> None:
    history = weeks([[10, 20]], [True, True])
    assert charts.has_channel_history(history)
    assert charts.tabulate_channels(history).head == ("Tuần", "Trực tuyến")
    assert charts.draw_channel_figure(history, dark=True)["data"][0]["y"] == [100, 100]
    assert not charts.has_flow_history(weeks([[10, 20]], [True, False]))


def test_a_course_of_real_counts_has_the_sums_that_were_told() -> None:
    rows = [
        row(unit, date(2026, 8, 3) + timedelta(days=n), received=2, resolved=1)
        for unit in UNITS
        for n in range(14)
    ]
    history = build_weekly_history(
        DossierCounts(frame(rows), UNITS), date(2026, 8, 3), date(2026, 8, 16), WEEKDAYS
    )
    assert charts.tabulate_flow(history).rows[0][1:] == ("42", "21")
    lines = words.list_commune_trends(history, UNITS, NAMES, [2, 0, 1])
    assert [line["name"] for line in lines] == [NAMES[2], NAMES[0], NAMES[1]]
    assert all(line["known"] and line["last"] == "14" for line in lines)


def test_at_risk_names_whom_it_presses_and_knows_when_nobody_told() -> None:
    columns = ["open", *dossier_lists.RISKS, "no_due_date", "paused"]
    frame_of = pd.DataFrame(0, index=list(UNITS), columns=columns)
    frame_of.loc["00002", ["open", "overdue"]] = [7, 3]
    frame_of.loc["00003", ["open", "due_within_1", "due_within_2", "due_within_3"]] = [2, 1, 1, 2]
    risk = dossier_lists.list_communes_at_risk(frame_of, NAMES, date(2026, 11, 13))
    assert risk is not None
    assert [row["name"] for row in risk["rows"]] == [NAMES[2], NAMES[1]], (
        "who can still be in time comes first"
    )
    assert risk["total"]["overdue"] == "3"
    assert risk["title"].endswith("tính từ 13/11/2026")
    assert (
        dossier_lists.list_communes_at_risk(frame_of * math.nan, NAMES, date(2026, 11, 13)) is None
    )


def test_a_cohort_that_is_too_young_is_not_nought() -> None:
    index = pd.DatetimeIndex(["2026-11-02", "2026-11-09"], name="week")
    shares = {
        "within_1": [0.5, 0.25],
        "within_3": [0.6, 0.5],
        "within_5": [0.8, 0.0],
        "within_10": [1.0, math.nan],
    }
    rows = dossier_lists.list_resolution_cohorts(
        pd.DataFrame({"received": [10, 4], **shares}, index=index)
    )
    assert rows[0]["week"] == "09/11–15/11/2026"
    assert [cell["words"] for cell in rows[0]["cells"]] == [
        "25%",
        "50%",
        "0%",
        "chưa đủ kỳ",
    ]
    assert [cell["step"] for cell in rows[1]["cells"]] == [3, 3, 4, 5]


@pytest.mark.parametrize(
    ("counts", "code", "expected"),
    [
        ({"no_finish_day": 0.0, "no_due_day": 0.0}, "on_time_766", ""),
        (
            {"no_finish_day": 5.0, "no_due_day": 2.0},
            "on_time_766",
            "5 hồ sơ đã giải quyết không có ngày trả, không tính; "
            "2 hồ sơ không có ngày hẹn trả, không tính",
        ),
        (
            {"resolved": 12.0, "no_finish_day": 0.0, "no_due_day": 9.0},
            "on_time_report",
            "3 hồ sơ không có ngày hẹn trả, không tính",
        ),
        ({"resolved": 12.0, "no_due_day": math.nan}, "on_time_report", ""),
        (
            {"on_time_766": math.nan, "no_finish_day": 1_234.0},
            "on_time_766",
            "quá nửa hồ sơ đã giải quyết không có ngày trả, không tính đúng hạn",
        ),
        ({"no_finish_day": 5.0}, "online", ""),
    ],
)
def test_what_a_share_in_time_leaves_out_is_told(
    counts: dict[str, float], code: str, expected: str
) -> None:
    """A form whose parts do not add up to its resolved dossiers leaves nothing out."""
    plain = dict.fromkeys(SUM_COLUMNS, math.nan) | {"on_time_766": 4.0}
    plain |= {"resolved_early": 4.0, "resolved_on_time": 3.0, "resolved_late": 2.0}
    left_out = dossiers.tell_unjudged(pd.Series(plain | counts), code)
    assert left_out.replace("\u00a0", " ") == expected
