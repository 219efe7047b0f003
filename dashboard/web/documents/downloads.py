"""Tables to take along: CSV that Excel opens right and that no cell turns into a formula.

Columns are parted by commas, as in `export` and in the table of `/`: one form everywhere, which our
own import reads too. A semicolon would suit only a Windows whose decimal sign is a comma, and
Vietnamese offices have both kinds. For the same reason a rate is given as its two counts, which
every Excel reads alike, not as a fraction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import Response

from dashboard.text import escape_formula, format_csv_row

CsvCell = str | int | float | None


@dataclass(frozen=True)
class CsvTable:
    """A table: the words of its head, and its rows; None is a blank, what is not known."""

    head: Sequence[str]
    rows: Iterable[Sequence[CsvCell]]


def respond_with_csv(table: CsvTable, name: str) -> Response:
    """The table as a file `name`.csv, with the byte-order mark by which Excel knows Vietnamese."""
    rows = [table.head, *table.rows]
    written = "".join(f"{format_csv_row(map(_write_cell, row))}\r\n" for row in rows)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.csv"',
        "Cache-Control": "no-cache",
    }
    return Response(f"\ufeff{written}", mimetype="text/csv", headers=headers)


def _write_cell(cell: CsvCell) -> str | int | float | None:
    if isinstance(cell, float):
        if cell != cell:
            return None  # not told
        return int(cell) if cell.is_integer() else str(cell).replace(".", ",")
    return escape_formula(cell)
