"""The tables of /du-lieu to take along, whole: also what the page folds or does not show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from dashboard import text
from dashboard.pages.data_asked import Data
from dashboard.pages.document import Asked
from dashboard.pages.downloads import Cell, Rows
from dashboard.views import coverage, differences, doubts

# Of each entry of a list these fields, under these words.
Columns = Mapping[str, str]
_COMMUNE: Final = {"code": "Mã", "name": "Tên xã"}
BATCHES: Final = {
    **{"batch": "Đợt", "file": "Tệp", "kind": "Loại", "origin": "Nguồn gốc", "as_of": "Tính đến"},
    **{"imported_at": "Nạp lúc", "rows": "Số dòng", "problems": "Vấn đề", "state": "Tình trạng"},
}
PROBLEMS: Final = {
    **{"batch": "Đợt", "file": "Tệp", "severity": "Mức", "row": "Dòng", "column": "Cột", "value": "Giá trị"},
    **{"message": "Vấn đề", "remedy": "Cách sửa"},
}
CONTRADICTIONS: Final = {
    **{**_COMMUNE, "criterion": "Tiêu chí", "declared": "Kê khai", "declared_on": "Ngày kê khai", "found": "Kiểm tra"},
    **{"found_on": "Ngày kiểm tra", "days": "Số ngày", "expires": "Hiệu lực đến", "todo": "Việc cần làm"},
}
JUMPS: Final = {**_COMMUNE, "measure": "Số đo", "change": "Thay đổi", "day": "Ngày kê khai", "why": "Vì sao ngờ"}
CORRECTIONS: Final = {
    **{**_COMMUNE, "kind": "Nguồn", "column": "Số đếm", "day": "Ngày", "before": "Lần trước", "after": "Lần này"}
}
RIVALS: Final = {
    **{"name": "Nguồn", "communes": "Số xã", "received": "Tiếp nhận", "common": "Số xã cùng có"},
    **{"difference": "Chênh lệch"},
}
UNMATCHED: Final = {"batch": "Đợt", "file": "Tệp", "rows": "Số dòng", "why": "Vì sao", "todo": "Việc cần làm"}


def _table(columns: Columns, entries: Iterable[Any]) -> Rows:
    told = (one if isinstance(one, Mapping) else vars(one) for one in entries)
    return Rows(list(columns.values()), [[_cell(one[name]) for name in columns] for one in told])


def _cell(value: Any) -> Cell:
    if isinstance(value, datetime):
        return text.moment(value)
    return text.day(value) if isinstance(value, date) else value  # type: ignore[no-any-return]


def _silence(data: Data) -> Rows:
    """Every commune with its state and days per kind of source, the most silent first."""
    kinds = [data.kinds.get(kind, kind) for kind in coverage.told_kinds(data.report.freshness)]
    columns = ("tình trạng", "số ngày", "số kỳ có báo cáo trong 90 ngày")
    head = ["Mã", "Tên xã", "Chung", *(f"{kind}: {word}" for kind in kinds for word in columns)]
    rows: list[Sequence[Cell]] = []
    for row in data.matrix:
        cells = (value for one in row.cells for value in (one.word, one.days, one.periods))
        rows.append([row.code, row.name, row.word, *cells])
    return Rows(head, rows)


def _completeness(data: Data) -> Rows:
    head = ("Mã tiêu chí", "Tiêu chí", "Còn hạn", "Số liệu cũ", "Chưa có", "Số xã")
    rows = [
        [code, name, *(count for _, _, count in known.bar.parts), known.bar.whole]
        for known in coverage.completeness(data.report)
        for code, name in known.criteria
    ]
    return Rows(head, rows)


def _problems(data: Data) -> Rows:
    files = data.problem_files
    return _table(
        PROBLEMS, ({**row, "batch": one["batch"], "file": one["file"]} for one in files for row in one["rows"])
    )


def _asked(rows: Callable[[Data], Rows]) -> Callable[[Asked], Rows]:
    return lambda asked: rows(Data(asked))


TABLES: Final = {
    "dot-nap": _asked(lambda data: _table(BATCHES, data.listed())),
    "van-de": _asked(_problems),
    "im-lang": _asked(_silence),
    "do-day-du": _asked(_completeness),
    "khac-kiem-tra": _asked(lambda data: _table(CONTRADICTIONS, doubts.contradictions(data.report))),
    "so-bat-thuong": _asked(lambda data: _table(JUMPS, doubts.jumps(data.report))),
    "so-giam": _asked(lambda data: _table(CORRECTIONS, differences.corrections(data.report, data.kinds))),
    "chenh-lech": _asked(lambda data: _table(RIVALS, differences.rivals(data.report, data.kinds))),
    "khong-khop": _asked(lambda data: _table(UNMATCHED, data.unmatched())),
}
