"""The readiness declaration: a row a commune, what it has and what it needs, as it says itself."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from itertools import accumulate, chain, repeat
from typing import Any

import numpy as np
import pandas as pd

from dashboard import text
from dashboard.batch import READING_COLUMNS, Batch
from dashboard.measures import DECLARED, MEASURES
from dashboard.messages import write_message
from dashboard.reference import FIRST_DAY
from dashboard.sources.cells import days
from dashboard.sources.formats.sheet import Cell, SheetRow, Unreadable
from dashboard.sources.problems import ProblemCollector
from dashboard.sources.recognise import (
    communes,
    periods,
    provinces,
    qualifiers,
    row_scope,
    subjects,
)
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
        " số liệu | Ngày tổng hợp | Thời gian kê khai | Thời gian cập nhật"
        "| Dấu thời gian | Timestamp | Thời gian gửi | Ngày gửi",
        days.read_day,
    ),
)


# How programs that collect answers head the moment of each.
_ANSWERED = re.compile(r"dau thoi gian|timestamp|(?:thoi gian|ngay) gui")


# By the number of a row what it says of each measure; _ASK where its cell has a problem to be told.
_KnownValues = dict[int, tuple[Any, ...]]
_ASK: Any = object()
# What one commune declared: measures, and the value of each.
_Declared = tuple[tuple[str, ...], tuple[float, ...]]
_Declaration = tuple[str, date, _Declared]


def read_readiness(table: SheetTable, context: ImportContext) -> list[Batch]:
    """One batch per province in the file, nearly always one. Raises FileRefused without as-of or
    province.
    """
    subjects.refuse_plan(table.file, table.head.titles)
    rows = list(table.rows(communes.MOST_COMMUNE_ROWS))
    as_of = _find_as_of(table, rows, context)
    row_scope.refuse_limited_rows(table, rows, (as_of.date(), as_of.date()), of_dossiers=False)
    batches = []
    judged = ProblemCollector(table)
    judged.judge_columns(rows, most_count=MOST_OF_A_COMMUNE)
    measures = tuple(code for code in DECLARED if table.has(code))
    known = _list_known_values(table, rows, measures, judged)
    by_province = provinces.split_rows_by_province(table, rows, context)
    collectors = []
    declarations = []
    for province, province_rows in by_province.items():
        problems = ProblemCollector(table)
        problems.judge_columns(rows, most_count=MOST_OF_A_COMMUNE)
        problems.warn_of_future(as_of.date(), context.today)
        collectors.append(problems)
        declarations.append(
            _list_declarations(table, province_rows, province, as_of, measures, known, problems)
        )
    frames = _make_readings(declarations)
    for (province, province_rows), problems, readings in zip(
        by_province.items(), collectors, frames, strict=True
    ):
        batches.append(
            context.make_batch(
                KIND.code,
                province,
                as_of,
                len(province_rows),
                readings=readings,
                problems=problems.all(),
            )
        )
    return batches


def _find_as_of(table: SheetTable, rows: list[SheetRow], context: ImportContext) -> datetime:
    """The form's moment; of answers to an online form, each with its own day, the newest one."""
    is_stated = periods.find_stated_as_of(context, table.head.titles) is not None
    is_answer = table.has("declared_on") and _ANSWERED.search(
        text.strip_tones(table.heading("declared_on"))
    )
    if is_answer and not is_stated:
        problems = ProblemCollector(table)
        problems.judge_columns(rows, most_count=MOST_OF_A_COMMUNE)
        declared_on = [problems.read(row, "declared_on") for row in rows]
        if declared_on and all(declared_on):
            newest = max(date(day.year, day.month, day.day) for day in declared_on)
            periods.refuse_impossible_day(context, newest)
            return datetime.combine(newest, time())
    return periods.find_as_of(context, table.head.titles)


def _list_declarations(
    table: SheetTable,
    rows: list[SheetRow],
    province: str,
    as_of: datetime,
    measures: tuple[str, ...],
    known: _KnownValues,
    problems: ProblemCollector,
) -> list[_Declaration]:
    """What each commune of a province declared on which day."""
    # two of one day contradict each other, a later one is news
    declarations: dict[tuple[str, date], tuple[SheetRow, _Declared]] = {}
    conflicts: set[tuple[str, date]] = set()
    for row in rows:
        code = communes.find_commune(province, table, row, problems)
        if code is None:
            continue
        declared = _read_values(row, measures, known, problems)
        if not declared[0]:
            continue  # did not declare: silence is unknown, not zero
        day = _read_declared_on(row, as_of.date(), problems)
        key = (code, day)
        if key in declarations:
            if declarations[key][1] != declared:
                conflicts.add(key)
            problems.add_repeated_unit(declarations[key][0], row, is_conflict=key in conflicts)
        else:
            declarations[key] = (row, declared)
    return [
        (code, day, declared)
        for (code, day), (_, declared) in declarations.items()
        if (code, day) not in conflicts
    ]


def _make_readings(provinces_declared: list[list[_Declaration]]) -> list[pd.DataFrame]:
    """A row a reading, a frame a province. They are made as one and cut: making a frame takes
    longer than a province's rows.
    """
    taken = [declaration for declared in provinces_declared for declaration in declared]
    counts = [len(values) for _, _, (_, values) in taken]
    values = list(chain.from_iterable(values for _, _, (_, values) in taken))
    measures = list(chain.from_iterable(measures for _, _, (measures, _) in taken))
    columns = {
        "commune_code": np.repeat(_make_words([code for code, _, _ in taken]), counts),
        "measure": _make_words(measures),
        "value": np.array(values) if values else _make_words([]),
        "basis": _make_words(["declared"] * len(values)),
        "as_of": np.repeat(_make_words([day for _, day, _ in taken]), counts),
    }
    readings = pd.DataFrame(columns, columns=READING_COLUMNS)
    if len(provinces_declared) == 1:
        return [readings]
    sizes = [sum(len(values) for _, _, (_, values) in part) for part in provinces_declared]
    ends = list(accumulate(sizes))
    return [
        readings.iloc[end - size : end].reset_index(drop=True)
        for size, end in zip(sizes, ends, strict=True)
    ]


def _make_words(cells: list[Any]) -> np.ndarray:
    return np.array(cells, dtype=object)


def _list_known_values(
    table: SheetTable, rows: list[SheetRow], measures: tuple[str, ...], judged: ProblemCollector
) -> _KnownValues:
    """Column by column, each different cell read once."""
    columns = []
    for measure in measures:
        most = MEASURES[measure].most
        known = {
            kind: {
                cell: value for cell, value in values.items() if value is None or 0 <= value <= most
            }
            for kind, values in judged.read_known(rows, measure).items()
        }
        cells = table.list_cells(rows, measure)
        nothing: dict[Cell, Any] = {}
        if len(set(map(type, cells))) == 1:
            of_kind = known.get(type(cells[0]), nothing)
            columns.append(list(map(of_kind.get, cells, repeat(_ASK))))
        else:
            columns.append([known.get(cell.__class__, nothing).get(cell, _ASK) for cell in cells])
    numbers = (row.number for row in rows)
    return dict(zip(numbers, zip(*columns, strict=True), strict=True)) if columns else {}


def _read_values(
    row: SheetRow, measures: tuple[str, ...], known: _KnownValues, problems: ProblemCollector
) -> _Declared:
    known_values = known[row.number] if known else ()
    if _ASK not in known_values and None not in known_values:
        return measures, known_values
    declared = {}
    for measure, known_value in zip(measures, known_values, strict=True):
        if known_value is None:
            continue
        if known_value is not _ASK:
            declared[measure] = known_value
            continue
        value = problems.read(row, measure)
        if value is None:
            continue
        if value < 0:
            remedy = write_message("hãy nhập tốc độ đo được (Mbps) hoặc để trống")
            problems.add(write_message("là số âm"), remedy, row, measure)
            continue
        try:
            declared[measure] = require_plausible(measure, value)
        except Unreadable as error:
            problems.add(error.message, error.remedy, row, measure)
    return tuple(declared), tuple(declared.values())


def _read_declared_on(row: SheetRow, as_of: date, problems: ProblemCollector) -> date:
    """The commune's own day; the form's where it has none, or (with a problem noted) an impossible
    one.
    """
    day = problems.read(row, "declared_on")
    if day is None:
        return as_of
    if FIRST_DAY <= day <= as_of:
        return date(day.year, day.month, day.day)
    message = write_message(
        "nằm ngoài khoảng từ 01/07/2025 đến ngày của biểu ({as_of:%d/%m/%Y}); đã lấy ngày của biểu",
        as_of=as_of,
    )
    problems.add(
        message, write_message("hãy sửa ngày kê khai (ngày/tháng/năm)"), row, "declared_on"
    )
    return as_of


KIND = FileKind(
    code="readiness",
    fields=_FIELDS,
    required_fields=((1, ("commune", "commune_code")), (2, DECLARED)),
    read=read_readiness,
    one_row_a_unit=True,
    basis=qualifiers.DECLARED,
    excluding_headings=("Chủ hồ sơ", "Mã hồ sơ", "Số hiệu chứng thư", "Trước hạn"),
)
