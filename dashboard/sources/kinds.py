"""What a kind of file declares, and which kind a file is.

A kind is one module of this package with a `KIND`; nothing else has to know about it.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from importlib import import_module
from pathlib import Path

from dashboard.batch import Batch
from dashboard.errors import FileRefused
from dashboard.sources.head import Head, find_head
from dashboard.sources.headings import Field, Vocabulary, words_of
from dashboard.sources.sheet import Sheet
from dashboard.sources.table import Table


@dataclass(frozen=True)
class Given:
    """What is known beside the file's content: its name and digest, what the caller said, and the day."""

    file_name: str
    sha256: str
    today: date
    province: str | None = None
    as_of: date | None = None
    period: tuple[date, date] | None = None


@dataclass(frozen=True)
class Kind:
    """A kind of file. `needs`: of each group at least `least` (one number a group) fields must be there;
    `never`: headings that say the table is another kind; `telling`: words that tell its columns apart
    though they say nothing elsewhere; `read` gives one batch per province."""

    code: str
    name: str
    fields: tuple[Field, ...]
    needs: tuple[tuple[int, tuple[str, ...]], ...]
    read: Callable[[Table, Given], list[Batch]]
    never: tuple[str, ...] = field(default=())
    telling: str = ""

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary(self.fields, self.telling)

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


def recognise(file_name: str, sheets: list[Sheet]) -> tuple[Kind, Table, list[str]]:
    """The kind of file, its table, and the names of further sheets that hold the same kind of table.

    Raises FileRefused with the headings that were looked for and the nearest that were found.
    """
    fits: list[tuple[float, Kind, Sheet, Head]] = []
    nearly: list[tuple[float, Kind, Head]] = []
    for kind in all_kinds():
        for sheet in sheets:
            head = find_head(sheet, kind.vocabulary)
            if head is None:
                continue
            if not kind.missing(head) and not kind.is_other(head):
                fits.append((head.score, kind, sheet, head))
            else:
                nearly.append((head.score, kind, head))
    if not fits:
        raise _unknown(file_name, sheets, nearly)
    _, kind, sheet, head = max(fits, key=lambda fit: fit[0])
    same = [other.name for _, its, other, found in fits if its is kind and other is not sheet and not other.alternative]
    return kind, Table(file_name, sheet, head, kind.vocabulary.fields), same


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
            f"{kind.name}: {', '.join(_first(kind, names[0]) for _, names in kind.needs)}" for kind in all_kinds()
        )
        message = f"không thấy tiêu đề cột của biểu nào đã biết ({sought})"
    return FileRefused(file_name, message, "hãy kiểm tra lại loại biểu và tên các cột")


def _first(kind: Kind, name: str) -> str:
    return kind.vocabulary.fields[name].spellings[0]
