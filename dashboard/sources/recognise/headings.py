"""What a heading means: the fields a kind of file declares, and how near a heading is to each.

A field's headings are written as people read them: `"Chữ ký số | CKS > Đã cấp | Đã có"` is any of
the four pairs, whether the form prints them in two rows ("Chữ ký số" over "Đã cấp"), in one ("Chữ
ký số đã cấp") or turned round ("Số đã cấp: chữ ký số").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from itertools import product

from dashboard import text
from dashboard.sources.formats.sheet import Cell

HeadingWords = tuple[str, ...]
# Words that change nothing about what a heading means.
_EMPTY_WORDS = frozenset(
    text.make_spelling_key(
        "số lượng tổng hiện đã đang được các của về tại theo và là trong ở cái chiếc bộ mbps mb s "
        "đvt đến nay"
    ).split()
)
_EMPTY_UNTONED = frozenset(text.strip_tones(word).rstrip("12345") for word in _EMPTY_WORDS)
# Words that make another heading of it: "chưa cấp" is not "cấp".
_OTHER_WORDS = frozenset(
    text.make_spelling_key(
        "chưa không thiếu hỏng tỷ lệ tỉ ghi chú ngày tên mã loại thay thế bổ sung thêm kế hoạch "
        "năm trước sau "
        "người điện thoại email mức dự kiến đề nghị xuất trực tiếp tuyến bưu kỳ chậm muộn"
    ).split()
)
_LEVELS = re.compile(r"\s+[-–>:]\s+|:\s+")
_BRACKETS = re.compile(r"\([^()]*\)")
EXACT, UNTONED, PART, NEAR = 1.0, 0.95, 0.8, 0.7
# What an administrator taught (data/layouts.toml) beats everything; NOTHING is a heading to be
# passed over.
TAUGHT, PASSED_OVER = 1.2, "ignore"


@lru_cache(maxsize=20_000)
def split_heading_words(heading: str, distinguishing: frozenset[str] = frozenset()) -> HeadingWords:
    """The words that carry a heading's meaning, in alphabetical order: order of words says nothing.

    `distinguishing`: words that mostly say nothing, but tell columns apart in this kind of file.
    """
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading).replace("_", " ")
    words = text.make_spelling_key(split).split()
    return tuple(
        sorted(word for word in words if word not in _EMPTY_WORDS - distinguishing)
    ) or tuple(sorted(words))


@lru_cache(maxsize=20_000)
def _drop_tones(words: HeadingWords, distinguishing: frozenset[str] = frozenset()) -> HeadingWords:
    plain = sorted(map(_without_tone, words))
    return tuple(word for word in plain if word not in _EMPTY_UNTONED - distinguishing) or tuple(
        plain
    )


def _without_tone(key: str) -> str:
    return re.sub(r"\d$", "", text.strip_tones(key))


@dataclass(frozen=True)
class FileField:
    """One column of a kind of file: its name in code, its headings, how a cell is read."""

    name: str
    headings: str
    read: Callable[[Cell], object] = str

    @cached_property
    def spellings(self) -> tuple[str, ...]:
        """Every heading in one line: `"A | B > C"` gives `"A C"`, `"B C"`; alternatives stand after
        `;`.
        """
        spellings: list[str] = []
        for alternative in self.headings.split(";"):
            levels = [
                [word.strip() for word in level.split("|")] for level in alternative.split(">")
            ]
            spellings += [" ".join(words) for words in product(*levels)]
        return tuple(spellings)


class HeadingVocabulary:
    """All fields of a kind, prepared for finding the field that a heading stands for.

    `telling`: words ("đã đang") that say nothing elsewhere, but tell this kind's columns apart;
    `taught`: headings that an administrator said the fields of.
    """

    def __init__(
        self,
        fields: Iterable[FileField],
        distinguishing_words: str = "",
        taught: Mapping[str, str] | None = None,
    ):
        self._distinguishing = frozenset(text.make_spelling_key(distinguishing_words).split())
        self._distinguishing_untoned = frozenset(map(_without_tone, self._distinguishing))
        self.fields = {field.name: field for field in fields}
        self._exact: dict[HeadingWords, str] = {}
        # None: two fields without their tones are one word
        self._untoned: dict[HeadingWords, str | None] = {}
        for field in self.fields.values():
            for spelling in field.spellings:
                words = self._split_words(spelling)
                declared_for = self._exact.setdefault(words, field.name)
                assert declared_for == field.name, (
                    f"heading {spelling!r} declared for {declared_for} and {field.name}"
                )
                untoned_words = self._split_untoned(words)
                self._untoned[untoned_words] = (
                    field.name
                    if self._untoned.get(untoned_words, field.name) == field.name
                    else None
                )
        self._taught_headings = {
            self._split_words(heading): name for heading, name in (taught or {}).items()
        }
        self._by_first_word: dict[str, list[tuple[HeadingWords, str]]] = {}
        for heading_words, name in self._exact.items():
            if len(heading_words) > 1:
                self._by_first_word.setdefault(heading_words[0], []).append((heading_words, name))
        self._known_words = {
            word
            for words in (*self._exact, *self._untoned, *self._taught_headings)
            for word in words
        }
        self._matches: dict[HeadingWords, tuple[str, float] | None] = {}

    def _split_words(self, heading: str) -> HeadingWords:
        return split_heading_words(heading, self._distinguishing)

    def _split_untoned(self, words: HeadingWords) -> HeadingWords:
        return _drop_tones(words, self._distinguishing_untoned)

    def sounds_like_heading(self, cell: str) -> bool:
        """Whether half of the words of a cell occur in our headings: a cheap first sieve."""
        words = self._split_words(cell) if 0 < len(cell) < 200 else ()
        known_count = sum(
            word in self._known_words or word.rstrip("12345") in self._known_words for word in words
        )
        return bool(words) and 2 * known_count >= len(words)

    def field_of(self, path: HeadingWords) -> tuple[str, float] | None:
        """The field that a column's headings (from the top row down) stand for, and how surely."""
        if path not in self._matches:
            self._matches[path] = self._search_field(path)
        return self._matches[path]

    def _find_taught(self, path: HeadingWords) -> tuple[str, float] | None:
        """What an administrator said these headings mean."""
        for start in range(len(path) if self._taught_headings else 0):
            field_name = self._taught_headings.get(self._split_words(" ".join(path[start:])))
            if field_name:
                return field_name, TAUGHT - 0.01 * start
        return None

    def passes_over(self, path: HeadingWords) -> bool:
        """Whether an administrator said that these headings are to be ignored."""
        field_match = self._find_taught(path)
        return field_match is not None and field_match[0] == PASSED_OVER

    def _search_field(self, path: HeadingWords) -> tuple[str, float] | None:
        if taught_match := self._find_taught(path):
            return None if taught_match[0] == PASSED_OVER else taught_match
        if any("%" in level for level in path):
            return None  # a rate stands beside its counts, and is none of them
        # "Chữ ký số - Đã cấp": two levels written in one cell
        path = tuple(part for level in path for part in _LEVELS.split(level) if part.strip())
        sections = [self._split_words(" ".join(path[start:])) for start in range(len(path))]
        if len(path) > 2:
            sections.append(self._split_words(f"{path[0]} {path[-1]}"))
        # "Mã ĐVHC (5 số)": what stands in brackets explains
        if any("(" in level for level in path):
            sections += [
                self._split_words(_BRACKETS.sub(" ", " ".join(path[start:])))
                for start in range(len(path))
            ]
        for score, fields_by_words in ((EXACT, self._exact), (UNTONED, self._untoned)):
            for depth, words in enumerate(sections):
                name = fields_by_words.get(
                    words if fields_by_words is self._exact else self._split_untoned(words)
                )
                if name:
                    return name, score - 0.01 * depth
        return self._find_partial(sections)

    def _find_partial(self, sections: list[HeadingWords]) -> tuple[str, float] | None:
        """A heading that says more than ours ("Chữ ký số đã cấp cho cán bộ"), if only one field
        fits best.
        """
        best: dict[str, float] = {}
        for words in sections:
            word_set = set(words)
            for heading_words, name in (
                entry for word in word_set for entry in self._by_first_word.get(word, ())
            ):
                if (
                    word_set > set(heading_words)
                    and not (word_set - set(heading_words)) & _OTHER_WORDS
                ):
                    cover = len(heading_words) / len(word_set)
                    if cover >= (0.75 if len(heading_words) == 2 else 0.6):
                        best[name] = max(best.get(name, 0), cover)
        ranked = sorted(best.items(), key=lambda field_cover: -field_cover[1])
        if not ranked or (len(ranked) > 1 and ranked[1][1] == ranked[0][1]):
            return None
        return ranked[0][0], PART * ranked[0][1]

    def misspelt(self, path: HeadingWords, field_names: set[str]) -> str | None:
        """The one field of `field_names` whose heading differs by single letters ("Chữ ký sồ đả
        cấp").
        """
        if self._find_taught(path):
            return None
        fits = set()
        for start in range(len(path)):
            words = _plain_words(" ".join(path[start:]))
            for name in field_names:
                for spelling in self.fields[name].spellings:
                    spelling_words = _plain_words(spelling)
                    if len(words) == len(spelling_words) > 1 and all(
                        map(_are_alike, words, spelling_words)
                    ):
                        fits.add(name)
        return fits.pop() if len(fits) == 1 else None

    def nearest(self, name: str, headings: Iterable[str]) -> str | None:
        """Of the headings in a file the one that looks most like the field's, for a message."""
        wanted_headings = [text.strip_tones(spelling) for spelling in self.fields[name].spellings]
        scored = [
            (
                max(
                    SequenceMatcher(None, text.strip_tones(heading), wanted_heading).ratio()
                    for wanted_heading in wanted_headings
                ),
                heading,
            )
            for heading in headings
        ]
        score, heading = max(scored, default=(0.0, ""))
        return heading if score >= 0.7 else None


@lru_cache(maxsize=50_000)
def _plain_words(heading: str) -> HeadingWords:
    return tuple(text.strip_tones(heading).split())


def _are_alike(word: str, other: str) -> bool:
    return word == other or (
        min(len(word), len(other)) >= 4 and SequenceMatcher(None, word, other).ratio() >= 0.75
    )
