"""The readiness declaration: a row a commune, what it has and what it needs, as it says itself."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd

from dashboard import text
from dashboard.batch import READING_COLUMNS, Batch
from dashboard.measures import DECLARED, MEASURES
from dashboard.reference import FIRST_DAY
from dashboard.sources.cells import days
from dashboard.sources.formats.sheet import SheetRow, Unreadable
from dashboard.sources.problems import ProblemCollector
from dashboard.sources.recognise import communes, periods, provinces
from dashboard.sources.recognise.column_judgement import MOST_OF_A_COMMUNE
from dashboard.sources.recognise.file_kinds import FileKind, ImportContext
from dashboard.sources.recognise.headings import FileField
from dashboard.sources.recognise.measure_words import MEASURE_HEADINGS, MEASURE_READERS
from dashboard.sources.recognise.plausible import require_plausible
from dashboard.sources.recognise.table import SheetTable

_FIELDS = (
    *communes.COMMUNE_FIELDS,
    *(
        FileField(code, headings, MEASURE_READERS[MEASURES[code].type])
        for code, headings in MEASURE_HEADINGS.items()
    ),
    FileField(
        "declared_on",
        "Ngày kê khai | Ngày khai | Ngày tháng kê khai | Ngày báo cáo | Ngày cập nhật "
        "| Thời điểm kê khai "
        "| Ngày tự kê khai | Ngày kê khai"
        " số liệu | Ngày tổng hợp | Thời gian kê khai | Thời gian cập nhật",
        days.read_day,
    ),
)


def read_readiness(table: SheetTable, context: ImportContext) -> list[Batch]:
    """One batch per province in the file, nearly always one. Raises FileRefused without as-of or
    province.
    """
    as_of = periods.find_as_of(context, table.head.titles)
    rows = list(table.rows(communes.MOST_COMMUNE_ROWS))
    batches = []
    for province, province_rows in provinces.split_rows_by_province(table, rows, context).items():
        problems = ProblemCollector(table)
        problems.judge_columns(rows, most_count=MOST_OF_A_COMMUNE)
        problems.warn_of_future(as_of.date(), context.today)
        readings = _make_readings(table, province_rows, province, as_of, problems)
        batches.append(
            Batch(
                context.file_name,
                context.sha256,
                KIND.code,
                province,
                as_of,
                len(province_rows),
                readings=readings,
                problems=problems.all(),
            )
        )
    return batches


def _make_readings(
    table: SheetTable,
    rows: list[SheetRow],
    province: str,
    as_of: datetime,
    problems: ProblemCollector,
) -> pd.DataFrame:
    measures = [code for code in DECLARED if table.has(code)]
    declarations: dict[str, tuple[SheetRow, date, dict[str, float]]] = {}
    conflicts: set[str] = set()
    for row in rows:
        code = communes.find_commune(province, table, row, problems)
        if code is None:
            continue
        declared = _read_values(row, measures, problems)
        if not declared:
            continue  # did not declare: silence is unknown, not zero
        day = _read_declared_on(table, row, as_of.date(), problems)
        if code in declarations:
            if declarations[code][1:] != (day, declared):
                conflicts.add(code)
            _note_twice(declarations[code][0], row, code in conflicts, problems)
        else:
            declarations[code] = (row, day, declared)
    lines = [
        (code, measure, value, "declared", day)
        for code, (_, day, declared) in declarations.items()
        if code not in conflicts
        for measure, value in declared.items()
    ]
    return pd.DataFrame(lines, columns=READING_COLUMNS)


def _read_values(
    row: SheetRow, measures: list[str], problems: ProblemCollector
) -> dict[str, float]:
    declared = {}
    for measure in measures:
        value = problems.read(row, measure)
        if value is None:
            continue
        if value < 0:
            remedy = "hãy nhập tốc độ đo được (Mbps) hoặc để trống"
            problems.add("là số âm", remedy, row, measure)
            continue
        try:
            declared[measure] = require_plausible(measure, value)
        except Unreadable as error:
            problems.add(error.message, error.remedy, row, measure)
    return declared


def _read_declared_on(
    table: SheetTable, row: SheetRow, as_of: date, problems: ProblemCollector
) -> date:
    """The commune's own day; the form's where it has none, or (with a problem noted) an impossible
    one.
    """
    day = problems.read(row, "declared_on")
    if day is None:
        return as_of
    if FIRST_DAY <= day <= as_of:
        return date(day.year, day.month, day.day)
    message = (
        f"nằm ngoài khoảng từ 01/07/2025 đến ngày của biểu ({text.format_day(as_of)})"
        "; đã lấy ngày của biểu"
    )
    problems.add(message, "hãy sửa ngày kê khai (ngày/tháng/năm)", row, "declared_on")
    return as_of


def _note_twice(first: SheetRow, row: SheetRow, conflict: bool, problems: ProblemCollector) -> None:
    if conflict:
        message = (
            f"đơn vị này có hai dòng khác nhau (dòng {first.number} và dòng {row.number})"
            "; không nhận dòng nào"
        )
        problems.add(message, "hãy giữ lại một dòng đúng", row, "commune")
    else:
        message = (
            f"đơn vị này có hai dòng giống nhau (dòng {first.number} và dòng {row.number})"
            "; đã nhận một"
        )
        problems.add(message, "hãy bỏ bớt một dòng", row, "commune", "warning")


KIND = FileKind(
    code="readiness",
    name="biểu kê khai điều kiện vận hành",
    fields=_FIELDS,
    required_fields=((1, ("commune", "commune_code")), (2, DECLARED)),
    read=read_readiness,
    one_row_a_unit=True,
    excluding_headings=("Chủ hồ sơ", "Mã hồ sơ", "Số hiệu chứng thư", "Trước hạn"),
)
