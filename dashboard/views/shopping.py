"""The province's shopping list by who has to act, and how the communes divide into green, lacking and silent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.criteria import FIXES, Criterion
from dashboard.indicators.report import Report
from dashboard.views import told
from dashboard.views.explain import amount

UNKNOWN = "chưa biết"


@dataclass(frozen=True)
class Line:
    """One criterion: what is needed and in how many communes; apart from that, in words or "": what old values say
    is likely needed too, how many also need another visit, and of how many nobody knows."""

    code: str
    name: str
    needed: str
    communes: str
    width: float
    likely: str
    recheck: str
    silent: str


@dataclass(frozen=True)
class Kind:
    """One kind of fix with its criteria; `communes` in how many anything of it is missing."""

    fix: str
    word: str
    communes: str
    lines: tuple[Line, ...]


def divided(report: Report) -> dict[str, int]:
    """Communes `green`, `lacking` something known, `waiting` only for a report; they add up to `all` of them."""
    waiting, size = len(report.reporting.codes), len(report.codes)
    lacking = int(report.gaps.lacks.any(axis=0).sum())
    return {"green": size - lacking - waiting, "lacking": lacking, "waiting": waiting, "all": size}


def title(report: Report) -> str:
    """What the page sees."""
    of = divided(report)
    size = text.number(of["all"])
    if of["green"] == of["all"]:
        return f"Cả {size} xã đều xanh, không thiếu gì"
    if levels.counts(report.readiness.overall)["unknown"] == of["all"]:
        return f"Chưa biết {size} xã thiếu gì: chưa xã nào báo cáo"
    if of["waiting"] == of["all"]:
        return f"Chưa biết {size} xã thiếu gì: không xã nào có số liệu còn hạn"
    waiting = f"; {text.number(of['waiting'])} xã chỉ chờ báo cáo" if of["waiting"] else ""
    return f"{text.number(of['lacking'])}/{size} xã còn thiếu điều kiện{waiting}"


def shopping_list(report: Report) -> list[Kind]:
    """By kind of fix, those of which something is missing or likely missing anywhere."""
    criteria = {criterion.code: criterion for criterion in report.gaps.criteria}
    rows = list(report.shopping_list.itertuples())
    kinds = []
    for fix in FIXES:
        of_fix = [row for row in rows if row.fix == fix and (row.communes or row.likely_communes)]
        if of_fix:
            lines = tuple(_line(row, criteria[row.criterion], len(report.codes)) for row in of_fix)
            count = int(report.communes_by_fix[fix].sum())
            known = any(row.report_communes < len(report.codes) for row in of_fix)
            kinds.append(Kind(fix, told.FIXES[fix], _share(count, len(report.codes)) if known else UNKNOWN, lines))
    return kinds


def same_for_all(kinds: list[Kind]) -> str:
    """How many communes are silent, where that is the same for every criterion listed: then it is said once."""
    told_of = {line.silent for kind in kinds for line in kind.lines}
    return told_of.pop() if len(told_of) == 1 else ""


def _share(count: int, size: int) -> str:
    """`14/96 xã (14,6 %)`."""
    return f"{text.number(count)}/{text.number(size)} xã ({text.percent(count / size)})"


def _line(row: Any, criterion: Criterion, size: int) -> Line:
    unknown = row.report_communes == size
    recheck, silent = text.number(row.recheck_communes), text.number(row.report_communes)
    return Line(
        row.criterion,
        row.name,
        needed(criterion, row.amount) if row.communes else UNKNOWN if unknown else "0",
        UNKNOWN if unknown else _share(row.communes, size),
        round(100 * row.communes / size, 1),
        _likely(criterion, row),
        f"{recheck} xã phải phúc tra" if row.recheck_communes else "",
        f"{silent} xã chưa biết" if row.report_communes else "",
    )


def needed(criterion: Criterion, more: float) -> str:
    """`+56`; of a number, where it has to come to, as what all lack together says nothing; of a flag, just that."""
    if criterion.kind == "ratio":
        return f"+{text.number(more)}"
    if criterion.kind == "number":
        return f"lên {amount(criterion.green_from)} {criterion.unit}".strip()
    return "cần có"


def _likely(criterion: Criterion, row: Any) -> str:
    if not row.likely_communes:
        return ""
    more = f"+{text.number(row.likely_amount)} " if criterion.kind == "ratio" else ""
    return f"có thể thêm {more}ở {text.number(row.likely_communes)} xã, theo số cũ"
