"""Taking persons out of free text: phone and ID numbers, e-mail addresses, names behind a title.

What a team notes at a commune may name whom it met. The commune is the dashboard's business, the
person is not.
"""

from __future__ import annotations

import re

from dashboard import text

HIDDEN = "[…]"
MOST_CHARACTERS = 500
_EMAIL = re.compile(r"[^\s@<>()\[\],;:]+\s?@\s?[^\s@<>()\[\],;:]+")
_GAP = r"[\s.\-–()]{0,3}"
# A day is no phone number: it is matched first and kept.
_NUMBERS = re.compile(
    r"(?P<day>(?<!\d)(?:\d{1,2}[./\-]\d{1,2}[./\-]20\d\d|20\d\d-\d\d-\d\d)(?!\d))"
    rf"|(?<!\d)\+?(?:84|0)(?:{_GAP}\d){{8,13}}(?!\d)"
    r"|(?<!\d)\+?\d{8,}"
)
# "phường Bà Rịa" and "đặc khu Cô Tô" are no persons.
_TITLED = re.compile(
    r"(?<!phường )(?<!xã )(?<!khu )\b(?:ông|bà|anh|chị|cô|chú|đồng chí|đ/c|đc|mr|mrs|ms)\b[.:]?\s+",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+\s?")


def hide_persons(written: str, most: int = MOST_CHARACTERS) -> str:
    """The text in its normal form without persons' names, numbers and addresses, at most `most`
    characters long.
    """
    shortened = _hide_names(hide_numbers(text.normalize_text(written)))
    return shortened if len(shortened) <= most else shortened[: most - 1].rstrip() + "…"


def hide_numbers(written: str) -> str:
    """The text without what looks like a phone number, an ID number or an e-mail address."""
    return _NUMBERS.sub(lambda match: match["day"] or HIDDEN, _EMAIL.sub(HIDDEN, written))


def _hide_names(written: str) -> str:
    """ "gặp ông Trần Văn Một ở quầy" as "gặp ông […] ở quầy": a title and the capitalised words
    behind it.
    """
    pieces = []
    last = 0
    for title in _TITLED.finditer(written):
        end = title.end()
        while end < len(written) and written[end].isupper() and (word := _WORD.match(written, end)):
            end = word.end()
        if end > title.end() and title.start() >= last:
            gap = " " if written[end - 1] == " " else ""
            pieces += [written[last : title.end()], HIDDEN, gap]
            last = end
    return "".join([*pieces, written[last:]])
