"""What a kind of file declares, and the forms of it that an administrator taught.

A kind is one module of `sources/kinds/` with a `KIND`; besides, only its name stands elsewhere
(dashboard/file_kinds.py).
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from dashboard.batch import Batch, make_batch
from dashboard.file_kinds import KIND_NAMES
from dashboard.sources.recognise.header_rows import HeaderRows
from dashboard.sources.recognise.heading_words import split_heading_words
from dashboard.sources.recognise.headings import FileField, HeadingVocabulary, TaughtHeadings
from dashboard.sources.recognise.table import SheetTable


@dataclass(frozen=True)
class ImportContext:
    """What is known beside the file's content: its name, digest and place, what the caller said,
    and the day.
    """

    file_name: str
    sha256: str
    today: date
    province: str | None = None
    as_of: date | None = None
    period: tuple[date, date] | None = None
    path: Path | None = None

    def make_batch(
        self, kind_code: str, province: str, as_of: date, rows: int, **parts: Any
    ) -> Batch:
        """What the file says of a province, as of a moment or a day."""
        return make_batch(self.file_name, self.sha256, kind_code, province, as_of, rows, **parts)


@dataclass(frozen=True)
class Layout:
    """A form that an administrator taught (data/layouts.toml): headings to fields of a kind, and
    where they stand. `sums`: fields and the headings that add up to them; `periods`: what a level
    of a heading says of the period; `is_asked`: somebody named it for this very import.
    """

    name: str
    kind_code: str
    headings: tuple[tuple[str, str], ...] = ()
    sheet: str | None = None
    heading_rows: tuple[int, int] | None = None
    sums: tuple[tuple[str, tuple[str, ...]], ...] = ()
    periods: tuple[tuple[str, str], ...] = ()
    is_asked: bool = False


@dataclass(frozen=True)
class FileKind:
    """A kind of file. `required_fields`: of each group at least `least` (one number a group) fields
    must be there; `excluding_headings`: headings that say the table is another kind;
    `distinguishing_words`: words that tell its columns apart though they say nothing elsewhere,
    `harmless_words` the other way round;
    `read` gives one batch per province. `marks`: a sheet whose first row holds all names of one of
    these, letter for letter, is of this kind. `has_period`: its figures are of a period, not of a
    day; `one_row_a_unit`: a unit has one row of figures, and each of its columns ought to be known;
    `thing_field`: the column that makes each row a thing, without which a row is a unit's;
    `sums`: fields that are the sum of others; `basis`: whose word its figures are, where a form may
    have what was declared and what was checked beside each other.
    """

    code: str
    fields: tuple[FileField, ...]
    required_fields: tuple[tuple[int, tuple[str, ...]], ...]
    read: Callable[[SheetTable, ImportContext], list[Batch]]
    excluding_headings: tuple[str, ...] = field(default=())
    distinguishing_words: str = ""
    harmless_words: str = ""
    marks: tuple[frozenset[str], ...] = field(default=())
    has_period: bool = False
    one_row_a_unit: bool = False
    thing_field: str = ""
    sums: tuple[tuple[str, tuple[str, ...]], ...] = field(default=())
    basis: str = ""

    @property
    def name(self) -> str:
        return KIND_NAMES[self.code]

    @cached_property
    def vocabulary(self) -> HeadingVocabulary:
        return self._make_vocabulary(None)

    def vocabulary_taught_by(self, layout: Layout) -> HeadingVocabulary:
        """The vocabulary with a layout's headings, which win over the kind's own."""
        taught = TaughtHeadings(dict(layout.headings), dict(layout.sums), dict(layout.periods))
        return self._make_vocabulary(taught)

    def _make_vocabulary(self, taught: TaughtHeadings | None) -> HeadingVocabulary:
        return HeadingVocabulary(
            self.fields,
            self.distinguishing_words,
            taught,
            harmless_words=self.harmless_words,
            basis=self.basis,
        )

    def has_one_row_a_unit(self, head: HeaderRows) -> bool:
        return self.one_row_a_unit or bool(
            self.thing_field and self.thing_field not in head.columns
        )

    def missing(self, head: HeaderRows) -> list[str]:
        """The fields that the table lacks to be of this kind."""
        missing = []
        for least, group in self.required_fields:
            if sum(name in head.columns for name in group) < least:
                missing += [name for name in group if name not in head.columns]
        return missing

    def is_other_kind(self, head: HeaderRows) -> bool:
        excluding = {split_heading_words(heading) for heading in self.excluding_headings}
        return any(
            split_heading_words(level) in excluding
            for path in head.ignored
            for level in path.split(" > ")
        )


@lru_cache(maxsize=1)
def load_file_kinds() -> tuple[FileKind, ...]:
    """Every kind of file: the `KIND` of each `sources/kinds/<kind>/reader.py`."""
    folder = Path(__file__).parent.parent / "kinds"
    readers = (
        import_module(f"dashboard.sources.kinds.{package.name}.reader")
        for package in pkgutil.iter_modules([str(folder)])
    )
    return tuple(reader.KIND for reader in readers)


def find_field_by_heading(
    kind_code: str, heading: str, layouts: Sequence[Layout] = ()
) -> str | None:
    """The field that a heading ("Chữ ký số > Đã cấp") stands for in files of a kind; None where in
    none.
    """
    path = tuple(heading.split(" > "))
    for file_kind in load_file_kinds():
        if file_kind.code == kind_code:
            taught_vocabularies = (
                file_kind.vocabulary_taught_by(layout)
                for layout in layouts
                if layout.kind_code == kind_code
            )
            field_matches = (
                vocabulary.field_of(path)
                for vocabulary in (file_kind.vocabulary, *taught_vocabularies)
            )
            return next((field_match[0] for field_match in field_matches if field_match), None)
    return None
