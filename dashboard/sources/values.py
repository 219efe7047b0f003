"""One cell as people write it → its value. What is not certain raises Unreadable, with a remedy.

Every reader gives None for a blank cell: what was not written is not known. `-` is a written zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from dashboard import text
from dashboard.sources.private import without_numbers
from dashboard.sources.sheet import DASHES, Cell, Unreadable, blank

_NOT_A_NUMBER = ("không phải là số", "hãy nhập số hoặc để trống")
# Nothing is counted so often in a province; whole numbers of a database end at twice as much.
MOST = 1e9
_UNITS = r"(?:mbps|mb/s|mbit/s|mbits/s|mb|%|cái|chiếc|bộ|máy|người|hồ sơ|ngày|chữ ký số|chứng thư số|cts|cks)"
_NUMBER = re.compile(rf"^([-–−+]?)\s*(\d[\d.,\s']{{0,30}}(?<=\d)|\d)\s*(?:{_UNITS})?\.?$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d]+")
_THOUSANDS = re.compile(r"^[1-9]\d{0,2}(?:([.,' ])\d{3})(?:\1\d{3})*$")
_PLAIN_POINT = re.compile(r"^\d+\.(?:\d{1,2}|\d{4,})$")
_YES = {"đạt", "có", "x", "1", "true", "yes", "y", "v", "✓", "✔", "☑", "đúng", "rồi", "đã có", "đảm bảo",
        "bảo đảm", "ổn định", "thông suốt", "tốt"}  # fmt: skip
_NO = {"không đạt", "chưa đạt", "không", "chưa", "0", "false", "no", "n", "☐", "chưa có", "không có", "sai",
       "không ổn định", "chưa ổn định", "chưa đảm bảo", "không đảm bảo", *DASHES}  # fmt: skip
_RATINGS = {"xanh": 2, "green": 2, "vàng": 1, "yellow": 1, "đỏ": 0, "red": 0}


def shown(cell: Cell) -> str:
    """A cell as a message quotes it: as written but for persons' numbers, at most 40 characters."""
    if isinstance(cell, datetime):
        written = text.moment(cell)
    elif isinstance(cell, date):
        written = text.day(cell)
    elif isinstance(cell, float) and cell.is_integer():
        written = str(int(cell))
    elif isinstance(cell, float):
        written = f"{cell:.10g}".replace(".", ",")
    else:
        written = text.normal(str(cell))
    written = without_numbers(written)
    return written if len(written) <= 40 else written[:39] + "…"


def quotable(cell: Cell) -> bool:
    """Whether a cell that is no value of its column may be quoted: short, and not of two words as names are."""
    if blank(cell) or not isinstance(cell, str):
        return not blank(cell)
    written = text.normal(cell)
    return len(written) <= 20 and len(_WORD.findall(written)) < 2


def words(cell: Cell) -> str | None:
    """Text in its normal form; None where there is none."""
    return None if blank(cell) else text.normal(str(cell)) or None


def point_decimals(column: Iterable[Cell]) -> bool:
    """Whether this column writes decimals with a point: some cell reads like `7.32`, none like `7,32`."""
    points = False
    for cell in column:
        if isinstance(cell, str):
            if "," in cell:
                return False
            points = points or bool(_PLAIN_POINT.match(cell.strip().split(" ")[0]))
    return points


def decimal(cell: Cell, *, point: bool = False) -> float | None:
    """`67,9`, `85,5 Mbps`, `1.234,5`, `82%` (82.0), `-` (0). A lone `1.234` is one thousand odd
    unless the column is known to write decimals with a `point`."""
    if isinstance(cell, bool):
        raise Unreadable(*_NOT_A_NUMBER)
    if isinstance(cell, float | int):
        return _finite(cell)
    if blank(cell):
        return None
    if not isinstance(cell, str):
        raise Unreadable("không phải là số", "hãy định dạng ô là số rồi nhập lại")
    return _decimal(cell, point)


def _finite(cell: float | int) -> float:
    if not abs(cell) < 1e15:  # also what is not a number at all
        raise Unreadable(*_NOT_A_NUMBER)
    return float(cell)


@lru_cache(maxsize=10_000)
def _decimal(cell: str, point: bool) -> float:
    written = text.normal(cell)
    if written in DASHES:
        return 0.0
    found = _NUMBER.match(written)
    if not found:
        raise Unreadable(*_NOT_A_NUMBER)
    value = _figure(found.group(2).strip(), point)
    if value is None:
        raise Unreadable(*_NOT_A_NUMBER)
    return -value if found.group(1) in {"-", "–", "−"} else value


def _figure(digits: str, point: bool) -> float | None:
    """`1.234,5`, `1,234.5`, `1 234`, `67,9` → the number; None where the marks make no sense."""
    marks = {mark for mark in ",." if mark in digits}
    whole, part = digits, "0"
    if len(marks) == 2:  # both: the last one is the decimal mark
        whole, part = digits.rsplit(max(marks, key=digits.rfind), 1)
    elif "," in marks and digits.count(",") == 1:
        whole, part = digits.split(",")
    elif "." in marks and digits.count(".") == 1 and (point or not _THOUSANDS.match(digits)):
        whole, part = digits.split(".")
    if _THOUSANDS.match(whole):
        whole = re.sub(r"[.,' ]", "", whole)
    return float(f"{whole}.{part}") if whole.isdecimal() and part.isdecimal() else None


def count(cell: Cell) -> float | None:
    """A whole number from 0 to below MOST: `1.234` and `1,234` are one thousand odd, `12.0` is 12."""
    if isinstance(cell, str):
        return None if blank(cell) else _count(cell)
    return _whole(decimal(cell))


@lru_cache(maxsize=10_000)
def _count(cell: str) -> float | None:
    if cell.isdecimal() and cell.isascii() and len(cell) <= 15:
        return _whole(float(cell))
    if _THOUSANDS.match(written := text.normal(cell)):
        return _whole(float(re.sub(r"[.,' ]", "", written)))
    return _whole(_decimal(cell, False))


def _whole(value: float | None) -> float | None:
    if value is None:
        return None
    if value >= MOST:
        raise Unreadable("lớn hơn 1 tỷ", "hãy kiểm tra lại số hoặc để trống")
    if value < 0:
        raise Unreadable("là số âm", "hãy nhập số nguyên từ 0 trở lên hoặc để trống")
    if value != int(value):
        raise Unreadable("không phải số nguyên", "hãy nhập số nguyên từ 0 trở lên hoặc để trống")
    return value


def flag(cell: Cell) -> float | None:
    """Đạt/Có/x → 1.0, Không đạt/Không/0 → 0.0."""
    if isinstance(cell, bool | float | int):
        if cell in (0, 1):
            return float(cell)
        raise Unreadable("không rõ là đạt hay không đạt", 'hãy ghi "Đạt" hoặc "Không đạt"')
    if blank(cell):
        return None
    return _flag(str(cell))


@lru_cache(maxsize=1_000)
def _flag(cell: str) -> float:
    word = text.normal(cell).casefold().strip(" .")
    keys = (word, text.spelling_key(word))
    if any(key in _YES_KEYS for key in keys):
        return 1.0
    if any(key in _NO_KEYS for key in keys):
        return 0.0
    raise Unreadable("không rõ là đạt hay không đạt", 'hãy ghi "Đạt" hoặc "Không đạt"')


def _with_keys(words: Iterable[str]) -> set[str]:
    words = set(words)
    return (words | {text.spelling_key(word) for word in words}) - {""}


_YES_KEYS, _NO_KEYS = _with_keys(_YES), _with_keys(_NO)
_LEVEL = re.compile(rf"^(?:{text.spelling_key('mức')}|{text.spelling_key('màu')}) ")
_RATING_KEYS = {text.spelling_key(word): value for word, value in _RATINGS.items()}


def rating(cell: Cell) -> float | None:
    """Xanh/Vàng/Đỏ in any case → 2.0/1.0/0.0 as in `measures.RATINGS`; `-` is no rating."""
    if blank(cell) or (isinstance(cell, str) and text.normal(cell) in DASHES):
        return None
    value = _RATING_KEYS.get(_LEVEL.sub("", text.spelling_key(str(cell))))
    if value is None:
        raise Unreadable("không phải mức đánh giá", "hãy ghi Xanh, Vàng hoặc Đỏ")
    return float(value)
