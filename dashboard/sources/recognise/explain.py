"""How a file is understood: kind, sheet, heading rows, which heading is which field, and from where
day and province.

For people who wonder why a column was not taken. Only headings are told, never a cell below them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dashboard import text
from dashboard.batch import Batch
from dashboard.errors import FileRefused
from dashboard.sources.cells.personal_data import hide_numbers
from dashboard.sources.formats import opening
from dashboard.sources.recognise import periods, provinces
from dashboard.sources.recognise.file_kinds import (
    ImportContext,
    Layout,
    RecognisedFile,
    recognise_file,
)
from dashboard.sources.recognise.headings import EXACT, NEAR
from dashboard.sources.recognise.table import spell_column_letter
from dashboard.sources.recognise.unused_layouts import tell_unused_layouts

_LONGEST_HEADING = 80
_ORDINALS = {text.make_spelling_key(heading) for heading in ("STT", "TT", "Số TT", "Số thứ tự")}


@dataclass(frozen=True)
class ExplainedColumn:
    """One column: its letter in the spreadsheet program, its heading, the field ("" where none) and
    how or why not.
    """

    letter: str
    heading: str
    field: str
    reason: str


@dataclass(frozen=True)
class FileExplanation:
    """How a file is read. `sheets`: all its sheets; `heading_rows`: first and last; `facts`:
    province, day or period, each with where it was found; `refused`: why the file as a whole cannot
    be taken, or ""."""

    kind_code: str
    kind_name: str
    layout: str
    sheets: tuple[str, ...]
    sheet: str
    heading_rows: tuple[int, int]
    columns: tuple[ExplainedColumn, ...]
    facts: tuple[str, ...]
    refused: str


def explain_file(
    path: Path,
    *,
    province: str | None = None,
    as_of: date | None = None,
    period: tuple[date, date] | None = None,
    today: date,
    layouts: Sequence[Layout] = (),
) -> FileExplanation:
    """How `read_each` with the same arguments understands the file. Raises FileRefused where it is
    of no known kind.
    """
    with opening.open_sheets(path) as sheets:
        context = ImportContext(
            path.name, opening.digest_file(path), today, province, as_of, period, path
        )
        recognised = recognise_file(path.name, sheets, layouts)
        sheet_names = tuple(dict.fromkeys(sheet.name for sheet in sheets if not sheet.alternative))
        facts, refused = _read_facts(recognised, context)
        unused = tell_unused_layouts(sheets, layouts, recognised, tells_all=True)
        facts += tuple(f"{reason[0].upper()}{reason[1:]}" for reason in unused)
    head = recognised.table.head
    return FileExplanation(
        recognised.file_kind.code,
        recognised.file_kind.name,
        recognised.layout.name if recognised.layout else "",
        sheet_names,
        recognised.table.sheet.name,
        (head.first_row, head.last_row),
        _explain_columns(recognised),
        facts,
        refused,
    )


def _explain_columns(recognised: RecognisedFile) -> tuple[ExplainedColumn, ...]:
    head = recognised.table.head
    ordered = sorted(head.columns.items(), key=lambda entry: entry[1].index)
    taken = [
        ExplainedColumn(
            spell_column_letter(column.index),
            _shorten_heading(column.heading),
            field,
            _describe_match(column.score),
        )
        for field, column in ordered
    ]
    vocabulary = (
        recognised.file_kind.vocabulary_taught_by(recognised.layout)
        if recognised.layout
        else recognised.file_kind.vocabulary
    )
    reasons = {column.heading: column.reason for column in head.left_out}
    passed_over = []
    for heading in head.ignored:
        path = tuple(heading.split(" > "))
        field_match = vocabulary.field_of(path)
        if heading in reasons:
            reason = reasons[heading]
        elif field_match and field_match[0] in head.columns:
            reason = f"cùng nghĩa với cột đã nhận cho {field_match[0]}"
        elif text.make_spelling_key(heading) in _ORDINALS:
            reason = "là số thứ tự"
        elif "%" in heading:
            reason = "là tỷ lệ, được tính lại từ số lượng"
        elif vocabulary.passes_over(path):
            reason = "mẫu biểu dặn bỏ qua"
        else:
            reason = (
                "không phải cột nào của loại biểu này; dạy thêm trong data/layouts.toml nếu cần"
            )
        passed_over.append(ExplainedColumn("", _shorten_heading(heading), "", reason))
    return (*taken, *passed_over)


def _shorten_heading(heading: str) -> str:
    """A heading cut short and without long numbers: a row of the table may once be taken for a
    heading.
    """
    shortened = hide_numbers(heading)
    return (
        shortened if len(shortened) <= _LONGEST_HEADING else f"{shortened[: _LONGEST_HEADING - 1]}…"
    )


def _describe_match(score: float) -> str:
    if score > EXACT:
        return "theo mẫu biểu đã dạy"
    if score > EXACT - 0.05:
        return "đúng tên"
    if score == NEAR:
        return "gần giống, sai chữ"
    return "đúng tên, thiếu dấu" if score > 0.9 else f"gần đúng ({round(100 * score)}%)"


def _read_facts(recognised: RecognisedFile, context: ImportContext) -> tuple[tuple[str, ...], str]:
    try:
        batches = recognised.file_kind.read(recognised.table, context)
    except FileRefused as refusal:
        return (), f"{refusal.message}; {refusal.remedy}"
    return tuple(
        fact for batch in batches for fact in _state_batch_facts(batch, recognised, context)
    ), ""


def _state_batch_facts(
    batch: Batch, recognised: RecognisedFile, context: ImportContext
) -> list[str]:
    titles = recognised.table.head.titles
    facts = [
        f"Tỉnh: {provinces.format_code_and_province(batch.province_code)} "
        f"({provinces.explain_province_source(recognised.table, context)})"
    ]
    if batch.period:
        first, last = (f"{day:%d/%m/%Y}" for day in batch.period)
        if context.period:
            origin = "theo --period"
        elif periods.find_period_in_title(titles):
            origin = "theo tiêu đề"
        else:
            origin = "theo các dòng hoặc tên tệp"
        facts.append(f"Kỳ: {first} – {last} ({origin})")
    else:
        if periods.find_as_of_in_title(titles):
            origin = "theo tiêu đề"
        elif context.as_of:
            origin = "theo --as-of"
        else:
            origin = "theo các dòng hoặc tên tệp"
        facts.append(f"Số liệu tính đến: {batch.as_of:%H:%M %d/%m/%Y} ({origin})")
    frames = {
        "số đo": batch.readings,
        "dòng số lượng hồ sơ": batch.dossiers,
        "dòng chứng thư số": batch.certificates,
    }
    if encoding := recognised.table.sheet.old_encoding:
        facts.append(f"Chữ: ghi bằng {encoding}, đã chuyển sang Unicode")
    row_counts = [f"{len(frame)} {words}" for words, frame in frames.items() if len(frame)]
    facts.append(
        f"Dòng: {batch.rows}; {', '.join(row_counts) or 'đọc dần khi nạp'}"
        f"; {len(batch.problems)} vấn đề"
    )
    return facts
