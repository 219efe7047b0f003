"""A province's dossiers over one period: who answers, rates, places among peers, the period before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from dashboard.indicators import levels, peers, periods, ranking, rates, series
from dashboard.indicators.answers import Answer, answer
from dashboard.indicators.counts import Counts
from dashboard.indicators.criteria import PeerFlag, ThroughputRule
from dashboard.indicators.levels import Levels
from dashboard.indicators.peers import Labels
from dashboard.indicators.periods import Period
from dashboard.indicators.rates import RATES, Change, Rated, Total
from dashboard.indicators.tiles import SUMS
from dashboard.workdays import Calendar

# The counts that newspapers rank communes by ("8/135").
COUNTED: Final = ("received", "resolved", "e_result")


@dataclass(frozen=True, eq=False)
class Dossiers:
    """Rows follow `codes`. An answer is None where no source told anything of the period (or of the one before).

    `before` answers for the period that `period` is held against (periods.compared); where that has only begun it
    is None, and `last_whole` answers for the whole period before, for orientation. `working`: how many working
    days the two have.
    """

    codes: tuple[str, ...]
    groups: Labels
    rule: ThroughputRule
    period: Period | None
    answer: Answer | None
    before: Answer | None
    departments: Answer | None
    last_whole: Answer | None = None
    working: tuple[int, int] = (0, 0)

    @cached_property
    def rates(self) -> dict[str, Rated]:
        """Every rate of RATES per commune."""
        return {code: _rated(self.answer, code, len(self.codes)) for code in RATES}

    @cached_property
    def changes(self) -> dict[str, Change]:
        """What each rate gained since the period before; "chưa đủ kỳ" where one of the two is not whole."""
        return {code: rates.compare(self.rates[code], self._before(code)) for code in RATES}

    def _before(self, code: str) -> Rated | None:
        return None if self.before is None else rates.rated(self.before, code)

    def total(self, code: str) -> Total:
        """A rate of all communes together."""
        return rates.total(self.rates[code])

    def total_before(self, code: str) -> Total | None:
        """The same in the period before; None where it was not told as a whole."""
        before = self._before(code)
        return rates.total(before) if before is not None and before.complete else None

    def total_of_all(self, code: str) -> Total:
        """A rate of communes and departments together, as the portal counts a province."""
        own = self.total(code)
        if self.departments is None:
            return own
        apart = rates.total(rates.rated(self.departments, code))
        if apart.state == rates.UNKNOWN or own.state == rates.UNKNOWN:
            return own if apart.state == rates.UNKNOWN else apart
        part, whole = own.part + apart.part, own.whole + apart.whole
        return Total(part, whole, part / whole if whole else np.nan, rates.KNOWN if whole else rates.NO_ACTIVITY)

    @cached_property
    def peers(self) -> dict[str, pd.DataFrame]:
        """Median, quartiles and pooled rate of every peer group, per rate (peers.figures)."""
        minimum = self.rule.minimum_received
        return {code: peers.figures(rated, self.groups, minimum) for code, rated in self.rates.items()}

    @cached_property
    def ranks(self) -> dict[str, pd.DataFrame]:
        """The place of each commune within its peer group by every rate (ranking.rank_rates), indexed by code."""
        return {code: self._ranked(rated) for code, rated in self.rates.items()}

    @cached_property
    def ranks_before(self) -> dict[str, pd.DataFrame] | None:
        """The same in the period before, by the groups and the minimum of now; None ("chưa đủ kỳ") where one of the
        two periods was not told as a whole."""
        if self._whole_before is None:
            return None
        return {code: self._ranked(rates.rated(self._whole_before, code)) for code in RATES}

    def _ranked(self, rated: Rated) -> pd.DataFrame:
        index = list(self.codes)
        return ranking.rank_rates(
            pd.Series(rated.part, index=index),
            pd.Series(rated.whole, index=index),
            pd.Series(self.groups, index=index),
            self.rule.minimum_received,
            higher_is_better=RATES[rated.code].more_is_better,
            partial=rated.partial,
        )

    @property
    def _whole_before(self) -> Answer | None:
        whole = all(one is not None and one.complete for one in (self.answer, self.before))
        return self.before if whole else None

    def gain(self, code: str) -> float:
        """What a rate of all communes gained (+) since the period before, over those that told both of it: a bad
        one that falls silent improves nothing. NaN ("chưa đủ kỳ") where there is nothing to compare."""
        if self._whole_before is None:
            return float("nan")
        two = self.rates[code], rates.rated(self._whole_before, code)
        both = np.logical_and.reduce([~one.partial & (one.state != rates.UNKNOWN) for one in two])
        now, before = (rates.total(one, both) for one in two)
        return now.value - before.value

    def gains(self) -> pd.Series:
        """The same of the counts (tiles.SUMS), in dossiers; NaN per count as for `gain`."""
        if self.answer is None or self._whole_before is None:
            return pd.Series(np.nan, index=SUMS)
        two = self.answer, self._whole_before
        whole = ~np.logical_or.reduce([one.partial for one in two])
        return (two[0].sums - two[1].sums)[whole].sum(min_count=1)

    def totals_before(self) -> pd.Series | None:
        """The counts of all communes in the period before; None ("chưa đủ kỳ") as for `ranks_before`."""
        return None if self._whole_before is None else self._whole_before.totals()

    @cached_property
    def counted(self) -> dict[str, pd.DataFrame]:
        """The plain place by counts among all communes of the province, as newspapers print it."""
        return self._counted(self.answer)

    @cached_property
    def counted_before(self) -> dict[str, pd.DataFrame] | None:
        """The same in the period before; None ("chưa đủ kỳ") as for `ranks_before`."""
        return None if self._whole_before is None else self._counted(self._whole_before)

    def _counted(self, found: Answer | None) -> dict[str, pd.DataFrame]:
        untold = pd.Series(np.nan, index=list(self.codes))
        return {name: ranking.rank_counts(untold if found is None else found.sums[name]) for name in COUNTED}

    @cached_property
    def on_time_levels(self) -> Levels:
        """The level of each commune's share on time (766); no colour below the rule's minimum of dossiers, nor
        for a part of the period that the commune chose to tell."""
        rated = self.rates["on_time_766"]
        speaks = peers.enough(rated, self.rule.minimum_received) & ~rated.partial
        value = np.where(speaks, rated.value, np.nan)
        never_stale = np.zeros(value.shape, dtype=np.bool_)  # a period's figure carries its period, it does not age
        return levels.judge(value, never_stale, self.rule.on_time_green_from, self.rule.on_time_red_below)


def _rated(found: Answer | None, code: str, size: int) -> Rated:
    if found is not None:
        return rates.rated(found, code)
    nothing = np.full(size, np.nan)
    untold = np.full(size, rates.UNKNOWN, dtype=np.int8)
    return Rated(code, nothing, nothing, nothing, untold, np.zeros(size, dtype=np.bool_), complete=False)


def dossiers(
    counts: Counts,
    departments: Counts,
    communes: pd.DataFrame,
    period: Period | None,
    rule: ThroughputRule,
    flags: Sequence[PeerFlag],
    calendar: Calendar,
) -> Dossiers:
    """The dossiers of `period`, from what was told of periods that have ended (`Counts.until`).

    Departments and the period before are asked of the kind of source that answers for the communes: a list and
    the portal count differently, so their sum and their difference would say nothing.
    """
    groups = peers.groups(communes, flags)
    if period is None:
        return Dossiers(counts.units, groups, rule, None, None, None, None)
    own = answer(counts, period.first, period.last, calendar)
    kind = None if own is None else own.kind
    earlier = periods.compared(period, calendar)
    held = earlier or periods.previous(period.whole)
    before = answer(counts, held.first, held.last, calendar, kind)
    return Dossiers(
        counts.units,
        groups,
        rule,
        period,
        own,
        before if earlier else None,
        answer(departments, period.first, period.last, calendar, kind),
        None if earlier else before,
        (period.working(calendar), held.working(calendar)),
    )


WEEKS: Final = 60  # more than a year of days: what any curve shows


def over_time(counts: Counts, day: date, calendar: Calendar) -> pd.DataFrame:
    """What all communes received and resolved, up to `day`: period_from, period_to (datetime64), received, resolved.

    Single days that were told, each from the source that answers for it; where no source tells days, or a
    coarser one reaches further, the longer periods as they were told, never both added.
    """
    known = counts.until(day)
    told = known.periods
    is_day = told["period_from"] == told["period_to"]
    asked = told[~told["derived"] | is_day]
    if asked.empty:
        return told.assign(resolved=np.nan)[["period_from", "period_to", "received", "resolved"]]
    newest = asked["period_to"].max()
    if (is_day & (told["period_to"] == newest)).any():
        first = max(asked["period_from"].min().date(), periods.week(day - timedelta(weeks=WEEKS)).first)
        days = series.series(known, "day", first, newest.date(), calendar)
        return days[days["complete"]][["period_from", "period_to", "received", "resolved"]]
    longer = asked[~is_day].drop_duplicates(["period_from", "period_to"]).sort_values(["period_to", "period_from"])
    rows = []
    for begin, end in zip(longer["period_from"].dt.date, longer["period_to"].dt.date, strict=True):
        found = answer(known, begin, end, calendar)
        if found is not None:
            total = found.totals()
            rows.append((pd.Timestamp(begin), pd.Timestamp(end), total["received"], total["resolved"]))
    return pd.DataFrame(rows, columns=["period_from", "period_to", "received", "resolved"])
