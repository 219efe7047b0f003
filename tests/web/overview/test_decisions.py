"""The lines beside the map: what needs a decision, what holds most back; never a lie where nothing
is known.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from dashboard import reference, text
from dashboard.indicators.signals.signals import Signal
from dashboard.web.api.report import build_report_json
from dashboard.web.overview.words import NO_DECISIONS, list_decisions, tell_main_bottleneck
from dashboard.web.words.signals import list_signal_lines
from tests import making
from tests.web.reporting import CODES, TODAY, report_of


def test_communes_of_a_line_are_told_by_their_place_worst_first() -> None:
    long_ago = {CODES[1]: TODAY - timedelta(days=50), CODES[3]: TODAY - timedelta(days=90)}
    report = report_of(declared={CODES[0]: TODAY, CODES[2]: TODAY, CODES[4]: TODAY, **long_ago})
    (line,) = list_decisions(report)["lines"]
    assert (line["code"], line["communes"]) == ("silent", [3, 1])
    assert line["title"] == "2 đơn vị không báo cáo quá 30 ngày"


def test_a_signal_is_as_old_as_the_first_of_its_communes() -> None:
    long_ago = {CODES[1]: TODAY - timedelta(days=35), CODES[3]: TODAY - timedelta(days=80)}
    report = report_of(declared={**dict.fromkeys(CODES, TODAY), **long_ago})
    line = list_decisions(report)["lines"][0]
    began = TODAY - timedelta(days=80 - 31)
    assert (line["code"], line["since"]) == ("silent", f"từ {text.format_day(began)}")
    assert build_report_json(report)["signals"][0]["since"] == began.isoformat()


def test_a_signal_that_one_commune_has_had_for_long_is_not_new_today() -> None:
    long_ago = {CODES[1]: TODAY - timedelta(days=31), CODES[3]: TODAY - timedelta(days=278)}
    report = report_of(declared={**dict.fromkeys(CODES, TODAY), **long_ago})
    line = list_decisions(report)["lines"][0]
    assert "278 ngày" in line["reason"]
    assert line["since"] == "đã ít nhất 59 ngày"


def test_what_holds_longer_than_the_rules_remember_names_no_first_day() -> None:
    report = report_of(declared={CODES[0]: TODAY, CODES[1]: TODAY - timedelta(days=400)})
    assert {line["since"] for line in list_decisions(report)["lines"]} == {"đã ít nhất 59 ngày"}


def test_nothing_to_decide_is_said_only_where_something_is_known() -> None:
    calm = list_decisions(report_of(declared=dict.fromkeys(CODES, TODAY)))
    assert (calm["lines"], calm["empty"]) == ([], NO_DECISIONS)
    nobody = list_decisions(report_of())
    assert nobody["lines"] == []
    assert nobody["empty"].startswith(
        "Chưa có dữ liệu. Trang tự hiện số liệu ngay khi tệp đầu tiên"
    )


def test_the_best_fix_stands_first_then_the_best_two() -> None:
    rows = [making.declaration(code, TODAY, scanner_available=0) for code in CODES[:3]]
    rows += [making.declaration(CODES[3], TODAY, scanner_available=0, network_stable=0)]
    words = tell_main_bottleneck(
        report_of(readings=pd.concat([*rows, making.declaration(CODES[4], TODAY)]))
    )
    first, second = words.split("; ")
    assert first == "nếu mua sắm đủ máy scan cho 4 đơn vị thì thêm 3 đơn vị đạt mức Xanh"
    assert second.endswith("thêm 4 đơn vị đạt mức Xanh")
    assert "đường truyền" in second


def test_where_all_are_green_or_nobody_reported_no_fix_is_named() -> None:
    assert (
        tell_main_bottleneck(report_of(declared=dict.fromkeys(CODES, TODAY)))
        == "mọi đơn vị đã đạt mức Xanh"
    )
    assert tell_main_bottleneck(report_of()) == "chưa có dữ liệu"
    assert (
        tell_main_bottleneck(report_of(declared={CODES[0]: TODAY - timedelta(days=300)}))
        == "số liệu đã cũ"
    )
    only = tell_main_bottleneck(report_of(declared=dict.fromkeys(CODES[:2], TODAY)))
    assert only.startswith("3 đơn vị chưa thấy thiếu điều kiện nào, chỉ chờ báo cáo")


def test_a_contradiction_names_its_criteria() -> None:
    day = TODAY - timedelta(days=2)
    visits = making.readings([(CODES[0], "scanner_available", 0, "verified", day)])
    report = report_of(declared=dict.fromkeys(CODES, TODAY), readings=visits)
    (line,) = list_decisions(report)["lines"]
    assert line["code"] == "contradicted"
    assert line["reason"].endswith("(máy scan)")


def _line_of_many(since: list[str]) -> dict[str, object]:
    """A signal of as many of Quảng Ngãi's communes as days are given, the first one worst."""
    names = reference.select_communes_of_province("51")["name"].to_dict()
    communes = tuple(names)[: len(since)]
    signal = Signal(
        "overdue_growing",
        3,
        communes,
        np.arange(100.0, 100 - len(since), -1),
        np.array(since, dtype="datetime64[D]"),
        {"before": np.full(len(since), 5.0)},
        np.datetime64("2026-09-24", "D"),
    )
    return list_signal_lines((signal,), names)[0]


def test_a_signal_of_a_third_of_the_province_names_what_all_have_in_common() -> None:
    line = _line_of_many(["2026-11-13"] * 20 + ["2026-11-18"] * 12)
    assert str(line["title"]).endswith("tại 32/96 đơn vị, tình trạng chung của tỉnh")
    reason = str(line["reason"])
    assert reason.startswith(
        "20 đơn vị cùng từ 13/11/2026, nên tìm một nguyên nhân chung; nặng nhất: "
    )
    assert reason.count("5 lên ") == 5
    assert reason.endswith(" và 27 đơn vị nữa")


def test_without_a_day_in_common_the_worst_five_are_named() -> None:
    days = [f"2026-11-{day:02d}" for day in range(1, 21)] + ["2026-09-24"] * 21
    line = _line_of_many(days)
    assert str(line["reason"]).startswith("không cùng một ngày, nên xem từng đơn vị; nặng nhất: ")


def test_a_signal_of_fewer_names_three_as_before() -> None:
    line = _line_of_many(["2026-11-13"] * 31)
    assert "cả tỉnh" not in str(line["title"])
    assert str(line["reason"]).endswith(" và 28 đơn vị nữa")
