"""What the pages of dossiers share: the report of the period that is asked for, who answers, links to other periods."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any

from dashboard.indicators.dossiers import Dossiers
from dashboard.indicators.periods import Period
from dashboard.pages import navigation, period_asked, sources_told
from dashboard.pages.document import Asked
from dashboard.pages.period_asked import Chosen
from dashboard.pages.sources_told import kind_words
from dashboard.views import dossier_words, headline, throughput


class DossierPage:
    """One page's answer; everything is asked once and only when a part wants it."""

    path = ""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked

    @cached_property
    def chosen(self) -> Chosen:
        return period_asked.chosen(self.asked)

    @property
    def dossiers(self) -> Dossiers:
        return self.chosen.report.dossiers

    @cached_property
    def names(self) -> list[str]:
        """The communes' names, in the order of the report."""
        return [str(name) for name in self.chosen.report.communes["name"]]

    @property
    def period_in_address(self) -> Period | None:
        """None for the newest period, which is not named, so that the link stays live."""
        return None if self.chosen.newest else self.chosen.whole

    def address(self, period: Period | None, fields: Mapping[str, str]) -> str:
        """This page for another period, or with other fields of its own."""
        named = {} if period is None else {"period": period_asked.write(period)}
        return navigation.address(self.path, self.asked.view, {**named, **fields})

    @property
    def _kind(self) -> str:
        found = self.dossiers.answer
        return "" if found is None else kind_words().get(found.kind, found.kind)

    @property
    def _newest_on(self) -> date | None:
        """The report's day where the figures are its newest: those of an earlier period are past, not old."""
        period = self.dossiers.period
        running = period is not None and bool(period.part_of)
        return self.asked.day if self.chosen.newest or running else None

    @property
    def title_end(self) -> str:
        """What a title says of figures that grew old."""
        found, day = self.dossiers.answer, self._newest_on
        return "; số liệu cũ" if found is not None and day is not None and headline.is_old(found, day) else ""

    def named(self) -> str:
        """The period in words; "" where there is none."""
        return "" if self.chosen.whole is None else dossier_words.named(self.chosen.whole)

    def answering(self) -> str:
        """Who tells of the period, and until when: what a picture of its figures says."""
        found = self.dossiers.answer
        return "" if found is None else f"{self._kind}, {headline.reach(found, self.asked.today, self._newest_on)}"

    def source(self) -> str:
        """Who told of the last year, and until when, whatever period is chosen."""
        asked = self.asked
        newest = asked.reports.report(asked.view.province, asked.day, asked.version)
        return sources_told.of_dossiers(newest, asked.today)

    def coverage(self) -> dict[str, Any] | None:
        """Who answers and for how many communes; None where nobody does."""
        return throughput.coverage(self.dossiers, self._kind, self.asked.today, self._newest_on)
