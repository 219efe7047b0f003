"""Rows of plans: things with a stable id, whose newest row is their state."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from dashboard import names, text
from dashboard.batch import Batch
from dashboard.messages import quote_names, write_message
from dashboard.reference import FIRST_DAY
from dashboard.sources.cells import values
from dashboard.sources.cells.personal_data import hide_persons
from dashboard.sources.formats.sheet import SheetRow, is_blank
from dashboard.sources.problems import ProblemCollector
from dashboard.sources.recognise import provinces
from dashboard.sources.recognise.file_kinds import ImportContext
from dashboard.sources.recognise.table import SheetTable

# Ids that files do not tell are made of what sets the thing apart, so that a second file tells the
# newer state of the same thing.
_IDS = uuid.UUID("6f3f1f6e-2f0c-5a39-9a55-51d2b8f5a0c7")
_CODES = re.compile(r"\d{5}(?:[\s,;]+\d{5})*")
_LAST_PLANNED = 2100

_ReadRow = Callable[[SheetTable, SheetRow, str, ProblemCollector], Sequence[Any] | None]


def read_states(
    table: SheetTable,
    context: ImportContext,
    kind_code: str,
    part: str,
    columns: Sequence[str],
    read_row: _ReadRow,
    *,
    most_rows: int,
    find_day: Callable[[pd.DataFrame], date] | None = None,
) -> list[Batch]:
    """One batch per province, its `part` with a row a thing, known by the first of `columns`.

    `read_row` gives the cells of a row; None where there is none or, with a problem noted, it is
    not certain. `find_day`: the day of the batch, from all of them; without it the day on which the
    file comes, as plans are of days to come.
    """
    day_of_file = context.as_of or context.today
    rows = list(table.rows(most_rows))
    batches = []
    for province, province_rows in provinces.split_rows_by_province(table, rows, context).items():
        problems = ProblemCollector(table)
        states = [
            state
            for row in province_rows
            if (state := read_row(table, row, province, problems)) is not None
        ]
        frame = pd.DataFrame(states, columns=columns, dtype=object)
        newest = frame.drop_duplicates(columns[0], keep="last", ignore_index=True)
        batches.append(
            context.make_batch(
                kind_code,
                province,
                find_day(frame) if find_day else day_of_file,
                len(province_rows),
                problems=problems.all(),
                **{part: newest},
            )
        )
    return batches


def read_state_id(table: SheetTable, row: SheetRow, field: str, *parts: object) -> str:
    """The id that a row tells, in the form of a uuid; else one made of `parts`."""
    written = str(table.cell(row, field) or "").strip()
    try:
        return str(uuid.UUID(written))
    except ValueError:
        return str(uuid.uuid5(_IDS, "|".join(map(str, (written, *parts)))))


def read_plain_words(
    table: SheetTable, row: SheetRow, field: str, most_characters: int = 300
) -> str | None:
    """The words of a cell without persons; None where it is blank."""
    written = values.read_words(table.cell(row, field))
    return hide_persons(written, most_characters) if written else None


def read_choice(
    table: SheetTable,
    row: SheetRow,
    field: str,
    choices: Mapping[str, tuple[str, ...]],
    problems: ProblemCollector,
    *,
    otherwise: str | None = None,
) -> str | None:
    """The code whose words a cell has; `otherwise` where it is blank, if there is such a one; None,
    with a problem noted, where it is none of the choices.
    """
    written = values.read_words(table.cell(row, field))
    if not written and otherwise is not None:
        return otherwise
    key = text.make_spelling_key(written or "")
    for code, spellings in choices.items():
        if (written or "").lower() == code or key in map(text.make_spelling_key, spellings):
            return code
    allowed = quote_names(spellings[0] for spellings in choices.values())
    message = write_message("không rõ là gì") if written else write_message("để trống")
    problems.add(
        message, write_message("hãy ghi một trong: {allowed}", allowed=allowed), row, field
    )
    return None


def read_planned_day(row: SheetRow, field: str, problems: ProblemCollector) -> date | None:
    """A day from 01/07/2025 on, also one to come; None where it is blank or, told, impossible."""
    day: date | None = problems.read(row, field)
    if day is None or (day >= FIRST_DAY and day.year < _LAST_PLANNED):
        return None if day is None else date(day.year, day.month, day.day)
    problems.add(
        write_message("trước ngày 01/07/2025"),
        write_message("hãy sửa ngày (ngày/tháng/năm)"),
        row,
        field,
    )
    return None


def read_communes(
    table: SheetTable, row: SheetRow, field: str, province: str, problems: ProblemCollector
) -> str:
    """Codes with blanks between, in the order of the cell, from codes or names; each once."""
    cell = table.cell(row, field)
    if is_blank(cell):
        return ""
    written = text.normalize_text(str(cell))
    if _CODES.fullmatch(written):
        pieces = re.split(r"[\s,;]+", written)
    else:
        pieces = re.split(r"[;\n,]+", written)
    codes: dict[str, None] = {}
    for piece in filter(None, map(str.strip, pieces)):
        match = names.match_commune(province, piece, piece)
        if match.code is None:
            problems.add(
                write_message("có đơn vị không rõ là xã, phường, đặc khu nào"),
                write_message("hãy ghi mã hoặc tên đơn vị cấp xã, cách nhau bằng dấu chấm phẩy"),
                row,
                field,
                "warning",
            )
            continue
        codes[match.code] = None
    return " ".join(codes)
