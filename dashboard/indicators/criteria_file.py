"""The criteria file: read at start-up, every mistake named at once with file, entry and field.

Its tables: `[[criterion]]`, `[[rule]]`, `[[throughput]]`, `[[source]]`, `[[peer_flag]]` and a
common `owner`.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from datetime import date, timedelta
from itertools import combinations, pairwise
from typing import Any, TypeVar

from dashboard.errors import DashboardError
from dashboard.indicators.criteria import (
    DIMENSIONS,
    FIRST_DAY,
    Criteria,
    Criterion,
    Entry,
    PeerFlag,
    ReadinessRule,
    ReportingRhythm,
    ThroughputRule,
    is_valid,
)
from dashboard.measures import MEASURES

# Mistakes between the entries of a criteria file: days judged twice or by nothing, things counted
# twice.


def find_overlaps(name: str, entries: Sequence[Entry]) -> list[str]:
    """Two entries in force on the same day would judge it twice."""
    ordered = sorted(entries, key=lambda entry: entry.valid_from)
    return [
        f"{name}, trường valid_to: hai mục cùng có hiệu lực ngày {later.valid_from}; đặt "
        "valid_to cho mục trước"
        for earlier, later in pairwise(ordered)
        if is_valid(earlier, later.valid_from)
    ]


def find_days_without_entry(name: str, entries: Sequence[Entry]) -> list[str]:
    """Days from FIRST_DAY on that no entry judges."""
    mistakes, next_day = [], FIRST_DAY
    for entry in sorted(entries, key=lambda entry: entry.valid_from):
        if entry.valid_from > next_day:
            mistakes.append(
                f"{name}, trường valid_from: từ {next_day} đến "
                f"{entry.valid_from - timedelta(days=1)} "
                "không có mục nào hiệu lực; mỗi ngày cần đúng một mục"
            )
        if entry.valid_to is None:
            return mistakes
        next_day = max(next_day, entry.valid_to + timedelta(days=1))
    return [
        *mistakes,
        f"{name}, trường valid_to: từ {next_day} không có mục nào hiệu lực; bỏ valid_to ở mục cuối",
    ]


def find_double_counting(criteria: Sequence[Criterion]) -> list[str]:
    """Criteria in force together that ask for the same thing would put it on a shopping
    list twice.
    """
    mistakes = []
    for first, second in combinations(criteria, 2):
        both_from = max(first.valid_from, second.valid_from)
        together = is_valid(first, both_from) and is_valid(second, both_from)
        if together and first.deciding == second.deciding:
            field = "part" if first.part else "measure"
            mistakes.append(
                f"tiêu chí {first.code} và {second.code}, trường {field}: cùng tính "
                f"{first.deciding}; "
                "mỗi số đo chỉ thuộc một tiêu chí"
            )
    return mistakes


def find_days_without_criteria(
    criteria: Sequence[Criterion], rules: Sequence[ReadinessRule]
) -> list[str]:
    """Days on which green needs no criterion at all: everybody would be green, even who never
    reported.
    """
    starts = {max(FIRST_DAY, entry.valid_from) for entry in criteria} | {
        max(FIRST_DAY, entry.valid_from) for entry in rules
    }
    starts |= {
        max(FIRST_DAY, entry.valid_to + timedelta(days=1)) for entry in criteria if entry.valid_to
    }
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
    return [
        f"[[rule]], trường green_when: ngày {day} không có tiêu chí nào để xếp xanh"
        for day in empty[:1]
    ]


# The kinds of files (dashboard.sources), which this package must not import; a test compares.
SOURCE_KINDS = (
    "readiness",
    "dossier_report",
    "dossiers",
    "certificates",
    "portal_progress",
    "visits",
    "device_inventory",
    "probe_log",
    "exported",
)
TableEntry = TypeVar("TableEntry")
RawTable = dict[str, Any]


class CriteriaInvalid(DashboardError):
    """The criteria file has mistakes; the text lists each with its entry and field."""


def _is_number(value: Any) -> bool:
    # TOML knows nan and inf; a threshold that is neither reached nor missed judges nothing.
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _is_natural_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_codes(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(v, str) and len(v) == 5 for v in value)
    )


def _one_of(*words: str) -> tuple[Callable[[Any], bool], str]:
    return lambda value: value in words, " hoặc ".join(words)


# By the type that is written at the dataclass's field: what a value may be, and how to say it.
_TYPES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "str": (lambda v: isinstance(v, str) and bool(v), "chữ, không để trống"),
    "bool": (lambda v: isinstance(v, bool), "true hoặc false"),
    "int": (_is_natural_number, "số nguyên không âm"),
    "float": (_is_number, "số"),
    "date": (lambda v: type(v) is date, "ngày dạng 2025-07-01"),
    "date | None": (lambda v: type(v) is date, "ngày dạng 2025-07-01"),
    "tuple[str, ...]": (_is_codes, 'các mã xã năm chữ số, ví dụ ["21025", "21028"]'),
    "Kind": _one_of("flag", "number", "ratio"),
    "Fix": _one_of("buy", "issue", "repair", "appoint", "arrange"),
    "Literal['essential', 'any']": _one_of("essential", "any"),
    "Literal['all', 'essential']": _one_of("all", "essential"),
}
# Table in the file, its name in a message, the field that tells an entry from the others, its
# class.
_TABLES: dict[str, tuple[str, str, type[Any]]] = {
    "criterion": ("tiêu chí", "code", Criterion),
    "rule": ("quy tắc [[rule]]", "valid_from", ReadinessRule),
    "throughput": ("ngưỡng [[throughput]]", "valid_from", ThroughputRule),
    "source": ("nguồn [[source]]", "kind", ReportingRhythm),
    "peer_flag": ("nhóm [[peer_flag]]", "code", PeerFlag),
}
_REQUIRED_TABLES = ("criterion", "rule", "throughput")


def parse_criteria(content: str, file: str) -> Criteria:
    """Read a criteria file's text. Raises CriteriaInvalid naming `file`, entry and field of each
    mistake.
    """
    try:
        raw = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise CriteriaInvalid(
            f"{file}: không phải TOML đúng ({error}); sửa chỗ đó rồi khởi động lại"
        ) from error
    mistakes = [
        f"mục {name}: không có mục này; xóa hoặc sửa tên"
        for name in raw.keys() - _TABLES.keys() - {"owner"}
    ]
    criteria = _entries(raw, "criterion", Criterion, _wrong_criterion, mistakes)
    rules = _entries(raw, "rule", ReadinessRule, _nothing_more, mistakes)
    throughput = _entries(raw, "throughput", ThroughputRule, _wrong_shares, mistakes)
    rhythms = _entries(raw, "source", ReportingRhythm, _wrong_rhythm, mistakes)
    flags = _entries(raw, "peer_flag", PeerFlag, _nothing_more, mistakes)
    by_code: dict[str, list[Criterion]] = {}
    for criterion in criteria:
        by_code.setdefault(criterion.code, []).append(criterion)
    for code, dated in by_code.items():
        mistakes += find_overlaps(f"tiêu chí {code}", dated)
    for name, every_day in (("rule", rules), ("throughput", throughput)):
        # Where an entry could not be read, its days are not missing as well.
        if every_day and len(every_day) == len(raw[name]):
            mistakes += find_overlaps(f"[[{name}]]", every_day) + find_days_without_entry(
                f"[[{name}]]", every_day
            )
    for table, names in (
        ("source", [entry.kind for entry in rhythms]),
        ("peer_flag", [entry.code for entry in flags]),
    ):
        twice = sorted({name for name in names if names.count(name) > 1})
        mistakes += [f"[[{table}]] {name}: ghi hai lần; chỉ giữ một" for name in twice]
    if not mistakes:
        mistakes += find_double_counting(criteria) + find_days_without_criteria(criteria, rules)
    if mistakes:
        raise CriteriaInvalid(f"{file} có {len(mistakes)} lỗi:\n  " + "\n  ".join(mistakes))
    return Criteria(
        tuple(criteria),
        tuple(sorted(rules, key=lambda rule: rule.valid_from)),
        tuple(sorted(throughput, key=lambda rule: rule.valid_from)),
        {rhythm.kind: rhythm for rhythm in rhythms},
        tuple(flags),
    )


def _entries(
    raw: RawTable,
    table: str,
    entry_class: type[TableEntry],
    wrong: Callable[[RawTable], list[str]],
    mistakes: list[str],
) -> list[TableEntry]:
    """The entries of a table that are right; what is wrong in the others is added to `mistakes`."""
    word, label, _ = _TABLES[table]
    entries = raw.get(table, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        mistakes.append(f"mục {table}: phải viết [[{table}]], mỗi mục một lần")
        return []
    if not entries and table in _REQUIRED_TABLES:
        mistakes.append(f"thiếu mục [[{table}]]; cần ít nhất một mục")
    fields_by_name: dict[str, Field[Any]] = {field.name: field for field in fields(entry_class)}  # type: ignore[arg-type]
    parsed = []
    for position, entry in enumerate(entries, start=1):
        with_owner = {
            **({"owner": raw["owner"]} if "owner" in raw and "owner" in fields_by_name else {}),
            **entry,
        }
        problems = _wrong_fields(with_owner, fields_by_name) + wrong(with_owner)
        where = f"{word} {position} ({entry.get(label, f'không có {label}')})"
        mistakes += [f"{where}, trường {problem}" for problem in problems]
        if not problems:
            parsed.append(
                entry_class(
                    **{
                        name: tuple(v) if isinstance(v, list) else v
                        for name, v in with_owner.items()
                    }
                )
            )
    return parsed


def _wrong_fields(entry: RawTable, fields_by_name: Mapping[str, Field[Any]]) -> list[str]:
    mistakes = [
        f"{name}: thiếu; hãy thêm"
        for name, field in sorted(fields_by_name.items())
        if field.default is MISSING and name not in entry
    ]
    for name, value in entry.items():
        if name not in fields_by_name:
            mistakes.append(f"{name}: không có trường này; xóa hoặc sửa tên")
            continue
        fits, expected = _TYPES[str(fields_by_name[name].type).replace('"', "'")]
        if not fits(value):
            mistakes.append(f"{name}: {value!r} không dùng được; cần {expected}")
    first, last = entry.get("valid_from"), entry.get("valid_to")
    if type(first) is date and type(last) is date and last < first:
        mistakes.append("valid_to: trước valid_from; sửa một trong hai")
    return mistakes


def _nothing_more(_: RawTable) -> list[str]:
    """Fields of this table say all by their types."""
    return []


def _wrong_criterion(entry: RawTable) -> list[str]:
    """What a criterion's kind asks for; a flag has no thresholds of its own and is given
    them here.
    """
    criterion_kind = entry.get("kind")
    ratio, flag = criterion_kind == "ratio", criterion_kind == "flag"
    needs = {"part", "whole"} if ratio else {"measure"}
    needs |= set() if flag else {"green_from", "red_below"}
    mistakes = [f"{name}: thiếu; hãy thêm" for name in sorted(needs - entry.keys())]
    foreign = {
        "part",
        "whole",
        "measure",
        *(["green_from", "red_below", "unit"] if flag else []),
    } - needs
    mistakes += [
        f"{name}: kind = {criterion_kind!r} không dùng; xóa"
        for name in sorted(foreign & entry.keys())
    ]
    if isinstance(entry.get("dimension"), str) and entry["dimension"] not in DIMENSIONS:
        mistakes.append(f"dimension: {entry['dimension']!r} không có; chọn {', '.join(DIMENSIONS)}")
    for name in ("measure", "part", "whole"):
        if isinstance(entry.get(name), str) and entry[name] not in MEASURES:
            mistakes.append(f"{name}: {entry[name]!r} không phải số đo đã biết")
    if flag:
        # Yes (1) is green, no (0) is red, or yellow where it is not essential.
        entry |= {"green_from": 1.0, "red_below": 1.0 if entry.get("essential") else 0.0}
    return mistakes + _wrong_thresholds(entry, "green_from", "red_below", share=ratio)


def _wrong_shares(entry: RawTable) -> list[str]:
    return _wrong_thresholds(entry, "on_time_green_from", "on_time_red_below", share=True)


def _wrong_thresholds(entry: RawTable, green: str, red: str, *, share: bool) -> list[str]:
    thresholds = {name: entry[name] for name in (green, red) if _is_number(entry.get(name))}
    mistakes = [
        f"{name}: {value} không phải tỷ lệ; ghi từ 0 đến 1 (80 % là 0.8)"
        for name, value in thresholds.items()
        if share and not 0 <= value <= 1
    ]
    if len(thresholds) == 2 and thresholds[red] > thresholds[green]:
        mistakes.append(f"{red}: lớn hơn {green}; ngưỡng đỏ phải thấp hơn ngưỡng xanh")
    return mistakes


def _wrong_rhythm(entry: RawTable) -> list[str]:
    mistakes = []
    if isinstance(entry.get("kind"), str) and entry["kind"] not in SOURCE_KINDS:
        mistakes.append(
            f"kind: {entry['kind']!r} không phải loại tệp đã biết; chọn {', '.join(SOURCE_KINDS)}"
        )
    if entry.get("expected_every_days") == 0:
        mistakes.append("expected_every_days: ít nhất 1; nguồn không định kỳ thì không ghi mục này")
    return mistakes
