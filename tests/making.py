"""Small batches for tests, written through the store's own door."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from dashboard.batch import AGENCY_COLUMNS, COUNTS, DOSSIER_COLUMNS, READING_COLUMNS, Batch
from dashboard.data_version import DataVersion
from dashboard.errors import Problem
from dashboard.indicators.criteria import Criteria
from dashboard.indicators.readiness import assessment
from dashboard.indicators.readiness.history import History
from dashboard.messages import write_message
from dashboard.store import uploads
from dashboard.store.audit import Author

FIRST_VERSION = DataVersion(1, "a1", "b1")

GREEN_READINGS: dict[str, float] = {
    "network_stable": 1,
    "network_mbps": 120,
    "signature_needed": 20,
    "signature_issued": 20,
    **{
        f"{device}_{part}": 2
        for device in ("computer", "scanner", "photocopier", "queue_machine", "display", "kiosk")
        for part in ("needed", "available")
    },
    "online_meeting": 1,
    "security_device": 1,
    "procedures_published": 1,
    "staff_planned": 7,
    "staff_present": 7,
}


def readings(rows: Iterable[tuple[str, str, float, str, date]]) -> pd.DataFrame:
    """Rows of commune_code, measure, value, basis, as_of."""
    return pd.DataFrame(list(rows), columns=READING_COLUMNS)


def declaration(commune: str, day: date, **changed: float) -> pd.DataFrame:
    """A whole declaration that makes a commune green, but for what is `changed`."""
    return readings(
        (commune, measure, value, "declared", day)
        for measure, value in {**GREEN_READINGS, **changed}.items()
    )


def dossiers(rows: Iterable[dict[str, Any]]) -> pd.DataFrame:
    """Counts per unit and period: `unit`, `first`, `last` (default: the same day) and any of
    COUNTS.
    """
    full = []
    for row in rows:
        unit, first = row.pop("unit"), row.pop("first")
        last = row.pop("last", first)
        counts = {
            name: float(row.pop(name)) if row.get(name) is not None else float("nan")
            for name in COUNTS
        }
        full.append(
            {
                "accepting_unit": row.pop("accepting", None),
                "deciding_unit": unit,
                "period_from": first,
                "period_to": last,
                **counts,
                "mean_days": row.pop("mean_days", float("nan")),
            }
        )
        assert not row, f"no such counts: {row}"
    return pd.DataFrame(full, columns=DOSSIER_COLUMNS)


def batch(
    name: str, province: str = "51", as_of: datetime = datetime(2026, 11, 13, 16), **more: Any
) -> Batch:
    """A batch named `name`; its name is its content's hash, so the same name is the same file."""
    settings = {
        "file_name": f"{name}.xlsx",
        "sha256": name.ljust(64, "0"),
        "file_kind": "readiness",
        "rows": 1,
    }
    return Batch(**{**settings, "province_code": province, "as_of": as_of, **more})


def save_small_upload(engine: Engine, author: Author) -> int:
    """A file of one byte, sent for Quảng Ngãi; its number."""
    return uploads.save_upload(
        engine,
        io.BytesIO(b"x"),
        file_name="a.csv",
        hints={},
        provinces=frozenset({"51"}),
        author=author,
    )


def problem(message: str, remedy: str, *where: Any, **more: Any) -> Problem:
    """A problem in words that no reader says, and that no language translates."""
    words = [write_message("{words}", words=words) for words in (message, remedy)]
    return Problem(words[0], words[1], *where, **more)


def agencies(rows: Iterable[tuple[str, str, str, str | None]]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=AGENCY_COLUMNS)


def count_levels_over_time(
    history: History, criteria: Criteria, days: Sequence[date]
) -> pd.DataFrame:
    """How many communes were at each level on each day, a row a day."""
    overall = assessment.assess_levels_over_time(history, criteria, days)
    return assessment.tabulate_levels(overall, days)
