"""Criteria and rules as data: what is counted, from which threshold, since when, whose it is and
why.

The file behind them is read by `criteria_file`, which checks every field by the type that stands
here; a field's `description` is what a message says it must be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated, Literal, Protocol, TypeVar

from pydantic import ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr

from dashboard.messages import write_message
from dashboard.reference import FIRST_DAY

DIMENSIONS = ("network", "digital_signature", "devices", "supporting")
# Strict: a text that looks like a number is no number.
Text = Annotated[StrictStr, Field(min_length=1, description=write_message("chữ, không để trống"))]
Flag = Annotated[StrictBool, Field(description=write_message("true hoặc false"))]
Count = Annotated[StrictInt, Field(ge=0, description=write_message("số nguyên không âm"))]
# TOML knows nan and inf; a threshold that is neither reached nor missed judges nothing. Whole
# numbers stay whole: they are shown as they were written.
Threshold = Annotated[
    StrictInt | Annotated[StrictFloat, Field(allow_inf_nan=False)],
    Field(description=write_message("số")),
]
Day = Annotated[date, Field(strict=True, description=write_message("ngày dạng 2025-07-01"))]
LastDay = Annotated[
    Annotated[date, Field(strict=True)] | None,
    Field(description=write_message("ngày dạng 2025-07-01")),
]
CommuneCodes = Annotated[
    tuple[Annotated[StrictStr, Field(min_length=5, max_length=5)], ...],
    Field(
        min_length=1, description=write_message('các mã xã năm chữ số, ví dụ ["21025", "21028"]')
    ),
]
Kind = Annotated[
    Literal["flag", "number", "ratio"],
    Field(description=write_message("flag hoặc number hoặc ratio")),
]
# What closes a gap: devices bought, signatures issued, a line repaired, staff appointed, things
# arranged (a meeting link, security, published procedures).
Fix = Annotated[
    Literal["buy", "issue", "repair", "appoint", "arrange"],
    Field(description=write_message("buy hoặc issue hoặc repair hoặc appoint hoặc arrange")),
]
FIXES: tuple[Fix, ...] = ("repair", "issue", "buy", "appoint", "arrange")
RedWhen = Annotated[
    Literal["essential", "any"], Field(description=write_message("essential hoặc any"))
]
GreenWhen = Annotated[
    Literal["all", "essential"], Field(description=write_message("all hoặc essential"))
]
FORBID_EXTRA = ConfigDict(extra="forbid")


@dataclass(frozen=True)
class Criterion:
    """One condition. A ratio is part ÷ whole; thresholds in the unit of the value (ratios 0
    to 1).
    """

    __pydantic_config__ = FORBID_EXTRA

    code: Text
    name: Text
    name_en: Text
    dimension: Text
    kind: Kind
    fix: Fix
    essential: Flag
    stale_after_days: Count
    valid_from: Day
    why: Text
    owner: Text
    short: Text = ""
    short_en: Text = ""
    why_en: Text = ""
    measure: Text = ""
    part: Text = ""
    whole: Text = ""
    unit: Text = ""
    green_from: Threshold = 1.0
    red_below: Threshold = 0.0
    valid_to: LastDay = None

    @property
    def short_name(self) -> str:
        """The name for a line of reasons."""
        return self.short or self.name

    @property
    def deciding(self) -> str:
        """The measure that has to change to close a gap: the part of a ratio, else the measure
        itself.
        """
        return self.part or self.measure

    @property
    def measures(self) -> tuple[str, ...]:
        return (self.part, self.whole) if self.kind == "ratio" else (self.measure,)


@dataclass(frozen=True)
class ReadinessRule:
    """How criteria make one level of a commune, and for how long a visit's finding wins over a
    declaration.

    `red_when`: red in an essential criterion makes the whole red, or red in any. `green_when`: all
    criteria must be green, or the essential ones.
    """

    __pydantic_config__ = FORBID_EXTRA

    red_when: RedWhen
    green_when: GreenWhen
    verified_expires_after_days: Count
    valid_from: Day
    why: Text
    owner: Text
    valid_to: LastDay = None

    def decides_red(self, criterion: Criterion) -> bool:
        """Whether red in this criterion makes the whole red."""
        return criterion.essential or self.red_when == "any"

    def needed_for_green(self, criterion: Criterion) -> bool:
        """Whether the whole is green only while this criterion is."""
        return criterion.essential or self.green_when == "all"


@dataclass(frozen=True)
class ThroughputRule:
    """From which share on time a commune's dossiers are green or red (0 to 1); no colour below
    `minimum_received`.
    """

    __pydantic_config__ = FORBID_EXTRA

    on_time_green_from: Threshold
    on_time_red_below: Threshold
    minimum_received: Count
    valid_from: Day
    why: Text
    owner: Text
    valid_to: LastDay = None


@dataclass(frozen=True)
class ReportingRhythm:
    """How often a kind of file is expected, in days; a kind without one comes when it comes."""

    __pydantic_config__ = FORBID_EXTRA

    kind: Text
    name: Text
    expected_every_days: Count


@dataclass(frozen=True)
class PeerFlag:
    """Communes that an administrator compares among themselves: mountainous, border, island."""

    __pydantic_config__ = FORBID_EXTRA

    code: Text
    name: Text
    communes: CommuneCodes


@dataclass(frozen=True)
class RulesInForce:
    """Everything that judges a day's readiness; equal for days that can be computed together."""

    criteria: tuple[Criterion, ...]
    rule: ReadinessRule

    @property
    def measures(self) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(measure for criterion in self.criteria for measure in criterion.measures)
        )


class DatedEntry(Protocol):
    """An entry with the days on which it is in force; `valid_to` is its last day, None: until
    further notice.
    """

    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...


Entry = TypeVar("Entry", bound=DatedEntry)


def is_valid(entry: DatedEntry, day: date) -> bool:
    """Whether an entry is in force on `day`."""
    return entry.valid_from <= day and (entry.valid_to is None or day <= entry.valid_to)


@dataclass(frozen=True)
class Criteria:
    """All that is configured: criteria and rules with their validity, expected rhythms, groups of
    peers.

    `rules` and `throughput` in order of their days, exactly one of each in force from FIRST_DAY on.
    """

    criteria: tuple[Criterion, ...]
    rules: tuple[ReadinessRule, ...]
    throughput: tuple[ThroughputRule, ...]
    rhythms: dict[str, ReportingRhythm] = field(default_factory=dict)
    peer_flags: tuple[PeerFlag, ...] = ()

    def on(self, day: date) -> tuple[Criterion, ...]:
        """The criteria in force on a day."""
        return tuple(criterion for criterion in self.criteria if is_valid(criterion, day))

    def rule_on(self, day: date) -> ReadinessRule:
        """The rule of the overall level on a day; before FIRST_DAY the first one."""
        return _entry_on(self.rules, day)

    def throughput_on(self, day: date) -> ThroughputRule:
        """When dossiers are on time, on a day; before FIRST_DAY the first one."""
        return _entry_on(self.throughput, day)

    def in_force(self, day: date) -> RulesInForce:
        """Criteria and rule of a day as one value."""
        return RulesInForce(self.on(day), self.rule_on(day))

    def list_change_days(self) -> list[date]:
        """The days after FIRST_DAY from which on levels are judged by other criteria or another
        rule, the oldest first."""
        days = set[date]()
        entries: tuple[DatedEntry, ...] = (*self.criteria, *self.rules)
        for entry in entries:
            days.add(entry.valid_from)
            if entry.valid_to is not None:
                days.add(entry.valid_to + timedelta(days=1))
        return sorted(day for day in days if day > FIRST_DAY)

    @cached_property
    def measures(self) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(measure for criterion in self.criteria for measure in criterion.measures)
        )


def _entry_on(entries: Sequence[Entry], day: date) -> Entry:
    return next((entry for entry in entries if is_valid(entry, day)), entries[0])
