"""The log of network probes: summed up per commune and local day to uptime and median speed.

A month of a province is millions of lines: they are read one by one, and only the days are kept
(`probe_days.ProbeDay`), at most MOST_DAYS of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from dashboard import text
from dashboard.batch import READING_COLUMNS, Batch
from dashboard.errors import FileRefused
from dashboard.sources import communes, days, periods, provinces, values
from dashboard.sources.findings import Findings
from dashboard.sources.headings import Field
from dashboard.sources.kinds import Given, Kind
from dashboard.sources.moments import moment
from dashboard.sources.probe_days import ProbeDay
from dashboard.sources.probe_states import up
from dashboard.sources.sheet import Cell, Row, blank
from dashboard.sources.table import Table

MOST_ROWS = 50_000_000
# Communes x days: a province of 148 communes for four months. At most 20 kB each.
MOST_DAYS = 20_000
# A line of 10 Gbps is nothing that a commune has.
_FASTEST = 10_000
_COMMUNE = "| Điểm đo | Vị trí | Nơi đo | Địa điểm | Trạm | Điểm cầu | site | host | location | node | Tên điểm đo"
_FIELDS = (
    Field("commune", communes.FIELDS[0].headings + _COMMUNE, values.words),
    *communes.FIELDS[1:],
    Field(
        "time",
        "Thời gian | Thời điểm | Thời gian đo | Thời điểm đo | Ngày giờ | Ngày giờ đo | time | timestamp"
        "| Thời điểm ghi nhận | datetime | date time | checked at | measured at | Lúc | Thời điểm kiểm tra kết nối",
        moment,
    ),
    Field("day", "Ngày | Ngày đo | Ngày ghi nhận | Ngày kiểm tra | date | day", days.day),
    Field("clock", "Giờ | Giờ đo | Giờ, phút | Giờ ghi nhận | clock | hour"),
    Field(
        "state",
        "Trạng thái | Trạng thái kết nối | Kết nối | up, down | status | state | Tình trạng | Trạng thái đường truyền"
        "| Tình trạng kết nối | Tình trạng mạng | Trạng thái mạng | up | Đường truyền | Tình trạng đường truyền",
        up,
    ),
    Field(
        "mbps",
        "Tốc độ | Mbps | Tốc độ tải xuống | Tốc độ mạng | Băng thông | download | download mbps | speed"
        "| Tốc độ đo được | Tốc độ đường truyền | speed mbps | Tốc độ download | Download speed | Tải xuống"
        "| throughput | Băng thông đo",
        values.decimal,
    ),
)  # fmt: skip


@dataclass
class _Place:
    """One spelling of a commune in the log: its first row stands for all of them."""

    row: Row
    days: dict[date, ProbeDay] = field(default_factory=dict)


def read(table: Table, given: Given) -> list[Batch]:
    """One batch per province: readings `network_uptime` (0 to 1) and `network_mbps_probed`, verified, a day each."""
    findings = Findings(table)
    places, rows = _collect(table, given, findings)
    if not any(place.days for place in places.values()):
        message = "không có dòng đo nào đọc được"
        raise FileRefused(given.file_name, message, "hãy kiểm tra cột thời gian và trạng thái", list(findings.all()))
    first_rows = [place.row for place in places.values()]
    batches = []
    for province, own in provinces.rows_by_province(table, first_rows, given).items():
        numbers = {row.number for row in own}
        by_commune = _by_commune(
            table, province, [one for one in places.values() if one.row.number in numbers], findings
        )
        told = [day for one in by_commune.values() for day in one]
        if not told:
            continue
        period = min(told), max(told)
        at = datetime.combine(period[1], datetime.min.time())
        batches.append(
            Batch(given.file_name, given.sha256, KIND.code, province, at, rows, period=period,
                  readings=_readings(by_commune), problems=findings.all())
        )  # fmt: skip
    if not batches:
        message = "không có dòng nào của xã nào nhận ra được"
        raise FileRefused(given.file_name, message, "hãy kiểm tra cột tên hoặc mã xã", list(findings.all()))
    return batches


def _collect(table: Table, given: Given, findings: Findings) -> tuple[dict[tuple[Cell, ...], _Place], int]:
    """Every row once: the days of each spelling of a commune, and how many rows there were."""
    places: dict[tuple[Cell, ...], _Place] = {}
    point = values.point_decimals(table.cell(row, "mbps") for row in table.sheet.peek)
    last = given.today + timedelta(days=1)  # a log may be closed after midnight
    # with the hour in a column of its own the day is told as a local day
    when = "day" if table.has("clock") and table.has("day") else "time"
    kept = rows = blanks = 0
    for row in table.rows(MOST_ROWS):
        rows += 1
        at: date | None = findings.read(row, when)
        if at is None:
            blanks += blank(table.cell(row, when))
            continue
        day = at.date() if isinstance(at, datetime) else at
        if not periods.FIRST_DAY <= day <= last:
            findings.add("nằm ngoài khoảng từ 01/07/2025 đến hôm nay", "hãy sửa thời điểm đo", row, when)
            continue
        state, mbps = _probe(table, row, point, findings)
        if state is None and mbps is None:
            continue
        where = (table.cell(row, "commune_code"), table.cell(row, "commune"), table.cell(row, "province"))
        place = places.get(where)
        if place is None:
            place = places[where] = _Place(row)
        probes = place.days.get(day)
        if probes is None:
            kept += 1
            if kept > MOST_DAYS or len(places) > communes.MOST_ROWS:
                message = f"nhật ký có hơn {text.number(MOST_DAYS)} xã × ngày"
                raise FileRefused(given.file_name, message, "hãy chia tệp theo tháng rồi gửi từng phần")
            probes = place.days[day] = ProbeDay()
        probes.add(state, mbps)
    if blanks:
        message = f"{text.number(blanks)} dòng không ghi thời điểm đo; không tính"
        findings.add(message, "hãy ghi thời điểm đo", severity="refused")
    return places, rows


def _probe(table: Table, row: Row, point: bool, findings: Findings) -> tuple[bool | None, float | None]:
    """Up or down, and Mbps. Without a word about the state a speed says it: more than 0 is up."""
    mbps = findings.read(row, "mbps", point=point) if table.has("mbps") else None
    if mbps is not None and not 0 <= mbps <= _FASTEST:
        remedy = "hãy kiểm tra đơn vị đo (Mbps)"
        findings.add("là số âm" if mbps < 0 else "lớn hơn mọi đường truyền của xã", remedy, row, "mbps")
        mbps = None
    state: bool | None = findings.read(row, "state") if table.has("state") else None
    if state is None and mbps is not None and blank(table.cell(row, "state")):
        state = mbps > 0
    return state, mbps


def _by_commune(
    table: Table, province: str, places: list[_Place], findings: Findings
) -> dict[str, dict[date, ProbeDay]]:
    found: dict[str, dict[date, ProbeDay]] = {}
    for place in places:
        code = communes.find(province, table, place.row, findings)
        if code is None:
            continue
        own = found.setdefault(code, {})
        for day, probes in place.days.items():
            own.setdefault(day, ProbeDay()).merge(probes)
    return found


def _readings(by_commune: dict[str, dict[date, ProbeDay]]) -> pd.DataFrame:
    lines: list[tuple[Any, ...]] = []
    for code, own in sorted(by_commune.items()):
        for day, probes in sorted(own.items()):
            for measure, value in (("network_uptime", probes.uptime), ("network_mbps_probed", probes.median)):
                if value is not None:
                    lines.append((code, measure, value, "verified", day))
    return pd.DataFrame(lines, columns=READING_COLUMNS)


KIND = Kind(
    code="probe_log",
    name="nhật ký đo đường truyền",
    fields=_FIELDS,
    needs=((1, ("commune", "commune_code")), (1, ("time", "clock")), (1, ("time", "day")), (1, ("state", "mbps"))),
    read=read,
    never=("Mã hồ sơ", "Chủ hồ sơ", "Ngày tiếp nhận", "Số hiệu chứng thư", "Ngày kê khai", "Tự đánh giá", "Tiêu chí",
           "Loại thiết bị", "Cần", "Đã cấp", "Tổ công tác", "Ngày hết hạn"),
)  # fmt: skip
