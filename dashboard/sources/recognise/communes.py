"""Which commune or department a row speaks of, and which rows are none: headings and totals."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from functools import lru_cache

from dashboard import names, reference, text
from dashboard.messages import quote_name, quote_names, write_message
from dashboard.reference import AGENCY_CODE
from dashboard.sources.cells import values
from dashboard.sources.formats.sheet import SheetRow, is_blank
from dashboard.sources.problems import ProblemCollector
from dashboard.sources.recognise import qualifiers
from dashboard.sources.recognise.column_judgement import is_average
from dashboard.sources.recognise.headings import FileField
from dashboard.sources.recognise.table import SheetTable

# There are 3,321 communes; a table of communes with more rows than this is something else.
MOST_COMMUNE_ROWS = 20_000

COMMUNE_FIELDS = (
    FileField(
        "commune",
        "Xã, phường, đặc khu | Xã, phường | Xã | Phường, xã | Tên xã | Tên xã, phường "
        "| Tên xã, phường, đặc khu"
        "| Đơn vị | Tên đơn vị | Đơn vị cấp xã | UBND cấp xã | UBND xã, phường | Địa phương "
        "| Tên địa phương"
        "| Đơn vị hành chính"
        "| Tên đơn vị hành chính | Tên ĐVHC | ĐVHC | Đơn vị hành chính cấp xã | Tên đơn vị cấp xã "
        "| Cấp xã"
        "| Trung tâm PVHCC | Trung tâm phục vụ hành chính công | Tên trung tâm | Đơn vị báo cáo "
        "| commune | name",
        values.read_words,
    ),
    FileField(
        "commune_code",
        "Mã ĐVHC | Mã đơn vị hành chính | Mã xã | Mã xã, phường | Mã đơn vị | Mã | Mã hành chính "
        "| Mã số ĐVHC"
        "| Mã ĐVHC cấp xã"
        "| Mã GSO | Mã TCTK | commune_code | code",
    ),
    FileField(
        "province",
        "Tỉnh | Tỉnh, thành phố | Tên tỉnh | Tỉnh, TP | Thuộc tỉnh | province",
        values.read_words,
    ),
)


def add_commune_headings(headings: str) -> tuple[FileField, ...]:
    """The fields of a commune where a kind of file has further headings for its name."""
    named = COMMUNE_FIELDS[0]
    return (replace(named, headings=named.headings + headings), *COMMUNE_FIELDS[1:])


_TOTAL_NAMES = {
    text.make_spelling_key(words)
    for words in (
        "Tổng",
        "Cộng",
        "Tổng cộng",
        "Tổng số",
        "Cộng chung",
        "Tổng chung",
        "Toàn tỉnh",
        "Toàn thành phố",
        "Cả tỉnh",
        "Trung bình",
        "Bình quân",
        "Tỷ lệ",
        "Tỉ lệ",
        "Tổng toàn tỉnh",
        "Cộng toàn tỉnh",
        "Tổng cộng toàn tỉnh",
        "Cộng trang",
        "Cộng mang sang",
        "Mang sang",
        "Cộng chuyển sang trang sau",
    )
}
_TOTAL_STARTS = tuple(
    f"{text.make_spelling_key(words)} "
    for words in (
        "Tổng cộng",
        "Tổng số",
        "Tổng chung",
        "Cộng toàn",
        *(
            f"{total} {group}"
            for total in ("Cộng", "Tổng")
            for group in (
                "khối",
                "khu vực",
                "các",
                "cụm",
                "nhóm",
                "vùng",
                "cấp",
                "phần",
                "trang",
                "huyện",
                "thị xã",
                "thành phố",
                "TP",
                "địa bàn",
                "xã",
                "phường",
                "đặc khu",
            )
        ),
    )
)
# "Toàn tỉnh (96 xã, phường, đặc khu)", "Bình quân/xã"
_REMARK = re.compile(r"\s*\([^()]*\)\s*$|\s*/\s*(?:xã|đơn vị|phường)\s*$", re.IGNORECASE)
# "Cộng I+II", "Tổng (A + B)"
_SUM_OF_GROUPS = re.compile(
    r"^(?:cộng|tổng|tổng cộng|tổng số)\s*\(?\s*[IVX\dA-H]{1,4}(?:\s*\+\s*[IVX\dA-H]{1,4})*\s*\)?$",
    re.IGNORECASE,
)
_GROUP_HEADING = re.compile(
    "^(?:(?:[ivx]+|[a-h]|\\d{1,2}) )?(?:"
    + "|".join(
        text.make_spelling_key(words)
        for words in (
            "UBND cấp xã",
            "cấp xã",
            "cấp tỉnh",
            "các xã",
            "các phường",
            "khối xã",
            "khối phường",
            "xã",
            "phường",
            "đặc khu",
            "các đặc khu",
            "các xã phường",
            "các xã phường đặc khu",
            "sở ban ngành",
            "các sở ban ngành",
            "khối sở ban ngành",
            "các phường xã",
        )
    )
    + ")$"
)
_ROMAN = re.compile(r"^(?:[IVXLC]+|[A-H])[.)]?$")


def is_total(name: str) -> bool:
    """ "Tổng cộng", "Tổng số 96 xã", "Toàn tỉnh": asked only of names that are no commune's."""
    key = text.make_spelling_key(_REMARK.sub("", name))
    return (
        key in _TOTAL_NAMES
        or f"{key} ".startswith(_TOTAL_STARTS)
        or bool(_SUM_OF_GROUPS.match(name))
    )


@lru_cache(maxsize=20_000)
def names_a_period(name: str) -> bool:
    """ "Lũy kế từ đầu năm", "Cùng kỳ năm trước" where a unit's name stands: a second line of the
    unit above it, whose figures are of another period."""
    split = qualifiers.split_path((text.normalize_text(name).lstrip("-–+* "),))
    return not split.path and bool(split.kinds or split.period)


def is_heading_or_total(table: SheetTable, row: SheetRow, name: str) -> bool:
    """A total, or a heading between rows ("I | UBND cấp xã"), or a name with nothing beside it."""
    stands_alone = all(
        is_blank(table.cell(row, field)) for field in table.head.columns if field != "commune"
    )
    if not name:  # "Tổng cộng" may stand in the column of numbers
        return any(isinstance(cell, str) and is_total(cell) for cell in row.cells)
    return (
        stands_alone
        or is_total(name)
        or is_average(name)
        or is_group_heading(row, name)
        or names_a_period(name)
    )


def is_group_heading(row: SheetRow, name: str) -> bool:
    """A heading between the rows ("I | UBND cấp xã"), not a commune."""
    first = next((cell for cell in row.cells if cell not in ("", None)), None)
    numbered = isinstance(first, str) and bool(_ROMAN.match(first.strip()))
    return numbered or bool(_GROUP_HEADING.match(text.make_spelling_key(name)))


def find_commune(
    province: str, table: SheetTable, row: SheetRow, problems: ProblemCollector
) -> str | None:
    """The code of the row's commune; None for totals, groups, and (with a problem noted) the
    unclear.
    """
    written = table.cell(row, "commune")
    code = table.cell(row, "commune_code")
    official_names = names.list_official_names(province)
    if code.__class__ is str and written and written == official_names.get(code):  # type: ignore[arg-type]
        return code  # type: ignore[return-value]
    name = text.normalize_text(str(written or ""))
    commune_match = names.match_commune(province, code, name or None)
    if commune_match.code is None:
        if not is_heading_or_total(table, row, name):
            _note_unknown(commune_match, name, row, problems)
        return None
    found_by_code = names.parse_commune_code(code) == commune_match.code
    official = official_names[commune_match.code]
    if found_by_code and commune_match.note:
        problems.add(
            write_message("mã và tên mâu thuẫn: {note}", note=commune_match.note),
            write_message("hãy sửa mã hoặc tên rồi nạp lại"),
            row,
            "commune_code",
        )
        return None
    if commune_match.note:
        problems.add(
            commune_match.note, write_message("hãy sửa mã đơn vị"), row, "commune_code", "warning"
        )
    elif (
        found_by_code
        and name
        and name != official
        and names.make_name_key(name) != names.make_name_key(official)
        and not _is_name_of_commune(province, name)
    ):
        if not names.may_be_name_of_code(province, commune_match.code, name):
            message = write_message(
                "không phải tên của mã {commune_code} ({official}); không nhận dòng này",
                commune_code=commune_match.code,
                official=quote_name(official),
            )
            remedy = write_message("hãy kiểm tra: mã của đơn vị trước 01/07/2025, hay tên ghi sai")
            problems.add(message, remedy, row, "commune")
            return None
        message = write_message(
            "không giống tên của mã {commune_code} ({official}); đã nhận theo mã",
            commune_code=commune_match.code,
            official=quote_name(official),
        )
        problems.add(message, write_message("hãy kiểm tra tên và mã"), row, "commune", "warning")
    return commune_match.code


def _is_name_of_commune(province: str, name: str) -> bool:
    return names.match_commune(province, None, name).code is not None


def _note_unknown(
    commune_match: names.CommuneMatch, name: str, row: SheetRow, problems: ProblemCollector
) -> None:
    if not name:
        message = commune_match.note or write_message(
            "dòng có số liệu nhưng không ghi tên hay mã đơn vị"
        )
        problems.add(
            message, write_message("hãy ghi tên và mã đơn vị hành chính"), row, "commune_code"
        )
        return
    if commune_match.former_of:
        problems.add(
            write_message("là {note}", note=commune_match.note),
            write_message("hãy ghi tên đơn vị hiện nay"),
            row,
            "commune",
        )
        return
    message = write_message("không có trong danh mục cấp xã của tỉnh")
    if commune_match.candidates:
        message = write_message(
            "{unknown}; gần giống: {candidates}",
            unknown=message,
            candidates=quote_names(commune_match.candidates),
        )
    problems.add(message, write_message("hãy sửa tên hoặc ghi mã đơn vị"), row, "commune")


# Which office a row speaks of: a commune of the province, or one of its departments (sở).
#
# A department is kept apart from the communes under its agency code ("H48.15"); where a file
# prints only its name, under a code made of province and name ("51:so-tai-chinh"), the same in
# every file.

_DEPARTMENTS = tuple(
    f"{text.make_spelling_key(words)} "
    for words in (
        "Sở",
        "Ban Quản lý",
        "Ban Dân tộc",
        "Ban Tôn giáo",
        "BQL",
        "Thanh tra",
        "Văn phòng UBND",
        "Văn phòng Sở",
        "Văn phòng Ủy ban",
        "Văn phòng Uỷ ban",
        "Văn phòng đăng ký",
        "Chi nhánh Văn phòng",
        "Chi nhánh VPĐK",
        "Chi nhánh VPĐKĐĐ",
        "Công an",
        "Bảo hiểm xã hội",
        "BHXH",
        "Kho bạc",
        "Cục",
        "Chi cục",
        "Thuế tỉnh",
        "Thuế thành phố",
        "Thuế cơ sở",
        "Trung tâm Phục vụ hành chính công tỉnh",
        "Trung tâm PVHCC tỉnh",
        "Trung tâm Phục vụ hành chính công thành phố",
        "Hải quan",
        "Ngân hàng",
        "Bộ Chỉ huy",
        "Công ty Điện lực",
        "Điện lực",
        "Tòa án",
        "Toà án",
        "Viện kiểm sát",
        "UBND tỉnh",
        "UBND thành phố",
        "Ủy ban nhân dân tỉnh",
        "Uỷ ban nhân dân tỉnh",
    )
)
# The column `code` of the table `unit` holds so much.
_LONGEST_CODE = 32


@dataclass(frozen=True)
class Unit:
    """An office: its code in the store, its name as to be shown, and whether it is a commune."""

    code: str
    name: str
    is_commune: bool


def find_department(province: str, name: str, agency_code: str = "") -> Unit | None:
    """The department that `name` is, else None: never a commune, never a person's name."""
    written = text.normalize_text(name)
    if not f"{text.make_spelling_key(written)} ".startswith(_DEPARTMENTS):
        return None
    code = values.normalize_code(agency_code)
    return Unit(
        code if AGENCY_CODE.match(code) else _make_code(province, written),
        written,
        is_commune=False,
    )


def _make_code(province: str, name: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", text.strip_tones(name)).strip("-")
    code = f"{province}:{slug}"
    # Two names that share their first letters, or differ in tones only, must not become one office.
    return code if len(code) <= _LONGEST_CODE else f"{code[: _LONGEST_CODE - 7]}-{_hash_name(name)}"


def _hash_name(name: str) -> str:
    return hashlib.sha256(text.make_spelling_key(name).encode()).hexdigest()[:6]


@lru_cache(maxsize=20_000)
def find_unit(province: str, code: str, name: str) -> Unit | None:
    """The office meant by a code (commune or agency) and a name, as they are written; None if
    unclear.

    A code and a name that name two communes are unclear.
    """
    if department := find_department(province, name, code):
        return department
    agency = values.normalize_code(code or name)
    commune_match = names.match_commune(
        province,
        None if AGENCY_CODE.match(values.normalize_code(code)) else code or None,
        name or None,
    )
    if (
        commune_match.code is None
        and not commune_match.candidates
        and names.parse_commune_code(name)
    ):
        # a code that stands in the column of names
        commune_match = names.match_commune(province, name)
    if commune_match.code is not None:
        contradicts = names.parse_commune_code(code) == commune_match.code and (
            bool(commune_match.note)
            or (
                bool(name.strip())
                and not names.may_be_name_of_code(province, commune_match.code, name)
            )
        )
        if contradicts:
            return None
        return Unit(
            commune_match.code,
            str(reference.load_communes().at[commune_match.code, "name"]),
            True,
        )
    if not AGENCY_CODE.match(agency):
        return None
    return Unit(agency, text.normalize_text(name), is_commune=False)
