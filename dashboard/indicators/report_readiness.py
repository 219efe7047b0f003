"""The part of a report that is about readiness: levels, the way to green, and how both came about."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pandas as pd

from dashboard.indicators import bottlenecks, changes, fixes, gaps, need, pace, past, readiness
from dashboard.indicators.bottlenecks import Reporting
from dashboard.indicators.changes import Changes
from dashboard.indicators.criteria import FIRST_DAY
from dashboard.indicators.gaps import Gaps
from dashboard.indicators.history import Told
from dashboard.indicators.levels import Flags
from dashboard.indicators.need import Need
from dashboard.indicators.pace import Pace
from dashboard.indicators.past import Past
from dashboard.indicators.readiness import Readiness
from dashboard.indicators.report_seen import Seen


class ReadinessPart(Seen):
    """Each figure is computed when it is first asked for and kept."""

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
