"""The national portal's progress list (CSV or JSON): per agency what was received, on time (766), mean days.

The list names no period: it comes from the caller, a title, or the file's name. Departments (sở)
stand among the communes; they are kept apart under their agency codes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

import pandas as pd

from dashboard import text
from dashboard.batch import AGENCY_COLUMNS, DOSSIER_COLUMNS, Batch
from dashboard.errors import FileRefused
from dashboard.sources import communes, periods, portal_checks, provinces, values
from dashboard.sources.findings import Findings
from dashboard.sources.headings import Field
from dashboard.sources.kinds import Given, Kind
from dashboard.sources.sheet import Row, blank
from dashboard.sources.table import Table

_AGENCY = re.compile(r"^[A-Z]\d{2}(?:\.\d{1,4}){0,4}$")
_LEVELS = {"commune": "commune", "xa": "commune", "cap xa": "commune", "ward": "commune",
           "province": "department", "tinh": "department", "cap tinh": "department", "department": "department",
           "so": "department"}  # fmt: skip
_COMMUNE_NAME = re.compile(r"^(?:ubnd|ủy ban nhân dân|uỷ ban nhân dân)?\s*(?:xã|phường|đặc khu)\s", re.IGNORECASE)
_PLAIN = "hãy nhập số nguyên từ 0 trở lên"

_FIELDS = (
    Field(
        "agency_code",
        "Mã cơ quan | agency code | department code | Mã định danh | Mã định danh cơ quan | Mã định danh đơn vị"
        "| Mã đơn vị định danh | Mã cơ quan, đơn vị",
        values.words,
    ),
    Field(
        "commune",
        "Tên cơ quan | agency name | department name | Cơ quan | Cơ quan, đơn vị | Tên cơ quan, đơn vị | Đơn vị"
        "| Tên đơn vị | Cơ quan thực hiện",
        values.words,
    ),
    Field("level", "level | Cấp | Cấp hành chính | Cấp đơn vị", values.words),
    Field(
        "received",
        "Số hồ sơ tiếp nhận | Tiếp nhận | received | total received | Hồ sơ đã tiếp nhận | Tổng hồ sơ"
        "| Số lượng hồ sơ tiếp nhận | Tổng tiếp nhận",
        values.count,
    ),
    Field(
        "on_time",
        "Hồ sơ đúng hạn | Đúng hạn | on time | total on time | Xử lý đúng hạn | Hồ sơ xử lý đúng hạn"
        "| Giải quyết đúng hạn",
        values.count,
    ),
    Field("overdue", "overdue | total overdue | Quá hạn | Hồ sơ quá hạn | Xử lý quá hạn", values.count),
    Field(
        "mean_days",
        "avg days | mean days | avg processing days | Số ngày xử lý trung bình | Thời gian xử lý trung bình"
        "| Số ngày trung bình | Thời gian trung bình | Ngày xử lý trung bình",
        values.decimal,
    ),
)


@dataclass(frozen=True)
class _Line:
    row: Row
    agency: str
    name: str
    commune: str | None
    counts: dict[str, float]
    mean_days: float


def read(table: Table, given: Given) -> list[Batch]:
    """One batch: dossiers per deciding agency and period. Raises FileRefused without period or province."""
    period = periods.period(given, table.head.titles)
    rows = list(table.rows(communes.MOST_ROWS))
    own = [row for row in rows if _level(table, row) == "commune"] or rows
    found = list(provinces.rows_by_province(table, own, given))
    if len(found) != 1:
        message = "tệp có đơn vị của nhiều tỉnh"
        raise FileRefused(given.file_name, message, "hãy tách mỗi tỉnh một tệp")
    province = found[0]
    findings = Findings(table)
    point = values.point_decimals(table.cell(row, "mean_days") for row in rows)
    lines = [_line(table, row, province, point, findings) for row in rows]
    kept = _once([line for line in lines if line is not None], findings)
    portal_checks.totals(table, rows, [(line.commune is not None, line.counts) for line in kept], findings)
    as_of = datetime.combine(given.as_of or period[1], time())
    dossiers = pd.DataFrame([_dossier(line, period) for line in kept], columns=DOSSIER_COLUMNS)
    agencies = pd.DataFrame(
        [(line.agency, line.name, "commune" if line.commune else "department", line.commune) for line in kept],
        columns=AGENCY_COLUMNS,
        dtype=object,
    )
    return [
        Batch(given.file_name, given.sha256, KIND.code, province, as_of, len(rows), period=period,
              dossiers=dossiers, agencies=agencies, problems=findings.all())
    ]  # fmt: skip


def _level(table: Table, row: Row) -> str:
    """commune or department: as the list says, else by how the name begins."""
    said = _LEVELS.get(text.without_tones(str(table.cell(row, "level") or "")))
    name = text.normal(str(table.cell(row, "commune") or ""))
    return said or ("commune" if _COMMUNE_NAME.match(name) else "department")


def _line(table: Table, row: Row, province: str, point: bool, findings: Findings) -> _Line | None:
    agency = text.normal(str(table.cell(row, "agency_code") or "")).upper()
    name = text.normal(str(table.cell(row, "commune") or ""))
    if not agency and communes.is_between(table, row, name):
        return None
    if not _AGENCY.match(agency):
        findings.add("không phải mã định danh cơ quan", "hãy ghi mã dạng H44.216", row, "agency_code")
        return None
    commune = None
    if _level(table, row) == "commune":
        commune = communes.find(province, table, row, findings)
        if commune is None:
            return None
    counts = _counts(table, row, findings)
    if counts is None:
        return None
    mean = findings.read(row, "mean_days", point=point)
    if mean is not None and mean < 0:
        findings.add("là số âm", "hãy nhập số ngày từ 0 trở lên", row, "mean_days")
        mean = None
    # The portal prints 0 days where nothing was received; the mean of nothing is not known.
    return _Line(row, agency, name, commune, counts, mean if mean is not None and counts["received"] else float("nan"))


def _counts(table: Table, row: Row, findings: Findings) -> dict[str, float] | None:
    received, on_time = findings.read(row, "received"), findings.read(row, "on_time")
    for field, value in (("received", received), ("on_time", on_time)):
        if value is None and blank(table.cell(row, field)):
            findings.add("để trống", _PLAIN, row, field)
    if received is None or on_time is None:
        return None
    if on_time > received:
        message = f"nhiều hơn số tiếp nhận ({text.number(received)})"
        findings.add(message, "hãy kiểm tra hai số của dòng này", row, "on_time")
        return None
    portal_checks.overdue(row, received, on_time, findings)
    return {"received": received, "on_time_766": on_time}


def _once(lines: list[_Line], findings: Findings) -> list[_Line]:
    """Each unit once: two equal lines are one, two that differ are none (with a problem noted)."""
    kept: dict[str, _Line] = {}
    conflicts: set[str] = set()
    for line in lines:
        unit = line.commune or line.agency
        first = kept.setdefault(unit, line)
        if first is line:
            continue
        same = (first.agency, first.counts) == (line.agency, line.counts)
        where = f"(dòng {first.row.number} và dòng {line.row.number})"
        if same:
            findings.add(f"đơn vị có hai dòng giống nhau {where}; đã nhận một", "hãy bỏ bớt một dòng", line.row,
                         "commune", "warning")  # fmt: skip
        else:
            conflicts.add(unit)
            message = f"đơn vị có hai dòng khác nhau {where}; không nhận dòng nào"
            findings.add(message, "hãy giữ lại một dòng đúng", line.row, "commune")
    return [line for unit, line in kept.items() if unit not in conflicts]


def _dossier(line: _Line, period: tuple[Any, Any]) -> dict[str, Any]:
    return {
        "accepting_unit": None,
        "deciding_unit": line.commune or line.agency,
        "period_from": period[0],
        "period_to": period[1],
        **line.counts,
        "mean_days": line.mean_days,
    }


KIND = Kind(
    code="portal_progress",
    name="tiến độ trên Cổng dịch vụ công",
    fields=_FIELDS,
    needs=((1, ("agency_code",)), (1, ("commune",)), (1, ("received",)), (1, ("on_time",))),
    read=read,
    never=("Trước hạn", "Từ kỳ trước", "Đang giải quyết", "Mã hồ sơ"),
)
