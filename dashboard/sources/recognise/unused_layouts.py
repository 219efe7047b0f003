"""Why a form that an administrator taught was of no use for a file: its sheet, its headings, or
what is missing to be of its kind. Only headings are quoted, never a cell below them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from dashboard import text
from dashboard.messages import Message, join_messages, write_message
from dashboard.sources.formats.sheet import Sheet, format_cell_text
from dashboard.sources.recognise.file_kinds import Layout, RecognisedFile, load_file_kinds
from dashboard.sources.recognise.header_rows import find_header_rows
from dashboard.sources.recognise.headings import split_taught_words

# Of so many of its headings a layout must be told why it was not applied though nobody named it.
_NEARLY_SHARE = 0.5
_MOST_NAMED = 4
_LONGEST_HEADING = 80
_ALIKE = 0.6


class UnusedLayout(NamedTuple):
    """A layout that was taught, and behind its name what is wrong with it for a file."""

    name: str
    fault: Message


def tell_unused_layouts(
    sheets: Sequence[Sheet],
    layouts: Sequence[Layout],
    recognised: RecognisedFile | None,
    *,
    tells_all: bool = False,
) -> list[UnusedLayout]:
    """One line for each layout that helped no table of the file, or not with all its headings.
    Standing layouts for other forms are told only where `tells_all`; those that nearly fit, and
    those named for this import, always.
    """
    used = [entry.layout for entry in recognised.tables] if recognised else []
    words = _gather_words(sheets)
    lines = []
    for layout in layouts:
        levels = _list_levels(layout)
        missing = [level for level in levels if split_taught_words(level) not in words]
        if layout in used:
            if missing and (tells_all or layout.is_asked):
                named = _join_missing(missing, words)
                fault = write_message(": không thấy tiêu đề {headings}", headings=named)
                lines.append(UnusedLayout(layout.name, fault))
            continue
        is_near = len(missing) <= (1 - _NEARLY_SHARE) * len(levels)
        if tells_all or layout.is_asked or is_near:
            reason = _explain_layout(layout, sheets, missing, words)
            fault = write_message(" không áp dụng được: {reason}", reason=reason)
            lines.append(UnusedLayout(layout.name, fault))
    return lines


def _list_levels(layout: Layout) -> list[str]:
    """Every level of the headings that a layout names."""
    headings = [heading for heading, _ in layout.headings]
    headings += [heading for _, parts in layout.sums for heading in parts]
    headings += [level for level, _ in layout.periods]
    levels = (level.strip() for heading in headings for level in heading.split(">"))
    return list(dict.fromkeys(level for level in levels if level))


def _gather_words(sheets: Iterable[Sheet]) -> dict[tuple[str, ...], str]:
    """What stands in cells of the first rows that may be headings, by its words."""
    cells = (
        format_cell_text(cell)
        for sheet in sheets
        for row in sheet.peek
        for cell in row.cells
        if isinstance(cell, str)
    )
    return {split_taught_words(cell): cell for cell in cells if 0 < len(cell) <= _LONGEST_HEADING}


def _explain_layout(
    layout: Layout,
    sheets: Sequence[Sheet],
    missing: list[str],
    words: dict[tuple[str, ...], str],
) -> Message:
    names = list(dict.fromkeys(sheet.name for sheet in sheets))
    if layout.sheet and text.make_spelling_key(layout.sheet) not in map(
        text.make_spelling_key, names
    ):
        return write_message(
            'tệp không có trang "{sheet}" (có {present})',
            sheet=layout.sheet,
            present=[write_message('"{heading}"', heading=name) for name in names[:_MOST_NAMED]],
        )
    if missing:
        return write_message(
            "không thấy tiêu đề {headings}", headings=_join_missing(missing, words)
        )
    file_kind = next(kind for kind in load_file_kinds() if kind.code == layout.kind_code)
    vocabulary = file_kind.vocabulary_taught_by(layout)
    heads = [
        find_header_rows(sheet, vocabulary, layout.heading_rows, has_period=file_kind.has_period)
        for sheet in sheets
    ]
    lacking = [file_kind.missing(head) for head in heads if head is not None]
    if not lacking:
        if layout.heading_rows is None:
            return write_message("các tiêu đề đó không đứng cùng nhau")
        first, last = layout.heading_rows
        return write_message(
            "các tiêu đề đó không đứng cùng nhau ở dòng {first}–{last}", first=first, last=last
        )
    fewest = min(lacking, key=len)
    if fewest:
        return write_message("còn thiếu cột {columns}", columns=list(fewest[:_MOST_NAMED]))
    return write_message("tệp khớp hơn với một cách đọc khác")


def _join_missing(missing: list[str], words: dict[tuple[str, ...], str]) -> Message:
    """The headings that the file has not, each with the one that looks most like it."""
    named = []
    for level in missing[:_MOST_NAMED]:
        plain = text.strip_tones(level)
        score, nearest = max(
            (
                (SequenceMatcher(None, text.strip_tones(cell), plain).ratio(), cell)
                for cell in words.values()
            ),
            default=(0.0, ""),
        )
        named.append(
            write_message('"{heading}" (gần nhất là "{nearest}")', heading=level, nearest=nearest)
            if score >= _ALIKE
            else write_message('"{heading}"', heading=level)
        )
    more = len(missing) - _MOST_NAMED
    if more <= 0:
        return join_messages(", ", named)
    return write_message("{headings} và {more} tiêu đề nữa", headings=named, more=more)
