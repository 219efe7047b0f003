"""One report of a province on one day: pages, exports and other programs all ask it, so they cannot disagree.

Each part is computed when it is first asked for and kept with the report; nothing here reads a clock or a store.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pandas as pd

from dashboard.indicators import (
    backlog,
    bottlenecks,
    changes,
    course,
    coverage,
    durations,
    fixes,
    freshness,
    gaps,
    jumps,
    need,
    pace,
    past,
    readiness,
    series,
    signals,
)
from dashboard.indicators.bottlenecks import Reporting
from dashboard.indicators.changes import Changes
from dashboard.indicators.course import Course
from dashboard.indicators.criteria import FIRST_DAY, Criteria
from dashboard.indicators.dossiers import Dossiers, dossiers
from dashboard.indicators.freshness import Freshness
from dashboard.indicators.gaps import Gaps
from dashboard.indicators.history import Told
from dashboard.indicators.levels import Flags
from dashboard.indicators.need import Need
from dashboard.indicators.pace import Pace
from dashboard.indicators.past import WEEKS, Past
from dashboard.indicators.readiness import Readiness
from dashboard.indicators.signal_window import signal_input
from dashboard.indicators.signals import Signal
from dashboard.indicators.snapshot import Snapshot

# How far back a curve of each grain goes: eight weeks of days, half a year of weeks, two years of months.
OVER_TIME = {"day": timedelta(days=55), "week": timedelta(weeks=25), "month": timedelta(days=730)}
LISTS = "dossiers"  # the kind of file that tells single dossiers
JUMPS_DAYS = 30  # an odd figure of a month ago has been looked at or never will be


@dataclass(frozen=True, eq=False)
class Report:
    """Everything that is said of a province on `today`; rows of all arrays follow `snapshot.codes`."""

    snapshot: Snapshot
    criteria: Criteria
    today: date

    @property
    def codes(self) -> tuple[str, ...]:
        return self.snapshot.codes

    @property
    def communes(self) -> pd.DataFrame:
        return self.snapshot.known.communes

    @cached_property
    def readiness(self) -> Readiness:
        """Levels of every commune, judged by the rules of the day."""
        return readiness.assess(self.snapshot.known.history, self.criteria, self.today)

    @cached_property
    def own_rating(self) -> Told:
        """The communes' own rating (measures.RATINGS) and its age, kept beside ours."""
        day = np.array([self.today], dtype="datetime64[D]")
        return self.snapshot.known.history.last("self_rating", "declared", day)

    @cached_property
    def gaps(self) -> Gaps:
        """What stands between each commune and green."""
        return gaps.gaps(self.readiness)

    @cached_property
    def shopping_list(self) -> pd.DataFrame:
        """What the province has to buy, issue, repair … (gaps.shopping_list)."""
        return gaps.shopping_list(self.gaps)

    @cached_property
    def bottlenecks(self) -> pd.DataFrame:
        """Which one criterion turns how many communes green (bottlenecks.singles)."""
        return bottlenecks.singles(self.gaps)

    @cached_property
    def bottleneck_pairs(self) -> pd.DataFrame:
        """Which two together (bottlenecks.pairs)."""
        return bottlenecks.pairs(self.gaps)

    @cached_property
    def bottleneck_kinds(self) -> pd.DataFrame:
        """Which kinds of fixes, alone or two together (bottlenecks.kinds)."""
        return bottlenecks.kinds(self.gaps)

    @cached_property
    def communes_by_fix(self) -> dict[str, Flags]:
        """Which communes need which kind of fix (fixes.by_fix)."""
        return fixes.by_fix(self.gaps)

    @cached_property
    def communes_by_dimension(self) -> dict[str, Flags]:
        """In which communes something is open in which dimension (fixes.by_dimension)."""
        return fixes.by_dimension(self.gaps)

    @cached_property
    def need(self) -> Need:
        """To which communes a task force goes first, and which it calls."""
        return need.need(self.readiness, self.gaps)

    @cached_property
    def reporting(self) -> Reporting:
        """Communes for which a report may be all that is missing."""
        return bottlenecks.reporting(self.gaps)

    @cached_property
    def pace(self) -> Pace:
        """Communes turned green per week, and when all would be."""
        return pace.pace_until(self.snapshot.known.history, self.criteria, self.today)

    def changes_since(self, before: date) -> Changes:
        """What changed since an earlier day (not before FIRST_DAY, when no rule was in force), and why."""
        since = max(before, min(FIRST_DAY, self.today))
        return changes.changes(self.snapshot.known.history, self.criteria, since, self.today)

    @cached_property
    def week_changes(self) -> Changes:
        """What changed within seven days."""
        return self.changes_since(self.today - timedelta(days=7))

    @cached_property
    def month_changes(self) -> Changes:
        """What changed within thirty days."""
        return self.changes_since(self.today - timedelta(days=30))

    @cached_property
    def past(self) -> Past:
        """Levels and values of the last twelve months, week by week."""
        return past.past(self.snapshot.known.history, self.criteria, self.today)

    @cached_property
    def course(self) -> Course:
        """Every commune's dossiers of the last twelve months, week by week (months where nobody tells weeks)."""
        begin = self.today - timedelta(weeks=WEEKS)
        return course.course(self.snapshot.known.counts, begin, self.today, self.snapshot.calendar)

    @cached_property
    def dossiers(self) -> Dossiers:
        """The dossiers of the snapshot's period."""
        known, seen = self.snapshot.known, self.snapshot
        return dossiers(
            known.counts.until(self.today),
            known.departments.until(self.today),
            known.communes,
            seen.period,
            self.criteria.throughput_on(self.today),
            self.criteria.peer_flags,
            seen.calendar,
        )

    @cached_property
    def over_time(self) -> dict[str, pd.DataFrame]:
        """The communes' dossiers together per day, week and month, by whoever answers (series.series)."""
        known = self.snapshot.known.counts
        return {
            grain: series.series(known, grain, self.today - back, self.today, self.snapshot.calendar)
            for grain, back in OVER_TIME.items()
        }

    @cached_property
    def at_risk(self) -> pd.DataFrame:
        """Open dossiers by when they fall due, per commune (backlog.at_risk); NaN where no list told of it."""
        found = backlog.at_risk(self.snapshot.opened, self.today, self.snapshot.calendar)
        told = self.snapshot.told
        listed = told[(told["kind"] == LISTS) & (told["as_of"] <= pd.Timestamp(self.today))]["commune_code"]
        # A commune that a list names has nothing open where it has no row; of the others nobody knows.
        nothing_open = sorted(set(listed) - set(found.index)) if len(found) else []
        none = pd.DataFrame(0, index=nothing_open, columns=found.columns)
        return self._per_commune(pd.concat([found, none]) if nothing_open else found)

    @cached_property
    def backlog_age(self) -> pd.DataFrame:
        """How long open dossiers have been lying, per commune (backlog.backlog_age)."""
        return self._per_commune(backlog.backlog_age(self.snapshot.opened, self.today, self.snapshot.calendar))

    @cached_property
    def durations(self) -> pd.DataFrame:
        """Working days that finished dossiers took, per commune (durations.durations)."""
        return self._per_commune(durations.durations(self.snapshot.finished, self.snapshot.calendar))

    @cached_property
    def durations_of_all(self) -> pd.Series | None:
        """The same of all communes' dossiers together; None where no list was told."""
        whole = self.snapshot.finished.assign(unit="all")
        return durations.durations(whole, self.snapshot.calendar).loc["all"] if len(whole) else None

    def _per_commune(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Rows in the order of the communes; NaN where a commune has none."""
        return frame.reindex(list(self.codes))

    @cached_property
    def signals(self) -> tuple[Signal, ...]:
        """What needs a decision today, at most five lines."""
        return signals.signals(signal_input(self.snapshot, self.criteria, self.today))

    @cached_property
    def freshness(self) -> Freshness:
        """Age and state per commune and kind of source."""
        rhythms = {kind: rhythm.expected_every_days for kind, rhythm in self.criteria.rhythms.items()}
        return freshness.freshness(self.snapshot.told, self.codes, rhythms, self.today, self.snapshot.calendar)

    @cached_property
    def on_time_reporting(self) -> dict[str, pd.DataFrame]:
        """Per kind of source with a rhythm, how many of its last periods each commune reported in."""
        return {
            kind: freshness.on_time_reporting(
                self.snapshot.told[self.snapshot.told["kind"] == kind],
                self.codes,
                rhythm.expected_every_days,
                self.today,
                self.snapshot.calendar,
            )
            for kind, rhythm in self.criteria.rhythms.items()
        }

    @cached_property
    def completeness(self) -> pd.DataFrame:
        """Per criterion, of how many communes a value in date is known."""
        return coverage.completeness({one.criterion.code: one.level[:, 0] for one in self.readiness.judged})

    @cached_property
    def unmatched(self) -> pd.DataFrame:
        """Rows that matched no commune, per file."""
        return coverage.unmatched(self.snapshot.problems)

    @cached_property
    def reading_jumps(self) -> pd.DataFrame:
        """Declared values of the last weeks that look wrong beside the ones before."""
        since = self.today - timedelta(days=JUMPS_DAYS)
        return jumps.reading_jumps(self.snapshot.known.history, since, self.today)


def report(snapshot: Snapshot, criteria: Criteria, today: date) -> Report:
    """The report of a province on a day, from what had been told of days until then."""
    return Report(snapshot, criteria, today)
