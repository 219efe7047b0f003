"""Which commune each feature of a file is: by its code, else by its name, never by a guess."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from dashboard import names, reference, text
from dashboard.errors import Problem
from dashboard.outlines.reading import Feature

# Names of properties as offices write them, without tones and signs, likeliest first.
_CODES: tuple[str, ...] = (
    "code",
    "maxa",
    "madvhc",
    "maxamoi",
    "maphuongxa",
    "madonvihanhchinh",
    "mahanhchinh",
    "mahc",
    "madv",
    "ma",
)
_CODES += ("communecode", "wardcode", "xaid", "idxa", "gsoid", "adm3pcode", "fid", "id", "tentep")
_NAMES: tuple[str, ...] = (
    "tenxa",
    "tendvhc",
    "tenxamoi",
    "tendonvi",
    "tenphuongxa",
    "ten",
    "fullname",
    "name",
    "name3",
    "namevi",
)
_NAMES += ("xa", "phuongxa", "commune", "ward", "wardname", "communename", "adm3vi", "donvi", "tentep")
_PROVINCES = ("matinh", "provincecode", "tentinh", "tinh", "tinhthanh", "province", "provincename", "name1", "adm1vi")


@dataclass
class Sorted:
    """Features by commune code, and those that are no commune we know."""

    by_code: dict[str, list[Feature]] = field(default_factory=dict)
    unmatched: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.without_tones(name))


def _columns(features: Iterable[Feature], known: tuple[str, ...]) -> list[str]:
    """Properties of the file that bear one of the known names, likeliest first."""
    present = Counter(name for one in features for name in one.properties)
    rank = {name: known.index(_plain(name)) for name in present if _plain(name) in known}
    return sorted(rank, key=lambda name: (rank[name], name))


def _written(feature: Feature, columns: Iterable[str]) -> list[str]:
    """What stands in these properties, as text, without the empty ones."""
    values = (feature.properties.get(column) for column in columns)
    return [str(v) for v in values if isinstance(v, str | int | float) and not isinstance(v, bool) and str(v).strip()]


def _is_code_column(features: list[Feature], column: str, name_columns: list[str]) -> bool:
    """Whether most values are communes' codes and the names beside them do not say otherwise.

    A running number is no code, although 4 could be read as 00004 (Phường Ba Đình).
    """
    communes = reference.communes()
    filled = known = agree = differ = 0
    for feature in features:
        for value in _written(feature, [column]):
            filled += 1
            code = names.as_code(value)
            if code is None or code not in communes.index:
                continue
            known += 1
            here = {names.key(name) for name in _written(feature, name_columns) if names.as_code(name) is None}
            if here:
                same = names.key(str(communes.at[code, "name"])) in here
                agree, differ = agree + same, differ + (not same)
    return known * 2 > filled and agree >= differ


def _province_of(features: list[Feature], codes: list[str | None], name_columns: list[str]) -> str | None:
    """The province that most of the file is about: by codes, else by what it says, else by names."""
    communes = reference.communes()
    votes = Counter(str(communes.at[code, "province_code"]) for code in codes if code)
    if votes:
        return votes.most_common(1)[0][0]
    for column in _columns(features, _PROVINCES):
        said = Counter(value for one in features for value in _written(one, [column])[:1])
        for value, _ in said.most_common(1):
            code = str(value).split(".")[0].zfill(2)
            found = code if code in reference.provinces() else names.province_named(value)
            if found:
                return found
    return names.province_of(name for one in features for name in _written(one, name_columns))


def sort(features: list[Feature]) -> Sorted:
    """Every feature to its commune; features of several provinces may stand in one file."""
    name_columns = _columns(features, _NAMES)
    code_columns = [c for c in _columns(features, _CODES) if _is_code_column(features, c, name_columns)]
    communes = reference.communes()
    codes: list[str | None] = []
    for feature in features:
        read = (names.as_code(value) for value in _written(feature, code_columns))
        codes.append(next((code for code in read if code in communes.index), None))
    province = _province_of(features, codes, name_columns)
    found = Sorted()
    for feature, code in zip(features, codes, strict=True):
        _place(found, feature, code, province, _written(feature, name_columns))
    return found


def _place(found: Sorted, feature: Feature, code: str | None, province: str | None, written: list[str]) -> None:
    """Put one feature where it belongs and say what a person should look at."""
    home = str(reference.communes().at[code, "province_code"]) if code else province
    if home is None:
        found.unmatched.append(Problem(f"{feature.place}: không rõ của tỉnh nào", "hãy thêm mã xã (5 chữ số)"))
        return
    tries = [names.match(home, code, name) for name in written] or [names.match(home, code)]
    match = next((one for one in tries if one.code), tries[0])
    if match.code:
        found.by_code.setdefault(match.code, []).append(feature)
        if match.note and not any(one.code and not one.note for one in tries):
            found.notes.append(
                Problem(f"{feature.place}: {match.note}", "hãy kiểm tra lại mã và tên", severity="warning")
            )
        return
    remedy = "hãy ghi mã xã (5 chữ số) hoặc tên như trong nghị quyết"
    if match.former_of:
        remedy = f"đây là {match.note}"
    elif match.candidates:
        remedy = f"có phải {' / '.join(match.candidates)}? hãy sửa tên hoặc ghi mã xã"
    named = f'"{written[0]}"' if written else "không có tên"
    message = f"{feature.place} ({named}) không khớp xã nào của {reference.provinces()[home]}"
    found.unmatched.append(Problem(message, remedy))
