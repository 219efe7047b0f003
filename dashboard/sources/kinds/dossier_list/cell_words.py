"""What cells of a dossier list say: the ten national states and the channels in any wording, codes
of procedures, and the column "Lĩnh vực": public names of domains ("Đất đai", "Hộ tịch"), never a
person.

What stands in the column of fields may be anything: a name or an address that somebody put there is
neither kept nor quoted, and a column that reads like names or addresses is not taken at all.
"""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np

from dashboard import text
from dashboard.batch import STATES
from dashboard.messages import write_message
from dashboard.sources.cells import values
from dashboard.sources.formats.sheet import Unreadable

UNREADABLE_WORDS = {
    "state": (
        write_message("không phải trạng thái hồ sơ nào đã biết"),
        write_message("hãy ghi một trong mười trạng thái của Cổng Dịch vụ công"),
    ),
    "channel": (
        write_message("không phải hình thức tiếp nhận"),
        write_message("hãy ghi Trực tuyến, Trực tiếp hoặc BCCI"),
    ),
    "procedure_code": (
        write_message("không phải mã thủ tục"),
        write_message("hãy định dạng cột là văn bản và ghi mã dạng 2.000815"),
    ),
    "digitised": (
        write_message("không rõ đã số hóa hay chưa"),
        write_message('hãy ghi "Có" hoặc "Không"'),
    ),
}


def _any_phrase(*phrases: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(text.make_spelling_key(phrase) for phrase in phrases)})\b")


# The first that fits says the state; written with tones, because "dừng" (stopped) is not "đúng" (in
# time).
_STATES: tuple[tuple[re.Pattern[str], int], ...] = (
    (_any_phrase("rút", "xin rút"), 7),
    (
        _any_phrase(
            "không được tiếp nhận",
            "không tiếp nhận",
            "từ chối",
            "bị từ chối",
            "không đủ điều kiện tiếp nhận",
        ),
        3,
    ),
    (
        _any_phrase(
            "nghĩa vụ tài chính",
            "NVTC",
            "thực hiện nghĩa vụ",
            "chờ nộp thuế",
            "nộp phí",
            "thanh toán",
        ),
        6,
    ),
    (_any_phrase("bổ sung", "hoàn thiện hồ sơ"), 5),
    (_any_phrase("chờ trả", "chưa trả", "chờ nhận kết quả"), 9),
    (_any_phrase("đã trả", "trả kết quả", "đã nhận kết quả"), 10),
    (_any_phrase("tạm dừng", "dừng", "dừng xử lý", "tạm ngừng", "ngừng"), 8),
    (
        _any_phrase(
            "chờ tiếp nhận",
            "chưa tiếp nhận",
            "mới đăng ký",
            "mới nộp",
            "mới tạo",
            "mới gửi",
            "đăng ký mới",
        ),
        1,
    ),
    (_any_phrase("đang"), 4),
    (
        _any_phrase(
            "chưa xử lý", "chưa giải quyết", "chờ xử lý", "chờ thẩm định", "chờ phê duyệt", "chờ ký"
        ),
        4,
    ),
    (
        _any_phrase(
            "xử lý xong",
            "hoàn thành",
            "hoàn tất",
            "đã giải quyết",
            "giải quyết xong",
            "đã xử lý",
            "có kết quả",
            "đã xong",
            "kết thúc",
        ),
        9,
    ),
    (_any_phrase("được tiếp nhận", "đã tiếp nhận", "tiếp nhận", "mới tiếp nhận"), 2),
    (_any_phrase("xử lý", "thụ lý"), 4),
)
_BY_NAME = {text.make_spelling_key(name): number for number, name in STATES.items()}
_BY_UNTONED_NAME = {text.strip_tones(name): number for number, name in STATES.items()}
_CHANNELS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        _any_phrase(
            "trực tuyến",
            "qua mạng",
            "online",
            "internet",
            "DVC",
            "DVCTT",
            "DVCQG",
            "dịch vụ công",
            "cổng",
            "toàn trình",
            "VNeID",
        ),
        "online",
    ),
    (_any_phrase("bưu chính", "BCCI", "bưu điện", "bưu tá", "post"), "post"),
    (
        _any_phrase("trực tiếp", "tại quầy", "một cửa", "tại trung tâm", "in person", "tại chỗ"),
        "in_person",
    ),
)
_UNTONED_CHANNELS = {
    "truc tuyen": "online",
    "qua mang": "online",
    "truc tiep": "in_person",
    "buu chinh": "post",
    "buu chinh cong ich": "post",
    "in_person": "in_person",
    "buu dien": "post",
}
_PROCEDURE_CODE = re.compile(r"(\d)[.,](\d{1,6})(?:\.\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2})?")


@lru_cache(maxsize=2_000)
def read_dossier_state(cell: str) -> int | None:
    """`"Yêu cầu bổ sung giấy tờ"` as 5, `"4"` as 4 (`batch.STATES`); None for a blank. Raises
    Unreadable.
    """
    written = text.normalize_text(cell)
    if not written:
        return None
    key = text.make_spelling_key(written)
    number = re.match(r"^(10|[1-9])(?:$|[.,]0$|\s*[-.:)]\s)", written)
    if number:
        return int(number[1])
    state_number = _BY_NAME.get(key) or next(
        (value for pattern, value in _STATES if pattern.search(key)), None
    )
    state_number = state_number or _BY_UNTONED_NAME.get(text.strip_tones(written))
    if state_number is None:
        raise Unreadable(*UNREADABLE_WORDS["state"])
    return state_number


@lru_cache(maxsize=2_000)
def read_channel(cell: str) -> str | None:
    """online, in_person or post; None for a blank. Raises Unreadable."""
    written = text.normalize_text(cell)
    if not written:
        return None
    key = text.make_spelling_key(written)
    channel_code = next((value for pattern, value in _CHANNELS if pattern.search(key)), None)
    channel_code = channel_code or _UNTONED_CHANNELS.get(text.strip_tones(written))
    if channel_code is None:
        raise Unreadable(*UNREADABLE_WORDS["channel"])
    return channel_code


def read_procedure_code(cell: str) -> str | None:
    """`2.000815`, also as Excel leaves it (`1.00065` was `1.000650`); None for a blank. Raises
    Unreadable.
    """
    written = values.normalize_code(cell)
    if not written:
        return None
    match = _PROCEDURE_CODE.fullmatch(written)
    if not match:
        raise Unreadable(*UNREADABLE_WORDS["procedure_code"])
    return f"{match[1]}.{match[2].ljust(6, '0')}"


def read_yes_or_no(cell: str) -> bool | None:
    """Whether something was done ("Có", "x"); None for a blank. Raises Unreadable."""
    answer = values.read_flag(cell)
    return None if answer is None else bool(answer)


# The national catalogue has some 200 fields; a list with more has something else there.
MOST_FIELDS = 300
LONGEST_FIELD = 120
# Below so many dossiers each may well be of another field.
_FEW_DOSSIERS = 50
# Parts of a phone's or a card's number stand apart, too: "0912 345 678".
_MOST_DIGITS = 5
# Words no field has, as they are written with tones: "Lý lịch tư pháp" is a field, and so is
# "Đường bộ".
_PERSON = re.compile(
    r"(?:(?:ông|bà)\s+)?(?:nguyễn|trần|lê|phạm|huỳnh|hoàng|phan|vũ(?! khí| trường)|võ|đặng|bùi"
    r"|đỗ|ngô|dương|đinh)\s"
    r"|.*\b(?:thôn|ngõ|ngách|hẻm|ấp|số nhà|tổ dân phố|khu phố)\b|.*@"
)
NOT_TAKEN = (
    write_message(
        "không giống cột tên lĩnh vực (quá nhiều tên khác nhau, hoặc có "
        "thể là tên người, địa chỉ); không nhận cột này"
    ),
    write_message('hãy chỉ ghi tên lĩnh vực của thủ tục, ví dụ "Đất đai"'),
)


def is_field_name(written: str) -> bool:
    """Whether a cell (normalised) may be kept as the name of a field."""
    return (
        len(written) <= LONGEST_FIELD
        and written.isprintable()
        and sum(letter.isdigit() for letter in written) <= _MOST_DIGITS
        and not _PERSON.match(written.casefold())
    )


class FieldNames:
    """The cells of one list as numbers, so that no text is put aside before the whole column was
    seen. `names`: number to the first spelling; None: a cell that is not kept.
    """

    def __init__(self) -> None:
        self.names: list[str | None] = []
        self._numbers: dict[str, int] = {}
        self._filled = self._not_kept = 0

    def read(self, cells: tuple[np.ndarray, list[str]], mask: np.ndarray) -> np.ndarray:
        """The number of each row's cell, -1 where it is blank; rows outside `mask` do not count."""
        codes, different = cells
        used = np.zeros(len(different), dtype=bool)
        used[codes[mask]] = True
        numbers = np.full(len(different), -1, dtype=np.int32)
        for position in np.flatnonzero(used).tolist():
            numbers[position] = self._find_number(different[position])
        read = np.where(mask, numbers[codes], -1)
        self._filled += int((read >= 0).sum())
        self._not_kept += int(self.find_not_kept(read).sum())
        return read

    def _find_number(self, cell: str) -> int:
        written = text.normalize_text(cell)
        key = text.make_spelling_key(written)
        if not key:
            return -1
        is_name = is_field_name(written)
        key = key if is_name else written
        if key not in self._numbers and len(self.names) <= MOST_FIELDS:
            self._numbers[key] = len(self.names)
            self.names.append(written if is_name else None)
        return self._numbers.get(key, MOST_FIELDS)

    def find_not_kept(self, read: np.ndarray) -> np.ndarray:
        """Which rows of what `read` gave have a cell that is not kept."""
        if not self.names:
            return np.zeros(len(read), dtype=bool)
        return (read >= 0) & np.array([name is None for name in self.names], dtype=bool)[read]

    @property
    def is_taken(self) -> bool:
        """Whether the column, seen whole, has names of fields."""
        different = len(self.names)
        return (
            different <= MOST_FIELDS
            and (self._filled <= _FEW_DOSSIERS or 2 * different <= self._filled)
            and 2 * self._not_kept <= self._filled
        )

    def tell(self, read: np.ndarray) -> np.ndarray:
        """The names of what `read` gave, None where none is kept."""
        names = np.array([*(self.names if self.is_taken else []), None], dtype=object)
        return names[np.where(self.is_taken, read, -1)]
