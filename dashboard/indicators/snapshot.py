"""All that a province's report is computed from: frames of the store, and what was sorted once per version of them."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from dashboard.batch import CERTIFICATE_COLUMNS
from dashboard.indicators.counts import Counts
from dashboard.indicators.history import History
from dashboard.indicators.periods import Period
from dashboard.workdays import Calendar

TOLD = ["kind", "commune_code", "as_of"]
OPENED = ["unit", "received_on", "due_on", "state_group", "dossiers", "told_at"]
FINISHED = ["unit", "received_on", "finished_on", "due_on", "dossiers"]
PROBLEMS = ["batch", "file_name", "severity", "row", "column", "value", "message", "remedy"]


@dataclass(frozen=True, eq=False)
class Known:
    """What the store knows of one province at one version, all days. Sorting is done here, once per version.

    communes      indexed by code, in the order of the screen: name, bare_name, kind.
    history       readings, sorted.
    counts        dossiers of the communes; `departments` those of the departments, always apart.
    certificates  commune_code, as_of (datetime64), batch.CERTIFICATES.
    """

    communes: pd.DataFrame
    history: History
    counts: Counts
    departments: Counts
    certificates: pd.DataFrame

    @classmethod
    def of(
        cls, communes: pd.DataFrame, readings: pd.DataFrame, counts: pd.DataFrame, certificates: pd.DataFrame
    ) -> Known:
        """`readings`: commune_code, measure, basis, as_of (datetime64), value; they are kept sorted only.
        `counts` holds communes and departments (`level`), which part here.
        """
        apart = counts[counts["level"] == "department"]
        codes = [str(code) for code in communes.index]
        return cls(
            communes,
            History(readings, codes),
            Counts(counts[counts["level"] == "commune"], codes),
            Counts(apart, sorted(str(unit) for unit in apart["unit"].unique())),
            certificates,
        )


def _empty(columns: list[str], *days: str) -> pd.DataFrame:
    return pd.DataFrame(columns=columns).astype(dict.fromkeys(days, "datetime64[s]"))


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What a report of one day sees: all that is known, and what was asked for that day.

    period    the days that its dossier figures speak of; None: no source told any.
    told      TOLD: which commune was told of by which kind of source on which day.
    problems  PROBLEMS: rows that could not be read, of the batches that count.
    opened    OPENED, finished FINISHED: single dossiers in groups of alike ones (store.dossiers), open on the
              evening of that day and finished within the period; empty where no list was told.
    """

    province: str
    version: int
    known: Known
    calendar: Calendar
    period: Period | None = None
    told: pd.DataFrame = field(default_factory=lambda: _empty(TOLD, "as_of"))
    problems: pd.DataFrame = field(default_factory=lambda: _empty(PROBLEMS))
    opened: pd.DataFrame = field(default_factory=lambda: _empty(OPENED, "received_on", "due_on", "told_at"))
    finished: pd.DataFrame = field(
        default_factory=lambda: _empty(FINISHED, "received_on", "finished_on", "due_on").astype({"dossiers": "int64"})
    )

    @property
    def codes(self) -> tuple[str, ...]:
        return self.known.history.codes


def no_certificates() -> pd.DataFrame:
    """A province of whose certificates nobody told."""
    return _empty(CERTIFICATE_COLUMNS, "as_of")
