"""The list of weak communes: who comes on it, who leaves it, by what evidence; held against a slow
walk through the days.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from dashboard.batch import READING_COLUMNS, WEAK_ENTRY_COLUMNS
from dashboard.indicators.field.weak_list import WeakList, build_weak_list
from dashboard.indicators.levels import GREEN, RED, STALE, UNKNOWN, YELLOW
from dashboard.indicators.readiness.history import History

FIRST = date(2026, 1, 1)
CODES = ["21001", "21002", "21003"]
LETTERS = {"R": RED, "Y": YELLOW, "G": GREEN, "S": STALE, "U": UNKNOWN}


def list_of(
    levels: list[str],
    bases: dict[tuple[int, int], str],
    entries: list[tuple[object, ...]] | None = None,
) -> WeakList:
    """`levels`: a word of letters a commune; `told`: (commune, day) to the basis."""
    days = [FIRST + timedelta(days=n) for n in range(len(levels[0]))]
    rows = [
        (CODES[commune], "network_stable", 1.0, basis, pd.Timestamp(days[day]))
        for (commune, day), basis in bases.items()
    ]
    frame = pd.DataFrame(rows, columns=READING_COLUMNS)
    history = History(frame.astype({"as_of": "datetime64[s]"}), CODES[: len(levels)])
    overall = np.array([[LETTERS[letter] for letter in word] for word in levels], dtype=np.int8)
    return build_weak_list(
        history, overall, days, pd.DataFrame(entries or [], columns=WEAK_ENTRY_COLUMNS)
    )


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def test_a_red_commune_leaves_by_what_somebody_told_and_not_by_silence() -> None:
    bases = {(0, 1): "declared", (0, 6): "declared"}
    ended = list_of(["GRRSUYYY"], bases).ended
    # on day 5 its level was better, but nobody had told anything: an old finding had run out
    assert [(span.listed_on, span.left_on, span.left_by) for span in ended] == [
        (day(1), day(6), "declaration")
    ]


def test_a_visit_that_found_it_better_is_the_evidence_and_visits_are_counted() -> None:
    (span,) = list_of(["RRRG"], {(0, 1): "verified", (0, 3): "verified"}).ended
    assert (span.left_by, span.left_level) == ("visit", "green")
    assert span.visits == (day(1), day(3))


def test_a_coordinator_puts_on_and_takes_off_with_a_reason() -> None:
    entry = ("a", CODES[0], "decision", pd.Timestamp(day(1)), "chưa ổn định", None, None, "Sở")
    listed = list_of(["GGGG"], {}, [entry]).listed
    assert [(span.basis, span.reason, span.left_on) for span in listed] == [
        ("decision", "chưa ổn định", None)
    ]
    off = (*entry[:5], pd.Timestamp(day(2)), "đã ổn định", "Sở")
    ended = list_of(["GGGG"], {}, [off]).ended
    assert [(span.left_by, span.left_reason) for span in ended] == [("decision", "đã ổn định")]


def test_a_stay_by_the_rule_that_a_coordinator_ended_begins_again_only_with_another_red() -> None:
    off = (
        *("b", CODES[0], "rule", pd.Timestamp(day(0)), None),
        *(pd.Timestamp(day(2)), "nhập sai", "Sở"),
    )
    listed = list_of(["RRRRRGR"], {(0, 5): "declared"}, [off])
    assert [span.left_by for span in listed.ended] == ["decision"]
    assert [span.listed_on for span in listed.listed] == [day(6)]


def test_a_month_counts_communes_and_not_stays() -> None:
    entry = ("a", CODES[0], "decision", pd.Timestamp(day(0)), "", None, None, "")
    (month,) = list_of(["RRRG"], {(0, 3): "declared"}, [entry]).months
    assert (month.entered, month.left, month.listed) == (1, 0, 1)


@given(
    st.lists(st.text("RYGSU", min_size=12, max_size=12), min_size=1, max_size=3),
    st.dictionaries(
        st.tuples(st.integers(0, 2), st.integers(0, 11)),
        st.sampled_from(["declared", "verified"]),
        max_size=20,
    ),
)
def test_the_fast_way_and_the_slow_walk_agree(
    levels: list[str], bases: dict[tuple[int, int], str]
) -> None:
    bases = {key: basis for key, basis in bases.items() if key[0] < len(levels)}
    weak_list = list_of(levels, bases)
    slow: list[tuple[int, date, date | None]] = []
    months = [0, 0, 0]
    for commune, word in enumerate(levels):
        begun: int | None = None
        for number, letter in enumerate(word):
            if begun is None and letter == "R":
                begun = number
                months[0] += 1
            elif begun is not None and letter in "YG" and (commune, number) in bases:
                slow.append((commune, day(begun), day(number)))
                begun = None
                months[1] += 1
        if begun is not None:
            slow.append((commune, day(begun), None))
            months[2] += 1
    spans = [
        (span.position, span.listed_on, span.left_on)
        for span in (*weak_list.listed, *weak_list.ended)
    ]
    assert sorted(spans, key=str) == sorted(slow, key=str)
    (month,) = weak_list.months
    assert [month.entered, month.left, month.listed] == months
