"""How a file is understood: kind, sheet, heading rows, which heading is which field and why, what
the form's sums say, what else could have been meant, and from where day and province.

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
from dashboard.sources.cells import number_columns, values
from dashboard.sources.cells.personal_data import hide_numbers
from dashboard.sources.formats import opening
from dashboard.sources.problems import ProblemCollector
from dashboard.sources.recognise import periods, provinces, qualifiers
from dashboard.sources.recognise.column_judgement import MOST_DOSSIERS
from dashboard.sources.recognise.file_kinds import (
    ImportContext,
    Layout,
    RecognisedFile,
    RecognisedTable,
    recognise_file,
)
from dashboard.sources.recognise.header_rows import FieldColumn, HeaderRows, UnreadColumn
from dashboard.sources.recognise.headings import EXACT, NEAR, HeadingVocabulary
from dashboard.sources.recognise.table import SheetTable, spell_column_letter
from dashboard.sources.recognise.turned import tell_turned
from dashboard.sources.recognise.unused_layouts import tell_unused_layouts

_LONGEST_HEADING = 80
_MOST_CHECKED_ROWS = 20_000
_MOST_RIVALS = 3
_ORDINALS = {text.make_spelling_key(heading) for heading in ("STT", "TT", "Số TT", "Số thứ tự")}


@dataclass(frozen=True)
class ExplainedColumn:
    """One column: its letter in the spreadsheet program, its heading, the field ("" where none),
    how or why not, what the form's sums say of it, and which other columns could have been meant.
    """

    letter: str
    heading: str
    field: str
    reason: str
    checks: str = ""
    rivals: str = ""


@dataclass(frozen=True)
class ExplainedTable:
    """How one table is understood. `heading_rows`: first and last; `sums`: each sum of the form in
    words, with how many rows it holds in; `turned`: how the form stood before."""

    kind_code: str
    kind_name: str
    layout: str
    sheet: str
    heading_rows: tuple[int, int]
    columns: tuple[ExplainedColumn, ...]
    sums: tuple[str, ...]
    turned: str = ""


@dataclass(frozen=True)
class FileExplanation:
    """How a file is read. `unread_sheets`: those without a table; `facts`: province, day or period,
    each with where it was found, and layouts that did not apply; `refused`: why the file as a whole
    cannot be taken, or "".
    """

    tables: tuple[ExplainedTable, ...]
    unread_sheets: tuple[str, ...]
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
        facts, refused = _read_facts(recognised, context)
        unused = tell_unused_layouts(sheets, layouts, recognised, tells_all=True)
        facts += tuple(f"{reason[0].upper()}{reason[1:]}" for reason in unused)
        tables = tuple(map(_explain_table, recognised.tables))
    unread = (*recognised.sheets_without_table, *recognised.hidden_sheets)
    unread_sheets = tuple(dict.fromkeys(sheet.name for sheet in unread))
    return FileExplanation(tables, unread_sheets, facts, refused)


def _explain_table(entry: RecognisedTable) -> ExplainedTable:
    vocabulary = (
        entry.file_kind.vocabulary_taught_by(entry.layout)
        if entry.layout
        else entry.file_kind.vocabulary
    )
    checked = _check_sums(entry)
    head = entry.table.head
    return ExplainedTable(
        entry.file_kind.code,
        entry.file_kind.name,
        entry.layout.name if entry.layout else "",
        entry.table.sheet.name,
        (head.first_row, head.last_row),
        (*_explain_taken(entry, vocabulary, checked), *_explain_passed_over(entry, vocabulary)),
        tuple(_say_sum(entry.table, check, in_letters=False) for check in checked),
        tell_turned(entry.table.sheet),
    )


@dataclass(frozen=True)
class _CheckedSum:
    """A field and its parts, and in how many of how many rows they add up."""

    total: str
    parts: tuple[str, ...]
    fits: int
    rows: int


def _check_sums(entry: RecognisedTable) -> list[_CheckedSum]:
    """What the sums of the form say under this reading of its columns."""
    table = entry.table
    sums = [
        (total, parts)
        for total, parts in entry.file_kind.sums
        if all(map(table.has, (total, *parts)))
    ]
    if not sums:
        return []
    collector = ProblemCollector(table)
    checked = []
    try:
        rows = list(table.rows(_MOST_CHECKED_ROWS))
        collector.judge_columns(rows, most_count=MOST_DOSSIERS)
    except FileRefused:
        return []  # told as the reason of the whole
    for total, parts in sums:
        counts = [[collector.read(row, name) for name in (total, *parts)] for row in rows]
        full = [numbers for numbers in counts if None not in numbers]
        fits = sum(numbers[0] == sum(numbers[1:]) for numbers in full)
        if full:
            checked.append(_CheckedSum(total, parts, fits, len(full)))
    return checked


def _say_sum(table: SheetTable, check: _CheckedSum, *, in_letters: bool) -> str:
    """ "C = D + E đúng 8/8 dòng", or with headings."""

    def name_column(field: str) -> str:
        column = table.head.columns[field]
        if in_letters:
            return spell_column_letter(column.index)
        return f'"{_shorten_heading(column.heading)}"'

    parts = " + ".join(map(name_column, check.parts))
    return f"{name_column(check.total)} = {parts}: đúng ở {check.fits}/{check.rows} dòng"


def _explain_taken(
    entry: RecognisedTable, vocabulary: HeadingVocabulary, checked: Sequence[_CheckedSum]
) -> list[ExplainedColumn]:
    table = entry.table
    ordered = sorted(table.head.columns.items(), key=lambda column: column[1].index)
    columns = []
    for field, column in ordered:
        own = [check for check in checked if field in (check.total, *check.parts)]
        columns.append(
            ExplainedColumn(
                ", ".join(map(spell_column_letter, column.indexes)),
                _shorten_heading(column.heading),
                field,
                _explain_reason(entry, vocabulary, field, column),
                "; ".join(_say_sum(table, check, in_letters=True) for check in own),
                "; ".join(_list_rivals(table.head, vocabulary, field)),
            )
        )
    return columns


def _explain_reason(
    entry: RecognisedTable, vocabulary: HeadingVocabulary, field: str, column: FieldColumn
) -> str:
    """How the heading was recognised: which words, of which unit, of which period."""
    path = tuple(column.heading.split(" > "))
    reasons = [_describe_match(column.score)]
    spelling = vocabulary.find_spelling(field, path) if field in vocabulary.fields else None
    if spelling and column.score <= EXACT:
        reasons[0] += f' "{spelling}"'
    column_match = vocabulary.match_column(path)
    split = column_match.split if column_match else qualifiers.SplitPath(path)
    if split.period:
        reasons.append(f"kỳ: {qualifiers.say_period(split.period)}")
    elif qualifiers.CURRENT in split.kinds:
        reasons.append("kỳ: kỳ báo cáo")
    elif qualifiers.CUMULATIVE in split.kinds:
        reasons.append("kỳ: luỹ kế, như tiêu đề của biểu")
    if field in vocabulary.fields and vocabulary.fields[field].read is values.read_speed:
        scale = number_columns.find_speed_scale(column.heading)
        named = "không rõ" if scale is None else f"× {scale:g} ra Mbps".replace(".", ",")
        reasons.append("đơn vị: Mbps" if scale == 1 else f"đơn vị: {named}")
    if column.parts:
        reasons.append(f"cộng {len(column.parts) + 1} cột")
    if column.choices:
        reasons.append("dấu x ở một trong các cột")
    if column.index in entry.table.sheet.hidden_columns:
        reasons.append("cột ẩn")
    return ", ".join(reasons)


def _list_rivals(head: HeaderRows, vocabulary: HeadingVocabulary, field: str) -> list[str]:
    """Other columns that could have been meant for a field, and why they were not taken."""
    rivals = [
        _name_rival(rival.second, "không phân biệt được")
        for rival in head.rivals
        if rival.field == field
    ]
    for column in head.left_out:
        column_match = vocabulary.match_column(tuple(column.heading.split(" > ")))
        if column_match is not None and column_match.name == field:
            rivals.append(_name_rival(column, column.reason))
    return rivals[:_MOST_RIVALS]


def _name_rival(column: FieldColumn | UnreadColumn, reason: str) -> str:
    letter = spell_column_letter(column.index)
    return f'{letter} "{_shorten_heading(column.heading)}" ({reason})'


def _explain_passed_over(
    entry: RecognisedTable, vocabulary: HeadingVocabulary
) -> list[ExplainedColumn]:
    head = entry.table.head
    reasons = {column.heading: column.reason for column in head.left_out}
    taken = {column.heading for column in head.columns.values()}
    passed_over = []
    for heading in head.ignored:
        if heading in taken:
            continue  # the kind itself has understood it by its figures
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
    return passed_over


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
    facts: list[str] = []
    for entry in recognised.tables:
        try:
            entry.table.refuse_rivals()
            batches = entry.file_kind.read(entry.table, context)
        except FileRefused as refusal:
            return tuple(facts), f"{refusal.message}; {refusal.remedy}"
        for batch in batches:
            facts += _state_batch_facts(batch, entry, context)
    return tuple(dict.fromkeys(facts)), ""


def _state_batch_facts(batch: Batch, entry: RecognisedTable, context: ImportContext) -> list[str]:
    titles = entry.table.head.titles
    facts = [
        f"Tỉnh: {provinces.format_code_and_province(batch.province_code)} "
        f"({provinces.explain_province_source(entry.table, context)})"
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
    if encoding := entry.table.sheet.old_encoding:
        facts.append(f"Chữ: ghi bằng {encoding}, đã chuyển sang Unicode")
    row_counts = [f"{len(frame)} {words}" for words, frame in frames.items() if len(frame)]
    facts.append(
        f"Dòng: {batch.rows}; {', '.join(row_counts) or 'đọc dần khi nạp'}"
        f"; {len(batch.problems)} vấn đề"
    )
    return facts
