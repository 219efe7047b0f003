"""What does not fit together within the declarations: otherwise than a visit found, and jumps that look wrong."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from dashboard import text
from dashboard.indicators.report import Report
from dashboard.measures import MEASURES
from dashboard.views.explain import amount, value_text

ASK_THE_COMMUNE = "Xã kê khai lại theo kết quả kiểm tra, hoặc đề nghị phúc tra"
VISIT_AGAIN = "Xã kê khai lại sau khi kiểm tra: tổ công tác phúc tra"


def checked(report: Report) -> int:
    """How many communes have a visit's finding that still holds: without one there is nothing to contradict."""
    return int(np.logical_or.reduce([judged.verified[:, 0] for judged in report.readiness.judged]).sum())


def declared(report: Report) -> int:
    """How many communes ever declared a value: without one nothing can jump."""
    told = [~np.isnan(judged.declared[:, 0]) for judged in report.readiness.judged]
    return int(np.logical_or.reduce(told).sum())


@dataclass(frozen=True)
class Contradiction:
    """A commune's own value and what a visit found, which give different levels; `expires`: the last day of the
    finding, after which the declared value counts again."""

    code: str
    name: str
    criterion: str
    declared: str
    declared_on: date
    found: str
    found_on: date
    days: int
    expires: date
    todo: str


def contradictions(report: Report) -> list[Contradiction]:
    """Every contradiction of the day, the one that is longest unresolved first."""
    readiness, day, names = report.readiness, report.today, report.communes["name"].tolist()
    made = []
    for judged in readiness.judged:
        for at in np.flatnonzero(judged.contradicted[:, 0]).tolist():
            declared_age, visit_age = int(judged.declared_age[at, 0]), int(judged.visit_age[at, 0])
            made.append(
                Contradiction(
                    report.codes[at],
                    names[at],
                    judged.criterion.brief,
                    value_text(judged, at, judged.declared[at, 0]),
                    day - timedelta(days=declared_age),
                    value_text(judged, at, judged.value[at, 0]),
                    day - timedelta(days=visit_age),
                    visit_age,
                    day + timedelta(days=readiness.rule.verified_expires_after_days - visit_age),
                    VISIT_AGAIN if declared_age < visit_age else ASK_THE_COMMUNE,
                )
            )
    return sorted(made, key=lambda one: (-one.days, text.sort_key(one.name), one.criterion))


@dataclass(frozen=True)
class Jump:
    """A declared value that does not fit the one before: `Tốc độ mạng`, `20 → 200 Mbps`, and why it is doubted."""

    code: str
    name: str
    measure: str
    change: str
    day: date
    why: str


def jumps(report: Report) -> list[Jump]:
    """Jumps of the last weeks, newest first."""
    names = report.communes["name"]
    found = report.reading_jumps.iloc[::-1].to_dict("records")
    return [
        Jump(
            str(one["commune_code"]),
            str(names[one["commune_code"]]),
            MEASURES[one["measure"]].name.removesuffix(" (Mbps)"),
            _change(one["before"], one["after"], MEASURES[one["measure"]].type == "mbps"),
            one["day"].date(),
            _why(one["why"], one["before"], one["after"]),
        )
        for one in found
    ]


def _change(before: float, after: float, mbps: bool) -> str:
    return f"{amount(before)} → {amount(after)}{' Mbps' if mbps else ''}"


def _why(why: str, before: float, after: float) -> str:
    if why == "available_gone":
        return "đang có rồi hết sạch trong một lần kê khai"
    if why == "need_changed":
        return "số cần đổi từ một nửa trở lên trong một lần kê khai"
    low, high = sorted((before, after))
    times = math.inf if low == 0 else high / low
    if math.isinf(times):
        return "trước là 0" if before == 0 else "nay là 0"
    return f"{'gấp' if after > before else 'giảm'} {amount(round(times, 1))} lần so với lần kê khai trước"
