"""What one request to /api/v1 is about: a province on a day, in one state of the store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import pandas as pd

from dashboard.data_version import DataVersion
from dashboard.indicators.report import Report
from dashboard.indicators.throughput.periods import Period
from dashboard.reports import Reports
from dashboard.web.api.communes import list_communes_json
from dashboard.web.documents import data_sources


@dataclass(frozen=True, eq=False)
class ProvinceQuestion:
    """A province on a day; `period`: days of its dossier figures, None: the newest told."""

    reports: Reports
    province: str
    day: date
    version: DataVersion
    period: Period | None = None

    @property
    def report(self) -> Report:
        """The report that the pages show."""
        return self.reports.report(self.province, self.day, self.version, self.period)

    @cached_property
    def communes(self) -> list[dict[str, Any]]:
        """What /api/report tells of each commune."""
        return list_communes_json(self.report)

    @property
    def commune_names(self) -> dict[str, str]:
        names = self.report.communes["name"]
        return {str(code): str(name) for code, name in names.items()}

    @cached_property
    def communes_of_teams(self) -> dict[str, frozenset[str]]:
        """Which communes each team looks after, by the team's id."""
        teams = self.reports.field_plans(self.province, self.version).teams
        return {
            str(row["team_id"]): frozenset(str(row["communes"] or "").split())
            for row in teams.to_dict("records")
        }

    def keep_rows(self, name: str, make_rows: Callable[[], list[Any]]) -> list[Any]:
        """Rows made once for the province, day, version and period."""
        key = (name, self.province, self.day, self.version, self.period)
        rows: list[Any] = self.reports.kept_rows.get(key, make_rows)
        return rows

    def head(self) -> dict[str, Any]:
        """What models.ProvinceAnswerHead says around every answer."""
        moment = self.reports.data_time(self.province, self.day, self.version)
        return {
            "data_version": self.version.number,
            "data_token": self.version.token,
            "province": self.province,
            "as_of": self.day,
            "data_time": zone_moment(moment),
            "simulated": data_sources.is_simulated(self.reports, self.province, self.version),
        }


def zone_moment(moment: Any) -> str | None:
    """A moment of Vietnam's time as programs read it; None where there is none."""
    return None if pd.isna(moment) else data_sources.format_zoned_moment(pd.Timestamp(moment))


def find_day(moment: Any) -> date | None:
    """The day of a moment; None where there is none."""
    return None if pd.isna(moment) else pd.Timestamp(moment).date()


def count_days(day: date, earlier: Any) -> int:
    """How many days ago a moment was."""
    return (day - pd.Timestamp(earlier).date()) // timedelta(days=1)
