"""Criteria as data: what is counted, from which threshold, since when, and why.

`parse` checks everything at start-up and names the entry and field of every mistake at once.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal

from dashboard.errors import DashboardError
from dashboard.measures import MEASURES

DIMENSIONS = ("network", "digital_signature", "devices", "supporting")
Kind = Literal["flag", "number", "ratio"]


class CriteriaInvalid(DashboardError):
    """The criteria file has mistakes; the text lists each with its entry and field."""


@dataclass(frozen=True)
class Criterion:
    """One condition. A ratio is part ÷ whole; thresholds in the unit of the value (ratios 0 to 1)."""

    code: str
    name: str
    dimension: str
    kind: Kind
    essential: bool
    stale_after_days: int
    valid_from: date
    why: str
    owner: str
    short: str = ""
    measure: str = ""
    part: str = ""
    whole: str = ""
    unit: str = ""
    green_from: float = 1.0
    red_below: float = 0.0
    valid_to: date | None = None

    def is_valid(self, day: date) -> bool:
        """Whether this entry is in force on `day`; `valid_to` is its last day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def brief(self) -> str:
        """The name for a line of reasons."""
        return self.short or self.name

    @property
    def measures(self) -> tuple[str, ...]:
        return (self.part, self.whole) if self.kind == "ratio" else (self.measure,)


@dataclass(frozen=True)
class Criteria:
    """The whole rule: criteria with their validity, how long a visit counts, when dossiers are on time."""

    criteria: tuple[Criterion, ...]
    verified_expires_after_days: int
    on_time_green_from: float
    on_time_red_below: float
    minimum_received: int

    def on(self, day: date) -> tuple[Criterion, ...]:
        """The criteria in force on a day."""
        return tuple(criterion for criterion in self.criteria if criterion.is_valid(day))

    @cached_property
    def measures(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(measure for criterion in self.criteria for measure in criterion.measures))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


_TYPES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "str": (lambda v: isinstance(v, str) and bool(v), "chữ, không để trống"),
    "Kind": (lambda v: v in ("flag", "number", "ratio"), "flag, number hoặc ratio"),
    "bool": (lambda v: isinstance(v, bool), "true hoặc false"),
    "int": (lambda v: isinstance(v, int) and not isinstance(v, bool) and v >= 0, "số nguyên không âm"),
    "float": (_is_number, "số"),
    "date": (lambda v: type(v) is date, "ngày dạng 2025-07-01"),
    "date | None": (lambda v: type(v) is date, "ngày dạng 2025-07-01"),
}


def parse(content: str, file: str) -> Criteria:
    """Read a criteria file's text. Raises CriteriaInvalid naming `file`, entry and field of each mistake."""
    try:
        raw = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise CriteriaInvalid(f"{file}: không phải TOML đúng ({error}); sửa chỗ đó rồi khởi động lại") from error
    mistakes: list[str] = []
    entries = raw.get("criterion")
    if not isinstance(entries, list) or not entries:
        entries = []
        mistakes.append("thiếu mục [[criterion]]; cần ít nhất một tiêu chí")
    found = []
    for place, entry in enumerate(entries, start=1):
        where = f"tiêu chí {place} ({entry.get('code', 'không có code')})"
        problems = _mistakes_of({"owner": raw.get("owner", ""), **entry})
        mistakes += [f"{where}, {problem}" for problem in problems]
        if not problems:
            found.append(Criterion(**{"owner": raw.get("owner", ""), **_with_flag_thresholds(entry)}))
    mistakes += _overlaps(found)
    numbers: dict[str, Any] = {}
    for table, field, whole in (
        ("verified", "expires_after_days", True),
        ("throughput", "on_time_green_from", False),
        ("throughput", "on_time_red_below", False),
        ("throughput", "minimum_received", True),
    ):
        value = raw.get(table, {}).get(field) if isinstance(raw.get(table, {}), dict) else None
        if not _TYPES["int" if whole else "float"][0](value):
            mistakes.append(f"[{table}] {field}: {value!r} không dùng được; cần {'số nguyên' if whole else 'số'}")
        numbers[field] = value
    if mistakes:
        raise CriteriaInvalid(f"{file} có {len(mistakes)} lỗi:\n  " + "\n  ".join(mistakes))
    return Criteria(
        tuple(found),
        verified_expires_after_days=numbers["expires_after_days"],
        on_time_green_from=numbers["on_time_green_from"],
        on_time_red_below=numbers["on_time_red_below"],
        minimum_received=numbers["minimum_received"],
    )


def _with_flag_thresholds(entry: dict[str, Any]) -> dict[str, Any]:
    """A flag has no thresholds of its own: yes (1) is green, no (0) is red, or yellow where it is not essential."""
    if entry["kind"] != "flag":
        return entry
    return {**entry, "green_from": 1.0, "red_below": 1.0 if entry["essential"] else 0.0}


def _mistakes_of(entry: dict[str, Any]) -> list[str]:
    mistakes = []
    known = {field.name: str(field.type) for field in fields(Criterion)}
    needs = {"code", "name", "dimension", "kind", "essential", "stale_after_days", "valid_from", "why", "owner"}
    kind = entry.get("kind")
    needs |= {"part", "whole"} if kind == "ratio" else {"measure"}
    needs |= set() if kind == "flag" else {"green_from", "red_below"}
    mistakes += [f"trường {name}: thiếu; hãy thêm" for name in sorted(needs - entry.keys())]
    for name, value in entry.items():
        if name not in known:
            mistakes.append(f"trường {name}: không có trường này; xóa hoặc sửa tên")
        elif not _TYPES[known[name]][0](value):
            mistakes.append(f"trường {name}: {value!r} không dùng được; cần {_TYPES[known[name]][1]}")
    if isinstance(entry.get("dimension"), str) and entry["dimension"] not in DIMENSIONS:
        mistakes.append(f"trường dimension: {entry['dimension']!r} không có; chọn {', '.join(DIMENSIONS)}")
    for name in ("measure", "part", "whole"):
        if name in entry and entry[name] not in MEASURES:
            mistakes.append(f"trường {name}: {entry[name]!r} không phải số đo đã biết")
    green, red = entry.get("green_from"), entry.get("red_below")
    if _is_number(green) and _is_number(red) and red > green:  # type: ignore[operator]
        mistakes.append("trường red_below: lớn hơn green_from; ngưỡng đỏ phải thấp hơn ngưỡng xanh")
    return mistakes


def _overlaps(found: list[Criterion]) -> list[str]:
    """Two entries of one code in force on the same day would judge it twice."""
    mistakes = []
    by_code: dict[str, list[Criterion]] = {}
    for criterion in found:
        by_code.setdefault(criterion.code, []).append(criterion)
    for code, entries in by_code.items():
        entries.sort(key=lambda entry: entry.valid_from)
        for earlier, later in pairwise(entries):
            if earlier.is_valid(later.valid_from):
                mistakes.append(f"tiêu chí {code}: hai mục cùng có hiệu lực ngày {later.valid_from}; đặt valid_to")
    return mistakes
