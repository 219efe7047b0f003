"""Which commune a row speaks of, and of which province a file is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from dashboard import names, reference, text
from dashboard.errors import FileRefused
from dashboard.sources import values
from dashboard.sources.findings import Findings
from dashboard.sources.headings import Field
from dashboard.sources.kinds import Given
from dashboard.sources.sheet import Row, blank
from dashboard.sources.table import Table

# There are 3,321 communes; a table of communes with more rows than this is something else.
MOST_ROWS = 20_000

FIELDS = (
    Field(
        "commune",
        "Xã, phường, đặc khu | Xã, phường | Xã | Phường, xã | Tên xã | Tên xã, phường | Tên xã, phường, đặc khu"
        "| Đơn vị | Tên đơn vị | Đơn vị cấp xã | UBND cấp xã | UBND xã, phường | Địa phương | Tên địa phương"
        "| Đơn vị hành chính"
        "| Tên đơn vị hành chính | Tên ĐVHC | ĐVHC | Đơn vị hành chính cấp xã | Tên đơn vị cấp xã | Cấp xã"
        "| Trung tâm PVHCC | Trung tâm phục vụ hành chính công | Tên trung tâm | Đơn vị báo cáo | commune | name",
        values.words,
    ),
    Field(
        "commune_code",
        "Mã ĐVHC | Mã đơn vị hành chính | Mã xã | Mã xã, phường | Mã đơn vị | Mã | Mã hành chính | Mã số ĐVHC"
        "| Mã ĐVHC cấp xã"
        "| Mã GSO | Mã TCTK | commune_code | code",
    ),
    Field("province", "Tỉnh | Tỉnh, thành phố | Tên tỉnh | Tỉnh, TP | Thuộc tỉnh | province", values.words),
)  # fmt: skip

_TOTALS = {
    text.spelling_key(words)
    for words in (
        "Tổng", "Cộng", "Tổng cộng", "Tổng số", "Cộng chung", "Tổng chung", "Toàn tỉnh", "Toàn thành phố", "Cả tỉnh",
        "Trung bình", "Bình quân", "Tỷ lệ", "Tỉ lệ", "Tổng toàn tỉnh", "Cộng toàn tỉnh", "Tổng cộng toàn tỉnh",
    )
}  # fmt: skip
_TOTAL_STARTS = tuple(f"{text.spelling_key(words)} " for words in ("Tổng cộng", "Tổng số", "Tổng chung", "Cộng toàn"))
_GROUPS = re.compile(
    "^(?:(?:[ivx]+|[a-h]|\\d{1,2}) )?(?:"
    + "|".join(
        text.spelling_key(words)
        for words in (
            "UBND cấp xã", "cấp xã", "cấp tỉnh", "các xã", "các phường", "khối xã", "khối phường", "xã", "phường",
            "đặc khu", "các đặc khu", "các xã phường", "các xã phường đặc khu", "sở ban ngành", "các sở ban ngành",
            "khối sở ban ngành", "các phường xã",
        )
    )
    + ")$"
)  # fmt: skip
_ROMAN = re.compile(r"^(?:[IVXLC]+|[A-H])[.)]?$")
_PROVINCE_TAIL = re.compile(r"(?:tỉnh|thành phố|tp\.?)\s+([^,;()\-–]+)", re.IGNORECASE)


def is_total(name: str) -> bool:
    """ "Tổng cộng", "Tổng số 96 xã", "Toàn tỉnh": asked only of names that are no commune's."""
    key = text.spelling_key(name)
    return key in _TOTALS or key.startswith(_TOTAL_STARTS)


def is_between(table: Table, row: Row, name: str) -> bool:
    """A total, or a heading between the rows ("I | UBND cấp xã"), or a name with nothing beside it."""
    alone = all(blank(table.cell(row, field)) for field in table.head.columns if field != "commune")
    if not name:  # "Tổng cộng" may stand in the column of numbers
        return any(isinstance(cell, str) and is_total(cell) for cell in row.cells)
    return alone or is_total(name) or is_group(row, name)


def is_group(row: Row, name: str) -> bool:
    """A heading between the rows ("I | UBND cấp xã"), not a commune."""
    first = next((cell for cell in row.cells if cell not in ("", None)), None)
    numbered = isinstance(first, str) and bool(_ROMAN.match(first.strip()))
    return numbered or bool(_GROUPS.match(text.spelling_key(name)))


def find(province: str, table: Table, row: Row, findings: Findings) -> str | None:
    """The code of the row's commune; None for totals, groups, and (with a problem noted) the unclear."""
    name = text.normal(str(table.cell(row, "commune") or ""))
    code = table.cell(row, "commune_code")
    meant = names.match(province, code, name or None)
    if meant.code is None:
        if not is_between(table, row, name):
            _note_unknown(meant, name, row, findings)
        return None
    by_code = names.as_code(code) == meant.code
    if by_code and meant.note:
        findings.add(f"mã và tên mâu thuẫn: {meant.note}", "hãy sửa mã hoặc tên rồi nhập lại", row, "commune_code")
        return None
    if meant.note:
        findings.add(meant.note, "hãy sửa mã đơn vị", row, "commune_code", "warning")
    elif by_code and name and names.key(name) != names.key(_official(meant.code)) and not _swapped(province, name):
        message = f"không giống tên của mã {meant.code} ({_official(meant.code)}); đã nhận theo mã"
        findings.add(message, "hãy kiểm tra tên và mã", row, "commune", "warning")
    return meant.code


def _swapped(province: str, name: str) -> bool:
    return names.match(province, None, name).code is not None


def _note_unknown(meant: names.Match, name: str, row: Row, findings: Findings) -> None:
    if not name:
        message = meant.note or "dòng có số liệu nhưng không ghi tên hay mã xã"
        findings.add(message, "hãy ghi tên xã và mã đơn vị hành chính", row, "commune_code")
        return
    if meant.former_of:
        findings.add(f"là {meant.note}", "hãy ghi tên đơn vị hiện nay", row, "commune")
        return
    near = f"; gần giống: {', '.join(meant.candidates)}" if meant.candidates else ""
    findings.add(f"không có trong danh mục xã của tỉnh{near}", "hãy sửa tên hoặc ghi mã đơn vị", row, "commune")


def _official(code: str) -> str:
    return str(reference.communes().at[code, "name"])


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
