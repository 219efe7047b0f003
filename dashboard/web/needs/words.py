"""The province's shopping list by who has to act, and how the communes divide into green, lacking
and silent.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import Any

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.criteria import FIXES, Criterion
from dashboard.indicators.readiness.pace import (
    FORECAST_HORIZON,
    LEAST_FULL_WEEKS,
    MEAN_OF_WEEKS,
    Pace,
)
from dashboard.indicators.report import Report
from dashboard.web.words import commune_panel, headline
from dashboard.web.words.explain import format_amount

UNKNOWN_AMOUNT = "chưa biết"


@dataclass(frozen=True)
class NeedLine:
    """One criterion: what is needed and in how many communes; apart from that, in words or "": what
    old values say is likely needed too, how many also need another visit, and of how many nobody
    knows."""

    code: str
    name: str
    needed: str
    communes: str
    width: float
    likely: str
    recheck: str
    silent: str


@dataclass(frozen=True)
class NeedsOfFix:
    """One kind of fix with its criteria; `communes` in how many anything of it is missing."""

    fix: str
    word: str
    communes: str
    lines: tuple[NeedLine, ...]


def divide_communes_by_need(report: Report) -> dict[str, int]:
    """Communes `green`, `lacking` something known, `waiting` only for a report; they add up to
    `all` of them.
    """
    waiting = len(report.readiness.reporting.codes)
    size = len(report.codes)
    lacking = int(report.readiness.gaps.lacks.any(axis=0).sum())
    return {"green": size - lacking - waiting, "lacking": lacking, "waiting": waiting, "all": size}


def tell_needs_headline(report: Report) -> str:
    """What the page sees."""
    counts = divide_communes_by_need(report)
    size = text.format_number(counts["all"])
    if counts["green"] == counts["all"]:
        backing = headline.tell_green_backing(report)
        return f"Cả {size} đơn vị đều đạt mức Xanh, không còn nhu cầu; {backing}"
    if levels.count_levels(report.readiness.assessment.overall)["unknown"] == counts["all"]:
        return f"Chưa biết {size} đơn vị còn thiếu gì: chưa đơn vị nào báo cáo"
    if counts["waiting"] == counts["all"]:
        return f"Chưa biết {size} đơn vị còn thiếu gì: không đơn vị nào có số liệu còn hạn"
    waiting_words = ""
    if counts["waiting"]:
        waiting_words = f"; {text.format_number(counts['waiting'])} đơn vị chỉ chờ báo cáo"
    return (
        f"{text.format_number(counts['lacking'])}/{size} đơn vị còn thiếu điều kiện{waiting_words}"
    )


def group_needs_by_fix(report: Report) -> list[NeedsOfFix]:
    """By kind of fix, those of which something is missing or likely missing anywhere."""
    criteria = {criterion.code: criterion for criterion in report.readiness.gaps.criteria}
    rows = list(report.readiness.province_needs.itertuples())
    needs = []
    for fix in FIXES:
        rows_of_fix = [
            row for row in rows if row.fix == fix and (row.communes or row.likely_communes)
        ]
        if rows_of_fix:
            lines = tuple(
                _need_line(row, criteria[row.criterion], len(report.codes)) for row in rows_of_fix
            )
            count = int(report.readiness.communes_by_fix[fix].sum())
            count_words = UNKNOWN_AMOUNT
            if any(row.report_communes < len(report.codes) for row in rows_of_fix):
                count_words = _format_commune_share(count, len(report.codes))
            needs.append(
                NeedsOfFix(
                    fix,
                    commune_panel.FIX_WORDS[fix],
                    count_words,
                    lines,
                )
            )
    return needs


def tell_common_silence(needs: list[NeedsOfFix]) -> str:
    """How many communes are silent, where that is the same for every criterion listed: then it is
    said once.
    """
    silences = {line.silent for needs_of_fix in needs for line in needs_of_fix.lines}
    return silences.pop() if len(silences) == 1 else ""


def _format_commune_share(count: int, size: int) -> str:
    """`14/96 đơn vị (14,6%)`."""
    return f"{text.format_part(count, size)} đơn vị ({text.format_percent(count / size)})"


def _need_line(row: Any, criterion: Criterion, size: int) -> NeedLine:
    unknown = row.report_communes == size
    nothing_known = UNKNOWN_AMOUNT if unknown else "0"
    recheck = text.format_number(row.recheck_communes)
    silent = text.format_number(row.report_communes)
    return NeedLine(
        row.criterion,
        row.name,
        format_amount_needed(criterion, row.amount) if row.communes else nothing_known,
        UNKNOWN_AMOUNT if unknown else _format_commune_share(row.communes, size),
        round(100 * row.communes / size, 1),
        _likely_amount_words(criterion, row),
        f"{recheck} đơn vị phải phúc tra" if row.recheck_communes else "",
        f"{silent} đơn vị chưa biết" if row.report_communes else "",
    )


def format_amount_needed(criterion: Criterion, amount_missing: float) -> str:
    """`+56`; of a number, where it has to come to, as what all lack together says nothing; of a
    flag, just that.
    """
    if criterion.kind == "ratio":
        return f"+{text.format_number(amount_missing)}"
    if criterion.kind == "number":
        return f"lên {format_amount(criterion.green_from)} {criterion.unit}".strip()
    return "chưa đạt" if criterion.fix == "repair" else "chưa có"


def _likely_amount_words(criterion: Criterion, row: Any) -> str:
    if not row.likely_communes:
        return ""
    amount_words = f"+{text.format_number(row.likely_amount)} " if criterion.kind == "ratio" else ""
    return (
        f"có thể thêm {amount_words}ở {text.format_number(row.likely_communes)} đơn vị, theo số cũ"
    )


# Pace in words: how many communes turn green in a week, and when all would be, where the trend
# says it.

WEEKS_SHOWN = 9  # weeks of the table: the eight of the mean, and the running one
UNDETERMINED_DAY = "chưa xác định"


@dataclass(frozen=True)
class PaceWeek:
    """One week in words; `width` is its share of green communes in percent, `by_rule` "" where no
    rule changed it.
    """

    days: str
    running: bool
    green: str
    width: float
    turned: str
    left: str
    from_silence: str
    to_silence: str
    by_rule: str


def tell_pace(pace: Pace) -> list[str]:
    """One or two sentences."""
    left = text.format_part(pace.communes - pace.green, pace.communes)
    remaining = f"còn {left} đơn vị chưa đạt mức Xanh"
    if pace.says == "done":
        return [f"Cả {text.format_number(pace.communes)} đơn vị đều đạt mức Xanh."]
    if pace.says == "too_short":
        return [
            f"Chưa đủ kỳ: cần ít nhất {LEAST_FULL_WEEKS} tuần trọn để nêu tiến độ; {remaining}."
        ]
    mean_words = f"{_tell_weekly_mean(pace)}; {remaining}."
    if pace.says == "no_trend":
        years = FORECAST_HORIZON.days // 366
        goal = "đạt 100%" if pace.per_week <= 0 else f"đạt 100% trong {years} năm"
        return [mean_words, f"Theo xu hướng này không {goal}, nên không nêu ngày dự kiến."]
    expected_months = [
        f"tháng {day.month}/{day.year}" if day else UNDETERMINED_DAY
        for day in (pace.expected, pace.earliest, pace.latest)
    ]
    return [
        mean_words,
        f"Theo xu hướng này, dự kiến đạt 100% vào khoảng {expected_months[0]} "
        f"(sớm nhất {expected_months[1]}, muộn nhất {expected_months[2]}); "
        "đây là xu hướng, không phải cam kết.",
    ]


def _tell_weekly_mean(pace: Pace) -> str:
    full_weeks = min(MEAN_OF_WEEKS, int(pace.weeks["whole"].sum()) - 1)
    weeks_words = f"{text.format_number(full_weeks)} tuần trọn gần nhất"
    mean_words = text.format_number(abs(pace.per_week), 1)
    if isnan(pace.per_week) or mean_words == "0,0":
        return f"{weeks_words}: số đơn vị đạt mức Xanh không đổi"
    direction = "thêm" if pace.per_week > 0 else "bớt"
    return f"{weeks_words}: bình quân {direction} {mean_words} đơn vị đạt mức Xanh mỗi tuần"


def _format_by_rule(difference: int) -> str:
    """`+3`, `-1`; "" where the rules changed nothing."""
    if not difference:
        return ""
    sign = "+" if difference > 0 else ""
    return f"{sign}{text.format_number(difference)}"


def list_pace_weeks(pace: Pace) -> list[PaceWeek]:
    """The last weeks, newest first."""
    return [
        PaceWeek(
            text.format_day_range(row.first, row.last),
            not row.whole,
            f"{text.format_part(row.green, pace.communes)}",
            round(100 * row.green / pace.communes, 1),
            text.format_number(row.turned_green),
            text.format_number(row.left_green),
            text.format_number(row.turned_green_from_silence),
            text.format_number(row.left_to_silence),
            _format_by_rule(row.by_rule),
        )
        for row in list(pace.weeks.itertuples())[: -WEEKS_SHOWN - 1 : -1]
    ]
