"""A day as people write it → its date; never month first."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

from dashboard import text
from dashboard.sources.sheet import DASHES, Cell, Unreadable, blank

_DAY = re.compile(r"^(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})$")
_ISO_DAY = re.compile(r"^(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})$")
_WORDED_DAY = re.compile(r"^(?:ngày )?(\d{1,2}) tháng (\d{1,2}) năm (\d{4})$", re.IGNORECASE)
_TIME = re.compile(r"[T ,]+\d{1,2}[:h]\d{0,2}(?::\d{2}(?:\.\d+)?)?(?:Z|\+\d\d:?\d\d)?$")
_EXCEL_ZERO = date(1899, 12, 30)
_NOT_A_DAY = ("không phải ngày tháng đọc được", "hãy ghi ngày/tháng/năm, ví dụ 13/07/2025")


def day(cell: Cell) -> date | None:
    """`13/07/2025`, `3/7/2025`, `2025-07-13`, an Excel serial or a real date; never month first."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, bool):
        raise Unreadable(*_NOT_A_DAY)
    if isinstance(cell, float | int):
        return _serial(cell)
    if blank(cell):
        return None
    if not isinstance(cell, str):
        raise Unreadable(*_NOT_A_DAY)
    written = text.normal(cell)
    return None if written in DASHES else _day(written)


@lru_cache(maxsize=5_000)
def _day(written: str) -> date:
    if re.fullmatch(r"\d{5}(?:[.,]\d+)?", written):
        return _serial(float(written.replace(",", ".")))
    written = _TIME.sub("", written).strip()
    if found := _DAY.match(written) or _WORDED_DAY.match(written):
        day_of_month, month, year = map(int, found.groups())
        year += 2000 if year < 100 else 0
    elif found := _ISO_DAY.match(written):
        year, month, day_of_month = map(int, found.groups())
    else:
        raise Unreadable(*_NOT_A_DAY)
    try:
        return date(year, month, day_of_month)
    except ValueError as error:
        raise Unreadable("không có trong lịch", _NOT_A_DAY[1]) from error


def _serial(value: float | int) -> date:
    # From 2000 to 2100: a smaller number is a count in the wrong column, not a day.
    if not 36_526 <= value < 73_050:
        raise Unreadable(*_NOT_A_DAY)
    return _EXCEL_ZERO + timedelta(days=int(value))
