"""Vietnamese words and numbers: one normal form, one sort order, one way to write a figure.

Two spellings of one name (`hoà`/`hòa`, NFC/NFD, `Ð`/`Đ`, no-break spaces) get the same key;
two names that differ in a tone (`Sơn Hà`/`Sơn Hạ`) never do, so nothing here strips all tones
except `without_tones`, which only searching uses.
"""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

# Combining marks that are tones, in the order of the Vietnamese alphabet (CLDR `vi`):
# huyền, hỏi, ngã, sắc, nặng. No mark sorts first.
TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
# Marks that make another letter (ă â ê ô ơ ư): part of the letter, never of the tone.
_LETTER_MARKS = "\u0306\u0302\u031b"
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_PLACE = {letter: index for index, letter in enumerate(_ALPHABET, start=20)}

_SPACES = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\u3000\ufeff]+")


def normal(text: str) -> str:
    """NFC, `Ð` (U+00D0) and `ð` as `Đ`/`đ`, every run of spaces (also no-break) as one, trimmed."""
    if text.isascii() and text.isalnum():
        return text  # nearly every figure and code
    composed = unicodedata.normalize("NFC", text).replace("\u00d0", "Đ").replace("\u00f0", "đ")
    return _SPACES.sub(" ", composed).strip()


def _letters_and_tone(word: str) -> tuple[str, int]:
    """A syllable's letters with their quality marks, and its tone's place (0 where it has none)."""
    letters, tone = [], 0
    for mark in unicodedata.normalize("NFD", word):
        if mark in TONES:
            tone = TONES[mark]
        else:
            letters.append(mark)
    return unicodedata.normalize("NFC", "".join(letters)), tone


@lru_cache(maxsize=20_000)
def spelling_key(text: str) -> str:
    """The same for every spelling of the same words: casefolded, tones moved behind the syllable.

    `"Hoà Bình"` and `"HÒA BÌNH"` both give `"hoa1 binh1"`; `"Sơn Hạ"` gives `"sơn ha5"`.
    """
    words = re.split(r"[^\w]+", normal(text).casefold())
    return " ".join(f"{letters}{tone or ''}" for letters, tone in map(_letters_and_tone, words) if letters)


def without_tones(text: str) -> str:
    """Plain letters for searching as one types on a phone: `"Đắk Tô"` gives `"dak to"`."""
    plain = unicodedata.normalize("NFD", normal(text).casefold()).replace("đ", "d")
    return "".join(mark for mark in plain if not unicodedata.combining(mark))


@lru_cache(maxsize=20_000)
def sort_key(text: str) -> tuple[tuple[int, ...], tuple[int, ...], str]:
    """Order of the Vietnamese alphabet: letters first (a ă â … d đ), tones break ties."""
    words = [_letters_and_tone(word) for word in normal(text).casefold().split()]
    letters = tuple(_PLACE.get(letter, ord(letter) + 100) for word, _ in words for letter in f"{word} ")
    return tuple(5 if place == ord(" ") + 100 else place for place in letters), tuple(t for _, t in words), text


def number(value: float | Decimal | None, digits: int = 0) -> str:
    """`1234567.5` as `1.234.567,5`, halves rounded up as people do; what is not known as `chưa có dữ liệu`."""
    if value is None or not math.isfinite(value):
        return "chưa có dữ liệu"
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    rounded = exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return f"{rounded:,}".translate(str.maketrans(",.", ".,"))


def percent(ratio: float | Decimal | None, digits: int = 1) -> str:
    """`0.5135` as `51,4 %` (the space does not break)."""
    if ratio is None or not math.isfinite(ratio):
        return "không phát sinh"
    exact = ratio if isinstance(ratio, Decimal) else Decimal(repr(float(ratio)))
    return f"{number(exact * 100, digits)}\u00a0%"


def share(part: int, of: int) -> str:
    """Part, whole and share, always in this order: `76/148 (51,4 %)`."""
    return f"{number(part)}/{number(of)} ({percent(Decimal(part) / Decimal(of))})" if of else f"{number(part)}/0"


def day(value: date) -> str:
    """`13/07/2025`."""
    return f"{value:%d/%m/%Y}"


def moment(value: datetime) -> str:
    """`16:00 13/07/2025`, the 24-hour clock; a moment at midnight is a day."""
    return day(value) if (value.hour, value.minute) == (0, 0) else f"{value:%H:%M %d/%m/%Y}"


def age(days: int) -> str:
    """How old a figure is, in words: `hôm nay`, `hôm qua`, `12 ngày trước`."""
    return {0: "hôm nay", 1: "hôm qua"}.get(days, f"{number(days)} ngày trước")
