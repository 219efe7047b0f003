"""Bottlenecks as sentences: `Nếu khắc phục đường truyền tại 7 đơn vị thì thêm 5 đơn vị
đạt mức Xanh`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard import text
from dashboard.indicators.criteria import Criterion
from dashboard.indicators.report import Report
from dashboard.web.words import commune_panel

# All that one kind of fix comprises, as one would order it.
_ALL_OF_FIX = {
    "repair": "Khắc phục hết sự cố mạng",
    "issue": "Cấp đủ chữ ký số",
    "buy": "Mua sắm đủ thiết bị",
    "appoint": "Bố trí đủ nhân sự",
    "arrange": "Hoàn thiện hết điều kiện hỗ trợ",
}
# What is counted is given to a unit, what is there or not is put right at it.
_PLACE_WORDS = {"ratio": "cho", "number": "tại", "flag": "tại"}


@dataclass(frozen=True)
class Bottleneck:
    """What to do, how many communes it turns green (`turned`, their `codes`), a remark or ""."""

    words: str
    turned: int
    codes: tuple[str, ...]
    note: str = ""

    @property
    def sentence(self) -> str:
        return (
            f"Nếu {text.lower_first_letter(self.words)} thì thêm "
            f"{text.format_number(self.turned)} đơn vị đạt mức Xanh"
        )


def describe_single_fixes(report: Report) -> list[Bottleneck]:
    """One thing fixed everywhere, most effective first; only what turns somebody green."""
    criteria = _criteria_by_code(report)
    return [
        Bottleneck(
            _phrase_fix_at(criteria[row.criterion], row.lacking),
            row.turned,
            row.codes,
            _tell_rechecks(report, row.codes),
        )
        for row in report.readiness.bottlenecks.itertuples()
        if row.turned
    ]


def describe_fix_pairs(report: Report) -> list[Bottleneck]:
    """Two things together, where that does more than the better of them alone."""
    criteria = _criteria_by_code(report)
    return [
        Bottleneck(
            _phrase_both_fixes(criteria[row.first], criteria[row.second]),
            row.turned,
            row.codes,
            f"nhiều hơn {text.format_number(row.gain)} đơn vị so với chỉ thực hiện một trong hai",
        )
        for row in report.readiness.bottleneck_pairs.itertuples()
    ]


def describe_fix_kinds(report: Report) -> list[Bottleneck]:
    """All gaps of one kind of fix, or of two; what two kinds do is told only where it is more than
    one does.
    """
    alone = {
        row.fixes[0]: row.turned
        for row in report.readiness.bottleneck_kinds.itertuples()
        if len(row.fixes) == 1
    }
    return [
        Bottleneck(_phrase_all_fixes(row.fixes), row.turned, row.codes)
        for row in report.readiness.bottleneck_kinds.itertuples()
        if len(row.fixes) == 1 or row.turned > max(alone.get(fix, 0) for fix in row.fixes)
    ]


def tell_reports_awaited(report: Report) -> str:
    """What a report alone may do; "" where nobody is waited for."""
    waiting = report.readiness.reporting.codes
    likely = report.readiness.reporting.likely
    if not waiting:
        return ""
    words = (
        f"{text.format_number(len(waiting))} đơn vị chưa thấy thiếu điều kiện nào, chỉ chờ báo cáo"
    )
    if likely:
        words += (
            f"; {text.format_number(len(likely))} đơn vị trong đó có số cũ đều đạt, "
            "báo cáo lại là có thể đạt mức Xanh"
        )
    return f"{words}."


def _criteria_by_code(report: Report) -> Mapping[str, Criterion]:
    return {criterion.code: criterion for criterion in report.readiness.gaps.criteria}


def _phrase_fix(criterion: Criterion) -> str:
    """`Khắc phục đường truyền`, `Mua sắm đủ máy scan`."""
    enough = " đủ" if criterion.kind == "ratio" else ""
    verb = commune_panel.FIX_VERBS[criterion.fix]
    return f"{verb}{enough} {text.lower_first_letter(criterion.short_name)}"


def _phrase_fix_at(criterion: Criterion, communes: int) -> str:
    """`Khắc phục đường truyền tại 7 đơn vị`, `Cấp đủ chữ ký số cho 18 đơn vị`."""
    place = _PLACE_WORDS[criterion.kind]
    return f"{_phrase_fix(criterion)} {place} {text.format_number(communes)} đơn vị"


def _phrase_both_fixes(first: Criterion, second: Criterion) -> str:
    """`Khắc phục đường truyền và tốc độ mạng`, `Cấp đủ chữ ký số và mua sắm đủ máy
    scan`."""
    if first.fix == second.fix:
        return f"{_phrase_fix(first)} và {text.lower_first_letter(second.short_name)}"
    return f"{_phrase_fix(first)} và {text.lower_first_letter(_phrase_fix(second))}"


def _phrase_all_fixes(fixes: tuple[str, ...]) -> str:
    """`Mua sắm đủ thiết bị`, `Cấp đủ chữ ký số và mua sắm đủ thiết bị`."""
    words = [text.lower_first_letter(_ALL_OF_FIX[fix]) for fix in fixes]
    return text.upper_first_letter(" và ".join(words))


def _tell_rechecks(report: Report, codes: tuple[str, ...]) -> str:
    """Where a visit found it, only another visit shows that it is fixed."""
    again = {
        code
        for code, needs in zip(
            report.codes, report.readiness.communes_by_fix["recheck"], strict=True
        )
        if needs
    }
    count = len(again.intersection(codes))
    return f"{text.format_number(count)} đơn vị trong đó phải phúc tra" if count else ""
