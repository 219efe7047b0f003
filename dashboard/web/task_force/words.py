"""A task force's day: each weak commune as a card with its reasons in a line, what to check and
what is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

import numpy as np

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.report import Report
from dashboard.web import theme
from dashboard.web.words import explain
from dashboard.web.words.follow_ups import select_overdue, tell_overdue_of_commune
from dashboard.web.words.need import (
    NEVER_REPORTED,
    tell_day_and_age,
    tell_need_begin,
    tell_need_reason,
)
from dashboard.web.words.support_requests import tell_open_requests
from dashboard.web.words.weak import WeakCommune, list_weak_communes

NEVER_VISITED = "chưa kiểm tra lần nào"


@dataclass(frozen=True)
class TaskForceCard:
    """One commune to visit or to call; `rank` its place in the order of need, from 0; `begin`:
    since when it is red or yellow.
    """

    weak: WeakCommune
    rank: int
    reason: str
    checks: tuple[str, ...]
    missing: tuple[str, ...]
    visited: str
    begin: str = ""
    promised: str = ""
    asked: str = ""

    @property
    def bare(self) -> bool:
        """Whether nothing at all is known of it: then its name says as much as a card."""
        return self.reason == NEVER_REPORTED and self.visited == NEVER_VISITED


@dataclass(frozen=True)
class TaskForceDay:
    """The communes to go to and those to call, most in need first; `unknown`: all of them are to
    call; none of them is listed where nothing was ever told of any: a list of the whole province
    is no plan.
    """

    visits: tuple[TaskForceCard, ...]
    calls: tuple[TaskForceCard, ...]
    unknown: bool

    @property
    def without_reports(self) -> bool:
        """Whether nothing was ever told of any commune, by itself or by a visit."""
        return self.unknown and not self.calls

    @property
    def title(self) -> str:
        """`39 đơn vị cần kiểm tra, hỗ trợ: 15 mức Đỏ, 24 mức Vàng; 6 đơn vị cần liên hệ`; who is
        green but in doubt is told as such.
        """
        counts_of_levels = {
            level: sum(card.weak.level == level for card in self.visits)
            for level in ("red", "yellow", "green")
        }
        words = {"red": "mức Đỏ", "yellow": "mức Vàng", "green": "mức Xanh nhưng khác kiểm tra"}
        calls_words = f"{text.format_number(len(self.calls))} đơn vị cần liên hệ"
        if self.without_reports:
            return "Chưa biết đơn vị nào cần kiểm tra, hỗ trợ: chưa đơn vị nào báo cáo"
        if self.unknown:
            return f"Chưa biết đơn vị nào cần kiểm tra, hỗ trợ: {calls_words}"
        parts = [
            f"{text.format_number(count)} {words[level]}"
            for level, count in counts_of_levels.items()
            if count
        ]
        visits_words = (
            f"{text.format_number(len(self.visits))} đơn vị cần kiểm tra, hỗ trợ: "
            + ", ".join(parts)
            if parts
            else "Không đơn vị nào cần kiểm tra, hỗ trợ"
        )
        return f"{visits_words}; {calls_words}" if self.calls else visits_words


def plan_task_force_day(report: Report) -> TaskForceDay:
    """Every card of a report's day."""
    weak_communes = {commune.position: commune for commune in list_weak_communes(report)}
    contradictions = explain.explain_contradictions(report.readiness.assessment, report.today)
    visits = tuple(
        _make_card(
            report,
            weak_communes[position],
            rank,
            tell_need_reason(report, position),
            contradictions[position],
        )
        for rank, position in enumerate(report.readiness.visit_priority.visits)
    )
    calls = tuple(
        _make_card(
            report,
            weak_communes[position],
            rank,
            tell_need_reason(report, position),
            contradictions[position],
        )
        for rank, position in enumerate(report.readiness.visit_priority.calls)
    )
    is_unknown = len(calls) == len(report.codes)
    if is_unknown and all(card.bare for card in calls):
        return TaskForceDay((), (), unknown=True)
    return TaskForceDay(visits, calls, unknown=is_unknown)


def _make_card(
    report: Report, commune: WeakCommune, rank: int, reason: str, contradiction: str
) -> TaskForceCard:
    return TaskForceCard(
        commune,
        rank,
        reason,
        _list_checks(report, commune.position, contradiction),
        commune.way,
        _last_visit_words(report, commune.position),
        tell_need_begin(report, commune.position),
        tell_overdue_of_commune(select_overdue(report.field.follow_ups, {commune.code})),
        tell_open_requests(report.field.support_requests, commune.code),
    )


def _list_checks(report: Report, position: int, contradiction: str) -> tuple[str, ...]:
    """What to look at on the spot: what a visit found otherwise, what only a visit clears, what is
    old or unknown.
    """
    gaps = report.readiness.gaps
    rows_to_recheck = np.flatnonzero(gaps.recheck[:, position] & gaps.lacks[:, position])
    lines = [contradiction] if contradiction else []
    if len(rows_to_recheck):
        names = [text.lower_first_letter(gaps.criteria[row].short_name) for row in rows_to_recheck]
        lines.append(f"Phúc tra: {', '.join(names)}")
    overall_level = report.readiness.assessment.overall[position, 0]
    if overall_level < levels.STALE:  # of who is silent altogether the card says so already
        for level, words in ((levels.STALE, "Số liệu cũ"), (levels.UNKNOWN, "Chưa báo cáo")):
            names = [
                text.lower_first_letter(judged.criterion.short_name)
                for judged in report.readiness.assessment.assessments
                if judged.level[position, 0] == level
            ]
            if names:
                lines.append(f"{words}: {', '.join(names)}")
    return tuple(lines)


def _last_visit_words(report: Report, position: int) -> str:
    age = report.readiness.visit_priority.visit_age[position]
    if isnan(age):
        return NEVER_VISITED
    before, after = (
        int(level[position])
        for level in (report.readiness.visit_effect.before, report.readiness.visit_effect.after)
    )
    words = [theme.LEVELS[levels.LEVEL_NAMES[level]].word.lower() for level in (before, after)]
    effect = f"vẫn {words[1]}" if before == after else f"{words[0]} thành {words[1]}"
    return f"kiểm tra {tell_day_and_age(report, age)}: {effect}"
