"""Cells of a table that goes out to spreadsheet programs."""

from __future__ import annotations

from typing import TypeVar

# Where a cell starts so, a spreadsheet program takes it for a formula; the wide signs in an East Asian one.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
Value = TypeVar("Value")


def formula_safe(value: Value) -> Value | str:
    """Text that would be taken for a formula gets an apostrophe before it; everything else is as it is."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
