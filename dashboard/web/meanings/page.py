"""/chi-so: what each number and colour means: the criteria in force on the day, and the catalogue
of indicators.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard import text
from dashboard.indicators.catalogue import GROUPS, TERMS, find_first_with_values
from dashboard.indicators.catalogue.entries import Indicator
from dashboard.indicators.criteria import DIMENSIONS, Criterion, ReadinessRule
from dashboard.web.documents.document import Document, PageRequest
from dashboard.web.words import explain

_STATE_MEANINGS = {
    "green": "Mọi tiêu chí cần cho màu xanh đều đạt, và số liệu còn mới.",
    "yellow": "Không có gì làm trung tâm ngừng việc, nhưng còn điều chưa đạt.",
    "red": "Có điều làm trung tâm không làm việc được.",
    "unknown": "Đơn vị chưa từng báo cáo điều cần biết. Không phải đỏ, không phải 0.",
    "stale": "Báo cáo gần nhất đã quá thời hạn cập nhật, nên đơn vị không còn được xếp mức.",
}
_WORD_MEANINGS = (
    (
        "76/148 đơn vị đạt mức Xanh (51,4%)",
        "Phần, toàn thể, tỷ lệ, luôn theo thứ tự này; toàn thể gồm cả đơn vị chưa báo cáo.",
    ),
    ("chưa có dữ liệu", "Không nguồn nào nói tới; không phải 0."),
    ("không phát sinh", "Có số liệu, nhưng không có hồ sơ nào để tính tỷ lệ."),
    ("chưa đủ kỳ", "Kỳ để so sánh chưa trọn, nên không so."),
    ("tính đến …", "Lúc số liệu được chốt, không phải lúc mở trang."),
    ("✓", "Đã kiểm tra tại chỗ và kết quả còn hiệu lực; không có dấu là tự kê khai."),
    ("⚡ Khác kiểm tra", "Kết quả kiểm tra khác tự kê khai tới mức đổi màu."),
)


def _tell_validity(entry: Any) -> str:
    until = f" đến {text.format_day(entry.valid_to)}" if entry.valid_to else ""
    return f"từ {text.format_day(entry.valid_from)}{until}"


def _describe_criterion(criterion: Criterion, rule: ReadinessRule) -> dict[str, Any]:
    return {
        "code": criterion.code,
        "name": criterion.name,
        "thresholds": explain.tell_thresholds(criterion),
        "red_means": "đơn vị mức Đỏ" if rule.decides_red(criterion) else "đơn vị mức Vàng",
        "stale_after": text.format_number(criterion.stale_after_days),
        "why": criterion.why,
        "owner": criterion.owner,
        "validity": _tell_validity(criterion),
        "fix": TERMS["fixes"][criterion.fix].name.vi,
    }


def _describe_indicator(indicator: Indicator) -> dict[str, Any]:
    terms = indicator.terms
    first = find_first_with_values(indicator)
    # The same words are listed once and linked to from then on.
    listed_here = first is indicator
    listed_terms = terms.values() if listed_here else ()
    return {
        "code": indicator.code,
        "name": indicator.name.vi,
        "unit": indicator.unit.vi,
        "meaning": indicator.meaning.vi,
        "formula": indicator.formula.vi,
        "source": indicator.source.vi,
        "edges": [edge.vi for edge in indicator.edges],
        "example": indicator.example.facts.vi,
        "result": indicator.result_vi,
        "words": [(term.name.vi, term.meaning.vi) for term in listed_terms],
        "words_at": () if listed_here else (first.code, first.name.vi),
    }


def _list_catalogue() -> list[tuple[str, str, list[dict[str, Any]]]]:
    return [
        (group.code, group.name.vi, [_describe_indicator(entry) for entry in group.indicators])
        for group in GROUPS
    ]


_GREEN_WHEN = {"all": "mọi tiêu chí xanh", "essential": "mọi tiêu chí thiết yếu xanh"}


def _describe_rule(rule: ReadinessRule) -> dict[str, Any]:
    essential = rule.red_when == "essential"
    return {
        "red_when": "một tiêu chí thiết yếu đỏ" if essential else "một tiêu chí bất kỳ đỏ",
        "green_when": _GREEN_WHEN[rule.green_when],
        "expires": text.format_number(rule.verified_expires_after_days),
        "why": rule.why,
        "owner": rule.owner,
        "validity": _tell_validity(rule),
    }


def build_meanings_context(page_request: PageRequest) -> Mapping[str, Any]:
    """What page.html writes."""
    criteria = page_request.reports.criteria
    day = page_request.day
    rule = criteria.rule_on(day)
    on_day = criteria.on(day)

    def headline() -> str:
        needed = sum(rule.needed_for_green(criterion) for criterion in on_day)
        return (
            f"Đơn vị đạt mức Xanh khi đạt cả {text.format_number(needed)} tiêu chí; "
            "chưa có thông tin thì không tô màu"
        )

    def applied() -> dict[str, Any]:
        entries_of_dimension = {
            code: [
                _describe_criterion(criterion, rule)
                for criterion in on_day
                if criterion.dimension == code
            ]
            for code in DIMENSIONS
        }
        owners = {criterion.owner for criterion in on_day}
        return {
            "groups": [
                (explain.DIMENSIONS[code], entries)
                for code, entries in entries_of_dimension.items()
                if entries
            ],
            # Said once where it is the same for all.
            "owner": owners.pop() if len(owners) == 1 else "",
        }

    def on_time() -> dict[str, Any]:
        thresholds = criteria.throughput_on(day)
        return {
            "green_from": thresholds.on_time_green_from,
            "red_below": thresholds.on_time_red_below,
            "minimum": thresholds.minimum_received,
            "why": thresholds.why,
        }

    return {
        "headline": headline,
        "colours": lambda: list(_STATE_MEANINGS.items()),
        "rules": lambda: _describe_rule(rule),
        "criteria": applied,
        "other_criteria": lambda: [
            _describe_criterion(criterion, rule)
            for criterion in criteria.criteria
            if criterion not in on_day
        ],
        "on_time": on_time,
        "catalogue": _list_catalogue,
        "words": lambda: _WORD_MEANINGS,
    }


MEANINGS_DOCUMENT = Document(
    "/chi-so", "Cách tính", "meanings/page.html", build_meanings_context, "meanings"
)
