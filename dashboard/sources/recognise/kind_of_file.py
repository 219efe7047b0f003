"""Which kind a file is and where its tables stand: each sheet is held against what every kind
declares, and the best fit wins.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dashboard import text
from dashboard.errors import FileRefused
from dashboard.messages import Message, join_messages, quote_names, write_message
from dashboard.sources.formats.sheet import Sheet, format_cell_text
from dashboard.sources.recognise.column_choice import FieldColumn
from dashboard.sources.recognise.file_kinds import FileKind, Layout, load_file_kinds
from dashboard.sources.recognise.header_rows import HeaderRows, find_header_rows
from dashboard.sources.recognise.headings import EXACT, HeadingVocabulary
from dashboard.sources.recognise.sheet_parts import find_continuation, split_sheet
from dashboard.sources.recognise.table import SheetTable
from dashboard.sources.recognise.turned import (
    add_unit_of_minutes,
    add_unit_of_title,
    find_common_province,
    turn_sheet,
)
from dashboard.sources.recognise.unit_lines import (
    add_units_of_rows,
    join_unit_lines,
    join_wrapped_names,
)


@dataclass(frozen=True)
class RecognisedTable:
    """A table of a file: its kind, where it stands, the layout that helped."""

    file_kind: FileKind
    table: SheetTable
    layout: Layout | None = None


@dataclass(frozen=True)
class RecognisedFile:
    """A recognised file: its tables, the surest first, the sheets that hold none, and those that
    nobody sees, which are never read.
    """

    tables: tuple[RecognisedTable, ...]
    sheets_without_table: tuple[Sheet, ...] = ()
    hidden_sheets: tuple[Sheet, ...] = ()

    @property
    def file_kind(self) -> FileKind:
        return self.tables[0].file_kind

    @property
    def table(self) -> SheetTable:
        return self.tables[0].table

    @property
    def layout(self) -> Layout | None:
        return self.tables[0].layout


def recognise_file(
    file_name: str, sheets: list[Sheet], layouts: Sequence[Layout] = ()
) -> RecognisedFile:
    """What kind of file it is and where its table stands.

    Raises FileRefused with the headings that were looked for and the nearest that were found.
    """
    hidden_sheets = tuple(sheet for sheet in sheets if sheet.is_hidden)
    sheets = [
        join_unit_lines(part) or _add_accepting_units(part) or join_wrapped_names(part) or part
        for sheet in sheets
        if not sheet.is_hidden
        for part in split_sheet(sheet, _sounds_like_any_heading, _holds_known_table)
    ]
    fits: list[_Fit] = []
    nearly: list[tuple[float, FileKind, HeaderRows]] = []
    for file_kind in load_file_kinds():
        for sheet in sheets:
            marked = _find_marked_header(file_kind, sheet)
            if marked is not None:
                table = SheetTable(file_name, sheet, marked, {})
                return RecognisedFile((RecognisedTable(file_kind, table),))
            for layout, head in _find_headers(file_kind, sheet, layouts):
                if not file_kind.missing(head) and (layout or not file_kind.is_other_kind(head)):
                    fits.append(_Fit(head.score + bool(layout), file_kind, sheet, head, layout))
                else:
                    nearly.append((head.score, file_kind, head))
    if not fits:
        sheets, fits = _recognise_turned(sheets)
    if not fits:
        raise _refuse_unknown_kind(file_name, nearly)
    best = max(fits, key=lambda fit: fit.score)
    chosen = [best]
    for sheet in sheets:
        of_sheet = [fit for fit in fits if fit.sheet is sheet]
        if of_sheet and sheet is not best.sheet and _stands_beside(sheet, best.sheet):
            chosen.append(max(of_sheet, key=lambda fit: fit.score))
    order = {id(sheet): number for number, sheet in enumerate(sheets)}
    chosen.sort(key=lambda fit: (fit is not best, order[id(fit.sheet)]))
    chosen += _list_continuations(sheets, chosen)
    tables = tuple(table for fit in chosen for table in _make_tables(file_name, fit))
    with_table = {id(fit.sheet) for fit in chosen}
    others = [sheet for sheet in sheets if id(sheet) not in with_table]
    return RecognisedFile(
        tables,
        tuple(sheet for sheet in others if _stands_beside(sheet, best.sheet)),
        hidden_sheets,
    )


# A row a commune is what these kinds want; of a list a commune may stand in the title alone.
_ROW_KINDS = ("readiness", "dossier_report")
_MINUTES_KINDS = ("visits",)
_LIST_KINDS = ("certificates", "device_inventory", "dossiers")


def _recognise_turned(sheets: list[Sheet]) -> tuple[list[Sheet], list[_Fit]]:
    """The sheets of a file that holds no known table, turned round where that makes one of them; a
    sheet beside a known table may be a view of it.
    """
    province = find_common_province(sheets)
    turned_sheets: list[Sheet] = []
    fits: list[_Fit] = []
    for sheet in sheets:
        titled = replace(sheet, titles_above=(*sheet.titles_above, province))
        fit = _find_turned_fit(titled if province else sheet)
        if fit:
            fits.append(fit)
        turned_sheets.append(fit.sheet if fit else sheet)
    return turned_sheets, fits


def _find_turned_fit(sheet: Sheet) -> _Fit | None:
    turned: list[tuple[Sheet | None, tuple[str, ...]]] = [
        (turn_sheet(sheet), _ROW_KINDS),
        (add_unit_of_title(sheet), _LIST_KINDS),
        (add_unit_of_minutes(sheet), _MINUTES_KINDS),
    ]
    found = []
    for other, codes in turned:
        for file_kind in load_file_kinds() if other else ():
            if other is None or file_kind.code not in codes:
                continue
            head = find_header_rows(other, file_kind.vocabulary, has_period=file_kind.has_period)
            if head and not file_kind.missing(head) and not file_kind.is_other_kind(head):
                found.append(_Fit(head.score, file_kind, other, head, None))
        if found:
            return max(found, key=lambda fit: fit.score)
    return None


def _add_accepting_units(sheet: Sheet) -> Sheet | None:
    """The list with the units of the rows above its dossiers, where it has no column of those who
    accepted them.
    """
    with_units = add_units_of_rows(sheet)
    if with_units is None:
        return None
    vocabulary = next(kind.vocabulary for kind in load_file_kinds() if kind.code == "dossiers")
    head = find_header_rows(sheet, vocabulary)
    is_stated = head is not None and {"commune", "commune_code"} & set(head.columns)
    return None if is_stated else with_units


def _sounds_like_any_heading(cell: str) -> bool:
    return any(kind.vocabulary.sounds_like_heading(cell) for kind in load_file_kinds())


def _holds_known_table(sheet: Sheet) -> bool:
    for file_kind in load_file_kinds():
        head = find_header_rows(sheet, file_kind.vocabulary, has_period=file_kind.has_period)
        if head is not None and not file_kind.missing(head) and not file_kind.is_other_kind(head):
            return True
    return False


def _stands_beside(sheet: Sheet, chosen: Sheet) -> bool:
    """Another separator's reading of the same text is no sheet beside the chosen one."""
    return not (sheet.alternative or sheet.text) or sheet.text == chosen.text


def _list_continuations(sheets: list[Sheet], chosen: list[_Fit]) -> list[_Fit]:
    """The sheets that go on with the table of the sheet before them, without its head."""
    by_sheet = {id(fit.sheet): fit for fit in chosen}
    continuations = []
    last_fit: _Fit | None = None
    for sheet in sheets:
        if fit := by_sheet.get(id(sheet)):
            last_fit = fit
        elif last_fit and not sheet.text:
            head = find_continuation(last_fit.head, last_fit.sheet, sheet)
            if head is not None:
                continuations.append(replace(last_fit, sheet=sheet, head=replace(head, blocks=())))
    return continuations


@dataclass(frozen=True)
class _Fit:
    score: float
    file_kind: FileKind
    sheet: Sheet
    head: HeaderRows
    layout: Layout | None


def _make_tables(file_name: str, fit: _Fit) -> list[RecognisedTable]:
    """The tables of a sheet: one, or one for each block that stands beside another."""
    tables = []
    for head in (fit.head, *fit.head.blocks):
        if head is fit.head or not fit.file_kind.missing(head):
            table = SheetTable(
                file_name,
                fit.sheet,
                head,
                fit.file_kind.vocabulary.fields,
                one_row_a_unit=fit.file_kind.has_one_row_a_unit(head),
            )
            tables.append(RecognisedTable(fit.file_kind, table, fit.layout))
    return tables


def _find_headers(
    file_kind: FileKind, sheet: Sheet, layouts: Sequence[Layout]
) -> Iterator[tuple[Layout | None, HeaderRows]]:
    """The sheet's head by the kind's own headings, and by each layout that has anything to say
    about it.
    """
    kind_head = find_header_rows(sheet, file_kind.vocabulary, has_period=file_kind.has_period)
    if kind_head is not None:
        yield None, kind_head
    for layout in layouts:
        if layout.kind_code != file_kind.code:
            continue
        if layout.sheet and text.make_spelling_key(layout.sheet) != text.make_spelling_key(
            sheet.name
        ):
            continue
        vocabulary = file_kind.vocabulary_taught_by(layout)
        head = find_header_rows(
            sheet, vocabulary, layout.heading_rows, has_period=file_kind.has_period
        )
        if head is not None and _is_taught(head, vocabulary):
            yield layout, head


def _is_taught(head: HeaderRows, vocabulary: HeadingVocabulary) -> bool:
    """Whether a layout says anything of the columns of a head."""
    headings = [*head.ignored, *(column.heading for column in head.columns.values())]
    return any(column.score > EXACT for column in head.columns.values()) or any(
        vocabulary.is_taught(tuple(heading.split(" > "))) for heading in headings
    )


def _find_marked_header(file_kind: FileKind, sheet: Sheet) -> HeaderRows | None:
    """The first row, where it holds one of the kind's marks letter for letter."""
    if not file_kind.marks or not sheet.peek:
        return None
    row = sheet.peek[0]
    names = [format_cell_text(cell) for cell in row.cells]
    if not any(mark <= set(names) for mark in file_kind.marks):
        return None
    columns = {name: FieldColumn(index, name, EXACT) for index, name in enumerate(names) if name}
    return HeaderRows(row.number, row.number, columns, (), (), frozenset([tuple(names)]))


def _refuse_unknown_kind(
    file_name: str, nearly: list[tuple[float, FileKind, HeaderRows]]
) -> FileRefused:
    if nearly:
        _, file_kind, head = max(nearly, key=lambda similar: similar[0])
        missing = file_kind.missing(head)[:4]
        similar = [file_kind.vocabulary.nearest(name, head.ignored) for name in missing]
        message = _tell_near_kind(
            file_kind,
            [column.heading for column in list(head.columns.values())[:4]],
            [_first_spelling(file_kind, name) for name in missing],
            list(dict.fromkeys(heading for heading in similar if heading)),
        )
    else:
        sought = [
            write_message(
                "{kind}: {headings}",
                kind=file_kind.name,
                headings=quote_names(_list_required_headings(file_kind)),
            )
            for file_kind in load_file_kinds()
            if file_kind.fields
        ]
        message = write_message(
            "không thấy tiêu đề cột của biểu nào đã biết ({sought})",
            sought=join_messages("; ", sought),
        )
    remedy = write_message("hãy kiểm tra lại loại biểu và tên các cột")
    return FileRefused(file_name, message, remedy)


def _tell_near_kind(
    file_kind: FileKind, present: list[str], missing: list[str], nearest: list[str]
) -> Message:
    """What a file has of a kind, by its headings, and what it lacks."""
    if missing:
        lack = write_message("không thấy cột {headings}", headings=_quote_all(missing))
    else:
        lack = write_message("là một loại biểu khác")
    message = write_message(
        "gần giống {kind} (có cột {present}) nhưng {lack}",
        kind=file_kind.name,
        present=_quote_all(present),
        lack=lack,
    )
    if not nearest:
        return message
    return write_message(
        "{message}; gần nhất là {nearest}", message=message, nearest=_quote_all(nearest)
    )


def _quote_all(headings: list[str]) -> list[str]:
    return [f'"{heading}"' for heading in headings]


def _list_required_headings(file_kind: FileKind) -> list[str]:
    return [_first_spelling(file_kind, names[0]) for _, names in file_kind.required_fields]


def _first_spelling(file_kind: FileKind, name: str) -> str:
    return file_kind.vocabulary.fields[name].spellings[0]
