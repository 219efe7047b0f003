"""What was published of a province, as it was published: beside what the screen tells of the same
day, and why the two differ.
"""

from __future__ import annotations

from datetime import date

from dashboard import reference, sample, text
from dashboard.indicators import levels
from dashboard.indicators.report import Report
from dashboard.sample import PublishedFact
from dashboard.web.words.explain import DIMENSIONS

REPRODUCED = "trùng với số của nguồn"
_RELATIONS = {"over": "hơn "}
# Facts that say that something is so, not how much of it.
_WITHOUT_AMOUNT = ("cờ",)


def list_facts(province: str) -> list[PublishedFact]:
    """Every published figure of a province, newest first."""
    facts = [fact for fact in sample.PUBLISHED_FACTS if fact.province == province]
    return sorted(facts, key=lambda fact: (fact.day_to, fact.day_from), reverse=True)


def tell_fact(fact: PublishedFact) -> str:
    """`76 xã: số xã, phường được phủ xanh (trên 148)`, the figure as its source printed it; of one
    commune behind its name.
    """
    if not fact.commune or fact.unit in _WITHOUT_AMOUNT:
        return _tell_amount(fact)
    return f"{reference.load_communes().at[fact.commune, 'name']}: {_tell_amount(fact)}"


def _tell_amount(fact: PublishedFact) -> str:
    if fact.unit in _WITHOUT_AMOUNT:
        return fact.figure
    digits = len(f"{fact.value:g}".partition(".")[2])
    if fact.unit == "%":
        amount = text.format_percent(fact.value / 100, digits)
    elif fact.unit == "hạng":
        amount = f"hạng {text.format_number(fact.value)}"
    else:
        amount = f"{text.format_number(fact.value, digits)} {fact.unit}"
    if fact.unit == "%" and fact.figure.startswith("xã "):  # a share of the communes
        return f"{amount} {fact.figure}"
    if fact.figure.startswith(f"{fact.unit} "):
        return f"{_RELATIONS.get(fact.relation, '')}{amount}{fact.figure.removeprefix(fact.unit)}"
    return f"{_RELATIONS.get(fact.relation, '')}{amount}: {fact.figure}"


def tell_fact_days(fact: PublishedFact) -> str:
    """`13/07/2025`, `01/07–14/07/2025`, `năm 2022`."""
    first = fact.day_from
    last = fact.day_to
    if (first, last) == (date(first.year, 1, 1), date(first.year, 12, 31)):
        return f"năm {first.year}"
    return text.format_day_range(first, last)


def tell_facts_of_day(report: Report) -> str:
    """What was published of the report's very day and cannot stand on its screen, with the counts
    that do and why; "" where nothing was.
    """
    lines = [
        f"“{tell_fact(fact)}” ({fact.source}){_count_here(report, fact)}: {fact.remark}"
        for fact in list_facts(report.snapshot.province)
        if not fact.modelled and fact.day_from == fact.day_to == report.today
    ]
    return "; ".join(lines)


def _count_here(report: Report, fact: PublishedFact) -> str:
    """`; ở đây mạng 121/148, chữ ký số 114/148 đơn vị đạt mức Xanh`, of the fact's
    dimensions.
    """
    counts = []
    for dimension in fact.dimensions:
        if dimension in report.readiness.assessment.dimensions:
            level = report.readiness.assessment.dimensions[dimension]
            green = levels.count_levels(level)["green"]
            name = text.lower_first_letter(DIMENSIONS[dimension])
            counts.append(f"{name} {text.format_part(green, level.size)}")
    return f"; ở đây {', '.join(counts)} đơn vị đạt mức Xanh" if counts else ""
