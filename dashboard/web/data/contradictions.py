"""What does not fit together within what was told: otherwise than a visit found, and jumps that
look wrong.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from dashboard import text
from dashboard.indicators.report import Report
from dashboard.measures import MEASURES
from dashboard.web.words.explain import format_amount, format_criterion_value

ASK_THE_COMMUNE = "Đơn vị kê khai lại theo kết quả kiểm tra, hoặc đề nghị phúc tra"
VISIT_AGAIN = "Đơn vị kê khai lại sau khi kiểm tra: tổ công tác phúc tra"


def count_checked_communes(report: Report) -> int:
    """How many communes have a visit's finding that still holds: without one there is nothing to
    contradict.
    """
    return int(
        np.logical_or.reduce(
            [judged.verified[:, 0] for judged in report.readiness.assessment.assessments]
        ).sum()
    )


def count_declaring_communes(report: Report) -> int:
    """How many communes ever declared a value: without one nothing can jump."""
    has_declared = [
        ~np.isnan(judged.declared[:, 0]) for judged in report.readiness.assessment.assessments
    ]
    return int(np.logical_or.reduce(has_declared).sum())


@dataclass(frozen=True)
class Contradiction:
    """A commune's own value and what a visit found, which give different levels; `expires`: the
    last day of the finding, after which the declared value counts again."""

    code: str
    name: str
    criterion: str
    declared: str
    declared_on: date
    verified: str
    verified_on: date
    days: int
    expires: date
    todo: str


def list_contradictions(report: Report) -> list[Contradiction]:
    """Every contradiction of the day, the one that is longest unresolved first."""
    readiness = report.readiness.assessment
    day = report.today
    names = report.communes["name"].tolist()
    contradictions = []
    for judged in readiness.assessments:
        for position in np.flatnonzero(judged.contradicted[:, 0]).tolist():
            declared_age = int(judged.declared_age[position, 0])
            visit_age = int(judged.visit_age[position, 0])
            contradictions.append(
                Contradiction(
                    report.codes[position],
                    names[position],
                    judged.criterion.short_name,
                    format_criterion_value(judged, position, judged.declared[position, 0]),
                    day - timedelta(days=declared_age),
                    format_criterion_value(judged, position, judged.value[position, 0]),
                    day - timedelta(days=visit_age),
                    visit_age,
                    day + timedelta(days=readiness.rule.verified_expires_after_days - visit_age),
                    VISIT_AGAIN if declared_age < visit_age else ASK_THE_COMMUNE,
                )
            )
    return sorted(
        contradictions,
        key=lambda contradiction: (
            -contradiction.days,
            text.make_sort_key(contradiction.name),
            contradiction.criterion,
        ),
    )


@dataclass(frozen=True)
class DeclaredJump:
    """A declared value that does not fit the one before: `Tốc độ mạng`, `20 → 200 Mbps`, and why it
    is doubted.
    """

    code: str
    name: str
    measure: str
    change: str
    day: date
    why: str


def list_declared_jumps(report: Report) -> list[DeclaredJump]:
    """Jumps of the last weeks, newest first."""
    names = report.communes["name"]
    records = report.sources.reading_jumps.iloc[::-1].to_dict("records")
    return [
        DeclaredJump(
            str(record["commune_code"]),
            str(names[record["commune_code"]]),
            MEASURES[record["measure"]].name.removesuffix(" (Mbps)"),
            _jump_words(
                record["before"], record["after"], MEASURES[record["measure"]].type == "mbps"
            ),
            record["day"].date(),
            _jump_reason(record["why"], record["before"], record["after"]),
        )
        for record in records
    ]


@dataclass(frozen=True)
class CrowdedDay:
    """A day on which a commune received far more dossiers than usual."""

    code: str
    name: str
    day: date
    received: float
    usual: float
    why: str

    @property
    def usual_words(self) -> str:
        """The median of an even number of days may lie between two counts: `5,5`, never `6`."""
        return format_amount(self.usual)


def list_crowded_days(report: Report) -> list[CrowdedDay]:
    """Of the last weeks, newest first."""
    names = report.communes["name"]
    return [
        CrowdedDay(
            str(record["commune_code"]),
            str(names[record["commune_code"]]),
            record["day"].date(),
            record["after"],
            record["before"],
            _crowd_reason(record["before"], record["after"]),
        )
        for record in report.sources.count_jumps.iloc[::-1].to_dict("records")
    ]


def _crowd_reason(usual: float, received: float) -> str:
    if not usual:
        return "ngày thường không có hồ sơ nào"
    return f"gấp {format_amount(round(received / usual, 1))} lần ngày thường"


def _jump_words(before: float, after: float, mbps: bool) -> str:
    return f"{format_amount(before)} → {format_amount(after)}{' Mbps' if mbps else ''}"


def _jump_reason(why: str, before: float, after: float) -> str:
    if why == "available_gone":
        return "đang có rồi hết sạch trong một lần kê khai"
    if why == "need_changed":
        return "số cần đổi từ một nửa trở lên trong một lần kê khai"
    low, high = sorted((before, after))
    factor = math.inf if low == 0 else high / low
    if math.isinf(factor):
        return "trước là 0" if before == 0 else "nay là 0"
    direction = "gấp" if after > before else "giảm"
    return f"{direction} {format_amount(round(factor, 1))} lần so với lần kê khai trước"
