"""Finding a table's heading rows in a sheet, and what stands in its columns."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from dashboard import text
from dashboard.messages import join_messages
from dashboard.sources.formats.sheet import Sheet, SheetRow, format_cell_text
from dashboard.sources.recognise import periods, qualifiers
from dashboard.sources.recognise.column_choice import (
    TEXT_FIELDS,
    FieldColumn,
    RivalColumns,
    UnreadColumn,
    choose_columns,
)
from dashboard.sources.recognise.heading_words import HeadingWords, strip_numbering
from dashboard.sources.recognise.headings import NEAR, HeadingVocabulary

MAX_HEADING_ROWS = 5
MAX_TABLE_COLUMNS = 400

# Beside a heading, not below it: "Đã giải quyết | Trong đó > Trước hạn".
_OF_WHICH = {
    text.make_spelling_key(words) for words in ("Trong đó", "Chia ra", "Bao gồm", "Gồm", "Gồm có")
}
_LETTERS = re.compile(r"[^\W\d_]{2}")
_NO_FIELD = join_messages("", [])
# What stands beside a share, in a row of headings that says nothing else.
_AMOUNTS = {
    text.make_spelling_key(word)
    for word in ("Số lượng", "SL", "Số hồ sơ", "Số HS", "Tổng số", "Tổng", "Số")
}


@dataclass(frozen=True)
class HeaderRows:
    """The heading rows of one table. `titles` is the text above it, `ignored` the headings of no
    field. `left_out`: columns of a field whose figures are others; `rivals`: columns that nothing
    tells apart; `blocks`: further tables in the same rows, beside this one or of another period.
    """

    first_row: int
    last_row: int
    columns: dict[str, FieldColumn]
    ignored: tuple[str, ...]
    titles: tuple[str, ...]
    lines: frozenset[HeadingWords]
    left_out: tuple[UnreadColumn, ...] = ()
    rivals: tuple[RivalColumns, ...] = ()
    blocks: tuple[HeaderRows, ...] = ()
    ignored_columns: tuple[UnreadColumn, ...] = ()

    @property
    def score(self) -> float:
        return sum(column.score for column in self.columns.values())


def make_text_grid(rows: list[SheetRow], width: int) -> list[list[str]]:
    return [
        [format_cell_text(cell) for cell in row.cells[:width]] + [""] * (width - len(row.cells))
        for row in rows
    ]


def _fill_merged(grid: list[list[str]], rows: list[SheetRow], sheet: Sheet) -> None:
    """Write a merged block's heading into each of its columns (top row of the block only)."""
    row_indexes = {row.number - 1: index for index, row in enumerate(rows)}
    for (top, left), (_, right) in sheet.merged:
        if top in row_indexes and left < right < len(grid[row_indexes[top]]):
            cells = grid[row_indexes[top]]
            cells[left : right + 1] = [cells[left]] * (right + 1 - left)


def _fill_right(block: list[list[str]]) -> list[list[str]]:
    """Headings over several columns whose merge is lost (CSV): a blank takes its left neighbour's
    heading if something stands below both and they share all headings above."""
    filled = [list(line) for line in block]
    for level, line in enumerate(filled[:-1]):
        below = filled[level + 1 :]
        for column in range(1, len(line)):
            under = any(row[column] for row in below)
            left_under = any(row[column - 1] for row in below)
            same_above = all(row[column] == row[column - 1] for row in filled[:level])
            if not line[column] and under and left_under and same_above:
                line[column] = line[column - 1]
    return filled


def _list_heading_paths(block: list[list[str]]) -> list[HeadingWords]:
    """Each column's headings from the top down, blanks, numbers and repetitions left out."""
    columns = zip(*_fill_right(block), strict=True)
    paths = [tuple(dict.fromkeys(filter(None, map(strip_numbering, column)))) for column in columns]
    whole: HeadingWords = ()
    for index, path in enumerate(paths):
        if len(path) > 1 and text.make_spelling_key(path[0]) in _OF_WHICH:
            paths[index] = (*whole, *path)
        else:
            whole = path[:1]
    return paths


def find_header_rows(
    sheet: Sheet,
    vocabulary: HeadingVocabulary,
    stated_rows: tuple[int, int] | None = None,
    *,
    has_period: bool = False,
) -> HeaderRows | None:
    """The rows of `sheet` whose columns stand for the most fields; None where no two columns do.

    `stated_rows`: numbers of the first and last heading row, where somebody said which they are.
    """
    rows = sheet.peek
    width = min(max((len(row.cells) for row in rows), default=0), MAX_TABLE_COLUMNS)
    grid = [line[:width] + [""] * (width - len(line)) for line in sheet.written]
    _fill_merged(grid, rows, sheet)
    figures = sheet.figure_rows
    # a row of figures is no heading, whatever its words sound like
    hits = [
        0 if is_figures else sum(map(vocabulary.sounds_like_heading, line))
        for line, is_figures in zip(grid, figures, strict=True)
    ]
    best: tuple[float, int, int] | None = None
    if stated_rows is not None:
        indexes = [
            index
            for index, row in enumerate(rows)
            if stated_rows[0] <= row.number <= stated_rows[1]
        ]
        best = (0.0, indexes[0], len(indexes)) if indexes else None
    for first in range(len(rows) if stated_rows is None else 0):
        for height in range(1, min(MAX_HEADING_ROWS, len(rows) - first) + 1):
            last = first + height - 1
            if not hits[first] or figures[last]:
                break
            if not hits[last] or sum(hits[first : last + 1]) < 2:
                continue
            paths = sheet.heading_paths.get((first, height))
            if paths is None:
                paths = _list_heading_paths(grid[first : first + height])
                sheet.heading_paths[first, height] = paths
            candidates = _match_columns(paths, vocabulary)
            score = sum(column.score for column in candidates.values()) - 0.001 * height
            if len(candidates) > 1 and (best is None or score > best[0] + 1e-9):
                best = (score, first, height)
    if best is None:
        return None
    _, first, height = best
    if stated_rows is None:
        first, height = _add_merged_rows(grid, figures, first, height, vocabulary)
        first, height = _add_qualifying_rows(grid, figures, first, height, vocabulary)
        height = _add_unnamed_rows(grid, figures, first, height, vocabulary)
    paths = _list_heading_paths(grid[first : first + height])
    own_titles = [title for line in grid[:first] for title in _list_titles(line)]
    titles = periods.complete_titles(own_titles, sheet.titles_above, sheet.name)
    lines = frozenset(tuple(line) for line in make_text_grid(rows[first : first + height], width))
    choices = choose_columns(paths, vocabulary, sheet.hidden_columns, titles, has_period)
    heads = []
    used_indexes = {
        index
        for choice in choices
        for column in choice.columns.values()
        for index in column.indexes
    }
    for choice in choices:
        columns = dict(choice.columns)
        if len(choices) == 1:
            taken_indexes = used_indexes | {column.index for column in choice.left_out}
            _add_misspelt(columns, paths, vocabulary, taken_indexes)
            used_indexes |= {column.index for column in columns.values()}
        if len(columns) < 2:
            continue
        unused = [(index, path) for index, path in enumerate(paths) if path]
        unused = [(index, path) for index, path in unused if index not in used_indexes]
        ignored = tuple(" > ".join(path) for _, path in unused)
        left_out_indexes = {column.index for column in choice.left_out}
        heads.append(
            HeaderRows(
                rows[first].number,
                rows[first + height - 1].number,
                columns,
                ignored,
                choice.titles,
                lines,
                choice.left_out,
                choice.rivals,
                ignored_columns=tuple(
                    UnreadColumn(index, " > ".join(path), _NO_FIELD)
                    for index, path in unused
                    if index not in left_out_indexes and not vocabulary.passes_over(path)
                ),
            )
        )
    return replace(heads[0], blocks=tuple(heads[1:])) if heads else None


# "Từ ngày:" in one cell and the day in the next, as portals print the span that was asked for
_LABEL = re.compile(
    r"(?:kỳ báo cáo|từ|đến|từ ngày|đến ngày|từ tháng|đến tháng|tháng|quý|năm"
    r"|đơn vị tính|đv tính|đvt)\s*:?",
    re.IGNORECASE,
)
_ISO_DAY = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)(?: 00:00:00)?\b")


def _list_titles(line: list[str]) -> list[str]:
    """The cells of a row above a table, each once; as one line where labels stand beside what they
    are labels of."""
    cells = [cell for cell in dict.fromkeys(line) if cell]
    if len(cells) < 2 or not any(map(_LABEL.fullmatch, cells)):
        return cells
    words = (re.sub(r"^(\d+)\.0$", r"\1", _ISO_DAY.sub(r"\3/\2/\1", cell)) for cell in cells)
    return [" ".join(word.rstrip(": ") for word in words)]


def _add_merged_rows(
    grid: list[list[str]],
    figures: list[bool],
    first: int,
    height: int,
    vocabulary: HeadingVocabulary,
) -> tuple[int, int]:
    """The heading rows with those above into which the heading of the units reaches: what stands
    there over the other columns is part of their headings, known words or not.
    """
    columns = _match_columns(_list_heading_paths(grid[first : first + height]), vocabulary)
    units = [column.index for name, column in columns.items() if name in TEXT_FIELDS]
    while first and height < MAX_HEADING_ROWS and not figures[first - 1]:
        line = grid[first]
        above = grid[first - 1]
        reaches_up = any(line[index] and line[index] == above[index] for index in units)
        if not reaches_up or len(set(filter(None, above))) < 2:
            break
        first = first - 1
        height = height + 1
    return first, height


def _add_qualifying_rows(
    grid: list[list[str]],
    figures: list[bool],
    first: int,
    height: int,
    vocabulary: HeadingVocabulary,
) -> tuple[int, int]:
    """The heading rows with those above and below that only say of which period a column is."""
    last = first + height - 1
    while (
        last + 1 < len(grid)
        and not figures[last + 1]
        and _says_qualifiers(grid[last + 1], grid[last], vocabulary)
    ):
        last += 1
    above = grid[first - 1] if first and not figures[first - 1] else []
    qualifying = {cell for cell in above if cell and vocabulary.qualifies(cell)}
    # one such cell at the left may be a title, one day anywhere; two are headings of blocks
    is_left_free = qualifying.isdisjoint(above[:2]) and not any(
        map(qualifiers.says_days, qualifying)
    )
    if len(qualifying) > 1 or (qualifying and is_left_free):
        first -= 1
    return first, last - first + 1


def _add_unnamed_rows(
    grid: list[list[str]],
    figures: list[bool],
    first: int,
    height: int,
    vocabulary: HeadingVocabulary,
) -> int:
    """How many rows the head has with those below that name no unit, but say words under headings
    of figures: whatever they say belongs to the heading, known words or not.
    """
    while height < MAX_HEADING_ROWS and first + height < len(grid):
        columns = _match_columns(_list_heading_paths(grid[first : first + height]), vocabulary)
        names = [column.index for name, column in columns.items() if name in TEXT_FIELDS]
        counts = [column.index for name, column in columns.items() if name not in TEXT_FIELDS]
        line = grid[first + height]
        above = grid[first + height - 1]
        fresh = [cell if cell != upper else "" for cell, upper in zip(line, above, strict=True)]
        # the heading of the units reaches down to this row
        is_merged = any(line[index] and line[index] == above[index] for index in names)
        places = range(len(line)) if is_merged else counts
        is_heading = (
            bool(names)
            and not figures[first + height]
            and not any(fresh[index] for index in names)
            and any(_LETTERS.search(fresh[index]) for index in places)
        )
        if not is_heading:
            break
        height += 1
    return height


def _says_qualifiers(line: list[str], above: list[str], vocabulary: HeadingVocabulary) -> bool:
    """Whether a row only says of which period or sort each column is. A heading merged down from
    the row above stands here, too; "Số lượng" counts beside a "Tỷ lệ"."""
    filled = [cell for cell, upper in zip(line, above, strict=True) if cell and cell != upper]
    qualifying = [cell for cell in filled if vocabulary.qualifies(cell)]
    others = [cell for cell in filled if text.make_spelling_key(cell) not in _AMOUNTS]
    return bool(qualifying) and all(map(vocabulary.qualifies, others))


def _match_columns(
    paths: list[HeadingWords], vocabulary: HeadingVocabulary
) -> dict[str, FieldColumn]:
    """Each field's best column: a first measure of how well rows serve as headings."""
    best: dict[str, FieldColumn] = {}
    for index, path in enumerate(paths):
        column_match = vocabulary.match_column(path) if path else None
        if column_match is None:
            continue
        earlier = best.get(column_match.name)
        if earlier is None or column_match.score > earlier.score:
            best[column_match.name] = FieldColumn(index, " > ".join(path), column_match.score)
    return best


def _add_misspelt(
    columns: dict[str, FieldColumn],
    paths: list[HeadingWords],
    vocabulary: HeadingVocabulary,
    used_indexes: set[int],
) -> None:
    for index, path in enumerate(paths):
        if path and index not in used_indexes and not any(map(qualifiers.says_days, path)):
            name = vocabulary.misspelt(path, set(vocabulary.fields) - set(columns))
            if name:
                columns[name] = FieldColumn(index, " > ".join(path), NEAR)
