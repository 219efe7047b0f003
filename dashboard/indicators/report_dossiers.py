"""The part of a report that is about dossiers: of its period, over time, and one by one where lists tell them."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property

import pandas as pd

from dashboard.indicators import backlog, course, durations, series
from dashboard.indicators.course import Course
from dashboard.indicators.dossiers import Dossiers, dossiers
from dashboard.indicators.past import WEEKS
from dashboard.indicators.report_seen import Seen

# How far back a curve of each grain goes: eight weeks of days, half a year of weeks, two years of months.
OVER_TIME = {"day": timedelta(days=55), "week": timedelta(weeks=25), "month": timedelta(days=730)}
LISTS = "dossiers"  # the kind of file that tells single dossiers


class DossiersPart(Seen):
    """Each figure is computed when it is first asked for and kept."""

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
