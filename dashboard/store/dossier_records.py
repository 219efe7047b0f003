"""Single dossiers: written chunk by chunk, then added up into the day counts that every
page reads.
"""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, select, text

from dashboard.batch import SINGLE_COLUMNS, Batch
from dashboard.store import schema
from dashboard.store.bulk_writer import insert_frame, upsert_rows
from dashboard.store.read import read_query

_UNIT_COLUMNS = ("accepting_unit", "deciding_unit")


def insert_dossiers(connection: Connection, batch: Batch, batch_id: int) -> int:
    """Write the batch's single dossiers; how many. No code may stand twice in one batch."""
    total = 0
    units = _UnitCodes(connection, batch.province_code)
    for chunk in batch.singles:
        units_by_column = {name: units.resolve_units(chunk[name]) for name in _UNIT_COLUMNS}
        rows = chunk[SINGLE_COLUMNS].assign(**units_by_column)
        # In the order of the table's key, neighbours are written together.
        total += insert_frame(connection, schema.dossier, rows.sort_values("code"), batch_id)
    return total


class _UnitCodes:
    """Units by any of their codes: an agency code that was learned for a commune is
    that commune.
    """

    def __init__(self, connection: Connection, province: str):
        self._connection = connection
        self._province = province
        agency = schema.agency.c
        learned = select(agency.agency_code, agency.commune_code).where(
            agency.commune_code.is_not(None)
        )
        self._codes = {code: code for code in connection.scalars(select(schema.unit.c.code))}
        self._codes |= {row.agency_code: row.commune_code for row in connection.execute(learned)}

    def resolve_units(self, column: pd.Series) -> pd.Series:
        """The column with every unit as it is known; one that is not becomes a department of the
        province.
        """
        fresh = [code for code in column.dropna().unique() if code not in self._codes]
        if fresh:
            rows = [
                {"code": code, "level": "department", "province_code": self._province}
                for code in fresh
            ]
            upsert_rows(self._connection, schema.unit, rows, replace_known=False)
            self._codes |= {code: code for code in fresh}
        return column.map(self._codes).astype(object)


def count_days(connection: Connection, batch: Batch, batch_id: int) -> None:
    """Count anew, in this batch's name, every day that its dossiers touch
    (queries/count_dossiers_by_day.sql).
    """
    values = {"province": batch.province_code, "batch": batch_id}
    connection.execute(text(read_query("count_dossiers_by_day")), values)
