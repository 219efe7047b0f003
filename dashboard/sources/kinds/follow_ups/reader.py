"""What offices promised of communes: one promise a row, with the measure and target that show it.

No column says that a promise is kept: only a later reading or visit does. What a clerk gives no
number gets one made of what it says, so that the same row sent again is the same promise.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pandas as pd

from dashboard import text
from dashboard.batch import FOLLOW_UP_COLUMNS, Batch
from dashboard.measures import MEASURES, PROMISED
from dashboard.messages import write_message
from dashboard.reference import FIRST_DAY
from dashboard.sources.cells import days, values
from dashboard.sources.cells.personal_data import HIDDEN, hide_persons
from dashboard.sources.formats.sheet import Cell, SheetRow, Unreadable, is_blank
from dashboard.sources.problems import ProblemCollector
from dashboard.sources.recognise import communes, provinces
from dashboard.sources.recognise.file_kinds import FileKind, ImportContext
from dashboard.sources.recognise.headings import FileField, HeadingVocabulary
from dashboard.sources.recognise.measure_words import MEASURE_HEADINGS, MEASURE_READERS
from dashboard.sources.recognise.plausible import require_plausible
from dashboard.sources.recognise.table import SheetTable

_MOST_OF_OFFICE = 120
_MOST_OF_WORDS = 300
# Longer than a plan of a province runs; beyond it is a slip of the year.
_MOST_DAYS_AHEAD = 3 * 366
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_FIELDS = (
    FileField("follow_up_id", "Mã việc hứa | follow_up_id", values.read_words),
    *communes.COMMUNE_FIELDS,
    FileField(
        "what",
        "Việc hứa | Nội dung hứa | Việc cam kết | Nội dung cam kết | Việc đã hứa | what",
        values.read_words,
    ),
    FileField("measure", "Tiêu chí | Số đo | Tiêu chí theo dõi | measure", values.read_words),
    FileField("target", "Mức phải đạt | Mức cần đạt | Mức cam kết | target"),
    FileField(
        "owner",
        "Cơ quan hứa | Cơ quan chịu trách nhiệm | Cơ quan thực hiện | Cơ quan cam kết "
        "| Đơn vị chịu trách nhiệm | owner",
        values.read_words,
    ),
    FileField("promised_on", "Ngày hứa | Ngày cam kết | promised_on", days.read_day),
    FileField(
        "due_on", "Hạn hoàn thành | Hạn thực hiện | Thời hạn hoàn thành | due_on", days.read_day
    ),
    FileField("withdrawn_on", "Ngày rút | Ngày rút việc hứa | withdrawn_on", days.read_day),
    FileField(
        "withdrawn_reason",
        "Lý do rút | Lý do rút việc hứa | withdrawn_reason",
        values.read_words,
    ),
)
_MEASURE_WORDS = HeadingVocabulary(
    FileField(code, headings, MEASURE_READERS[MEASURES[code].type])
    for code, headings in MEASURE_HEADINGS.items()
    if code in PROMISED
)
_MEASURES_BY_NAME = {text.make_spelling_key(MEASURES[code].name): code for code in PROMISED}


@lru_cache(maxsize=2_000)
def recognise_promised_measure(written: str) -> str | None:
    """The measure that a promise names, by its code or in words; None where not certain."""
    words = text.normalize_text(written)
    if words in PROMISED:
        return words
    if code := _MEASURES_BY_NAME.get(text.make_spelling_key(words)):
        return code
    match = _MEASURE_WORDS.field_of((words,))
    return match[0] if match else None


def read_target(measure: str, cell: Cell, *, point: bool = False) -> float:
    """The value that keeps the promise; blank is "Đạt" where the measure is yes or no. Raises
    Unreadable.
    """
    measure_type = MEASURES[measure].type
    if is_blank(cell):
        if measure_type == "flag":
            return 1.0
        raise Unreadable(
            write_message("để trống"), write_message('hãy ghi mức phải đạt, ví dụ "4" hoặc "50"')
        )
    if measure_type == "mbps":
        value = values.read_speed(cell, point=point)
    else:
        value = MEASURE_READERS[measure_type](cell)
    if value is None or value <= 0:
        raise Unreadable(
            write_message("không phải mức phải đạt"),
            write_message("hãy ghi số lớn hơn 0, hoặc Đạt"),
        )
    return require_plausible(measure, float(value))


def read_office(written: str) -> str:
    """The office that promised. Raises Unreadable where a person stands there."""
    office = hide_persons(written, _MOST_OF_OFFICE)
    if HIDDEN in office:
        raise Unreadable(
            write_message("có tên hoặc số của một người"), write_message("hãy chỉ ghi cơ quan")
        )
    return office


def read_follow_ups(table: SheetTable, context: ImportContext) -> list[Batch]:
    """One batch per province. The day of the figures is the newest day on which anything was
    promised or withdrawn.
    """
    rows = list(table.rows(communes.MOST_COMMUNE_ROWS))
    point = values.uses_decimal_point(table.cell(row, "target") for row in rows)
    batches = []
    for province, province_rows in provinces.split_rows_by_province(table, rows, context).items():
        problems = ProblemCollector(table)
        problems.judge_columns(rows, most_count=max(entry.most for entry in MEASURES.values()))
        promises: dict[str, tuple[SheetRow, dict[str, Any]]] = {}
        for row in province_rows:
            promise = _read_promise(table, row, province, context, point, problems)
            if promise is None:
                continue
            earlier = promises.setdefault(promise["follow_up_id"], (row, promise))[0]
            if earlier is not row:
                message = write_message(
                    "cùng một việc hứa với dòng {row}; đã nhận dòng trước", row=earlier.number
                )
                problems.add(message, write_message("hãy bỏ bớt một dòng"), row, "what")
        frame = pd.DataFrame(
            [promise for _, promise in promises.values()], columns=FOLLOW_UP_COLUMNS, dtype=object
        )
        newest = max(
            (
                day
                for _, promise in promises.values()
                for day in (promise["promised_on"], promise["withdrawn_on"])
                if day
            ),
            default=context.as_of or context.today,
        )
        batches.append(
            context.make_batch(
                KIND.code,
                province,
                newest,
                len(province_rows),
                follow_ups=frame,
                problems=problems.all(),
            )
        )
    return batches


def _read_promise(
    table: SheetTable,
    row: SheetRow,
    province: str,
    context: ImportContext,
    point: bool,
    problems: ProblemCollector,
) -> dict[str, Any] | None:
    """The row's promise; None where there is none, or (with a problem noted) it is not certain."""
    written = values.read_words(table.cell(row, "what"))
    commune = communes.find_commune(province, table, row, problems)
    if commune is None:
        return None
    if not written:
        if not is_blank(table.cell(row, "owner")) or not is_blank(table.cell(row, "due_on")):
            problems.add(
                write_message("để trống"), write_message("hãy ghi việc đã hứa"), row, "what"
            )
        return None
    measured = _read_measure(table, row, point, problems)
    owner = _read_owner(table, row, problems)
    promised_on = _read_day(table, row, "promised_on", FIRST_DAY, context.today, problems)
    if measured is None or owner is None or promised_on is None:
        return None
    last = date.fromordinal(promised_on.toordinal() + _MOST_DAYS_AHEAD)
    due_on = _read_day(table, row, "due_on", promised_on, last, problems)
    if due_on is None:
        return None
    withdrawal = _read_withdrawal(table, row, promised_on, context.today, problems)
    if withdrawal is None:
        return None
    what = hide_persons(written, _MOST_OF_WORDS)
    measure, target = measured
    number = (values.read_words(table.cell(row, "follow_up_id")) or "").lower()
    if number and not _ID.fullmatch(number):
        message = write_message("không phải mã mà bảng theo dõi đã cấp")
        problems.add(
            message, write_message("hãy để trống, hoặc giữ đúng mã đã xuất ra"), row, "follow_up_id"
        )
        return None
    return {
        "follow_up_id": number or make_follow_up_id(commune, measure, what, promised_on),
        "commune_code": commune,
        "what": what,
        "measure": measure,
        "target": target,
        "owner": owner,
        "promised_on": promised_on,
        "due_on": due_on,
        "withdrawn_on": withdrawal[0],
        "withdrawn_reason": withdrawal[1],
    }


def make_follow_up_id(commune: str, measure: str, what: str, promised_on: date) -> str:
    """The number of a promise that came without one: the same for the same promise."""
    words = text.make_spelling_key(what)
    return str(uuid5(NAMESPACE_URL, f"follow-up|{commune}|{measure}|{promised_on}|{words}"))


def _read_measure(
    table: SheetTable, row: SheetRow, point: bool, problems: ProblemCollector
) -> tuple[str, float] | None:
    written = values.read_words(table.cell(row, "measure"))
    measure = recognise_promised_measure(written) if written else None
    if measure is None:
        fault = write_message("để trống")
        if written:
            fault = write_message("không rõ là tiêu chí nào mà một lần kiểm tra cho thấy được")
        problems.add(
            fault,
            write_message(
                'hãy ghi một tiêu chí như biểu kê khai, ví dụ "Tốc độ mạng" hoặc "Máy scan: có"'
            ),
            row,
            "measure",
        )
        return None
    try:
        return measure, read_target(measure, table.cell(row, "target"), point=point)
    except Unreadable as error:
        problems.add(error.message, error.remedy, row, "target")
        return None


def _read_owner(table: SheetTable, row: SheetRow, problems: ProblemCollector) -> str | None:
    written = values.read_words(table.cell(row, "owner"))
    try:
        if not written:
            raise Unreadable(write_message("để trống"), write_message("hãy ghi cơ quan đã hứa"))
        return read_office(written)
    except Unreadable as error:
        # The cell may name a person: it is not quoted.
        problems.add(error.message, error.remedy, row, "owner", may_quote=lambda _cell: False)
        return None


def _read_day(
    table: SheetTable,
    row: SheetRow,
    field: str,
    first: date,
    last: date,
    problems: ProblemCollector,
) -> date | None:
    day: date | None = problems.read(row, field)
    if day is None:
        if is_blank(table.cell(row, field)):
            problems.add(
                write_message("để trống"),
                write_message("hãy ghi ngày, ví dụ 13/07/2026"),
                row,
                field,
            )
        return None
    if first <= day <= last:
        return date(day.year, day.month, day.day)
    message = write_message(
        "nằm ngoài khoảng từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}", first=first, last=last
    )
    problems.add(message, write_message("hãy sửa ngày (ngày/tháng/năm)"), row, field)
    return None


def _read_withdrawal(
    table: SheetTable, row: SheetRow, promised_on: date, today: date, problems: ProblemCollector
) -> tuple[date | None, str | None] | None:
    """Day and reason of a withdrawal, both None where there is none; None where it is half told."""
    reason = values.read_words(table.cell(row, "withdrawn_reason"))
    if is_blank(table.cell(row, "withdrawn_on")):
        if not reason:
            return None, None
        problems.add(
            write_message("có lý do rút mà không có ngày"),
            write_message("hãy ghi ngày rút"),
            row,
            "withdrawn_on",
        )
        return None
    day = _read_day(table, row, "withdrawn_on", promised_on, today, problems)
    if day is not None and not reason:
        problems.add(
            write_message("rút mà không nêu lý do"),
            write_message("hãy ghi lý do rút"),
            row,
            "withdrawn_reason",
        )
    return (day, hide_persons(reason, _MOST_OF_WORDS)) if day and reason else None


KIND = FileKind(
    code="follow_ups",
    fields=_FIELDS,
    required_fields=(
        (1, ("commune", "commune_code")),
        (1, ("what",)),
        (1, ("measure",)),
        (1, ("owner",)),
        (1, ("due_on",)),
    ),
    read=read_follow_ups,
    excluding_headings=("Mã hồ sơ", "Chủ hồ sơ", "Số hiệu chứng thư", "Tự đánh giá"),
)
