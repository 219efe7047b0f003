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
from dashboard.messages import Message, join_messages, quote_name, write_message
from dashboard.sources.cells import number_columns, values
from dashboard.sources.cells.personal_data import hide_numbers
from dashboard.sources.formats import opening
from dashboard.sources.problems import ProblemCollector
from dashboard.sources.recognise import periods, provinces, qualifiers
from dashboard.sources.recognise.column_choice import FieldColumn, UnreadColumn
from dashboard.sources.recognise.column_judgement import MOST_DOSSIERS
from dashboard.sources.recognise.file_kinds import ImportContext, Layout
from dashboard.sources.recognise.header_rows import HeaderRows
from dashboard.sources.recognise.headings import EXACT, NEAR, HeadingVocabulary
from dashboard.sources.recognise.kind_of_file import RecognisedFile, RecognisedTable, recognise_file
from dashboard.sources.recognise.table import SheetTable, spell_column_letter
from dashboard.sources.recognise.turned import tell_turned
from dashboard.sources.recognise.unused import tell_unused_layouts

_LONGEST_HEADING = 80
_MOST_CHECKED_ROWS = 20_000
_MOST_RIVALS = 3
_NOTHING = join_messages("", [])
_ORDINALS = {text.make_spelling_key(heading) for heading in ("STT", "TT", "Số TT", "Số thứ tự")}


@dataclass(frozen=True)
class ExplainedColumn:
    """One column: its letter in the spreadsheet program, its heading, the field ("" where none),
    how or why not, what the form's sums say of it, and which other columns could have been meant.
    """

    letter: str
    heading: str
    field: str
    reason: Message
    checks: Message = _NOTHING
    rivals: Message = _NOTHING


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
    sums: tuple[Message, ...]
    turned: Message | None = None


@dataclass(frozen=True)
class FileExplanation:
    """How a file is read. `unread_sheets`: those without a table; `facts`: province, day or period,
    each with where it was found, and layouts that did not apply; `refused`: why the file as a whole
    cannot be taken, or None.
    """

    tables: tuple[ExplainedTable, ...]
    unread_sheets: tuple[str, ...]
    facts: tuple[Message, ...]
    refused: Message | None


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
        facts += tuple(
            write_message('Mẫu biểu "{layout}"{fault}', layout=layout.name, fault=layout.fault)
            for layout in unused
        )
        tables = tuple(map(_explain_table, recognised.tables))
    unread = (*recognised.sheets_without_table, *recognised.hidden_sheets)
    unread_sheets = tuple(dict.fromkeys(sheet.name for sheet in unread))
    return FileExplanation(tables, unread_sheets, facts, refused)


def _explain_table(entry: RecognisedTable) -> ExplainedTable:
    if entry.layout:
        vocabulary = entry.file_kind.vocabulary_taught_by(entry.layout)
    else:
        vocabulary = entry.file_kind.vocabulary
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


def _say_sum(table: SheetTable, check: _CheckedSum, *, in_letters: bool) -> Message:
    """ "C = D + E đúng 8/8 dòng", or with headings."""

    def name_column(field: str) -> str:
        column = table.head.columns[field]
        if in_letters:
            return spell_column_letter(column.index)
        return f'"{_shorten_heading(column.heading)}"'

    parts = " + ".join(map(name_column, check.parts))
    return write_message(
        "{total} = {parts}: đúng ở {fits}/{rows} dòng",
        total=name_column(check.total),
        parts=parts,
        fits=check.fits,
        rows=check.rows,
    )


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
                join_messages("; ", [_say_sum(table, check, in_letters=True) for check in own]),
                join_messages("; ", _list_rivals(table.head, vocabulary, field)),
            )
        )
    return columns


def _explain_reason(
    entry: RecognisedTable, vocabulary: HeadingVocabulary, field: str, column: FieldColumn
) -> Message:
    """How the heading was recognised: which words, of which unit, of which period."""
    path = tuple(column.heading.split(" > "))
    how = _describe_match(column.score)
    spelling = vocabulary.find_spelling(field, path) if field in vocabulary.fields else None
    if spelling and column.score <= EXACT:
        how = write_message('{how} "{spelling}"', how=how, spelling=spelling)
    column_match = vocabulary.match_column(path)
    is_named = column_match is not None and column_match.name == field
    is_plain = column.score == EXACT and not column.parts and not column.choices
    if field in vocabulary.fields and is_plain and not is_named:
        # the heading alone says something else, or nothing (`dossier_report.sums`)
        how = write_message("theo phép cộng của biểu")
    reasons = [how]
    split = column_match.split if column_match else qualifiers.SplitPath(path)
    if split.period:
        named = quote_name(qualifiers.say_period(split.period))
        reasons.append(write_message("kỳ: {period}", period=named))
    elif qualifiers.CURRENT in split.kinds:
        reasons.append(write_message("kỳ: kỳ báo cáo"))
    elif qualifiers.CUMULATIVE in split.kinds:
        reasons.append(write_message("kỳ: luỹ kế, như tiêu đề của biểu"))
    if field in vocabulary.fields and vocabulary.fields[field].read is values.read_speed:
        scale = number_columns.find_speed_scale(column.heading)
        if scale is None:
            reasons.append(write_message("đơn vị: không rõ"))
        elif scale == 1:
            reasons.append(write_message("đơn vị: Mbps"))
        else:
            reasons.append(write_message("đơn vị: × {scale:,g} ra Mbps", scale=scale))
    if column.parts:
        reasons.append(write_message("cộng {columns} cột", columns=len(column.parts) + 1))
    if column.choices:
        reasons.append(write_message("dấu x ở một trong các cột"))
    if column.index in entry.table.sheet.hidden_columns:
        reasons.append(write_message("cột ẩn"))
    return join_messages(", ", reasons)


def _list_rivals(head: HeaderRows, vocabulary: HeadingVocabulary, field: str) -> list[Message]:
    """Other columns that could have been meant for a field, and why they were not taken."""
    rivals = [
        _name_rival(rival.second, write_message("không phân biệt được"))
        for rival in head.rivals
        if rival.field == field
    ]
    for column in head.left_out:
        column_match = vocabulary.match_column(tuple(column.heading.split(" > ")))
        if column_match is not None and column_match.name == field:
            rivals.append(_name_rival(column, column.reason))
    return rivals[:_MOST_RIVALS]


def _name_rival(column: FieldColumn | UnreadColumn, reason: Message | None) -> Message:
    return write_message(
        '{letter} "{heading}" ({reason})',
        letter=spell_column_letter(column.index),
        heading=_shorten_heading(column.heading),
        reason=reason,
    )


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
            reason = write_message("cùng nghĩa với cột đã nhận cho {field}", field=field_match[0])
        elif text.make_spelling_key(heading) in _ORDINALS:
            reason = write_message("là số thứ tự")
        elif "%" in heading:
            reason = write_message("là tỷ lệ, được tính lại từ số lượng")
        elif vocabulary.passes_over(path):
            reason = write_message("mẫu biểu dặn bỏ qua")
        else:
            reason = write_message(
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


def _describe_match(score: float) -> Message:
    if score > EXACT:
        return write_message("theo mẫu biểu đã dạy")
    if score > EXACT - 0.05:
        return write_message("đúng tên")
    if score == NEAR:
        return write_message("gần giống, sai chữ")
    if score > 0.9:
        return write_message("đúng tên, thiếu dấu")
    return write_message("gần đúng ({percent}%)", percent=round(100 * score))


def _read_facts(
    recognised: RecognisedFile, context: ImportContext
) -> tuple[tuple[Message, ...], Message | None]:
    facts: list[Message] = []
    for entry in recognised.tables:
        try:
            entry.table.refuse_rivals()
            batches = entry.file_kind.read(entry.table, context)
        except FileRefused as refusal:
            return tuple(facts), join_messages("; ", [refusal.message, refusal.remedy])
        for batch in batches:
            facts += _state_batch_facts(batch, entry, context)
    return tuple(dict.fromkeys(facts)), None


def _state_batch_facts(
    batch: Batch, entry: RecognisedTable, context: ImportContext
) -> list[Message]:
    titles = entry.table.head.titles
    facts = [
        write_message(
            "Tỉnh: {province} ({source})",
            province=provinces.format_code_and_province(batch.province_code),
            source=provinces.explain_province_source(entry.table, context),
        )
    ]
    if batch.period:
        first, last = batch.period
        if context.period:
            origin = write_message("theo --period")
        elif periods.find_period_in_title(titles):
            origin = write_message("theo tiêu đề")
        else:
            origin = write_message("theo các dòng hoặc tên tệp")
        facts.append(
            write_message(
                "Kỳ: {first:%d/%m/%Y} – {last:%d/%m/%Y} ({source})",
                first=first,
                last=last,
                source=origin,
            )
        )
    else:
        if periods.find_as_of_in_title(titles):
            origin = write_message("theo tiêu đề")
        elif context.as_of:
            origin = write_message("theo --as-of")
        else:
            origin = write_message("theo các dòng hoặc tên tệp")
        facts.append(
            write_message(
                "Số liệu tính đến: {as_of:%H:%M %d/%m/%Y} ({source})",
                as_of=batch.as_of,
                source=origin,
            )
        )
    if encoding := entry.table.sheet.old_encoding:
        facts.append(
            write_message("Chữ: ghi bằng {encoding}, đã chuyển sang Unicode", encoding=encoding)
        )
    facts.append(
        write_message(
            "Dòng: {rows}; {parts}; {problems} vấn đề",
            rows=batch.rows,
            parts=_count_parts(batch) or write_message("đọc dần khi nạp"),
            problems=len(batch.problems),
        )
    )
    return facts


def _count_parts(batch: Batch) -> list[Message]:
    """What the file tells, each with its number; [] of a list that is read while it is stored."""
    parts = []
    if count := len(batch.readings):
        parts.append(write_message("{count} số đo", count=count))
    if count := len(batch.dossiers):
        parts.append(write_message("{count} dòng số lượng hồ sơ", count=count))
    if count := len(batch.certificates):
        parts.append(write_message("{count} dòng chứng thư số", count=count))
    return parts
