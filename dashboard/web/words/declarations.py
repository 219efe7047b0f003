"""How good declarations are, in words."""

from __future__ import annotations

from dashboard import text
from dashboard.indicators.field.declarations import rank_next_checks
from dashboard.indicators.report import Report

MOST_NEXT_CHECKS = 5
NEVER_CHECKED = "12 tháng qua chưa lượt kiểm tra nào đối chiếu số tự kê khai"


def tell_declaration_quality(report: Report, position: int) -> str:
    """`kiểm tra xác nhận 34/38 (89,5%) số tự kê khai trong 12 tháng, ít nhất 75,9%`."""
    quality = report.readiness.declaration_quality
    checked = int(quality.checked_of_communes[position])
    if not checked:
        return NEVER_CHECKED
    share = text.format_share(int(quality.confirmed_of_communes[position]), checked)
    lower = text.format_percent(float(quality.lower_bounds[position]))
    return f"kiểm tra xác nhận {share} số tự kê khai trong 12 tháng, ít nhất {lower}"


def tell_quality_of_province(report: Report) -> str:
    """The same of all communes together; "" where nothing was checked."""
    quality = report.readiness.declaration_quality
    checked = int(quality.checked.sum())
    if not checked:
        return ""
    share = text.format_share(int(quality.confirmed.sum()), checked)
    return f"Kiểm tra xác nhận {share} số tự kê khai trong 12 tháng qua."


def list_weakest_criteria(report: Report) -> list[str]:
    """The three criteria whose declared values visits confirmed least, of those that were checked:
    `Tốc độ mạng: 83/95 (87,4%)`.
    """
    quality = report.readiness.declaration_quality
    checked = quality.checked.sum(axis=1)
    confirmed = quality.confirmed.sum(axis=1)
    names = {criterion.code: criterion.short_name for criterion in report.readiness.gaps.criteria}
    rows = sorted(
        (number for number in range(len(checked)) if confirmed[number] < checked[number]),
        key=lambda number: confirmed[number] / checked[number],
    )
    return [
        f"{names.get(quality.criteria[number], quality.criteria[number])}: "
        f"{text.format_share(int(confirmed[number]), int(checked[number]))}"
        for number in rows[:3]
    ]


def list_next_checks(report: Report) -> list[tuple[int, str]]:
    """Where to check next: place of the commune, how good its declarations are."""
    if not report.readiness.declaration_quality.checked.any():
        return []
    positions = rank_next_checks(
        report.readiness.declaration_quality, report.readiness.visit_priority.order
    )
    return [
        (position, tell_declaration_quality(report, position))
        for position in positions[:MOST_NEXT_CHECKS]
    ]
