"""Who told a commune's values and when, its own rating, and what it lacks to be green: lines for its panel."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np

from dashboard import text
from dashboard.indicators.catalogue import TERMS
from dashboard.indicators.changes import CAUSES
from dashboard.indicators.criteria import Criterion
from dashboard.indicators.gaps import REPORT, Gaps, Step, way
from dashboard.indicators.history import Told
from dashboard.indicators.readiness import Readiness
from dashboard.measures import RATINGS
from dashboard.views import theme
from dashboard.views.explain import amount

# Who has to do something: the words of criteria.FIXES, in the order of what hurts most.
FIXES = {code: TERMS["fixes"][code].name.vi for code in ("repair", "issue", "buy", "appoint", "arrange")}
_RATING_WORDS = {number: theme.LEVELS[word].word for word, number in RATINGS.items()}


def cause(code: int) -> str:
    """Why a level is another (a number of changes.CAUSES), in the words that /chi-so explains: `kê khai mới`."""
    return TERMS["causes"][CAUSES[code]].name.vi


def own_ratings(told: Told, day: date) -> list[str]:
    """Per commune its own rating beside ours: `Tự đánh giá: Xanh (06/11/2026)`; "" where it gave none."""
    words = []
    for value, age in zip(told.value[:, 0], told.age[:, 0], strict=True):
        when = "" if math.isnan(age) else text.day(day - timedelta(days=int(age)))
        words.append("" if math.isnan(value) else f"Tự đánh giá: {_RATING_WORDS[int(value)]} ({when})")
    return words


def sources(readiness: Readiness, day: date) -> list[list[str]]:
    """Per commune, from whom its values are and of which day, newest first: `tự kê khai 05/11/2026: 12 tiêu chí`."""
    lines = []
    for commune in range(len(readiness.codes)):
        together: dict[tuple[int, bool], list[str]] = {}
        for judged in readiness.judged:
            age = judged.age[commune, 0]
            if not np.isnan(age):
                together.setdefault((int(age), bool(judged.verified[commune, 0])), []).append(judged.criterion.brief)
        lines.append(
            [
                f"{'kiểm tra' if verified else 'tự kê khai'} {text.day(day - timedelta(days=age))}: "
                + (", ".join(names) if len(names) < 4 else f"{len(names)} tiêu chí")
                for (age, verified), names in sorted(together.items())
            ]
        )
    return lines


def way_to_green(found: Gaps) -> list[list[str]]:
    """Per commune, the smallest set of steps to green, a line a kind of fix: `Mua sắm: +1 máy scan`; [] if green."""
    criteria = {criterion.code: criterion for criterion in found.criteria}
    return [_lines(way(found, commune), criteria) for commune in range(len(found.codes))]


def _lines(steps: list[Step], criteria: Mapping[str, Criterion]) -> list[str]:
    lines = []
    for fix, words in FIXES.items():
        todo = [_step(step, criteria[step.criterion]) for step in steps if step.fix == fix]
        if todo:
            lines.append(f"{words}: {', '.join(todo)}")
    for again, words in ((True, "Báo cáo lại"), (False, "Báo cáo lần đầu")):
        silent = [step for step in steps if step.fix == REPORT and math.isnan(step.value) != again]
        if silent:
            lines.append(f"{words}: {_reported(silent, criteria)}")
    return lines


def _reported(silent: list[Step], criteria: Mapping[str, Criterion]) -> str:
    """What to report; of old values also what they were short of."""
    names = ", ".join(inside(criteria[step.criterion].brief) for step in silent)
    if len(silent) == len(criteria) and len(silent) > 3:
        names = f"toàn bộ {len(silent)} tiêu chí"
    short = [_missing(step, criteria[step.criterion], step.likely) for step in silent if not math.isnan(step.likely)]
    return names + (f" (số cũ còn thiếu: {', '.join(short)})" if short else "")


def _step(step: Step, criterion: Criterion) -> str:
    then = " (rồi phúc tra)" if step.recheck else ""  # a visit found it: only another visit clears it
    return _missing(step, criterion, step.amount) + then


def _missing(step: Step, criterion: Criterion, more: float) -> str:
    """`+1 máy scan`, `tốc độ mạng từ 12 lên 50 Mbps`, `đường truyền`."""
    name = inside(criterion.brief)
    if criterion.kind == "ratio":
        return f"+{text.number(more)} {name}"
    if criterion.kind == "number":
        return f"{name} từ {amount(step.value)} lên {amount(step.aim)} {criterion.unit}".strip()
    return name


def inside(name: str) -> str:
    """A name within a line: only its first letter is lowered, so that `Trung ương` stays."""
    return name[:1].lower() + name[1:]
