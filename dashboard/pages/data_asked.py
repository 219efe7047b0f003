"""What /du-lieu asks, once for all its parts and only when one of them wants it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import pandas as pd

from dashboard.indicators.report import Report
from dashboard.pages import sources_told
from dashboard.pages.document import Asked
from dashboard.views import coverage, differences, office_work
from dashboard.views.differences import Unmatched
from dashboard.views.office_work import Task

ONLY_LATE = {"only": "late"}


def only_late(asked: Asked) -> bool:
    """Whether only the communes are asked for that are late or never told; needs no store."""
    return asked.query.get("only") == ONLY_LATE["only"]


class Data:
    """One request's report, words of kinds, batches and problems."""

    def __init__(self, asked: Asked) -> None:
        self.asked, self.engine, self.province = asked, asked.reports.engine, asked.view.province

    @cached_property
    def report(self) -> Report:
        return self.asked.reports.report(self.province, self.asked.day, self.asked.version)

    @cached_property
    def kinds(self) -> dict[str, str]:
        """The word of every kind of source, as the criteria call it."""
        rhythms = self.asked.reports.criteria.rhythms
        return sources_told.kind_words() | {kind: rhythm.name for kind, rhythm in rhythms.items()}

    @cached_property
    def batches(self) -> pd.DataFrame:
        return sources_told.batches(self.engine, self.province, self.asked.day)

    @cached_property
    def problem_files(self) -> list[dict[str, Any]]:
        return sources_told.problems(self.engine, self.province, self.batches)

    @cached_property
    def matrix(self) -> list[coverage.Row]:
        return coverage.rows(self.report)

    def sources(self) -> list[dict[str, Any]]:
        told = coverage.told_kinds(self.report.freshness)
        return sources_told.per_kind(self.batches, self.asked.reports.criteria.rhythms, self.asked.day, told)

    def listed(self) -> list[dict[str, Any]]:
        return [sources_told.row(batch) for _, batch in self.batches.iterrows()]

    def unmatched(self) -> list[Unmatched]:
        found = self.report.unmatched
        return differences.unmatched(found[found["batch"].isin(self.batches["batch"])])

    def tasks(self) -> list[Task]:
        severity = [row["severity"] for file in self.problem_files for row in file["rows"]]
        refused = severity.count(sources_told.SEVERITIES["refused"])
        return office_work.tasks(self.report, self.kinds, self.unmatched(), refused, len(severity) - refused)
