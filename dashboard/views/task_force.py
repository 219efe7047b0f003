"""A task force's day: each weak commune as a card with its reasons in a line, what to check and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import isnan

import numpy as np

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.readiness import Judged
from dashboard.indicators.report import Report
from dashboard.views import explain, theme, told
from dashboard.views.weak import Weak, weak

NAMED = 3  # as many criteria as a line on a phone can name; the way to green has them all
NEVER_VISITED, NEVER_TOLD = "chưa kiểm tra lần nào", "Chưa báo cáo lần nào."


@dataclass(frozen=True)
class Card:
    """One commune to visit or to call; `rank` its place in the order of need, from 0."""

    weak: Weak
    rank: int
    reason: str
    checks: tuple[str, ...]
    missing: tuple[str, ...]
    visited: str

    @property
    def bare(self) -> bool:
        """Whether nothing at all is known of it: then its name says as much as a card."""
        return self.reason == NEVER_TOLD and self.visited == NEVER_VISITED


@dataclass(frozen=True)
class Day:
    """The communes to go to and those to call, most in need first; `unknown`: all of them are to call."""

    visits: tuple[Card, ...]
    calls: tuple[Card, ...]
    unknown: bool

    @property
    def title(self) -> str:
        """`39 xã cần đến: 15 đỏ, 24 vàng; 6 xã cần gọi điện`; who is green but in doubt is told as such."""
        of = {level: sum(card.weak.level == level for card in self.visits) for level in ("red", "yellow", "green")}
        words = {"red": "đỏ", "yellow": "vàng", "green": "xanh nhưng khác kiểm tra"}
        if self.unknown:
            return f"Chưa biết xã nào cần đến: {text.number(len(self.calls))} xã cần gọi điện"
        parts = [f"{text.number(count)} {words[level]}" for level, count in of.items() if count]
        go = f"{text.number(len(self.visits))} xã cần đến: {', '.join(parts)}" if parts else "Không xã nào cần đến"
        return go + (f"; {text.number(len(self.calls))} xã cần gọi điện" if self.calls else "")


def day(report: Report) -> Day:
    """Every card of a report's day."""
    found = {one.at: one for one in weak(report)}
    doubts = explain.contradictions(report.readiness, report.today)
    visits = tuple(
        _card(report, found[at], rank, _reason(report, at), doubts[at]) for rank, at in enumerate(report.need.visits)
    )
    calls = tuple(
        _card(report, found[at], rank, _silence(report, at), doubts[at]) for rank, at in enumerate(report.need.calls)
    )
    return Day(visits, calls, unknown=len(calls) == len(report.codes))


def _card(report: Report, one: Weak, rank: int, reason: str, doubt: str) -> Card:
    return Card(one, rank, reason, _checks(report, one.at, doubt), one.way, _visited(report, one.at))


def _reason(report: Report, at: int) -> str:
    """`▲ Đường truyền: không · ▲ Chữ ký số: 17/25 (68,0 %)`: what gives the commune its level, nothing milder."""
    own = report.readiness.overall[at, 0]
    if own == levels.GREEN:
        return "Đạt mọi tiêu chí, nhưng kiểm tra thấy khác kê khai."
    rule = report.readiness.rule
    short = {report.gaps.criteria[k].code for k in np.flatnonzero(report.gaps.lacks[:, at])}
    lacking = [judged for judged in report.readiness.judged if judged.criterion.code in short]
    if own == levels.RED:
        lacking = [one for one in lacking if one.level[at, 0] == levels.RED and rule.decides_red(one.criterion)]
    rest = len(lacking) - NAMED
    more = [f"và {text.number(rest)} điều nữa"] if rest > 0 else []
    return " · ".join([*(_short(one, at) for one in lacking[:NAMED]), *more])


def _short(judged: Judged, at: int) -> str:
    sign = theme.LEVELS[levels.NAMES[judged.level[at, 0]]].sign
    tick = " ✓" if judged.verified[at, 0] else ""
    return f"{sign} {judged.criterion.brief}: {explain.value_text(judged, at)}{tick}"


def _silence(report: Report, at: int) -> str:
    """Since when nobody knows."""
    age = report.need.told_age[at]
    if isnan(age):
        return NEVER_TOLD
    return f"Báo cáo gần nhất {text.day(report.today - timedelta(days=int(age)))}, {text.age(int(age))}."


def _checks(report: Report, at: int, doubt: str) -> tuple[str, ...]:
    """What to look at on the spot: what a visit found otherwise, what only a visit clears, what is old or unknown."""
    found = report.gaps
    again = np.flatnonzero(found.recheck[:, at] & found.lacks[:, at])
    lines = [doubt] if doubt else []
    if len(again):
        lines.append(f"Phúc tra: {', '.join(told.inside(found.criteria[k].brief) for k in again)}")
    own = report.readiness.overall[at, 0]
    if own < levels.STALE:  # of who is silent altogether the card says so already
        for level, words in ((levels.STALE, "Số liệu cũ"), (levels.UNKNOWN, "Chưa báo cáo")):
            names = [told.inside(one.criterion.brief) for one in report.readiness.judged if one.level[at, 0] == level]
            if names:
                lines.append(f"{words}: {', '.join(names)}")
    return tuple(lines)


def _visited(report: Report, at: int) -> str:
    age = report.need.visit_age[at]
    if isnan(age):
        return NEVER_VISITED
    return f"kiểm tra {text.day(report.today - timedelta(days=int(age)))}, {text.age(int(age))}"
