"""What changed in one commune since an earlier day, and why: the whole first, then its criteria, a line a cause."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import numpy as np

from dashboard import text
from dashboard.indicators.changes import NONE, Changes
from dashboard.indicators.criteria import FIRST_DAY, Criterion
from dashboard.views.one_commune import WORDS, One, short_value
from dashboard.views.told import cause, inside

NAMED = 5


def changes(one: One, found: Changes, days: int) -> dict[str, Any]:
    """What differs from so many days ago: the overall level and why, then the criteria, a line a cause."""
    at = one.at
    names = {judged.criterion.code: judged.criterion for judged in one.report.readiness.judged}
    moves: dict[int, dict[str, list[str]]] = {}
    for place in np.flatnonzero(found.cause[:, at] != NONE).tolist():
        criterion = names.get(found.criteria[place])
        if criterion is None:
            continue  # no longer in force: the rule's change is told by the overall level
        move = f"{_level_word(found.before[place, at])} → {_level_word(found.now[place, at])}"
        figures = _figures(criterion, found.value_before[place, at], found.value_now[place, at])
        line = inside(criterion.brief) + (f" ({figures})" if figures else "")
        moves.setdefault(int(found.cause[place, at]), {}).setdefault(move, []).append(line)
    before, now = found.overall_before[at], found.overall_now[at]
    overall = f"vẫn {_level_word(now)}"
    if before != now:
        overall = f"{_level_word(before)} → {_level_word(now)}, vì {cause(found.overall_cause[at])}"
    since = one.report.today - timedelta(days=days)
    compared = since >= FIRST_DAY  # before it no rule was in force: there is nothing to compare with
    return {
        "title": f"{days} ngày qua (từ {text.day(since)})",
        "overall": overall if compared else "chưa đủ kỳ",
        "compared": compared,
        "lines": [_line(cause(of), moved) for of, moved in sorted(moves.items())] if compared else [],
    }


def _line(cause: str, moves: Mapping[str, Sequence[str]]) -> str:
    """`Kê khai mới: Vàng → Đỏ tốc độ mạng (28,6 → 11,2 Mbps); Chưa báo cáo → Xanh 13 tiêu chí.`"""
    told = "; ".join(f"{move} {_named(criteria)}" for move, criteria in moves.items())
    return f"{cause[:1].upper()}{cause[1:]}: {told}."


def _named(criteria: Sequence[str]) -> str:
    """As many names as a line can hold and still be read, else how many they are."""
    return ", ".join(criteria) if len(criteria) <= NAMED else f"{text.number(len(criteria))} tiêu chí"


def _level_word(code: int) -> str:
    """A level's word; a criterion that was not in force had none."""
    return WORDS[code] if code >= 0 else "chưa áp dụng"


def _figures(criterion: Criterion, before: float, now: float) -> str:
    """`85 → 12 Mbps`; "" where the value is the same or a yes/no whose level says it all."""
    if criterion.kind == "flag" or math.isnan(before) or math.isnan(now) or before == now:
        return ""
    return f"{short_value(criterion, before)} → {short_value(criterion, now)}"
