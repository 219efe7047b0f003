"""Who told a commune's values and when, its own rating, and what it lacks to be green: lines for
its panel.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

import numpy as np

from dashboard import text
from dashboard.indicators.catalogue import TERMS
from dashboard.indicators.criteria import Criterion
from dashboard.indicators.levels import LEVEL_NAMES, RED, YELLOW
from dashboard.indicators.readiness.assessment import Readiness
from dashboard.indicators.readiness.changes import CAUSES
from dashboard.indicators.readiness.gaps import REPORT, Gaps, StepToGreen, list_gap_steps
from dashboard.indicators.readiness.history import LastReading
from dashboard.indicators.report import Report
from dashboard.measures import RATINGS
from dashboard.web import theme
from dashboard.web.words.explain import format_amount

# Who has to do something: the words of criteria.FIXES, in the order of what hurts most.
FIX_WORDS = {
    code: TERMS["fixes"][code].name.vi for code in ("repair", "issue", "buy", "appoint", "arrange")
}
# The same as verbs before what is missing: `Cấp: +2 chữ ký số`.
FIX_VERBS = {**FIX_WORDS, "issue": "Cấp"}
_RATING_WORDS = {number: theme.LEVELS[word].word for word, number in RATINGS.items()}


def name_change_cause(code: int) -> str:
    """Why a level is another (a number of changes.CAUSES), in the words that /chi-so explains: `kê
    khai mới`.
    """
    return TERMS["causes"][CAUSES[code]].name.vi


def tell_own_ratings(last_rating: LastReading, day: date) -> list[str]:
    """Per commune its own rating beside ours: `Tự đánh giá: Xanh (06/11/2026)`; "" where it gave
    none.
    """
    words = []
    for value, age in zip(last_rating.value[:, 0], last_rating.age[:, 0], strict=True):
        day_words = "" if math.isnan(age) else text.format_day_of_age(day, age)
        words.append(
            "" if math.isnan(value) else f"Tự đánh giá: {_RATING_WORDS[int(value)]} ({day_words})"
        )
    return words


def tell_level_age(report: Report, position: int) -> str:
    """How long a commune has been red or yellow: `đỏ đã 45 ngày, từ 08/10/2026`; "" where it is
    neither.
    """
    level = int(report.readiness.assessment.overall[position, 0])
    if level not in (RED, YELLOW):
        return ""
    word = theme.LEVELS[LEVEL_NAMES[level]].word.lower()
    days = int(report.readiness.level_age.days[position])
    begin = text.format_day_of_age(report.today, days)
    count = text.format_number(days)
    if report.readiness.level_age.older[position]:
        return f"{word} ít nhất {count} ngày, từ trước {begin}"
    return f"{word} đã {count} ngày, từ {begin}" if days else f"{word} từ ngày {begin}"


def tell_lack_age(report: Report, position: int, criterion_code: str) -> str:
    """Since when a criterion is not met: `từ 05/10/2026, 48 ngày`, `ít nhất 365 ngày` where it is
    older than was looked back; "" where it is met or unknown.
    """
    lack_age = report.readiness.lack_age[criterion_code]
    days = int(lack_age.days[position])
    if days < 0:
        return ""
    count = f"{text.format_number(days)} ngày"
    if lack_age.older[position]:
        return f"ít nhất {count}"
    return f"từ {text.format_day_of_age(report.today, days)}, {count}"


def list_lack_ages(report: Report) -> dict[str, list[str]]:
    """By criterion, the same of every commune."""
    places = range(len(report.codes))
    return {
        code: [tell_lack_age(report, position, code) for position in places]
        for code in report.readiness.lack_age
    }


def list_value_sources(readiness: Readiness, day: date) -> list[list[str]]:
    """Per commune, from whom its values are and of which day, newest first: `tự kê khai 05/11/2026:
    12 tiêu chí`.
    """
    lines = []
    for position in range(len(readiness.codes)):
        names_of_source: dict[tuple[int, bool], list[str]] = {}
        for judged in readiness.assessments:
            age = judged.age[position, 0]
            if not np.isnan(age):
                names_of_source.setdefault(
                    (int(age), bool(judged.verified[position, 0])), []
                ).append(judged.criterion.short_name)
        lines.append(
            [
                f"{'kiểm tra' if verified else 'tự kê khai'} {text.format_day_of_age(day, age)}: "
                + (", ".join(names) if len(names) < 4 else f"{len(names)} tiêu chí")
                for (age, verified), names in sorted(names_of_source.items())
            ]
        )
    return lines


def list_ways_to_green(gaps: Gaps) -> list[list[str]]:
    """Per commune, the smallest set of steps to green, a line a kind of fix: `Mua sắm: +1 máy
    scan`; [] if green.
    """
    criteria = {criterion.code: criterion for criterion in gaps.criteria}
    return [
        _step_lines(list_gap_steps(gaps, position), criteria) for position in range(len(gaps.codes))
    ]


def _step_lines(steps: list[StepToGreen], criteria: Mapping[str, Criterion]) -> list[str]:
    lines = []
    for fix, words in FIX_VERBS.items():
        actions = [_step_words(step, criteria[step.criterion]) for step in steps if step.fix == fix]
        if actions:
            lines.append(f"{words}: {', '.join(actions)}")
    for reported_before, words in ((True, "Báo cáo lại"), (False, "Báo cáo lần đầu")):
        silent = [
            step
            for step in steps
            if step.fix == REPORT and math.isnan(step.value) != reported_before
        ]
        if silent:
            lines.append(f"{words}: {_report_words(silent, criteria)}")
    return lines


def _report_words(silent: list[StepToGreen], criteria: Mapping[str, Criterion]) -> str:
    """What to report; of old values also what they were short of."""
    names = ", ".join(
        text.lower_first_letter(criteria[step.criterion].short_name) for step in silent
    )
    if len(silent) == len(criteria) and len(silent) > 3:
        names = f"toàn bộ {len(silent)} tiêu chí"
    short = [
        _missing_words(step, criteria[step.criterion], step.likely)
        for step in silent
        if not math.isnan(step.likely)
    ]
    return names + (f" (số cũ còn thiếu: {', '.join(short)})" if short else "")


def _step_words(step: StepToGreen, criterion: Criterion) -> str:
    # a visit found it: only another visit clears it
    recheck_words = " (rồi phúc tra)" if step.recheck else ""
    return _missing_words(step, criterion, step.amount) + recheck_words


def _missing_words(step: StepToGreen, criterion: Criterion, amount_missing: float) -> str:
    """`+1 máy scan`, `tốc độ mạng từ 12 lên 50 Mbps`, `đường truyền`."""
    name = text.lower_first_letter(criterion.short_name)
    if criterion.kind == "ratio":
        return f"+{text.format_number(amount_missing)} {name}"
    if criterion.kind == "number":
        aim = f"{format_amount(step.aim)} {criterion.unit}".strip()
        return f"{name} từ {format_amount(step.value)} lên {aim}"
    return name
