"""Mistakes between the entries of a criteria file: days judged twice or by nothing, things counted twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import combinations, pairwise

from dashboard.indicators.criteria import FIRST_DAY, Criterion, Entry, Rule, is_valid


def overlaps(name: str, entries: Sequence[Entry]) -> list[str]:
    """Two entries in force on the same day would judge it twice."""
    ordered = sorted(entries, key=lambda entry: entry.valid_from)
    return [
        f"{name}, trường valid_to: hai mục cùng có hiệu lực ngày {later.valid_from}; đặt valid_to cho mục trước"
        for earlier, later in pairwise(ordered)
        if is_valid(earlier, later.valid_from)
    ]


def days_without(name: str, entries: Sequence[Entry]) -> list[str]:
    """Days from FIRST_DAY on that no entry judges."""
    mistakes, next_day = [], FIRST_DAY
    for entry in sorted(entries, key=lambda entry: entry.valid_from):
        if entry.valid_from > next_day:
            mistakes.append(
                f"{name}, trường valid_from: từ {next_day} đến {entry.valid_from - timedelta(days=1)} "
                "không có mục nào hiệu lực; mỗi ngày cần đúng một mục"
            )
        if entry.valid_to is None:
            return mistakes
        next_day = max(next_day, entry.valid_to + timedelta(days=1))
    return [*mistakes, f"{name}, trường valid_to: từ {next_day} không có mục nào hiệu lực; bỏ valid_to ở mục cuối"]


def counted_twice(criteria: Sequence[Criterion]) -> list[str]:
    """Criteria in force together that ask for the same thing would put it on a shopping list twice."""
    mistakes = []
    for one, other in combinations(criteria, 2):
        both_from = max(one.valid_from, other.valid_from)
        together = is_valid(one, both_from) and is_valid(other, both_from)
        if together and one.deciding == other.deciding:
            field = "part" if one.part else "measure"
            mistakes.append(
                f"tiêu chí {one.code} và {other.code}, trường {field}: cùng tính {one.deciding}; "
                "mỗi số đo chỉ thuộc một tiêu chí"
            )
    return mistakes


def nothing_to_judge(criteria: Sequence[Criterion], rules: Sequence[Rule]) -> list[str]:
    """Days on which green needs no criterion at all: everybody would be green, even who never reported."""
    starts = {max(FIRST_DAY, one.valid_from) for one in criteria} | {max(FIRST_DAY, one.valid_from) for one in rules}
    starts |= {max(FIRST_DAY, one.valid_to + timedelta(days=1)) for one in criteria if one.valid_to}
    empty = [
        day
        for day in sorted({FIRST_DAY, *starts})
        if not any(
            rule.needed_for_green(criterion)
            for rule in rules
            if is_valid(rule, day)
            for criterion in criteria
            if is_valid(criterion, day)
        )
    ]
    return [f"[[rule]], trường green_when: ngày {day} không có tiêu chí nào để xếp xanh" for day in empty[:1]]
