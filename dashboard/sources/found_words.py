"""What a team writes of a commune: which measure it means, and which values it found ("2/3", "Đạt")."""

from __future__ import annotations

import re
from functools import lru_cache

from dashboard import text
from dashboard.measures import DECLARED, DEVICES, MEASURES
from dashboard.sources import values
from dashboard.sources.headings import Field, Vocabulary
from dashboard.sources.measure_words import DEVICE_WORDS, HEADINGS, READERS, SIGNATURE_WORDS, STAFF_WORDS
from dashboard.sources.sheet import Cell, Unreadable, blank

# What a commune says of itself cannot be verified as such.
CHECKED = tuple(code for code in DECLARED if code != "self_rating")
# What is counted as so many of so many: (what is there, what is needed).
PAIRS: dict[str, tuple[str, str]] = {
    **{code: (f"{code}_available", f"{code}_needed") for code in DEVICES},
    "signature": ("signature_issued", "signature_needed"),
    "staff": ("staff_present", "staff_planned"),
}
_OF_NEEDED = "trên số cần | so với nhu cầu | trên nhu cầu | có trên cần | đã cấp trên cần"
_PAIR_HEADINGS = {
    **{code: f"{words}; {words} > {_OF_NEEDED}" for code, words in DEVICE_WORDS.items()},
    "signature": f"{SIGNATURE_WORDS}; {SIGNATURE_WORDS} > {_OF_NEEDED}",
    # "Nhân sự một cửa" alone says who is there
    "staff": f"{STAFF_WORDS} > hiện có trên biên chế | có mặt trên biên chế | trên biên chế",
}
_OF = re.compile(r"^(\d[\d.]*)\s*(?:/|trên)\s*(\d[\d.]*)\s*(?:\([^()]*\)|cái|chiếc|bộ|máy|người|chữ ký số)?\.?$", re.I)
_BOTH = re.compile(r"(?:có|cấp|mặt)\s*/\s*(?:số\s*)?(?:cần|nhu cầu|biên chế)", re.IGNORECASE)
_COUNTED = ("không phải số lượng", 'hãy ghi số có trên số cần, ví dụ "2/3"')

MEASURE_FIELDS = (
    *(Field(code, HEADINGS[code], READERS[MEASURES[code].type]) for code in CHECKED),
    *(Field(pair, headings) for pair, headings in _PAIR_HEADINGS.items()),
)  # fmt: skip
_VOCABULARY = Vocabulary(MEASURE_FIELDS)


@lru_cache(maxsize=2_000)
def meant(criterion: str) -> str | None:
    """The measure, or pair of measures, that a criterion in any wording stands for; None where not certain."""
    written = text.normal(criterion)
    if written in CHECKED or written in PAIRS:
        return written
    found = _VOCABULARY.field_of((written,))
    name = found[0] if found else _VOCABULARY.misspelt((written,), set(_VOCABULARY.fields))
    return in_words(written, name) if name else None


def in_words(heading: str, name: str) -> str:
    """The pair where a heading says both ("Máy scan (có/cần)"), else the measure it was understood as."""
    if not _BOTH.search(text.normal(heading)):
        return name
    return next((pair for pair, both in PAIRS.items() if name in both), name)


def pair_of(what: str) -> tuple[str, str] | None:
    """The two measures (what is there, what is needed) that a measure or a pair belongs to."""
    return PAIRS.get(what) or next((both for both in PAIRS.values() if what in both), None)


def found_values(what: str, cell: Cell, *, point: bool = False) -> dict[str, float]:
    """The values of each measure that a finding tells; none where it is blank. Raises Unreadable.

    `2/3` of a device is 2 available of 3 needed, also where the criterion names one of the two only.
    """
    if blank(cell):
        return {}
    pair = pair_of(what)
    if pair and isinstance(cell, str) and (both := _OF.match(text.normal(cell))):
        return {measure: _count(part) for measure, part in zip(pair, both.groups(), strict=True)}
    if what in PAIRS:
        return {PAIRS[what][0]: _count(cell)}
    kind = MEASURES[what].type
    if kind == "count":
        return {what: _count(cell)}
    if kind == "mbps":
        value = values.decimal(cell, point=point)
        if value is not None and value < 0:
            raise Unreadable("là số âm", "hãy nhập tốc độ đo được")
        return {} if value is None else {what: value}
    value = READERS[kind](cell)
    return {} if value is None else {what: value}


def _count(cell: Cell) -> float:
    try:
        value = values.count(cell)
    except Unreadable as error:
        if isinstance(cell, str) and not any(letter.isdigit() for letter in cell):
            raise Unreadable(*_COUNTED) from error
        raise
    assert value is not None
    return value
