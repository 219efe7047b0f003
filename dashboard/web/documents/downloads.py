"""Tables to take along, each described once for both its files: what its columns hold and mean, and
its rows (`DownloadTable`). As CSV here, as a workbook in workbooks.py.

CSV: columns are parted by commas, as in `export`: one form everywhere, which our own import reads
too. A semicolon would suit only a Windows whose decimal sign is a comma, and Vietnamese offices
have both kinds; a share is written in per cent there, beside its two counts. No cell becomes a
formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import lru_cache

from flask import Response

from dashboard import text
from dashboard.indicators.catalogue import INDICATORS
from dashboard.text import escape_formula, format_csv_row

TableCell = str | int | float | date | None


class CellType(Enum):
    """What the cells of a column are; a text stays one in any of them."""

    TEXT = "text"
    CODE = "code"
    NUMBER = "number"
    SHARE = "share"  # a fraction, 0.5 for 50%
    DAY = "day"  # a date, or a datetime where the hour is told


@dataclass(frozen=True)
class TableColumn:
    """A column: the words of its head, what they mean, and what its cells are."""

    head: str
    meaning: str
    cells: CellType = CellType.TEXT


@dataclass(frozen=True)
class DownloadTable:
    """A table: its columns and rows (None is a blank, what is not known), its title, and whose
    figures it holds where that is less than all the province's sources.
    """

    columns: Sequence[TableColumn]
    rows: Iterable[Sequence[TableCell]]
    title: str
    source: str = ""


@lru_cache(maxsize=1)
def build_unit_columns() -> tuple[TableColumn, TableColumn]:
    """Code and name of a commune, with which most tables begin."""
    return (
        TableColumn(
            "Mã",
            "Mã đơn vị hành chính cấp xã theo danh mục hiện hành; là chữ, không phải số",
            CellType.CODE,
        ),
        TableColumn("Đơn vị", "Tên xã, phường, đặc khu"),
    )


@lru_cache(maxsize=128)
def explain_indicator(code: str) -> str:
    """What the catalogue says of an indicator, for the head of its column: what it means, how it is
    computed, where it stands.
    """
    indicator = INDICATORS[code]
    return (
        f"{indicator.meaning.vi} Cách tính: {indicator.formula.vi}; nguồn: {indicator.source.vi}."
    )


def name_download(name: str, ending: str) -> dict[str, str]:
    """The headers of an answer that is saved as a file of that name."""
    return {
        "Content-Disposition": f'attachment; filename="{name}.{ending}"',
        "Cache-Control": "no-cache",
    }


def respond_with_csv(table: DownloadTable, name: str) -> Response:
    """The table as a file `name`.csv, with the byte-order mark by which Excel knows Vietnamese."""
    heads = [escape_formula(column.head) for column in table.columns]
    lines = [format_csv_row(heads)]
    for row in table.rows:
        cells = zip(table.columns, row, strict=True)
        lines.append(format_csv_row([_write_cell(column, cell) for column, cell in cells]))
    written = "".join(f"{line}\r\n" for line in lines)
    return Response(f"\ufeff{written}", mimetype="text/csv", headers=name_download(name, "csv"))


def _write_cell(column: TableColumn, cell: TableCell) -> str | int | float | None:
    if isinstance(cell, datetime):
        return text.format_moment(cell)
    if isinstance(cell, date):
        return text.format_day(cell)
    if isinstance(cell, float):
        if cell != cell:
            return None  # not told
        number = round(100 * cell, 1) if column.cells is CellType.SHARE else cell
        return int(number) if number.is_integer() else str(number).replace(".", ",")
    return escape_formula(cell)
