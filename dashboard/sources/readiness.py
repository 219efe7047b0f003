"""The readiness declaration: one row a commune, what it has and what it needs, as it says itself."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pandas as pd

from dashboard import text
from dashboard.batch import READING_COLUMNS, Batch
from dashboard.measures import DEVICES, MEASURES
from dashboard.sources import communes, days, periods, provinces, values
from dashboard.sources.findings import Findings
from dashboard.sources.headings import Field
from dashboard.sources.kinds import Given, Kind
from dashboard.sources.sheet import Row
from dashboard.sources.table import Table

_NEEDED = "Cần | Nhu cầu | Cần có | Cần thiết | Yêu cầu | Định mức | Theo định mức | Cần trang bị"
_HAVE = "Có | Hiện có | Đã có | Thực có | Đã trang bị | Được trang bị | Sẵn có | Thực tế"
_DEVICE_WORDS = {
    "computer": "Máy tính | Máy vi tính | Máy tính để bàn | Bộ máy tính",
    "scanner": "Máy scan | Máy quét | Máy scanner | Máy quét (scan) | Scan",
    "photocopier": "Máy photocopy | Máy photo | Máy photo copy | Máy phô tô | Máy sao chụp | Photocopy",
    "queue_machine": "Máy lấy số | Máy lấy số tự động | Máy lấy số thứ tự | Máy bốc số | Hệ thống lấy số",
    "display": "Màn hình hiển thị | Màn hình | Màn hình thông báo | Màn hình gọi số | Màn hình LED",
    "kiosk": "Thiết bị tra cứu TTHC | Thiết bị tra cứu | Kiosk | Ki-ốt | Kiosk tra cứu | Máy tra cứu"
    "| Thiết bị tra cứu thủ tục hành chính | Màn hình tra cứu | Máy tra cứu TTHC",
}
_READERS: dict[str, Any] = {
    "flag": values.flag,
    "count": values.count,
    "mbps": values.decimal,
    "rating": values.rating,
}
_HEADINGS = {
    "network_stable": "Đường truyền thông suốt | Đường truyền ổn định | Đường truyền | Mạng ổn định | Mạng thông suốt"
    "| Tình trạng đường truyền | Đường truyền mạng | Hạ tầng mạng thông suốt | Hạ tầng mạng ổn định | Kết nối ổn định"
    "| Hạ tầng mạng",
    "network_mbps": "Tốc độ | Tốc độ mạng | Tốc độ đường truyền | Tốc độ Internet | Băng thông | Mbps | Tốc độ đo được"
    "; Hạ tầng mạng | Mạng | Đường truyền > Tốc độ | Băng thông",
    "signature_needed": f"Chữ ký số | CKS | Chứng thư số > {_NEEDED} | Cần cấp | Nhu cầu cấp",
    "signature_issued": f"Chữ ký số | CKS | Chứng thư số > {_HAVE} | Đã cấp | Được cấp",
    **{f"{code}_needed": f"{_DEVICE_WORDS[code]} > {_NEEDED}" for code in DEVICES},
    **{f"{code}_available": f"{_DEVICE_WORDS[code]} > {_HAVE}" for code in DEVICES},
    "online_meeting": "Họp trực tuyến từ Trung ương | Họp trực tuyến | Hội nghị trực tuyến | Phòng họp trực tuyến"
    "| Hệ thống họp trực tuyến | Kết nối họp trực tuyến | Họp trực tuyến với Trung ương | Cầu truyền hình",
    "security_device": "Thiết bị an toàn thông tin | An toàn thông tin | Thiết bị ATTT | ATTT | Thiết bị bảo mật"
    "| Thiết bị an ninh mạng | Tường lửa | Bảo đảm an toàn thông tin",
    "procedures_published": "Công khai bộ TTHC | Công khai TTHC | Công khai thủ tục hành chính | Niêm yết TTHC"
    "| Công khai bộ thủ tục hành chính | Niêm yết công khai TTHC | Công bố TTHC",
    "staff_planned": "Nhân sự một cửa | Nhân sự | Cán bộ một cửa | Nhân lực | Nhân sự bộ phận một cửa"
    "| Công chức một cửa > Biên chế | Được giao | Kế hoạch | Biên chế được giao | Cần | Định biên | Theo biên chế"
    "; Biên chế | Biên chế được giao",
    "staff_present": "Nhân sự một cửa | Nhân sự | Cán bộ một cửa | Nhân lực | Nhân sự bộ phận một cửa"
    "| Công chức một cửa > Hiện có | Có mặt | Thực tế | Hiện tại; Nhân sự hiện có | Số người có mặt",
    "self_rating": "Tự đánh giá | Mức tự đánh giá | Tự đánh giá mức độ | Kết quả tự đánh giá | Xã tự đánh giá"
    "| Tự xếp loại | Đánh giá | Mức độ sẵn sàng | Tự đánh giá chung | Xếp loại",
}
_FIELDS = (
    *communes.FIELDS,
    *(Field(code, headings, _READERS[MEASURES[code].type]) for code, headings in _HEADINGS.items()),
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
        if as_of.date() > given.today:
            message = f"biểu ghi số liệu đến {text.day(as_of.date())}, sau hôm nay"
            findings.add(message, "hãy kiểm tra ngày trong tiêu đề", severity="warning")
        readings = _readings(table, own, province, as_of, point, findings)
        batches.append(
            Batch(given.file_name, given.sha256, KIND.code, province, as_of, len(own), readings=readings,
                  problems=findings.all())
        )  # fmt: skip
    return batches


def _readings(
    table: Table, rows: list[Row], province: str, as_of: datetime, point: bool, findings: Findings
) -> pd.DataFrame:
    measures = [code for code in MEASURES if table.has(code)]
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
    needs=((1, ("commune", "commune_code")), (2, tuple(MEASURES))),
    read=read,
    never=("Chủ hồ sơ", "Mã hồ sơ", "Số hiệu chứng thư", "Trước hạn"),
)
