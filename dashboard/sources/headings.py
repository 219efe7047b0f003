"""What a heading means: the fields a kind of file declares, and how near a heading is to each.

A field's headings are written as people read them: `"Chữ ký số | CKS > Đã cấp | Đã có"` is any of the
four pairs, whether the form prints them in two rows ("Chữ ký số" over "Đã cấp"), in one ("Chữ ký số
đã cấp") or turned round ("Số đã cấp: chữ ký số").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from itertools import product

from dashboard import text
from dashboard.sources.sheet import Cell

Words = tuple[str, ...]
# Words that change nothing about what a heading means.
_EMPTY_WORDS = frozenset(
    text.spelling_key(
        "số lượng tổng hiện đã đang được các của về tại theo và là trong ở cái chiếc bộ mbps mb s đvt đến nay"
    ).split()
)
_EMPTY_UNTONED = frozenset(text.without_tones(word).rstrip("12345") for word in _EMPTY_WORDS)
# Words that make another heading of it: "chưa cấp" is not "cấp".
_OTHER_WORDS = frozenset(
    text.spelling_key(
        "chưa không thiếu hỏng tỷ lệ tỉ ghi chú ngày tên mã loại thay thế bổ sung thêm kế hoạch năm trước sau "
        "người điện thoại email mức dự kiến đề nghị xuất trực tiếp tuyến bưu kỳ chậm muộn"
    ).split()
)
_LEVELS = re.compile(r"\s+[-–>:]\s+|:\s+")
_BRACKETS = re.compile(r"\([^()]*\)")
EXACT, UNTONED, PART, NEAR = 1.0, 0.95, 0.8, 0.7
# What an administrator taught (data/layouts.toml) beats everything; NOTHING is a heading to be passed over.
TAUGHT, NOTHING = 1.2, "ignore"


@lru_cache(maxsize=20_000)
def words_of(heading: str, telling: frozenset[str] = frozenset()) -> Words:
    """The words that carry a heading's meaning, in alphabetical order: order of words says nothing.

    `telling`: words that mostly say nothing, but tell columns apart in this kind of file.
    """
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading).replace("_", " ")
    words = text.spelling_key(split).split()
    return tuple(sorted(word for word in words if word not in _EMPTY_WORDS - telling)) or tuple(sorted(words))


@lru_cache(maxsize=20_000)
def _untoned(words: Words, telling: frozenset[str] = frozenset()) -> Words:
    plain = sorted(map(_without_tone, words))
    return tuple(word for word in plain if word not in _EMPTY_UNTONED - telling) or tuple(plain)


def _without_tone(key: str) -> str:
    return re.sub(r"\d$", "", text.without_tones(key))


@dataclass(frozen=True)
class Field:
    """One column that a kind of file may have: its name in code, its headings, how a cell is read."""

    name: str
    headings: str
    read: Callable[[Cell], object] = str

    @cached_property
    def spellings(self) -> tuple[str, ...]:
        """Every heading in one line: `"A | B > C"` gives `"A C"`, `"B C"`; alternatives stand after `;`."""
        found: list[str] = []
        for alternative in self.headings.split(";"):
            levels = [[word.strip() for word in level.split("|")] for level in alternative.split(">")]
            found += [" ".join(words) for words in product(*levels)]
        return tuple(found)


class Vocabulary:
    """All fields of a kind, prepared for finding the field that a heading stands for.

    `telling`: words ("đã đang") that say nothing elsewhere, but tell this kind's columns apart; `taught`:
    headings that an administrator said the fields of.
    """

    def __init__(self, fields: Iterable[Field], telling: str = "", taught: Mapping[str, str] | None = None):
        self._telling = frozenset(text.spelling_key(telling).split())
        self._telling_untoned = frozenset(map(_without_tone, self._telling))
        self.fields = {field.name: field for field in fields}
        self._exact: dict[Words, str] = {}
        self._untoned: dict[Words, str | None] = {}  # None: two fields without their tones are one word
        for field in self.fields.values():
            for spelling in field.spellings:
                words = self._words(spelling)
                taken = self._exact.setdefault(words, field.name)
                assert taken == field.name, f"heading {spelling!r} declared for {taken} and {field.name}"
                plain = self._plain(words)
                self._untoned[plain] = field.name if self._untoned.get(plain, field.name) == field.name else None
        self._taught = {self._words(heading): name for heading, name in (taught or {}).items()}
        self._by_first_word: dict[str, list[tuple[Words, str]]] = {}
        for known, name in self._exact.items():
            if len(known) > 1:
                self._by_first_word.setdefault(known[0], []).append((known, name))
        self._known_words = {word for words in (*self._exact, *self._untoned, *self._taught) for word in words}
        self._found: dict[Words, tuple[str, float] | None] = {}

    def _words(self, heading: str) -> Words:
        return words_of(heading, self._telling)

    def _plain(self, words: Words) -> Words:
        return _untoned(words, self._telling_untoned)

    def sounds_like_heading(self, cell: str) -> bool:
        """Whether half of the words of a cell occur in our headings: a cheap first sieve."""
        words = self._words(cell) if 0 < len(cell) < 200 else ()
        known = sum(word in self._known_words or word.rstrip("12345") in self._known_words for word in words)
        return bool(words) and 2 * known >= len(words)

    def field_of(self, path: Words) -> tuple[str, float] | None:
        """The field that a column's headings (from the top row down) stand for, and how surely."""
        if path not in self._found:
            self._found[path] = self._search(path)
        return self._found[path]

    def _told(self, path: Words) -> tuple[str, float] | None:
        """What an administrator said these headings mean."""
        for start in range(len(path) if self._taught else 0):
            name = self._taught.get(self._words(" ".join(path[start:])))
            if name:
                return name, TAUGHT - 0.01 * start
        return None

    def passes_over(self, path: Words) -> bool:
        """Whether an administrator said that these headings are to be ignored."""
        told = self._told(path)
        return told is not None and told[0] == NOTHING

    def _search(self, path: Words) -> tuple[str, float] | None:
        if told := self._told(path):
            return None if told[0] == NOTHING else told
        if any("%" in level for level in path):
            return None  # a rate stands beside its counts, and is none of them
        # "Chữ ký số - Đã cấp": two levels written in one cell
        path = tuple(part for level in path for part in _LEVELS.split(level) if part.strip())
        sections = [self._words(" ".join(path[start:])) for start in range(len(path))]
        if len(path) > 2:
            sections.append(self._words(f"{path[0]} {path[-1]}"))
        if any("(" in level for level in path):  # "Mã ĐVHC (5 số)": what stands in brackets explains
            sections += [self._words(_BRACKETS.sub(" ", " ".join(path[start:]))) for start in range(len(path))]
        for score, known in ((EXACT, self._exact), (UNTONED, self._untoned)):
            for place, words in enumerate(sections):
                name = known.get(words if known is self._exact else self._plain(words))
                if name:
                    return name, score - 0.01 * place
        return self._part(sections)

    def _part(self, sections: list[Words]) -> tuple[str, float] | None:
        """A heading that says more than ours ("Chữ ký số đã cấp cho cán bộ"), if only one field fits best."""
        best: dict[str, float] = {}
        for words in sections:
            said = set(words)
            for known, name in (entry for word in said for entry in self._by_first_word.get(word, ())):
                if said > set(known) and not (said - set(known)) & _OTHER_WORDS:
                    cover = len(known) / len(said)
                    if cover >= (0.75 if len(known) == 2 else 0.6):
                        best[name] = max(best.get(name, 0), cover)
        ranked = sorted(best.items(), key=lambda item: -item[1])
        if not ranked or (len(ranked) > 1 and ranked[1][1] == ranked[0][1]):
            return None
        return ranked[0][0], PART * ranked[0][1]

    def misspelt(self, path: Words, among: set[str]) -> str | None:
        """The one field of `among` whose heading differs by single letters ("Chữ ký sồ đả cấp")."""
        if self._told(path):
            return None
        fits = set()
        for start in range(len(path)):
            said = _plain_words(" ".join(path[start:]))
            for name in among:
                for spelling in self.fields[name].spellings:
                    known = _plain_words(spelling)
                    if len(said) == len(known) > 1 and all(map(_alike, said, known)):
                        fits.add(name)
        return fits.pop() if len(fits) == 1 else None

    def nearest(self, name: str, headings: Iterable[str]) -> str | None:
        """Of the headings in a file the one that looks most like the field's, for a message."""
        wanted = [text.without_tones(spelling) for spelling in self.fields[name].spellings]
        scored = [
            (max(SequenceMatcher(None, text.without_tones(heading), known).ratio() for known in wanted), heading)
            for heading in headings
        ]
        score, heading = max(scored, default=(0.0, ""))
        return heading if score >= 0.7 else None


@lru_cache(maxsize=50_000)
def _plain_words(heading: str) -> Words:
    return tuple(text.without_tones(heading).split())


def _alike(said: str, known: str) -> bool:
    return said == known or (min(len(said), len(known)) >= 4 and SequenceMatcher(None, said, known).ratio() >= 0.75)
