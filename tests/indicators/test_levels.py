"""A colour is stated only where it is certain."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.indicators import levels
from dashboard.indicators.levels import GREEN, RED, STALE, UNKNOWN, YELLOW


def combined(*pairs: tuple[int, bool]) -> int:
    column = np.array([[level] for level, _ in pairs], dtype=np.int8)
    return int(levels.combine(column, np.array([decisive for _, decisive in pairs]))[0])


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([(GREEN, True), (GREEN, False)], GREEN),
        ([(RED, True), (UNKNOWN, True), (GREEN, False)], RED),  # red is certain whatever the rest says
        ([(GREEN, True), (RED, False)], YELLOW),  # red in what is not essential
        ([(GREEN, True), (YELLOW, False), (UNKNOWN, False)], YELLOW),  # short for sure, red for sure not
        ([(UNKNOWN, True), (YELLOW, False)], UNKNOWN),  # it may be red: no colour
        ([(STALE, True), (UNKNOWN, True)], STALE),  # it once reported
        ([(GREEN, True), (STALE, False)], STALE),
        ([(UNKNOWN, True), (UNKNOWN, False)], UNKNOWN),
    ],
)
def test_levels_combine(pairs: list[tuple[int, bool]], expected: int) -> None:
    assert combined(*pairs) == expected


def slow_combine(pairs: list[tuple[int, bool]]) -> int:
    """The obvious twin: try every level that a missing criterion might have; certain is what never changes."""
    if any(level == RED and decisive for level, decisive in pairs):
        return RED
    missing = [(level, decisive) for level, decisive in pairs if level >= STALE]
    short = any(level < GREEN for level, _ in pairs)
    if not missing:
        return YELLOW if short else GREEN
    could_be_red = any(decisive for _, decisive in missing)
    if short and not could_be_red:
        return YELLOW
    return STALE if any(level == STALE for level, _ in missing) else UNKNOWN


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), min_size=1, max_size=8))
def test_combining_agrees_with_the_obvious_twin(pairs: list[tuple[int, bool]]) -> None:
    assert combined(*pairs) == slow_combine(pairs)


@given(st.lists(st.integers(0, 4), max_size=60))
def test_counts_add_up_to_the_communes(of: list[int]) -> None:
    assert sum(levels.counts(np.array(of, dtype=np.int8)).values()) == len(of)
