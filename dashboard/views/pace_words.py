"""Pace in words: how many communes turn green in a week, and when all would be, where the trend says it."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

from dashboard import text
from dashboard.indicators.pace import HORIZON, LEAST, MEAN_OF, Pace

SHOWN = 9  # weeks of the table: the eight of the mean, and the running one
UNDETERMINED = "chưa xác định"


@dataclass(frozen=True)
class Week:
    """One week in words; `width` is its share of green communes in percent, `by_rule` "" where no rule changed it."""

    days: str
    running: bool
    green: str
    width: float
    turned: str
    left: str
    from_silence: str
    to_silence: str
    by_rule: str


def told(pace: Pace) -> list[str]:
    """One or two sentences."""
    rest = f"còn {text.number(pace.communes - pace.green)}/{text.number(pace.communes)} xã chưa xanh"
    if pace.says == "done":
        return [f"Cả {text.number(pace.communes)} xã đều xanh."]
    if pace.says == "too_short":
        return [f"Chưa đủ kỳ: cần ít nhất {LEAST} tuần trọn để nói về nhịp; {rest}."]
    mean = f"{_per_week(pace)}; {rest}."
    if pace.says == "no_trend":
        years = HORIZON.days // 366
        why = "đi tới 100 %" if pace.per_week <= 0 else f"đi tới 100 % trong {years} năm"
        return [mean, f"Nhịp này không {why}, nên không nêu ngày dự kiến."]
    ends = [text.day(day) if day else UNDETERMINED for day in (pace.expected, pace.earliest, pace.latest)]
    return [
        mean,
        f"Giữ nhịp này thì xã cuối cùng xanh khoảng {ends[0]} (sớm nhất {ends[1]}, muộn nhất {ends[2]}); "
        "đây là xu hướng, không phải cam kết.",
    ]


def _per_week(pace: Pace) -> str:
    weeks = f"{text.number(min(MEAN_OF, int(pace.weeks['whole'].sum()) - 1))} tuần trọn gần nhất"
    if isnan(pace.per_week) or text.number(abs(pace.per_week), 1) == "0,0":
        return f"{weeks}: số xã xanh đứng yên"
    more = "thêm" if pace.per_week > 0 else "bớt"
    return f"{weeks}: bình quân {more} {text.number(abs(pace.per_week), 1)} xã xanh mỗi tuần"


def weeks(pace: Pace) -> list[Week]:
    """The last weeks, newest first."""
    return [
        Week(
            f"{row.first:%d/%m}–{text.day(row.last)}",
            not row.whole,
            f"{text.number(row.green)}/{text.number(pace.communes)}",
            round(100 * row.green / pace.communes, 1),
            text.number(row.turned_green),
            text.number(row.left_green),
            text.number(row.turned_green_from_silence),
            text.number(row.left_to_silence),
            f"{'+' if row.by_rule > 0 else ''}{text.number(row.by_rule)}" if row.by_rule else "",
        )
        for row in list(pace.weeks.itertuples())[: -SHOWN - 1 : -1]
    ]
