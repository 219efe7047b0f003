"""What one file says, read and checked, on its way from `sources` (or `sample`) to `store`.

This module is the whole agreement between readers and store: frames with these columns, nothing
else. Readers never touch the database; the store never opens a file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

import pandas as pd

from dashboard.errors import Problem

# simulated figures step aside for the first imported file of their province; published facts stay.
Origin = Literal["imported", "published", "simulated"]

READING_COLUMNS = ["commune_code", "measure", "value", "basis", "as_of"]

COUNTS = [
    "received",
    "received_online",
    "received_in_person",
    "received_post",
    "received_other",
    "carried_over",
    "resolved",
    "resolved_early",
    "resolved_on_time",
    "resolved_late",
    "open",
    "open_in_term",
    "open_overdue",
    "paused",
    "digitised",
    "e_result",
    # The national index's "on time" (766): resolved in time plus still open in term. Sources that
    # print only this figure (the portal's progress list) fill it; others leave it missing.
    "on_time_766",
]
DOSSIER_COLUMNS = ["accepting_unit", "deciding_unit", "period_from", "period_to", *COUNTS, "mean_days"]
AGENCY_COLUMNS = ["agency_code", "name", "level", "commune_code"]


def no_readings() -> pd.DataFrame:
    return pd.DataFrame(columns=READING_COLUMNS)


def no_dossiers() -> pd.DataFrame:
    return pd.DataFrame(columns=DOSSIER_COLUMNS)


def no_agencies() -> pd.DataFrame:
    return pd.DataFrame(columns=AGENCY_COLUMNS)


@dataclass(frozen=True)
class Batch:
    """One file's content. A part that the file does not have is an empty frame.

    readings   one row per commune, measure, basis and day: `commune_code` str of five digits,
               `measure` of `measures.MEASURES`, `value` float, `basis` declared|verified,
               `as_of` date.
    dossiers   one row per unit and period: `accepting_unit`, `deciding_unit` a commune code or
               an agency code, or None where the source does not tell; `period_from`,
               `period_to` dates, both inclusive; COUNTS float with NaN where the source does not
               tell (a blank is never 0); `mean_days` float.
    agencies   agencies named in the file: `agency_code` ("H44.216"), `name`, `level`
               ("commune"|"department"), `commune_code` or None.
    """

    file_name: str
    sha256: str
    kind: str
    province_code: str
    as_of: datetime
    rows: int
    origin: Origin = "imported"
    period: tuple[date, date] | None = None
    readings: pd.DataFrame = field(default_factory=no_readings)
    dossiers: pd.DataFrame = field(default_factory=no_dossiers)
    agencies: pd.DataFrame = field(default_factory=no_agencies)
    problems: tuple[Problem, ...] = ()
