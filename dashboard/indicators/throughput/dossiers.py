"""A province's dossiers over one period: who answers, rates, places among peers, the
period before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from dashboard.indicators import levels
from dashboard.indicators.criteria import PeerFlag, ThroughputRule
from dashboard.indicators.levels import Flags, Levels
from dashboard.indicators.throughput import periods, ranking, rates, series
from dashboard.indicators.throughput.count_rows import SUM_COLUMNS
from dashboard.indicators.throughput.counts import DossierCounts
from dashboard.indicators.throughput.periods import Period
from dashboard.indicators.throughput.ranking import GroupLabels
from dashboard.indicators.throughput.rates import RATES, FigureChange, PooledRate, RateFigures
from dashboard.indicators.throughput.source_selection import PeriodFigures, select_period_figures
from dashboard.workdays import WorkingDayCalendar

# The counts that newspapers rank communes by ("8/135").
RANKED_COUNTS: Final = ("received", "resolved", "e_result")


@dataclass(frozen=True, eq=False)
class ProvinceDossiers:
    """Rows follow `codes`. An answer is None where no source told anything of the period (or of the
    one before).

    `before` answers for the period that `period` is held against (periods.find_comparison_period);
    where that has only begun it is None, and `last_full_period` answers for the whole period
    before, for orientation. `working`: how many working days the two have.
    """

    codes: tuple[str, ...]
    groups: GroupLabels
    rule: ThroughputRule
    period: Period | None
    period_figures: PeriodFigures | None
    before: PeriodFigures | None
    departments: PeriodFigures | None
    last_full_period: PeriodFigures | None = None
    working: tuple[int, int] = (0, 0)

    @cached_property
    def rates(self) -> dict[str, RateFigures]:
        """Every rate of RATES per commune."""
        return {
            code: _rate_or_unknown(self.period_figures, code, len(self.codes)) for code in RATES
        }

    @cached_property
    def changes(self) -> dict[str, FigureChange]:
        """What each rate gained since the period before; "chưa đủ kỳ" where one of the two is not
        whole.
        """
        return {code: rates.compare_rates(self.rates[code], self._before(code)) for code in RATES}

    def _before(self, code: str) -> RateFigures | None:
        return None if self.before is None else rates.compute_rate(self.before, code)

    def total(self, code: str) -> PooledRate:
        """A rate of all communes together."""
        return rates.pool_rates(self.rates[code])

    def total_of_departments(self, code: str) -> PooledRate:
        """The same of the departments together."""
        if self.departments is None:
            return PooledRate(np.nan, np.nan, np.nan, rates.UNKNOWN)
        return rates.pool_rates(rates.compute_rate(self.departments, code))

    @property
    def has_departments(self) -> bool:
        """Whether departments tell of receptions, too: then the province is more than its
        communes."""
        return self.departments is not None and self.departments.totals()["received"] > 0

    @cached_property
    def communes_told(self) -> int:
        """How many communes the figures are of."""
        if self.period_figures is None:
            return 0
        return int(self.period_figures.sums["received"].notna().sum())

    def totals_of_all(self) -> pd.Series:
        """The counts of communes and departments together, as the portal counts a province; NaN
        where one of the two does not tell."""
        assert self.period_figures is not None, "asked only where a source answers"
        own = self.period_figures.totals()
        if not self.has_departments or self.departments is None:
            return own
        return own + self.departments.totals()

    def total_before(self, code: str) -> PooledRate | None:
        """The same in the period before; None where it was not told as a whole."""
        before = self._before(code)
        return rates.pool_rates(before) if before is not None and before.complete else None

    def total_of_all(self, code: str) -> PooledRate:
        """A rate of communes and departments together, as the portal counts a province."""
        own = self.total(code)
        of_departments = self.total_of_departments(code)
        if of_departments.state == rates.UNKNOWN:
            return own
        if own.state == rates.UNKNOWN:
            return of_departments
        numerator = own.numerator + of_departments.numerator
        denominator = own.denominator + of_departments.denominator
        return PooledRate(
            numerator,
            denominator,
            numerator / denominator if denominator else np.nan,
            rates.KNOWN if denominator else rates.NO_ACTIVITY,
        )

    @cached_property
    def peers(self) -> dict[str, pd.DataFrame]:
        """Median, quartiles and pooled rate of every peer group, per rate
        (ranking.summarise_peer_groups).
        """
        minimum = self.rule.minimum_received
        return {
            code: ranking.summarise_peer_groups(rated, self.groups, minimum)
            for code, rated in self.rates.items()
        }

    @cached_property
    def ranks(self) -> dict[str, pd.DataFrame]:
        """The place of each commune within its peer group by every rate (ranking.rank_rates),
        indexed by code.
        """
        return {code: self._ranked(rated) for code, rated in self.rates.items()}

    @cached_property
    def ranks_before(self) -> dict[str, pd.DataFrame] | None:
        """The same in the period before, by the groups and the minimum of now; None ("chưa đủ kỳ")
        where one of the two periods was not told as a whole."""
        if self._comparable_before is None:
            return None
        return {
            code: self._ranked(rates.compute_rate(self._comparable_before, code)) for code in RATES
        }

    def _ranked(self, rated: RateFigures) -> pd.DataFrame:
        index = list(self.codes)
        return ranking.rank_rates(
            pd.Series(rated.numerator, index=index),
            pd.Series(rated.denominator, index=index),
            pd.Series(self.groups, index=index),
            self.rule.minimum_received,
            higher_is_better=RATES[rated.code].more_is_better,
            partial=rated.partial,
        )

    @property
    def _comparable_before(self) -> PeriodFigures | None:
        both_complete = all(
            figures is not None and figures.complete
            for figures in (self.period_figures, self.before)
        )
        return self.before if both_complete else None

    def gain(self, code: str, inside: Flags | None = None) -> float:
        """What a rate of all communes (of those `inside`) gained (+) since the period before, over
        those that told both of it: a bad one that falls silent improves nothing. NaN ("chưa đủ
        kỳ") where there is nothing to compare."""
        if self._comparable_before is None:
            return float("nan")
        two = self.rates[code], rates.compute_rate(self._comparable_before, code)
        both = np.logical_and.reduce(
            [~rated.partial & (rated.state != rates.UNKNOWN) for rated in two]
        )
        if inside is not None:
            both &= inside
        now, before = (rates.pool_rates(rated, both) for rated in two)
        return now.value - before.value

    def gains(self) -> pd.Series:
        """The same of the counts (count_rows.SUM_COLUMNS), in dossiers; NaN per count as for
        `gain`.
        """
        if self.period_figures is None or self._comparable_before is None:
            return pd.Series(np.nan, index=SUM_COLUMNS)
        two = self.period_figures, self._comparable_before
        told_in_both = ~np.logical_or.reduce([figures.partial for figures in two])
        return (two[0].sums - two[1].sums)[told_in_both].sum(min_count=1)

    def totals_before(self) -> pd.Series | None:
        """The counts of all communes in the period before; None ("chưa đủ kỳ") as for
        `ranks_before`.
        """
        return None if self._comparable_before is None else self._comparable_before.totals()

    @cached_property
    def count_ranks(self) -> dict[str, pd.DataFrame]:
        """The plain place by counts among all communes of the province, as newspapers print it."""
        return self._rank_counts(self.period_figures)

    @cached_property
    def count_ranks_before(self) -> dict[str, pd.DataFrame] | None:
        """The same in the period before; None ("chưa đủ kỳ") as for `ranks_before`."""
        return (
            None if self._comparable_before is None else self._rank_counts(self._comparable_before)
        )

    def _rank_counts(self, figures: PeriodFigures | None) -> dict[str, pd.DataFrame]:
        untold = pd.Series(np.nan, index=list(self.codes))
        return {
            name: ranking.rank_counts(untold if figures is None else figures.sums[name])
            for name in RANKED_COUNTS
        }

    @cached_property
    def on_time_levels(self) -> Levels:
        """The level of each commune's share on time (766); no colour below the rule's minimum of
        dossiers, nor for a part of the period that the commune chose to tell."""
        rated = self.rates["on_time_766"]
        speaks = ranking.have_enough_dossiers(rated, self.rule.minimum_received) & ~rated.partial
        value = np.where(speaks, rated.value, np.nan)
        # a period's figure carries its period, it does not age
        never_stale = np.zeros(value.shape, dtype=np.bool_)
        return levels.judge_levels(
            value, never_stale, self.rule.on_time_green_from, self.rule.on_time_red_below
        )


def _rate_or_unknown(figures: PeriodFigures | None, code: str, size: int) -> RateFigures:
    if figures is not None:
        return rates.compute_rate(figures, code)
    nothing = np.full(size, np.nan)
    untold = np.full(size, rates.UNKNOWN, dtype=np.int8)
    return RateFigures(
        code, nothing, nothing, nothing, untold, np.zeros(size, dtype=np.bool_), complete=False
    )


def assess_dossiers(
    counts: DossierCounts,
    departments: DossierCounts,
    communes: pd.DataFrame,
    period: Period | None,
    rule: ThroughputRule,
    flags: Sequence[PeerFlag],
    calendar: WorkingDayCalendar,
) -> ProvinceDossiers:
    """The dossiers of `period`, from what was told of periods that have ended
    (`DossierCounts.until`).

    Departments and the period before are asked of the kind of source that answers for the communes:
    a list and the portal count differently, so their sum and their difference would say nothing.
    """
    groups = ranking.label_peer_groups(communes, flags)
    if period is None:
        return ProvinceDossiers(counts.units, groups, rule, None, None, None, None)
    own = select_period_figures(counts, period.first, period.last, calendar)
    source_kind = None if own is None else own.source_kind
    earlier = periods.find_comparison_period(period, calendar)
    compared_with = earlier or periods.find_previous_period(period.natural_period)
    before = select_period_figures(
        counts, compared_with.first, compared_with.last, calendar, source_kind
    )
    return ProvinceDossiers(
        counts.units,
        groups,
        rule,
        period,
        own,
        before if earlier else None,
        select_period_figures(departments, period.first, period.last, calendar, source_kind),
        None if earlier else before,
        (period.working(calendar), compared_with.working(calendar)),
    )


CURVE_COLUMNS: Final = ["period_from", "period_to", "received", "resolved", "kind", "communes"]
WEEKS_OF_CURVE: Final = 60  # more than a year of days: what any curve shows


def list_dossiers_over_time(
    counts: DossierCounts, day: date, calendar: WorkingDayCalendar
) -> pd.DataFrame:
    """What all communes received and resolved, up to `day`: period_from, period_to (datetime64),
    received, resolved, kind (of the source), communes (how many told that source anything of these
    periods: a commune without a row on one day of a list is not missing).

    Single days that were told, each from the source that answers for it; where no source tells
    days, or a coarser one reaches further, the longer periods as they were told, never both added.
    """
    counts_until = counts.until(day)
    all_periods = counts_until.periods
    is_day = all_periods["period_from"] == all_periods["period_to"]
    reported = all_periods[~all_periods["derived"] | is_day]
    if reported.empty:
        return all_periods.assign(resolved=np.nan, communes=0)[CURVE_COLUMNS]
    newest = reported["period_to"].max()
    if (is_day & (all_periods["period_to"] == newest)).any():
        first = max(
            reported["period_from"].min().date(),
            periods.find_week_of(day - timedelta(weeks=WEEKS_OF_CURVE)).first,
        )
        days = series.build_dossier_series(counts_until, "day", first, newest.date(), calendar)
        reported_days = days[days["complete"]]
        communes_of_kind = {
            source_kind: _count_units_of_days(counts_until, source_kind, first)
            for source_kind in reported_days["kind"].unique()
        }
        communes = reported_days["kind"].map(communes_of_kind)
        return reported_days.assign(communes=communes)[CURVE_COLUMNS]
    longer = (
        reported[~is_day]
        .drop_duplicates(["period_from", "period_to"])
        .sort_values(["period_to", "period_from"])
    )
    rows = []
    for begin, end in zip(longer["period_from"].dt.date, longer["period_to"].dt.date, strict=True):
        figures = select_period_figures(counts_until, begin, end, calendar)
        if figures is not None:
            total = figures.totals()
            communes = int(figures.sums["received"].notna().sum())
            ends = pd.Timestamp(begin), pd.Timestamp(end)
            flows = total["received"], total["resolved"]
            rows.append((*ends, *flows, figures.source_kind, communes))
    return pd.DataFrame(rows, columns=CURVE_COLUMNS)


def _count_units_of_days(counts: DossierCounts, source_kind: str, first: date) -> int:
    """How many units a kind of source told of on any day since `first`."""
    units = set[int]()
    for source in counts.sources_of_days():
        if source.source_kind == source_kind:
            rows = source.rows
            has_value = (rows.last >= periods.to_day_number(first)) & ~np.isnan(
                rows.column("received")
            )
            units.update(rows.unit[has_value & rows.is_day].tolist())
    return len(units)
