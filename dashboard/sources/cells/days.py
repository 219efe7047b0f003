"""A day or moment as people and programs write it → local date and time; never month first.

One grammar for all kinds of file: `read_moment` is the careful reader of one cell, `columns` reads
the usual ways of writing many cells at once and asks it for the rest. A column that can only be
month first (`date_order`) is read with `month_first`; a lone cell never is.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache

from dashboard import text
from dashboard.messages import write_message
from dashboard.reference import VIETNAM
from dashboard.sources.formats.sheet import DASHES, Cell, Unreadable, is_blank

_DAY_REMEDY = write_message("hãy ghi ngày/tháng/năm, ví dụ 13/07/2025")
_NOT_A_DAY = (write_message("không phải ngày tháng đọc được"), _DAY_REMEDY)
_NOT_A_MOMENT = (
    write_message("không phải thời điểm đọc được"),
    write_message("hãy ghi ngày giờ, ví dụ 13/07/2025 08:05"),
)
_NO_SUCH_HOUR = (
    write_message("không có giờ như vậy"),
    write_message("hãy ghi giờ:phút, ví dụ 16:34"),
)

_MONTH_WORDS = {
    text.make_spelling_key(words): number
    for number, names in enumerate(
        (
            "một|giêng|jan|january",
            "hai|feb|february",
            "ba|mar|march",
            "tư|bốn|apr|april",
            "năm|may",
            "sáu|jun|june",
            "bảy|jul|july",
            "tám|aug|august",
            "chín|sep|sept|september",
            "mười|oct|october",
            "mười một|nov|november",
            "mười hai|chạp|dec|december",
        ),
        1,
    )
    for words in names.split("|")
}
_NUMBERED_DAY = re.compile(r"^(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})$")
_ISO_DAY = re.compile(r"^(\d{4})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{1,2})$")
_WORDED_DAY = re.compile(r"^(\d{1,2}) tháng (\d{1,2})(?: năm |, ?| )(\d{4})$", re.IGNORECASE)
# "09-Thg11-26" (Excel in Vietnamese), "09 Tháng Mười Một 2026", "09-Nov-2026": the month is a word.
_NAMED_MONTH = re.compile(
    r"^(\d{1,2})[\s\-/.,]*(?:(?:thg|tháng|th|t)[\s.]*(\d{1,2}|[^\W\d]+(?: [^\W\d]+)?)|([a-z]{3,9}))"
    r"\.?[\s\-/.,]+(?:năm )?(\d{4}|\d{2})$",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"^(?:thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật)[,\s\-]+(?=\d|ngày)", re.IGNORECASE
)
# What a screen writes behind a due day: how long it still runs, or how late it is. Nothing else is
# passed over, least of all another day.
_REMARK = re.compile(
    r"\s*[-–,;(]\s*\(?(?:\d+ (?:ngày|giờ|phút|tháng|tuần)|còn|đã (?:quá|trễ|đúng|trước|sớm)|quá hạn"
    r"|trễ|sớm|trước hạn|đúng hạn|trong hạn|chưa đến hạn|thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])\b"
    r"|chủ nhật)(?!.*\d[/.\-]\d).*$",
    re.IGNORECASE,
)
_CLOCK = (
    r"(?P<hour>\d{1,2})(?:\s*(?:[:hg]|giờ)\s*(?P<minute>\d{1,2})?(?:\s*(?:phút|'))?"
    r"(?::(?P<second>\d{1,2})(?:[.,]\d+)?)?)\s*(?P<half>SA|CH|AM|PM|sáng|chiều|tối)?"
    r"(?:\s*(?P<zone>Z|UTC|(?:GMT|UTC)?[+-]\d\d(?::?\d\d)?|GMT[+-]\d{1,2}))?"
)
_DAY_THEN_CLOCK = re.compile(rf"^(?P<day>.+?)(?:[\s,]+|(?<=\d)T)(?:lúc )?{_CLOCK}$", re.IGNORECASE)
_CLOCK_THEN_DAY = re.compile(rf"^(?:lúc )?{_CLOCK}(?:[\s,\-]+)(?P<day>.+)$", re.IGNORECASE)
# "20261103142000", "20261103T142000", "20261103": how programs write a moment without marks.
_COMPACT = re.compile(r"^(20\d\d)(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?(?:\.\d+)?)?$")
_MILLISECONDS = re.compile(r"^\d{13}$")
_FIRST_COMPACT = 20_000_101
_LAST_COMPACT = 20_991_231
_SERIAL = re.compile(r"^\d{5}(?:[.,]\d+)?$")
# From 2000 to 2100: a smaller number is a count in the wrong column, not a day.
_FIRST_SERIAL = 36_526
_LAST_SERIAL = 73_050


class MonthFirst(Unreadable):
    """A day whose second number can be no month: whoever wrote it put the month first."""


def read_day(cell: Cell, *, month_first: bool = False) -> date | None:
    """`13/07/2025`, `3/7/2025`, `2025-07-13`, `09-Thg11-26`, an Excel serial or a real date."""
    moment = read_moment(cell, month_first=month_first)
    return None if moment is None else moment[0].date()


def read_log_moment(cell: Cell, *, month_first: bool = False) -> datetime | None:
    """Like `read_moment` without the second part; also seconds since 1970, as logs write."""
    if isinstance(cell, str):
        try:
            # the way of nearly all logs, and the fast one
            return _convert_to_local(datetime.fromisoformat(cell))
        except ValueError:
            written = text.normalize_text(cell)
            is_compact = _COMPACT.match(written)
            if not is_compact and re.fullmatch(r"\d{9,14}(?:[.,]\d+)?", written):
                return _moment_from_unix_time(float(written.replace(",", ".")))
    elif isinstance(cell, float | int) and not isinstance(cell, bool) and cell >= _LAST_SERIAL:
        return _moment_from_unix_time(float(cell))
    try:
        moment = read_moment(cell, month_first=month_first)
    except MonthFirst:
        raise
    except Unreadable as error:
        raise Unreadable(*_NOT_A_MOMENT) from error
    return None if moment is None else moment[0]


def read_moment(cell: Cell, *, month_first: bool = False) -> tuple[datetime, bool] | None:
    """A cell as local time, and whether it is a day without an hour; None for a blank or a dash.

    With an offset ("…Z", "+00:00") the time is turned into ours; without one it is local.
    Raises Unreadable.
    """
    if isinstance(cell, datetime):
        moment = _convert_to_local(cell)
        return moment, moment.time() == time()
    if isinstance(cell, date):
        return datetime.combine(cell, time()), True
    if isinstance(cell, bool):
        raise Unreadable(*_NOT_A_DAY)
    if isinstance(cell, float | int):
        return _moment_from_number(cell)
    if is_blank(cell):
        return None
    if not isinstance(cell, str):
        raise Unreadable(*_NOT_A_DAY)
    written = text.normalize_text(cell).lstrip("'’`")
    return None if written in DASHES else _parse_moment(written, month_first)


def _convert_to_local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        return moment
    try:
        return moment.astimezone(VIETNAM).replace(tzinfo=None)
    except OverflowError as error:  # the first or last day of the calendar
        raise Unreadable(*_NOT_A_DAY) from error


def _moment_from_number(value: float | int) -> tuple[datetime, bool]:
    if _FIRST_COMPACT <= value <= _LAST_COMPACT and value == int(value):
        return _parse_moment(str(int(value)), False)
    if value > 1e11:
        return _moment_from_unix_time(value), False
    return _moment_from_serial(value)


def _moment_from_serial(value: float | int) -> tuple[datetime, bool]:
    """Days since 1899-12-30, as spreadsheets count."""
    if not _FIRST_SERIAL <= value < _LAST_SERIAL:
        raise Unreadable(*_NOT_A_DAY)
    seconds = round(value % 1 * 86_400)
    return datetime(1899, 12, 30) + timedelta(days=int(value), seconds=seconds), value == int(value)


def _moment_from_unix_time(value: float) -> datetime:
    seconds = value / 1000 if value > 1e11 else value
    if 946_684_800 <= seconds < 4_102_444_800:  # 2000 to 2100
        return datetime.fromtimestamp(seconds, UTC).astimezone(VIETNAM).replace(tzinfo=None)
    raise Unreadable(*_NOT_A_MOMENT)


@lru_cache(maxsize=10_000)
def _parse_moment(written: str, month_first: bool) -> tuple[datetime, bool]:
    if _SERIAL.match(written):
        return _moment_from_serial(float(written.replace(",", ".")))
    if _MILLISECONDS.match(written):
        return _moment_from_unix_time(float(written)), False
    if match := _COMPACT.match(written):
        return _parse_compact(match)
    bare = _WEEKDAY.sub("", _REMARK.sub("", written))
    if match := _DAY_THEN_CLOCK.match(bare) or _CLOCK_THEN_DAY.match(bare):
        day = _parse_day(match["day"], month_first)
        moment = datetime.combine(day, _parse_clock(match))
        if match["zone"]:
            moment = _convert_to_local(moment.replace(tzinfo=_parse_zone(match["zone"])))
        return moment, False
    return datetime.combine(_parse_day(bare, month_first), time()), True


def _parse_compact(match: re.Match[str]) -> tuple[datetime, bool]:
    numbers = [int(part) for part in match.groups() if part]
    try:
        return datetime(*numbers[:3], *numbers[3:]), len(numbers) == 3  # type: ignore[arg-type]
    except ValueError as error:
        raise Unreadable(write_message("không có trong lịch"), _DAY_REMEDY) from error


def _parse_day(written: str, month_first: bool) -> date:
    written = re.sub(r"^ngày\s+", "", _WEEKDAY.sub("", written.strip(" ,-")), flags=re.IGNORECASE)
    if match := _NUMBERED_DAY.match(written):
        first, second, year = map(int, match.groups())
        day_of_month, month = (second, first) if month_first else (first, second)
        if not month_first and second > 12 >= first and second <= 31:
            raise MonthFirst(write_message("ghi tháng trước ngày"), _DAY_REMEDY)
    elif match := _WORDED_DAY.match(written):
        day_of_month, month, year = map(int, match.groups())
    elif match := _ISO_DAY.match(written):
        year, month, day_of_month = map(int, match.groups())
    elif match := _NAMED_MONTH.match(written):
        day_of_month = int(match[1])
        year = int(match[4])
        name = match[2] or match[3]
        month = int(name) if name.isdecimal() else _MONTH_WORDS.get(text.make_spelling_key(name), 0)
        if not month:
            raise Unreadable(*_NOT_A_DAY)
    else:
        raise Unreadable(*_NOT_A_DAY)
    year += 2000 if year < 100 else 0
    try:
        return date(year, month, day_of_month)
    except ValueError as error:
        raise Unreadable(write_message("không có trong lịch"), _DAY_REMEDY) from error


def is_numbered(written: str) -> bool:
    """Whether a text holds a day in two numbers and a year, of which either may be the month."""
    return re.search(r"(?<!\d)\d{1,2}\s*[/.\-]\s*\d{1,2}\s*[/.\-]\s*\d{2}", written) is not None


def _parse_clock(match: re.Match[str]) -> time:
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    half_of_day = (match["half"] or "").casefold()
    if half_of_day in {"ch", "pm", "chiều", "tối"}:
        if half_of_day == "tối" and hour == 12:
            raise Unreadable(*_NO_SUCH_HOUR)
        hour += 12 if hour < 12 else 0
    elif half_of_day and hour >= 12:
        if hour > 12:  # "14:20 SA" contradicts itself
            raise Unreadable(*_NO_SUCH_HOUR)
        hour = 0
    try:
        return time(hour, minute, second)
    except ValueError as error:
        raise Unreadable(*_NO_SUCH_HOUR) from error


def _parse_zone(written: str) -> timezone:
    offset = re.search(r"([+-])(\d{1,2}):?(\d\d)?$", written)
    if offset is None:
        return UTC
    hours = int(offset[2])
    minutes = int(offset[3] or 0)
    if hours > 14 or minutes > 59:
        raise Unreadable(*_NOT_A_MOMENT)
    return timezone(timedelta(hours=hours, minutes=minutes) * (-1 if offset[1] == "-" else 1))
