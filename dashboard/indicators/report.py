"""One report of a province on one day: pages, exports and other programs all ask it, so they cannot
disagree.

Each figure is computed when it is first asked for and kept with the report; nothing here reads a
clock or a store.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pandas as pd

from dashboard.areas import load_units_without_centre
from dashboard.indicators.criteria import Criteria
from dashboard.indicators.field.declarations import (
    DeclarationQuality,
    measure_declaration_quality,
)
from dashboard.indicators.field.feedback import FeedbackSummary, summarise_feedback
from dashboard.indicators.field.follow_ups import FollowUp
from dashboard.indicators.field.resources import Resource, list_resources
from dashboard.indicators.field.support_requests import (
    Incident,
    SupportRequest,
    find_incidents,
)
from dashboard.indicators.freshness import freshness, quality
from dashboard.indicators.freshness.freshness import Freshness
from dashboard.indicators.levels import GREEN, Flags, Levels
from dashboard.indicators.readiness import changes, gaps, levels_over_time, monitoring, need, pace
from dashboard.indicators.readiness.assessment import Readiness, assess_readiness
from dashboard.indicators.readiness.changes import LevelChanges
from dashboard.indicators.readiness.gaps import CommunesToReport, Gaps
from dashboard.indicators.readiness.history import LastReading
from dashboard.indicators.readiness.levels_over_time import (
    WEEKS_OF_HISTORY,
    LevelAge,
    VisitEffect,
    YearHistory,
)
from dashboard.indicators.readiness.need import VisitPriority
from dashboard.indicators.readiness.pace import Pace
from dashboard.indicators.signals import signals
from dashboard.indicators.signals.signals import Signal, build_signal_input
from dashboard.indicators.snapshot import Snapshot
from dashboard.indicators.throughput import balance, series, single_dossiers, weekly_history
from dashboard.indicators.throughput.dossiers import ProvinceDossiers, assess_dossiers
from dashboard.indicators.throughput.weekly_history import WeeklyHistory
from dashboard.reference import FIRST_DAY

# What all parts of a report see: a province on a day, and what had been told until then.


@dataclass(frozen=True, eq=False)
class ReportContext:
    """A province on `today`; rows of all arrays follow `codes`."""

    snapshot: Snapshot
    criteria: Criteria
    today: date

    @property
    def codes(self) -> tuple[str, ...]:
        return self.snapshot.codes

    @property
    def without_centre(self) -> Flags:
        """Communes without a centre of their own, of which nobody expects a report."""
        return np.isin(self.codes, list(load_units_without_centre()))

    @property
    def communes(self) -> pd.DataFrame:
        return self.snapshot.province_data.communes


# The part of a report that is about readiness: levels, the way to green, and how both came about.


class ReadinessPart(ReportContext):
    """Each figure is computed when it is first asked for and kept."""

    @cached_property
    def assessment(self) -> Readiness:
        """Levels of every commune, judged by the rules of the day."""
        return assess_readiness(self.snapshot.province_data.history, self.criteria, self.today)

    @cached_property
    def own_rating(self) -> LastReading:
        """The communes' own rating (measures.RATINGS) and its age, kept beside ours."""
        day = np.array([self.today], dtype="datetime64[D]")
        return self.snapshot.province_data.history.last("self_rating", "declared", day)

    @cached_property
    def gaps(self) -> Gaps:
        """What stands between each commune and green."""
        return gaps.find_gaps(self.assessment)

    @cached_property
    def province_needs(self) -> pd.DataFrame:
        """What the province has to buy, issue, repair … (gaps.list_province_needs)."""
        return gaps.list_province_needs(self.gaps)

    @cached_property
    def bottlenecks(self) -> pd.DataFrame:
        """Which one criterion turns how many communes green."""
        return gaps.rank_single_bottlenecks(self.gaps)

    @cached_property
    def bottleneck_pairs(self) -> pd.DataFrame:
        """Which two together."""
        return gaps.rank_bottleneck_pairs(self.gaps)

    @cached_property
    def bottleneck_kinds(self) -> pd.DataFrame:
        """Which kinds of fixes, alone or two together."""
        return gaps.rank_fix_combinations(self.gaps)

    @cached_property
    def communes_by_fix(self) -> dict[str, Flags]:
        """Which communes need which kind of fix."""
        return gaps.group_communes_by_fix(self.gaps)

    @cached_property
    def communes_by_dimension(self) -> dict[str, Flags]:
        """In which communes something is open in which dimension."""
        return gaps.group_communes_by_dimension(self.gaps)

    @cached_property
    def visit_priority(self) -> VisitPriority:
        """To which communes a task force goes first, and which it calls."""
        return need.rank_communes_by_need(
            self.assessment, self.gaps, without_centre=self.without_centre
        )

    @cached_property
    def declaration_quality(self) -> DeclarationQuality:
        """How many declared values visits of the last year checked and confirmed."""
        return measure_declaration_quality(
            self.snapshot.province_data.history, self.criteria, self.today
        )

    @cached_property
    def reporting(self) -> CommunesToReport:
        """Communes for which a report may be all that is missing."""
        return gaps.find_communes_to_report(self.gaps)

    @cached_property
    def pace(self) -> Pace:
        """Communes turned green per week, and when all would be."""
        return pace.compute_pace_until(
            self.snapshot.province_data.history, self.criteria, self.today
        )

    def changes_since(self, before: date) -> LevelChanges:
        """What changed since an earlier day (not before FIRST_DAY, when no rule was in force), and
        why.
        """
        since = max(before, min(FIRST_DAY, self.today))
        return changes.find_level_changes(
            self.snapshot.province_data.history, self.criteria, since, self.today
        )

    def levels_of_day(self, day: date) -> dict[str, Levels]:
        """`overall` and every dimension in force on an earlier day: communes x 1, by its rules."""
        return levels_over_time.assess_dimensions_by_day(
            self.snapshot.province_data.history, self.criteria, [day]
        )

    @cached_property
    def week_changes(self) -> LevelChanges:
        """What changed within seven days."""
        return self.changes_since(self.today - timedelta(days=7))

    @cached_property
    def month_changes(self) -> LevelChanges:
        """What changed within thirty days."""
        return self.changes_since(self.today - timedelta(days=30))

    def changes_of_day(self, day: date) -> LevelChanges:
        """What changed from the eve of a day to that day (not before FIRST_DAY), and why."""
        eve = max(day - timedelta(days=1), min(FIRST_DAY, day))
        return changes.find_level_changes(
            self.snapshot.province_data.history, self.criteria, eve, day
        )

    @cached_property
    def level_age(self) -> LevelAge:
        """How long each commune has been at its level."""
        return levels_over_time.measure_level_age(
            self.snapshot.province_data.history, self.criteria, self.today
        )

    @cached_property
    def lack_age(self) -> dict[str, LevelAge]:
        """Per criterion since when each commune has been short of it; -1 days where it is not."""
        return levels_over_time.measure_lack_age(
            self.snapshot.province_data.history, self.criteria, self.today
        )

    @cached_property
    def visit_effect(self) -> VisitEffect:
        """Each commune's level on the eve and on the day of its last visit."""
        return levels_over_time.measure_visit_effect(
            self.snapshot.province_data.history,
            self.criteria,
            self.today,
            self.visit_priority.visit_age,
        )

    @cached_property
    def year_history(self) -> YearHistory:
        """Levels and values of the last twelve months, week by week."""
        return levels_over_time.collect_year_history(
            self.snapshot.province_data.history, self.criteria, self.today
        )


# The part of a report that is about dossiers: of its period, over time, and one by one where lists
# tell them.

# How far back a curve of each grain goes: eight weeks of days, half a year of weeks, two years of
# months.
SPAN_OF_GRAIN = {
    "day": timedelta(days=55),
    "week": timedelta(weeks=25),
    "month": timedelta(days=730),
}
KIND_OF_LISTS = "dossiers"  # the kind of file that tells single dossiers


class DossiersPart(ReportContext):
    """Each figure is computed when it is first asked for and kept."""

    @cached_property
    def weekly_history(self) -> WeeklyHistory:
        """Every commune's dossiers of the last twelve months, week by week (months where nobody
        tells weeks).
        """
        begin = self.today - timedelta(weeks=WEEKS_OF_HISTORY)
        return weekly_history.build_weekly_history(
            self.snapshot.province_data.counts, begin, self.today, self.snapshot.calendar
        )

    @cached_property
    def of_period(self) -> ProvinceDossiers:
        """The dossiers of the snapshot's period."""
        province_data = self.snapshot.province_data
        snapshot = self.snapshot
        return assess_dossiers(
            province_data.counts.until(self.today),
            province_data.departments.until(self.today),
            province_data.communes,
            snapshot.period,
            self.criteria.throughput_on(self.today),
            self.criteria.peer_flags,
            snapshot.calendar,
        )

    @cached_property
    def balance(self) -> pd.DataFrame | None:
        """Per commune what came in against what went out (balance.balance_dossiers); None where
        nobody told of the period."""
        figures = self.of_period.period_figures
        if figures is None:
            return None
        is_list = figures.source_kind == KIND_OF_LISTS
        return balance.balance_dossiers(
            figures, self.snapshot.listed.fetch_ends() if is_list else None
        )

    @cached_property
    def department_balance(self) -> pd.DataFrame | None:
        """The same of the departments; None where none was told."""
        figures = self.of_period.departments
        return None if figures is None else balance.balance_dossiers(figures, None)

    @cached_property
    def over_time(self) -> dict[str, pd.DataFrame]:
        """The communes' dossiers together per day, week and month, by whoever answers
        (series.build_dossier_series).
        """
        counts = self.snapshot.province_data.counts
        return {
            grain: series.build_dossier_series(
                counts, grain, self.today - back, self.today, self.snapshot.calendar
            )
            for grain, back in SPAN_OF_GRAIN.items()
        }

    @cached_property
    def list_day(self) -> date:
        """The day of which open dossiers are told: the newest list's, never after the report's. An
        old list says nothing of what fell due since."""
        newest_list_at = self.snapshot.listed.fetch_opened()["told_at"].max()
        is_older = not pd.isna(newest_list_at) and newest_list_at.date() < self.today
        return newest_list_at.date() if is_older else self.today

    @cached_property
    def at_risk(self) -> pd.DataFrame:
        """Open dossiers by when they fall due, per commune
        (single_dossiers.count_dossiers_at_risk); NaN where no list told of it.
        """
        per_unit = single_dossiers.count_dossiers_at_risk(
            self.snapshot.listed.fetch_opened(), self.list_day, self.snapshot.calendar
        )
        reporting_days = self.snapshot.reporting_days
        listed = reporting_days[
            (reporting_days["kind"] == KIND_OF_LISTS)
            & (reporting_days["as_of"] <= pd.Timestamp(self.today))
        ]["commune_code"]
        # A commune that a list names has nothing open where it has no row; of the others nobody
        # knows.
        nothing_open = sorted(set(listed) - set(per_unit.index)) if len(per_unit) else []
        none = pd.DataFrame(0, index=nothing_open, columns=per_unit.columns)
        return self._per_commune(pd.concat([per_unit, none]) if nothing_open else per_unit)

    @cached_property
    def backlog_age(self) -> pd.DataFrame:
        """How long open dossiers have been lying, per commune."""
        return self._per_commune(
            single_dossiers.measure_backlog_age(
                self.snapshot.listed.fetch_opened(), self.list_day, self.snapshot.calendar
            )
        )

    @cached_property
    def durations(self) -> pd.DataFrame:
        """Working days that finished dossiers took, per commune."""
        return self._per_commune(
            single_dossiers.summarise_durations(
                self.snapshot.listed.fetch_finished(), self.snapshot.calendar
            )
        )

    @cached_property
    def durations_of_all(self) -> pd.Series | None:
        """The same of all communes' dossiers together; None where no list was told."""
        all_finished = self.snapshot.listed.fetch_finished().assign(unit="all")
        if not len(all_finished):
            return None
        return single_dossiers.summarise_durations(all_finished, self.snapshot.calendar).loc["all"]

    def _per_commune(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Rows in the order of the communes; NaN where a commune has none."""
        return frame.reindex(list(self.codes))


# The part of a report that is about its sources: how old, how complete, and what looks wrong in
# them.

JUMPS_DAYS = 30  # an odd figure of a month ago has been looked at or never will be
# Holds the days with figures that a day is compared with (quality.DAYS_BEFORE), whatever holidays.
_DAYS_TO_COMPARE = 90


@dataclass(frozen=True, eq=False)
class SourcesPart(ReportContext):
    """How complete a criterion is depends on how it was judged; the rest on what was told."""

    readiness: ReadinessPart

    @cached_property
    def freshness(self) -> Freshness:
        """Age and state per commune and kind of source."""
        rhythms = {
            source_kind: rhythm.expected_every_days
            for source_kind, rhythm in self.criteria.rhythms.items()
        }
        return freshness.assess_freshness(
            self.snapshot.reporting_days,
            self.codes,
            rhythms,
            self.today,
            self.snapshot.calendar,
            self.without_centre,
        )

    @cached_property
    def on_time_reporting(self) -> dict[str, pd.DataFrame]:
        """Per kind of source with a rhythm, how many of its last periods each commune
        reported in.
        """
        return {
            source_kind: freshness.measure_on_time_reporting(
                self.snapshot.reporting_days[self.snapshot.reporting_days["kind"] == source_kind],
                self.codes,
                rhythm.expected_every_days,
                self.today,
                self.snapshot.calendar,
            )
            for source_kind, rhythm in self.criteria.rhythms.items()
        }

    @cached_property
    def certificates(self) -> pd.DataFrame:
        """Each commune's newest counts of certificates (monitoring.select_newest_certificates)."""
        return monitoring.select_newest_certificates(
            self.snapshot.province_data.certificates, self.codes, self.today
        )

    @cached_property
    def probes(self) -> pd.DataFrame:
        """What probes of each commune's line measured lately (monitoring.summarise_probes)."""
        return monitoring.summarise_probes(
            self.snapshot.province_data.history, self.snapshot.province_data.outages, self.today
        )

    @cached_property
    def outages(self) -> pd.DataFrame:
        """When lines were away lately, newest first (monitoring.select_outages)."""
        return monitoring.select_outages(self.snapshot.province_data.outages, self.today)

    @cached_property
    def completeness(self) -> pd.DataFrame:
        """Per criterion, of how many communes a value in date is known."""
        return quality.count_completeness(
            {
                assessment.criterion.code: assessment.level[:, 0]
                for assessment in self.readiness.assessment.assessments
            }
        )

    @cached_property
    def unmatched(self) -> pd.DataFrame:
        """Rows that matched no commune, per file."""
        return quality.count_unmatched_rows(self.snapshot.problems)

    @cached_property
    def reading_jumps(self) -> pd.DataFrame:
        """Declared values of the last weeks that look wrong beside the ones before."""
        since = self.today - timedelta(days=JUMPS_DAYS)
        return quality.find_reading_jumps(self.snapshot.province_data.history, since, self.today)

    @cached_property
    def count_jumps(self) -> pd.DataFrame:
        """Days of the last weeks with far more dossiers than the commune's days before."""
        since = self.today - timedelta(days=JUMPS_DAYS)
        first = since - timedelta(days=_DAYS_TO_COMPARE)
        days = np.arange(np.datetime64(first), np.datetime64(self.today) + 1)
        counts = self.snapshot.province_data.counts.until(self.today)
        received = counts.daily("received", days)
        daily = pd.DataFrame(
            {
                "commune_code": np.repeat(counts.units, len(days)),
                "day": np.tile(days.astype("datetime64[s]"), len(counts.units)),
                "received": received.ravel(),
            }
        )
        return quality.find_count_jumps(daily, since)

    @cached_property
    def visited_green(self) -> Flags:
        """Green communes of which a visit still in force found any criterion; the others are green
        by their own word alone.
        """
        visited = [judged.verified[:, 0] for judged in self.readiness.assessment.assessments]
        return self._green & (np.logical_or.reduce(visited) if visited else False)

    @cached_property
    def doubtful_green(self) -> Flags:
        """Green communes that declared a value that looks wrong beside the one before."""
        return self._green & np.isin(self.codes, self.reading_jumps["commune_code"].to_list())

    @property
    def _green(self) -> Flags:
        return np.asarray(self.readiness.assessment.overall[:, 0] == GREEN)


class FieldPart(ReportContext):
    """What came of the work in the field."""

    @cached_property
    def follow_ups(self) -> tuple[FollowUp, ...]:
        """Every promise of an office until that day, overdue ones first."""
        rule = self.criteria.rule_on(self.today)
        promises = self.snapshot.province_data.promises
        return promises.list_follow_ups(self.today, rule.verified_expires_after_days)

    @cached_property
    def support_requests(self) -> tuple[SupportRequest, ...]:
        """Every request for help asked until the end of that day, open ones first."""
        support = self.snapshot.province_data.support
        return support.list_requests(self.snapshot.calendar, self.today)

    @cached_property
    def incidents(self) -> tuple[Incident, ...]:
        """Faults that many communes tell of at once."""
        return find_incidents(self.support_requests, self.snapshot.calendar)

    @cached_property
    def resources(self) -> tuple[Resource, ...]:
        """What the province gives its communes, of all that began by that day."""
        return list_resources(self.snapshot.province_data.resources, self.today)

    @cached_property
    def feedback(self) -> FeedbackSummary | None:
        """What citizens told in the newest period; None: nobody told any."""
        return summarise_feedback(self.snapshot.province_data.feedback, self.today)


class Report(ReportContext):
    """Everything that is said of a province on `today`, each figure in the part that it is of; rows
    of all arrays follow `codes`:

    report.codes                                 (…, "21250", …)   the 96 communes of Quảng Ngãi
    report.readiness.assessment.overall          (96, 1) int8      Levels on `today`
    report.dossiers.at_risk                      (96, …) float     NaN: no list told of it
    report.dossiers.of_period.period_figures     sums per commune of the snapshot's period, or None
    report.sources.freshness                     age and state per commune and kind of source
    report.field.follow_ups                      every promise of an office
    report.signals                               at most seven lines for the province
    """

    @cached_property
    def readiness(self) -> ReadinessPart:
        """Levels, the way to green, and how both came about."""
        return ReadinessPart(self.snapshot, self.criteria, self.today)

    @cached_property
    def dossiers(self) -> DossiersPart:
        """Dossiers of the period, over time, and one by one where lists tell them."""
        return DossiersPart(self.snapshot, self.criteria, self.today)

    @cached_property
    def sources(self) -> SourcesPart:
        """How old and how complete the sources are, and what looks wrong in them."""
        return SourcesPart(self.snapshot, self.criteria, self.today, self.readiness)

    @cached_property
    def field(self) -> FieldPart:
        """Promises, requests for help, what was given, what citizens say."""
        return FieldPart(self.snapshot, self.criteria, self.today)

    @cached_property
    def signals(self) -> tuple[Signal, ...]:
        """What needs a decision today: at most five lines, one of faults that many communes
        report, and one of overdue promises.
        """
        found_by_rules = signals.find_signals(
            build_signal_input(self.snapshot, self.criteria, self.today, self.without_centre)
        )
        return (
            found_by_rules
            + signals.find_incident_signal(self.field.incidents)
            + signals.find_follow_up_signal(self.field.follow_ups)
        )


def build_report(snapshot: Snapshot, criteria: Criteria, today: date) -> Report:
    """The report of a province on a day, from what had been told of days until then."""
    return Report(snapshot, criteria, today)
