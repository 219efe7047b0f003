"""What a team found at communes: one finding a row, or one visit a row with the measures as
columns.

Findings become readings on the basis "verified"; team and note are kept beside them, without
persons.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import pandas as pd

from dashboard import text
from dashboard.batch import READING_COLUMNS, VISIT_COLUMNS, Batch
from dashboard.errors import FileRefused
from dashboard.measures import DECLARED, DEVICES, MEASURES
from dashboard.messages import write_message
from dashboard.reference import FIRST_DAY
from dashboard.sources.cells import days, values
from dashboard.sources.formats.sheet import (
    Cell,
    SharedFigure,
    SheetRow,
    Unreadable,
    is_blank,
)
from dashboard.sources.problems import ProblemCollector
from dashboard.sources.recognise import communes, periods, provinces, qualifiers
from dashboard.sources.recognise.column_judgement import MOST_OF_A_COMMUNE
from dashboard.sources.recognise.file_kinds import FileKind, ImportContext
from dashboard.sources.recognise.headings import FileField, HeadingVocabulary
from dashboard.sources.recognise.measure_words import (
    DEVICE_WORDS,
    MEASURE_HEADINGS,
    MEASURE_READERS,
    SIGNATURE_WORDS,
    STAFF_WORDS,
)
from dashboard.sources.recognise.plausible import require_plausible
from dashboard.sources.recognise.state_rows import read_plain_words
from dashboard.sources.recognise.table import SheetTable

# What visits found, once a commune, measure and day: as readings and as notes.


@dataclass(frozen=True)
class VisitResult:
    """What one row says of one measure (or of none: a visit with nothing but a note)."""

    row: SheetRow
    commune: str
    day: date
    measure: str | None
    value: float | None
    team: str | None
    note: str | None


def drop_repeated_results(
    results: list[VisitResult], problems: ProblemCollector
) -> list[VisitResult]:
    """One value a commune, measure and day: two teams that differ on one day are both left out, and
    told.
    """
    first: dict[tuple[Any, ...], VisitResult] = {}
    conflicts: set[tuple[Any, ...]] = set()
    taken = []
    for result in results:
        key = (result.commune, result.day, result.measure)
        earlier = first.setdefault(key, result)
        if result.measure is None or earlier is result:
            taken.append(result)
        elif earlier.value != result.value:
            conflicts.add(key)
            message = write_message(
                "khác kết quả cùng đơn vị, cùng ngày, cùng tiêu chí ở dòng {row}; "
                "không nhận cả hai",
                row=earlier.row.number,
            )
            problems.add(message, write_message("hãy giữ lại một dòng đúng"), result.row, "commune")
        else:
            message = write_message(
                "ghi lại kết quả của dòng {row}; đã nhận một", row=earlier.row.number
            )
            problems.add(
                message, write_message("hãy bỏ bớt một dòng"), result.row, "commune", "warning"
            )
    return [
        result for result in taken if (result.commune, result.day, result.measure) not in conflicts
    ]


def make_visit_readings(results: list[VisitResult]) -> pd.DataFrame:
    """Verified readings, one a commune, measure and day."""
    lines = [
        (result.commune, result.measure, result.value, "verified", result.day)
        for result in results
        if result.measure
    ]
    return pd.DataFrame(lines, columns=READING_COLUMNS)


def make_visit_rows(results: list[VisitResult]) -> pd.DataFrame:
    """What a team saw and noted, one row a finding (or a visit with a note alone)."""
    lines = [
        (result.commune, result.day, result.measure, result.team, result.note) for result in results
    ]
    return pd.DataFrame(lines, columns=VISIT_COLUMNS, dtype=object)


# What a team writes of a commune: which measure it means, and which values it found ("2/3",
# "Đạt").

# What a commune says of itself cannot be verified as such.
VERIFIABLE_MEASURES = tuple(code for code in DECLARED if code != "self_rating")
# What is counted as so many of so many: (what is there, what is needed).
MEASURE_PAIRS: dict[str, tuple[str, str]] = {
    **{code: (f"{code}_available", f"{code}_needed") for code in DEVICES},
    "signature": ("signature_issued", "signature_needed"),
    "staff": ("staff_present", "staff_planned"),
}
_OF_NEEDED = "trên số cần | so với nhu cầu | trên nhu cầu | có trên cần | đã cấp trên cần"
_PAIR_HEADINGS = {
    **{code: f"{words}; {words} > {_OF_NEEDED}" for code, words in DEVICE_WORDS.items()},
    "signature": f"{SIGNATURE_WORDS}; {SIGNATURE_WORDS} > {_OF_NEEDED}",
    # "Nhân sự một cửa" alone says who is there
    "staff": f"{STAFF_WORDS} > hiện có trên biên chế | có mặt trên biên chế | trên biên chế",
}
_COUNT_OF_COUNT = re.compile(
    r"^(\d[\d.]*)\s*(?:/|trên)\s*(\d[\d.]*)\s*(?:\([^()]*\)|cái|chiếc|bộ|máy|người|chữ ký số)?\.?$",
    re.I,
)
_SAYS_BOTH = re.compile(r"(?:có|cấp|mặt)\s*/\s*(?:số\s*)?(?:cần|nhu cầu|biên chế)", re.IGNORECASE)
_NOT_A_COUNT = (
    write_message("không phải số lượng"),
    write_message('hãy ghi số có trên số cần, ví dụ "2/3"'),
)

MEASURE_FIELDS = (
    *(
        FileField(code, MEASURE_HEADINGS[code], MEASURE_READERS[MEASURES[code].type])
        for code in VERIFIABLE_MEASURES
    ),
    *(FileField(pair, headings) for pair, headings in _PAIR_HEADINGS.items()),
)
_DECLARED_TITLE = re.compile(r"\b(?:tu )?ke khai\b")
_VISIT_WORDS = re.compile(
    r"\b(?:kiem tra|khao sat|phuc tra|tham tra|thuc dia|thuc te|to cong tac|doan|tai cho)\b"
)
_CHECKING_WORDS = "kiểm tra đo ghi nhận qua khảo sát"
_VOCABULARY = HeadingVocabulary(MEASURE_FIELDS, harmless_words=_CHECKING_WORDS)


@lru_cache(maxsize=2_000)
def recognise_criterion(criterion: str) -> str | None:
    """The measure, or pair of measures, that a criterion in any wording stands for; None where not
    certain.
    """
    written = text.normalize_text(criterion)
    if written in VERIFIABLE_MEASURES or written in MEASURE_PAIRS:
        return written
    field_match = _VOCABULARY.field_of((written,))
    name = (
        field_match[0] if field_match else _VOCABULARY.misspelt((written,), set(_VOCABULARY.fields))
    )
    return choose_measure_or_pair(written, name) if name else None


def choose_measure_or_pair(heading: str, name: str) -> str:
    """The pair where a heading says both ("Máy scan (có/cần)"), else the measure it was understood
    as.
    """
    if not _SAYS_BOTH.search(text.normalize_text(heading)):
        return name
    return next((pair for pair, measures in MEASURE_PAIRS.items() if name in measures), name)


def find_pair(criterion: str) -> tuple[str, str] | None:
    """The two measures (what is there, what is needed) that a measure or a pair belongs to."""
    return MEASURE_PAIRS.get(criterion) or next(
        (measures for measures in MEASURE_PAIRS.values() if criterion in measures), None
    )


def read_result_values(criterion: str, cell: Cell, *, point: bool = False) -> dict[str, float]:
    """The values of each measure that a finding tells; none where it is blank. Raises Unreadable.

    `2/3` of a device is 2 available of 3 needed, also where the criterion names one of the two
    only.
    """
    if is_blank(cell):
        return {}
    if isinstance(cell, SharedFigure):
        raise Unreadable(*values.SHARED_FIGURE)
    pair = find_pair(criterion)
    if (
        pair
        and isinstance(cell, str)
        and (counts_match := _COUNT_OF_COUNT.match(text.normalize_text(cell)))
    ):
        return {
            measure: _read_result_count(part)
            for measure, part in zip(pair, counts_match.groups(), strict=True)
        }
    if criterion in MEASURE_PAIRS:
        return {MEASURE_PAIRS[criterion][0]: _read_result_count(cell)}
    measure_type = MEASURES[criterion].type
    if measure_type == "count":
        return {criterion: _read_result_count(cell)}
    if measure_type == "mbps":
        value = values.read_speed(cell, point=point)
        if value is not None and value < 0:
            raise Unreadable(write_message("là số âm"), write_message("hãy nhập tốc độ đo được"))
        return {} if value is None else {criterion: value}
    value = MEASURE_READERS[measure_type](cell)
    return {} if value is None else {criterion: value}


def _read_result_count(cell: Cell) -> float:
    try:
        value = values.read_count(cell, most=MOST_OF_A_COMMUNE)
    except Unreadable as error:
        if isinstance(cell, str) and not any(letter.isdigit() for letter in cell):
            raise Unreadable(*_NOT_A_COUNT) from error
        raise
    assert value is not None
    return value


_MEASURES = tuple(field.name for field in MEASURE_FIELDS)
_COMMUNE = (
    "| Xã được kiểm tra | Đơn vị được kiểm tra | Xã kiểm tra | Nơi kiểm tra | Địa điểm kiểm tra "
    "| Địa điểm"
)
_FIELDS = (
    *communes.add_commune_headings(_COMMUNE),
    *MEASURE_FIELDS,
    FileField(
        "visited_on",
        "Ngày kiểm tra | Ngày | Ngày đến | Ngày làm việc | Ngày kiểm tra thực tế "
        "| Thời gian kiểm tra | Ngày phúc tra"
        "| Thời điểm kiểm tra | Ngày khảo sát | Ngày hỗ trợ | Ngày đi kiểm tra "
        "| Ngày kiểm tra thực địa | Ngày, tháng"
        "| Ngày tháng năm | Ngày đo | visited on | visit date | date",
        days.read_day,
    ),
    FileField(
        "criterion",
        "Tiêu chí | Tiêu chí kiểm tra | Nội dung kiểm tra | Nội dung | Hạng mục "
        "| Hạng mục kiểm tra | Chỉ tiêu"
        "| Chỉ tiêu kiểm tra | Điều kiện | Điều kiện kiểm tra | Tên tiêu chí | Nội dung đánh giá "
        "| Chỉ số"
        "| criterion | measure",
        values.read_words,
    ),
    FileField(
        "value",
        "Kết quả | Kết quả kiểm tra | Giá trị | Giá trị thực tế | Giá trị kiểm tra "
        "| Giá trị ghi nhận | Thực tế"
        "| Kết quả thực tế | Hiện trạng | Hiện trạng thực tế | Giá trị phát hiện | Giá trị đo được "
        "| Số liệu"
        "| Số liệu thực tế | Số liệu kiểm tra | Ghi nhận | Kết quả ghi nhận | Thực tế kiểm tra "
        "| Giá trị tìm thấy"
        "| Phát hiện | Kết quả phát hiện | Tình trạng | Tình trạng thực tế | Đánh giá "
        "| Đạt, không đạt | Có"
        "| Số có | found | found value | value",
    ),
    FileField(
        "needed", "Cần | Số cần | Nhu cầu | Yêu cầu | Cần có | Định mức | Theo yêu cầu | needed"
    ),
    FileField(
        "team",
        "Tổ công tác | Tổ | Đoàn kiểm tra | Đội | Tổ kiểm tra | Đoàn công tác | Đơn vị kiểm tra "
        "| Nhóm | Tổ hỗ trợ"
        "| Tổ cơ động | Nhóm công tác | Đoàn | Tên tổ | Tổ, đoàn | Tổ công tác số | team "
        "| Đội cơ động | Tên đoàn"
        "| Tổ thực hiện",
        values.read_words,
    ),
    FileField(
        "note",
        "Ghi chú | Nhận xét | Kiến nghị | Đề xuất | Ý kiến | Đề xuất, kiến nghị "
        "| Nhận xét, kiến nghị | note | notes"
        "| Ghi chú, kiến nghị | Mô tả | Chi tiết | Tồn tại | Vướng mắc | Nội dung vướng mắc",
        values.read_words,
    ),
)


def read_visits(table: SheetTable, context: ImportContext) -> list[Batch]:
    """One batch per province. The day of the figures is the last day of a visit."""
    _refuse_declarations(table)
    rows = list(table.rows(communes.MOST_COMMUNE_ROWS))
    decimal_points = {
        name: values.uses_decimal_point(table.cell(row, name) for row in rows)
        for name in ("value", "network_mbps")
    }
    # a form without a column of days says the day of the visits in its title
    day = None if table.has("visited_on") else periods.find_as_of(context, table.head.titles).date()
    batches = []
    for province, province_rows in provinces.split_rows_by_province(table, rows, context).items():
        problems = ProblemCollector(table)
        problems.judge_columns(rows, most_count=MOST_OF_A_COMMUNE)
        results = [
            result
            for row in province_rows
            for result in _read_row(table, row, province, context, day, decimal_points, problems)
        ]
        taken = drop_repeated_results(results, problems)
        last = max((result.day for result in results), default=context.as_of or context.today)
        batches.append(
            context.make_batch(
                KIND.code,
                province,
                last,
                len(province_rows),
                readings=make_visit_readings(taken),
                visits=make_visit_rows(taken),
                problems=problems.all(),
            )
        )
    return batches


def _refuse_declarations(table: SheetTable) -> None:
    """Raises FileRefused where the title speaks of a declaration and nothing of a visit: what a
    commune says of itself is not verified."""
    headings = [column.heading for column in table.head.columns.values()]
    titles = text.strip_tones(" ".join(table.head.titles))
    words = f"{titles} {text.strip_tones(' '.join((*headings, *table.head.ignored)))}"
    if _DECLARED_TITLE.search(titles) and not _VISIT_WORDS.search(words):
        raise FileRefused(
            table.file,
            write_message(
                "tiêu đề nói là biểu kê khai nhưng cột là của kết quả kiểm tra, "
                "nên không rõ số tự kê khai hay đã kiểm tra"
            ),
            write_message(
                'hãy ghi mỗi xã một dòng, mỗi tiêu chí một cột, cột ngày là "Ngày kê khai"'
            ),
        )


def _read_row(
    table: SheetTable,
    row: SheetRow,
    province: str,
    context: ImportContext,
    day: date | None,
    decimal_points: dict[str, bool],
    problems: ProblemCollector,
) -> list[VisitResult]:
    code = communes.find_commune(province, table, row, problems)
    if code is None:
        return []
    if table.has("criterion"):
        measured = _read_criterion_row(table, row, decimal_points, problems)
    else:
        measured = _read_measure_columns(table, row, decimal_points, problems)
    team, note = (
        read_plain_words(table, row, name, most_characters)
        for name, most_characters in (("team", 120), ("note", 500))
    )
    if measured is None or not (measured or note):
        return []
    day = day or _read_visited_on(table, row, context, problems)
    if day is None:
        return []
    lines: list[tuple[str | None, float | None]] = [*measured.items()] or [(None, None)]
    return [VisitResult(row, code, day, measure, value, team, note) for measure, value in lines]


def _read_visited_on(
    table: SheetTable, row: SheetRow, context: ImportContext, problems: ProblemCollector
) -> date | None:
    day: date | None = problems.read(row, "visited_on")
    if day is None:
        if is_blank(table.cell(row, "visited_on")):
            day = context.as_of
            if day is None:
                problems.add(
                    write_message("để trống"),
                    write_message("hãy ghi ngày kiểm tra, ví dụ 13/07/2025"),
                    row,
                    "visited_on",
                )
        return day
    if FIRST_DAY <= day <= context.today:
        return date(day.year, day.month, day.day)
    message = write_message(
        "nằm ngoài khoảng từ 01/07/2025 đến hôm nay ({today:%d/%m/%Y})", today=context.today
    )
    problems.add(
        message, write_message("hãy sửa ngày kiểm tra (ngày/tháng/năm)"), row, "visited_on"
    )
    return None


def _read_criterion_row(
    table: SheetTable, row: SheetRow, decimal_points: dict[str, bool], problems: ProblemCollector
) -> dict[str, float] | None:
    """The values of a row that names its criterion; None (with a problem noted) where it is
    unclear.
    """
    criterion = table.cell(row, "criterion")
    if is_blank(criterion):
        if not is_blank(table.cell(row, "value")):
            problems.add(
                write_message("có kết quả nhưng không ghi tiêu chí nào"),
                write_message("hãy ghi tên tiêu chí"),
                row,
                "value",
            )
            return None
        return {}
    criterion_code = recognise_criterion(str(criterion))
    if criterion_code is None:
        problems.add(
            write_message("không rõ là tiêu chí nào"),
            write_message('hãy ghi tên tiêu chí như biểu kê khai, ví dụ "Tốc độ mạng"'),
            row,
            "criterion",
        )
        return None
    measured = _read_result(table, row, "value", criterion_code, decimal_points["value"], problems)
    pair = find_pair(criterion_code)
    if measured and pair and not is_blank(table.cell(row, "needed")):
        measured |= _read_result(table, row, "needed", pair[1], False, problems) or {}
    return measured


def _read_measure_columns(
    table: SheetTable, row: SheetRow, decimal_points: dict[str, bool], problems: ProblemCollector
) -> dict[str, float]:
    measured: dict[str, float] = {}
    for name in sorted(_MEASURES, key=lambda name: name not in MEASURE_PAIRS):
        if table.has(name):  # the column of one measure wins over the column of a pair
            criterion_code = choose_measure_or_pair(table.heading(name), name)
            measured |= (
                _read_result(
                    table, row, name, criterion_code, decimal_points["network_mbps"], problems
                )
                or {}
            )
    return measured


def _read_result(
    table: SheetTable,
    row: SheetRow,
    column: str,
    criterion_code: str,
    point: bool,
    problems: ProblemCollector,
) -> dict[str, float] | None:
    try:
        result_values = read_result_values(criterion_code, table.cell(row, column), point=point)
        return {code: require_plausible(code, value) for code, value in result_values.items()}
    except Unreadable as error:
        problems.add(error.message, error.remedy, row, column)
        return None


KIND = FileKind(
    code="visits",
    harmless_words=_CHECKING_WORDS,
    fields=_FIELDS,
    required_fields=(
        (1, ("commune", "commune_code")),
        (1, ("visited_on", "criterion")),
        (1, ("criterion", *_MEASURES)),
        (1, ("value", *_MEASURES)),
    ),
    read=read_visits,
    basis=qualifiers.CHECKED,
    # "Đơn vị được kiểm tra" is the commune, "Đơn vị kiểm tra" the team
    distinguishing_words="được",
    excluding_headings=(
        "Mã hồ sơ",
        "Chủ hồ sơ",
        "Số hiệu chứng thư",
        "Trước hạn",
        "Ngày kê khai",
        "Tự đánh giá",
        "Xã tự đánh giá",
        "Mức tự đánh giá",
        "Kết quả tự đánh giá",
        "Tự xếp loại",
        "Ngày tiếp nhận",
        "Ngày hẹn trả",
        "basis",
        "Trạng thái kết nối",
        "Giờ",
        "Thời gian đo",
    ),
)
