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
from functools import cache
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
from dashboard.messages import Message, join_messages, write_message
from dashboard.reference import FIRST_DAY

# Mistakes between the entries of a criteria file: days judged twice or by nothing, things counted
# twice.


def find_overlaps(name: str, entries: Sequence[Entry]) -> list[Message]:
    """Two entries in force on the same day would judge it twice."""
    ordered = sorted(entries, key=lambda entry: entry.valid_from)
    return [
        write_message(
            "{name}, trường valid_to: hai mục cùng có hiệu lực ngày {day}; đặt valid_to cho mục "
            "trước",
            name=name,
            day=later.valid_from,
        )
        for earlier, later in pairwise(ordered)
        if is_valid(earlier, later.valid_from)
    ]


def find_days_without_entry(name: str, entries: Sequence[Entry]) -> list[Message]:
    """Days from FIRST_DAY on that no entry judges."""
    mistakes = []
    next_day = FIRST_DAY
    for entry in sorted(entries, key=lambda entry: entry.valid_from):
        if entry.valid_from > next_day:
            mistakes.append(
                write_message(
                    "{name}, trường valid_from: từ {first} đến {last} không có mục nào hiệu lực; "
                    "mỗi ngày cần đúng một mục",
                    name=name,
                    first=next_day,
                    last=entry.valid_from - timedelta(days=1),
                )
            )
        if entry.valid_to is None:
            return mistakes
        next_day = max(next_day, entry.valid_to + timedelta(days=1))
    return [
        *mistakes,
        write_message(
            "{name}, trường valid_to: từ {first} không có mục nào hiệu lực; bỏ valid_to ở mục cuối",
            name=name,
            first=next_day,
        ),
    ]


def find_double_counting(criteria: Sequence[Criterion]) -> list[Message]:
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
                write_message(
                    "tiêu chí {first} và {second}, trường {field}: cùng tính {measure}; mỗi số đo "
                    "chỉ thuộc một tiêu chí",
                    first=first.code,
                    second=second.code,
                    field=field,
                    measure=first.deciding,
                )
            )
    return mistakes


def find_days_without_criteria(
    criteria: Sequence[Criterion], rules: Sequence[ReadinessRule]
) -> list[Message]:
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
        write_message(
            "[[rule]], trường green_when: ngày {day} không có tiêu chí nào để xếp xanh", day=day
        )
        for day in empty[:1]
    ]


TableEntry = TypeVar("TableEntry")
RawTable = dict[str, Any]


class CriteriaInvalid(DashboardError):
    """The criteria file has mistakes; the text lists each with its entry and field."""


# Table in the file: its name in a message, the field that tells an entry from the others.
_TABLES = {
    "criterion": (write_message("tiêu chí"), "code"),
    "rule": (write_message("quy tắc [[rule]]"), "valid_from"),
    "throughput": (write_message("ngưỡng [[throughput]]"), "valid_from"),
    "source": (write_message("nguồn [[source]]"), "kind"),
    "peer_flag": (write_message("nhóm [[peer_flag]]"), "code"),
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
            write_message(
                "{file}: không phải TOML đúng ({error}); sửa chỗ đó rồi khởi động lại",
                file=file,
                error=str(error),
            )
        ) from error
    mistakes = [
        write_message("mục {name}: không có mục này; xóa hoặc sửa tên", name=name)
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
        mistakes += find_overlaps(write_message("tiêu chí {code}", code=code), dated)
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
        mistakes += [
            write_message("[[{table}]] {name}: ghi hai lần; chỉ giữ một", table=table, name=name)
            for name in twice
        ]
    if not mistakes:
        mistakes += find_double_counting(criteria) + find_days_without_criteria(criteria, rules)
    if mistakes:
        raise CriteriaInvalid(
            write_message(
                "{file} có {count} lỗi:\n  {mistakes}",
                file=file,
                count=len(mistakes),
                mistakes=join_messages("\n  ", mistakes),
            )
        )
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
    find_wrong: Callable[[RawTable], list[Message]],
    mistakes: list[Message],
) -> list[TableEntry]:
    """The entries of a table that are right; what is wrong in the others is added to `mistakes`."""
    word, label = _TABLES[table]
    entries = raw.get(table, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        mistakes.append(
            write_message("mục {table}: phải viết [[{table}]], mỗi mục một lần", table=table)
        )
        return []
    if not entries and table in _REQUIRED_TABLES:
        mistakes.append(write_message("thiếu mục [[{table}]]; cần ít nhất một mục", table=table))
    entry_fields = fields(entry_class)  # type: ignore[arg-type]
    has_owner = any(field.name == "owner" for field in entry_fields)
    common = {"owner": raw["owner"]} if has_owner and "owner" in raw else {}
    parsed_entries = []
    for position, own_fields in enumerate(entries, start=1):
        entry = {**common, **own_fields}
        parsed, problems = _validate_fields(entry_class, entry)
        problems += _find_reversed_days(entry) + find_wrong(entry)
        if label in own_fields:
            name = str(own_fields[label])
        else:
            name = write_message("không có {label}", label=label)
        mistakes += [
            write_message(
                "{word} {position} ({name}), trường {problem}",
                word=word,
                position=position,
                name=name,
                problem=problem,
            )
            for problem in problems
        ]
        if parsed is not None and not problems:
            parsed_entries.append(parsed)
    return parsed_entries


@cache
def _make_adapter(entry_class: type[Any]) -> TypeAdapter[Any]:
    """Once a class: making it takes longer than reading the whole file."""
    return TypeAdapter(entry_class)


def _validate_fields(
    entry_class: type[TableEntry], entry: RawTable
) -> tuple[TableEntry | None, list[Message]]:
    """The entry as its class, else what is wrong: what is missing, then by the order written."""
    try:
        # a class can be a key, whatever its instances are
        adapter = _make_adapter(entry_class)  # type: ignore[arg-type]
        return adapter.validate_python(entry), []
    except ValidationError as error:
        types = {str(problem["loc"][0]): problem["type"] for problem in error.errors()}
    hints = get_type_hints(entry_class, include_extras=True)
    mistakes = [_ask_for(name) for name in sorted(types.keys() - entry.keys())]
    for name in (name for name in entry if name in types):
        if types[name] == "unexpected_keyword_argument":
            mistakes.append(
                write_message("{name}: không có trường này; xóa hoặc sửa tên", name=name)
            )
        else:
            expected = get_args(hints[name])[-1].description
            mistakes.append(
                write_message(
                    "{name}: {value} không dùng được; cần {expected}",
                    name=name,
                    value=repr(entry[name]),
                    expected=expected,
                )
            )
    return None, mistakes


def _ask_for(name: str) -> Message:
    return write_message("{name}: thiếu; hãy thêm", name=name)


def _find_reversed_days(entry: RawTable) -> list[Message]:
    first = entry.get("valid_from")
    last = entry.get("valid_to")
    if type(first) is date and type(last) is date and last < first:
        return [write_message("valid_to: trước valid_from; sửa một trong hai")]
    return []


def _find_nothing(_: RawTable) -> list[Message]:
    """Fields of this table say all by their types."""
    return []


def _complete_flag(criterion: Criterion) -> Criterion:
    """A flag has no thresholds of its own: yes (1) is green, no (0) is red, or yellow where it is
    not essential.
    """
    if criterion.kind != "flag":
        return criterion
    return replace(criterion, green_from=1.0, red_below=1.0 if criterion.essential else 0.0)


def _find_wrong_criterion(entry: RawTable) -> list[Message]:
    """What a criterion's kind asks for."""
    criterion_kind = entry.get("kind")
    ratio = criterion_kind == "ratio"
    flag = criterion_kind == "flag"
    needs = {"part", "whole"} if ratio else {"measure"}
    needs |= set() if flag else {"green_from", "red_below"}
    mistakes = [_ask_for(name) for name in sorted(needs - entry.keys())]
    foreign = {
        "part",
        "whole",
        "measure",
        *(["green_from", "red_below", "unit"] if flag else []),
    } - needs
    mistakes += [
        write_message("{name}: kind = {kind!r} không dùng; xóa", name=name, kind=criterion_kind)
        for name in sorted(foreign & entry.keys())
    ]
    if isinstance(entry.get("dimension"), str) and entry["dimension"] not in DIMENSIONS:
        mistakes.append(
            write_message(
                "dimension: {written!r} không có; chọn {choices}",
                written=entry["dimension"],
                choices=DIMENSIONS,
            )
        )
    for name in ("measure", "part", "whole"):
        if isinstance(entry.get(name), str) and entry[name] not in MEASURES:
            mistakes.append(
                write_message(
                    "{name}: {written!r} không phải số đo đã biết", name=name, written=entry[name]
                )
            )
    if flag:
        return mistakes
    return mistakes + _find_wrong_thresholds(entry, "green_from", "red_below", share=ratio)


def _find_wrong_shares(entry: RawTable) -> list[Message]:
    return _find_wrong_thresholds(entry, "on_time_green_from", "on_time_red_below", share=True)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _find_wrong_thresholds(entry: RawTable, green: str, red: str, *, share: bool) -> list[Message]:
    thresholds = {name: entry[name] for name in (green, red) if _is_number(entry.get(name))}
    mistakes = [
        write_message(
            "{name}: {value} không phải tỷ lệ; ghi từ 0 đến 1 (80% là 0.8)", name=name, value=value
        )
        for name, value in thresholds.items()
        if share and not 0 <= value <= 1
    ]
    if len(thresholds) == 2 and thresholds[red] > thresholds[green]:
        mistakes.append(
            write_message(
                "{red}: lớn hơn {green}; ngưỡng đỏ phải thấp hơn ngưỡng xanh", red=red, green=green
            )
        )
    return mistakes


def _find_wrong_rhythm(entry: RawTable) -> list[Message]:
    mistakes = []
    if isinstance(entry.get("kind"), str) and entry["kind"] not in KIND_NAMES:
        mistakes.append(
            write_message(
                "kind: {written!r} không phải loại tệp đã biết; chọn {choices}",
                written=entry["kind"],
                choices=list(KIND_NAMES),
            )
        )
    if entry.get("expected_every_days") == 0:
        mistakes.append(
            write_message(
                "expected_every_days: ít nhất 1; nguồn không định kỳ thì không ghi mục này"
            )
        )
    return mistakes
