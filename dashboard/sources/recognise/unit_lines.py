"""Forms in which a unit has several lines ("Cần" and "Có", "Trong tháng" and "Lũy kế"), or stands
in a row of its own above its dossiers.

Such a sheet is written again as a row a unit, or with the unit beside each dossier, and then
recognised, read and checked like any other: what "Máy tính" over "Cần" means is decided there. What
is not understood whole is left as it is, and whoever reads it refuses it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from dashboard import names, text
from dashboard.sources.formats.sheet import Cell, Sheet, SheetRow, format_cell_text, is_blank
from dashboard.sources.recognise import qualifiers
from dashboard.sources.recognise.communes import find_department, is_total
from dashboard.sources.recognise.headings import says_only_qualifiers
from dashboard.sources.recognise.measure_words import AVAILABLE_WORDS, NEEDED_WORDS
from dashboard.sources.recognise.table import CROSSES, is_numbering_cell, is_signature

# A form of every commune with five lines each; a list is as long as it is.
_MOST_LINE_ROWS = 20_000
_MOST_COLUMNS = 120
_MOST_KINDS = 6
# A column of answers ("Đạt", "Không đạt") has so many different ones; notes have more.
_MOST_ANSWERS = 4
_LEAST_UNITS = 2
_MARKS = "-–+*•. "
_NUMBERED = re.compile(r"^(?:\(?(?:\d{1,2}(?:\.\d{1,2})*|[a-dđ])[.)]\s*)+", re.IGNORECASE)
_AMOUNT = re.compile(r"^(?:tổng )?(?:số lượng|sl|số) ", re.IGNORECASE)
# What a line may be called beside the words of periods and of what is needed and there.
_FURTHER_KINDS = (
    *("Thiếu", "Còn thiếu", "Thừa", "Đã cấp", "Cần cấp", "Nhu cầu cấp", "Biên chế", "Số lượng"),
    *("SL", "Hỏng", "Tăng", "Giảm"),
)
_KIND_KEYS = frozenset(
    text.make_spelling_key(word)
    for word in (*NEEDED_WORDS.split("|"), *AVAILABLE_WORDS.split("|"), *_FURTHER_KINDS)
)
_UNIT = "Đơn vị tiếp nhận"
_TOTAL = "Tổng cộng"
_COUNTED = re.compile(
    r"\s*[:(\-–]\s*(?:có |gồm |tổng(?: số| cộng)?\s*:?\s*)?\d+\s*(?:hồ sơ|hs)\s*\)?\s*$",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"^(?:đơn vị|cơ quan|địa phương|nơi)(?: tiếp nhận| giải quyết| xử lý)?\s*:\s*", re.IGNORECASE
)
_NUMBERED_UNIT = re.compile(r"^\(?(?:\d{1,3}|[IVXLC]+|[A-H])[.)]?$")
_SUM = re.compile(r"^(?:tong|cong|trang)\b")
# Groups within a unit.
_WITHIN = re.compile(r"^(?:linh vuc|thu tuc|nhom)\b")
_DOSSIER_CODE = re.compile(r"\d{6}-\d{3,}")
_LEAST_LIST_CELLS = 3
_LONGEST_NAME = 60
_OFFICE_WORD = re.compile(r"(?:xã|phường|đặc khu|ubnd|thị trấn)\b", re.IGNORECASE)


@dataclass(frozen=True)
class _UnitLines:
    """The lines of one unit: its name, and each line by its kind."""

    name: Cell
    lines: dict[str, SheetRow]

    @property
    def first(self) -> SheetRow:
        return next(iter(self.lines.values()))


@dataclass(frozen=True)
class _LineForm:
    """Where a form has the kinds of its lines and the names of its units, and its head."""

    head: list[SheetRow]
    kind_index: int
    unit_index: int
    units: list[_UnitLines]
    kinds: dict[str, str]


def join_unit_lines(sheet: Sheet) -> Sheet | None:
    """The sheet with the lines of each unit beside each other, each under its kind; None where it
    is no such form, or where one unit has other lines than the others.
    """
    if sheet.is_hidden or sheet.hidden_rows or sheet.height > _MOST_LINE_ROWS:
        return None
    if not _may_have_lines(sheet.peek):
        return None
    rows = list(islice(sheet.rows(), _MOST_LINE_ROWS + 1))
    width = max((len(row.cells) for row in rows), default=0)
    if len(rows) > _MOST_LINE_ROWS or width > _MOST_COLUMNS:
        return None
    for index in range(width):
        form = _read_form(rows, index)
        if form is not None:
            return _write_units(sheet, form, width)
    return None


def _may_have_lines(peek: Sequence[SheetRow]) -> bool:
    """Whether one column has the same two kinds again and again: a cheap first sieve."""
    counts: Counter[tuple[int, str]] = Counter()
    for row in peek:
        for index, cell in enumerate(row.cells):
            if isinstance(cell, str) and (kind := _key_kind(cell)):
                counts[index, kind] += 1
    repeated = Counter(index for (index, _), count in counts.items() if count >= _LEAST_UNITS)
    return any(kinds > 1 for kinds in repeated.values())


def _key_kind(cell: Cell) -> str:
    """Of "- Hiện có" the key by which lines of a kind are known; "" where it names no kind."""
    written = _strip_marks(format_cell_text(cell))
    if not 0 < len(written) < 60:
        return ""
    key = text.make_spelling_key(written)
    is_kind = (
        key in _KIND_KEYS
        or text.make_spelling_key(_AMOUNT.sub("", written)) in _KIND_KEYS
        or (says_only_qualifiers(written) and not qualifiers.says_days(written))
    )
    return key if is_kind else ""


def _strip_marks(written: str) -> str:
    return _NUMBERED.sub("", written.strip(_MARKS)).strip(_MARKS)


def _read_form(rows: list[SheetRow], kind_index: int) -> _LineForm | None:
    """The form whose kinds of lines stand in this column; None where it is none."""
    start = _find_first_line(rows, kind_index)
    if start is None:
        return None
    unit_index = _find_unit_column(rows[start:], kind_index)
    if unit_index is None:
        return None
    if unit_index == kind_index:
        start = next(
            (place for place in range(start) if _is_unit(rows[place].get_cell(unit_index))), start
        )
    units: list[_UnitLines] = []
    kinds: dict[str, str] = {}
    name: Cell = ""
    for row in rows[start:]:
        if is_signature(row):
            break
        kind = _key_kind(row.get_cell(kind_index))
        figures = any(not is_blank(cell) for cell in row.cells[kind_index + 1 :])
        if not kind:
            written = format_cell_text(row.get_cell(unit_index))
            if figures and not _sums_up(row):
                return None  # a line of no kind: the form is not understood
            if unit_index == kind_index and written:
                name = row.get_cell(unit_index)
            continue
        own_name = row.get_cell(unit_index) if unit_index != kind_index else name
        if is_blank(own_name) and _sums_up(row):
            own_name = _TOTAL
        if not units or _begins_unit(units[-1], own_name):
            if is_blank(own_name):
                return None
            units.append(_UnitLines(own_name, {}))
        if kind in units[-1].lines:
            return None
        units[-1].lines[kind] = row
        kinds.setdefault(kind, _strip_marks(format_cell_text(row.get_cell(kind_index))))
    wanted = [unit for unit in units if not is_total(format_cell_text(unit.name))]
    alike = all(set(unit.lines) == set(kinds) for unit in wanted)
    if not alike or len(wanted) < _LEAST_UNITS or not 1 < len(kinds) <= _MOST_KINDS:
        return None
    return _LineForm(_trim_head(rows[:start]), kind_index, unit_index, wanted, kinds)


def _find_first_line(rows: list[SheetRow], kind_index: int) -> int | None:
    """The first row with a kind in this column and a number or mark beside it."""
    for place, row in enumerate(rows):
        is_line = bool(_key_kind(row.get_cell(kind_index))) and any(
            _holds_digit(cell) for cell in row.cells[kind_index + 1 :]
        )
        if is_line:
            return place or None  # nothing would name it
    return None


def _holds_digit(cell: Cell) -> bool:
    return any(letter.isdigit() for letter in format_cell_text(cell))


def _is_unit(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(names.list_provinces_of_name(text.normalize_text(cell)))


def _find_unit_column(lines: list[SheetRow], kind_index: int) -> int | None:
    """The column in which most names are those of communes, the kinds' own one among them."""
    counts = Counter(
        index
        for row in lines
        for index, cell in enumerate(row.cells[: kind_index + 1])
        if _is_unit(cell)
    )
    return max(counts, key=lambda index: counts[index], default=None)


def _begins_unit(unit: _UnitLines, name: Cell) -> bool:
    """Whether a line with this name in it is another unit's than the line above it."""
    if is_blank(name):
        return False
    return text.make_spelling_key(format_cell_text(name)) != text.make_spelling_key(
        format_cell_text(unit.name)
    )


def _sums_up(row: SheetRow) -> bool:
    return any(
        isinstance(cell, str) and _SUM.match(text.strip_tones(format_cell_text(cell)))
        for cell in row.cells
    )


def _trim_head(head: list[SheetRow]) -> list[SheetRow]:
    """The head without the row of column numbers below it, and without groups of units."""
    while head and (
        all(is_blank(cell) or is_numbering_cell(cell) for cell in head[-1].cells)
        or (
            (len(head) > 1 and sum(not is_blank(cell) for cell in head[-1].cells) < 3)
            and _is_group(head[-1])
        )
    ):
        head = head[:-1]
    return head


def _is_group(row: SheetRow) -> bool:
    first = next((cell for cell in row.cells if not is_blank(cell)), "")
    return isinstance(first, str) and bool(_NUMBERED_UNIT.match(first.strip()))


def _write_units(sheet: Sheet, form: _LineForm, width: int) -> Sheet | None:
    """The form as a row a unit, each column of figures once a kind."""
    if not form.head:
        return None
    columns: list[tuple[int, str | None]] = []
    for index in range(width):
        if index == form.unit_index or index < form.kind_index:
            columns.append((index, None))
        elif index > form.kind_index:
            is_shared = _judge_column(form.units, index)
            if is_shared is None:
                return None
            columns += [(index, None)] if is_shared else [(index, kind) for kind in form.kinds]
    head = _spread_merged(form.head, sheet, width)
    below = head[-1].number
    rows = [SheetRow(row.number, [row.get_cell(index) for index, _ in columns]) for row in head]
    kinds: list[Cell] = [form.kinds[kind] if kind else "" for _, kind in columns]
    rows.append(SheetRow(below, kinds))
    for unit in form.units:
        cells = [_choose_cell(form, unit, index, kind) for index, kind in columns]
        rows.append(SheetRow(unit.first.number, cells))
    return replace(
        sheet,
        peek=rows[: len(sheet.peek)],
        rows=lambda: iter(rows),
        merged=[],
        hidden_rows=frozenset(),
        hidden_columns=frozenset(
            place for place, (index, _) in enumerate(columns) if index in sheet.hidden_columns
        ),
        height=len(rows),
        turned="lines",
    )


def _judge_column(units: Sequence[_UnitLines], index: int) -> bool | None:
    """Whether a column says one thing of each unit (True) or one of each line (False); None where
    nobody can tell. Figures are always of their line.
    """
    filled_lines: set[int] = set()
    different: set[str] = set()
    is_alike = True
    for unit in units:
        cells = [format_cell_text(row.get_cell(index)) for row in unit.lines.values()]
        if any(map(_holds_digit, cells)):
            return False
        is_alike = is_alike and len(set(cells)) == 1
        filled_lines |= {place for place, cell in enumerate(cells) if cell}
        different |= {cell for cell in cells if cell}
    if is_alike:
        return True
    if len(different) > _MOST_ANSWERS:
        return False  # notes
    # a cross beside "Cần" is no cross beside "Có"; an answer that is written once is the unit's
    return True if filled_lines == {0} and not different & CROSSES else None


def _choose_cell(form: _LineForm, unit: _UnitLines, index: int, kind: str | None) -> Cell:
    """Of one kind its line's cell, else the one that speaks for all lines of the unit."""
    if index == form.unit_index:
        return unit.name
    if kind:
        return unit.lines[kind].get_cell(index)
    cells = (row.get_cell(index) for row in unit.lines.values())
    return next((cell for cell in cells if not is_blank(cell)), unit.first.get_cell(index))


def _spread_merged(head: list[SheetRow], sheet: Sheet, width: int) -> list[SheetRow]:
    """The head with a merged heading in each of its columns."""
    cells_by_row = {row.number: [*row.cells, *[""] * (width - len(row.cells))] for row in head}
    for (top, left), (_, right) in sheet.merged:
        cells = cells_by_row.get(top + 1)
        if cells and left < right < width:
            cells[left : right + 1] = [cells[left]] * (right + 1 - left)
    return [SheetRow(row.number, cells_by_row[row.number]) for row in head]


def join_wrapped_names(sheet: Sheet) -> Sheet | None:
    """The sheet with the names of units that end in the row below ("Xã Bình" over "Sơn") in one
    cell, where the two make the name of a unit and the second part is none; else None.
    """
    if sheet.is_hidden or sheet.height > _MOST_LINE_ROWS:
        return None
    index = _find_wrapped_column(sheet.peek)
    if index is None:
        return None
    return replace(
        sheet,
        peek=list(_join_names(sheet.peek, index)),
        rows=lambda: _join_names(sheet.rows(), index),
        turned="wrapped",
    )


def _find_wrapped_column(peek: Sequence[SheetRow]) -> int | None:
    """The column in which a name ends in the row below."""
    counts: Counter[int] = Counter()
    for row, below in pairwise(peek):
        for part in (row, below):
            index = _find_only_cell(part)
            if index is not None and _join_name(row, below, index):
                counts[index] += 1
    return max(counts, key=lambda index: counts[index], default=None)


def _find_only_cell(row: SheetRow) -> int | None:
    """The column of the only cell that a row has, where that is a few words."""
    filled = [index for index, cell in enumerate(row.cells) if not is_blank(cell)]
    if len(filled) != 1 or not isinstance(row.cells[filled[0]], str):
        return None
    return filled[0] if len(format_cell_text(row.cells[filled[0]])) < _LONGEST_NAME else None


def _join_name(row: SheetRow, below: SheetRow, index: int) -> str:
    """The name of a unit that these two rows say together; "" where they say none. One of them has
    nothing but its part of the name.
    """
    first, second = (format_cell_text(part.get_cell(index)) for part in (row, below))
    if not first or not second or first.isdecimal() or _OFFICE_WORD.match(second):
        return ""
    if _find_only_cell(row) is None and _find_only_cell(below) is None:
        return ""
    if _find_only_cell(below) is None and _is_unit(first):
        return ""  # a unit without figures, and another one
    joined = f"{first} {second}"
    return joined if _is_unit(joined) and not _is_unit(second) else ""


def _join_names(rows: Iterable[SheetRow], index: int) -> Iterator[SheetRow]:
    above: SheetRow | None = None
    for row in rows:
        if above and (joined := _join_name(above, row, index)):
            full = row if _find_only_cell(row) is None else above
            cells = [*full.cells, *[""] * (index + 1 - len(full.cells))]
            cells[index] = joined
            yield SheetRow(full.number, cells)
            above = None
            continue
        if above:
            yield above
        above = row
    if above:
        yield above


def add_units_of_rows(sheet: Sheet) -> Sheet | None:
    """The list with the unit of the row above its dossiers beside each of them; None where such
    rows are not all understood, or a dossier has none above it.
    """
    if sheet.is_hidden:
        return None
    head_place = _find_list_head(sheet.peek)
    if head_place is None:
        return None
    head = sheet.peek[head_place]
    between = []
    for row in sheet.peek[head_place + 1 :]:
        if _is_entry(row):
            break
        between.append(row)
    if not any(map(_read_unit_row, between)):
        return None  # no unit above the first dossier: nearly every list
    width = len(head.cells)
    below = (row for row in sheet.rows() if row.number > head.number)
    units: set[str] = set()
    unit = ""
    for row in below:
        if is_signature(row):
            break
        named = _read_unit_row(row)
        if named is None:
            if _is_entry(row) and not unit:
                return None
        elif named:
            if not _names_unit(named):
                return None
            unit = named
            units.add(named)
    if not units:
        return None
    return replace(
        sheet,
        peek=list(_add_unit(sheet.peek, head.number, width)),
        rows=lambda: _add_unit(sheet.rows(), head.number, width),
        turned="above",
    )


def _find_list_head(peek: Sequence[SheetRow]) -> int | None:
    """The last row above the first dossier that has words in at least three columns."""
    first = next((place for place, row in enumerate(peek) if _is_entry(row)), None)
    if first is None:
        return None
    return next(
        (
            place
            for place in range(first - 1, -1, -1)
            if len({format_cell_text(cell) for cell in peek[place].cells} - {""})
            >= _LEAST_LIST_CELLS
        ),
        None,
    )


def _is_entry(row: SheetRow) -> bool:
    """Whether a row is a dossier's: it has a dossier's code in it."""
    return any(isinstance(cell, str) and bool(_DOSSIER_CODE.search(cell)) for cell in row.cells)


def _read_unit_row(row: SheetRow) -> str | None:
    """The unit that a row between the dossiers names, "" where it sums up or says nothing; None of
    a row of the list itself."""
    written = list(dict.fromkeys(filter(None, map(format_cell_text, row.cells))))
    if _is_entry(row):
        return None
    if len(written) == 2 and _NUMBERED_UNIT.match(written[0]):
        written = written[1:]
    if not written or _SUM.match(text.strip_tones(written[0])):
        return ""
    if len(written) > 1:
        return None
    if _WITHIN.match(text.strip_tones(written[0])):
        return ""
    return _LABELLED.sub("", _COUNTED.sub("", written[0])).strip()


def _names_unit(written: str) -> bool:
    return bool(names.list_provinces_of_name(written)) or find_department("", written) is not None


def _add_unit(
    rows: Iterator[SheetRow] | Sequence[SheetRow], head: int, width: int
) -> Iterator[SheetRow]:
    unit = ""
    for row in rows:
        cells = [*row.cells[:width], *[""] * (width - len(row.cells))]
        if row.number == head:
            yield SheetRow(row.number, [*cells, _UNIT])
        elif row.number < head:
            yield SheetRow(row.number, [*cells, ""])
        elif _is_entry(row):
            yield SheetRow(row.number, [*cells, unit])
        else:
            named = _read_unit_row(row)
            if named:
                unit = named
