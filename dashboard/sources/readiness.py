"""The readiness declaration: one row a commune, what it has and what it needs, as it says itself."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd

from dashboard import text
from dashboard.batch import READING_COLUMNS, Batch
from dashboard.measures import DECLARED, MEASURES
from dashboard.sources import communes, days, periods, provinces, values
from dashboard.sources.findings import Findings
from dashboard.sources.headings import Field
from dashboard.sources.kinds import Given, Kind
from dashboard.sources.measure_words import HEADINGS, READERS
from dashboard.sources.sheet import Row
from dashboard.sources.table import Table

_FIELDS = (
    *communes.FIELDS,
    *(Field(code, headings, READERS[MEASURES[code].type]) for code, headings in HEADINGS.items()),
    Field(
        "declared_on",
        "Ngày kê khai | Ngày khai | Ngày báo cáo | Ngày cập nhật | Thời điểm kê khai | Ngày tự kê khai | Ngày kê khai"
        " số liệu | Ngày tổng hợp | Thời gian kê khai | Thời gian cập nhật",
        days.day,
    ),
)
# More devices or people than any commune has: taken, but somebody should look.
_ABSURD = 10_000


def read(table: Table, given: Given) -> list[Batch]:
    """One batch per province in the file, nearly always one. Raises FileRefused without as-of or province."""
    as_of = periods.as_of(given, table.head.titles)
    rows = list(table.rows(communes.MOST_ROWS))
    point = values.point_decimals(table.cell(row, "network_mbps") for row in rows)
    batches = []
    for province, own in provinces.rows_by_province(table, rows, given).items():
        findings = Findings(table)
        findings.warn_of_future(as_of.date(), given.today)
        readings = _readings(table, own, province, as_of, point, findings)
        batches.append(
            Batch(given.file_name, given.sha256, KIND.code, province, as_of, len(own), readings=readings,
                  problems=findings.all())
        )  # fmt: skip
    return batches


def _readings(
    table: Table, rows: list[Row], province: str, as_of: datetime, point: bool, findings: Findings
) -> pd.DataFrame:
    measures = [code for code in DECLARED if table.has(code)]
    said: dict[str, tuple[Row, date, dict[str, float]]] = {}
    conflicts: set[str] = set()
    for row in rows:
        code = communes.find(province, table, row, findings)
        if code is None:
            continue
        found = _values(table, row, measures, point, findings)
        if not found:
            continue  # did not declare: silence is unknown, not zero
        day = _declared_on(table, row, as_of.date(), findings)
        if code in said:
            if said[code][1:] != (day, found):
                conflicts.add(code)
            _note_twice(said[code][0], row, code in conflicts, findings)
        else:
            said[code] = (row, day, found)
    lines = [
        (code, measure, value, "declared", day)
        for code, (_, day, found) in said.items()
        if code not in conflicts
        for measure, value in found.items()
    ]
    return pd.DataFrame(lines, columns=READING_COLUMNS)


def _values(table: Table, row: Row, measures: list[str], point: bool, findings: Findings) -> dict[str, float]:
    found = {}
    for measure in measures:
        if measure == "network_mbps":
            value = findings.read(row, measure, point=point)
            if value is not None and value < 0:
                findings.add("là số âm", "hãy nhập tốc độ đo được hoặc để trống", row, measure)
                value = None
        else:
            value = findings.read(row, measure)
        if value is not None:
            found[measure] = value
            if value > _ABSURD:
                findings.add("lớn khác thường; đã nhận như đã ghi", "hãy kiểm tra lại", row, measure, "warning")
    return found


def _declared_on(table: Table, row: Row, as_of: date, findings: Findings) -> date:
    """The commune's own day; the form's where it has none, or (with a problem noted) an impossible one."""
    day = findings.read(row, "declared_on")
    if day is None:
        return as_of
    if periods.FIRST_DAY <= day <= as_of:
        return date(day.year, day.month, day.day)
    message = f"nằm ngoài khoảng từ 01/07/2025 đến ngày của biểu ({text.day(as_of)}); đã lấy ngày của biểu"
    findings.add(message, "hãy sửa ngày kê khai (ngày/tháng/năm)", row, "declared_on")
    return as_of


def _note_twice(first: Row, row: Row, conflict: bool, findings: Findings) -> None:
    if conflict:
        message = f"xã này có hai dòng khác nhau (dòng {first.number} và dòng {row.number}); không nhận dòng nào"
        findings.add(message, "hãy giữ lại một dòng đúng", row, "commune")
    else:
        message = f"xã này có hai dòng giống nhau (dòng {first.number} và dòng {row.number}); đã nhận một"
        findings.add(message, "hãy bỏ bớt một dòng", row, "commune", "warning")


KIND = Kind(
    code="readiness",
    name="biểu kê khai điều kiện vận hành",
    fields=_FIELDS,
    needs=((1, ("commune", "commune_code")), (2, DECLARED)),
    read=read,
    never=("Chủ hồ sơ", "Mã hồ sơ", "Số hiệu chứng thư", "Trước hạn"),
)
