"""What a heading says beside its field: of which period, whether a sum since New Year, a share, a
part.

"Trong tháng 10/2026 > Tiếp nhận" and "Luỹ kế > Tiếp nhận" stand for one field and for two figures.
The words that say so are taken off a heading before its field is looked for, and decide afterwards
which of the columns is meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from dashboard import text

PREVIOUS = "previous"
CURRENT = "current"
# Of the period as CURRENT, and what came in it, not what is there: "cấp trong tháng".
FLOW = "flow"
CUMULATIVE = "cumulative"
SHARE = "share"
CHANGE = "change"
PLAN = "plan"
# Whose word a figure is, where a form has both beside each other.
DECLARED = "declared"
CHECKED = "checked"
BASES = frozenset({DECLARED, CHECKED})
# A column with one of these is never the figure of the file's period.
OTHER_FIGURES = frozenset({PREVIOUS, SHARE, CHANGE, PLAN})
_UNIT = r"(?:thang|quy|tuan|nam|ky|ngay)"
_SPAN = (
    r"(?:t\d{1,2} ?[/-] ?20\d\d"
    r"|(?:thang|quy|tuan) (?:\d{1,2}|i{1,3}|iv)(?: ?(?:/|-|nam) ?(?:nam )?20\d\d)?)(?= |$)"
)
# "09/11/2026", "26/10"
_DAY = r"\d{1,2} ?[/.-] ?\d{1,2}(?: ?[/.-] ?(?:20)?\d\d)?"
# A level that is nothing but a day, or a span of days: "Ngày 09/11/2026", "Tuần 44 (từ 26/10 đến
# 01/11)". Within a longer heading a day says something of its own.
_DAY_LEVEL = (
    r"^(?:so lieu )?(?:(?:tinh )?den )?(?:het )?(?:ngay )?"
    r"\d{1,2} ?[/.-] ?\d{1,2} ?[/.-] ?20\d\d$"
)
_SPAN_LEVEL = (
    rf"^(?:tuan \d{{1,2}} {{1,2}})?(?:tu |ky )?(?:ngay )?{_DAY}"
    rf"(?: {{1,2}}(?:den |toi )?| ?[-–] ?)(?:het )?(?:ngay )?{_DAY}$"
)
# In this order: "so với cùng kỳ" is a change, not last year's figure.
_PHRASES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("period", re.compile(rf"{_SPAN_LEVEL}|{_DAY_LEVEL}")),
    (
        CHECKED,
        re.compile(
            r"^(?:ket qua |so lieu |theo |do )?(?:(?:to cong tac|doan|to|tinh|so) )?"
            r"(?:kiem tra|tham dinh|phuc tra|xac minh)(?: thuc te)?$"
        ),
    ),
    (
        DECLARED,
        re.compile(r"^(?:so lieu |theo |do )?(?:(?:xa|don vi|dia phuong) )?(?:tu )?ke khai$"),
    ),
    (
        CHANGE,
        re.compile(r"\b(?:so voi .*|so sanh.*|tang ?[,/-]? ?giam.*|chenh lech.*|bien dong.*)"),
    ),
    (SHARE, re.compile(r"\b(?:dat )?(?:ty le|ti le|ty trong|ti trong|phan tram)\b(?: ?%)?|^tl$|%")),
    (PLAN, re.compile(r"\b(?:ke hoach|chi tieu duoc giao|du kien|muc tieu)\b")),
    (
        CUMULATIVE,
        re.compile(
            r"\b(?:so )?(?:cong don|luy ke|luy tien)\b(?: (?:tu|den|dau|trong|ca) .*)?"
            r"|^lk$|\btu dau nam\b.*|\btu (?:ngay )?0?1 ?/ ?0?1\b.*"
        ),
    ),
    (
        PREVIOUS,
        re.compile(
            rf"\b(?:so )?cung ky(?: (?:nam )?(?:truoc|ngoai|20\d\d))?\b"
            rf"|\b(?:so )?(?:cua )?{_UNIT} (?:truoc|ngoai)(?: (?:lien ke|do))?\b"
            r"|\bso (?:lieu )?cu\b|\btruoc day\b|^ck(?: nam truoc| (?:nam )?20\d\d)?$"
        ),
    ),
    ("period", re.compile(rf"\b(?:so )?(?:trong |cua )?{_SPAN}|\b(?:trong )?nam 20\d\d\b")),
    (
        CURRENT,
        re.compile(
            rf"\b(?:so )?(?:phat sinh )?trong {_UNIT}(?: bao cao| nay)?\b|\b(?:so )?{_UNIT} nay\b"
            r"|\b(?:ky|thang|quy|tuan) bao cao\b"
        ),
    ),
)
_FLOW_WORDS = re.compile(rf"\bphat sinh\b|\btrong (?:{_UNIT}|{_SPAN})")
# Parts of one sum: which parts there may be, and which must be there for the sum to be whole.
_PART_FAMILIES: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = (
    (
        re.compile(r"\b(?:toan trinh|mot phan|hinh thuc khac)\b"),
        frozenset({"toan trinh", "mot phan"}),
    ),
    (
        re.compile(r"\b(?:cua )?(?:to chuc|ca nhan|cong dan|doanh nghiep)\b"),
        frozenset({"to chuc", "ca nhan"}),
    ),
    (
        re.compile(r"\b(?:da|chua) co (?:thu|van ban) xin loi\b|\b(?:da|chua) xin loi\b"),
        frozenset({"da", "chua"}),
    ),
)
# Not one of these families: parts that an administrator said, "1/2" being the second of two.
TAUGHT_SUM = -1
_BRACKETS = " ()[].,;:–-"


@dataclass(frozen=True)
class SplitPath:
    """A column's headings without the words that qualify them. `kinds`: what those words say;
    `period`: the month or quarter they name; `part`: which part of a sum the column is."""

    path: tuple[str, ...]
    kinds: frozenset[str] = frozenset()
    period: str = ""
    part: tuple[int, str] | None = None


@lru_cache(maxsize=20_000)
def split_path(path: tuple[str, ...]) -> SplitPath:
    """The headings of a column from the top down, and what qualifies them."""
    kinds: set[str] = set()
    period = ""
    part = None
    plain_path = []
    for level in path:
        words = level.split()
        # once a level, not once for each of the patterns: they all look at the same words
        plain = [text.strip_tones(word).strip(_BRACKETS) for word in words]
        for kind, pattern in _PHRASES:
            words, plain, phrase = _take_phrase(words, plain, pattern)
            if phrase and kind in ("period", CURRENT) and _FLOW_WORDS.search(phrase):
                kinds.add(FLOW)
            if phrase and kind == "period":
                period = phrase
            elif phrase:
                kinds.add(kind)
        for family, (pattern, _) in enumerate(_PART_FAMILIES):
            words, plain, phrase = _take_phrase(words, plain, pattern)
            if phrase:
                part = (family, _name_part(phrase))
        if any(word.strip(_BRACKETS) for word in words):
            plain_path.append(" ".join(words))
    return SplitPath(tuple(plain_path), frozenset(kinds), period, part)


def _take_phrase(
    words: list[str], plain: list[str], pattern: re.Pattern[str]
) -> tuple[list[str], list[str], str]:
    """The words without those of the phrase, the same without tones (`plain`), and the phrase."""
    match = pattern.search(" ".join(plain))
    if not match or not match.group().strip():
        return words, plain, ""
    start = match.string[: match.start()].count(" ")
    count = match.group().strip().count(" ") + 1
    if match.start() and match.string[match.start()] == " ":
        start += 1
    end = start + count
    return words[:start] + words[end:], plain[:start] + plain[end:], match.group().strip()


def _name_part(phrase: str) -> str:
    name = phrase.removeprefix("cua ")
    return name.split(" ")[0] if "xin loi" in name else name


def is_whole_sum(parts: list[tuple[int, str]]) -> bool:
    """Whether the parts are all different, of one sum, and none of it is missing."""
    families = {family for family, _ in parts}
    names = [name for _, name in parts]
    if len(families) != 1 or len(set(names)) != len(names):
        return False
    if TAUGHT_SUM in families:
        return len(names) == int(names[0].split("/")[1])
    return _PART_FAMILIES[families.pop()][1] <= set(names)


def says_days(level: str) -> bool:
    """Whether a heading is nothing but a day or a span of days, as cells of a table are, too."""
    split = split_path((level,))
    return not split.path and bool(re.search(rf"{_DAY}(?!\d)", split.period))


def is_day(phrase: str) -> bool:
    """Whether the period of a heading is one day: "ngay 09/11/2026"."""
    return bool(re.match(_DAY_LEVEL, phrase))


def say_period(phrase: str) -> str:
    """The period of a heading as a title would print it: "thang 9/2026" as "Tháng 9/2026"."""
    if is_day(phrase):
        day = phrase[re.search(r"\d", phrase).start() :].replace(" ", "")  # type: ignore[union-attr]
        return f"ngày {day}"
    if re.match(_SPAN_LEVEL, phrase):
        first, last = (re.sub(" ", "", day) for day in re.findall(_DAY, phrase)[:2])
        return f"từ ngày {first} đến ngày {last}"
    words = re.sub(r"^(?:so )?(?:trong |cua )?", "", phrase)
    words = re.sub(r"^t(?=\d)", "thang ", words)
    for plain, toned in (("thang", "Tháng"), ("quy", "Quý"), ("tuan", "Tuần"), ("nam", "năm")):
        words = re.sub(rf"\b{plain}\b", toned, words)
    return words.replace("/ ", "/").replace(" /", "/")
