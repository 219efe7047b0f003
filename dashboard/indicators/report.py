"""One report of a province on one day: pages, exports and other programs all ask it, so they cannot disagree.

Each figure is computed when it is first asked for and kept with the report; nothing here reads a clock or a store.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property

from dashboard.indicators import signals
from dashboard.indicators.criteria import Criteria
from dashboard.indicators.report_dossiers import DossiersPart
from dashboard.indicators.report_sources import SourcesPart
from dashboard.indicators.signal_window import signal_input
from dashboard.indicators.signals import Signal
from dashboard.indicators.snapshot import Snapshot


class Report(SourcesPart, DossiersPart):
    """Everything that is said of a province on `today`; rows of all arrays follow `codes`."""

    @cached_property
    def signals(self) -> tuple[Signal, ...]:
        """What needs a decision today, at most five lines."""
        return signals.signals(signal_input(self.snapshot, self.criteria, self.today))


def report(snapshot: Snapshot, criteria: Criteria, today: date) -> Report:
    """The report of a province on a day, from what had been told of days until then."""
    return Report(snapshot, criteria, today)
