"""/chi-so: what each number and colour means: the criteria in force on the day, and the catalogue of indicators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard import text
from dashboard.indicators.catalogue import GROUPS, INDICATORS
from dashboard.indicators.catalogue.entry import Indicator
from dashboard.indicators.catalogue.terms import FIXES
from dashboard.indicators.criteria import DIMENSIONS, Criterion, Rule
from dashboard.pages.document import Asked, Document
from dashboard.views import explain

_STATES = {
    "green": "Mọi tiêu chí cần cho màu xanh đều đạt, và số liệu còn mới.",
    "yellow": "Không có gì làm trung tâm ngừng việc, nhưng còn điều chưa đạt.",
    "red": "Có điều làm trung tâm không làm việc được.",
    "unknown": "Xã chưa từng báo cáo điều cần biết. Không phải đỏ, không phải 0.",
    "stale": "Báo cáo gần nhất đã quá hạn dùng, nên xã rời khỏi màu cũ.",
}
_WORDS = (
    ("76/148 xã xanh (51,4 %)", "Phần, toàn thể, tỷ lệ, luôn theo thứ tự này; toàn thể gồm cả xã chưa báo cáo."),
    ("chưa có dữ liệu", "Không nguồn nào nói tới; không phải 0."),
    ("không phát sinh", "Có số liệu, nhưng không có hồ sơ nào để tính tỷ lệ."),
    ("chưa đủ kỳ", "Kỳ để so sánh chưa trọn, nên không so."),
    ("tính đến …", "Lúc số liệu được chốt, không phải lúc mở trang."),
    ("✓", "Đã kiểm tra tại chỗ và kết quả còn hiệu lực; không có dấu là tự kê khai."),
    ("⚡ Khác kiểm tra", "Kết quả kiểm tra khác tự kê khai tới mức đổi màu."),
)


def _validity(entry: Any) -> str:
    until = f" đến {text.day(entry.valid_to)}" if entry.valid_to else ""
    return f"từ {text.day(entry.valid_from)}{until}"


def _entry(criterion: Criterion, rule: Rule) -> dict[str, Any]:
    return {
        "code": criterion.code,
        "name": criterion.name,
        "thresholds": explain.thresholds(criterion),
        "red_means": "xã đỏ" if rule.decides_red(criterion) else "xã vàng",
        "stale_after": text.number(criterion.stale_after_days),
        "why": criterion.why,
        "owner": criterion.owner,
        "validity": _validity(criterion),
        "fix": FIXES[criterion.fix].name.vi,
    }


def _indicator(one: Indicator) -> dict[str, Any]:
    first = next(known for known in INDICATORS.values() if known.values is one.values)
    return {
        "code": one.code,
        "name": one.name.vi,
        "unit": one.unit.vi,
        "meaning": one.meaning.vi,
        "formula": one.formula.vi,
        "source": one.source.vi,
        "edges": [edge.vi for edge in one.edges],
        "told": one.example.told.vi,
        "result": one.result_vi,
        # The same words are listed once and linked to from then on.
        "words": [(term.name.vi, term.meaning.vi) for term in one.values.values()] if first is one else [],
        "words_at": (first.code, first.name.vi) if first is not one else (),
    }


def _catalogue() -> list[tuple[str, str, list[dict[str, Any]]]]:
    return [(group.code, group.name.vi, [_indicator(one) for one in group.indicators]) for group in GROUPS]


def _rule(rule: Rule) -> dict[str, Any]:
    essential = rule.red_when == "essential"
    return {
        "red_when": "một tiêu chí thiết yếu đỏ" if essential else "một tiêu chí bất kỳ đỏ",
        "green_when": "mọi tiêu chí xanh" if rule.green_when == "all" else "mọi tiêu chí thiết yếu xanh",
        "expires": text.number(rule.verified_expires_after_days),
        "why": rule.why,
        "owner": rule.owner,
        "validity": _validity(rule),
    }


def found(asked: Asked) -> Mapping[str, Any]:
    """What meanings.html writes."""
    criteria, day = asked.reports.criteria, asked.day
    rule, on_day = criteria.rule_on(day), criteria.on(day)

    def headline() -> str:
        needed = sum(rule.needed_for_green(criterion) for criterion in on_day)
        return f"Xã xanh khi đạt cả {text.number(needed)} tiêu chí; chưa biết thì không tô màu"

    def applied() -> dict[str, Any]:
        within = {code: [_entry(one, rule) for one in on_day if one.dimension == code] for code in DIMENSIONS}
        owners = {one.owner for one in on_day}
        return {
            "groups": [(explain.DIMENSIONS[code], entries) for code, entries in within.items() if entries],
            # Said once where it is the same for all.
            "owner": owners.pop() if len(owners) == 1 else "",
        }

    def on_time() -> dict[str, Any]:
        now = criteria.throughput_on(day)
        return {
            "green_from": now.on_time_green_from,
            "red_below": now.on_time_red_below,
            "minimum": now.minimum_received,
            "why": now.why,
        }

    return {
        "headline": headline,
        "colours": lambda: list(_STATES.items()),
        "rules": lambda: _rule(rule),
        "criteria": applied,
        "other_criteria": lambda: [_entry(one, rule) for one in criteria.criteria if one not in on_day],
        "on_time": on_time,
        "catalogue": _catalogue,
        "words": lambda: _WORDS,
    }


DOCUMENT = Document("/chi-so", "Chỉ số", "meanings.html", found, "meanings")
