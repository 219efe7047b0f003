"""Of what day or period a file speaks: from its title, else from its name."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from dashboard import text
from dashboard.errors import FileRefused
from dashboard.sources.kinds import Given

# The communes of today exist since this day; nothing can be reported of them before.
FIRST_DAY = date(2025, 7, 1)
# A year of reports runs from 15 December to 14 December.
_FIRST_YEAR = date(2024, 12, 15)

_DAY = r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})"
_WORDED = r"(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})"
_HOUR = r"(?:(\d{1,2})\s*(?:h|g|giờ|:)\s*(\d{1,2})?\s*(?:phút|p|')?\s*,?\s*)?"
_AS_OF = re.compile(
    rf"(?:tính đến|đến|cập nhật|chốt)(?:\s+(?:hết|thời điểm|lúc|vào lúc|cuối))*:?\s*{_HOUR}"
    rf"(?:(?:hết\s+)?ngày\s*)?(?:{_DAY}|{_WORDED})",
    re.IGNORECASE,
)
_ANY_DAY = re.compile(rf"ngày\s*(?:{_DAY}|{_WORDED})", re.IGNORECASE)
# The day of a letter or decision that the form belongs to is not the day of its figures.
_LETTER = re.compile(r"kèm theo|công văn|quyết định|kế hoạch|căn cứ|thông báo|văn bản|nghị quyết|số:", re.IGNORECASE)
_NAME_DAY = re.compile(r"(?<!\d)(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?([0-2]\d|3[01])(?!\d)")
_NAME_DAY_FIRST = re.compile(r"(?<!\d)([0-2]?\d|3[01])[-_.](0?[1-9]|1[0-2])[-_.](20\d\d)(?!\d)")
_NAME_MONTH = re.compile(r"(?<!\d)(20\d\d)[-_.]?(0[1-9]|1[0-2])(?![-_.]?\d)")
_NAME_MONTH_FIRST = re.compile(r"(?:thang|t|(?<![\d]))[-_. ]?(0?[1-9]|1[0-2])[-_. ](20\d\d)(?!\d)", re.IGNORECASE)


def as_of_in_title(titles: Iterable[str]) -> datetime | None:
    """`"(Số liệu tính đến 16h ngày 13/07/2025, …)"` as 16:00 of that day; no hour is midnight."""
    lines = [text.normal(title) for title in titles]
    for line in lines:
        if found := _AS_OF.search(line):
            hour, minute, *days = found.groups()
            return _moment(days, hour, minute)
    for line in lines:
        found = None if _LETTER.search(line) else _ANY_DAY.search(line)
        if found:
            return _moment(list(found.groups()), None, None)
    return None


def _moment(days: list[str | None], hour: str | None, minute: str | None) -> datetime | None:
    day, month, year = (int(part) for part in days if part is not None)
    try:
        at = time(int(hour or 0), int(minute or 0)) if int(hour or 0) < 24 else time()
        return datetime.combine(date(year, month, day), at)
    except ValueError:
        return None


def _day_in_name(name: str) -> date | None:
    days = [(int(y), int(m), int(d)) for y, m, d in _NAME_DAY.findall(name)]
    days += [(int(y), int(m), int(d)) for d, m, y in _NAME_DAY_FIRST.findall(name)]
    try:
        found = {date(*day) for day in days}
    except ValueError:
        return None
    return found.pop() if len(found) == 1 else None


def as_of(given: Given, titles: Iterable[str]) -> datetime:
    """The moment of which the file speaks: its title's, else the caller's, else its name's.

    Raises FileRefused where none says it, or where it lies before the communes or after today's year.
    """
    moment = as_of_told(given, titles)
    if moment is None:
        message = "tiêu đề biểu không ghi số liệu tính đến ngày nào"
        raise FileRefused(given.file_name, message, "hãy ghi ngày vào tiêu đề hoặc thêm --as-of 2025-07-13")
    check_day(given, moment.date())
    return moment


def as_of_told(given: Given, titles: Iterable[str]) -> datetime | None:
    """The moment that the title, else the caller, else the file's name says; None where none does."""
    moment = as_of_in_title(titles)
    if moment is None and (day := given.as_of or _day_in_name(given.file_name)):
        moment = datetime.combine(day, time())
    return moment


def check_day(given: Given, day: date) -> None:
    """Refuse a file of a day that cannot be: before 01/07/2025 or more than a year ahead."""
    if not FIRST_DAY <= day <= given.today + timedelta(days=366):
        message = f"số liệu ghi ngày {text.day(day)}, ngoài khoảng từ 01/07/2025 đến nay"
        raise FileRefused(given.file_name, message, "hãy sửa ngày trong tiêu đề biểu rồi nhập lại")


def period(given: Given, titles: Iterable[str]) -> tuple[date, date]:
    """First and last day of the period: the caller's, else the title's, else the month in the file's name.

    Raises FileRefused where nobody says it.
    """
    found = given.period or period_in_title(titles) or _month_in_name(given.file_name)
    if found is None:
        message = "không rõ kỳ báo cáo của tệp"
        raise FileRefused(given.file_name, message, "hãy thêm --period 2026-08 (tháng của số liệu)")
    first, last = found
    if first > last:
        message = f"kỳ báo cáo ngược: từ {text.day(first)} đến {text.day(last)}"
        raise FileRefused(given.file_name, message, "hãy sửa lại ngày đầu và ngày cuối kỳ")
    # A year's report of 2025 starts before the communes did; its end cannot lie before them.
    check_day(given, max(first, FIRST_DAY) if first >= _FIRST_YEAR else first)
    check_day(given, last)
    return first, last


def month(year: int, number: int) -> tuple[date, date]:
    return date(year, number, 1), date(year, number, monthrange(year, number)[1])


_SINCE_NEW_YEAR = re.compile(
    rf"(?:từ )?đầu năm\D{{0,20}}(?:đến|tới)\s*(?:hết\s*)?(?:ngày\s*)?(?:{_DAY}|{_WORDED})", re.I
)
_MONTH_SINCE_NEW_YEAR = re.compile(
    r"đầu năm\D{0,20}(?:đến|tới)\s*(?:hết\s*)?tháng\s*(\d{1,2})\s*(?:/|-|năm|\s)\s*(20\d\d)", re.I
)
_FROM_TO = re.compile(
    rf"từ\s*(?:ngày\s*)?(?:{_DAY}|{_WORDED})\s*(?:đến|tới|-|–)\s*(?:hết\s*)?(?:ngày\s*)?(?:{_DAY}|{_WORDED})", re.I
)
_MONTHS_OF_YEAR = re.compile(r"(\d{1,2}|sáu|chín) tháng\s*(đầu|cuối)?\s*năm\s*(20\d\d)", re.I)
_MONTH = re.compile(r"(?<!\d )tháng\s*(1[0-2]|0?[1-9])\s*(?:/|-|năm|\s)\s*(20\d\d)", re.I)
_QUARTER = re.compile(r"quý\s*(IV|I{1,3}|[1-4])\s*(?:/|-|năm|\s)\s*(20\d\d)", re.I)
_YEAR = re.compile(r"(?:kỳ báo cáo|báo cáo|cả)\s*:?\s*năm\s*(20\d\d)", re.I)
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def period_in_title(titles: Iterable[str]) -> tuple[date, date] | None:
    """`"Từ ngày 01/10/2026 đến ngày 31/10/2026"`, `"Tháng 8/2026"`, `"Quý III/2026"`, `"6 tháng đầu năm 2026"`,
    `"lũy kế từ đầu năm đến 31/10/2026"`, `"Kỳ báo cáo: Năm 2026"`; days win over words. None if none is there."""
    lines = [text.normal(title) for title in titles]
    for read in (_days_told, _since_new_year, _months_told, _year_told):
        for line in lines:
            try:
                found = read(line)
            except ValueError:  # 31/02
                return None
            if found:
                return found
    return None


def _days_told(line: str) -> tuple[date, date] | None:
    found = _FROM_TO.search(line)
    if not found:
        return None
    numbers = [int(part) for part in found.groups() if part]
    return date(numbers[2], numbers[1], numbers[0]), date(numbers[5], numbers[4], numbers[3])


def _since_new_year(line: str) -> tuple[date, date] | None:
    if found := _SINCE_NEW_YEAR.search(line):
        day, number, year = (int(part) for part in found.groups() if part)
        return date(year, 1, 1), date(year, number, day)
    if found := _MONTH_SINCE_NEW_YEAR.search(line):
        return date(int(found[2]), 1, 1), month(int(found[2]), int(found[1]))[1]
    return None


def _months_told(line: str) -> tuple[date, date] | None:
    if found := _MONTHS_OF_YEAR.search(line):
        count = {"sáu": 6, "chín": 9}.get(found[1].lower()) or int(found[1])
        year, late = int(found[3]), (found[2] or "").lower() == "cuối"
        if not 1 <= count <= 12:
            return None
        return month(year, 13 - count if late else 1)[0], month(year, 12 if late else count)[1]
    if found := _MONTH.search(line):
        return month(int(found[2]), int(found[1]))
    if found := _QUARTER.search(line):
        quarter, year = _QUARTERS.get(found[1].lower()) or int(found[1]), int(found[2])
        return month(year, 3 * quarter - 2)[0], month(year, 3 * quarter)[1]
    return None


def _year_told(line: str) -> tuple[date, date] | None:
    found = _YEAR.search(line)
    return (date(int(found[1]), 1, 1), date(int(found[1]), 12, 31)) if found else None


def _month_in_name(name: str) -> tuple[date, date] | None:
    if _day_in_name(name):
        return None  # a day is no month
    found = {(int(y), int(m)) for y, m in _NAME_MONTH.findall(name)}
    found |= {(int(y), int(m)) for m, y in _NAME_MONTH_FIRST.findall(text.without_tones(name))}
    return month(*found.pop()) if len(found) == 1 else None
