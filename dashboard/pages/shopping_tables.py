"""The tables of /thieu-gi to take along: counts stand apart, so that Excel can add what can be added."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, isnan, nan

from dashboard.indicators import gaps
from dashboard.indicators.gaps import Step
from dashboard.indicators.report import Report
from dashboard.pages.downloads import Cell, Rows
from dashboard.views import explain, shopping, theme
from dashboard.views.weak import FIXES, Weak

_NEEDS = (
    *("Việc", "Tiêu chí", "Đơn vị", "Số xã thiếu", "Trên tổng số xã", "Thiếu cộng lại", "Số xã phải phúc tra"),
    *("Số xã có thể thiếu (số cũ)", "Có thể thiếu cộng lại", "Số xã chưa biết", "Ghi chú"),
)
_STEPS = (
    *("Mã xã", "Xã", "Mức", "Việc", "Tiêu chí", "Đơn vị", "Đang có", "Trên số cần", "Cần đạt", "Còn thiếu"),
    *("Có thể thiếu (số cũ)", "Phúc tra"),
)

# Where what is missing is not added, what the page says of it instead.
_REMARKS = {"number": "mỗi xã một mức, không cộng: {}", "flag": "{} ở từng xã"}


def needs(report: Report) -> Rows:
    """The province's shopping list, one row a criterion that green asks for. Only counts are added over communes: ten
    Mbps here and ten there are no twenty."""
    criteria = {criterion.code: criterion for criterion in report.gaps.criteria}
    rows = list[Sequence[Cell]]()
    for row in report.shopping_list.itertuples():
        criterion = criteria[str(row.criterion)]
        added = criterion.kind == "ratio"
        rows.append(
            (
                *(FIXES[row.fix], row.name, explain.unit(criterion), row.communes, len(report.codes)),
                *(_known(row.amount) if added else None, row.recheck_communes, row.likely_communes),
                *(_known(row.likely_amount) if added else None, row.report_communes),
                "" if added else _REMARKS[criterion.kind].format(shopping.needed(criterion, nan)),
            )
        )
    return Rows(_NEEDS, rows)


def steps(report: Report, communes: Sequence[Weak]) -> Rows:
    """Every step of these communes, one a row. Of a ratio all figures are counts: what is there, of how many, how many
    the threshold asks for; else they are in the criterion's unit and have no whole."""
    criteria = {criterion.code: criterion for criterion in report.gaps.criteria}
    judged = {one.criterion.code: one for one in report.readiness.judged}
    rows = list[Sequence[Cell]]()
    for one in communes:
        for step in gaps.way(report.gaps, one.at):
            criterion, found = criteria[step.criterion], judged[step.criterion]
            has, whole, aim = step.value, nan, step.aim
            if criterion.kind == "ratio":
                has, whole = float(found.part[one.at, 0]), float(found.whole[one.at, 0])
                aim = _count_needed(step, has, whole)
            rows.append(
                (
                    *(one.code, one.name, theme.LEVELS[one.level].word, FIXES[step.fix], criterion.name),
                    *(explain.unit(criterion), _known(has), _known(whole), _known(aim)),
                    *(_known(step.amount), _known(step.likely), "có" if step.recheck else "không"),
                )
            )
    return Rows(_STEPS, rows)


def _count_needed(step: Step, has: float, whole: float) -> float:
    """What is there and what is missing; where an old value was enough, the threshold of the whole."""
    missing = step.likely if isnan(step.amount) else step.amount
    if not isnan(missing):
        return has + missing
    return whole if isnan(whole) else float(ceil(step.aim * whole - 1e-9))


def _known(value: float) -> float | None:
    return None if isnan(value) else round(value, 4)
