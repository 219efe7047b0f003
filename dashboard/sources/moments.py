"""A moment as logs write it → local date and time (UTC+7, which Vietnam keeps all year)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone

from dashboard import text
from dashboard.sources import days
from dashboard.sources.sheet import Cell, Unreadable, blank

LOCAL = timezone(timedelta(hours=7))
_CLOCK = r"(\d{1,2})[:hg](\d{2})?(?::(\d{2})(?:[.,]\d+)?)?\s*(SA|CH|AM|PM)?"
_DAY_FIRST = re.compile(rf"^(.+?)[\sT,]+{_CLOCK}\s*(Z|UTC|[+-]\d\d:?\d\d)?$", re.IGNORECASE)
_CLOCK_FIRST = re.compile(rf"^{_CLOCK}\s*(Z|UTC|[+-]\d\d:?\d\d)?[\s,]+(?:ngày\s+)?(.+)$", re.IGNORECASE)
_NOT_A_MOMENT = ("không phải thời điểm đọc được", "hãy ghi ngày giờ, ví dụ 13/07/2025 08:05")


def moment(cell: Cell) -> datetime | None:
    """`13/07/2025 08:05`, `2025-07-13T01:05:00Z` (08:05 here), an Excel serial, seconds since 1970; None if blank.

    Without an offset the time is local. The result has no time zone: it is local time.
    """
    if isinstance(cell, datetime):
        return _local(cell)
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    if isinstance(cell, bool):
        raise Unreadable(*_NOT_A_MOMENT)
    if isinstance(cell, float | int):
        return _number(float(cell))
    if blank(cell):
        return None
    if not isinstance(cell, str):
        raise Unreadable(*_NOT_A_MOMENT)
    try:
        return _local(datetime.fromisoformat(cell))  # the way of nearly all logs, and the fast one
    except ValueError:
        return _written(text.normal(cell))


def _local(at: datetime) -> datetime:
    return at if at.tzinfo is None else at.astimezone(LOCAL).replace(tzinfo=None)


def _number(value: float) -> datetime:
    if 36_526 <= value < 73_050:  # days since 1899-12-30, as spreadsheets count
        return datetime(1899, 12, 30) + timedelta(seconds=round(value * 86_400))
    seconds = value / 1000 if value > 1e11 else value
    if 946_684_800 <= seconds < 4_102_444_800:  # 2000 to 2100
        return datetime.fromtimestamp(seconds, UTC).astimezone(LOCAL).replace(tzinfo=None)
    raise Unreadable(*_NOT_A_MOMENT)


def _written(written: str) -> datetime:
    if re.fullmatch(r"\d+(?:[.,]\d+)?", written):
        return _number(float(written.replace(",", ".")))
    if found := _DAY_FIRST.match(written):
        day, *clock, zone = found.groups()
    elif found := _CLOCK_FIRST.match(written):
        *clock, zone, day = found.groups()
    else:
        day, clock, zone = written, ["0", None, None, None], None
    told = days.day(day)
    hour, minute, second = (int(part or 0) for part in clock[:3])
    half = (clock[3] or "").upper()
    if half in {"CH", "PM"} and hour < 12:
        hour += 12
    if half in {"SA", "AM"} and hour == 12:
        hour = 0
    if told is None or hour > 23 or minute > 59 or second > 59:
        raise Unreadable(*_NOT_A_MOMENT)
    at = datetime.combine(told, time(hour, minute, second))
    return at if zone is None else _local(at.replace(tzinfo=_zone(zone)))


def _zone(written: str) -> timezone:
    if written.upper() in {"Z", "UTC"}:
        return UTC
    hours, minutes = int(written[1:3]), int(written[-2:])
    return timezone((timedelta(hours=hours, minutes=minutes)) * (-1 if written[0] == "-" else 1))
