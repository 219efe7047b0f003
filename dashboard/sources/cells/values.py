"""One cell as people write it → its value. What is not certain raises Unreadable, with a remedy.

Every reader gives None for a blank cell: what was not written is not known. `-` is a written zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from dashboard import text
from dashboard.messages import write_message
from dashboard.sources.cells.personal_data import hide_numbers
from dashboard.sources.formats.sheet import DASHES, Cell, SharedFigure, Unreadable, is_blank

SHARED_FIGURE = (
    write_message(
        "là số trong ô gộp của nhiều dòng hoặc nhiều cột, không rõ của riêng dòng, cột nào"
    ),
    write_message("hãy bỏ gộp ô và ghi số của từng dòng, từng cột"),
)
_NO_RESULT = (
    write_message("là công thức chưa có kết quả"),
    write_message("hãy mở tệp bằng Excel, lưu lại rồi nạp lại"),
)
_NOT_A_NUMBER = (write_message("không phải là số"), write_message("hãy nhập số hoặc để trống"))
# Nothing is counted so often in a province; whole numbers of a database end at twice as much.
MOST_COUNT = 1e9
_UNITS = (
    r"(?:mbps|mb/s|mbit/s|mbits/s|mb|%|cái|chiếc|bộ|máy|người|thiết bị"
    r"|cán bộ|công chức|đồng chí|đ/c|hồ sơ|hs|tthc|thủ tục|ngày|chữ ký số|chứng thư số|cts|cks)"
)
_NUMBER = re.compile(
    rf"^([-–−+]?)\s*(\d[\d.,\s']{{0,30}}(?<=\d)|\d)\s*(?:{_UNITS}|\({_UNITS}\))?\.?$", re.IGNORECASE
)
# A mark that leads to a footnote: "498 (*)", "498¹"; a number in brackets says something itself.
# A count with its share in brackets: "198 (95,2%)".
_SHARE_OF_COUNT = re.compile(r"(?<=\d)\s*\(\s*\d{1,3}(?:[.,]\d+)?\s*%\s*\)$")
_FOOTNOTE = re.compile(r"(?<=\d)\s*(?:\(\*+\)|\*+|[¹²³⁰-⁹]+)$")
SPEED_SCALES = {"": 0.000_001, "k": 0.001, "m": 1.0, "g": 1000.0, "t": 1_000_000.0}
_SPEED = re.compile(
    r"^(?P<figure>.*?\d)\s*(?:(?P<scale>[kmgt])\s*(?:bps|bits?/s|b/s)|mb)\.?$", re.IGNORECASE
)
# `8.204` is eight Mbps by a program or eight thousand by an office; `1.000` is a line of 1 Gbps.
_UNEVEN_THOUSANDS = re.compile(r"^[1-9]\d{0,2}\.(?!000$)\d{3}$")
_BYTES_A_SECOND = re.compile(r"[KMG](?:B/s|Bps)$")
_WORD = re.compile(r"[^\W\d]+")
_THOUSANDS = re.compile(r"^[1-9]\d{0,2}(?:([.,' ])\d{3})(?:\1\d{3})*$")
_PLAIN_POINT = re.compile(r"^\d+\.(?:\d{1,2}|\d{4,})$")
# Hyphens and dashes that word processors and web pages put where a code has "-".
_HYPHENS = re.compile("[\u00ad\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d]")
_QUOTES = "'’‘`´\" "
# What has been done, or has not: "đã lắp đặt", "chưa kết nối".
_DEEDS = ("kết nối", "lắp đặt", "trang bị", "công khai", "niêm yết", "công bố", "triển khai")
# Boxes to tick, as Word prints them ("☒" is its tick).
_TICKED = "☑☒■✓✔"
_BOX = re.compile(rf"([{_TICKED}☐□])\s*([^{_TICKED}☐□]+)")
_YES_WORDS = {
    "đạt",
    "có",
    "x",
    "1",
    "true",
    "yes",
    "y",
    "v",
    "✓",
    "✔",
    "☑",
    "đúng",
    "rồi",
    "đã có",
    "đảm bảo",
    "bảo đảm",
    "ổn định",
    "thông suốt",
    "tốt",
    # what is seen as a tick where the font is Wingdings
    "ü",
    "þ",
    *(f"{yes} {deed}" for yes in ("đã", "đã được") for deed in _DEEDS),
}
_NO_WORDS = {
    "không đạt",
    "chưa đạt",
    "không",
    "chưa",
    "0",
    "false",
    "no",
    "n",
    "☐",
    "chưa có",
    "không có",
    "sai",
    "không ổn định",
    "chưa ổn định",
    "chưa đảm bảo",
    "không đảm bảo",
    "chập chờn",
    "ko",
    # a cross in Wingdings
    "û",
    *(f"{no} {deed}" for no in ("chưa", "chưa được", "không") for deed in _DEEDS),
    *DASHES,
}
_RATINGS = {"xanh": 2, "green": 2, "vàng": 1, "yellow": 1, "đỏ": 0, "red": 0}


def quote_cell(cell: Cell) -> str:
    """A cell as a message quotes it: as written but for persons' numbers, at most 40 characters."""
    if isinstance(cell, datetime):
        written = text.format_moment(cell)
    elif isinstance(cell, date):
        written = text.format_day(cell)
    elif isinstance(cell, float) and cell.is_integer():
        written = str(int(cell))
    elif isinstance(cell, float):
        written = f"{cell:.10g}".replace(".", ",")
    else:
        written = text.normalize_text(str(cell))
    written = hide_numbers(written)
    return written if len(written) <= 40 else written[:39] + "…"


def is_quotable(cell: Cell) -> bool:
    """Whether a cell that is no value of its column may be quoted: short, and not of two words as
    names are.
    """
    if is_blank(cell) or not isinstance(cell, str):
        return not is_blank(cell)
    written = text.normalize_text(cell)
    return len(written) <= 20 and len(_WORD.findall(written)) < 2


def read_words(cell: Cell) -> str | None:
    """Text in its normal form; None where there is none."""
    return None if is_blank(cell) else text.normalize_text(str(cell)) or None


def uses_decimal_point(column: Iterable[Cell]) -> bool:
    """Whether this column writes decimals with a point: some cell reads like `7.32`, none like
    `7,32`.
    """
    points = False
    for cell in column:
        if isinstance(cell, str):
            if "," in cell:
                return False
            points = points or bool(_PLAIN_POINT.match(cell.strip().split(" ")[0]))
    return points


def read_decimal(cell: Cell, *, point: bool = False) -> float | None:
    """`67,9`, `85,5 Mbps`, `1.234,5`, `82%` (82.0), `-` (0). A lone `1.234` is one thousand odd
    unless the column is known to write decimals with a `point`."""
    if isinstance(cell, SharedFigure):
        raise Unreadable(*SHARED_FIGURE)
    if isinstance(cell, bool):
        raise Unreadable(*_NOT_A_NUMBER)
    if isinstance(cell, float | int):
        return _require_finite(cell)
    if is_blank(cell):
        return None
    if not isinstance(cell, str):
        raise Unreadable(
            write_message("không phải là số"), write_message("hãy định dạng ô là số rồi nạp lại")
        )
    return _parse_decimal(cell, point)


def _require_finite(cell: float | int) -> float:
    if not abs(cell) < 1e15:  # also what is not a number at all
        raise Unreadable(*_NOT_A_NUMBER)
    return float(cell)


def _strip_number(cell: str) -> str:
    """Without a footnote's mark, and without the apostrophe by which a cell becomes text."""
    written = _FOOTNOTE.sub("", text.normalize_text(cell))
    written = written[1:].strip() if written.startswith(("'", "’")) else written
    return written.replace("’", "'")


@lru_cache(maxsize=10_000)
def _parse_decimal(cell: str, point: bool) -> float:
    written = _strip_number(cell)
    if written in DASHES:
        return 0.0
    match = _NUMBER.match(written)
    if not match:
        raise Unreadable(*(_NO_RESULT if written.startswith("=") else _NOT_A_NUMBER))
    value = _parse_figure(match.group(2).strip(), point)
    if value is None:
        raise Unreadable(*_NOT_A_NUMBER)
    return -value if match.group(1) in {"-", "–", "−"} else value


def _parse_figure(digits: str, point: bool) -> float | None:
    """`1.234,5`, `1,234.5`, `1 234`, `67,9` → the number; None where the marks make no sense."""
    marks = {mark for mark in ",." if mark in digits}
    integer_part = digits
    fraction = "0"
    if len(marks) == 2:  # both: the last one is the decimal mark
        integer_part, fraction = digits.rsplit(max(marks, key=digits.rfind), 1)
    elif "," in marks and digits.count(",") == 1:
        integer_part, fraction = digits.split(",")
    elif "." in marks and digits.count(".") == 1 and (point or not _THOUSANDS.match(digits)):
        integer_part, fraction = digits.split(".")
    if _THOUSANDS.match(integer_part):
        integer_part = re.sub(r"[.,' ]", "", integer_part)
    if integer_part.isdecimal() and fraction.isdecimal():
        return float(f"{integer_part}.{fraction}")
    return None


def read_speed(cell: Cell, *, point: bool = False, scale: float = 1.0) -> float | None:
    """A line's speed in Mbps. A unit in the cell (`9800 Kbps`, `1 Gbps`) beats the column's, whose
    factor to Mbps is `scale`; a percentage or bytes a second are no such speed.
    """
    if not isinstance(cell, str) or isinstance(cell, SharedFigure) or is_blank(cell):
        value = read_decimal(cell)
        return None if value is None else _round_speed(value * scale)
    written = _FOOTNOTE.sub("", text.normalize_text(cell))
    if "%" in written or _BYTES_A_SECOND.search(written):
        raise Unreadable(
            write_message("không phải tốc độ tính bằng Mbps"),
            write_message("hãy ghi tốc độ theo Mbps, ví dụ 85,5"),
        )
    if unit := _SPEED.match(written):
        written = unit["figure"]
        scale = SPEED_SCALES[(unit["scale"] or "m").lower()]
    if scale >= 1 and not point and _UNEVEN_THOUSANDS.match(written):
        raise Unreadable(
            write_message("không rõ dấu chấm là dấu thập phân hay dấu phân nghìn"),
            write_message("hãy ghi số thập phân với dấu phẩy, ví dụ 8,2"),
        )
    value = read_decimal(written, point=point)
    return None if value is None else _round_speed(value * scale)


def _round_speed(value: float) -> float:
    return float(f"{value:.12g}")  # 9800 × 0,001 is 9,8 and not 9,800000000000001


def read_count(cell: Cell, *, most: float = MOST_COUNT, doubts_below: float = 0.0) -> float | None:
    """A whole number from 0 up to `most`: `1.234` and `1,234` are one thousand odd, `12.0` is 12.

    `doubts_below`: a number (not a text) from 1 to below it may have lost its thousands.
    """
    if isinstance(cell, str) and not isinstance(cell, SharedFigure):
        value = None if is_blank(cell) else _parse_count(cell)
    else:
        value = _require_whole_number(read_decimal(cell))
        if value is not None and 0 < value < doubts_below:
            raise Unreadable(
                write_message(
                    "có thể là số nghìn bị bảng tính đổi (1.000 thành 1), vì cùng cột "
                    "có số ghi dạng chữ như 1.234"
                ),
                write_message("hãy nhập lại cột này bằng số nguyên, không có dấu phân nghìn"),
            )
    if value is not None and value > most:
        raise Unreadable(
            write_message("lớn khác thường nên không nhận"),
            write_message("hãy kiểm tra lại hoặc để trống"),
        )
    return value


@lru_cache(maxsize=10_000)
def _parse_count(cell: str) -> float | None:
    if cell.isdecimal() and cell.isascii() and len(cell) <= 15:
        return _require_whole_number(float(cell))
    cell = _SHARE_OF_COUNT.sub("", text.normalize_text(cell))
    if "%" in cell:
        raise Unreadable(
            write_message("là tỷ lệ phần trăm, không phải số lượng"),
            write_message("hãy nhập số lượng hoặc để trống"),
        )
    written = _strip_number(cell)
    if _THOUSANDS.match(written):
        return _require_whole_number(float(re.sub(r"[.,' ]", "", written)))
    return _require_whole_number(_parse_decimal(cell, False))


def _require_whole_number(value: float | None) -> float | None:
    if value is None:
        return None
    if value >= MOST_COUNT:
        raise Unreadable(
            write_message("lớn hơn 1 tỷ"), write_message("hãy kiểm tra lại số hoặc để trống")
        )
    if value < 0:
        raise Unreadable(
            write_message("là số âm"),
            write_message("hãy nhập số nguyên từ 0 trở lên hoặc để trống"),
        )
    if value != int(value):
        raise Unreadable(
            write_message("không phải số nguyên"),
            write_message("hãy nhập số nguyên từ 0 trở lên hoặc để trống"),
        )
    return value


_SHORTENED = re.compile(r"\s*\d(?:[.,]\d+)?E\+?\d+\s*", re.IGNORECASE)
_MOST_EXACT_INTEGER = 2**53


def is_shortened(cell: Cell) -> bool:
    """Whether a number that only names a thing has lost digits in a spreadsheet: `5.4E+18`. Two
    that are alike may be two things.
    """
    if isinstance(cell, float):
        return abs(cell) >= _MOST_EXACT_INTEGER
    return isinstance(cell, str) and bool(_SHORTENED.fullmatch(cell))


def read_flag(cell: Cell) -> float | None:
    """Đạt/Có/x → 1.0, Không đạt/Không/0 → 0.0."""
    if isinstance(cell, bool | float | int):
        if cell in (0, 1):
            return float(cell)
        raise Unreadable(
            write_message("không rõ là đạt hay không đạt"),
            write_message('hãy ghi "Đạt" hoặc "Không đạt"'),
        )
    if isinstance(cell, SharedFigure):
        raise Unreadable(*SHARED_FIGURE)
    if is_blank(cell):
        return None
    return _parse_flag(str(cell))


def _read_ticked_box(cell: str) -> str:
    """The word behind the one box that is ticked: "☒ Có ☐ Không" as "Có"; else the cell itself."""
    boxes = _BOX.findall(cell)
    ticked = [word for box, word in boxes if box in _TICKED]
    return ticked[0].strip(" ,;/") if len(boxes) > 1 and len(ticked) == 1 else cell


@lru_cache(maxsize=1_000)
def _parse_flag(cell: str) -> float:
    cell = _read_ticked_box(cell)
    word = text.normalize_text(cell).casefold().strip(" .")
    keys = (word, text.make_spelling_key(word))
    if any(key in _YES_KEYS for key in keys):
        return 1.0
    if any(key in _NO_KEYS for key in keys):
        return 0.0
    raise Unreadable(
        write_message("không rõ là đạt hay không đạt"),
        write_message('hãy ghi "Đạt" hoặc "Không đạt"'),
    )


def _add_spelling_keys(words: Iterable[str]) -> set[str]:
    words = set(words)
    return (words | {text.make_spelling_key(word) for word in words}) - {""}


_YES_KEYS = _add_spelling_keys(_YES_WORDS)
_NO_KEYS = _add_spelling_keys(_NO_WORDS)
_LEVEL = re.compile(rf"^(?:{text.make_spelling_key('mức')}|{text.make_spelling_key('màu')}) ")
_RATING_KEYS = {text.make_spelling_key(word): value for word, value in _RATINGS.items()}


def read_rating(cell: Cell) -> float | None:
    """Xanh/Vàng/Đỏ in any case → 2.0/1.0/0.0 as in `measures.RATINGS`; `-` is no rating."""
    if is_blank(cell) or (isinstance(cell, str) and text.normalize_text(cell) in DASHES):
        return None
    written = _read_ticked_box(str(cell))
    value = _RATING_KEYS.get(_LEVEL.sub("", text.make_spelling_key(written)))
    if value is None:
        raise Unreadable(
            write_message("không phải mức đánh giá"), write_message("hãy ghi Xanh, Vàng hoặc Đỏ")
        )
    return float(value)


def normalize_code(cell: object) -> str:
    """`"'h48.113–261008-0975"` as `"H48.113-261008-0975"`: capitals, plain hyphens, no spaces, no
    apostrophe of a spreadsheet program.
    """
    written = _HYPHENS.sub("-", text.normalize_text(str(cell)).strip(_QUOTES))
    return written.replace(" ", "").replace("\u200d", "").replace("\u200c", "").upper()
