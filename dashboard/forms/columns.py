"""Which forms there are, and each column's headings, taken from what its kind of file declares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

from dashboard.measures import DECLARED
from dashboard.sources.cells import days, values
from dashboard.sources.recognise.file_kinds import FileKind, load_file_kinds
from dashboard.sources.recognise.headings import FileField
from dashboard.sources.recognise.periods import bound_month

# What a cell takes, by the reader of its field.
CELL_KINDS: dict[Callable[..., object], str] = {
    values.read_flag: "flag",
    values.read_count: "count",
    values.read_decimal: "decimal",
    values.read_speed: "decimal",
    values.read_rating: "rating",
    days.read_day: "day",
}
TOTAL_HEADING = "Tổng số"


@dataclass(frozen=True)
class OfficeForm:
    """One form. `fields`: the kind's fields in the order of the columns; `period_line`: the title
    line that says the day or period; `rows`: 0 for one row a commune, else so many blank rows with
    the communes to choose from."""

    file_kind: str
    title: str
    fields: tuple[str, ...]
    period_line: Callable[[date], str]
    rows: int = 0


@dataclass(frozen=True)
class FormColumn:
    """One column: its field, its headings from the top down (one or two), what its cells take
    (CELLS or text).
    """

    field: str
    path: tuple[str, ...]
    cell: str


def _write_as_of_line(day: date) -> str:
    return f"(Số liệu tính đến ngày {day:%d/%m/%Y})"


def _write_month_line(day: date) -> str:
    first, last = bound_month(day.year, day.month)
    return f"(Từ ngày {first:%d/%m/%Y} đến ngày {last:%d/%m/%Y})"


FORMS: dict[str, OfficeForm] = {
    form.file_kind: form
    for form in (
        OfficeForm(
            "readiness",
            "BIỂU KÊ KHAI ĐIỀU KIỆN VẬN HÀNH TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG CẤP XÃ",
            ("commune_code", "commune", *DECLARED, "declared_on"),
            _write_as_of_line,
        ),
        OfficeForm(
            "dossier_report",
            "TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH",
            (
                *(
                    "commune_code",
                    "commune",
                    "received",
                    "received_online",
                    "received_in_person",
                    "received_post",
                ),
                *(
                    "carried_over",
                    "resolved",
                    "resolved_early",
                    "resolved_on_time",
                    "resolved_late",
                ),
                *("open", "open_in_term", "open_overdue", "paused"),
            ),
            _write_month_line,
        ),
        OfficeForm(
            "visits",
            "KẾT QUẢ KIỂM TRA THỰC TẾ TẠI TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG CẤP XÃ",
            ("commune", "visited_on", "criterion", "value", "team", "note"),
            _write_as_of_line,
            rows=300,
        ),
        OfficeForm(
            "follow_ups",
            "VIỆC CÁC CƠ QUAN ĐÃ HỨA VỚI TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG CẤP XÃ",
            ("commune", "what", "measure", "target", "owner", "promised_on", "due_on"),
            _write_as_of_line,
            rows=200,
        ),
        OfficeForm(
            "field_resources",
            "NGUỒN LỰC HỖ TRỢ TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG CẤP XÃ",
            (
                *("topic", "commune", "what", "variant", "quantity", "done", "office"),
                *("began_on", "ended_on"),
            ),
            _write_as_of_line,
            rows=200,
        ),
        OfficeForm(
            "feedback",
            "PHẢN ÁNH, KIẾN NGHỊ CỦA NGƯỜI DÂN VỀ TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG CẤP XÃ",
            ("commune_code", "commune", "received", "apologised", "resolved", "satisfaction"),
            _write_month_line,
        ),
    )
}


def find_file_kind(form: OfficeForm) -> FileKind:
    return next(file_kind for file_kind in load_file_kinds() if file_kind.code == form.file_kind)


def list_form_columns(form: OfficeForm) -> list[FormColumn]:
    """The form's columns; of a field's possible headings those that stand under the same group as
    its neighbour.
    """
    fields = {field.name: field for field in find_file_kind(form).fields}
    groups = {
        path[0]
        for name in form.fields
        for path in _list_heading_paths(fields[name])
        if len(path) == 2
    }
    columns: list[FormColumn] = []
    for name in form.fields:
        paths = _list_heading_paths(fields[name])
        above = columns[-1].path[0] if columns else ""
        pairs = [path for path in paths if len(path) == 2]
        path = next((path for path in pairs if path[0] == above), (pairs or paths)[0])
        if len(path) == 1 and path[0] in groups:
            path = (path[0], TOTAL_HEADING)
        columns.append(FormColumn(name, path, CELL_KINDS.get(fields[name].read, "text")))
    return columns


def _list_heading_paths(field: FileField) -> Sequence[tuple[str, ...]]:
    """A field's headings as (top, below), in the order of their declaration."""
    paths: list[tuple[str, ...]] = []
    for alternative in field.headings.split(";"):
        levels = [[word.strip() for word in level.split("|")] for level in alternative.split(">")]
        paths += product(*levels)
    return paths
