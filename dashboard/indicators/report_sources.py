"""The part of a report that is about its sources: how old, how complete, and what looks wrong in them."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property

import pandas as pd

from dashboard.indicators import coverage, freshness, jumps
from dashboard.indicators.freshness import Freshness
from dashboard.indicators.report_readiness import ReadinessPart

JUMPS_DAYS = 30  # an odd figure of a month ago has been looked at or never will be


class SourcesPart(ReadinessPart):
    """How complete a criterion is depends on how it was judged; the rest on what was told."""

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
