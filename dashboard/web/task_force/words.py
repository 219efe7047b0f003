"""A task force's day: each weak commune as a card with its reasons in a line, what to check and
what is missing; and the list of weak communes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from math import isnan

import numpy as np
import pandas as pd

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.field.follow_ups import FollowUpState
from dashboard.indicators.field.weak_list import ListedSpan, WeakList
from dashboard.indicators.report import Report
from dashboard.web import theme
from dashboard.web.words import explain
from dashboard.web.words.commune_panel import tell_lack_age
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

MONTHS_SHOWN = 6
_RULE_LEAVES = "khi kê khai hoặc kiểm tra mới cho mức Vàng, Xanh"
_DECISION_LEAVES = "khi điều phối của tỉnh đưa ra"


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
    lacks: str
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
        visits_words = "Không đơn vị nào cần kiểm tra, hỗ trợ"
        if parts:
            visits_words = (
                f"{text.format_number(len(self.visits))} đơn vị cần kiểm tra, hỗ trợ: "
                + ", ".join(parts)
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
        _tell_lacks(report, commune.position),
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


def _tell_lacks(report: Report, position: int) -> str:
    """Since when each criterion is not met: `Thiếu đường truyền: từ 08/10/2026, 45 ngày; …`."""
    lacks = [
        f"{text.lower_first_letter(judged.criterion.short_name)}: {age}"
        for judged in report.readiness.assessment.assessments
        if (age := tell_lack_age(report, position, judged.criterion.code))
    ]
    return f"Thiếu {'; '.join(lacks)}" if lacks else ""


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


# The list of weak communes: since when, by what, what was done, who left and why.


@dataclass(frozen=True)
class ListedCommune:
    """One stay on the list in words; `code` and `name` of its commune."""

    code: str
    name: str
    span: ListedSpan
    since: str
    basis: str
    reason: str
    done: str
    leaves: str


def describe_listed(
    report: Report, weak_list: WeakList, team_days: pd.DataFrame
) -> tuple[ListedCommune, ...]:
    """Who is on the list, most in need first."""
    place = {position: rank for rank, position in enumerate(report.readiness.visit_priority.order)}
    planned = list_planned_days(team_days, report.today)
    spans = sorted(weak_list.listed, key=lambda span: (place[span.position], span.basis))
    return tuple(_describe_span(report, span, planned) for span in spans)


def describe_ended(report: Report, weak_list: WeakList) -> tuple[ListedCommune, ...]:
    """Who left the list, the newest first."""
    return tuple(_describe_span(report, span, {}) for span in weak_list.ended)


def list_planned_days(team_days: pd.DataFrame, today: date) -> dict[str, tuple[date, str]]:
    """Commune to the next day from `today` on which a team goes there, and the team's name."""
    planned: dict[str, tuple[date, str]] = {}
    coming = team_days[
        (team_days["state"] == "planned") & (team_days["goes_on"] >= pd.Timestamp(today))
    ].sort_values("goes_on", kind="stable")
    for row in coming.to_dict("records"):
        for code in str(row["communes"] or "").split():
            planned.setdefault(code, (row["goes_on"].date(), str(row["team"] or "")))
    return planned


def list_teams_by_commune(teams: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Commune to the ids of the teams that look after it."""
    teams_of: dict[str, tuple[str, ...]] = {}
    for row in teams.to_dict("records"):
        for code in str(row["communes"] or "").split():
            teams_of[code] = (*teams_of.get(code, ()), str(row["team_id"]))
    return teams_of


def tell_list_title(listed: Collection[ListedCommune]) -> str:
    """`17 đơn vị trong danh sách yếu: 16 theo mức Đỏ, 1 theo quyết định`."""
    if not listed:
        return "Không đơn vị nào trong danh sách yếu"
    codes = {commune.code for commune in listed}
    by_rule = {commune.code for commune in listed if commune.span.basis == "rule"}
    counts = [
        (len(by_rule), "theo mức Đỏ"),
        (len(codes - by_rule), "theo quyết định"),
    ]
    parts = [f"{text.format_number(count)} {words}" for count, words in counts if count]
    return f"{text.format_number(len(codes))} đơn vị trong danh sách yếu: {', '.join(parts)}"


def list_month_rows(weak_list: WeakList) -> list[tuple[str, int, int, int]]:
    """Month, how many came, left, stood on it at its end; the newest first."""
    return [
        (f"{moves.month:%m/%Y}", moves.entered, moves.left, moves.listed)
        for moves in weak_list.months[::-1]
    ]


def _describe_span(
    report: Report, span: ListedSpan, planned: Mapping[str, tuple[date, str]]
) -> ListedCommune:
    code = report.codes[span.position]
    ended = span.left_on is not None
    by_rule = span.basis == "rule"
    reason = span.reason
    if by_rule:
        reason = "mức Đỏ" if ended else tell_need_reason(report, span.position)
    days = ((span.left_on or report.today) - span.listed_on).days
    office = f" của {span.office}" if span.office and not by_rule else ""
    return ListedCommune(
        code,
        report.communes["name"][code],
        span,
        f"{text.format_day(span.listed_on)}, {text.format_number(days)} ngày",
        "theo mức Đỏ" if by_rule else f"quyết định{office}",
        reason or "không ghi lý do",
        _tell_done(report, span, planned.get(code)),
        _tell_leaving(span),
    )


def _tell_done(report: Report, span: ListedSpan, planned: tuple[date, str] | None) -> str:
    """Visits since it is on the list, what is promised to it, who goes there next."""
    parts = []
    if span.visits:
        count = text.format_number(len(span.visits))
        parts.append(f"{count} lượt kiểm tra, mới nhất {text.format_day(span.visits[-1])}")
    else:
        parts.append("chưa kiểm tra từ khi vào danh sách")
    if span.left_on is None and (promised := _tell_promises(report, span)):
        parts.append(promised)
    if planned:
        day, team = planned
        parts.append(f"{team or 'tổ công tác'} đến ngày {text.format_day(day)}")
    return "; ".join(parts)


def _tell_promises(report: Report, span: ListedSpan) -> str:
    """`3 việc hứa chưa xong, 1 quá hạn; đã thực hiện 2`, of promises to the commune; "" where there
    are none.
    """
    code = report.codes[span.position]
    states = [entry.state for entry in report.field.follow_ups if entry.commune_code == code]
    overdue = states.count(FollowUpState.OVERDUE)
    owed = overdue + states.count(FollowUpState.OPEN) + states.count(FollowUpState.REOPENED)
    parts = []
    if owed:
        late = f", {text.format_number(overdue)} quá hạn" if overdue else ""
        parts.append(f"{text.format_number(owed)} việc hứa chưa xong{late}")
    if kept := states.count(FollowUpState.KEPT):
        parts.append(f"{text.format_number(kept)} việc hứa đã thực hiện")
    return "; ".join(parts)


def _tell_leaving(span: ListedSpan) -> str:
    if span.left_on is None:
        return _RULE_LEAVES if span.basis == "rule" else _DECISION_LEAVES
    day = text.format_day(span.left_on)
    if span.left_by == "decision":
        office = f" của {span.office}" if span.office else ""
        return f"{day}, quyết định{office}: {span.left_reason or 'không ghi lý do'}"
    evidence = "kết quả kiểm tra" if span.left_by == "visit" else "số tự kê khai"
    return f"{day}, {evidence} cho mức {theme.LEVELS[span.left_level].word}"
