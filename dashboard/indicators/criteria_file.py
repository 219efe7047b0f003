"""The criteria file: read at start-up, every mistake named at once with file, entry and field.

Its tables: `[[criterion]]`, `[[rule]]`, `[[throughput]]`, `[[source]]`, `[[peer_flag]]` and a
common `owner`.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import date, timedelta
from itertools import combinations, pairwise
from typing import Any, TypeVar, get_args, get_type_hints

from pydantic import TypeAdapter, ValidationError

from dashboard.errors import DashboardError
from dashboard.file_kinds import KIND_NAMES
from dashboard.indicators.criteria import (
    DIMENSIONS,
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
from dashboard.reference import FIRST_DAY

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
    mistakes = []
    next_day = FIRST_DAY
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


TableEntry = TypeVar("TableEntry")
RawTable = dict[str, Any]


class CriteriaInvalid(DashboardError):
    """The criteria file has mistakes; the text lists each with its entry and field."""


# Table in the file: its name in a message, the field that tells an entry from the others.
_TABLES = {
    "criterion": ("tiêu chí", "code"),
    "rule": ("quy tắc [[rule]]", "valid_from"),
    "throughput": ("ngưỡng [[throughput]]", "valid_from"),
    "source": ("nguồn [[source]]", "kind"),
    "peer_flag": ("nhóm [[peer_flag]]", "code"),
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
    criteria = _read_entries(raw, "criterion", Criterion, _find_wrong_criterion, mistakes)
    criteria = [_complete_flag(criterion) for criterion in criteria]
    rules = _read_entries(raw, "rule", ReadinessRule, _find_nothing, mistakes)
    throughput = _read_entries(raw, "throughput", ThroughputRule, _find_wrong_shares, mistakes)
    rhythms = _read_entries(raw, "source", ReportingRhythm, _find_wrong_rhythm, mistakes)
    flags = _read_entries(raw, "peer_flag", PeerFlag, _find_nothing, mistakes)
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


def _read_entries(
    raw: RawTable,
    table: str,
    entry_class: type[TableEntry],
    find_wrong: Callable[[RawTable], list[str]],
    mistakes: list[str],
) -> list[TableEntry]:
    """The entries of a table that are right; what is wrong in the others is added to `mistakes`."""
    word, label = _TABLES[table]
    entries = raw.get(table, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        mistakes.append(f"mục {table}: phải viết [[{table}]], mỗi mục một lần")
        return []
    if not entries and table in _REQUIRED_TABLES:
        mistakes.append(f"thiếu mục [[{table}]]; cần ít nhất một mục")
    entry_fields = fields(entry_class)  # type: ignore[arg-type]
    has_owner = any(field.name == "owner" for field in entry_fields)
    common = {"owner": raw["owner"]} if has_owner and "owner" in raw else {}
    parsed_entries = []
    for position, own_fields in enumerate(entries, start=1):
        entry = {**common, **own_fields}
        parsed, problems = _validate_fields(entry_class, entry)
        problems += _find_reversed_days(entry) + find_wrong(entry)
        where = f"{word} {position} ({own_fields.get(label, f'không có {label}')})"
        mistakes += [f"{where}, trường {problem}" for problem in problems]
        if parsed is not None and not problems:
            parsed_entries.append(parsed)
    return parsed_entries


def _validate_fields(
    entry_class: type[TableEntry], entry: RawTable
) -> tuple[TableEntry | None, list[str]]:
    """The entry as its class, else what is wrong: what is missing, then by the order written."""
    try:
        return TypeAdapter(entry_class).validate_python(entry), []
    except ValidationError as error:
        types = {str(problem["loc"][0]): problem["type"] for problem in error.errors()}
    hints = get_type_hints(entry_class, include_extras=True)
    mistakes = [f"{name}: thiếu; hãy thêm" for name in sorted(types.keys() - entry.keys())]
    for name in (name for name in entry if name in types):
        if types[name] == "unexpected_keyword_argument":
            mistakes.append(f"{name}: không có trường này; xóa hoặc sửa tên")
        else:
            expected = get_args(hints[name])[-1].description
            mistakes.append(f"{name}: {entry[name]!r} không dùng được; cần {expected}")
    return None, mistakes


def _find_reversed_days(entry: RawTable) -> list[str]:
    first = entry.get("valid_from")
    last = entry.get("valid_to")
    if type(first) is date and type(last) is date and last < first:
        return ["valid_to: trước valid_from; sửa một trong hai"]
    return []


def _find_nothing(_: RawTable) -> list[str]:
    """Fields of this table say all by their types."""
    return []


def _complete_flag(criterion: Criterion) -> Criterion:
    """A flag has no thresholds of its own: yes (1) is green, no (0) is red, or yellow where it is
    not essential.
    """
    if criterion.kind != "flag":
        return criterion
    return replace(criterion, green_from=1.0, red_below=1.0 if criterion.essential else 0.0)


def _find_wrong_criterion(entry: RawTable) -> list[str]:
    """What a criterion's kind asks for."""
    criterion_kind = entry.get("kind")
    ratio = criterion_kind == "ratio"
    flag = criterion_kind == "flag"
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
        return mistakes
    return mistakes + _find_wrong_thresholds(entry, "green_from", "red_below", share=ratio)


def _find_wrong_shares(entry: RawTable) -> list[str]:
    return _find_wrong_thresholds(entry, "on_time_green_from", "on_time_red_below", share=True)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _find_wrong_thresholds(entry: RawTable, green: str, red: str, *, share: bool) -> list[str]:
    thresholds = {name: entry[name] for name in (green, red) if _is_number(entry.get(name))}
    mistakes = [
        f"{name}: {value} không phải tỷ lệ; ghi từ 0 đến 1 (80% là 0.8)"
        for name, value in thresholds.items()
        if share and not 0 <= value <= 1
    ]
    if len(thresholds) == 2 and thresholds[red] > thresholds[green]:
        mistakes.append(f"{red}: lớn hơn {green}; ngưỡng đỏ phải thấp hơn ngưỡng xanh")
    return mistakes


def _find_wrong_rhythm(entry: RawTable) -> list[str]:
    mistakes = []
    if isinstance(entry.get("kind"), str) and entry["kind"] not in KIND_NAMES:
        mistakes.append(
            f"kind: {entry['kind']!r} không phải loại tệp đã biết; chọn {', '.join(KIND_NAMES)}"
        )
    if entry.get("expected_every_days") == 0:
        mistakes.append("expected_every_days: ít nhất 1; nguồn không định kỳ thì không ghi mục này")
    return mistakes
