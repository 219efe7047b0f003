"""A day as people write it → its date; never month first."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache

from dashboard import text
from dashboard.sources.formats.sheet import DASHES, Cell, Unreadable, is_blank

_DAY = re.compile(r"^(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})$")
_ISO_DAY = re.compile(r"^(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})$")
_WORDED_DAY = re.compile(r"^(?:ngày )?(\d{1,2}) tháng (\d{1,2}) năm (\d{4})$", re.IGNORECASE)
_CLOCK_TAIL = re.compile(r"[T ,]+\d{1,2}[:h]\d{0,2}(?::\d{2}(?:\.\d+)?)?(?:Z|\+\d\d:?\d\d)?$")
_EXCEL_ZERO = date(1899, 12, 30)
_NOT_A_DAY = ("không phải ngày tháng đọc được", "hãy ghi ngày/tháng/năm, ví dụ 13/07/2025")


def read_day(cell: Cell) -> date | None:
    """`13/07/2025`, `3/7/2025`, `2025-07-13`, an Excel serial or a real date; never month first."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, bool):
        raise Unreadable(*_NOT_A_DAY)
    if isinstance(cell, float | int):
        return _day_from_serial(cell)
    if is_blank(cell):
        return None
    if not isinstance(cell, str):
        raise Unreadable(*_NOT_A_DAY)
    written = text.normalize_text(cell)
    return None if written in DASHES else _parse_day(written)


@lru_cache(maxsize=5_000)
def _parse_day(written: str) -> date:
    if re.fullmatch(r"\d{5}(?:[.,]\d+)?", written):
        return _day_from_serial(float(written.replace(",", ".")))
    written = _CLOCK_TAIL.sub("", written).strip()
    if match := _DAY.match(written) or _WORDED_DAY.match(written):
        day_of_month, month, year = map(int, match.groups())
        year += 2000 if year < 100 else 0
    elif match := _ISO_DAY.match(written):
        year, month, day_of_month = map(int, match.groups())
    else:
        raise Unreadable(*_NOT_A_DAY)
    try:
        return date(year, month, day_of_month)
    except ValueError as error:
        raise Unreadable("không có trong lịch", _NOT_A_DAY[1]) from error


def _day_from_serial(value: float | int) -> date:
    # From 2000 to 2100: a smaller number is a count in the wrong column, not a day.
    if not 36_526 <= value < 73_050:
        raise Unreadable(*_NOT_A_DAY)
    return _EXCEL_ZERO + timedelta(days=int(value))


# A moment as logs write it → local date and time (UTC+7, which Vietnam keeps all year).

LOCAL_ZONE = timezone(timedelta(hours=7))
_CLOCK_PATTERN = r"(\d{1,2})[:hg](\d{2})?(?::(\d{2})(?:[.,]\d+)?)?\s*(SA|CH|AM|PM)?"
_DAY_FIRST = re.compile(rf"^(.+?)[\sT,]+{_CLOCK_PATTERN}\s*(Z|UTC|[+-]\d\d:?\d\d)?$", re.IGNORECASE)
_CLOCK_FIRST = re.compile(
    rf"^{_CLOCK_PATTERN}\s*(Z|UTC|[+-]\d\d:?\d\d)?[\s,]+(?:ngày\s+)?(.+)$", re.IGNORECASE
)
_NOT_A_MOMENT = ("không phải thời điểm đọc được", "hãy ghi ngày giờ, ví dụ 13/07/2025 08:05")


def read_log_moment(cell: Cell) -> datetime | None:
    """`13/07/2025 08:05`, `2025-07-13T01:05:00Z` (08:05 here), an Excel serial, seconds since 1970;
    None if blank.

    Without an offset the time is local. The result has no time zone: it is local time.
    """
    if isinstance(cell, datetime):
        return _convert_to_local(cell)
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    if isinstance(cell, bool):
        raise Unreadable(*_NOT_A_MOMENT)
    if isinstance(cell, float | int):
        return _moment_from_number(float(cell))
    if is_blank(cell):
        return None
    if not isinstance(cell, str):
        raise Unreadable(*_NOT_A_MOMENT)
    try:
        # the way of nearly all logs, and the fast one
        return _convert_to_local(datetime.fromisoformat(cell))
    except ValueError:
        return _parse_moment(text.normalize_text(cell))


def _convert_to_local(moment: datetime) -> datetime:
    return moment if moment.tzinfo is None else moment.astimezone(LOCAL_ZONE).replace(tzinfo=None)


def _moment_from_number(value: float) -> datetime:
    if 36_526 <= value < 73_050:  # days since 1899-12-30, as spreadsheets count
        return datetime(1899, 12, 30) + timedelta(seconds=round(value * 86_400))
    seconds = value / 1000 if value > 1e11 else value
    if 946_684_800 <= seconds < 4_102_444_800:  # 2000 to 2100
        return datetime.fromtimestamp(seconds, UTC).astimezone(LOCAL_ZONE).replace(tzinfo=None)
    raise Unreadable(*_NOT_A_MOMENT)


def _parse_moment(written: str) -> datetime:
    if re.fullmatch(r"\d+(?:[.,]\d+)?", written):
        return _moment_from_number(float(written.replace(",", ".")))
    if match := _DAY_FIRST.match(written):
        day, *clock, zone = match.groups()
    elif match := _CLOCK_FIRST.match(written):
        *clock, zone, day = match.groups()
    else:
        day, clock, zone = written, ["0", None, None, None], None
    date_written = read_day(day)
    hour, minute, second = (int(part or 0) for part in clock[:3])
    half_of_day = (clock[3] or "").upper()
    if half_of_day in {"CH", "PM"} and hour < 12:
        hour += 12
    if half_of_day in {"SA", "AM"} and hour == 12:
        hour = 0
    if date_written is None or hour > 23 or minute > 59 or second > 59:
        raise Unreadable(*_NOT_A_MOMENT)
    moment = datetime.combine(date_written, time(hour, minute, second))
    return moment if zone is None else _convert_to_local(moment.replace(tzinfo=_parse_zone(zone)))


def _parse_zone(written: str) -> timezone:
    if written.upper() in {"Z", "UTC"}:
        return UTC
    hours, minutes = int(written[1:3]), int(written[-2:])
    return timezone((timedelta(hours=hours, minutes=minutes)) * (-1 if written[0] == "-" else 1))
