"""Of which province a file is: said by the caller, its codes, its words, its name, or its names alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from dashboard import names, reference, text
from dashboard.errors import FileRefused
from dashboard.sources.communes import is_group, is_total
from dashboard.sources.kinds import Given
from dashboard.sources.sheet import Row
from dashboard.sources.table import Table

_PROVINCE_TAIL = re.compile(r"(?:tỉnh|thành phố|tp\.?)\s+([^,;()\-–]+)", re.IGNORECASE)


def province_of_code(code: object) -> str | None:
    return _province_by_code().get(names.as_code(code) or "")


@lru_cache(maxsize=1)
def _province_by_code() -> dict[str, str]:
    return {str(code): str(province) for code, province in reference.communes()["province_code"].items()}


def rows_by_province(table: Table, rows: Sequence[Row], given: Given) -> dict[str, list[Row]]:
    """The rows, under the province they belong to: nearly always one; a national list has many.

    Raises FileRefused where the province is not certain, or is not the one that the caller named.
    """
    by_row = [_row_province(table, row) for row in rows]
    told = Counter(filter(None, by_row))
    if given.province is not None:
        province = _known_province(given, given.province)
        _refuse_other_province(table, rows, given, province, told)
        return {province: list(rows)}
    most, count = told.most_common(1)[0] if told else ("", 0)
    if told and count >= 0.9 * told.total() and 2 * told.total() >= len(rows):
        return {most: list(rows)}
    if len(told) > 1 and told.total() >= 0.9 * len(rows):
        split: dict[str, list[Row]] = {}
        for row, province_code in zip(rows, by_row, strict=True):
            if province_code:
                split.setdefault(province_code, []).append(row)
        return split
    return {_named_province(table, rows, given): list(rows)}


def _row_province(table: Table, row: Row) -> str | None:
    """The province that a row itself tells: by its code, its province cell, or its name's tail."""
    by_code = province_of_code(table.cell(row, "commune_code"))
    if by_code:
        return by_code
    cell = table.cell(row, "province")
    if isinstance(cell, str) and (found := names.province_named(cell)):
        return found
    tail = _PROVINCE_TAIL.search(text.normal(str(table.cell(row, "commune") or "")))
    return names.province_named(tail.group(1).strip()) if tail else None


def _known_province(given: Given, said: str) -> str:
    province = said if said in reference.provinces() else names.province_named(said)
    if province is None:
        raise FileRefused(given.file_name, f'không có tỉnh nào mã "{said}"', "hãy dùng mã hai chữ số, ví dụ 51")
    return province


def _share(rows: Sequence[Row], table: Table, province: str) -> float:
    """The part of the named rows whose names are communes of `province`."""
    written = [(row, text.normal(str(table.cell(row, "commune") or ""))) for row in rows]
    keys = [names.key(name) for row, name in written if name and not is_total(name) and not is_group(row, name)]
    known = names.codes_by_key(province)
    return sum(key in known for key in keys) / len(keys) if keys else 0.0


def _refuse_other_province(table: Table, rows: Sequence[Row], given: Given, province: str, told: Counter[str]) -> None:
    other, count = told.most_common(1)[0] if told else ("", 0)
    if not told and _share(rows, table, province) < 0.5:  # names alone: theirs are another province's
        shares = {code: _share(rows, table, code) for code in reference.provinces()}
        other = max(shares, key=shares.__getitem__)
        count = len(rows) if len(rows) > 2 and shares[other] >= 0.8 else 0
    if other and other != province and 2 * count > len(rows):
        has, said = reference.provinces()[other], reference.provinces()[province]
        message = f"tệp là của {has}, không phải của {said}"
        raise FileRefused(given.file_name, message, f"hãy nhập với --province {other} hoặc chọn đúng tệp")


def _named_province(table: Table, rows: Sequence[Row], given: Given) -> str:
    """By title, file name or row tails, if at least half the names belong there; else by the names alone."""
    told = Counter(filter(None, (_row_province(table, row) for row in rows)))
    candidates = [province for province, _ in told.most_common(1)]
    candidates += _in_words(table.head.titles) + _in_file_name(given.file_name)
    shares = {province: _share(rows, table, province) for province in reference.provinces()}
    for province in candidates:
        if shares[province] >= 0.5 or (table.has("commune_code") and not table.has("commune")):
            return province
    ranked = sorted(shares.items(), key=lambda item: -item[1])
    if ranked[0][1] >= 0.9 and ranked[1][1] < 0.5:
        return ranked[0][0]
    message = "không rõ số liệu của tỉnh nào"
    raise FileRefused(given.file_name, message, "hãy thêm --province và mã tỉnh, ví dụ --province 51")


def _in_words(titles: Sequence[str]) -> list[str]:
    padded = " " + "  ".join(map(text.spelling_key, titles)) + " "
    found = [code for code, name in reference.provinces().items() if f" {text.spelling_key(name)} " in padded]
    return found if len(found) == 1 else []


def _in_file_name(name: str) -> list[str]:
    plain = f" {re.sub(r'[^a-z]+', ' ', text.without_tones(name))} "
    found = [
        code
        for code, province in reference.provinces().items()
        if f" {re.sub(r'[^a-z]+', ' ', text.without_tones(province)).strip()} " in plain
    ]
    return found if len(found) == 1 else []


def named(code: str) -> str:
    """`"51 Quảng Ngãi"`."""
    return f"{code} {reference.provinces()[code]}"


def told_by(table: Table, given: Given) -> str:
    """Where the province of a file was found, in words, for whoever asks why (`rows_by_province` decides)."""
    if given.province is not None:
        return "theo --province"
    if any(_row_province(table, row) for row in table.sheet.peek if row.number > table.head.last_row):
        return "theo mã hoặc tên trong các dòng"
    if _in_words(table.head.titles):
        return "theo tiêu đề"
    return "theo tên tệp" if _in_file_name(given.file_name) else "theo tên các xã"
