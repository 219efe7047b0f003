"""What a kind of file declares, and which kind a file is.

A kind is one module of this package with a `KIND`; nothing else has to know about it.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from importlib import import_module
from pathlib import Path

from dashboard import text
from dashboard.batch import Batch
from dashboard.errors import FileRefused
from dashboard.sources.head import Column, Head, as_written, find_head
from dashboard.sources.headings import EXACT, Field, Vocabulary, words_of
from dashboard.sources.sheet import Sheet
from dashboard.sources.table import Table


@dataclass(frozen=True)
class Given:
    """What is known beside the file's content: its name, digest and place, what the caller said, and the day."""

    file_name: str
    sha256: str
    today: date
    province: str | None = None
    as_of: date | None = None
    period: tuple[date, date] | None = None
    path: Path | None = None


@dataclass(frozen=True)
class Layout:
    """A form that an administrator taught (data/layouts.toml): headings to fields of a kind, and where they stand."""

    name: str
    kind: str
    headings: tuple[tuple[str, str], ...] = ()
    sheet: str | None = None
    heading_rows: tuple[int, int] | None = None


@dataclass(frozen=True)
class Found:
    """A recognised file: its kind and table, further sheets with the same kind of table, the layout that helped."""

    kind: Kind
    table: Table
    others: list[str]
    layout: Layout | None = None


@dataclass(frozen=True)
class Kind:
    """A kind of file. `needs`: of each group at least `least` (one number a group) fields must be there;
    `never`: headings that say the table is another kind; `telling`: words that tell its columns apart
    though they say nothing elsewhere; `read` gives one batch per province.
    `marks`: a sheet whose first row holds all names of one of these, letter for letter, is of this kind."""

    code: str
    name: str
    fields: tuple[Field, ...]
    needs: tuple[tuple[int, tuple[str, ...]], ...]
    read: Callable[[Table, Given], list[Batch]]
    never: tuple[str, ...] = field(default=())
    telling: str = ""
    marks: tuple[frozenset[str], ...] = field(default=())

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary(self.fields, self.telling)

    def taught(self, layout: Layout) -> Vocabulary:
        """The vocabulary with a layout's headings, which win over the kind's own."""
        return Vocabulary(self.fields, self.telling, dict(layout.headings))

    def missing(self, head: Head) -> list[str]:
        """The fields that the table lacks to be of this kind."""
        lacks = []
        for least, group in self.needs:
            if sum(name in head.columns for name in group) < least:
                lacks += [name for name in group if name not in head.columns]
        return lacks

    def is_other(self, head: Head) -> bool:
        others = {words_of(heading) for heading in self.never}
        return any(words_of(level) in others for path in head.ignored for level in path.split(" > "))


@lru_cache(maxsize=1)
def all_kinds() -> tuple[Kind, ...]:
    """Every kind of this package, found by its module's `KIND`."""
    here = Path(__file__).parent
    modules = (import_module(f"{__package__}.{module.name}") for module in pkgutil.iter_modules([str(here)]))
    return tuple(module.KIND for module in modules if isinstance(getattr(module, "KIND", None), Kind))


def recognise(file_name: str, sheets: list[Sheet], layouts: Sequence[Layout] = ()) -> Found:
    """What kind of file it is and where its table stands.

    Raises FileRefused with the headings that were looked for and the nearest that were found.
    """
    fits: list[tuple[float, Kind, Sheet, Head, Layout | None]] = []
    nearly: list[tuple[float, Kind, Head]] = []
    for kind in all_kinds():
        for sheet in sheets:
            marked = _marked_head(kind, sheet)
            if marked is not None:
                return Found(kind, Table(file_name, sheet, marked, {}), [])
            for layout, head in _heads(kind, sheet, layouts):
                if not kind.missing(head) and (layout or not kind.is_other(head)):
                    fits.append((head.score + bool(layout), kind, sheet, head, layout))
                else:
                    nearly.append((head.score, kind, head))
    if not fits:
        raise _unknown(file_name, sheets, nearly)
    _, kind, sheet, head, layout = max(fits, key=lambda fit: fit[0])
    same = [other.name for _, its, other, _, _ in fits if its is kind and other is not sheet and not other.alternative]
    return Found(kind, Table(file_name, sheet, head, kind.vocabulary.fields), list(dict.fromkeys(same)), layout)


def _heads(kind: Kind, sheet: Sheet, layouts: Sequence[Layout]) -> Iterator[tuple[Layout | None, Head]]:
    """The sheet's head by the kind's own headings, and by each layout that has anything to say about it."""
    own = find_head(sheet, kind.vocabulary)
    if own is not None:
        yield None, own
    for layout in layouts:
        if layout.kind != kind.code:
            continue
        if layout.sheet and text.spelling_key(layout.sheet) != text.spelling_key(sheet.name):
            continue
        head = find_head(sheet, kind.taught(layout), layout.heading_rows)
        if head is not None and any(column.score > EXACT for column in head.columns.values()):
            yield layout, head


def _marked_head(kind: Kind, sheet: Sheet) -> Head | None:
    """The first row, where it holds one of the kind's marks letter for letter."""
    if not kind.marks or not sheet.peek:
        return None
    row = sheet.peek[0]
    names = [as_written(cell) for cell in row.cells]
    if not any(mark <= set(names) for mark in kind.marks):
        return None
    columns = {name: Column(index, name, EXACT) for index, name in enumerate(names) if name}
    return Head(row.number, row.number, columns, (), (), frozenset([tuple(names)]))


def field_headed(code: str, heading: str, layouts: Sequence[Layout] = ()) -> str | None:
    """The field that a heading ("Chữ ký số > Đã cấp") stands for in files of a kind; None where in none."""
    path = tuple(heading.split(" > "))
    for kind in all_kinds():
        if kind.code == code:
            taught = (kind.taught(layout) for layout in layouts if layout.kind == code)
            meant = (vocabulary.field_of(path) for vocabulary in (kind.vocabulary, *taught))
            return next((found[0] for found in meant if found), None)
    return None


def _unknown(file_name: str, sheets: list[Sheet], nearly: list[tuple[float, Kind, Head]]) -> FileRefused:
    if nearly:
        _, kind, head = max(nearly, key=lambda near: near[0])
        lacks = kind.missing(head)[:4]
        sought = ", ".join(f'"{_first(kind, name)}"' for name in lacks)
        near = [kind.vocabulary.nearest(name, head.ignored) for name in lacks]
        found = ", ".join(dict.fromkeys(f'"{heading}"' for heading in near if heading))
        has = ", ".join(f'"{column.heading}"' for column in list(head.columns.values())[:4])
        message = f"gần giống {kind.name} (có cột {has}) nhưng "
        message += f"không thấy cột {sought}" if lacks else "là một loại biểu khác"
        message += f"; gần nhất là {found}" if found else ""
    else:
        sought = "; ".join(
            f"{kind.name}: {', '.join(_first(kind, names[0]) for _, names in kind.needs)}"
            for kind in all_kinds()
            if kind.fields
        )
        message = f"không thấy tiêu đề cột của biểu nào đã biết ({sought})"
    return FileRefused(file_name, message, "hãy kiểm tra lại loại biểu và tên các cột")


def _first(kind: Kind, name: str) -> str:
    return kind.vocabulary.fields[name].spellings[0]
