"""What a title says the figures are of: a part of the dossiers, certificates or devices, or no
dossiers at all.

"Danh sách hồ sơ quá hạn" has all columns of a list of dossiers, and its rate is that of the late
ones alone; "Văn bản đến: tiếp nhận, đã xử lý" has the columns of a report. What such a file counts
is right, and as the commune's figure wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from dashboard import text
from dashboard.errors import FileRefused
from dashboard.messages import write_message
from dashboard.sources.recognise.row_scope import drop_open_filters

_LATE_OR_IN_TIME = (
    r"(?:qua|tre|cham|muon) (?:han|hen)|(?:dung|truoc|som) (?:han|hen)|ton dong|sap (?:den|het) han"
)
_STATES = (
    rf"{_LATE_OR_IN_TIME}|da giai quyet|da (?:xu ly|tra ket qua|tra kq)|dang (?:giai quyet|xu ly)"
    r"|chua (?:giai quyet|xu ly|tra)|tam dung|tra lai|tu choi|bo sung|xin rut|bi huy"
)
# Titles that name one state of a list's dossiers; one that names their reception is of all.
_LIST_OF_ONE_STATE = re.compile(
    r"\b(?:danh sach|bang ke|ds)\b(?: \w+){0,4}? (?:ho so|hs)\b(?P<rest>.*)"
)
_STATE = re.compile(rf"\b(?:{_STATES})\b")
_FILE_OF_ONE_STATE = re.compile(rf"\b(?:ho so|hs)\b.*\b(?:{_LATE_OR_IN_TIME})\b")
_ONE_FIELD = re.compile(
    r"(?<!cac )(?<!tung )(?<!theo )(?<!moi )(?<!nhom )(?<!\d )\blinh vuc\b:? "
    r"(?!cai cach|kiem soat|thu tuc|hanh chinh|giai quyet|dich vu|duoc|thuoc|la\b)[a-z]"
)
# "Hồ sơ đất đai", "hồ sơ qua dịch vụ bưu chính công ích": one field, or one way
_ONE_SORT = re.compile(
    r"\bho so (?:\w+ )?(?:phi dia gioi|lien thong)\b|\bho so (?:nop )?truc tuyen$"
    r"|\b(?:ho so|tthc|thu tuc(?: hanh chinh)?) (?:ve |thuoc |cap |dang ky )*"
    r"(?:dat dai|ho tich|khai sinh|khai tu|ket hon|chung thuc|xay dung|bao tro|nguoi co cong"
    r"|kinh doanh|ho kinh doanh|doanh nghiep|cu tru|thuong tru|tam tru|moi truong|tu phap|lao dong"
    r"|giay phep|giay chung nhan|ly lich tu phap|can cuoc)\b(?!,| va\b)"
    r"|\bqua (?:dich vu )?(?:buu chinh|buu dien|bcci)\b(?!,| va\b)"
    r"|\btai (?:cac )?(?:diem |buu cuc )?buu (?:dien|cuc|chinh)\b|\bngoai gio\b"
    r"|\bngay thu (?:bay|7)\b"
    r"|\b(?:tiep nhan|giai quyet|tra ket qua) (?:ho so )?(?:luu dong|tai nha)\b"
)
_ONE_WAY = re.compile(
    r"\bho so (?:nop |tiep nhan )?(?:qua )?(?:dich vu cong |dvc |dvctt )*"
    r"(?:truc tuyen|toan trinh|mot phan)\b(?!,| va\b)"
)
# A letter that the form belongs to may speak of anything.
_LETTER = re.compile(r"\b(?:can cu|kem theo|quyet dinh|nghi dinh|thong tu|cong van|kinh gui)\b")
_OTHER_SUBJECT = re.compile(
    r"\b(?:don thu|khieu nai|to cao|tiep cong dan|phan anh,? kien nghi|pakn|van ban (?:den|di)"
    r"|xu ly van ban|nhiem vu (?:duoc )?giao|thuc hien nhiem vu|vi pham hanh chinh"
    r"|yeu cau ho tro|ho tro ky thuat|su co|cuoc goi|tong dai|duong day nong)\b"
)
_DOSSIERS = re.compile(r"\b(?:ho so|hs|thu tuc hanh chinh|tthc|mot cua)\b|\bii ?\.? ?0?6")
# "Ước thực hiện tháng 10", "(số liệu dự kiến)": not counted yet
_ESTIMATE = re.compile(
    r"^(?:bieu |bao cao )?uoc (?:thuc hien|tinh|dat)\b|\bso lieu (?:du kien|uoc)\b"
)
# "Kế hoạch trang bị năm 2027"; "Kết quả thực hiện Kế hoạch số 02" is none.
_PLAN = re.compile(
    r"^(?:(?:bieu|phu luc|du thao)\b[\s\d:.\-]*)*"
    r"(?:ke hoach|de xuat|du toan|de nghi|dang ky nhu cau)\b"
    r"(?!.*\b(?:ket qua|thuc hien|so \d))"
)
_CERTIFICATES_OF_ONE_STATE = re.compile(
    r"\b(?:chung thu|cts|chu ky so|cks)\b.*\b(?:het (?:han|hieu luc)|(?:bi|da|tam) khoa|thu hoi"
    r"|gia han|(?:cap|tao) (?:moi|lai|bo sung)|moi cap|cap (?:trong|thang|quy|nam|dot)|mo khoa"
    r"|de nghi|thay doi)\b|\bde nghi\b.*\b(?:chung thu|cts|chu ky so|cks)\b"
)
_CERTIFICATES_OF_ALL = re.compile(
    r"\b(?:(?:da|duoc) cap(?!(?: phat)? (?:moi|lai|bo sung|trong|thang|quy|nam|dot))|hoat dong"
    r"|con (?:han|hieu luc)|dang su dung|tat ca|toan bo|tinh trang|hien trang)\b"
)
_DEVICES_OF_ONE_SORT = re.compile(
    r"\b(?:thiet bi|may tinh|may scan|may moc|tai san)\b.*\b(?:hong|hu hong|thanh ly|sua chua"
    r"|thay the|bo sung|(?:cap|mua|trang bi) moi|moi (?:cap|mua)"
    r"|cap (?:phat )?(?:thang|quy|nam|dot)|ban giao|mua sam)\b"
)
_DEVICES_OF_ALL = re.compile(
    r"\b(?:kiem ke|hien (?:co|trang)|tinh trang|tot|tat ca|toan bo|dang su dung)\b"
)
_REMEDY_PART = write_message(
    "hãy gửi tệp của mọi hồ sơ; nếu đây là mọi hồ sơ thì hãy sửa tiêu đề hoặc tên tệp"
)


def refuse_part_of_dossiers(
    file_name: str, titles: Iterable[str], *, is_list: bool, has_ways: bool = True
) -> None:
    """Raises FileRefused where a title (of a list the file's name, too) says that only some of the
    dossiers are counted: those of one state, one field or one way. `has_ways`: whether the table
    tells the ways of reception apart, whatever its title says.
    """
    for title in titles:
        line = text.strip_tones(text.normalize_text(title))
        if _LETTER.search(line):
            continue
        line = drop_open_filters(line)
        state = _find_one_state(line) if is_list else None
        part = state or _ONE_FIELD.search(line) or _ONE_SORT.search(line)
        if not has_ways:
            part = part or _ONE_WAY.search(line)
        if part:
            raise _refuse_part(file_name, write_message('tiêu đề "{title}"', title=_shorten(title)))
    stem = re.sub(r"[\W_]+", " ", text.strip_tones(text.normalize_text(file_name)))
    if is_list and _FILE_OF_ONE_STATE.search(stem):
        raise _refuse_part(file_name, write_message("tên tệp"))


def _find_one_state(line: str) -> re.Match[str] | None:
    listed = _LIST_OF_ONE_STATE.search(line)
    if listed is None or "tiep nhan" in listed["rest"]:
        return None
    return _STATE.search(listed["rest"])


def _refuse_part(file_name: str, place: str) -> FileRefused:
    message = write_message(
        "{place} cho thấy tệp chỉ có một phần hồ sơ, không phải mọi hồ sơ của đơn vị", place=place
    )
    return FileRefused(file_name, message, _REMEDY_PART)


def refuse_part_of_certificates(file_name: str, titles: Iterable[str]) -> None:
    """Raises FileRefused where a title or the file's name speaks of the certificates of one state:
    "Danh sách chứng thư số sắp hết hạn" counts none of the others."""
    _refuse_part_of_things(file_name, titles, _CERTIFICATES_OF_ONE_STATE, _CERTIFICATES_OF_ALL)


def refuse_part_of_devices(file_name: str, titles: Iterable[str]) -> None:
    """Raises FileRefused where a title or the file's name speaks of a part of the devices: the
    broken ones, or those of one delivery."""
    _refuse_part_of_things(file_name, titles, _DEVICES_OF_ONE_SORT, _DEVICES_OF_ALL)


def _refuse_part_of_things(
    file_name: str, titles: Iterable[str], part: re.Pattern[str], everything: re.Pattern[str]
) -> None:
    stem = re.sub(r"[\W_]+", " ", file_name)
    places = [
        (title, write_message('tiêu đề "{title}"', title=_shorten(title))) for title in titles
    ]
    for line, place in (*places, (stem, write_message("tên tệp"))):
        plain = text.strip_tones(text.normalize_text(line))
        if part.search(plain) and not everything.search(plain) and not _LETTER.search(plain):
            message = write_message(
                "{place} cho thấy tệp chỉ có một phần, không phải mọi chứng thư số, thiết bị của "
                "đơn vị",
                place=place,
            )
            remedy = write_message(
                "hãy gửi tệp đầy đủ; nếu đây là tệp đầy đủ thì hãy sửa tiêu đề hoặc tên tệp"
            )
            raise FileRefused(file_name, message, remedy)


def refuse_plan(file_name: str, titles: Iterable[str]) -> None:
    """Raises FileRefused where the title is a plan's or a proposal's: what is to be is not yet."""
    for title in titles:
        line = text.strip_tones(text.normalize_text(title))
        if _PLAN.search(line) or _ESTIMATE.search(line):
            message = write_message(
                'tiêu đề "{title}" là ước tính, kế hoạch hoặc đề xuất, không phải số đã có',
                title=_shorten(title),
            )
            remedy = write_message(
                "hãy gửi biểu của số đã có; nếu đúng là số đã có thì hãy sửa tiêu đề"
            )
            raise FileRefused(file_name, message, remedy)


def refuse_other_subject(file_name: str, titles: Iterable[str], headings: Iterable[str]) -> None:
    """Raises FileRefused where the titles speak of letters, complaints or tasks, and neither they
    nor the headings of dossiers.
    """
    titles = list(titles)
    lines = [text.strip_tones(text.normalize_text(line)) for line in (*titles, *headings)]
    if any(map(_DOSSIERS.search, lines)):
        return
    for title, line in zip(titles, lines, strict=False):
        if _OTHER_SUBJECT.search(line):
            message = write_message(
                'tiêu đề "{title}" không nói về hồ sơ thủ tục hành chính', title=_shorten(title)
            )
            remedy = write_message(
                "hãy kiểm tra lại tệp; nếu là số liệu hồ sơ thì hãy ghi rõ trong tiêu đề"
            )
            raise FileRefused(file_name, message, remedy)


def require_dossiers(file_name: str, titles: Iterable[str], headings: Iterable[str]) -> None:
    """Raises FileRefused where neither titles nor headings speak of dossiers: "Tiếp nhận" and "Đã
    giải quyết" alone may be anything.
    """
    words = re.sub(r"[\W_]+", " ", file_name)
    if not any(
        _DOSSIERS.search(text.strip_tones(text.normalize_text(line)))
        for line in (*titles, *headings, words)
    ):
        message = write_message("không rõ số tiếp nhận, giải quyết là của hồ sơ hay của việc khác")
        remedy = write_message('hãy ghi "hồ sơ" hoặc "thủ tục hành chính" vào tiêu đề biểu')
        raise FileRefused(file_name, message, remedy)


def _shorten(title: str) -> str:
    written = text.normalize_text(title)
    return written if len(written) <= 80 else f"{written[:79]}…"
