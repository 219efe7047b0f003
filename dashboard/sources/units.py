"""Which office a row speaks of: a commune of the province, or one of its departments (sở).

A department is kept apart from the communes under its agency code ("H48.15"); where a file prints only
its name, under a code made of province and name ("51:so-tai-chinh"), the same in every file.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache

from dashboard import names, reference, text

AGENCY_CODE = re.compile(r"^[A-Z]\d{2}(?:\.\d{1,4}){0,4}$")
_DEPARTMENTS = tuple(
    f"{text.spelling_key(words)} "
    for words in (
        "Sở", "Ban Quản lý", "Ban Dân tộc", "Ban Tôn giáo", "BQL", "Thanh tra", "Văn phòng UBND", "Văn phòng Sở",
        "Văn phòng Ủy ban", "Văn phòng Uỷ ban", "Văn phòng đăng ký", "Chi nhánh Văn phòng", "Chi nhánh VPĐK",
        "Chi nhánh VPĐKĐĐ", "Công an", "Bảo hiểm xã hội", "BHXH", "Kho bạc", "Cục", "Chi cục", "Thuế tỉnh",
        "Thuế thành phố", "Thuế cơ sở", "Trung tâm Phục vụ hành chính công tỉnh", "Trung tâm PVHCC tỉnh",
        "Trung tâm Phục vụ hành chính công thành phố", "Hải quan", "Ngân hàng", "Bộ Chỉ huy", "Công ty Điện lực",
        "Điện lực", "Tòa án", "Toà án", "Viện kiểm sát", "UBND tỉnh", "UBND thành phố", "Ủy ban nhân dân tỉnh",
        "Uỷ ban nhân dân tỉnh",
    )
)  # fmt: skip
# The column `unit.code` holds so much.
_MOST = 32


@dataclass(frozen=True)
class Unit:
    """An office: its code in the store, its name as to be shown, and whether it is a commune."""

    code: str
    name: str
    is_commune: bool


def department(province: str, name: str, agency_code: str = "") -> Unit | None:
    """The department that `name` is, None where it is none: never a commune, never a person's name."""
    written = text.normal(name)
    if not f"{text.spelling_key(written)} ".startswith(_DEPARTMENTS):
        return None
    code = text.normal(agency_code).upper()
    return Unit(code if AGENCY_CODE.match(code) else _made_code(province, written), written, is_commune=False)


def _made_code(province: str, name: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", text.without_tones(name)).strip("-")
    code = f"{province}:{slug}"
    # Two names that share their first letters, or differ in tones only, must not become one office.
    return code if len(code) <= _MOST else f"{code[: _MOST - 7]}-{_digest(name)}"


def _digest(name: str) -> str:
    return hashlib.sha256(text.spelling_key(name).encode()).hexdigest()[:6]


@lru_cache(maxsize=20_000)
def unit(province: str, code: str, name: str) -> Unit | None:
    """The office meant by a code (commune or agency) and a name, as they are written; None if unclear.

    A code and a name that name two communes are unclear.
    """
    if by_name := department(province, name, code):
        return by_name
    agency = text.normal(code or name).upper()
    meant = names.match(province, None if AGENCY_CODE.match(text.normal(code).upper()) else code or None, name or None)
    if meant.code is None and not meant.candidates and names.as_code(name):
        meant = names.match(province, name)  # a code that stands in the column of names
    if meant.code is not None:
        contradicts = bool(meant.note) and names.as_code(code) == meant.code
        return None if contradicts else Unit(meant.code, str(reference.communes().at[meant.code, "name"]), True)
    return Unit(agency, text.normal(name), is_commune=False) if AGENCY_CODE.match(agency) else None
