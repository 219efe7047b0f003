"""A colour is stated only where it is certain."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.indicators import levels
from dashboard.indicators.levels import GREEN, RED, STALE, UNKNOWN, YELLOW

# A level, whether red in it makes the whole red, whether green needs it.
Part = tuple[int, bool, bool]


def combined(*parts: Part) -> int:
    column = np.array([[level] for level, _, _ in parts], dtype=np.int8)
    decisive, needed = (np.array([part[index] for part in parts]) for index in (1, 2))
    return int(levels.combine_levels(column, decisive, needed)[0])


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([(GREEN, True), (GREEN, False)], GREEN),
        # red is certain whatever the rest says
        ([(RED, True), (UNKNOWN, True), (GREEN, False)], RED),
        ([(GREEN, True), (RED, False)], YELLOW),  # red in what is not essential
        # short for sure, red for sure not
        ([(GREEN, True), (YELLOW, False), (UNKNOWN, False)], YELLOW),
        ([(UNKNOWN, True), (YELLOW, False)], UNKNOWN),  # it may be red: no colour
        ([(STALE, True), (UNKNOWN, True)], STALE),  # it once reported
        ([(GREEN, True), (STALE, False)], STALE),
        ([(UNKNOWN, True), (UNKNOWN, False)], UNKNOWN),
    ],
)
def test_levels_combine_where_green_needs_all(pairs: list[tuple[int, bool]], expected: int) -> None:
    assert combined(*((level, decisive, True) for level, decisive in pairs)) == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([(GREEN, True, True), (RED, False, False)], GREEN),  # green needs the essential ones only
        ([(GREEN, True, True), (UNKNOWN, False, False)], GREEN),  # what plays no part may be silent
        # green needs it not, but it may be red
        ([(GREEN, True, True), (UNKNOWN, True, False)], UNKNOWN),
        ([(GREEN, True, True), (YELLOW, True, False)], GREEN),
        ([(YELLOW, True, True), (RED, True, False)], RED),  # red in any makes it red
        # what plays no part does not make it stale
        ([(STALE, False, False), (UNKNOWN, True, True)], UNKNOWN),
    ],
)
def test_levels_combine_by_other_rules(parts: list[Part], expected: int) -> None:
    assert combined(*parts) == expected


def slow_combine(parts: list[Part]) -> int:
    """The obvious twin: try every level that what is missing might have; certain is what never
    changes.
    """
    tries = [(level,) if level < STALE else (RED, YELLOW, GREEN) for level, _, _ in parts]
    shown = set()
    for tried in product(*tries):
        both = list(zip(tried, parts, strict=True))
        if any(level == RED and decisive for level, (_, decisive, _) in both):
            shown.add(RED)
        elif all(level == GREEN for level, (_, _, needed) in both if needed):
            shown.add(GREEN)
        else:
            shown.add(YELLOW)
    if len(shown) == 1:
        return shown.pop()
    return (
        STALE
        if any(level == STALE and (decisive or needed) for level, decisive, needed in parts)
        else UNKNOWN
    )


PARTS = st.tuples(st.integers(0, 4), st.booleans(), st.booleans())


@settings(max_examples=150, deadline=None)
@given(
    st.lists(PARTS, min_size=1, max_size=5).filter(
        lambda parts: any(needed for _, _, needed in parts)
    )
)
def test_combining_agrees_with_the_obvious_twin(parts: list[Part]) -> None:
    assert combined(*parts) == slow_combine(parts)


def test_where_green_needs_nothing_nobody_is_green() -> None:
    assert combined((GREEN, False, False)) == UNKNOWN


@given(st.lists(st.integers(0, 4), max_size=60))
def test_counts_add_up_to_the_communes(of: list[int]) -> None:
    assert sum(levels.count_levels(np.array(of, dtype=np.int8)).values()) == len(of)
