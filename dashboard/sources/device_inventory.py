"""Device inventories: one device a row with its state, counts per type in rows, or types as columns.

All become `<device>_available`, declared: what is broken is not available. A type that an inventory does not
name for a commune stays unknown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pandas as pd

from dashboard import text
from dashboard.batch import READING_COLUMNS, Batch
from dashboard.measures import DEVICES
from dashboard.sources import communes, periods, provinces, values
from dashboard.sources.device_words import DEVICE_HEADINGS, device, usable
from dashboard.sources.findings import Findings
from dashboard.sources.headings import Field
from dashboard.sources.kinds import Given, Kind
from dashboard.sources.sheet import Row, blank
from dashboard.sources.table import Table

# A country's computers, one a row.
MOST_ROWS = 300_000
_ABSURD = 10_000
_GOOD = (
    "Đang dùng | Đang sử dụng | Sử dụng tốt | Hoạt động tốt | Dùng được | Sử dụng được | Còn sử dụng được | Tốt"
    "| Hoạt động | Còn tốt | Còn dùng được"
)
_BAD = "Hỏng | Bị hỏng | Hư hỏng | Số hỏng | Không sử dụng được | Không hoạt động | Hỏng, chờ sửa | Chờ sửa chữa"
_ALL = "Có | Tổng số | Tổng cộng | Số lượng"
_WIDE = tuple(name for code in DEVICES for name in (code, f"{code}_in_use", f"{code}_broken"))
_FIELDS = (
    *communes.FIELDS,
    Field(
        "type",
        "Loại thiết bị | Tên thiết bị | Thiết bị | Chủng loại | Loại máy | Tên tài sản | Tài sản | Danh mục thiết bị"
        "| Loại tài sản | Tên máy | Danh mục | Chủng loại thiết bị | Tên loại thiết bị | Thiết bị, tài sản | device"
        "| device type",
        values.words,
    ),
    Field("asset", "Mã tài sản | Số serial | Serial | Số hiệu | Mã thiết bị | Số hiệu tài sản | Số seri | Số máy"),
    Field("quantity", "Số lượng | SL | Hiện có | Tổng số | Tổng cộng | quantity", values.count),
    Field("in_use", _GOOD, values.count),
    Field("broken", _BAD, values.count),
    Field(
        "state",
        "Tình trạng | Trạng thái | Hiện trạng | Tình trạng sử dụng | Tình trạng hoạt động | Chất lượng | state | status"
        "| Tình trạng thiết bị | Trạng thái sử dụng | Tình trạng kỹ thuật | Hiện trạng sử dụng",
        usable,
    ),
    *(Field(code, f"{words}; {words} > {_ALL}", values.count) for code, words in DEVICE_HEADINGS.items()),
    *(Field(f"{code}_in_use", f"{words} > {_GOOD}", values.count) for code, words in DEVICE_HEADINGS.items()),
    *(Field(f"{code}_broken", f"{words} > {_BAD}", values.count) for code, words in DEVICE_HEADINGS.items()),
)
_Counts = Counter[tuple[str, str]]  # (commune, device) -> available


def read(table: Table, given: Given) -> list[Batch]:
    """One batch per province. Raises FileRefused without as-of or province."""
    as_of = periods.as_of(given, table.head.titles)
    rows = list(table.rows(MOST_ROWS))
    batches = []
    for province, own in provinces.rows_by_province(table, rows, given).items():
        findings = Findings(table)
        findings.warn_of_future(as_of.date(), given.today)
        count = _by_row if table.has("type") else _by_column
        available = count(table, own, province, findings)
        batches.append(
            Batch(given.file_name, given.sha256, KIND.code, province, as_of, len(own),
                  readings=_readings(available, as_of.date()), problems=findings.all())
        )  # fmt: skip
    return batches


def _readings(available: _Counts, day: date) -> pd.DataFrame:
    lines = [
        (code, f"{kind}_available", float(count), "declared", day)
        for (code, kind), count in sorted(available.items())
    ]  # fmt: skip
    return pd.DataFrame(lines, columns=READING_COLUMNS)


def _by_row(table: Table, rows: list[Row], province: str, findings: Findings) -> _Counts:
    """Rows that name a type: one device each, or so many of it."""
    available: _Counts = Counter()
    others: Counter[str] = Counter()
    for code, row in _once(table, _named(table, rows, province, findings), findings):
        written = str(table.cell(row, "type") or "")
        kind = device(written)
        if kind is None:
            if blank(written):
                findings.add("không ghi loại thiết bị", "hãy ghi loại thiết bị", row, "type")
            else:
                others[text.normal(written)] += 1
            continue
        count = _available(table, row, ("quantity", "in_use", "broken"), findings)
        if count is not None:
            available[code, kind] += int(count)
    if others:
        named = ", ".join(f'"{values.shown(name)}"' for name, _ in others.most_common(5))
        message = f"{text.number(others.total())} dòng là thiết bị khác ({named}); không tính"
        findings.add(message, "hãy sửa tên loại nếu đó là thiết bị cần theo dõi", severity="warning")
    return available


def _by_column(table: Table, rows: list[Row], province: str, findings: Findings) -> _Counts:
    """Rows of communes with the types as columns."""
    available: _Counts = Counter()
    seen: dict[str, Row] = {}
    for code, row in _named(table, rows, province, findings):
        first = seen.setdefault(code, row)
        if first is not row:
            message = f"xã này có hai dòng (dòng {first.number} và dòng {row.number}); chỉ nhận dòng đầu"
            findings.add(message, "hãy giữ lại một dòng đúng", row, "commune")
            continue
        for kind in DEVICES:
            names = (kind, f"{kind}_in_use", f"{kind}_broken")
            if any(not blank(table.cell(row, name)) for name in names):
                count = _available(table, row, names, findings)
                if count is not None:
                    available[code, kind] = int(count)
    return available


def _named(table: Table, rows: list[Row], province: str, findings: Findings) -> Iterator[tuple[str, Row]]:
    for row in rows:
        code = communes.find(province, table, row, findings)
        if code is not None:
            yield code, row


def _available(table: Table, row: Row, names: tuple[str, str, str], findings: Findings) -> float | None:
    """What can be used: as told, else all less the broken; None (with a problem noted) where it is not certain."""
    cells = [table.cell(row, name) for name in names]
    total, in_use, broken = found = [findings.read(row, name) for name in names]
    if any(value is None and not blank(cell) for value, cell in zip(found, cells, strict=True)):
        return None
    works = findings.read(row, "state") if names[0] == "quantity" else None
    if names[0] == "quantity" and works is None and not blank(table.cell(row, "state")):
        return None
    if not any(map(table.has, names)):
        if works is None:
            findings.add("không ghi tình trạng", 'hãy ghi "Đang sử dụng" hoặc "Hỏng"', row, "state")
            return None
        return float(works)  # one device a row
    if total is not None and (in_use or 0) + (broken or 0) > total:
        message = f"ít hơn số dùng được và hỏng cộng lại ({text.number((in_use or 0) + (broken or 0))}); không nhận"
        findings.add(message, "hãy kiểm tra các số của dòng này", row, names[0])
        return None
    if max(total or 0, in_use or 0) > _ABSURD:
        findings.add("lớn khác thường; đã nhận như đã ghi", "hãy kiểm tra lại", row, names[0], "warning")
    if total is None and in_use is None:
        if broken is not None:
            message = "chỉ ghi số hỏng nên không rõ còn bao nhiêu dùng được"
            findings.add(message, "hãy ghi tổng số", row, names[2])
        return None
    if works is False:
        return 0.0
    return float(in_use) if in_use is not None else float(total) - float(broken or 0)


def _once(table: Table, named: Iterator[tuple[str, Row]], findings: Findings) -> Iterator[tuple[str, Row]]:
    """Each device once: by its asset number, or (counts) by commune, type and state."""
    seen: dict[tuple[str, ...], Row] = {}
    counted = any(map(table.has, ("quantity", "in_use", "broken")))
    for code, row in named:
        asset = text.spelling_key(str(table.cell(row, "asset") or ""))
        told = [text.spelling_key(str(table.cell(row, name) or "")) for name in ("type", "state")]
        key = ("", told[0], asset) if asset else (code, *told) if counted else (code, *told, str(row.number))
        first = seen.setdefault(key, row)
        if first is row:
            yield code, row
        else:
            what = "thiết bị này" if asset else "loại thiết bị này của xã"
            message = f"{what} đã ghi ở dòng {first.number}; đã tính một lần"
            findings.add(message, "hãy bỏ bớt một dòng", row, "type", "warning" if asset else "refused")


KIND = Kind(
    code="device_inventory",
    name="bảng kiểm kê thiết bị",
    fields=_FIELDS,
    needs=(
        (1, ("commune", "commune_code")),
        (1, ("type", *_WIDE)),
        (1, ("quantity", "in_use", "broken", "state", *_WIDE)),
    ),
    read=read,
    never=(
        "Cần", "Nhu cầu", "Cần có", "Định mức", "Yêu cầu", "Cần trang bị", "Số hiệu chứng thư", "Ngày hết hạn",
        "Ngày hết hiệu lực", "Mã hồ sơ", "Chủ hồ sơ", "Trước hạn", "Ngày kiểm tra", "Tiêu chí", "Ngày kê khai",
        "Tự đánh giá", "Số hiệu chứng thư số", "Kết quả kiểm tra",
    ),
)  # fmt: skip
