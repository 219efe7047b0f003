"""Small trends: gaps stay gaps, states are fields with their words, nothing of a name becomes
markup.
"""

from __future__ import annotations

import re

import numpy as np

from dashboard.indicators import levels
from dashboard.web.charts import sparkline


def test_an_unknown_week_is_a_gap_and_today_unknown_has_no_dot() -> None:
    drawn = sparkline.draw_sparkline(np.array([1, 2, np.nan, 3, np.nan]), "tốc độ")
    path = re.findall(r'd="([^"]*)"', drawn)[0]
    assert path.count("M") == 2
    assert "<circle" not in drawn
    assert "<circle" in sparkline.draw_sparkline(np.array([np.nan, 2.0]), "tốc độ")


def test_nothing_known_draws_nothing_and_says_so() -> None:
    drawn = sparkline.draw_sparkline(
        np.array([np.nan, np.nan]), "tốc độ: chưa có dữ liệu", limit=50
    )
    assert "<path" not in drawn
    assert 'aria-label="tốc độ: chưa có dữ liệu"' in drawn


def test_a_threshold_is_drawn_within_the_picture() -> None:
    drawn = sparkline.draw_sparkline(np.array([10.0, 12.0]), "tốc độ", limit=50)
    height = float(re.findall(r'y1="([^"]*)"', drawn)[0])
    assert 0 < height < sparkline.SPARKLINE_HEIGHT / 2, "above both values"


def test_states_stand_side_by_side_and_fill_the_strip() -> None:
    level = np.array([levels.GREEN, levels.GREEN, levels.RED, levels.UNKNOWN], dtype=np.int8)
    drawn = sparkline.draw_level_strip(level, "mức")
    assert re.findall(r'data-state="(\w+)"', drawn) == ["green", "red", "unknown"]
    widths = [float(width) for width in re.findall(r'<rect [^>]*width="([^"]*)"', drawn)]
    assert sum(widths) == sparkline.SPARKLINE_WIDTH
    assert widths == [52, 26, 26]


def test_a_strip_is_read_aloud_as_what_it_shows() -> None:
    level = np.array([levels.YELLOW, levels.YELLOW, levels.GREEN], dtype=np.int8)
    names = {levels.YELLOW: "Vàng", levels.GREEN: "Xanh"}
    words = sparkline.tell_level_runs(level, ["01/10/2026", "08/10/2026", "15/10/2026"], names)
    assert words == "Vàng từ 01/10/2026, Xanh từ 15/10/2026"


def test_words_are_escaped() -> None:
    assert "<b>" not in sparkline.draw_sparkline(np.array([1.0]), '"<b>')
