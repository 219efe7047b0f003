"""Which device a row of an inventory means, and whether it can be used, in any wording."""

from __future__ import annotations

import re
from functools import lru_cache

from dashboard import text
from dashboard.sources.headings import Field, Vocabulary
from dashboard.sources.measure_words import DEVICE_WORDS
from dashboard.sources.sheet import Cell, Unreadable, blank

_MORE = {
    "computer": "Máy tính xách tay | Laptop | Máy tính bàn | Máy tính All in one | PC | Máy trạm | computer",
    "scanner": "Máy quét tài liệu | Máy scan tài liệu | Máy quét văn bản | document scanner",
    "photocopier": "Máy photocoppy | Máy phô-tô | Máy photocopy đa chức năng | Máy phô tô cóp pi | photocopier",
    "queue_machine": "Máy xếp hàng tự động | Hệ thống xếp hàng tự động | Hệ thống lấy số tự động | queue machine",
    "display": "Màn hình thông tin | Màn hình công khai | Tivi hiển thị | display",
    "kiosk": "Ki ốt tra cứu | Máy tra cứu thông tin",
}
DEVICE_HEADINGS = {code: f"{words} | {_MORE[code]}" for code, words in DEVICE_WORDS.items()}
_VOCABULARY = Vocabulary([Field(code, headings) for code, headings in DEVICE_HEADINGS.items()])
# Words that make another thing of it: a monitor, a tablet, a pocket calculator, parts.
_OTHER = re.compile(
    "|".join(
        rf"(?:^| ){text.spelling_key(words)}(?= |$)"
        for words in ("màn hình máy tính", "máy tính bảng", "máy tính cầm tay", "máy tính tiền", "bàn phím", "chuột",
                      "mực", "phụ kiện", "linh kiện", "phần mềm", "dây", "bàn", "ghế")
    )
)  # fmt: skip
_DESK = tuple(text.spelling_key(words) for words in ("máy tính để bàn", "máy tính bàn", "bàn tra cứu"))

_BROKEN = ("hỏng", "hư hỏng", "hư", "bị lỗi", "lỗi", "không hoạt động", "không sử dụng được", "không dùng được",
           "chờ sửa", "đang sửa", "sửa chữa", "thanh lý", "mất", "không đạt", "ngừng hoạt động", "broken",
           "xuống cấp không sử dụng", "không sử dụng", "ngừng sử dụng")  # fmt: skip
_USABLE = ("đang sử dụng", "sử dụng tốt", "sử dụng", "sử dụng được", "đang dùng", "dùng được", "dùng tốt", "tốt",
           "còn tốt", "hoạt động", "hoạt động tốt", "bình thường", "ổn định", "mới", "đạt", "in use", "ok", "có", "khá",
           "trung bình")  # fmt: skip


def _any(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?:^| )(?:{'|'.join(map(text.spelling_key, words))})(?= |$)")


_IS_BROKEN, _IS_USABLE = _any(_BROKEN), _any(_USABLE)
_NOT_BROKEN = _any(
    ("không hỏng", "chưa hỏng", "không hư", "không lỗi", "không bị hỏng", "đã sửa xong", "đã sửa chữa xong")
)
_UNCLEAR = _any(("chưa sử dụng", "chưa lắp", "chưa hoạt động", "không tốt", "chưa đạt", "chưa bàn giao"))


@lru_cache(maxsize=5_000)
def device(written: str) -> str | None:
    """The device that a type in any wording means ("Máy scan HP ScanJet 2600"); None for any other thing."""
    if written in DEVICE_WORDS:
        return written
    found = _VOCABULARY.field_of((text.normal(written),))
    if found is not None:
        return found[0]
    key = f" {text.spelling_key(written)} "
    if _OTHER.search(key) and not any(f" {words} " in key for words in _DESK):
        return None
    hits = {f" {text.spelling_key(spelling)} ": code for code, field in _VOCABULARY.fields.items()
            for spelling in field.spellings}  # fmt: skip
    inside = [words for words in hits if words in key]
    longest = [words for words in inside if not any(words in other and words != other for other in inside)]
    meant = {hits[words] for words in longest}
    return meant.pop() if len(meant) == 1 else None


def usable(cell: Cell) -> bool | None:
    """Whether a device in this state can be used; None where nothing is said. Raises Unreadable where unclear."""
    if blank(cell):
        return None
    if isinstance(cell, bool | int | float):
        if cell in (0, 1):
            return bool(cell)
        raise Unreadable("không rõ là dùng được hay hỏng", 'hãy ghi "Đang sử dụng" hoặc "Hỏng"')
    return _usable(str(cell))


@lru_cache(maxsize=2_000)
def _usable(written: str) -> bool:
    key = text.spelling_key(written)
    if key in {"1", "x"} or _NOT_BROKEN.search(key):
        return True
    if key == "0" or _IS_BROKEN.search(key):
        return False
    if _IS_USABLE.search(key) and not _UNCLEAR.search(key):
        return True
    raise Unreadable("không rõ là dùng được hay hỏng", 'hãy ghi "Đang sử dụng" hoặc "Hỏng"')
