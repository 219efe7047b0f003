"""Declarations as offices write them: true values, and any layout, spelling and file format for
them.
"""

from __future__ import annotations

import csv
import io
import unicodedata
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import xlwt

from dashboard import reference
from dashboard.batch import Batch
from dashboard.measures import MEASURES, restore_value_type

TITLES = [
    ["BIỂU TỔNG HỢP ĐIỀU KIỆN VẬN HÀNH TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG CẤP XÃ"],
    ["(Số liệu tính đến 16h ngày 13/07/2025, do các xã, phường tự kê khai)"],
]
# A column: what it holds, and its headings from the top row down.
COLUMNS: list[tuple[str, tuple[str, ...]]] = [
    ("number", ("STT",)),
    ("commune_code", ("Mã ĐVHC",)),
    ("commune", ("Xã, phường, đặc khu",)),
    ("network_stable", ("Hạ tầng mạng", "Đường truyền thông suốt")),
    ("network_mbps", ("Hạ tầng mạng", "Tốc độ (Mbps)")),
    ("signature_needed", ("Chữ ký số", "Cần")),
    ("signature_issued", ("Chữ ký số", "Đã cấp")),
    ("computer_needed", ("Máy tính", "Cần")),
    ("computer_available", ("Máy tính", "Có")),
    ("scanner_needed", ("Máy scan", "Cần")),
    ("scanner_available", ("Máy scan", "Có")),
    ("kiosk_needed", ("Thiết bị tra cứu TTHC", "Cần")),
    ("kiosk_available", ("Thiết bị tra cứu TTHC", "Có")),
    ("online_meeting", ("Họp trực tuyến từ Trung ương",)),
    ("staff_planned", ("Nhân sự một cửa", "Biên chế")),
    ("staff_present", ("Nhân sự một cửa", "Hiện có")),
    ("self_rating", ("Tự đánh giá",)),
    ("declared_on", ("Ngày kê khai",)),
]
Grid = list[list[Any]]


def some_communes(province: str, count: int) -> list[str]:
    return [str(code) for code in reference.select_communes_of_province(province).index[:count]]


def official(code: str) -> str:
    return str(reference.load_communes().at[code, "name"])


def true_values(code: str, salt: int = 0) -> dict[str, Any]:
    """A declaration that depends on the commune only: every writing of it can be compared."""
    seed = int(code) + salt
    values: dict[str, Any] = {}
    for column, (name, _) in enumerate(COLUMNS):
        if name in MEASURES:
            part = (seed * (column + 3)) % 40
            value_type = MEASURES[name].type
            values[name] = {
                "flag": bool(part % 2),
                "count": part,
                "mbps": round(4.5 + part * 7.3, 1),
                "rating": ("red", "yellow", "green")[part % 3],
            }[value_type]
    values["declared_on"] = date(2025, 7, 1 + seed % 13)
    return values


def as_written(name: str, value: Any) -> Any:
    """The plainest way to write a value; tests of `values` try the others."""
    if value is None:
        return None
    words = {"red": "Đỏ", "yellow": "Vàng", "green": "Xanh", True: "Đạt", False: "Không đạt"}
    if name in MEASURES and MEASURES[name].type in ("flag", "rating"):
        return words[value]
    if name == "network_mbps":
        return f"{value} Mbps".replace(".", ",")
    return value


def row_of(
    code: str, number: int, columns: Sequence[tuple[str, tuple[str, ...]]], values: dict[str, Any]
) -> list[Any]:
    fixed = {"number": number, "commune_code": code, "commune": official(code)}
    return [
        fixed[name] if name in fixed else as_written(name, values.get(name)) for name, _ in columns
    ]


def head_of(
    columns: Sequence[tuple[str, tuple[str, ...]]],
) -> tuple[Grid, list[tuple[int, int, int, int]]]:
    """Two heading rows with lost merges (blanks), and the merged blocks.

    A block is (top, left, bottom, right).
    """
    top: list[Any] = []
    below: list[Any] = []
    merged = []
    for column, (_, path) in enumerate(columns):
        same = column > 0 and len(path) == 2 and columns[column - 1][1][0] == path[0]
        top.append(None if same else path[0])
        below.append(path[1] if len(path) == 2 else None)
        if len(path) == 1:
            merged.append((0, column, 1, column))
        elif (
            same and merged and merged[-1][3] == column - 1 and merged[-1][0] == merged[-1][2] == 0
        ):
            merged[-1] = (0, merged[-1][1], 0, column)
        else:
            merged.append((0, column, 0, column))
    return [top, below], [block for block in merged if block[:2] != block[2:]]


def form(codes: Sequence[str], columns: Sequence[tuple[str, tuple[str, ...]]] = COLUMNS) -> Grid:
    """A whole plain form: titles, head, one row a commune."""
    rows = [
        row_of(code, number, columns, true_values(code))
        for number, code in enumerate(codes, start=1)
    ]
    return [*TITLES, [], *head_of(columns)[0], *rows]


def written(batch: Batch) -> dict[str, dict[str, Any]]:
    """What a batch says, per commune, in the words of `true_values`."""
    values: dict[str, dict[str, Any]] = {}
    for code, measure, value, as_of in batch.readings[
        ["commune_code", "measure", "value", "as_of"]
    ].to_numpy():
        values.setdefault(code, {})[measure] = restore_value_type(measure, value)
        values[code]["declared_on"] = as_of
    return values


def save_xlsx(
    path: Path, grid: Grid, merged: Sequence[tuple[int, int, int, int]] = (), sheet: str = "Biểu"
) -> Path:
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for row, cells in enumerate(grid, start=1):
        for column, cell in enumerate(cells, start=1):
            if cell is not None:
                page.cell(row, column, cell)
    for top, left, bottom, right in merged:
        page.merge_cells(
            start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1
        )
    book.save(path)
    return path


def save_xls(path: Path, grid: Grid) -> Path:
    book = xlwt.Workbook()
    page = book.add_sheet("Sheet1")
    day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for row, cells in enumerate(grid):
        for column, cell in enumerate(cells):
            if isinstance(cell, date):
                page.write(row, column, cell, day)
            elif cell is not None:
                page.write(row, column, cell)
    book.save(str(path))
    return path


def _ods_cell(cell: Any) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, date | datetime):
        return (
            f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}"/>'
        )
    if isinstance(cell, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
    text = f"<text:p>{escape(str(cell))}</text:p>"
    return f'<table:table-cell office:value-type="string">{text}</table:table-cell>'


def save_ods(path: Path, grid: Grid) -> Path:
    rows = "".join(
        f"<table:table-row>{''.join(map(_ods_cell, cells))}</table:table-row>" for cells in grid
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<office:document-content {spaces} office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="Bảng">{rows}</table:table>'
        "</office:spreadsheet>"
        "</office:body></office:document-content>"
    )
    content_type = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{content_type}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", content_type, zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return path


def in_cp1258(text: str) -> bytes:
    """Windows-1258 writes a tone as a mark of its own behind the vowel."""
    pieces = []
    for letter in unicodedata.normalize("NFC", text):
        try:
            pieces.append(letter.encode("cp1258"))
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", letter)
            tones = "\u0300\u0301\u0303\u0309\u0323"
            base = unicodedata.normalize(
                "NFC", "".join(mark for mark in parts if mark not in tones)
            )
            pieces.append(
                (base + "".join(mark for mark in parts if mark in tones)).encode("cp1258")
            )
    return b"".join(pieces)


def csv_text(grid: Grid, separator: str) -> str:
    def cell_text(cell: Any) -> str:
        if cell is None:
            return ""
        return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else str(cell)

    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(
        [[cell_text(cell) for cell in cells] for cells in grid]
    )
    return out.getvalue()


def save_csv(path: Path, grid: Grid, separator: str = ";", encoding: str = "utf-8") -> Path:
    text = csv_text(grid, separator)
    path.write_bytes(in_cp1258(text) if encoding == "cp1258" else text.encode(encoding))
    return path


FORMATS = (
    "xlsx",
    "xls",
    "ods",
    "csv;",
    "csv,",
    "csv\t",
    "csv;bom",
    "csv;utf-16",
    "csv;utf-16-le",
    "csv;cp1258",
)


def save(folder: Path, name: str, grid: Grid, form: str) -> Path:
    """The grid in one of FORMATS."""
    if not form.startswith("csv"):
        writers = {"xlsx": save_xlsx, "xls": save_xls, "ods": save_ods}
        return writers[form](folder / f"{name}.{form}", grid)
    encoding = {"": "utf-8", "bom": "utf-8-sig"}.get(form[4:], form[4:])
    return save_csv(folder / f"{name}.csv", grid, form[3], encoding)
