"""Small files of known truth, and what the importer made of them: never a wrong value, and what was
not read is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from dashboard import sources
from dashboard.batch import Batch
from dashboard.errors import FileRefused

TODAY = date(2026, 11, 28)
COMMUNES = {
    "21025": "Phường Cẩm Thành",
    "21040": "Xã Bình Sơn",
    "21220": "Xã Sơn Tịnh",
    "21250": "Xã Nghĩa Giang",
    "21289": "Xã Sơn Hà",
}
CODES, NAMES = list(COMMUNES), list(COMMUNES.values())
EVERYONE = range(len(CODES))
MONTH = "Kỳ báo cáo: Tháng 10/2026"
OCTOBER = ("2026-10-01", "2026-10-31")
SEPTEMBER = ("2026-09-01", "2026-09-30")
DAY = "Số liệu tính đến ngày 10/11/2026"
REPORT_HEADS = {
    "received": ("Tiếp nhận", "Tổng số"),
    "resolved": ("Đã giải quyết", "Tổng số"),
    "resolved_early": ("Đã giải quyết", "Trước hạn"),
    "resolved_on_time": ("Đã giải quyết", "Đúng hạn"),
    "resolved_late": ("Đã giải quyết", "Quá hạn"),
    "open": ("Đang giải quyết", "Tổng số"),
    "open_in_term": ("Đang giải quyết", "Trong hạn"),
    "open_overdue": ("Đang giải quyết", "Quá hạn"),
}
DECLARED_HEADS = {
    "signature_needed": ("Chữ ký số", "Cần"),
    "signature_issued": ("Chữ ký số", "Đã cấp"),
    "computer_needed": ("Máy tính", "Cần"),
    "computer_available": ("Máy tính", "Có"),
}
LIST_HEAD = [
    "Mã hồ sơ",
    "Đơn vị tiếp nhận",
    "Ngày tiếp nhận",
    "Ngày hẹn trả",
    "Ngày kết thúc xử lý",
    "Trạng thái",
    "Hình thức tiếp nhận",
]
Rows = list[list[Any]]
# What a value is of, and what it is: ("received", "21040", first day, last day) → 42.
Truth = dict[tuple[str, ...], Any]
Column = tuple[tuple[str, ...], Callable[[int], Any]]


def count_dossiers(seed: int) -> dict[str, int]:
    """Figures of a report's row, whose sums are right."""
    early, on_time, late = 10 + seed, 20 + seed, 3 + seed
    in_term, overdue = 7 + seed, 2 + seed
    return {
        "received": early + on_time + late + in_term + overdue,
        "resolved": early + on_time + late,
        "resolved_early": early,
        "resolved_on_time": on_time,
        "resolved_late": late,
        "open": in_term + overdue,
        "open_in_term": in_term,
        "open_overdue": overdue,
    }


def count_conditions(seed: int) -> dict[str, int]:
    return {
        "signature_needed": 20 + seed,
        "signature_issued": 10 + seed,
        "computer_needed": 12 + seed,
        "computer_available": 5 + seed,
    }


def list_report_columns(shift: int = 0) -> list[Column]:
    return [
        (heads, lambda seed, name=name: count_dossiers(seed + shift)[name])  # type: ignore[misc]
        for name, heads in REPORT_HEADS.items()
    ]


def list_declared_columns(shift: int = 0) -> list[Column]:
    return [
        (heads, lambda seed, name=name: count_conditions(seed + shift)[name])  # type: ignore[misc]
        for name, heads in DECLARED_HEADS.items()
    ]


def make_head(columns: Sequence[Column], unit: str = "Đơn vị") -> Rows:
    """As many heading rows as the columns have levels; each parent in each of its columns."""
    depth = max(len(heads) for heads, _ in columns)
    return [
        [
            unit if level == 0 else "",
            *(heads[level] if level < len(heads) else "" for heads, _ in columns),
        ]
        for level in range(depth)
    ]


def make_rows(columns: Sequence[Column], communes: Iterable[int] = EVERYONE) -> Rows:
    return [[NAMES[number], *(figure(number) for _, figure in columns)] for number in communes]


def make_table(
    columns: Sequence[Column], title: str | None = None, communes: Iterable[int] = EVERYONE
) -> Rows:
    titles: Rows = [] if title is None else [[title]]
    return [*titles, *make_head(columns), *make_rows(columns, communes)]


def tell_report(
    period: tuple[str, str] = OCTOBER, shift: int = 0, communes: Iterable[int] = EVERYONE
) -> Truth:
    return {
        (name, CODES[number], *period): value
        for number in communes
        for name, value in count_dossiers(number + shift).items()
    }


def tell_declared(
    day: str = "2026-11-10", shift: int = 0, communes: Iterable[int] = EVERYONE
) -> Truth:
    return {
        (name, CODES[number], day): value
        for number in communes
        for name, value in count_conditions(number + shift).items()
    }


def make_dossiers(numbers: Iterable[int]) -> Rows:
    return [
        [
            f"H48.113-261103-{number:04d}",
            NAMES[number % len(NAMES)],
            "03/11/2026 08:00",
            "10/11/2026 08:00",
            "05/11/2026 09:00",
            "Đã trả kết quả",
            "Trực tuyến",
        ]
        for number in numbers
    ]


def tell_dossiers(numbers: Iterable[int]) -> Truth:
    return {
        ("dossier", f"H48.113-261103-{number:04d}"): CODES[number % len(CODES)]
        for number in numbers
    }


def save_book(
    path: Path, *sheets: Rows, names: Sequence[str] = (), hidden: Sequence[int] = ()
) -> Path:
    book = openpyxl.Workbook()
    for number, rows in enumerate(sheets):
        page = book.active if not number else book.create_sheet()
        page.title = names[number] if names else f"Trang {number + 1}"
        page.sheet_state = "hidden" if number in hidden else "visible"
        for row in rows:
            page.append(row)
    book.save(path)
    return path


@dataclass(frozen=True)
class Outcome:
    """What came out of a file: the values that were read, and the words of each severity."""

    read: Truth
    refusal: str
    refused: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def words(self) -> str:
        return "\n".join((self.refusal, *self.refused, *self.warnings))


def import_file(path: Path, **options: Any) -> Outcome:
    try:
        batches = sources.read_file_by_province(path, province="51", today=TODAY, **options)
    except FileRefused as refusal:
        return Outcome({}, str(refusal), tuple(map(str, refusal.problems)), ())
    read = {key: value for batch in batches for key, value in _list_values(batch).items()}
    problems = [problem for batch in batches for problem in batch.problems]
    refused = tuple(str(problem) for problem in problems if problem.severity == "refused")
    warnings = tuple(str(problem) for problem in problems if problem.severity == "warning")
    return Outcome(read, "", refused, warnings)


def _list_values(batch: Batch) -> Truth:
    values: Truth = {
        (row.measure, row.commune_code, str(row.as_of)[:10]): row.value
        for row in batch.readings.itertuples()
    }
    for record in batch.dossiers.to_dict("records"):
        period = (str(record["period_from"])[:10], str(record["period_to"])[:10])
        for name in REPORT_HEADS:
            if record[name] == record[name]:
                values[(name, record["deciding_unit"], *period)] = record[name]
    for frame in batch.singles:
        for row in frame.itertuples():
            values["dossier", row.code] = row.accepting_unit
    return values


def assert_read(outcome: Outcome, truth: Truth) -> None:
    """All of it, and nothing else."""
    assert not outcome.refusal
    assert outcome.read == truth, outcome.words


def assert_told(outcome: Outcome, truth: Truth, reason: str) -> None:
    """No wrong value, and what is missing is told with its reason."""
    wrong = {key: value for key, value in outcome.read.items() if truth.get(key) != value}
    assert not wrong
    assert outcome.refusal or outcome.refused
    assert reason in outcome.words, outcome.words
