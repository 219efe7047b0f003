"""The list of weak communes as coordinators decided it: a row an entry, with days and reasons."""

from __future__ import annotations

from datetime import date

import pandas as pd

from dashboard import text
from dashboard.batch import WEAK_ENTRY_COLUMNS, Batch
from dashboard.messages import write_message
from dashboard.sources.cells import days, values
from dashboard.sources.formats.sheet import Cell, SheetRow, Unreadable
from dashboard.sources.problems import ProblemCollector
from dashboard.sources.recognise import communes, state_rows
from dashboard.sources.recognise.file_kinds import FileKind, ImportContext
from dashboard.sources.recognise.headings import FileField
from dashboard.sources.recognise.table import SheetTable

_BASES = {
    "quyết định": "decision",
    "theo quyết định": "decision",
    "decision": "decision",
    "quy tắc": "rule",
    "theo quy tắc": "rule",
    "mức đỏ": "rule",
    "rule": "rule",
}


def read_basis(cell: Cell) -> str | None:
    """Whether a coordinator put the commune on the list or its level did. Raises Unreadable."""
    written = values.read_words(cell)
    if not written:
        return None
    basis = _BASES.get(text.normalize_text(written).lower())
    if basis is None:
        raise Unreadable(
            write_message("không rõ căn cứ"), write_message('hãy ghi "quyết định" hoặc "quy tắc"')
        )
    return basis


_FIELDS = (
    *communes.COMMUNE_FIELDS,
    FileField("entry_id", "Mã mục | Mã mục danh sách | entry_id"),
    FileField("basis", "Căn cứ vào danh sách | Căn cứ | basis", read_basis),
    FileField(
        "listed_on",
        "Ngày vào danh sách | Vào danh sách từ ngày | Ngày đưa vào danh sách | listed_on",
        days.read_day,
    ),
    FileField(
        "reason", "Lý do vào danh sách | Lý do đưa vào danh sách | reason", values.read_words
    ),
    FileField(
        "left_on",
        "Ngày ra khỏi danh sách | Ra khỏi danh sách ngày | Ngày đưa ra khỏi danh sách | left_on",
        days.read_day,
    ),
    FileField(
        "left_reason",
        "Lý do ra khỏi danh sách | Lý do đưa ra khỏi danh sách | left_reason",
        values.read_words,
    ),
    FileField("office", "Cơ quan quyết định | office", values.read_words),
)


def read_weak_list(table: SheetTable, context: ImportContext) -> list[Batch]:
    """One batch per province. The day of the batch is the newest day that it tells of."""

    def find_newest_day(entries: pd.DataFrame) -> date:
        told_days = [day for day in (*entries["listed_on"], *entries["left_on"]) if day is not None]
        return max(told_days, default=context.today)

    return state_rows.read_states(
        table,
        context,
        KIND.code,
        "weak_entries",
        WEAK_ENTRY_COLUMNS,
        _read_entry,
        most_rows=communes.MOST_COMMUNE_ROWS,
        find_day=find_newest_day,
    )


def _read_entry(
    table: SheetTable, row: SheetRow, province: str, problems: ProblemCollector
) -> tuple[str, str, str, date, str | None, date | None, str | None, str | None] | None:
    code = communes.find_commune(province, table, row, problems)
    if code is None:
        return None
    listed_on = state_rows.read_planned_day(row, "listed_on", problems)
    if listed_on is None:
        problems.add(
            write_message("không rõ ngày vào danh sách"),
            write_message("hãy ghi ngày"),
            row,
            "listed_on",
        )
        return None
    left_on = state_rows.read_planned_day(row, "left_on", problems)
    if left_on is not None and left_on < listed_on:
        problems.add(
            write_message("trước ngày vào danh sách"),
            write_message("hãy sửa một trong hai ngày"),
            row,
            "left_on",
        )
        return None
    basis = problems.read(row, "basis") or "decision"
    return (
        state_rows.read_state_id(table, row, "entry_id", code, listed_on, basis),
        code,
        basis,
        listed_on,
        state_rows.read_plain_words(table, row, "reason"),
        left_on,
        state_rows.read_plain_words(table, row, "left_reason"),
        state_rows.read_plain_words(table, row, "office", 120),
    )


KIND = FileKind(
    code="weak_list",
    fields=_FIELDS,
    required_fields=((1, ("commune", "commune_code")), (1, ("listed_on",))),
    read=read_weak_list,
    excluding_headings=("Mã hồ sơ", "Chủ hồ sơ", "Tiêu chí", "Mã lượt kiểm tra"),
)
