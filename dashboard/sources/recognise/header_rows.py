"""Finding a table's heading rows in a sheet, and which field each of its columns stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dashboard import text
from dashboard.sources.formats.sheet import Cell, Sheet, SheetRow, is_blank
from dashboard.sources.recognise.headings import NEAR, UNTONED, HeadingVocabulary, HeadingWords

MAX_HEADING_ROWS = 5
MAX_TABLE_COLUMNS = 400
_FIGURE = re.compile(r"^\s*[-–]?[\d.,/:\s]+(?:%|Mbps)?\s*$|^\s*[-–]\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class FieldColumn:
    """A column that stands for a field: where, as the file heads it, how surely (1 is exact)."""

    index: int
    heading: str
    score: float


@dataclass(frozen=True)
class HeaderRows:
    """The heading rows of one table. `titles` is the text above it, `ignored` the headings of no
    field.
    """

    first_row: int
    last_row: int
    columns: dict[str, FieldColumn]
    ignored: tuple[str, ...]
    titles: tuple[str, ...]
    lines: frozenset[HeadingWords]
    duplicate_headings: tuple[str, ...] = ()

    @property
    def score(self) -> float:
        return sum(column.score for column in self.columns.values())


def format_cell_text(cell: Cell) -> str:
    return (
        text.normalize_text(cell)
        if isinstance(cell, str)
        else ("" if is_blank(cell) else str(cell))
    )


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
    """Each column's headings from the top down, blanks and repetitions left out."""
    columns = zip(*_fill_right(block), strict=True)
    return [tuple(dict.fromkeys(filter(None, column))) for column in columns]


def _has_figures(row: SheetRow) -> bool:
    """A row with many numbers or days in it is a row of the table, not a heading."""
    filled = [cell for cell in row.cells if not is_blank(cell)]
    figures = sum(not isinstance(cell, str) or bool(_FIGURE.match(cell)) for cell in filled)
    return 4 * figures > len(filled)


def find_header_rows(
    sheet: Sheet, vocabulary: HeadingVocabulary, stated_rows: tuple[int, int] | None = None
) -> HeaderRows | None:
    """The rows of `sheet` whose columns stand for the most fields; None where no two columns do.

    `stated_rows`: numbers of the first and last heading row, where somebody said which they are.
    """
    rows = sheet.peek
    width = min(max((len(row.cells) for row in rows), default=0), MAX_TABLE_COLUMNS)
    grid = make_text_grid(rows, width)
    _fill_merged(grid, rows, sheet)
    figures = [_has_figures(row) for row in rows]
    hits = [sum(map(vocabulary.sounds_like_heading, line)) for line in grid]
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
            candidates = _match_columns(
                _list_heading_paths(grid[first : first + height]), vocabulary
            )
            score = sum(column.score for column in candidates.values()) - 0.001 * height
            if len(candidates) > 1 and (best is None or score > best[0] + 1e-9):
                best = (score, first, height)
    if best is None:
        return None
    _, first, height = best
    paths = _list_heading_paths(grid[first : first + height])
    columns = _match_columns(paths, vocabulary)
    _add_misspelt(columns, paths, vocabulary)
    if len(columns) < 2:
        return None
    used_indexes = {column.index for column in columns.values()}
    ignored = tuple(
        " > ".join(path) for index, path in enumerate(paths) if path and index not in used_indexes
    )
    titles = tuple(cell for line in grid[:first] for cell in dict.fromkeys(line) if cell)
    lines = frozenset(tuple(line) for line in make_text_grid(rows[first : first + height], width))
    duplicate_headings = tuple(
        " > ".join(path)
        for index, path in enumerate(paths)
        if path
        and index not in used_indexes
        and (vocabulary.field_of(path) or ("", 0.0))[1] >= UNTONED - 0.05
    )
    return HeaderRows(
        rows[first].number,
        rows[first + height - 1].number,
        columns,
        ignored,
        titles,
        lines,
        duplicate_headings,
    )


def _match_columns(
    paths: list[HeadingWords], vocabulary: HeadingVocabulary
) -> dict[str, FieldColumn]:
    """Each field's best column; of two as good the left one, unless neither is an exact match."""
    best: dict[str, FieldColumn] = {}
    unsure: set[str] = set()
    for index, path in enumerate(paths):
        field_match = vocabulary.field_of(path) if path else None
        if field_match is None:
            continue
        name, score = field_match
        earlier = best.get(name)
        if earlier is None or score > earlier.score:
            best[name] = FieldColumn(index, " > ".join(path), score)
            unsure.discard(name)
        elif score == earlier.score and score < UNTONED - 0.05:
            unsure.add(name)
    return {name: column for name, column in best.items() if name not in unsure}


def _add_misspelt(
    columns: dict[str, FieldColumn], paths: list[HeadingWords], vocabulary: HeadingVocabulary
) -> None:
    used_indexes = {column.index for column in columns.values()}
    for index, path in enumerate(paths):
        if path and index not in used_indexes:
            name = vocabulary.misspelt(path, set(vocabulary.fields) - set(columns))
            if name:
                columns[name] = FieldColumn(index, " > ".join(path), NEAR)
