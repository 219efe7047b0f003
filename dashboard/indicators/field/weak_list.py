"""The list of weak communes as a list with a life: who came on it when and why, who left by what.

by rule      a commune comes on the list on the first day on which its level is Red. It leaves on
             the first later day on which it is Yellow or Green and something was told of it that
             day, by itself or by a visit: neither silence nor a finding that grew too old is
             evidence. A coordinator may take it off with a reason; it comes back when its level
             turns Red anew.
by decision  a coordinator puts it on and takes it off, with reasons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.indicators.levels import GREEN, LEVEL_NAMES, RED, YELLOW, Flags, Levels
from dashboard.indicators.readiness.history import CONDITIONS, History
from dashboard.measures import BASES

Basis = Literal["rule", "decision"]
# By what a commune left: a visit's finding, its own word, a coordinator's decision.
LeftBy = Literal["", "visit", "declaration", "decision"]


@dataclass(frozen=True)
class ListedSpan:
    """One stay of a commune on the list; `position` its place in the order of the codes.

    `entry_id` of a decision ("" where the rule alone speaks), `left_on` None while it is on the
    list; `left_level` the level that it left with by the rule; `visits` the days of visits from
    `listed_on` to `left_on`, oldest first.
    """

    position: int
    basis: Basis
    listed_on: date
    reason: str = ""
    office: str = ""
    entry_id: str = ""
    left_on: date | None = None
    left_by: LeftBy = ""
    left_level: str = ""
    left_reason: str = ""
    visits: tuple[date, ...] = ()


@dataclass(frozen=True)
class MonthMoves:
    """How many communes came on the list and left it within a month, and stood on it at its end
    (of the present month: now). A commune on it twice at once is one.
    """

    month: date
    entered: int
    left: int
    listed: int


@dataclass(frozen=True)
class WeakList:
    """All stays up to a day: those that last, in the order of the communes, those that ended, the
    newest first; `months` from the first to the present one.
    """

    listed: tuple[ListedSpan, ...]
    ended: tuple[ListedSpan, ...]
    months: tuple[MonthMoves, ...]


def build_weak_list(
    history: History, overall: Levels, days: Sequence[date], entries: pd.DataFrame
) -> WeakList:
    """`overall`: levels of communes x days, `days` consecutive, the last one today; `entries`
    (batch.WEAK_ENTRY_COLUMNS, days as datetime64): newest states, of days after today nothing.
    """
    today = days[-1]
    told = {basis: flag_told_days(history, basis, days) for basis in BASES}
    evidence = np.logical_or.reduce(list(told.values()))
    spans = _list_rule_spans(overall, evidence, told["verified"], days)
    for entry in _list_decisions(entries, history.codes, today):
        if entry.basis == "decision":
            spans.append(entry)
        else:
            spans = [_end_by_decision(span, entry) for span in spans]
    spans = [
        replace(span, visits=_list_visit_days(told["verified"][span.position], span, days))
        for span in spans
    ]
    spans.sort(key=lambda span: (span.position, span.listed_on, span.basis))
    ended = sorted(
        (span for span in spans if span.left_on is not None),
        key=lambda span: (span.left_on or today, -span.position),
        reverse=True,
    )
    listed = tuple(span for span in spans if span.left_on is None)
    return WeakList(listed, tuple(ended), _count_moves(spans, len(history.codes), days))


def flag_told_days(history: History, basis: str, days: Sequence[date]) -> Flags:
    """Whether anything of a commune's conditions was told on a day, communes x days."""
    told = np.zeros((len(history.codes), len(days)), dtype=np.bool_)
    first = np.datetime64(days[0])
    for measure in CONDITIONS:
        commune, day, _values = history.readings(measure, basis)
        column = (day - first).astype(np.int64)
        within = (column >= 0) & (column < len(days))
        told[commune[within], column[within]] = True
    return told


def _list_rule_spans(
    overall: Levels, evidence: Flags, visited: Flags, days: Sequence[date]
) -> list[ListedSpan]:
    """The stays by the rule: runs from Red to the next better level that somebody told."""
    enters = overall == RED
    leaves = ((overall == YELLOW) | (overall == GREEN)) & evidence
    spans = []
    for position in np.flatnonzero(enters.any(axis=1)):
        marked = np.flatnonzero(enters[position] | leaves[position])
        red = enters[position, marked]
        # the first red one after each better one, and the first better one after each red one
        turns = np.flatnonzero(np.diff(red, prepend=False))
        columns = marked[turns]
        for number in range(0, len(columns), 2):
            span = ListedSpan(int(position), "rule", days[columns[number]])
            if number + 1 < len(columns):
                end = columns[number + 1]
                span = replace(
                    span,
                    left_on=days[end],
                    left_by="visit" if visited[position, end] else "declaration",
                    left_level=LEVEL_NAMES[overall[position, end]],
                )
            spans.append(span)
    return spans


def _list_decisions(entries: pd.DataFrame, codes: Sequence[str], today: date) -> list[ListedSpan]:
    position_of = {code: position for position, code in enumerate(codes)}
    spans = []
    for row in entries.astype(object).where(entries.notna(), None).to_dict("records"):
        listed_on = _convert_day(row["listed_on"])
        if row["commune_code"] not in position_of or listed_on is None or listed_on > today:
            continue
        left_on = _convert_day(row["left_on"])
        has_left = left_on is not None and left_on <= today
        spans.append(
            ListedSpan(
                position_of[row["commune_code"]],
                "rule" if row["basis"] == "rule" else "decision",
                listed_on,
                row["reason"] or "",
                row["office"] or "",
                row["entry_id"],
                left_on if has_left else None,
                "decision" if has_left else "",
                left_reason=(row["left_reason"] or "") if has_left else "",
            )
        )
    return spans


def _convert_day(written: object) -> date | None:
    return None if written is None else pd.Timestamp(written).date()  # type: ignore[arg-type]


def _end_by_decision(span: ListedSpan, entry: ListedSpan) -> ListedSpan:
    """The stay by the rule that a coordinator ended; any other one as it is."""
    covers = (
        entry.left_on is not None
        and span.basis == "rule"
        and span.position == entry.position
        and span.listed_on <= entry.left_on
        and (span.left_on is None or entry.left_on < span.left_on)
    )
    if not covers:
        return span
    return replace(
        span,
        entry_id=entry.entry_id,
        office=entry.office,
        left_on=entry.left_on,
        left_by="decision",
        left_level="",
        left_reason=entry.left_reason,
    )


def _list_visit_days(visited: Flags, span: ListedSpan, days: Sequence[date]) -> tuple[date, ...]:
    last = span.left_on or days[-1]
    return tuple(
        days[column]
        for column in np.flatnonzero(visited).tolist()
        if span.listed_on <= days[column] <= last
    )


def _count_moves(
    spans: Sequence[ListedSpan], size: int, days: Sequence[date]
) -> tuple[MonthMoves, ...]:
    """Every stay as days of its commune: the day of leaving is none of them any more."""
    on_list = np.zeros((size, len(days) + 1), dtype=np.bool_)  # the eve of the first day before
    for span in spans:
        begin = max(0, (span.listed_on - days[0]).days)
        end = len(days) if span.left_on is None else max(0, (span.left_on - days[0]).days)
        on_list[span.position, begin + 1 : end + 1] = True
    step = np.diff(on_list.astype(np.int8), axis=1)
    months: dict[date, list[int]] = {}
    entered: npt.NDArray[np.int64] = (step == 1).sum(axis=0)
    left: npt.NDArray[np.int64] = (step == -1).sum(axis=0)
    for column, day in enumerate(days):
        moves = months.setdefault(day.replace(day=1), [0, 0, 0])
        moves[0] += int(entered[column])
        moves[1] += int(left[column])
        moves[2] = int(on_list[:, column + 1].sum())
    return tuple(MonthMoves(month, *moves) for month, moves in months.items())
