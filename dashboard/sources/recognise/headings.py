"""What a heading means: the fields a kind of file declares, and how near a heading is to each.

A field's headings are written as people read them: `"Chữ ký số | CKS > Đã cấp | Đã có"` is any of
the four pairs, whether the form prints them in two rows ("Chữ ký số" over "Đã cấp"), in one ("Chữ
ký số đã cấp") or turned round ("Số đã cấp: chữ ký số").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from itertools import product

from dashboard import text
from dashboard.sources.formats.sheet import Cell
from dashboard.sources.recognise import qualifiers
from dashboard.sources.recognise.heading_words import (
    HeadingWords,
    holds_levels,
    spell_out,
    split_heading_words,
    split_taught_levels,
    split_taught_words,
    untone_word,
    untone_words,
)

# In cells, whose words name a thing with its make and model, all but these may stand beside ours.
_OTHER_WORDS = frozenset(
    text.make_spelling_key(
        "chưa không thiếu hỏng tỷ lệ tỉ ghi chú ngày tên mã loại thay thế bổ sung thêm kế hoạch "
        "năm trước sau người điện thoại email mức dự kiến đề nghị xuất mới lên"
    ).split()
)
# Words that a heading may say beside ours and still mean the same: for whom, where, of what sort of
# office. Any other word may make another figure of it ("cấp mới", "tải lên", "hết hạn").
_HARMLESS_WORDS = frozenset(
    text.make_spelling_key(
        "cho cán bộ công chức viên chức lãnh đạo nhân viên người lao động trung tâm phục vụ hành "
        "chính công ttpvhcc pvhcc hcc ubnd ủy uỷ ban nhân dân xã phường đặc khu cấp đơn vị địa "
        "phương cơ quan một cửa bộ phận tthc thủ tục số liệu lượng tổng cộng thông tin hệ thống "
        "kết nối mạng internet đường truyền với do bởi để dùng chuyên công vụ thiết bị máy đảm "
        "bảo phòng trang cái chiếc bộ cột này thực tế đo được danh sách tên mức độ "
        "hạ tầng quy định hồ sơ hs"
    ).split()
)
# Above a heading that means something by itself, these words make another thing of it.
_OTHER_PARENTS = frozenset(
    text.make_spelling_key(
        "chưa không thiếu hỏng thay thế bổ sung kế hoạch trước dự kiến đề nghị chênh giảm thanh lý"
    ).split()
)
# Words above a heading that say nothing about which dossiers are meant.
_NEUTRAL_PARENTS = frozenset(
    text.strip_tones(
        "số lượng tổng hồ sơ thủ tục hành chính tthc tình hình kết quả thông tin báo cáo "
        "biểu đơn vị tính "
        "cơ quan và của các về tại theo trong chi tiết công dịch vụ chia ra đó gồm bao hs là"
    ).split()
)
_LEVELS = re.compile(r"\s+[-–>:]\s+|:\s+")
# A heading that names both ends stands over the whole table.
_SPANNING_WORDS = frozenset(text.strip_tones("tiếp nhận giải quyết").split())
_WORD = re.compile(r"[a-z0-9]+")
_BRACKETS = re.compile(r"\([^()]*\)")
EXACT = 1.0
UNTONED = 0.95
PART = 0.8
NEAR = 0.7
# Cells of which it is kept whether they sound like a heading: those of some files.
_MOST_SOUNDS = 10_000
# What an administrator taught (data/layouts.toml) beats everything; NOTHING is a heading to be
# passed over.
TAUGHT = 1.2
PASSED_OVER = "ignore"
CURRENT_PERIOD = "current"


@dataclass(frozen=True)
class TaughtHeadings:
    """What an administrator said of a form's headings: the field of each (or `ignore`), the
    headings whose columns add up to a field, and what a level says of the period: `current`,
    `ignore` or a month ("2026-10").
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    sums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    periods: Mapping[str, str] = field(default_factory=dict)


def says_only_qualifiers(cell: str) -> bool:
    """Whether a heading says of which period or part a column is, and nothing else: "Kỳ này"."""
    return not qualifiers.split_path((cell,)).path


def _says_otherwise(aside: str) -> bool:
    """Whether words in brackets make another column of it: "(chưa có thư xin lỗi)", "(luỹ kế)"."""
    split = qualifiers.split_path((aside,))
    return bool(split.kinds - {qualifiers.CURRENT} or split.period or split.part)


@dataclass(frozen=True)
class ColumnMatch:
    """The field a column stands for, how surely, and what its headings say of its figures."""

    name: str
    score: float
    split: qualifiers.SplitPath


@dataclass(frozen=True)
class FileField:
    """One column of a kind of file: its name in code, its headings, how a cell is read."""

    name: str
    headings: str
    read: Callable[[Cell], object] = str
    parents: str | None = None
    other_parents: str = ""

    @cached_property
    def parent_words(self) -> frozenset[str] | None:
        """The words that may stand above the field's heading; None where most may."""
        if self.parents is None:
            return None
        return frozenset(text.strip_tones(self.parents).split())

    @cached_property
    def other_parent_words(self) -> frozenset[str]:
        """Words of another thing: a heading above that has no others is not the field's."""
        return frozenset(text.strip_tones(self.other_parents).split())

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

    `distinguishing_words`: words ("đã đang") that say nothing elsewhere, but tell this kind's
    columns apart; `taught`: what an administrator said of a form; `harmless_words`: words that
    change nothing in this kind; `names_things`: not headings, but cells that name a thing; `basis`:
    whose word this kind's figures are (`qualifiers.DECLARED`, `CHECKED`), "" where no form asks.
    """

    def __init__(
        self,
        fields: Iterable[FileField],
        distinguishing_words: str = "",
        taught: TaughtHeadings | None = None,
        *,
        harmless_words: str = "",
        names_things: bool = False,
        basis: str = "",
    ):
        self.basis = basis
        taught = taught or TaughtHeadings()
        self._distinguishing = frozenset(text.make_spelling_key(distinguishing_words).split())
        self._distinguishing_untoned = frozenset(map(untone_word, self._distinguishing))
        self._harmless = _HARMLESS_WORDS | set(text.make_spelling_key(harmless_words).split())
        self._names_things = names_things
        self.fields = {field.name: field for field in fields}
        self._sounds: dict[str, bool] = {}
        self._exact: dict[HeadingWords, str] = {}
        # None: two fields without their tones are one word
        self._untoned: dict[HeadingWords, str | None] = {}
        for file_field in self.fields.values():
            for spelling in file_field.spellings:
                words = self._split_words(spelling)
                declared_for = self._exact.setdefault(words, file_field.name)
                assert declared_for == file_field.name, (
                    f"heading {spelling!r} declared for {declared_for} and {file_field.name}"
                )
                untoned_words = self._split_untoned(words)
                is_same = self._untoned.get(untoned_words, file_field.name) == file_field.name
                self._untoned[untoned_words] = file_field.name if is_same else None
        self._taught_headings = {
            split_taught_words(heading): name for heading, name in taught.fields.items()
        }
        self._taught_levels = [
            (split_taught_levels(heading), name) for heading, name in taught.fields.items()
        ]
        self._taught_parts = {
            split_taught_levels(heading): (name, (qualifiers.TAUGHT_SUM, f"{number}/{len(parts)}"))
            for name, parts in taught.sums.items()
            for number, heading in enumerate(parts)
        }
        self._taught_periods = {
            split_taught_words(level): period for level, period in taught.periods.items()
        }
        # "đã", "đang" and the like may be left out where that leaves no doubt.
        self._taught_shortly: dict[HeadingWords, str | None] = {}
        for heading, name in taught.fields.items():
            words = self._split_words(heading)
            is_same = self._taught_shortly.get(words, name) == name
            self._taught_shortly[words] = name if is_same else None
        self._by_first_word: dict[str, list[tuple[HeadingWords, str]]] = {}
        for heading_words, name in self._exact.items():
            if len(heading_words) > 1:
                self._by_first_word.setdefault(heading_words[0], []).append((heading_words, name))
        self._known_words = {
            word
            for words in (
                *self._exact,
                *self._untoned,
                *self._taught_headings,
                *self._taught_periods,
                *(level for levels in self._taught_parts for level in levels),
            )
            for word in words
        }
        self._matches: dict[HeadingWords, ColumnMatch | None] = {}

    def _split_words(self, heading: str) -> HeadingWords:
        return split_heading_words(heading, self._distinguishing)

    def _split_untoned(self, words: HeadingWords) -> HeadingWords:
        return untone_words(words, self._distinguishing_untoned)

    def sounds_like_heading(self, cell: str) -> bool:
        """Whether half of the words of a cell occur in our headings: a cheap first sieve."""
        if cell not in self._sounds:
            if len(self._sounds) > _MOST_SOUNDS:
                self._sounds.clear()
            self._sounds[cell] = self._sounds_like_heading(cell)
        return self._sounds[cell]

    def _sounds_like_heading(self, cell: str) -> bool:
        if cell.isdecimal():
            return False
        if 0 < len(cell) < 60 and says_only_qualifiers(cell):
            return not qualifiers.says_days(cell)
        words = self._split_words(cell) if 0 < len(cell) < 200 else ()
        known_count = sum(
            word in self._known_words or word.rstrip("12345") in self._known_words for word in words
        )
        return bool(words) and 2 * known_count >= len(words)

    def field_of(self, path: HeadingWords) -> tuple[str, float] | None:
        """The field that a column's headings (from the top row down) stand for, and how surely."""
        column_match = self.match_column(path)
        if column_match is None or column_match.split.kinds & qualifiers.OTHER_FIGURES:
            return None
        if column_match.split.part is not None:
            return None  # one of several parts of the field's figure
        return column_match.name, column_match.score

    def match_column(self, path: HeadingWords) -> ColumnMatch | None:
        """The field that a column's headings stand for, and what else they say of its figures."""
        if path not in self._matches:
            column_match = self._match_path(path)
            if column_match and column_match.split.kinds & qualifiers.BASES and not self.basis:
                column_match = None  # these words belong to the name of another thing
            self._matches[path] = column_match
        return self._matches[path]

    def qualifies(self, cell: str) -> bool:
        """Whether a heading says of which period or part a column is, and nothing else."""
        return says_only_qualifiers(cell) or split_taught_words(cell) in self._taught_periods

    def is_taught(self, path: HeadingWords) -> bool:
        """Whether an administrator said anything of a column with these headings."""
        levels = [split_taught_words(level) for level in path]
        return (
            any(level in self._taught_periods for level in levels)
            or self._find_part(path) is not None
            or self._find_taught(path) is not None
        )

    def _match_path(self, path: HeadingWords) -> ColumnMatch | None:
        periods = [self._taught_periods.get(split_taught_words(level)) for level in path]
        if not any(periods):
            return self._match_plain(path)
        rest = tuple(level for level, period in zip(path, periods, strict=True) if not period)
        column_match = self._match_plain(rest) if rest else None
        if column_match is None or PASSED_OVER in periods:
            return None
        split = column_match.split
        for period in filter(None, periods):
            if period == CURRENT_PERIOD:
                split = replace(split, kinds=split.kinds | {qualifiers.CURRENT})
            else:
                year, month = period.split("-")
                split = replace(split, period=f"thang {int(month)}/{year}")
        return replace(column_match, split=split)

    def _find_part(self, path: HeadingWords) -> tuple[str, tuple[int, str]] | None:
        """The field of whose sum an administrator said this column is a part."""
        for levels, part in self._taught_parts.items():
            if holds_levels(path, levels):
                return part
        return None

    def _match_plain(self, path: HeadingWords) -> ColumnMatch | None:
        if part := self._find_part(path):
            name, number = part
            return ColumnMatch(name, TAUGHT, qualifiers.SplitPath(path, part=number))
        if taught_match := self._find_taught(path):
            name, score, skipped = taught_match
            split = qualifiers.split_path(skipped)
            return None if name == PASSED_OVER else ColumnMatch(name, score, split)
        direct = self._search_field(path)
        if direct and direct[1] >= UNTONED - 0.05:
            return ColumnMatch(direct[0], direct[1], qualifiers.split_path(direct[2]))
        # "Từ kỳ trước > Trong tháng": what one level says of all is no word of the others
        levels = tuple(level for level in path if not says_only_qualifiers(level))
        named = self._search_field(levels) if levels and levels != path else None
        if named and named[1] >= UNTONED - 0.05:
            qualifying = (*(level for level in path if level not in levels), *named[2])
            return ColumnMatch(named[0], named[1], qualifiers.split_path(qualifying))
        split = qualifiers.split_path(path)
        if split.path != path and split.path:
            plain = self._search_field(split.path)
            if plain and plain[1] >= UNTONED - 0.05:
                return ColumnMatch(plain[0], plain[1], split)
        return ColumnMatch(direct[0], direct[1], split) if direct else None

    def match_qualified(self, path: HeadingWords) -> ColumnMatch | None:
        """The same, where the qualifying words are certainly no part of the field's own name."""
        split = qualifiers.split_path(path)
        plain = self._search_field(split.path) if split.path else None
        return ColumnMatch(plain[0], plain[1], split) if plain else None

    def _find_taught(self, path: HeadingWords) -> tuple[str, float, HeadingWords] | None:
        """What an administrator said these headings mean, and the headings above them."""
        for start in range(len(path) if self._taught_headings else 0):
            heading = " ".join(path[start:])
            field_name = self._taught_headings.get(
                split_taught_words(heading)
            ) or self._taught_shortly.get(self._split_words(heading))
            if field_name:
                # a group of columns that is passed over, unless a heading with its name is taught
                is_passed_over = any(
                    name == PASSED_OVER and holds_levels(path[:start], levels, last=False)
                    for levels, name in self._taught_levels
                )
                name = PASSED_OVER if is_passed_over else field_name
                return name, TAUGHT - 0.01 * start, path[:start]
        for levels, name in self._taught_levels:
            # a heading taught with some of its levels, or a group of columns to pass over
            if len(levels) > 1 and holds_levels(path, levels):
                return name, TAUGHT - 0.1, ()
            if name == PASSED_OVER and holds_levels(path, levels, last=False):
                return name, TAUGHT - 0.1, ()
        return None

    def find_spelling(self, name: str, path: HeadingWords) -> str | None:
        """The heading of ours that these headings of a column are, or end with."""
        for start in range(len(path)):
            words = self._split_words(" ".join(path[start:]))
            for spelling in self.fields[name].spellings:
                ours = self._split_words(spelling)
                if ours == words or self._split_untoned(ours) == self._split_untoned(words):
                    return spelling
        return None

    def passes_over(self, path: HeadingWords) -> bool:
        """Whether an administrator said that these headings are to be ignored."""
        if any(
            self._taught_periods.get(split_taught_words(level)) == PASSED_OVER for level in path
        ):
            return True
        field_match = self._find_taught(path)
        return field_match is not None and field_match[0] == PASSED_OVER

    def _search_field(self, path: HeadingWords) -> tuple[str, float, HeadingWords] | None:
        """The field, how surely, and the headings above that its own headings do not have."""
        if any("%" in level for level in path):
            return None  # a rate stands beside its counts, and is none of them
        # "Chữ ký số - Đã cấp": two levels written in one cell
        path = tuple(part for level in path for part in _LEVELS.split(level) if part.strip())
        sections = [
            (self._split_words(" ".join(path[start:])), path[:start]) for start in range(len(path))
        ]
        if len(path) > 2:
            sections.append((self._split_words(f"{path[0]} {path[-1]}"), path[1:-1]))
        # "Mã ĐVHC (5 số)": what stands in brackets explains
        if any("(" in level for level in path):
            asides = tuple(aside for level in path for aside in _BRACKETS.findall(level))
            if not any(_says_otherwise(aside) for aside in asides):
                sections += [
                    (self._split_words(_BRACKETS.sub(" ", " ".join(path[start:]))), path[:start])
                    for start in range(len(path))
                ]
        for score, fields_by_words in ((EXACT, self._exact), (UNTONED, self._untoned)):
            for depth, (words, skipped) in enumerate(sections):
                name = fields_by_words.get(
                    words if fields_by_words is self._exact else self._split_untoned(words)
                )
                if name and self._parents_agree(name, skipped):
                    return name, score - 0.01 * depth, skipped
        return self._find_partial(sections)

    def _parents_agree(self, name: str, skipped: HeadingWords) -> bool:
        """Whether the headings above the matched one leave it its meaning."""
        allowed = self.fields[name].parent_words
        for level in qualifiers.split_path(skipped).path:
            words = set(_WORD.findall(text.strip_tones(spell_out(level))))
            if allowed is None:
                if set(text.make_spelling_key(spell_out(level)).split()) & _OTHER_PARENTS:
                    return False
            elif not (words <= allowed | _NEUTRAL_PARENTS or words >= _SPANNING_WORDS):
                return False
            telling = words - _NEUTRAL_PARENTS
            if telling and telling <= self.fields[name].other_parent_words:
                return False
        return True

    def _find_partial(
        self, sections: list[tuple[HeadingWords, HeadingWords]]
    ) -> tuple[str, float, HeadingWords] | None:
        """A heading that says more than ours ("Chữ ký số đã cấp cho cán bộ"), if only one field
        fits best.
        """
        best: dict[str, tuple[float, HeadingWords]] = {}
        for words, skipped in sections:
            word_set = set(words)
            for heading_words, name in (
                entry for word in word_set for entry in self._by_first_word.get(word, ())
            ):
                cover = len(heading_words) / len(word_set)
                if cover < (0.75 if len(heading_words) == 2 else 0.6):
                    continue
                if (
                    word_set > set(heading_words)
                    and self._may_stand_beside(word_set - set(heading_words))
                    and self._parents_agree(name, skipped)
                ):
                    best[name] = max(best.get(name, (0.0, ())), (cover, skipped))
        ranked = sorted(best.items(), key=lambda field_cover: -field_cover[1][0])
        if not ranked or (len(ranked) > 1 and ranked[1][1][0] == ranked[0][1][0]):
            return None
        name, (cover, skipped) = ranked[0]
        return name, PART * cover, skipped

    def _may_stand_beside(self, words: set[str]) -> bool:
        """Whether further words leave a heading of ours its meaning."""
        return not words & _OTHER_WORDS if self._names_things else words <= self._harmless

    def misspelt(self, path: HeadingWords, field_names: set[str]) -> str | None:
        """The one field of `field_names` whose heading differs by single letters ("Chữ ký sồ đả
        cấp").
        """
        if self._find_taught(path):
            return None
        fits = set()
        for start in range(len(path)):
            words = _plain_words(" ".join(path[start:]))
            for name, spelling_words in self._spellings_by_length.get(len(words), ()):
                if (
                    name in field_names
                    and all(map(_are_alike, words, spelling_words))
                    and self._parents_agree(name, path[:start])
                ):
                    fits.add(name)
        return fits.pop() if len(fits) == 1 else None

    @cached_property
    def _spellings_by_length(self) -> dict[int, list[tuple[str, HeadingWords]]]:
        """Fields and the words of each of their headings of two words or more, by their number."""
        spellings: dict[int, list[tuple[str, HeadingWords]]] = {}
        for name, file_field in self.fields.items():
            for spelling in file_field.spellings:
                words = _plain_words(spelling)
                if len(words) > 1:
                    spellings.setdefault(len(words), []).append((name, words))
        return spellings

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


@lru_cache(maxsize=50_000)
def _are_alike(word: str, other: str) -> bool:
    return word == other or (
        min(len(word), len(other)) >= 4 and SequenceMatcher(None, word, other).ratio() >= 0.75
    )
