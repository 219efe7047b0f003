"""What of an address was not understood, in words: a page never shows something else in silence.

An address is typed, cut or out of date. The page falls back (documents/address.py) and says so in
one quiet line, as `/` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from dashboard import reference, text
from dashboard.web.documents.address import PageView

# Longer words are cut: they are repeated as somebody wrote them, escaped by the template.
LONGEST_WORD = 20


def list_misread_params(query: Mapping[str, str], view: PageView) -> list[str]:
    """One sentence for each field of the address that the page could not follow."""
    sentences = [
        tell_misread_province(query.get("province", ""), view.province),
        tell_misread_day(query.get("as_of", ""), view.as_of),
        tell_misread_communes(query.get("xa", ""), view.province),
    ]
    return [sentence for sentence in sentences if sentence]


def list_misread_choices(query: Mapping[str, str], taken: Mapping[str, str]) -> list[str]:
    """One sentence on the choices of an address that a page does not have; `taken`: what the page
    took for each of its fields.
    """
    junk = [
        written[:LONGEST_WORD]
        for name, value in taken.items()
        if (written := query.get(name, "")) and written != value
    ]
    if not junk:
        return []
    return [f"Trang này không có lựa chọn {', '.join(junk)}; đang xem theo mặc định"]


def tell_misread_province(written: str, province: str) -> str:
    """A province that is none of the 34; `province` is shown instead."""
    names = reference.load_province_names()
    if not written or written in names:
        return ""
    return f"Không có tỉnh mang mã {written[:LONGEST_WORD]}; đang xem {names[province]}"


def tell_misread_day(written: str, as_of: date | None) -> str:
    """A day that is none, or one without figures; the live page is shown instead."""
    if not written or as_of is not None:
        return ""
    try:
        day = text.format_day(date.fromisoformat(written))
    except ValueError:
        return "Ngày trong địa chỉ không đọc được; đang xem số liệu mới nhất"
    return f"Không có số liệu ngày {day}; đang xem số liệu mới nhất"


def tell_misread_communes(written: str, province: str) -> str:
    """Codes of communes that are none, or another province's."""
    codes = [part.strip() for part in written.split(",") if part.strip()]
    communes = reference.load_communes()
    foreign = [
        code
        for code in dict.fromkeys(codes)
        if code not in communes.index or communes.at[code, "province_code"] != province
    ]
    if not foreign:
        return ""
    shown = ", ".join(code[:LONGEST_WORD] for code in foreign[:6])
    return f"Không có đơn vị mang mã {shown} trong tỉnh này"
