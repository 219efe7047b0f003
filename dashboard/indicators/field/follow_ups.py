"""What became of each promise on a day: only what was read or found after it opens or closes it.

A promise names a measure of a commune and a target. Of all that was told of the measure after the
day of the promise one value decides on each day: the newest finding of a visit while it is in
force, else the newest of all. The first day on which the deciding value reaches the target keeps
the promise, the first later one below it opens it again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

import pandas as pd

EVIDENCE_COLUMNS = ["commune_code", "measure", "basis", "as_of", "value", "file_name"]


class FollowUpState(StrEnum):
    """In the order in which they are listed: who owes comes first."""

    OVERDUE = "overdue"
    REOPENED = "reopened"
    OPEN = "open"
    KEPT = "kept"
    WITHDRAWN = "withdrawn"


_ORDER = {state: place for place, state in enumerate(FollowUpState)}


@dataclass(frozen=True)
class Evidence:
    """A value that was told after a promise: by whom (declared|verified), of which day, in which
    file.
    """

    basis: str
    as_of: date
    value: float
    file_name: str


@dataclass(frozen=True)
class FollowUp:
    """A promise on a day. `since`: the day on which it came to its state; `evidence`: what keeps or
    opened it again, of an open one the newest value that does not reach the target (None: nothing
    was told since).
    """

    follow_up_id: str
    commune_code: str
    what: str
    measure: str
    target: float
    owner: str
    promised_on: date
    due_on: date
    state: FollowUpState
    since: date
    evidence: Evidence | None
    withdrawn_reason: str = ""

    @property
    def is_late(self) -> bool:
        """Whether it was kept after its day."""
        return self.state is FollowUpState.KEPT and self.since > self.due_on


class PromiseLog:
    """Promises (batch.FOLLOW_UP_COLUMNS) and what was told of their measures (EVIDENCE_COLUMNS;
    days datetime64). What became of them on the newest days asked for is kept: most files tell of
    none of both.
    """

    def __init__(self, follow_ups: pd.DataFrame, evidence: pd.DataFrame) -> None:
        self.follow_ups = follow_ups
        self.evidence = evidence
        # Not of the class: it would keep every log that there ever was.
        self.list_follow_ups = lru_cache(maxsize=4)(self._list_follow_ups)

    def _list_follow_ups(self, today: date, verified_days: int) -> tuple[FollowUp, ...]:
        """As `assess_follow_ups`."""
        return assess_follow_ups(self.follow_ups, self.evidence, today, verified_days)


def assess_follow_ups(
    follow_ups: pd.DataFrame, evidence: pd.DataFrame, today: date, verified_days: int
) -> tuple[FollowUp, ...]:
    """Every promise made until `today`, overdue ones first (the longest overdue before others).

    `follow_ups` as batch.FOLLOW_UP_COLUMNS, `evidence` as EVIDENCE_COLUMNS (days datetime64);
    `verified_days`: for so long a visit's finding wins over what is declared later.
    """
    evidence_by_key = _group_evidence(evidence)
    assessed = [
        _assess_promise(
            row, evidence_by_key.get((row.commune_code, row.measure), ()), today, verified_days
        )
        for row in follow_ups.itertuples()
        if row.promised_on.date() <= today
    ]
    return tuple(sorted(assessed, key=_sort_key))


def _group_evidence(evidence: pd.DataFrame) -> Mapping[tuple[str, str], Sequence[Evidence]]:
    """Per commune and measure what was told, by day; of one day the finding comes last."""
    grouped: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
    # Plain values at once: pandas takes ten times as long to unpack each cell.
    days = evidence["as_of"].to_numpy().astype("datetime64[D]").tolist()
    words = [
        evidence[name].astype(str).tolist()
        for name in ("commune_code", "measure", "basis", "file_name")
    ]
    for commune_code, measure, basis, file_name, day, value in zip(
        *words, days, evidence["value"].tolist(), strict=True
    ):
        grouped[commune_code, measure].append(Evidence(basis, day, value, file_name))
    for values in grouped.values():
        values.sort(key=lambda entry: (entry.as_of, entry.basis == "verified"))
    return grouped


def _assess_promise(
    row: pd.Series, told: Sequence[Evidence], today: date, verified_days: int
) -> FollowUp:
    promised_on = row.promised_on.date()
    due_on = row.due_on.date()
    until_withdrawn = None if pd.isna(row.withdrawn_on) else row.withdrawn_on.date()
    last = today if until_withdrawn is None else min(today, until_withdrawn)
    later = [entry for entry in told if promised_on < entry.as_of <= last]
    state = FollowUpState.OPEN
    since = promised_on
    evidence = None
    for day, entry in _list_deciding(later, last, verified_days):
        reaches = entry.value >= row.target
        if reaches and state is not FollowUpState.KEPT:
            state = FollowUpState.KEPT
            since = day
            evidence = entry
        elif not reaches and state is FollowUpState.KEPT:
            state = FollowUpState.REOPENED
            since = day
            evidence = entry
        elif not reaches and state is FollowUpState.OPEN:
            evidence = entry
    if state is FollowUpState.OPEN and last > due_on:
        state = FollowUpState.OVERDUE
        since = due_on + timedelta(days=1)
    if until_withdrawn is not None and until_withdrawn <= today:
        state = FollowUpState.WITHDRAWN
        since = until_withdrawn
    return FollowUp(
        row.follow_up_id,
        row.commune_code,
        row.what,
        row.measure,
        float(row.target),
        row.owner,
        promised_on,
        due_on,
        state,
        since,
        evidence,
        row.withdrawn_reason if state is FollowUpState.WITHDRAWN else "",
    )


def _list_deciding(
    told: Sequence[Evidence], last: date, verified_days: int
) -> list[tuple[date, Evidence]]:
    """The value that decides from each day on: a day on which something was told, or on which a
    finding is no longer in force.
    """
    days = {entry.as_of for entry in told}
    expiry = timedelta(days=verified_days + 1)
    days |= {entry.as_of + expiry for entry in told if entry.basis == "verified"}
    deciding: list[tuple[date, Evidence]] = []
    position = 0
    newest: Evidence | None = None
    finding: Evidence | None = None
    for day in sorted(day for day in days if day <= last):
        while position < len(told) and told[position].as_of <= day:
            newest = told[position]
            finding = newest if newest.basis == "verified" else finding
            position += 1
        in_force = finding is not None and (day - finding.as_of).days <= verified_days
        decides = finding if in_force else newest
        assert decides is not None, "a day of the list follows what was told"
        deciding.append((day, decides))
    return deciding[:1] + [later for earlier, later in pairwise(deciding) if later[1] != earlier[1]]


def _sort_key(follow_up: FollowUp) -> tuple[int, int, str, str]:
    """Overdue and open ones by their day, the others newest first."""
    done = follow_up.state in {FollowUpState.KEPT, FollowUpState.WITHDRAWN}
    day = -follow_up.since.toordinal() if done else follow_up.due_on.toordinal()
    return _ORDER[follow_up.state], day, follow_up.commune_code, follow_up.follow_up_id


def count_follow_up_states(follow_ups: Sequence[FollowUp]) -> dict[FollowUpState, int]:
    """How many promises are in each state."""
    return {
        state: sum(follow_up.state is state for follow_up in follow_ups) for state in FollowUpState
    }


def list_owing_offices(follow_ups: Sequence[FollowUp]) -> list[tuple[str, int]]:
    """The offices whose promises are overdue, most first, with how many each."""
    counts: dict[str, int] = {}
    for follow_up in follow_ups:
        if follow_up.state is FollowUpState.OVERDUE:
            counts[follow_up.owner] = counts.get(follow_up.owner, 0) + 1
    return sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
