"""Vietnamese words and numbers: one normal form, one sort order, one way to write a figure.

Two spellings of one name (`hoà`/`hòa`, NFC/NFD, `Ð`/`Đ`, no-break spaces) get the same key;
two names that differ in a tone (`Sơn Hà`/`Sơn Hạ`) never do, so nothing here strips all tones
except `strip_tones`, which only searching uses.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from html import unescape
from typing import TypeVar

# Combining marks that are tones, in the order of the Vietnamese alphabet (CLDR `vi`):
# huyền, hỏi, ngã, sắc, nặng. No mark sorts first.
TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_ORDER = {letter: index for index, letter in enumerate(_ALPHABET, start=20)}

# What a web page left in a cell: "X&#227;&nbsp;B&#236;nh".
_ENTITY = re.compile(r"&(?:#\d{1,5}|#[xX][0-9a-fA-F]{1,4}|[A-Za-z]{2,8});")
# Of no width, and no space to Python; any other space, no-break or wide, is one.
_ZERO_WIDTH = str.maketrans({"\u200b": " ", "\ufeff": " "})


def normalize_text(text: str) -> str:
    """NFC, `Ð` (U+00D0) and `ð` as `Đ`/`đ`, every run of spaces (also no-break) as one, trimmed."""
    if text.isascii() and text.isalnum():
        return text  # nearly every figure and code
    if "&" in text:
        text = _ENTITY.sub(lambda entity: unescape(entity[0]), text)
    composed = unicodedata.normalize("NFC", text).replace("\u00d0", "Đ").replace("\u00f0", "đ")
    if "\u200b" in composed or "\ufeff" in composed:
        composed = composed.translate(_ZERO_WIDTH)
    return " ".join(composed.split())


@lru_cache(maxsize=10_000)
def _split_tone(word: str) -> tuple[str, int]:
    """A syllable's letters with their quality marks, and its tone's place (0 where it has none)."""
    letters = []
    tone = 0
    for mark in unicodedata.normalize("NFD", word):
        if mark in TONES:
            tone = TONES[mark]
        else:
            letters.append(mark)
    return unicodedata.normalize("NFC", "".join(letters)), tone


@lru_cache(maxsize=20_000)
def make_spelling_key(text: str) -> str:
    """The same for every spelling of the same words: casefolded, tones moved behind the syllable.

    `"Hoà Bình"` and `"HÒA BÌNH"` both give `"hoa1 binh1"`; `"Sơn Hạ"` gives `"sơn ha5"`.
    """
    words = re.split(r"[^\w]+", normalize_text(text).casefold())
    return " ".join(
        f"{letters}{tone or ''}" for letters, tone in map(_split_tone, words) if letters
    )


def strip_tones(text: str) -> str:
    """Plain letters for searching as one types on a phone: `"Đắk Tô"` gives `"dak to"`."""
    plain = unicodedata.normalize("NFD", normalize_text(text).casefold()).replace("đ", "d")
    return "".join(mark for mark in plain if not unicodedata.combining(mark))


@lru_cache(maxsize=20_000)
def make_sort_key(text: str) -> tuple[tuple[int, ...], tuple[int, ...], str]:
    """Order of the Vietnamese alphabet: letters first (a ă â … d đ), tones break ties."""
    words = [_split_tone(word) for word in normalize_text(text).casefold().split()]
    letters = tuple(
        _LETTER_ORDER.get(letter, ord(letter) + 100) for word, _ in words for letter in f"{word} "
    )
    return (
        tuple(5 if position == ord(" ") + 100 else position for position in letters),
        tuple(tone for _, tone in words),
        text,
    )


def format_number(value: float | Decimal | None, digits: int = 0) -> str:
    """`1234567.5` as `1.234.567,5`, halves rounded up as people do; what is not known as `chưa có
    dữ liệu`.
    """
    if value is None or not math.isfinite(value):
        return "chưa có dữ liệu"
    rounded = _make_exact(value).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return f"{rounded:,}".translate(str.maketrans(",.", ".,"))


def format_change(difference: float, digits: int = 0) -> str:
    """`▲ 1.234` or `▼ 0,5`: up or down, and by how much."""
    sign = "▲" if difference > 0 else "▼"
    return f"{sign} {format_number(abs(difference), digits)}"


def format_percent(ratio: float | Decimal | None, digits: int = 1) -> str:
    """`0.5135` as `51,4%` as all published sources write it, without a space."""
    if ratio is None or not math.isfinite(ratio):
        return "không phát sinh"
    return f"{format_number(_make_exact(ratio) * 100, digits)}%"


def _make_exact(value: float | Decimal) -> Decimal:
    """As people read it written down: 0.1 is a tenth."""
    return value if isinstance(value, Decimal) else Decimal(repr(float(value)))


def format_part(part: float, of: float) -> str:
    """Part and whole: `76/148`."""
    return f"{format_number(part)}/{format_number(of)}"


def format_share(part: int, of: int) -> str:
    """Part, whole and share, always in this order: `76/148 (51,4%)`."""
    share = f" ({format_percent(Decimal(part) / Decimal(of))})" if of else ""
    return format_part(part, of) + share


_SIGN_BEFORE_WORD = re.compile("(?<=[▲▼●◐⚡]) ")


def keep_signs_with_words(words: str) -> str:
    """`▲ 2` and `▲ Đường truyền` with a no-break space: no line ends with a sign alone."""
    return _SIGN_BEFORE_WORD.sub("\u00a0", words)


def format_rest(count: int, unit: str) -> str:
    """Behind the few that are named, how many there are beside them: ` và 4 đơn vị nữa`, or ""."""
    return f" và {format_number(count)} {unit} nữa" if count > 0 else ""


def format_day(value: date) -> str:
    """`13/07/2025`."""
    return f"{value:%d/%m/%Y}"


def format_day_range(first: date, last: date) -> str:
    """Both ends, the year once where it is one: `01/11–22/11/2026`, `27/12/2027–02/01/2028`."""
    if first == last:
        return format_day(last)
    same_year = first.year == last.year
    return f"{f'{first:%d/%m}' if same_year else format_day(first)}–{format_day(last)}"


def format_day_of_age(today: date, age: float) -> str:
    """The day that lies `age` whole days before `today`: `13/07/2025`."""
    return format_day(today - timedelta(days=int(age)))


def format_moment(value: datetime) -> str:
    """`16:00 13/07/2025`, the 24-hour clock; a moment at midnight is a day."""
    return format_day(value) if (value.hour, value.minute) == (0, 0) else f"{value:%H:%M %d/%m/%Y}"


def format_age(days: int) -> str:
    """How old a figure is, in words: `hôm nay`, `hôm qua`, `12 ngày trước`."""
    return {0: "hôm nay", 1: "hôm qua"}.get(days, f"{format_number(days)} ngày trước")


def lower_first_letter(name: str) -> str:
    """A name within a line: only its first letter is lowered, so that `Trung ương` stays."""
    return name[:1].lower() + name[1:]


def upper_first_letter(words: str) -> str:
    """The beginning of a sentence; nothing else changes."""
    return words[:1].upper() + words[1:]


# Cells of a table that goes out to spreadsheet programs.

# Where a cell starts so, a spreadsheet program takes it for a formula; the wide signs in an East
# Asian one.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
CellValue = TypeVar("CellValue")


# Behind these a new cell begins where the program parts cells by them: an Excel of a Vietnamese
# Windows by semicolons, whatever quotation marks stand around the whole.
_HIDDEN_FORMULA = re.compile(r"""([;|\t\r\n])(?=[\s"]*[=+\-@＝＋－＠])""")
_QUOTED_SIGNS = re.compile(r'[",;|\t\r\n]')


def escape_formula(value: CellValue) -> CellValue | str:
    """Text that would be taken for a formula, whole or behind a separator of another program, gets
    an apostrophe before it; everything else is as it is.
    """
    if not isinstance(value, str):
        return value
    guarded = _HIDDEN_FORMULA.sub(r"\1'", value)
    return f"'{guarded}" if value.lstrip(" \u00a0").startswith(_FORMULA_STARTS) else guarded


def format_csv_row(cells: Iterable[object]) -> str:
    """The cells parted by commas, without the line's end: text that holds any separator is quoted,
    what is not known is blank.
    """
    return ",".join(_quote_cell("" if cell is None else str(cell)) for cell in cells)


def _quote_cell(written: str) -> str:
    if not _QUOTED_SIGNS.search(written):
        return written
    doubled = written.replace('"', '""')
    return f'"{doubled}"'
