"""The criteria file: read at start-up, every mistake named at once with file, entry and field.

Its tables: `[[criterion]]`, `[[rule]]`, `[[throughput]]`, `[[source]]`, `[[peer_flag]]` and a common `owner`.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields
from datetime import date
from typing import Any, TypeVar

from dashboard.errors import DashboardError
from dashboard.indicators.criteria import DIMENSIONS, Criteria, Criterion, PeerFlag, Rhythm, Rule, ThroughputRule
from dashboard.indicators.criteria_checks import counted_twice, days_without, nothing_to_judge, overlaps
from dashboard.measures import MEASURES

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
Made = TypeVar("Made")
Raw = dict[str, Any]


class CriteriaInvalid(DashboardError):
    """The criteria file has mistakes; the text lists each with its entry and field."""


def _is_number(value: Any) -> bool:
    # TOML knows nan and inf; a threshold that is neither reached nor missed judges nothing.
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_codes(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, str) and len(v) == 5 for v in value)


def _one_of(*words: str) -> tuple[Callable[[Any], bool], str]:
    return lambda value: value in words, " hoặc ".join(words)


# By the type that is written at the dataclass's field: what a value may be, and how to say it.
_TYPES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "str": (lambda v: isinstance(v, str) and bool(v), "chữ, không để trống"),
    "bool": (lambda v: isinstance(v, bool), "true hoặc false"),
    "int": (_is_whole, "số nguyên không âm"),
    "float": (_is_number, "số"),
    "date": (lambda v: type(v) is date, "ngày dạng 2025-07-01"),
    "date | None": (lambda v: type(v) is date, "ngày dạng 2025-07-01"),
    "tuple[str, ...]": (_is_codes, 'các mã xã năm chữ số, ví dụ ["21025", "21028"]'),
    "Kind": _one_of("flag", "number", "ratio"),
    "Fix": _one_of("buy", "issue", "repair", "appoint", "arrange"),
    "Literal['essential', 'any']": _one_of("essential", "any"),
    "Literal['all', 'essential']": _one_of("all", "essential"),
}
# Table in the file, its name in a message, the field that tells an entry from the others, its class.
_TABLES: dict[str, tuple[str, str, type[Any]]] = {
    "criterion": ("tiêu chí", "code", Criterion),
    "rule": ("quy tắc [[rule]]", "valid_from", Rule),
    "throughput": ("ngưỡng [[throughput]]", "valid_from", ThroughputRule),
    "source": ("nguồn [[source]]", "kind", Rhythm),
    "peer_flag": ("nhóm [[peer_flag]]", "code", PeerFlag),
}
_NEEDED = ("criterion", "rule", "throughput")


def parse(content: str, file: str) -> Criteria:
    """Read a criteria file's text. Raises CriteriaInvalid naming `file`, entry and field of each mistake."""
    try:
        raw = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise CriteriaInvalid(f"{file}: không phải TOML đúng ({error}); sửa chỗ đó rồi khởi động lại") from error
    mistakes = [f"mục {name}: không có mục này; xóa hoặc sửa tên" for name in raw.keys() - _TABLES.keys() - {"owner"}]
    criteria = _entries(raw, "criterion", Criterion, _wrong_criterion, mistakes)
    rules = _entries(raw, "rule", Rule, _nothing_more, mistakes)
    throughput = _entries(raw, "throughput", ThroughputRule, _wrong_shares, mistakes)
    rhythms = _entries(raw, "source", Rhythm, _wrong_rhythm, mistakes)
    flags = _entries(raw, "peer_flag", PeerFlag, _nothing_more, mistakes)
    by_code: dict[str, list[Criterion]] = {}
    for criterion in criteria:
        by_code.setdefault(criterion.code, []).append(criterion)
    for code, dated in by_code.items():
        mistakes += overlaps(f"tiêu chí {code}", dated)
    for name, every_day in (("rule", rules), ("throughput", throughput)):
        # Where an entry could not be read, its days are not missing as well.
        if every_day and len(every_day) == len(raw[name]):
            mistakes += overlaps(f"[[{name}]]", every_day) + days_without(f"[[{name}]]", every_day)
    for table, names in (("source", [one.kind for one in rhythms]), ("peer_flag", [one.code for one in flags])):
        twice = sorted({name for name in names if names.count(name) > 1})
        mistakes += [f"[[{table}]] {name}: ghi hai lần; chỉ giữ một" for name in twice]
    if not mistakes:
        mistakes += counted_twice(criteria) + nothing_to_judge(criteria, rules)
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
    raw: Raw, table: str, shape: type[Made], wrong: Callable[[Raw], list[str]], mistakes: list[str]
) -> list[Made]:
    """The entries of a table that are right; what is wrong in the others is added to `mistakes`."""
    word, label, _ = _TABLES[table]
    entries = raw.get(table, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        mistakes.append(f"mục {table}: phải viết [[{table}]], mỗi mục một lần")
        return []
    if not entries and table in _NEEDED:
        mistakes.append(f"thiếu mục [[{table}]]; cần ít nhất một mục")
    known: dict[str, Field[Any]] = {one.name: one for one in fields(shape)}  # type: ignore[arg-type]
    made = []
    for place, entry in enumerate(entries, start=1):
        full = {**({"owner": raw["owner"]} if "owner" in raw and "owner" in known else {}), **entry}
        problems = _wrong_fields(full, known) + wrong(full)
        where = f"{word} {place} ({entry.get(label, f'không có {label}')})"
        mistakes += [f"{where}, trường {problem}" for problem in problems]
        if not problems:
            made.append(shape(**{name: tuple(v) if isinstance(v, list) else v for name, v in full.items()}))
    return made


def _wrong_fields(entry: Raw, known: Mapping[str, Field[Any]]) -> list[str]:
    mistakes = [
        f"{name}: thiếu; hãy thêm"
        for name, one in sorted(known.items())
        if one.default is MISSING and name not in entry
    ]
    for name, value in entry.items():
        if name not in known:
            mistakes.append(f"{name}: không có trường này; xóa hoặc sửa tên")
            continue
        fits, wanted = _TYPES[str(known[name].type).replace('"', "'")]
        if not fits(value):
            mistakes.append(f"{name}: {value!r} không dùng được; cần {wanted}")
    first, last = entry.get("valid_from"), entry.get("valid_to")
    if type(first) is date and type(last) is date and last < first:
        mistakes.append("valid_to: trước valid_from; sửa một trong hai")
    return mistakes


def _nothing_more(_: Raw) -> list[str]:
    """Fields of this table say all by their types."""
    return []


def _wrong_criterion(entry: Raw) -> list[str]:
    """What a criterion's kind asks for; a flag has no thresholds of its own and is given them here."""
    kind = entry.get("kind")
    ratio, flag = kind == "ratio", kind == "flag"
    needs = {"part", "whole"} if ratio else {"measure"}
    needs |= set() if flag else {"green_from", "red_below"}
    mistakes = [f"{name}: thiếu; hãy thêm" for name in sorted(needs - entry.keys())]
    foreign = {"part", "whole", "measure", *(["green_from", "red_below", "unit"] if flag else [])} - needs
    mistakes += [f"{name}: kind = {kind!r} không dùng; xóa" for name in sorted(foreign & entry.keys())]
    if isinstance(entry.get("dimension"), str) and entry["dimension"] not in DIMENSIONS:
        mistakes.append(f"dimension: {entry['dimension']!r} không có; chọn {', '.join(DIMENSIONS)}")
    for name in ("measure", "part", "whole"):
        if isinstance(entry.get(name), str) and entry[name] not in MEASURES:
            mistakes.append(f"{name}: {entry[name]!r} không phải số đo đã biết")
    if flag:
        # Yes (1) is green, no (0) is red, or yellow where it is not essential.
        entry |= {"green_from": 1.0, "red_below": 1.0 if entry.get("essential") else 0.0}
    return mistakes + _wrong_thresholds(entry, "green_from", "red_below", share=ratio)


def _wrong_shares(entry: Raw) -> list[str]:
    return _wrong_thresholds(entry, "on_time_green_from", "on_time_red_below", share=True)


def _wrong_thresholds(entry: Raw, green: str, red: str, *, share: bool) -> list[str]:
    told = {name: entry[name] for name in (green, red) if _is_number(entry.get(name))}
    mistakes = [
        f"{name}: {value} không phải tỷ lệ; ghi từ 0 đến 1 (80 % là 0.8)"
        for name, value in told.items()
        if share and not 0 <= value <= 1
    ]
    if len(told) == 2 and told[red] > told[green]:
        mistakes.append(f"{red}: lớn hơn {green}; ngưỡng đỏ phải thấp hơn ngưỡng xanh")
    return mistakes


def _wrong_rhythm(entry: Raw) -> list[str]:
    mistakes = []
    if isinstance(entry.get("kind"), str) and entry["kind"] not in SOURCE_KINDS:
        mistakes.append(f"kind: {entry['kind']!r} không phải loại tệp đã biết; chọn {', '.join(SOURCE_KINDS)}")
    if entry.get("expected_every_days") == 0:
        mistakes.append("expected_every_days: ít nhất 1; nguồn không định kỳ thì không ghi mục này")
    return mistakes
