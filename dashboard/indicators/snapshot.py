"""All that a province's report is computed from: frames of the store, and what was sorted once per
version of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from dashboard.batch import (
    CERTIFICATE_COLUMNS,
    FEEDBACK_COLUMNS,
    FOLLOW_UP_COLUMNS,
    RESOURCE_COLUMNS,
    SUPPORT_STEP_COLUMNS,
)
from dashboard.data_version import DataVersion
from dashboard.indicators.field.follow_ups import EVIDENCE_COLUMNS, PromiseLog
from dashboard.indicators.field.support_requests import SupportLog
from dashboard.indicators.readiness.history import History
from dashboard.indicators.throughput.counts import DossierCounts
from dashboard.indicators.throughput.periods import Period
from dashboard.workdays import WorkingDayCalendar

REPORTING_DAY_COLUMNS = ["kind", "commune_code", "as_of"]
OPEN_DOSSIER_COLUMNS = [
    "unit",
    "received_on",
    "due_on",
    "state_group",
    "is_overdue",
    "dossiers",
    "told_at",
]
FINISHED_DOSSIER_COLUMNS = ["unit", "received_on", "finished_on", "due_on", "dossiers"]
FOLLOW_UP_DAYS = ("promised_on", "due_on", "withdrawn_on")
OUTAGE_STRETCH_COLUMNS = ["commune_code", "began_at", "ended_at"]
PROBLEM_COLUMNS = ["batch", "file_name", "severity", "row", "column", "value", "message", "remedy"]


@dataclass(frozen=True, eq=False)
class ProvinceData:
    """What the store knows of one province at one version, all days. Sorting is done here, once per
    version.

    communes      indexed by code, in the order of the screen: name, bare_name, kind.
    history       readings, sorted.
    counts        dossiers of the communes; `departments` those of the departments, always apart,
                  by their codes; `department_names` their names.
    certificates  commune_code, as_of (datetime64), batch.CERTIFICATES.
    outages       commune_code, began_at, ended_at (datetime64; NaT: not over when the log ends).
    promises      what offices promised, and what was told of it since.
    support       requests for help.
    resources     batch.RESOURCE_COLUMNS (days datetime64): what the province gives its communes.
    feedback      batch.FEEDBACK_COLUMNS (days datetime64): what citizens told.
    """

    communes: pd.DataFrame
    history: History
    counts: DossierCounts
    departments: DossierCounts
    certificates: pd.DataFrame
    outages: pd.DataFrame
    department_names: Mapping[str, str] = field(default_factory=dict)
    promises: PromiseLog = field(
        default_factory=lambda: PromiseLog(
            _empty_frame(FOLLOW_UP_COLUMNS, *FOLLOW_UP_DAYS),
            _empty_frame(EVIDENCE_COLUMNS, "as_of"),
        )
    )
    support: SupportLog = field(
        default_factory=lambda: SupportLog(_empty_frame(SUPPORT_STEP_COLUMNS, "stepped_at"))
    )
    resources: pd.DataFrame = field(
        default_factory=lambda: _empty_frame(RESOURCE_COLUMNS, "began_on", "ended_on")
    )
    feedback: pd.DataFrame = field(
        default_factory=lambda: _empty_frame(FEEDBACK_COLUMNS, "period_from", "period_to")
    )

    @classmethod
    def of(
        cls,
        communes: pd.DataFrame,
        readings: pd.DataFrame,
        counts: pd.DataFrame,
        certificates: pd.DataFrame,
        outages: pd.DataFrame | None = None,
        department_names: Mapping[str, str] | None = None,
    ) -> ProvinceData:
        """`readings`: commune_code, measure, basis, as_of (datetime64), value; they are kept sorted
        only. `counts` holds communes and departments (`level`), which part here.
        """
        return cls(
            communes,
            History(readings, [str(code) for code in communes.index]),
            *part_counts(counts, communes),
            certificates,
            build_empty_outage_frame() if outages is None else outages,
            department_names or {},
        )


def part_counts(
    counts: pd.DataFrame, communes: pd.DataFrame
) -> tuple[DossierCounts, DossierCounts]:
    """What was told of the communes' dossiers and of the departments' (`level`)."""
    of_departments = counts[counts["level"] == "department"]
    units = sorted(str(unit) for unit in of_departments["unit"].unique())
    codes = [str(code) for code in communes.index]
    return (
        DossierCounts(counts[counts["level"] == "commune"], codes),
        DossierCounts(of_departments, units),
    )


def replace_counts(
    communes: DossierCounts, departments: DossierCounts, counts: pd.DataFrame
) -> tuple[DossierCounts, DossierCounts]:
    """Counts of both with rows (`level`) in the place of those of the same unit, kind and
    period.
    """
    of_departments = counts[counts["level"] == "department"]
    units = sorted({*departments.units, *map(str, of_departments["unit"].unique())})
    return (
        communes.with_rows(counts[counts["level"] == "commune"], communes.units),
        departments.with_rows(of_departments, units),
    )


def _empty_frame(columns: list[str], *days: str) -> pd.DataFrame:
    return pd.DataFrame(columns=columns).astype(dict.fromkeys(days, "datetime64[s]"))


def _list_nothing_open() -> pd.DataFrame:
    return _empty_frame(OPEN_DOSSIER_COLUMNS, "received_on", "due_on", "told_at")


def _list_nothing_finished() -> pd.DataFrame:
    days = ("received_on", "finished_on", "due_on")
    return _empty_frame(FINISHED_DOSSIER_COLUMNS, *days).astype({"dossiers": "int64"})


@dataclass(frozen=True, eq=False)
class ListedDossiers:
    """What lists of single dossiers tell, made when somebody looks: in a large province it costs
    more than all else, and most pages show counts alone.

    fetch_opened    OPEN_DOSSIER_COLUMNS, and
    fetch_finished  FINISHED_DOSSIER_COLUMNS: groups of alike ones (store/dossiers.py), open on the
                    evening of the report's day and finished within its period; empty where no list
                    was told.
    fetch_ends      balance.LISTED_END_COLUMNS of the ends of the period; None: no list was told.
    """

    fetch_opened: Callable[[], pd.DataFrame] = _list_nothing_open
    fetch_finished: Callable[[], pd.DataFrame] = _list_nothing_finished
    fetch_ends: Callable[[], pd.DataFrame | None] = lambda: None


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What a report of one day sees: all that is known, and what was asked for that day.

    period          the days that its dossier figures speak of; None: no source told any.
    reporting_days  REPORTING_DAY_COLUMNS: which commune was told of by which kind of source on
                    which day.
    problems        PROBLEM_COLUMNS: rows that could not be read, of the batches that count.
    listed          what lists of single dossiers tell of that day and period.
    """

    province: str
    version: DataVersion
    province_data: ProvinceData
    calendar: WorkingDayCalendar
    period: Period | None = None
    reporting_days: pd.DataFrame = field(
        default_factory=lambda: _empty_frame(REPORTING_DAY_COLUMNS, "as_of")
    )
    problems: pd.DataFrame = field(default_factory=lambda: _empty_frame(PROBLEM_COLUMNS))
    listed: ListedDossiers = field(default_factory=ListedDossiers)

    @property
    def codes(self) -> tuple[str, ...]:
        return self.province_data.history.codes


def build_empty_certificate_frame() -> pd.DataFrame:
    """A province of whose certificates nobody told."""
    return _empty_frame(CERTIFICATE_COLUMNS, "as_of")


def build_empty_outage_frame() -> pd.DataFrame:
    """A province whose lines nobody probed."""
    return _empty_frame(OUTAGE_STRETCH_COLUMNS, "began_at", "ended_at")
