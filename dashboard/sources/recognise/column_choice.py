"""Which column of a table stands for which field: other figures are left out, parts are added, and
two that nothing tells apart are rivals.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from dashboard import text
from dashboard.messages import Message, write_message
from dashboard.sources.cells import values
from dashboard.sources.recognise import periods, qualifiers
from dashboard.sources.recognise.heading_words import HeadingWords
from dashboard.sources.recognise.headings import (
    EXACT,
    TAUGHT,
    UNTONED,
    ColumnMatch,
    HeadingVocabulary,
    says_only_qualifiers,
)

_LEFT_OUT_WORDS = {
    qualifiers.PREVIOUS: write_message("là số của kỳ trước hoặc cùng kỳ"),
    qualifiers.SHARE: write_message("là tỷ lệ, được tính lại từ số lượng"),
    qualifiers.CHANGE: write_message("là số so sánh, tăng giảm"),
    qualifiers.PLAN: write_message("là số kế hoạch, dự kiến"),
    qualifiers.CUMULATIVE: write_message("là số lũy kế, không phải số của kỳ báo cáo"),
    qualifiers.FLOW: write_message("là số phát sinh trong kỳ, không phải số hiện có"),
    qualifiers.CURRENT: write_message("là số của một kỳ ngắn hơn kỳ ghi ở tiêu đề"),
    qualifiers.CHECKED: write_message("là số kiểm tra, không phải số tự kê khai"),
    qualifiers.DECLARED: write_message("là số tự kê khai, không phải số kiểm tra"),
}
_OTHER_BASIS = {
    qualifiers.DECLARED: qualifiers.CHECKED,
    qualifiers.CHECKED: qualifiers.DECLARED,
}
_SINCE_NEW_YEAR = re.compile(r"luy ke|cong don|dau nam")
# Two columns of names are told apart by the better match; two of figures never.
TEXT_FIELDS = frozenset({"commune", "commune_code", "province", "agency_code"})
_SPEED_FIELDS = frozenset({"network_mbps", "mbps"})
_MEASURED = re.compile(r"\b(?:thuc te|do duoc|thuc do)\b")
_ORDERED = re.compile(r"^bang thong\b(?!.*\b(?:do|thuc)\b)")
_ORDERED_REASON = write_message("là băng thông đăng ký, không phải tốc độ đo được")
# Sorts of computers that two columns count apart.
_SORTS = re.compile(r"\b(?:de ban|xach tay)\b")
_ANSWERS = {
    text.make_spelling_key(word)
    for word in (
        *("Có", "Không", "Đạt", "Không đạt", "Chưa đạt", "Chưa", "Rồi", "Đã có", "Chưa có"),
        *("Xanh", "Vàng", "Đỏ", "Ổn định", "Không ổn định", "Mức xanh", "Mức vàng", "Mức đỏ"),
    )
}
_UNWANTED = qualifiers.OTHER_FIGURES
_YEAR_ALONE = re.compile(r"(?:trong )?nam (20\d\d)")


@dataclass(frozen=True)
class FieldColumn:
    """A column that stands for a field: where, as the file heads it, how surely (1 is exact).

    `parts`: further columns that are added to it, where the field's figure stands in parts;
    `choices`: columns in one of which a cross stands ("Có", "Không"), and what it says there.
    """

    index: int
    heading: str
    score: float
    parts: tuple[int, ...] = ()
    choices: tuple[tuple[int, str], ...] = ()

    @property
    def indexes(self) -> tuple[int, ...]:
        """All columns that serve the field."""
        return (self.index, *self.parts, *(index for index, _ in self.choices))


@dataclass(frozen=True)
class UnreadColumn:
    """A column that was left out, and why."""

    index: int
    heading: str
    reason: Message


@dataclass(frozen=True)
class RivalColumns:
    """Two columns for one field that nothing tells apart."""

    field: str
    first: FieldColumn
    second: FieldColumn


@dataclass(frozen=True)
class _Candidate:
    index: int
    path: HeadingWords
    match: ColumnMatch
    choices: tuple[tuple[int, str], ...] = ()

    @property
    def heading(self) -> str:
        return " > ".join(self.path)

    def as_column(self, parts: tuple[int, ...] = ()) -> FieldColumn:
        return FieldColumn(self.index, self.heading, self.match.score, parts, self.choices)


@dataclass(frozen=True)
class ColumnChoice:
    """Which column serves which field, in one of the tables that stand in the same rows."""

    columns: dict[str, FieldColumn]
    titles: tuple[str, ...]
    left_out: tuple[UnreadColumn, ...]
    rivals: tuple[RivalColumns, ...]


def choose_columns(
    paths: list[HeadingWords],
    vocabulary: HeadingVocabulary,
    hidden: frozenset[int],
    titles: tuple[str, ...],
    has_period: bool,
) -> list[ColumnChoice]:
    """Which column serves which field: one choice, or one for each block beside another.

    `hidden`: columns that nobody sees, which never win over visible ones; `has_period`: whether the
    file tells figures of a period, so that a block of another month is a table of its own.
    """
    left_out: list[UnreadColumn] = []
    candidates = _list_candidates(paths, vocabulary)
    visible = {entry.match.name for entry in candidates if entry.index not in hidden}
    kept = []
    for entry in candidates:
        if entry.index in hidden and entry.match.name in visible:
            left_out.append(UnreadColumn(entry.index, entry.heading, write_message("là cột ẩn")))
        else:
            kept.append(entry)
    unwanted = _UNWANTED | {_OTHER_BASIS.get(vocabulary.basis, "")}
    kept = _drop_other_figures(kept, titles, left_out, has_period, unwanted)
    by_period: dict[str, list[_Candidate]] = {}
    for entry in kept:
        by_period.setdefault(entry.match.split.period, []).append(entry)
    common = by_period.pop("", [])
    of_days = list(filter(qualifiers.is_day, by_period))
    is_of_days = len(of_days) == len(by_period) > 1 and all(
        entry.match.name in TEXT_FIELDS for entry in common
    )
    if has_period and of_days and not is_of_days:
        # days beside what is of a month are not the month's, and nobody's who asks for a period
        by_period = {
            phrase: entries for phrase, entries in by_period.items() if phrase not in of_days
        }
    if not by_period:
        blocks = _split_side_by_side(common)
        return [_choose(block, titles, left_out) for block in blocks]
    return _choose_by_period(common, by_period, titles, left_out, has_period)


def _list_candidates(paths: list[HeadingWords], vocabulary: HeadingVocabulary) -> list[_Candidate]:
    candidates = _list_choices(paths, vocabulary)
    crossed = {index for candidate in candidates for index, _ in candidate.choices}
    for index, path in enumerate(paths):
        column_match = vocabulary.match_column(path) if path and index not in crossed else None
        if column_match is None:
            continue
        # "Kỳ trước" beside "Kỳ này" is no dossier carried over, but last period's figure.
        if not column_match.split.kinds and qualifiers.PREVIOUS in _qualify(path[-1]):
            siblings = [other for other in paths if other and other[:-1] == path[:-1]]
            if any(
                qualifiers.CURRENT in _qualify(other[-1])
                and says_only_qualifiers(other[-1])
                and " này" in f" {other[-1].lower()}"
                for other in siblings
            ):
                column_match = vocabulary.match_qualified(path)
        if column_match is not None:
            candidates.append(_Candidate(index, path, column_match))
    return candidates


def _list_choices(paths: list[HeadingWords], vocabulary: HeadingVocabulary) -> list[_Candidate]:
    """Fields that are answered by a cross in one of several columns: "Có | Không" under a heading
    that is a question by itself."""
    by_parent: dict[HeadingWords, list[tuple[int, str]]] = {}
    for index, path in enumerate(paths):
        if len(path) > 1 and text.make_spelling_key(path[-1]) in _ANSWERS:
            by_parent.setdefault(path[:-1], []).append((index, path[-1]))
    candidates = []
    for parent, choices in by_parent.items():
        column_match = vocabulary.match_column(parent)
        words = {text.make_spelling_key(word) for _, word in choices}
        is_question = column_match is not None and vocabulary.fields[column_match.name].read in (
            values.read_flag,
            values.read_rating,
        )
        if is_question and column_match and len(choices) > 1 and len(words) == len(choices):
            candidates.append(_Candidate(choices[0][0], parent, column_match, tuple(choices)))
    return candidates


def _qualify(level: str) -> frozenset[str]:
    return qualifiers.split_path((level,)).kinds


def _drop_other_figures(
    candidates: list[_Candidate],
    titles: tuple[str, ...],
    left_out: list[UnreadColumn],
    has_period: bool,
    unwanted: frozenset[str],
) -> list[_Candidate]:
    """Without the columns of other figures: last year's, shares, plans, and sums since New Year
    unless the title says that the whole table is one. In a table of what is there on a day it is
    the other way round: what came in a month is no figure of it, what came so far is.
    """
    is_cumulative = any(_SINCE_NEW_YEAR.search(text.strip_tones(title)) for title in titles)
    has_cumulative = any(qualifiers.CUMULATIVE in entry.match.split.kinds for entry in candidates)
    kept = []
    for entry in candidates:
        kinds = entry.match.split.kinds
        reason = next((kind for kind in _LEFT_OUT_WORDS if kind in kinds & unwanted), "")
        if not reason and qualifiers.FLOW in kinds and not has_period:
            reason = qualifiers.FLOW
        if not reason and has_period and qualifiers.CUMULATIVE in kinds and not is_cumulative:
            reason = qualifiers.CUMULATIVE
        if (
            not reason
            and is_cumulative
            and has_cumulative
            and qualifiers.CURRENT in kinds
            and not entry.match.split.period
        ):
            reason = qualifiers.CURRENT
        if reason:
            left_out.append(UnreadColumn(entry.index, entry.heading, _LEFT_OUT_WORDS[reason]))
        else:
            kept.append(entry)
    return kept


def _split_side_by_side(candidates: list[_Candidate]) -> list[list[_Candidate]]:
    """One list of columns, or several where the same row of headings stands two or three times
    beside itself, to fit a long list on one page."""
    ordered = sorted(candidates, key=lambda entry: entry.index)
    names = [entry.match.name for entry in ordered]
    for count in (2, 3, 4):
        width, rest = divmod(len(names), count)
        is_repeated = not rest and width >= 2 and names == names[:width] * count
        if is_repeated and len(set(names)) == width and TEXT_FIELDS & set(names):
            return [ordered[start : start + width] for start in range(0, len(names), width)]
    return [candidates]


def _choose_by_period(
    common: list[_Candidate],
    by_period: dict[str, list[_Candidate]],
    titles: tuple[str, ...],
    left_out: list[UnreadColumn],
    has_period: bool,
) -> list[ColumnChoice]:
    """One choice for each month or day that the headings name; in a table of one day that day's
    month.
    """
    if not has_period and all(map(qualifiers.is_day, by_period)):
        return _choose_by_day(common, by_period, titles, left_out)
    title_period = periods.find_period_in_title(titles)
    bounds = {
        phrase: periods.find_period_in_title([_complete_period(phrase, titles, title_period)])
        for phrase in by_period
    }
    if not has_period:
        day = periods.find_as_of_in_title(titles)
        for phrase in by_period:
            if year := _YEAR_ALONE.fullmatch(phrase):
                bounds[phrase] = date(int(year[1]), 1, 1), date(int(year[1]), 12, 31)
        begun = [span[1] for span in bounds.values() if span and day and span[0] <= day.date()]
        for phrase, span in bounds.items():
            if span and begun and span[1] == max(begun):
                common = common + by_period[phrase]
            else:
                left_out += [
                    UnreadColumn(entry.index, entry.heading, write_message("là số của một kỳ khác"))
                    for entry in by_period[phrase]
                ]
        return [_choose(common, titles, left_out)]
    is_of_years = title_period is not None and title_period in bounds.values()
    if all(map(_YEAR_ALONE.fullmatch, by_period)) and not is_of_years:
        return [_choose_year(common, by_period, titles, left_out)]
    names = {entry.match.name for entries in by_period.values() for entry in entries}
    own = [entry for entry in common if entry.match.name in names]
    shared = [entry for entry in common if entry.match.name in TEXT_FIELDS]
    loose = [entry for entry in common if entry.match.name not in TEXT_FIELDS]
    choices = []
    for phrase, entries in by_period.items():
        span = bounds[phrase]
        is_of_title = bool(
            title_period
            and span
            and (
                title_period == span
                or (
                    len(by_period) == 1
                    and title_period[1].month == span[1].month
                    and title_period[1].year == span[1].year
                )
            )
        )
        if is_of_title or (len(by_period) == 1 and not own):
            entries = shared + loose + entries
            loose = []
        else:
            entries = shared + entries
        block_titles = titles
        if not is_of_title:
            others = [title for title in titles if periods.find_period_in_title([title]) is None]
            block_titles = (_complete_period(phrase, titles, title_period), *others)
        choices.append(_choose(entries, block_titles, left_out))
    if own and loose:
        choices.append(_choose(shared + loose, titles, left_out))
    return choices


def _choose_by_day(
    common: list[_Candidate],
    by_period: dict[str, list[_Candidate]],
    titles: tuple[str, ...],
    left_out: list[UnreadColumn],
) -> list[ColumnChoice]:
    """One choice for each day that the headings name; columns without a day are of the title's."""
    stated = periods.find_as_of_in_title(titles)
    others = [title for title in titles if periods.find_as_of_in_title([title]) is None]
    shared = [entry for entry in common if entry.match.name in TEXT_FIELDS]
    loose = [entry for entry in common if entry.match.name not in TEXT_FIELDS]
    choices = []
    for phrase, entries in by_period.items():
        title = qualifiers.say_period(phrase)
        moment = periods.find_as_of_in_title([title])
        if moment and stated and moment.date() == stated.date():
            entries = [*loose, *entries]
            loose = []
        choices.append(_choose([*shared, *entries], (title, *others), left_out))
    if loose:
        choices.append(_choose([*shared, *loose], titles, left_out))
    return choices


def _choose_year(
    common: list[_Candidate],
    by_period: dict[str, list[_Candidate]],
    titles: tuple[str, ...],
    left_out: list[UnreadColumn],
) -> ColumnChoice:
    """Of "Năm 2025" beside "Năm 2026" in a report of October 2026: October of the title's year;
    where the title has no period, of the newest year. The other is the same month a year before.
    """
    title_period = periods.find_period_in_title(titles)
    year = f"{title_period[1].year}" if title_period else max(phrase[-4:] for phrase in by_period)
    for phrase, entries in by_period.items():
        if phrase.endswith(year):
            common = common + entries
        else:
            left_out += [
                UnreadColumn(entry.index, entry.heading, write_message("là số của năm khác"))
                for entry in entries
            ]
    return _choose(common, titles, left_out)


def _complete_period(
    phrase: str, titles: tuple[str, ...], title_period: tuple[date, date] | None
) -> str:
    """The period of a heading with the year of the title, where it has none of its own."""
    words = qualifiers.say_period(phrase)
    if qualifiers.is_day(phrase):
        return f"từ {words} đến {words}"
    if re.search(r"20\d\d", words):
        return words
    year = title_period[1].year if title_period else periods.find_only_year(titles)
    return f"{words}/{year}" if year else words


def _choose(
    candidates: list[_Candidate], titles: tuple[str, ...], left_out: list[UnreadColumn]
) -> ColumnChoice:
    by_name: dict[str, list[_Candidate]] = {}
    for entry in candidates:
        by_name.setdefault(entry.match.name, []).append(entry)
    columns: dict[str, FieldColumn] = {}
    rivals: list[RivalColumns] = []
    unread = list(left_out)
    for name, candidates_of_name in by_name.items():
        entries = candidates_of_name
        if name in _SPEED_FIELDS and len(entries) > 1:
            entries = _leave_ordered(entries)
            unread += [
                UnreadColumn(entry.index, entry.heading, _ORDERED_REASON)
                for entry in candidates_of_name
                if entry not in entries
            ]
        column, others = _choose_column(entries)
        if column is not None:
            columns[name] = column
        for other in others:
            if (
                column is not None
                and other.match.split.part is None
                and _is_rival(name, column, other)
            ):
                rivals.append(RivalColumns(name, column, other.as_column()))
            else:
                unread.append(
                    UnreadColumn(other.index, other.heading, write_message("là cột phụ, không lấy"))
                )
    return ColumnChoice(columns, titles, tuple(unread), tuple(rivals))


def _is_rival(name: str, column: FieldColumn, other: _Candidate) -> bool:
    """Whether the other column is as likely the field's: for figures any certain one is."""
    if column.score > EXACT >= other.match.score:
        return False  # an administrator said which
    if name in TEXT_FIELDS:
        return other.match.score == column.score
    return other.match.score >= UNTONED - 0.05


def _choose_column(entries: list[_Candidate]) -> tuple[FieldColumn | None, list[_Candidate]]:
    """The column of a field, and the candidates that are not it."""
    wholes = [entry for entry in entries if entry.match.split.part is None]
    parts = [entry for entry in entries if entry.match.split.part is not None]
    taught = [entry for entry in parts if entry.match.score == TAUGHT]
    if taught:
        others = [entry for entry in entries if entry not in taught]
        column, missed = _add_parts(taught)
        return column, [*missed, *others]
    if not wholes:
        return _add_parts(parts)
    best = max(wholes, key=lambda entry: (entry.match.score, -entry.index))
    equals = [entry for entry in wholes if entry.match.score == best.match.score]
    if len(equals) == 2 and _are_two_sorts(equals):
        first, second = equals
        heading = f"{first.heading} + {second.heading}"
        column = FieldColumn(first.index, heading, first.match.score, (second.index,))
        return column, [entry for entry in entries if entry not in equals]
    if len(equals) > 1 and best.match.score < UNTONED - 0.05:
        return None, entries  # none of several half understood headings
    return best.as_column(), [entry for entry in entries if entry is not best]


def _are_two_sorts(entries: list[_Candidate]) -> bool:
    """ "Máy tính để bàn" beside "Máy tính xách tay": both are computers, and no other column is."""
    sorts = [set(_SORTS.findall(text.strip_tones(entry.heading))) for entry in entries]
    return all(len(sort) == 1 for sort in sorts) and sorts[0] != sorts[1]


def _leave_ordered(entries: list[_Candidate]) -> list[_Candidate]:
    """Without the bandwidth that was ordered, where one column says what was measured."""
    measured = [entry for entry in entries if _MEASURED.search(text.strip_tones(entry.heading))]
    ordered = [entry for entry in entries if _ORDERED.search(text.strip_tones(entry.heading))]
    return measured if len(measured) == 1 and 1 + len(ordered) == len(entries) else entries


def _add_parts(parts: list[_Candidate]) -> tuple[FieldColumn | None, list[_Candidate]]:
    """The parts as one column where they are all of a sum; what is left over."""
    labels = [entry.match.split.part for entry in parts if entry.match.split.part]
    if len(parts) > 1 and qualifiers.is_whole_sum(labels):
        first, *others = parts
        heading = " + ".join(entry.heading for entry in parts)
        column = FieldColumn(
            first.index, heading, first.match.score, tuple(entry.index for entry in others)
        )
        return column, []
    return None, parts
