"""Which commune a row speaks of, and of which province a file is."""

from __future__ import annotations

import re

from dashboard import names, text
from dashboard.sources import values
from dashboard.sources.findings import Findings
from dashboard.sources.headings import Field
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
    official = names.official_names(province)[meant.code]
    if by_code and meant.note:
        findings.add(f"mã và tên mâu thuẫn: {meant.note}", "hãy sửa mã hoặc tên rồi nhập lại", row, "commune_code")
        return None
    if meant.note:
        findings.add(meant.note, "hãy sửa mã đơn vị", row, "commune_code", "warning")
    elif by_code and name and names.key(name) != names.key(official) and not _swapped(province, name):
        message = f"không giống tên của mã {meant.code} ({official}); đã nhận theo mã"
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
