"""Of which province a file is: said by the caller, its codes, its words, its name, or its names
alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from dashboard import names, reference, text
from dashboard.errors import FileRefused
from dashboard.messages import write_message
from dashboard.sources.formats.sheet import SheetRow
from dashboard.sources.recognise.communes import (
    is_group_heading,
    is_total,
    names_a_period,
)
from dashboard.sources.recognise.file_kinds import ImportContext
from dashboard.sources.recognise.table import SheetTable

# So many of the names have to be one province's; of a few rows nearly all.
_LEAST_SHARE = 0.9
_MANY_ROWS = 6
_LEAST_SHARE_OF_MANY = 0.8
_PROVINCE_TAIL = re.compile(r"(?:tỉnh|thành phố|tp\.?)\s+([^,;()\-–]+)", re.IGNORECASE)


def find_province_of_code(code: object) -> str | None:
    return _map_codes_to_provinces().get(names.parse_commune_code(code) or "")


@lru_cache(maxsize=1)
def _map_codes_to_provinces() -> dict[str, str]:
    return {
        str(code): str(province)
        for code, province in reference.load_communes()["province_code"].items()
    }


def split_rows_by_province(
    table: SheetTable, rows: Sequence[SheetRow], context: ImportContext
) -> dict[str, list[SheetRow]]:
    """The rows, under the province they belong to: nearly always one; a national list has many.

    Raises FileRefused where the province is not certain, or is not the one that the caller named.
    """
    by_row = [_find_row_province(table, row) for row in rows]
    row_counts = Counter(filter(None, by_row))
    if context.province is not None:
        province = _require_province(context, context.province)
        _refuse_other_province(table, rows, context, province, row_counts)
        return {province: list(rows)}
    commonest, count = row_counts.most_common(1)[0] if row_counts else ("", 0)
    if row_counts and count >= 0.9 * row_counts.total() and 2 * row_counts.total() >= len(rows):
        return {commonest: list(rows)}
    if len(row_counts) > 1 and row_counts.total() >= 0.9 * len(rows):
        split: dict[str, list[SheetRow]] = {}
        for row, province_code in zip(rows, by_row, strict=True):
            if province_code:
                split.setdefault(province_code, []).append(row)
        return split
    return {_find_named_province(table, rows, context): list(rows)}


def _find_row_province(table: SheetTable, row: SheetRow) -> str | None:
    """The province that a row itself tells: by its code, its province cell, or its name's tail."""
    by_code = find_province_of_code(table.cell(row, "commune_code"))
    if by_code:
        return by_code
    cell = table.cell(row, "province")
    if isinstance(cell, str) and (province := names.find_province_named(cell)):
        return province
    tail = _PROVINCE_TAIL.search(text.normalize_text(str(table.cell(row, "commune") or "")))
    return names.find_province_named(tail.group(1).strip()) if tail else None


def _require_province(context: ImportContext, stated_province: str) -> str:
    if stated_province in reference.load_province_names():
        return stated_province
    province = names.find_province_named(stated_province)
    if province is None:
        raise FileRefused(
            context.file_name,
            write_message(
                'không có tỉnh nào mã "{stated_province}"', stated_province=stated_province
            ),
            write_message("hãy dùng mã hai chữ số, ví dụ 51"),
        )
    return province


def _share_of_communes(rows: Sequence[SheetRow], table: SheetTable, province: str) -> float:
    """The part of the named rows whose names are communes of `province`."""
    written = [(row, text.normalize_text(str(table.cell(row, "commune") or ""))) for row in rows]
    keys = [
        names.make_name_key(name)
        for row, name in written
        if name
        and not name.startswith("#")  # "#N/A": a formula that found no name
        and not is_total(name)
        and not is_group_heading(row, name)
        and not names_a_period(name)
    ]
    commune_keys = names.index_codes_by_key(province)
    return sum(key in commune_keys for key in keys) / len(keys) if keys else 0.0


def _refuse_other_province(
    table: SheetTable,
    rows: Sequence[SheetRow],
    context: ImportContext,
    province: str,
    row_counts: Counter[str],
) -> None:
    other, count = row_counts.most_common(1)[0] if row_counts else ("", 0)
    # names alone: theirs are another province's
    if not row_counts and _share_of_communes(rows, table, province) < 0.5:
        shares = {
            code: _share_of_communes(rows, table, code) for code in reference.load_province_names()
        }
        other = max(shares, key=shares.__getitem__)
        count = len(rows) if len(rows) > 2 and shares[other] >= 0.8 else 0
    if other and other != province and 2 * count > len(rows):
        actual_name = reference.load_province_names()[other]
        stated_name = reference.load_province_names()[province]
        message = write_message(
            "tệp là của {actual_name}, không phải của {stated_name}",
            actual_name=actual_name,
            stated_name=stated_name,
        )
        raise FileRefused(
            context.file_name,
            message,
            write_message("hãy nạp với --province {other} hoặc chọn đúng tệp", other=other),
        )


def _find_named_province(
    table: SheetTable, rows: Sequence[SheetRow], context: ImportContext
) -> str:
    """By title, file name or row tails, if at least half the names belong there; else by the names
    alone.
    """
    row_counts = Counter(filter(None, (_find_row_province(table, row) for row in rows)))
    candidates = [province for province, _ in row_counts.most_common(1)]
    candidates += _find_in_titles(table.head.titles) + _find_in_file_name(context.file_name)
    shares = {
        province: _share_of_communes(rows, table, province)
        for province in reference.load_province_names()
    }
    stated = set(candidates)
    if len(stated) == 1:
        # The file itself says its province: names in odd spellings only have to be of it somehow.
        province = candidates[0]
        if shares[province] and shares[province] == max(shares.values()):
            return province
    for province in candidates:
        if shares[province] >= 0.5 or (table.has("commune_code") and not table.has("commune")):
            return province
    ranked = sorted(shares.items(), key=lambda province_share: -province_share[1])
    least = _LEAST_SHARE_OF_MANY if len(rows) >= _MANY_ROWS else _LEAST_SHARE
    if ranked[0][1] >= least and ranked[1][1] < 0.5:
        return ranked[0][0]
    # names that no province has (former units, remarks) speak for none
    if len(rows) >= _MANY_ROWS and ranked[0][1] >= 0.5 and 3 * ranked[1][1] < ranked[0][1]:
        return ranked[0][0]
    if len(stated) == 1 and not max(shares.values()):
        raise _refuse_unknown_names(table, rows, context, candidates[0])
    message = write_message("không rõ số liệu của tỉnh nào")
    raise FileRefused(
        context.file_name,
        message,
        write_message("hãy thêm --province và mã tỉnh, ví dụ --province 51"),
    )


def _refuse_unknown_names(
    table: SheetTable, rows: Sequence[SheetRow], context: ImportContext, province: str
) -> FileRefused:
    """The file says its province: what is wrong are the names."""
    written = [text.normalize_text(str(table.cell(row, "commune") or "")) for row in rows]
    example = next((name for name in written if name and not is_total(name)), "")
    message = write_message(
        'tệp ghi {province} nhưng không tên nào trong cột "{heading}" là đơn vị của tỉnh '
        '(như "{example}")',
        province=reference.load_province_names()[province],
        heading=table.heading("commune") if table.has("commune") else "",
        example=example[:40],
    )
    remedy = write_message("hãy ghi tên đơn vị đủ dấu như trong danh mục, hoặc thêm cột mã đơn vị")
    return FileRefused(context.file_name, message, remedy)


def _find_in_titles(titles: Sequence[str]) -> list[str]:
    padded = " " + "  ".join(map(text.make_spelling_key, titles)) + " "
    codes = [
        code
        for code, name in reference.load_province_names().items()
        if f" {text.make_spelling_key(name)} " in padded
    ]
    return codes if len(codes) == 1 else []


def _find_in_file_name(name: str) -> list[str]:
    plain = f" {re.sub(r'[^a-z]+', ' ', text.strip_tones(name))} "
    codes = [
        code
        for code, province in reference.load_province_names().items()
        if f" {re.sub(r'[^a-z]+', ' ', text.strip_tones(province)).strip()} " in plain
    ]
    return codes if len(codes) == 1 else []


def format_code_and_province(code: str) -> str:
    """`"51 Quảng Ngãi"`."""
    return f"{code} {reference.load_province_names()[code]}"


def explain_province_source(table: SheetTable, context: ImportContext) -> str:
    """Where the province of a file was found, in words, for whoever asks why
    (`split_rows_by_province` decides).
    """
    if context.province is not None:
        return write_message("theo --province")
    if any(
        _find_row_province(table, row)
        for row in table.sheet.peek
        if row.number > table.head.last_row
    ):
        return write_message("theo mã hoặc tên trong các dòng")
    if _find_in_titles(table.head.titles):
        return write_message("theo tiêu đề")
    if _find_in_file_name(context.file_name):
        return write_message("theo tên tệp")
    return write_message("theo tên các đơn vị")
