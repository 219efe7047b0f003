"""Finding a table's heading rows in a sheet, and which field each of its columns stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dashboard import text
from dashboard.sources.headings import NEAR, UNTONED, Vocabulary, Words
from dashboard.sources.sheet import Cell, Row, Sheet, blank

MAX_HEADING_ROWS = 5
MAX_COLUMNS = 400
_FIGURE = re.compile(r"^\s*[-–]?[\d.,/:\s]+(?:%|Mbps)?\s*$|^\s*[-–]\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Column:
    """A column that stands for a field: where, as what the file heads it, how surely (1 is exact)."""

    index: int
    heading: str
    score: float


@dataclass(frozen=True)
class Head:
    """The heading rows of one table. `titles` is the text above it, `ignored` the headings of no field."""

    first_row: int
    last_row: int
    columns: dict[str, Column]
    ignored: tuple[str, ...]
    titles: tuple[str, ...]
    lines: frozenset[Words]
    doubled: tuple[str, ...] = ()

    @property
    def score(self) -> float:
        return sum(column.score for column in self.columns.values())


def as_written(cell: Cell) -> str:
    return text.normal(cell) if isinstance(cell, str) else ("" if blank(cell) else str(cell))


def as_grid(rows: list[Row], width: int) -> list[list[str]]:
    return [[as_written(cell) for cell in row.cells[:width]] + [""] * (width - len(row.cells)) for row in rows]


def _fill_merged(grid: list[list[str]], rows: list[Row], sheet: Sheet) -> None:
    """Write a merged block's heading into each of its columns (top row of the block only)."""
    place = {row.number - 1: index for index, row in enumerate(rows)}
    for (top, left), (_, right) in sheet.merged:
        if top in place and left < right < len(grid[place[top]]):
            line = grid[place[top]]
            line[left : right + 1] = [line[left]] * (right + 1 - left)


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


def _paths(block: list[list[str]]) -> list[Words]:
    """Each column's headings from the top down, blanks and repetitions left out."""
    columns = zip(*_fill_right(block), strict=True)
    return [tuple(dict.fromkeys(filter(None, column))) for column in columns]


def _has_figures(row: Row) -> bool:
    """A row with many numbers or days in it is a row of the table, not a heading."""
    filled = [cell for cell in row.cells if not blank(cell)]
    figures = sum(not isinstance(cell, str) or bool(_FIGURE.match(cell)) for cell in filled)
    return 4 * figures > len(filled)


def find_head(sheet: Sheet, vocabulary: Vocabulary, at: tuple[int, int] | None = None) -> Head | None:
    """The rows of `sheet` whose columns stand for the most fields; None where no two columns do.

    `at`: numbers of the first and last heading row, where somebody said which they are.
    """
    rows = sheet.peek
    width = min(max((len(row.cells) for row in rows), default=0), MAX_COLUMNS)
    grid = as_grid(rows, width)
    _fill_merged(grid, rows, sheet)
    figures = [_has_figures(row) for row in rows]
    hits = [sum(map(vocabulary.sounds_like_heading, line)) for line in grid]
    best: tuple[float, int, int] | None = None
    if at is not None:
        said = [index for index, row in enumerate(rows) if at[0] <= row.number <= at[1]]
        best = (0.0, said[0], len(said)) if said else None
    for first in range(len(rows) if at is None else 0):
        for height in range(1, min(MAX_HEADING_ROWS, len(rows) - first) + 1):
            last = first + height - 1
            if not hits[first] or figures[last]:
                break
            if not hits[last] or sum(hits[first : last + 1]) < 2:
                continue
            found = _columns(_paths(grid[first : first + height]), vocabulary)
            score = sum(column.score for column in found.values()) - 0.001 * height
            if len(found) > 1 and (best is None or score > best[0] + 1e-9):
                best = (score, first, height)
    if best is None:
        return None
    _, first, height = best
    paths = _paths(grid[first : first + height])
    columns = _columns(paths, vocabulary)
    _add_misspelt(columns, paths, vocabulary)
    if len(columns) < 2:
        return None
    used = {column.index for column in columns.values()}
    ignored = tuple(" > ".join(path) for index, path in enumerate(paths) if path and index not in used)
    titles = tuple(cell for line in grid[:first] for cell in dict.fromkeys(line) if cell)
    lines = frozenset(tuple(line) for line in as_grid(rows[first : first + height], width))
    doubled = tuple(
        " > ".join(path)
        for index, path in enumerate(paths)
        if path and index not in used and (vocabulary.field_of(path) or ("", 0.0))[1] >= UNTONED - 0.05
    )
    return Head(rows[first].number, rows[first + height - 1].number, columns, ignored, titles, lines, doubled)


def _columns(paths: list[Words], vocabulary: Vocabulary) -> dict[str, Column]:
    """Each field's best column; of two as good the left one, unless neither is an exact match."""
    found: dict[str, Column] = {}
    unsure: set[str] = set()
    for index, path in enumerate(paths):
        meant = vocabulary.field_of(path) if path else None
        if meant is None:
            continue
        name, score = meant
        known = found.get(name)
        if known is None or score > known.score:
            found[name] = Column(index, " > ".join(path), score)
            unsure.discard(name)
        elif score == known.score and score < UNTONED - 0.05:
            unsure.add(name)
    return {name: column for name, column in found.items() if name not in unsure}


def _add_misspelt(columns: dict[str, Column], paths: list[Words], vocabulary: Vocabulary) -> None:
    used = {column.index for column in columns.values()}
    for index, path in enumerate(paths):
        if path and index not in used:
            name = vocabulary.misspelt(path, set(vocabulary.fields) - set(columns))
            if name:
                columns[name] = Column(index, " > ".join(path), NEAR)
