"""Of what day or period a file speaks: from its title, else from its name."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from dashboard import text
from dashboard.errors import FileRefused
from dashboard.messages import write_message
from dashboard.reference import FIRST_DAY

if TYPE_CHECKING:
    from dashboard.sources.recognise.file_kinds import ImportContext

# A year of reports runs from 15 December to 14 December.
_FIRST_YEAR = date(2024, 12, 15)

_DAY = r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2}(?!\s*[\d/.\-]))"
_WORDED = r"(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})"
_HOUR = r"(?:(\d{1,2})\s*(?:h|g|giờ|:)\s*(\d{1,2})?\s*(?:phút|p|')?\s*,?\s*)?"
_AS_OF = re.compile(
    rf"(?:tính đến|đến|cập nhật|chốt)(?:\s+(?:hết|thời điểm|lúc|vào lúc|cuối))*:?\s*{_HOUR}"
    rf"(?:(?:hết\s+)?ngày\s*)?(?:{_DAY}|{_WORDED})",
    re.IGNORECASE,
)
# "QUÝ IV NĂM 2026 (ĐẾN 31/10)"
_SHORT_AS_OF = re.compile(
    r"(?:tính đến|đến|cập nhật|chốt)(?:\s+(?:hết|thời điểm|lúc|vào lúc|cuối))*:?\s*"
    r"(?:\d{1,2}\s*(?:h|g|giờ|:)\s*\d{0,2}\s*)?(?:(?:hết\s+)?ngày\s*)?"
    r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})(?!\s*[/.\-]?\s*\d)",
    re.IGNORECASE,
)
_DAY_ALONE = re.compile(r"ngày\s*\d{1,2}\s*/\s*\d{1,2}(?!\s*[/.\-]?\s*\d)", re.IGNORECASE)
_ANY_DAY = re.compile(
    rf"ngày\s*(?:(?:kiểm tra|khảo sát|làm việc)\s*:?\s*)?(?:{_DAY}|{_WORDED})", re.IGNORECASE
)
# The day of a letter or decision that the form belongs to is not the day of its figures.
_TIME_WORDS = re.compile(
    r"tháng\s*\d|ngày\s*\d|quý\s*[\divx]|tuần\s*\d|năm\s*20\d\d|l[uũ]y kế|lu[yỹ] kế|cộng dồn"
    r"|(?:kỳ|tháng|năm|quý|tuần|ngày|lần) trước|cùng kỳ|dự kiến|số (?:liệu )?cũ"
    r"|\d{1,2}\s*[/.\-]\s*(?:\d{1,2}\s*[/.\-]\s*)?20\d\d",
    re.IGNORECASE,
)
_WRITTEN_DAY = re.compile(r"^\d{1,4}[/.\-]\d{1,2}[/.\-]\d{1,4}(?:\D.*)?$")
# What the tab of a sheet says: "Tháng 9", "T10-2026", "10.11", "Ngày 9-11-2026", "20261110".
_NAME_OF_MONTH = re.compile(
    r"^(?:tháng|thang|th|t)[\s._-]*(?P<month>\d{1,2})(?:[\s./_-]+(?:năm\s*)?(?P<year>20\d\d))?$"
    r"|^(?P<month2>\d{1,2})[./_-](?P<year2>20\d\d)$",
    re.IGNORECASE,
)
_NAME_OF_DAY = re.compile(
    r"^(?:ngày|ngay|n)?[\s._-]*(?P<day>\d{1,2})[./_-](?P<month>\d{1,2})(?:[./_-](?P<year>20\d\d))?$"
    r"|^(?P<year2>20\d\d)[._-]?(?P<month2>\d\d)[._-]?(?P<day2>\d\d)$",
    re.IGNORECASE,
)
_YEAR_IN_NAME = re.compile(r"(?<!\d)(20\d\d)(?:(?!\d)|(?=(?:0[1-9]|1[0-2])(?:[0-3]\d)?(?!\d)))")
_LETTER = re.compile(
    r"kèm theo|công văn|quyết định|kế hoạch|căn cứ|thông báo|văn bản|nghị quyết|số:", re.IGNORECASE
)
# What the figures are held against is not their own day or period.
_COMPARED = re.compile(
    r"\(?\b(?:so sánh|so với|đối chiếu với|cùng kỳ|(?:kỳ|tháng|quý|tuần) trước)\b.*", re.IGNORECASE
)
# The day by which a form is to be sent is not the day of its figures.
_DEADLINE = re.compile(
    r"trước\s+(?:\S+\s+){0,2}ngày|chậm nhất|thời hạn|hạn (?:cuối|gửi|nộp)|gửi (?:về|báo cáo|trước)",
    re.IGNORECASE,
)
_NUMBERED_LETTER = re.compile(
    r"kèm theo|công văn|quyết định|căn cứ|thông báo|văn bản|nghị quyết|số\s*:?\s*\d", re.IGNORECASE
)
_NAME_DAY = re.compile(r"(?<!\d)(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?([0-2]\d|3[01])(?!\d)")
_NAME_DAY_FIRST = re.compile(r"(?<!\d)([0-2]?\d|3[01])[-_.](0?[1-9]|1[0-2])[-_.](20\d\d)(?!\d)")
_NAME_MONTH = re.compile(r"(?<!\d)(20\d\d)[-_.]?(0[1-9]|1[0-2])(?![-_.]?\d)")
_NAME_MONTH_FIRST = re.compile(
    r"(?:thang|t|(?<![\d]))[-_. ]?(0?[1-9]|1[0-2])[-_. ](20\d\d)(?!\d)", re.IGNORECASE
)


def find_as_of_in_title(titles: Iterable[str]) -> datetime | None:
    """`"(Số liệu tính đến 16h ngày 13/07/2025, …)"` as 16:00 of that day; no hour is midnight."""
    lines = [_COMPARED.sub("", text.normalize_text(title)) for title in titles]
    for line in lines:
        if match := _AS_OF.search(line):
            hour, minute, *days = match.groups()
            return _make_moment(days, hour, minute)
    for line in lines:
        if _LETTER.search(line) or _DEADLINE.search(line):
            continue
        if match := _ANY_DAY.search(line):
            return _make_moment(list(match.groups()), None, None)
    return None


def states_time(title: str) -> bool:
    """Whether a title speaks of a day or period, be it one that is not understood."""
    line = text.normalize_text(title)
    return not _NUMBERED_LETTER.search(line) and bool(_TIME_WORDS.search(line))


def states_day(written: str) -> bool:
    """Whether a cell's text is a day, with or without an hour behind it."""
    return bool(_WRITTEN_DAY.match(written))


def complete_titles(
    titles: Iterable[str], titles_above: Iterable[str], sheet_name: str
) -> tuple[str, ...]:
    """The titles of a table with those over the whole sheet and what the sheet's tab says.

    A table with a day or period of its own takes none from above; a month without its year, or in
    the tab, has that of the titles.
    """
    titles = list(titles)
    titles_above = list(titles_above)
    years = {
        year for title in (*titles, *titles_above) for year in re.findall(r"\b20\d\d\b", title)
    }
    year = years.pop() if len(years) == 1 else ""
    short_names = [_spell_out_name(title, year) for title in titles]
    is_stated = any(map(states_time, titles))
    above = [title for title in titles_above if not (is_stated and states_time(title))]
    tab = _spell_out_name(sheet_name, year)
    if not tab and _spell_out_name(sheet_name, "2000"):
        tab = sheet_name  # its year may stand in the file's name
    return tuple(filter(None, (*titles, *short_names, *above, tab)))


def _add_year_of_file(titles: Iterable[str], file_name: str) -> list[str]:
    """The titles and tabs that lack a year only, with that of the file's name."""
    years = set(_YEAR_IN_NAME.findall(file_name))
    year = years.pop() if len(years) == 1 else ""
    return [spelt for title in titles if (spelt := _spell_out_name(title, year))] if year else []


def _complete_day(titles: Iterable[str], file_name: str) -> list[str]:
    """ "Số liệu tính đến 16h ngày 10/11" with the only year of the titles or the file's name."""
    titles = [text.normalize_text(title) for title in titles]
    years = {year for title in titles for year in re.findall(r"\b20\d\d\b", title)}
    years = years or set(_YEAR_IN_NAME.findall(file_name))
    if len(years) != 1:
        return []
    year = years.pop()
    return [
        _DAY_ALONE.sub(rf"\g<0>/{year}", title)
        for title in titles
        if re.search(r"tính đến|cập nhật", title, re.IGNORECASE) and _DAY_ALONE.search(title)
    ]


def _spell_out_name(name: str, year: str) -> str:
    """ "T9" as "Tháng 9/2026", "10.11" as "ngày 10/11/2026"; "" for any other words."""
    name = text.normalize_text(name)
    if match := _NAME_OF_MONTH.match(name):
        month = match["month"] or match["month2"]
        own_year = match["year"] or match["year2"]
        if (own_year or year) and 1 <= int(month) <= 12:
            return f"Tháng {int(month)}/{own_year or year}"
    if match := _NAME_OF_DAY.match(name):
        day = match["day"] or match["day2"]
        month = match["month"] or match["month2"]
        own_year = match["year"] or match["year2"]
        if (own_year or year) and 1 <= int(month) <= 12 and 1 <= int(day) <= 31:
            return f"ngày {int(day)}/{int(month)}/{own_year or year}"
    return ""


def _make_moment(
    day_parts: list[str | None], hour: str | None, minute: str | None
) -> datetime | None:
    day, month, year = (int(part) for part in day_parts if part is not None)
    try:
        clock = time(int(hour or 0), int(minute or 0)) if int(hour or 0) < 24 else time()
        return datetime.combine(date(_complete_year(year), month, day), clock)
    except ValueError:
        return None


def _complete_year(year: int) -> int:
    """26 is 2026."""
    return year if year > 99 else 2000 + year


def _find_day_in_name(name: str) -> date | None:
    days = [(int(y), int(m), int(d)) for y, m, d in _NAME_DAY.findall(name)]
    days += [(int(y), int(m), int(d)) for d, m, y in _NAME_DAY_FIRST.findall(name)]
    try:
        different_days = {date(*day) for day in days}
    except ValueError:
        return None
    return different_days.pop() if len(different_days) == 1 else None


def find_as_of(context: ImportContext, titles: Iterable[str]) -> datetime:
    """The moment of which the file speaks: its title's, else the caller's, else its name's.

    Raises FileRefused where none says it, or where it lies before the communes or after
    tomorrow.
    """
    moment = find_stated_as_of(context, titles)
    if moment is None:
        message = write_message("tiêu đề biểu không ghi số liệu tính đến ngày nào")
        raise FileRefused(
            context.file_name,
            message,
            write_message("hãy ghi ngày vào tiêu đề hoặc thêm --as-of 2025-07-13"),
        )
    refuse_impossible_day(context, moment.date())
    return moment


def find_stated_as_of(context: ImportContext, titles: Iterable[str]) -> datetime | None:
    """The moment that the title, else the caller, else the file's name says; else None."""
    titles = tuple(titles)
    moment = (
        find_as_of_in_title(titles)
        or find_as_of_in_title(_add_year_of_file(titles, context.file_name))
        or find_as_of_in_title(_complete_day(titles, context.file_name))
    )
    if moment is None and (day := context.as_of or _find_day_in_name(context.file_name)):
        moment = datetime.combine(day, time())
    return moment


def refuse_impossible_day(context: ImportContext, day: date, days_ahead: int = 1) -> None:
    """Refuse a file of a day that cannot be: before 01/07/2025, or later than tomorrow. Figures
    of a day to come are a slip of the pen, and would stand as the newest until then; only the end
    of a running period may lie further ahead (`days_ahead`).
    """
    if not FIRST_DAY <= day <= context.today + timedelta(days=days_ahead):
        message = write_message(
            "số liệu ghi ngày {day:%d/%m/%Y}, ngoài khoảng từ 01/07/2025 đến nay", day=day
        )
        raise FileRefused(
            context.file_name, message, write_message("hãy sửa ngày trong tiêu đề biểu rồi nạp lại")
        )


def find_period(context: ImportContext, titles: Iterable[str]) -> tuple[date, date]:
    """First and last day of the period: the caller's, else the title's, else the month in the
    file's name.

    Raises FileRefused where nobody says it.
    """
    titles = tuple(titles)
    bounds = (
        context.period
        or find_period_in_title(titles)
        or find_period_in_title(_add_year_of_file(titles, context.file_name))
        or _find_month_in_name(context.file_name)
    )
    if bounds is None:
        message = write_message("không rõ kỳ báo cáo của tệp")
        raise FileRefused(
            context.file_name,
            message,
            write_message("hãy thêm --period 2026-08 (tháng của số liệu)"),
        )
    first, last = bounds
    if first > last:
        message = write_message(
            "kỳ báo cáo ngược: từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}", first=first, last=last
        )
        raise FileRefused(
            context.file_name, message, write_message("hãy sửa lại ngày đầu và ngày cuối kỳ")
        )
    # A year's report of 2025 starts before the communes did; its end cannot lie before them.
    refuse_impossible_day(context, max(first, FIRST_DAY) if first >= _FIRST_YEAR else first)
    refuse_impossible_day(context, last, days_ahead=366)
    return first, last


def bound_month(year: int, number: int) -> tuple[date, date]:
    return date(year, number, 1), date(year, number, monthrange(year, number)[1])


_SINCE_NEW_YEAR = re.compile(
    rf"(?:từ )?đầu năm\D{{0,20}}(?:đến|tới)\s*(?:hết\s*)?(?:ngày\s*)?(?:{_DAY}|{_WORDED})", re.I
)
_MONTH_SINCE_NEW_YEAR = re.compile(
    r"đầu năm\D{0,20}(?:đến|tới)\s*(?:hết\s*)?tháng\s*(\d{1,2})\s*(?:/|-|năm|\s)\s*(20\d\d)", re.I
)
# "Từ 00h00 ngày 01/10/2026": the hour of a period's first and last day says nothing more.
_CLOCK = r"(?:\d{1,2}\s*(?:h|g|giờ|:)\s*(?:\d{1,2}\s*(?:phút|p|')?)?\s*,?\s*)?"
_FROM_TO = re.compile(
    rf"(?:từ|kỳ|kỳ báo cáo|thời gian)\s*:?\s*{_CLOCK}(?:ngày\s*:?\s*)?(?:{_DAY}|{_WORDED})"
    r"\s*(?:[-–,;]\s*)?(?:đến|tới|-|–)\s*"
    rf"(?:hết\s*)?{_CLOCK}(?:hết\s*)?(?:ngày\s*:?\s*)?(?:{_DAY}|{_WORDED})",
    re.I,
)
_SHORT_DAY = r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})(?!\s*[/.\-]?\s*\d)"
_SHORT_WORDED = r"(\d{1,2})\s+tháng\s+(\d{1,2})(?!\s+năm)"
_TO = r"\s*(?:[-–,;]\s*)?(?:đến|tới|-|–)\s*(?:hết\s*)?(?:ngày\s*:?\s*)?"
# "Từ ngày 15/9 đến ngày 14/10/2026": the year stands once, or elsewhere in the title.
_YEAR_ONCE = re.compile(
    rf"từ\s*(?:ngày\s*:?\s*)?(?:{_SHORT_DAY}|{_SHORT_WORDED}){_TO}"
    rf"(?:{_DAY}|{_WORDED}|{_SHORT_DAY}|{_SHORT_WORDED})",
    re.I,
)
# "Từ 01 - 31/10/2026": month and year stand once.
_WITHIN_MONTH = re.compile(
    r"(?:từ|kỳ)\s*:?\s*(?:ngày\s*)?(\d{1,2})\s*(?:đến|tới|-|–)\s*(?:hết\s*)?(?:ngày\s*)?"
    r"(\d{1,2})\s*[/.]\s*(\d{1,2})\s*[/.]\s*(20\d\d)",
    re.I,
)
_MONTH_ALONE = re.compile(r"\btháng\s+(\d{1,2})\b(?!\s*(?:/|-|–|năm|và|,|đến|tới))", re.I)
# "NỬA ĐẦU THÁNG 10/2026": which days those are is not said.
_PART_OF_MONTH = re.compile(
    r"nửa\s+(?:đầu|cuối|tháng)|\d+\s+ngày\s+(?:đầu|cuối)|(?:thượng|trung|hạ)\s+tuần", re.I
)
# "Tính đến hết quý III/2026": since when is not said.
_UNTIL = re.compile(r"\b(?:đến|tới)\s+hết\s+(?:tháng|quý)\b", re.I)
_SINCE = re.compile(r"\b(?:từ|đầu năm|lũy kế|luỹ kế|cộng dồn|kỳ)\b", re.I)
# "Quảng Ngãi, tháng 11 năm 2026": when and where a report was signed.
_SIGNED_MONTH = re.compile(
    r"^\W*[^\W\d][^,\d]{2,40},\s*tháng\s*(\d{1,2})\s*năm\s*(20\d\d)\W*$", re.IGNORECASE
)
_SEVERAL_MONTHS = re.compile(
    r"\d\s*tháng\b|(?:đến|tới|hết|đầu|cuối)\s+tháng\b|\bquý\b|\btuần\b"
    r"|lũy kế|luỹ kế|cộng dồn|đầu năm|tháng\s*\d+\s*(?:và|,|-|–|đến)",
    re.I,
)
_TWO_MONTHS = re.compile(
    r"tháng\s*(\d{1,2})(?:\s*(?:/|-|năm)\s*20\d\d)?\s*(và|,|-|–|đến|tới)\s*"
    r"(?:hết\s*)?(?:tháng\s*)?(\d{1,2})\s*(?:/|năm)\s*(20\d\d)",
    re.I,
)
_MONTHS_OF_YEAR = re.compile(r"(\d{1,2}|sáu|chín) tháng\s*(đầu|cuối)?\s*năm\s*(20\d\d)", re.I)
_MONTH = re.compile(r"(?<!\d )tháng\s*(1[0-2]|0?[1-9])\s*(?:/|-|năm|\s)\s*(20\d\d)", re.I)
_QUARTER = re.compile(r"quý\s*(IV|I{1,3}|[1-4])\s*(?:/|-|năm|\s)\s*(20\d\d)", re.I)
_YEAR = re.compile(r"(?:kỳ báo cáo|báo cáo|cả)\s*:?\s*năm\s*(20\d\d)", re.I)
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_ROMAN_MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_WORDED_MONTHS = (
    *("một", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười"),
    *("mười một", "mười hai"),
)
_OTHER_MONTHS = {
    **{name.casefold(): place for place, name in enumerate(_ROMAN_MONTHS, start=1)},
    **{name: place for place, name in enumerate(_WORDED_MONTHS, start=1)},
    **{"giêng": 1, "bốn": 4, "bẩy": 7, "chạp": 12},
}
# "Tháng mười năm 2026", "THÁNG X/2026"; "các tháng năm 2026" is no May.
_OTHER_MONTH = re.compile(
    r"(?<!\d )\btháng\s+(?!năm\s+20)"
    rf"({'|'.join(sorted(_OTHER_MONTHS, key=len, reverse=True))})"
    r"\s*(?:/|-|năm|\s)\s*(20\d\d)",
    re.I,
)


def find_period_in_title(titles: Iterable[str]) -> tuple[date, date] | None:
    """`"Từ ngày 01/10/2026 đến ngày 31/10/2026"`, `"Tháng 8/2026"`, `"Quý III/2026"`, `"6 tháng đầu
    năm 2026"`, `"lũy kế từ đầu năm đến 31/10/2026"`, `"Kỳ báo cáo: Năm 2026"`; days win over words.
    None if none is there."""
    lines = [_COMPARED.sub("", text.normalize_text(title)) for title in titles]
    for line in lines:
        if match := _YEAR_ONCE.search(line):
            return _complete_years(match, lines)
    for find_in_line in (
        _find_stated_days,
        _find_since_new_year,
        _find_stated_months,
        _find_stated_year,
    ):
        for line in lines:
            if _SIGNED_MONTH.match(line):
                continue
            try:
                bounds = find_in_line(line)
            except ValueError:  # 31/02
                return None
            if bounds:
                in_words = find_in_line in (_find_stated_months, _find_stated_year)
                return _end_at_stated_day(bounds, lines) if in_words else bounds
    bounds = _find_month_without_year(lines)
    return bounds and _end_at_stated_day(bounds, lines)


def _end_at_stated_day(bounds: tuple[date, date], lines: list[str]) -> tuple[date, date]:
    """A running period ends with the day up to which its figures are told: "Tháng 11/2026 (số liệu
    tính đến 16h ngày 20/11/2026)" tells twenty days, not the month.
    """
    first, last = bounds
    for line in lines:
        if _LETTER.search(line) or _DEADLINE.search(line):
            continue
        parts = [match.groups()[2:] for match in _AS_OF.finditer(line)]
        parts += [(*match.groups(), str(last.year)) for match in _SHORT_AS_OF.finditer(line)]
        for part in parts:
            moment = _make_moment(list(part), None, None)
            if moment and first <= moment.date() < last:
                return first, moment.date()
    return bounds


def _complete_years(match: re.Match[str], lines: list[str]) -> tuple[date, date] | None:
    """First and last day of which one or none has its year; None where no year is certain."""
    numbers = [int(part) for part in match.groups() if part]
    if len(numbers) == 5:
        year = _complete_year(numbers[4])
    else:
        years = {int(written) for line in lines for written in re.findall(r"\b20\d\d\b", line)}
        if len(years) != 1:
            return None
        year = years.pop()
    try:
        last = date(year, numbers[3], numbers[2])
        first = date(year, numbers[1], numbers[0])
        return (first if first <= last else first.replace(year=year - 1)), last
    except ValueError:
        return None


def find_only_year(titles: Iterable[str]) -> int | None:
    """The year of which titles speak ("NĂM 2026"), where it is one; None where none or several."""
    years = {
        int(year)
        for title in titles
        if not _NUMBERED_LETTER.search(line := text.normalize_text(title))
        for year in re.findall(r"\bnăm\s+(20\d\d)\b", line, re.IGNORECASE)
    }
    return years.pop() if len(years) == 1 else None


def _find_month_without_year(lines: list[str]) -> tuple[date, date] | None:
    """ "THÁNG 10" in one line and the only year in another; None where several months are named,
    or where the month lies after the day that stands there.
    """
    months = {int(number) for line in lines for number in _MONTH_ALONE.findall(line)}
    years = {int(year) for line in lines for year in re.findall(r"\b20\d\d\b", line)}
    if len(months) != 1 or len(years) != 1 or any(map(_LETTER.search, lines)):
        return None
    month = months.pop()
    year = years.pop()
    dated = [match for line in lines if (match := _ANY_DAY.search(line))]
    if any(_SEVERAL_MONTHS.search(line) for line in lines) or not 1 <= month <= 12:
        return None
    first, last = bound_month(year, month)
    moments = [_make_moment(list(match.groups()), None, None) for match in dated]
    signed = [match for line in lines if (match := _SIGNED_MONTH.match(line))]
    moments += [_make_moment(["28", match[1], match[2]], None, None) for match in signed]
    is_signed_later = all(moment and moment.date() >= first for moment in moments)
    return (first, last) if is_signed_later else None


def _find_stated_days(line: str) -> tuple[date, date] | None:
    if match := _WITHIN_MONTH.search(line):
        first_day, last_day, month, year = (int(part) for part in match.groups())
        return date(year, month, first_day), date(year, month, last_day)
    match = _FROM_TO.search(line)
    if not match:
        return None
    numbers = [int(part) for part in match.groups() if part]
    first_year = _complete_year(numbers[2])
    last_year = _complete_year(numbers[5])
    return date(first_year, numbers[1], numbers[0]), date(last_year, numbers[4], numbers[3])


def _find_since_new_year(line: str) -> tuple[date, date] | None:
    if match := _SINCE_NEW_YEAR.search(line):
        day, number, year = (int(part) for part in match.groups() if part)
        year = _complete_year(year)
        return date(year, 1, 1), date(year, number, day)
    if match := _MONTH_SINCE_NEW_YEAR.search(line):
        return date(int(match[2]), 1, 1), bound_month(int(match[2]), int(match[1]))[1]
    return None


def _find_stated_months(line: str) -> tuple[date, date] | None:
    if _PART_OF_MONTH.search(line):
        raise ValueError("a part of a month, and which is not said")
    if _UNTIL.search(line) and not _SINCE.search(line):
        raise ValueError("until when, and since when is not said")
    if match := _MONTHS_OF_YEAR.search(line):
        count = {"sáu": 6, "chín": 9}.get(match[1].lower()) or int(match[1])
        year = int(match[3])
        late = (match[2] or "").lower() == "cuối"
        if not 1 <= count <= 12:
            return None
        first_month, last_month = (13 - count, 12) if late else (1, count)
        return bound_month(year, first_month)[0], bound_month(year, last_month)[1]
    if match := _TWO_MONTHS.search(line):
        first_month = int(match[1])
        last_month = int(match[3])
        year = int(match[4])
        if match[2].lower() in {"và", ","} or not 1 <= first_month <= last_month <= 12:
            raise ValueError("two months, and which of them is not said")
        return bound_month(year, first_month)[0], bound_month(year, last_month)[1]
    if match := _MONTH.search(line):
        return bound_month(int(match[2]), int(match[1]))
    if match := _OTHER_MONTH.search(line):
        return bound_month(int(match[2]), _OTHER_MONTHS[match[1].casefold()])
    if match := _QUARTER.search(line):
        quarter = _QUARTERS.get(match[1].lower()) or int(match[1])
        year = int(match[2])
        return bound_month(year, 3 * quarter - 2)[0], bound_month(year, 3 * quarter)[1]
    return None


def _find_stated_year(line: str) -> tuple[date, date] | None:
    match = _YEAR.search(line)
    if match is None:
        return None
    year = int(match[1])
    return date(year, 1, 1), date(year, 12, 31)


def _find_month_in_name(name: str) -> tuple[date, date] | None:
    if _find_day_in_name(name):
        return None  # a day is no month
    different_months = {(int(y), int(m)) for y, m in _NAME_MONTH.findall(name)}
    different_months |= {
        (int(y), int(m)) for m, y in _NAME_MONTH_FIRST.findall(text.strip_tones(name))
    }
    return bound_month(*different_months.pop()) if len(different_months) == 1 else None
