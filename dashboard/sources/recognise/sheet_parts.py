"""The tables of a sheet: cut where another head begins below or beside, joined where a sheet goes
on without one.

Each table becomes a `Sheet` of its own, whose rows and columns keep their numbers, so that all that
recognises and reads a sheet reads it like any other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache, partial
from itertools import islice, pairwise

from dashboard import names, text
from dashboard.sources.formats.sheet import (
    Cell,
    Sheet,
    SheetRow,
    format_cell_text,
    has_figures,
    is_blank,
)
from dashboard.sources.recognise import periods
from dashboard.sources.recognise.communes import COMMUNE_FIELDS
from dashboard.sources.recognise.header_rows import HeaderRows
from dashboard.sources.recognise.table import is_signature

# A longer sheet is one list; forms that stand below each other are short.
MOST_ROWS = 5_000
_PEEK_ROWS = 120
# A title fills at most so many cells of its row.
_MOST_TITLE_CELLS = 2
# "I | UBND cấp xã" is a group of rows.
_LEAST_HEAD_CELLS = 3
_UNIT_HEADINGS = frozenset(
    text.make_spelling_key(spelling) for spelling in COMMUNE_FIELDS[0].spellings
)
_LIST_HEADINGS = frozenset(
    text.make_spelling_key(spelling)
    for spelling in ("Đơn vị tiếp nhận", "Cơ quan tiếp nhận", "Cơ quan", "Cơ quan, đơn vị")
)
_HEADINGS = _UNIT_HEADINGS | _LIST_HEADINGS
# "khu", "thuộc khu" where a cell has no spaces: the last words of these headings, one or more
_LAST_WORDS = {""} | {
    " ".join(words[start:]) for words in map(str.split, _HEADINGS) for start in range(len(words))
}
_LEFT_OF_UNIT = frozenset(
    text.make_spelling_key(heading)
    for heading in ("STT", "TT", "Số TT", "Số thứ tự", "Mã", "Mã xã", "Mã ĐVHC", "Mã đơn vị")
)
_PAGE_MARK = re.compile(r"(?:trang|page)\s*(?:số\s*)?\d+(?:\s*/\s*\d+)?$", re.IGNORECASE)
_COMMUNE_CODE = re.compile(r"\d{5}")
SoundsLikeHeading = Callable[[str], bool]


def split_sheet(
    sheet: Sheet, sounds_like_heading: SoundsLikeHeading, holds_table: Callable[[Sheet], bool]
) -> list[Sheet]:
    """The tables that stand below or beside each other, as sheets; the sheet itself where there is
    one. `holds_table`: whether a sheet has all columns of some kind of file.
    """
    if sheet.height > MOST_ROWS or not _may_be_several(sheet):
        return [sheet]
    rows = list(islice(sheet.rows(), MOST_ROWS + 1)) if sheet.text else list(sheet.rows())
    if len(rows) > MOST_ROWS:
        return [sheet]
    heads = [index for index, row in enumerate(rows) if _is_head(row)]
    # a merged heading stands in each of its rows
    tops = [index for index in heads if index - 1 not in heads]
    if not tops:
        return [sheet]
    titles = _list_words(rows[: tops[0]])
    starts = _find_starts(rows, tops, sounds_like_heading)
    parts = []
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        part = sheet
        if len(starts) > 1:
            part = _cut_rows(sheet, rows[start:end])
        if start:
            part = replace(part, titles_above=titles)
        top = next(index for index in tops if start <= index < end)
        parts += _split_beside(part, rows[start:end], rows[top], holds_table)
    return parts


def _may_be_several(sheet: Sheet) -> bool:
    """Whether a second head is worth looking for: a text file is not gone through for nothing."""
    return not sheet.text or any(map(_is_head, sheet.peek))


def _is_head(row: SheetRow) -> bool:
    if not any(_heads_units(cell) for cell in row.cells if cell.__class__ is str):
        return False  # as nearly all rows of a long table, without a closer look
    words = [format_cell_text(cell) for cell in row.cells if not is_blank(cell)]
    if any(map(_COMMUNE_CODE.fullmatch, words)):
        return False  # "21250 | … | UBND cấp xã" tells of a commune, whatever its words
    return len(words) >= _LEAST_HEAD_CELLS and len(set(words)) > 1 and not has_figures(row)


@lru_cache(maxsize=20_000)
def _heads_units(cell: str) -> bool:
    """Whether these words are how a column of units is headed. Nearly no cell of a long table ends
    with a word that such a heading ends with, and none begins with a figure."""
    last_word = cell[cell.rstrip().rfind(" ") + 1 :]
    if cell[:1].isdecimal() or text.make_spelling_key(last_word) not in _LAST_WORDS:
        return False
    return text.make_spelling_key(cell) in _HEADINGS


def _find_starts(
    rows: list[SheetRow], tops: list[int], sounds_like_heading: SoundsLikeHeading
) -> list[int]:
    """Where tables begin, titles included. A head that is repeated on the next page begins none:
    above it stands no day or period, or nothing but the titles of the page before."""
    starts = [0]
    last_top = tops[0]
    for top in tops[1:]:
        start = top
        while start > last_top + 1 and _may_stand_above(rows[start - 1], sounds_like_heading):
            start -= 1
        own_titles = _list_words(rows[start:top])
        is_repeated = _key_head(rows, top, sounds_like_heading) == _key_head(
            rows, last_top, sounds_like_heading
        )
        former_titles = _list_words(rows[starts[-1] : last_top])
        if is_repeated and (
            not any(map(periods.states_time, own_titles))
            or _repeats_titles(own_titles, former_titles)
        ):
            continue
        starts.append(start)
        last_top = top
    return starts


def _repeats_titles(titles: Iterable[str], former_titles: Iterable[str]) -> bool:
    former_keys = set(map(text.make_spelling_key, former_titles))
    return all(
        text.make_spelling_key(title) in former_keys or _PAGE_MARK.match(title) for title in titles
    )


def _may_stand_above(row: SheetRow, sounds_like_heading: SoundsLikeHeading) -> bool:
    """A title, or a heading over the head; no row of the table before, no signature."""
    if has_figures(row) or is_signature(row) or _is_head(row):
        return False
    words = [format_cell_text(cell) for cell in row.cells if not is_blank(cell)]
    return len(set(words)) <= _MOST_TITLE_CELLS or all(map(sounds_like_heading, words))


def _key_head(
    rows: list[SheetRow], top: int, sounds_like_heading: SoundsLikeHeading
) -> list[tuple[str, ...]]:
    """The words of a head, with those of the row below it where that belongs to the head."""
    lines = [_list_words([row]) for row in rows[top : top + 2] if not has_figures(row)]
    if len(lines) > 1 and not all(map(sounds_like_heading, lines[1])):
        del lines[1]
    return [tuple(map(text.make_spelling_key, line)) for line in lines]


def _list_words(rows: Iterable[SheetRow]) -> tuple[str, ...]:
    words = [format_cell_text(cell) for row in rows if not is_signature(row) for cell in row.cells]
    return tuple(dict.fromkeys(filter(None, words)))


def _cut_rows(sheet: Sheet, rows: list[SheetRow]) -> Sheet:
    first = rows[0].number
    last = rows[-1].number
    return replace(
        sheet,
        peek=rows[:_PEEK_ROWS],
        rows=lambda: (row for row in sheet.rows() if first <= row.number <= last),
        is_part=True,
    )


def _split_beside(
    part: Sheet, rows: list[SheetRow], head: SheetRow, holds_table: Callable[[Sheet], bool]
) -> list[Sheet]:
    """The blocks of one head beside each other: each has its own column of units."""
    keys = [text.make_spelling_key(format_cell_text(cell)) for cell in head.cells]
    units = [index for index, key in enumerate(keys) if key in _UNIT_HEADINGS]
    below = [row for row in rows if row.number > head.number]
    starts = [0]
    may_be_wide = False
    for before, unit in pairwise(units):
        start = _find_left_edge(rows, keys, before, unit, head.number)
        if start is not None:
            starts.append(start)
            may_be_wide |= _holds_same_cells(below, before, unit)
    if len(starts) == 1:
        return [part]
    width = max(len(row.cells) for row in rows)
    titles = _list_words(row for row in rows if row.number < head.number)
    blocks = [
        replace(
            part,
            peek=list(_cut_columns(part.peek, left, right)),
            rows=partial(_open_columns, part, left, right),
            is_part=True,
            titles_above=(*titles, *part.titles_above),
        )
        for left, right in zip(starts, [*starts[1:], width], strict=True)
    ]
    # Where the names of the units are only repeated, the blocks may be halves of one table.
    return [part] if may_be_wide and not all(map(holds_table, blocks)) else blocks


def _find_left_edge(
    rows: list[SheetRow], keys: list[str], before: int, unit: int, head_number: int
) -> int | None:
    """The first column of the block whose units stand in the column `unit`; None where it is no
    block of its own."""
    at_and_below = [row for row in rows if row.number >= head_number]
    start = unit
    while start > before + 1 and keys[start - 1] in _LEFT_OF_UNIT:
        start -= 1
    is_apart = start > before + 1 and all(
        start - 1 >= len(row.cells) or is_blank(row.cells[start - 1]) for row in at_and_below
    )
    return start if is_apart or keys[unit] == keys[before] else None


def _holds_same_cells(rows: list[SheetRow], first: int, second: int) -> bool:
    """Whether two columns say the same in every row: then it is one wide table."""
    return all(row.get_cell(first) == row.get_cell(second) for row in rows)


def _cut_columns(rows: Iterable[SheetRow], left: int, right: int) -> Iterator[SheetRow]:
    for row in rows:
        cells: list[Cell] = [
            cell if index >= left else "" for index, cell in enumerate(row.cells[:right])
        ]
        if not all(map(is_blank, cells)):
            yield SheetRow(row.number, cells)


def _open_columns(sheet: Sheet, left: int, right: int) -> Iterator[SheetRow]:
    return _cut_columns(sheet.rows(), left, right)


def find_continuation(head: HeaderRows, sheet: Sheet, next_sheet: Sheet) -> HeaderRows | None:
    """The head of `sheet` as that of `next_sheet`, which has none, where its columns hold the same
    kinds of cells from its first row on; else None.
    """
    below = [row for row in sheet.peek if row.number > head.last_row]
    indexes = [column.index for column in head.columns.values()]
    shapes = {index: _describe_shape(below, index) for index in indexes}
    next_shapes = {index: _describe_shape(next_sheet.peek, index) for index in indexes}
    alike = [index for index in indexes if shapes[index] and shapes[index] == next_shapes[index]]
    differing = [
        index for index in indexes if next_shapes[index] and next_shapes[index] != shapes[index]
    ]
    goes_further = _measure_width(next_sheet.peek) > _measure_width([*below, *sheet.peek])
    if differing or goes_further or 2 * len(alike) <= len(indexes):
        return None
    if not _names_units(head, next_sheet):
        return None
    return replace(head, first_row=0, last_row=0)


def _names_units(head: HeaderRows, sheet: Sheet) -> bool:
    """Whether the column of units holds names of units or codes."""
    if "commune" not in head.columns:
        return True
    index = head.columns["commune"].index
    cells = [row.cells[index] for row in sheet.peek if index < len(row.cells)]
    return (
        names.find_province_of_names(str(cell) for cell in cells if not is_blank(cell)) is not None
    )


def _measure_width(rows: Iterable[SheetRow]) -> int:
    return max(
        (index + 1 for row in rows for index, cell in enumerate(row.cells) if not is_blank(cell)),
        default=0,
    )


def _describe_shape(rows: Iterable[SheetRow], index: int) -> str:
    """What most cells of a column are: "" where it is blank, "mixed" where nothing prevails."""
    counts = Counter(
        _name_shape(row.cells[index])
        for row in rows
        if index < len(row.cells) and not is_blank(row.cells[index])
    )
    if not counts:
        return ""
    shape, count = counts.most_common(1)[0]
    return shape if 10 * count >= 7 * counts.total() else "mixed"


def _name_shape(cell: Cell) -> str:
    if isinstance(cell, date):
        return "day"
    written = format_cell_text(cell)
    if periods.states_day(written):
        return "day"
    if not any(letter.isdigit() for letter in written):
        return "words"
    return "code" if any(letter.isalpha() for letter in written) else "number"
