"""Readiness × throughput, two axes and never one score (DOMAIN.md §2): who is where, in words and as a table's rows.

The two corners that matter are named: green but slow, weak but coping. Which corner a commune is in is said by the two
rules that give levels. quadrant_chart draws it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard import text
from dashboard.indicators import levels, rates
from dashboard.indicators.levels import Flags, Numbers
from dashboard.indicators.report import Report
from dashboard.views import theme
from dashboard.views.headline import is_old, period_name

NAMED = 3  # communes that are named of each corner
HEAD = ("Xã, phường, đặc khu", "Mức", "Thiếu", "Đúng hạn (chỉ số 766)", "Nhận xét")


@dataclass(frozen=True, eq=False)
class Quadrant:
    """What the chart shows; arrays follow the report's codes. `shown`: both axes are known."""

    report: Report
    level: levels.Levels
    gaps: Numbers
    on_time: Numbers
    whole: Numbers
    shown: Flags
    enough: Flags
    slow: Flags
    coping: Flags

    @property
    def names(self) -> list[str]:
        """In the order of the codes."""
        return [str(name) for name in self.report.communes["name"]]

    @property
    def age(self) -> str:
        """What words add where the figures of dossiers grew old."""
        answer = self.report.dossiers.answer
        return "; số liệu hồ sơ cũ" if answer is not None and is_old(answer, self.report.today) else ""


def quadrant(report: Report) -> Quadrant:
    """Both axes of every commune, and who is in which corner."""
    level, rated = report.readiness.overall[:, 0], report.dossiers.rates["on_time_766"]
    timely = report.dossiers.on_time_levels
    shown = (level <= levels.GREEN) & (rated.state == rates.KNOWN)
    return Quadrant(
        report,
        level,
        report.gaps.lacks.sum(axis=0).astype(np.float64),
        rated.value,
        rated.whole,
        shown,
        timely <= levels.GREEN,
        (level == levels.GREEN) & (timely == levels.RED),
        (level == levels.RED) & (timely == levels.GREEN),
    )


def said(found: Quadrant) -> str:
    """The chart in words: both corners with their worst and best, and who is not in it."""
    report = found.report
    if not found.shown.any() or report.dossiers.period is None:
        return "Cần cả mức sẵn sàng còn hạn và hồ sơ tiếp nhận trong kỳ; chưa xã nào có đủ hai."
    rule = report.dossiers.rule
    slow = f"xanh mà chậm (dưới {text.percent(rule.on_time_red_below, 0)})"
    coping = f"đỏ mà vẫn kịp (từ {text.percent(rule.on_time_green_from, 0)})"
    parts = [_corner(found, slow, found.slow, 1), _corner(found, coping, found.coping, -1)]
    absent, few = int((~found.shown).sum()), int((found.shown & ~found.enough).sum())
    if absent:
        parts.append(f"{text.number(absent)} xã không vẽ được vì chưa báo cáo, số liệu cũ hoặc không phát sinh hồ sơ")
    if few:
        parts.append(f"{text.number(few)} xã dưới {rule.minimum_received} hồ sơ vẽ mờ, không xếp góc")
    return f"Đúng hạn theo chỉ số 766, {period_name(report.dossiers.period)}{found.age}. " + "; ".join(parts) + "."


def _corner(found: Quadrant, words: str, which: Flags, way: int) -> str:
    places = outermost(found, which, way)
    rest = int(which.sum()) - len(places)
    listed = ", ".join(f"{found.names[at]} {text.percent(found.on_time[at])}" for at in places)
    more = f" và {text.number(rest)} xã nữa" if rest > 0 else ""
    count = int(which.sum())
    return f"{text.number(count)} xã {words}" + (f": {listed}{more}" if count else "")


def outermost(found: Quadrant, which: Flags, way: int) -> list[int]:
    """The places of the corner's lowest (`way` 1) or highest (-1) shares."""
    places = np.flatnonzero(which)
    return [int(at) for at in places[np.argsort(way * found.on_time[places], kind="stable")][:NAMED]]


def row(found: Quadrant, at: int) -> list[str]:
    """One commune in the words of HEAD; also what stands beside the pointer."""
    gaps, unsure = int(found.gaps[at]), bool(found.report.gaps.silent[:, at].any())
    lacking = f"thiếu {'ít nhất ' if unsure else ''}{gaps} tiêu chí" if gaps else "đủ tiêu chí"
    share = text.share(round(found.on_time[at] * found.whole[at]), of=int(found.whole[at]))
    remark = "xanh mà chậm" if found.slow[at] else "đỏ mà vẫn kịp" if found.coping[at] else ""
    few = "" if found.enough[at] else "ít hồ sơ"
    return [found.names[at], theme.LEVELS[levels.NAMES[found.level[at]]].word, lacking, share, remark or few]
