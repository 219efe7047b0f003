"""A code as people and programs write it → its one spelling."""

from __future__ import annotations

import re

from dashboard import text

# Hyphens and dashes that word processors and web pages put where a code has "-".
_HYPHENS = re.compile("[\u00ad\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d]")
_QUOTES = "'’‘`´\" "


def normalize_code(cell: object) -> str:
    """`"'h48.113–261008-0975"` as `"H48.113-261008-0975"`: capitals, plain hyphens, no spaces, no
    apostrophe of a spreadsheet program.
    """
    written = _HYPHENS.sub("-", text.normalize_text(str(cell)).strip(_QUOTES))
    return written.replace(" ", "").replace("\u200d", "").replace("\u200c", "").upper()
