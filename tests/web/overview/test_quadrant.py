"""Readiness × throughput: both axes as they are, corners by the rules, the rest counted."""

from __future__ import annotations

from datetime import date

import pandas as pd

from dashboard.web import theme
from dashboard.web.overview import quadrant
from dashboard.web.overview.quadrant import Quadrant
from tests import making
from tests.web.reporting import CODES, TODAY, report_of


def found(
    rates: dict[str, tuple[float, float]], changed: dict[str, dict[str, float]], last: date = TODAY
) -> Quadrant:
    """On time of received in November up to `last` per commune, and what each declares (nobody else
    does).
    """
    rows = [
        {
            "unit": code,
            "first": date(2026, 11, 1),
            "last": last,
            "received": total,
            "on_time_766": part,
        }
        for code, (part, total) in rates.items()
    ]
    declared = [making.declaration(code, TODAY, **changes) for code, changes in changed.items()]
    counts = making.dossiers(rows).assign(kind="dossier_report")
    return quadrant.compute_quadrant(report_of(readings=pd.concat(declared), counts=counts))


SLOW, COPING, PLAIN, FEW, SILENT = CODES
WHOLE = found(
    {SLOW: (60, 100), COPING: (99, 100), PLAIN: (90, 100), FEW: (5, 10), SILENT: (50, 100)},
    {SLOW: {}, COPING: {"network_stable": 0}, PLAIN: {"scanner_available": 0}, FEW: {}},
)


def test_the_two_corners_follow_the_rules_of_both_axes() -> None:
    assert WHOLE.slow.tolist() == [True, False, False, False, False]
    assert WHOLE.coping.tolist() == [False, True, False, False, False]


def test_who_is_not_known_on_both_axes_is_not_drawn_but_counted() -> None:
    drawn = [
        name
        for trace in quadrant.draw_quadrant(WHOLE, dark=False)["data"]
        for name, *_ in trace["customdata"]
    ]
    assert len(drawn) == 4
    assert WHOLE.names[4] not in drawn
    assert "1 đơn vị không vẽ được" in quadrant.describe_quadrant(WHOLE)


def test_few_dossiers_are_muted_and_in_no_corner() -> None:
    assert not WHOLE.slow[3]  # 50% of ten is green and slow, but says little
    marks = {
        row[0]: opacity
        for trace in quadrant.draw_quadrant(WHOLE, dark=False)["data"]
        for row, opacity in zip(trace["customdata"], trace["marker"]["opacity"], strict=True)
    }
    assert marks[WHOLE.names[3]] < 0.5 < marks[WHOLE.names[0]]
    assert quadrant.describe_quadrant_commune(WHOLE, 3)[-1] == "ít hồ sơ"


def test_words_name_definition_period_and_both_corners() -> None:
    words = quadrant.describe_quadrant(WHOLE)
    assert words.startswith("Đúng hạn theo Bộ chỉ số 766, 01/11–22/11/2026.")
    assert f"1 đơn vị mức Xanh nhưng hồ sơ chậm (dưới 80%): {WHOLE.names[0]} 60,0%" in words
    assert f"1 đơn vị mức Đỏ nhưng hồ sơ đúng hạn (từ 95%): {WHOLE.names[1]} 99,0%" in words


def test_old_figures_of_dossiers_are_called_old() -> None:
    old = found({SLOW: (60, 100)}, {SLOW: {}}, last=date(2026, 11, 1))
    assert quadrant.describe_quadrant(old).startswith(
        "Đúng hạn theo Bộ chỉ số 766, tháng 11/2026 đến 01/11; số liệu hồ sơ cũ. "
        "1 đơn vị mức Xanh nhưng hồ sơ chậm"
    )
    title = quadrant.draw_quadrant(old, dark=False)["layout"]["title"]["text"]
    assert title == (
        "1 đơn vị mức Xanh nhưng hồ sơ chậm, không đơn vị nào mức Đỏ nhưng hồ sơ đúng hạn; "
        "số liệu hồ sơ cũ"
    )
    narrow = quadrant.draw_quadrant(old, dark=False, narrow=True)["layout"]["title"]["text"]
    assert narrow == title.replace("chậm, ", "chậm,<br>"), "a phone has no room for one line of it"
    assert "cũ" not in quadrant.draw_quadrant(WHOLE, dark=False)["layout"]["title"]["text"]


def test_marks_carry_level_and_figures_and_stand_in_the_column_of_their_gaps() -> None:
    figure = quadrant.draw_quadrant(WHOLE, dark=False)
    by_name = {
        row[0]: (x, y, colour, row)
        for trace in figure["data"]
        for x, y, colour, row in zip(
            trace["x"], trace["y"], trace["marker"]["color"], trace["customdata"], strict=True
        )
    }
    x, y, colour, row = by_name[WHOLE.names[1]]
    assert abs(x - 3) <= 0.5  # one gap
    assert (y, colour) == (99.0, theme.pick_colour("red"))
    assert row[2:4] == ["thiếu 1 tiêu chí", "99/100 (99,0%)"]
    assert by_name[WHOLE.names[0]][0] > 3.7
    assert [note["text"] for note in figure["layout"]["annotations"]].count(WHOLE.names[0]) == 1


def test_without_both_axes_the_chart_says_so() -> None:
    nobody = quadrant.compute_quadrant(report_of(declared={CODES[0]: TODAY}))
    assert quadrant.draw_quadrant(nobody, dark=True)["data"] == []
    assert quadrant.describe_quadrant(nobody).endswith("chưa đơn vị nào có đủ hai.")


def test_the_corners_stand_out_and_names_are_of_them_alone() -> None:
    figure = quadrant.draw_quadrant(WHOLE, dark=False)
    size = {
        row[0]: (size, width)
        for trace in figure["data"]
        for row, size, width in zip(
            trace["customdata"],
            trace["marker"]["size"],
            trace["marker"]["line"]["width"],
            strict=True,
        )
    }
    slow, coping, plain, few = (size[WHOLE.names[number]] for number in range(4))
    assert slow == coping > plain > few
    written = {note["text"] for note in figure["layout"]["annotations"]}
    assert written & set(WHOLE.names) == {WHOLE.names[0], WHOLE.names[1]}
