"""One cell of our own export → its value. What is not certain raises Unreadable, with a remedy."""

from __future__ import annotations

import re
from collections.abc import Callable

from dashboard import names, reference, text
from dashboard.measures import BASES, MEASURES
from dashboard.sources import values
from dashboard.sources.sheet import Unreadable

_AGENCY = re.compile(r"^[A-Z]\d{2}(?:\.\d{1,4}){0,4}$")


def measure(cell: str) -> str:
    if cell not in MEASURES:
        raise Unreadable("không phải tên số đo nào", "hãy dùng tên như lệnh export ghi, ví dụ network_mbps")
    return cell


def basis(cell: str) -> str:
    if cell not in BASES:
        raise Unreadable(
            "không phải declared hay verified", "hãy ghi declared (tự kê khai) hoặc verified (đã kiểm tra)"
        )
    return cell


def unit(cell: str) -> str:
    code = names.as_code(cell)
    if code in reference.communes().index:
        return str(code)
    if not _AGENCY.match(cell):
        raise Unreadable("không phải mã xã hay mã định danh cơ quan", "hãy ghi mã dạng 04792 hoặc H44.216")
    return cell


def decimal(cell: str) -> float | None:
    try:
        value: float | None = float(cell)
    except ValueError:
        value = values.decimal(text.normal(cell), point=True)
    if value is not None and not 0 <= value < 1e9:
        raise Unreadable("không phải là số từ 0 trở lên", "hãy nhập số hoặc để trống")
    return value


def share(cell: str) -> float | None:
    value = decimal(cell)
    if value is not None and value > 1:
        raise Unreadable("lớn hơn 1", "hãy ghi phần từ 0 đến 1, ví dụ 0.995")
    return value


# By the type of a measure (measures.Measure).
BY_TYPE: dict[str, Callable[[str], float | None]] = {
    "flag": values.flag,
    "count": values.count,
    "rating": values.rating,
    "mbps": decimal,
    "share": share,
}
