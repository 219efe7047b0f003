"""The words of a heading: what is spelt out, what says nothing, numbers and tones aside."""

from __future__ import annotations

import re
from functools import lru_cache

from dashboard import text

HeadingWords = tuple[str, ...]
# Words that change nothing about what a heading means.
_EMPTY_WORDS = frozenset(
    text.make_spelling_key(
        "số lượng tổng hiện đã đang được các của về tại theo và là trong ở cái chiếc bộ mbps mb s "
        "đvt đến nay"
    ).split()
)
_EMPTY_UNTONED = frozenset(text.strip_tones(word).rstrip("12345") for word in _EMPTY_WORDS)
_SHORT_WORDS = {"hs": "hồ sơ", "gq": "giải quyết", "kq": "kết quả"}
_SHORT_WORD = re.compile(r"\b(?:hs|gq|kq)\b", re.IGNORECASE)


def spell_out(heading: str) -> str:
    """ "HS đã GQ" as "hồ sơ đã giải quyết"."""
    return _SHORT_WORD.sub(lambda short: _SHORT_WORDS[short[0].casefold()], heading)


# "3. Chữ ký số", "4.1. Cần", "a) Trước hạn", "(2) Tiếp nhận": its number is no part of a heading.
_NUMBERING = re.compile(
    r"^(?:\d{1,2}(?:\.\d{1,2})*\s*[.)]\s*|\d{1,2}(?:\.\d{1,2})+\s+|\(\d{1,2}\)\s*"
    r"|(?:[IVX]{1,5}|[A-Ha-h])[.)]\s+)(?=[^\W\d])"
)


def strip_numbering(heading: str) -> str:
    return _NUMBERING.sub("", heading)


@lru_cache(maxsize=20_000)
def split_heading_words(heading: str, distinguishing: frozenset[str] = frozenset()) -> HeadingWords:
    """The words that carry a heading's meaning, in alphabetical order: order of words says nothing.

    `distinguishing`: words that mostly say nothing, but tell columns apart in this kind of file.
    """
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", spell_out(heading)).replace("_", " ")
    words = text.make_spelling_key(split).split()
    return tuple(
        sorted(word for word in words if word not in _EMPTY_WORDS - distinguishing)
    ) or tuple(sorted(words))


@lru_cache(maxsize=20_000)
def untone_words(words: HeadingWords, distinguishing: frozenset[str] = frozenset()) -> HeadingWords:
    plain = sorted(map(untone_word, words))
    return tuple(word for word in plain if word not in _EMPTY_UNTONED - distinguishing) or tuple(
        plain
    )


@lru_cache(maxsize=20_000)
def untone_word(key: str) -> str:
    return re.sub(r"\d$", "", text.strip_tones(key))


def split_taught_words(heading: str) -> HeadingWords:
    """The words of a heading that an administrator wrote: all of them, "đã" and "đang" too."""
    levels = [level.strip() for level in spell_out(heading).split(">")]
    return tuple(sorted(text.make_spelling_key(" ".join(levels)).split()))


def split_taught_levels(heading: str) -> tuple[HeadingWords, ...]:
    """The words of each level of a heading that an administrator wrote."""
    levels = [split_taught_words(level) for level in heading.split(">")]
    return tuple(level for level in levels if level)


def holds_levels(
    path: HeadingWords, levels: tuple[HeadingWords, ...], *, last: bool = True
) -> bool:
    """Whether a column's headings hold these levels in their order; `last`: and end with them."""
    written = [split_taught_words(level) for level in path]
    if not levels or (last and written[-1:] != [levels[-1]]):
        return False
    rest = iter(written)
    return all(level in rest for level in levels)
