"""Which forms there are, and each column's headings, taken from what its kind of file declares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

from dashboard.measures import DECLARED
from dashboard.sources import days, values
from dashboard.sources.headings import Field
from dashboard.sources.kinds import Kind, all_kinds
from dashboard.sources.periods import month

# What a cell takes, by the reader of its field.
CELLS: dict[Callable[..., object], str] = {
    values.flag: "flag",
    values.count: "count",
    values.decimal: "decimal",
    values.rating: "rating",
    days.day: "day",
}
TOTAL = "Tổng số"


@dataclass(frozen=True)
class Form:
    """One form. `fields`: the kind's fields in the order of the columns; `told`: the title line that says the
    day or period; `rows`: 0 for one row a commune, else so many blank rows with the communes to choose from."""

    kind: str
    title: str
    fields: tuple[str, ...]
    told: Callable[[date], str]
    rows: int = 0


@dataclass(frozen=True)
class Column:
    """One column: its field, its headings from the top down (one or two), what its cells take (CELLS or text)."""

    field: str
    path: tuple[str, ...]
    cell: str


def _as_of(day: date) -> str:
    return f"(Số liệu tính đến ngày {day:%d/%m/%Y})"


def _month(day: date) -> str:
    first, last = month(day.year, day.month)
    return f"(Từ ngày {first:%d/%m/%Y} đến ngày {last:%d/%m/%Y})"


FORMS: dict[str, Form] = {
    form.kind: form
    for form in (
        Form(
            "readiness",
            "BIỂU KÊ KHAI ĐIỀU KIỆN VẬN HÀNH TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG CẤP XÃ",
            ("commune_code", "commune", *DECLARED, "declared_on"),
            _as_of,
        ),
        Form(
            "dossier_report",
            "TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH",
            (
                *("commune_code", "commune", "received", "received_online", "received_in_person", "received_post"),
                *("carried_over", "resolved", "resolved_early", "resolved_on_time", "resolved_late"),
                *("open", "open_in_term", "open_overdue", "paused"),
            ),
            _month,
        ),
        Form(
            "visits",
            "KẾT QUẢ KIỂM TRA THỰC TẾ TẠI TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG CẤP XÃ",
            ("commune", "visited_on", "criterion", "value", "team", "note"),
            _as_of,
            rows=300,
        ),
    )
}


def kind_of(form: Form) -> Kind:
    return next(kind for kind in all_kinds() if kind.code == form.kind)


def columns(form: Form) -> list[Column]:
    """The form's columns; of a field's possible headings those that stand under the same group as its neighbour."""
    fields = {field.name: field for field in kind_of(form).fields}
    groups = {path[0] for name in form.fields for path in _paths(fields[name]) if len(path) == 2}
    found: list[Column] = []
    for name in form.fields:
        paths = _paths(fields[name])
        above = found[-1].path[0] if found else ""
        pairs = [path for path in paths if len(path) == 2]
        path = next((path for path in pairs if path[0] == above), (pairs or paths)[0])
        if len(path) == 1 and path[0] in groups:
            path = (path[0], TOTAL)
        found.append(Column(name, path, CELLS.get(fields[name].read, "text")))
    return found


def _paths(field: Field) -> Sequence[tuple[str, ...]]:
    """A field's headings as (top, below), in the order of their declaration."""
    found: list[tuple[str, ...]] = []
    for alternative in field.headings.split(";"):
        levels = [[word.strip() for word in level.split("|")] for level in alternative.split(">")]
        found += product(*levels)
    return found
