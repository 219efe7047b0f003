"""Bottlenecks as sentences: `Khắc phục đường truyền ở 7 xã: thêm 5 xã xanh`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard import text
from dashboard.indicators.criteria import Criterion
from dashboard.indicators.report import Report
from dashboard.views import told


@dataclass(frozen=True)
class Bottleneck:
    """What to do, how many communes it turns green (`turned`, their `codes`), and a remark or ""."""

    words: str
    turned: int
    codes: tuple[str, ...]
    note: str = ""

    @property
    def sentence(self) -> str:
        return f"{self.words}: thêm {text.number(self.turned)} xã xanh"


def singles(report: Report) -> list[Bottleneck]:
    """One thing fixed everywhere, most effective first; only what turns somebody green."""
    criteria = _criteria(report)
    return [
        Bottleneck(
            f"{_fix(criteria[row.criterion])} ở {text.number(row.lacking)} xã",
            row.turned,
            row.codes,
            _rechecked(report, row.codes),
        )
        for row in report.bottlenecks.itertuples()
        if row.turned
    ]


def pairs(report: Report) -> list[Bottleneck]:
    """Two things together, where that does more than the better of them alone."""
    criteria = _criteria(report)
    return [
        Bottleneck(
            _both(criteria[row.first], criteria[row.second]),
            row.turned,
            row.codes,
            f"hơn {text.number(row.gain)} so với chỉ làm một trong hai",
        )
        for row in report.bottleneck_pairs.itertuples()
    ]


def kinds(report: Report) -> list[Bottleneck]:
    """All gaps of one kind of fix, or of two; what two kinds do is told only where it is more than one does."""
    alone = {row.fixes[0]: row.turned for row in report.bottleneck_kinds.itertuples() if len(row.fixes) == 1}
    return [
        Bottleneck(_all_of(row.fixes), row.turned, row.codes)
        for row in report.bottleneck_kinds.itertuples()
        if len(row.fixes) == 1 or row.turned > max(alone.get(fix, 0) for fix in row.fixes)
    ]


def reporting(report: Report) -> str:
    """What a report alone may do; "" where nobody is waited for."""
    waiting, likely = report.reporting.codes, report.reporting.likely
    if not waiting:
        return ""
    words = f"{text.number(len(waiting))} xã không thiếu điều gì đã biết, chỉ chờ báo cáo"
    if likely:
        words += f"; {text.number(len(likely))} xã trong đó có số cũ đều đạt, báo cáo lại là có thể xanh"
    return f"{words}."


def _criteria(report: Report) -> Mapping[str, Criterion]:
    return {criterion.code: criterion for criterion in report.gaps.criteria}


def _fix(criterion: Criterion) -> str:
    """`Khắc phục đường truyền`, `Mua sắm máy scan`."""
    return f"{told.FIXES[criterion.fix]} {told.inside(criterion.brief)}"


def _both(first: Criterion, second: Criterion) -> str:
    """`Khắc phục đường truyền và tốc độ mạng`, `Cấp chữ ký số và mua sắm máy scan`."""
    if first.fix == second.fix:
        return f"{_fix(first)} và {told.inside(second.brief)}"
    return f"{_fix(first)} và {told.inside(_fix(second))}"


def _all_of(fixes: tuple[str, ...]) -> str:
    """`Mọi việc mua sắm`, `Mọi việc cấp và mua sắm`."""
    return f"Mọi việc {' và '.join(told.inside(told.FIXES[fix]) for fix in fixes)}"


def _rechecked(report: Report, codes: tuple[str, ...]) -> str:
    """Where a visit found it, only another visit shows that it is fixed."""
    again = {code for code, needs in zip(report.codes, report.communes_by_fix["recheck"], strict=True) if needs}
    count = len(again.intersection(codes))
    return f"{text.number(count)} xã trong đó phải phúc tra" if count else ""
