"""What a team found at communes: one finding a row, or one visit a row with the measures as columns.

Findings become readings on the basis "verified"; team and note are kept beside them, without persons.
"""

from __future__ import annotations

from datetime import date, datetime, time

from dashboard import text
from dashboard.batch import Batch
from dashboard.sources import communes, days, periods, provinces, values
from dashboard.sources.findings import Findings
from dashboard.sources.found_words import MEASURE_FIELDS, PAIRS, found_values, in_words, meant, pair_of
from dashboard.sources.headings import Field
from dashboard.sources.kinds import Given, Kind
from dashboard.sources.private import without_persons
from dashboard.sources.sheet import Row, Unreadable, blank
from dashboard.sources.table import Table
from dashboard.sources.visit_findings import Finding, once, readings, visits

_MEASURES = tuple(field.name for field in MEASURE_FIELDS)
_COMMUNE = "| Xã được kiểm tra | Đơn vị được kiểm tra | Xã kiểm tra | Nơi kiểm tra | Địa điểm kiểm tra | Địa điểm"
_FIELDS = (
    Field("commune", communes.FIELDS[0].headings + _COMMUNE, values.words),
    *communes.FIELDS[1:],
    *MEASURE_FIELDS,
    Field(
        "visited_on",
        "Ngày kiểm tra | Ngày | Ngày đến | Ngày làm việc | Ngày kiểm tra thực tế | Thời gian kiểm tra | Ngày phúc tra"
        "| Thời điểm kiểm tra | Ngày khảo sát | Ngày hỗ trợ | Ngày đi kiểm tra | Ngày kiểm tra thực địa | Ngày, tháng"
        "| Ngày tháng năm | Ngày đo | visited on | visit date | date",
        days.day,
    ),
    Field(
        "criterion",
        "Tiêu chí | Tiêu chí kiểm tra | Nội dung kiểm tra | Nội dung | Hạng mục | Hạng mục kiểm tra | Chỉ tiêu"
        "| Chỉ tiêu kiểm tra | Điều kiện | Điều kiện kiểm tra | Tên tiêu chí | Nội dung đánh giá | Chỉ số"
        "| criterion | measure",
        values.words,
    ),
    Field(
        "value",
        "Kết quả | Kết quả kiểm tra | Giá trị | Giá trị thực tế | Giá trị kiểm tra | Giá trị ghi nhận | Thực tế"
        "| Kết quả thực tế | Hiện trạng | Hiện trạng thực tế | Giá trị phát hiện | Giá trị đo được | Số liệu"
        "| Số liệu thực tế | Số liệu kiểm tra | Ghi nhận | Kết quả ghi nhận | Thực tế kiểm tra | Giá trị tìm thấy"
        "| Phát hiện | Kết quả phát hiện | Tình trạng | Tình trạng thực tế | Đánh giá | Đạt, không đạt | Có"
        "| Số có | found | found value | value",
    ),
    Field("needed", "Cần | Số cần | Nhu cầu | Yêu cầu | Cần có | Định mức | Theo yêu cầu | needed"),
    Field(
        "team",
        "Tổ công tác | Tổ | Đoàn kiểm tra | Đội | Tổ kiểm tra | Đoàn công tác | Đơn vị kiểm tra | Nhóm | Tổ hỗ trợ"
        "| Tổ cơ động | Nhóm công tác | Đoàn | Tên tổ | Tổ, đoàn | Tổ công tác số | team | Đội cơ động | Tên đoàn"
        "| Tổ thực hiện",
        values.words,
    ),
    Field(
        "note",
        "Ghi chú | Nhận xét | Kiến nghị | Đề xuất | Ý kiến | Đề xuất, kiến nghị | Nhận xét, kiến nghị | note | notes"
        "| Ghi chú, kiến nghị | Mô tả | Chi tiết | Tồn tại | Vướng mắc | Nội dung vướng mắc",
        values.words,
    ),
)  # fmt: skip


def read(table: Table, given: Given) -> list[Batch]:
    """One batch per province. The day of the figures is the last day of a visit."""
    rows = list(table.rows(communes.MOST_ROWS))
    point = {name: values.point_decimals(table.cell(row, name) for row in rows) for name in ("value", "network_mbps")}
    # a form without a column of days says the day of the visits in its title
    day = None if table.has("visited_on") else periods.as_of(given, table.head.titles).date()
    batches = []
    for province, own in provinces.rows_by_province(table, rows, given).items():
        findings = Findings(table)
        found = [one for row in own for one in _row(table, row, province, given, day, point, findings)]
        kept = once(found, findings)
        last = max((one.day for one in found), default=given.as_of or given.today)
        batches.append(
            Batch(given.file_name, given.sha256, KIND.code, province, datetime.combine(last, time()), len(own),
                  readings=readings(kept), visits=visits(kept), problems=findings.all())
        )  # fmt: skip
    return batches


def _row(
    table: Table,
    row: Row,
    province: str,
    given: Given,
    day: date | None,
    point: dict[str, bool],
    findings: Findings,
) -> list[Finding]:
    code = communes.find(province, table, row, findings)
    if code is None:
        return []
    found = _long(table, row, point, findings) if table.has("criterion") else _wide(table, row, point, findings)
    team, note = (_plain(table, row, name, most) for name, most in (("team", 120), ("note", 500)))
    if found is None or not (found or note):
        return []
    day = day or _visited_on(table, row, given, findings)
    if day is None:
        return []
    lines: list[tuple[str | None, float | None]] = [*found.items()] or [(None, None)]
    return [Finding(row, code, day, measure, value, team, note) for measure, value in lines]


def _visited_on(table: Table, row: Row, given: Given, findings: Findings) -> date | None:
    day: date | None = findings.read(row, "visited_on")
    if day is None:
        if blank(table.cell(row, "visited_on")):
            day = given.as_of
            if day is None:
                findings.add("để trống", "hãy ghi ngày kiểm tra, ví dụ 13/07/2025", row, "visited_on")
        return day
    if periods.FIRST_DAY <= day <= given.today:
        return date(day.year, day.month, day.day)
    message = f"nằm ngoài khoảng từ 01/07/2025 đến hôm nay ({text.day(given.today)})"
    findings.add(message, "hãy sửa ngày kiểm tra (ngày/tháng/năm)", row, "visited_on")
    return None


def _long(table: Table, row: Row, point: dict[str, bool], findings: Findings) -> dict[str, float] | None:
    """The values of a row that names its criterion; None (with a problem noted) where it is unclear."""
    criterion = table.cell(row, "criterion")
    if blank(criterion):
        if not blank(table.cell(row, "value")):
            findings.add("có kết quả nhưng không ghi tiêu chí nào", "hãy ghi tên tiêu chí", row, "value")
            return None
        return {}
    what = meant(str(criterion))
    if what is None:
        findings.add("không rõ là tiêu chí nào", 'hãy ghi tên tiêu chí như biểu kê khai, ví dụ "Tốc độ mạng"', row,
                     "criterion")  # fmt: skip
        return None
    found = _read(table, row, "value", what, point["value"], findings)
    pair = pair_of(what)
    if found and pair and not blank(table.cell(row, "needed")):
        found |= _read(table, row, "needed", pair[1], False, findings) or {}
    return found


def _wide(table: Table, row: Row, point: dict[str, bool], findings: Findings) -> dict[str, float]:
    found: dict[str, float] = {}
    for name in sorted(_MEASURES, key=lambda name: name not in PAIRS):
        if table.has(name):  # the column of one measure wins over the column of a pair
            what = in_words(table.heading(name), name)
            found |= _read(table, row, name, what, point["network_mbps"], findings) or {}
    return found


def _read(table: Table, row: Row, column: str, what: str, point: bool, findings: Findings) -> dict[str, float] | None:
    try:
        return found_values(what, table.cell(row, column), point=point)
    except Unreadable as error:
        findings.add(error.message, error.remedy, row, column)
        return None


def _plain(table: Table, row: Row, name: str, most: int) -> str | None:
    written = values.words(table.cell(row, name))
    return without_persons(written, most) if written else None


KIND = Kind(
    code="visits",
    name="kết quả kiểm tra của tổ công tác",
    fields=_FIELDS,
    needs=(
        (1, ("commune", "commune_code")),
        (1, ("visited_on", "criterion")),
        (1, ("criterion", *_MEASURES)),
        (1, ("value", *_MEASURES)),
    ),
    read=read,
    telling="được",  # "Đơn vị được kiểm tra" is the commune, "Đơn vị kiểm tra" the team
    never=(
        "Mã hồ sơ", "Chủ hồ sơ", "Số hiệu chứng thư", "Trước hạn", "Ngày kê khai", "Tự đánh giá", "Xã tự đánh giá",
        "Mức tự đánh giá", "Kết quả tự đánh giá", "Tự xếp loại", "Ngày tiếp nhận", "Ngày hẹn trả", "basis",
        "Trạng thái kết nối", "Giờ", "Thời gian đo",
    ),
)  # fmt: skip
