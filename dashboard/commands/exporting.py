"""`export`: what the store knows of a province, as CSV or JSON. `import` reads it back (sources/exported.py)."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from dashboard import reference, store
from dashboard.batch import CERTIFICATES, COUNTS
from dashboard.cells import formula_safe
from dashboard.commands import reporting, telling
from dashboard.errors import DashboardError
from dashboard.measures import plain
from dashboard.settings import Settings
from dashboard.store import listing, read

_ALWAYS, _EVER = date(1, 1, 1), date(9999, 12, 31)


@dataclass(frozen=True)
class Asked:
    """Of which province and days: `as_of` what was known by a day, else all from `first` to `last`."""

    province: str
    as_of: date | None
    first: date
    last: date


def _readings(engine: Engine, asked: Asked) -> pd.DataFrame:
    """With --as-of the last value of each commune, measure and basis; without it the whole history."""
    if asked.as_of:
        frame = read.latest_readings(engine, asked.province, asked.as_of)
        frame = frame[frame["as_of"] >= pd.Timestamp(asked.first).as_unit("s")] if asked.first > _ALWAYS else frame
    else:
        frame = listing.readings(engine, asked.province, asked.first, asked.last)
    values = [plain(measure, value) for measure, value in zip(frame["measure"], frame["value"], strict=True)]
    return frame.assign(value=pd.Series(values, index=frame.index, dtype=object))


def _dossiers(engine: Engine, asked: Asked) -> pd.DataFrame:
    last = min(asked.last, asked.as_of or asked.last)
    frame = listing.dossiers(engine, asked.province, asked.first, last)
    frame[COUNTS] = frame[COUNTS].astype("Int64")
    return frame.rename(columns={"period_from": "from", "period_to": "to"})


def _certificates(engine: Engine, asked: Asked) -> pd.DataFrame:
    if asked.as_of:
        frame = listing.latest_certificates(engine, asked.province, asked.as_of)
    else:
        frame = listing.certificates(engine, asked.province, asked.first, asked.last)
    frame[CERTIFICATES] = frame[CERTIFICATES].astype("Int64")
    return frame


def _communes(_engine: Engine, asked: Asked) -> pd.DataFrame:
    return reference.communes_of(asked.province).reset_index(names="commune_code").drop(columns="bare_name")


def _batches(engine: Engine, asked: Asked) -> pd.DataFrame:
    return listing.batches(engine, asked.province)


def _problems(engine: Engine, asked: Asked) -> pd.DataFrame:
    frame = listing.problems(engine, asked.province)
    return frame.assign(row=frame["row"].astype("Int64"))


EXPORTS: dict[str, Callable[[Engine, Asked], pd.DataFrame]] = {
    "readings": _readings,
    "dossiers": _dossiers,
    "certificates": _certificates,
    "batches": _batches,
    "problems": _problems,
    "communes": _communes,
}


def export(settings: Settings, asked: argparse.Namespace) -> int:
    """Rows of one kind for one province; empty cells are what no source told."""
    if asked.what == "report":
        return reporting.export_report(settings, asked)
    telling.known_province(asked.province)
    first, last = asked.first or _ALWAYS, asked.last or _EVER
    if first > last:
        raise DashboardError(f"--from {first} nằm sau --to {last}; hãy đổi lại hai ngày")
    engine = store.open_store(settings.database_url)
    frame = EXPORTS[asked.what](engine, Asked(asked.province, asked.as_of, first, last))
    engine.dispose()
    write = _as_json if asked.format == "json" else _as_csv
    write(_with_days(frame))
    return telling.DONE


def _with_days(frame: pd.DataFrame) -> pd.DataFrame:
    """Days as 2025-07-13, the moments of a batch as 2025-07-13T16:00:00, what is not known as None."""
    frame = frame.copy()
    moments = {"imported_at", "undone_at", "as_of"} if "imported_at" in frame else set()
    for column in frame.select_dtypes("datetime"):
        frame[column] = frame[column].dt.strftime("%Y-%m-%dT%H:%M:%S" if column in moments else "%Y-%m-%d")
    return frame.astype(object).where(frame.notna(), None)


def _as_json(rows: pd.DataFrame) -> None:
    """A JSON list with one record a line."""
    names = list(rows.columns)
    columns = [rows[name].tolist() for name in names]
    lines = (json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) for row in zip(*columns, strict=True))
    sys.stdout.write("[")
    for place, line in enumerate(lines):
        sys.stdout.write(f"{',' if place else ''}\n {line}")
    print("\n]")


def _as_csv(rows: pd.DataFrame) -> None:
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(rows.columns)
    out.writerows(zip(*([_cell(value) for value in rows[name].tolist()] for name in rows.columns), strict=True))


def _cell(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else formula_safe(value)
