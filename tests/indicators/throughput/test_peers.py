"""Peer groups: who is held against whom, and what is usual among them."""

from __future__ import annotations

import statistics

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.indicators.criteria import PeerFlag
from dashboard.indicators.throughput import ranking
from dashboard.indicators.throughput.rates import KNOWN, NO_ACTIVITY, UNKNOWN, RateFigures


def rates(pairs: list[tuple[int, int] | None]) -> RateFigures:
    """Rates from part and whole; None is not told."""
    part, total = (
        np.array([np.nan if pair is None else pair[k] for pair in pairs], dtype=np.float64)
        for k in (0, 1)
    )
    state = np.array(
        [UNKNOWN if pair is None else KNOWN if pair[1] else NO_ACTIVITY for pair in pairs],
        dtype=np.int8,
    )
    value = np.divide(part, total, out=np.full(len(pairs), np.nan), where=total > 0)
    return RateFigures(
        "on_time_766", part, total, value, state, np.zeros(len(pairs), dtype=np.bool_), True
    )


def test_kind_and_flags_make_the_group() -> None:
    communes = pd.DataFrame({"kind": ["xa", "phuong", "xa", "dac_khu"]}, index=["1", "2", "3", "4"])
    assert ranking.label_peer_groups(communes).tolist() == ["xa", "phuong", "xa", "dac_khu"]
    flags = [
        PeerFlag("mountainous", "Miền núi", ("3",)),
        PeerFlag("border", "Biên giới", ("3", "1")),
    ]
    assert ranking.label_peer_groups(communes, flags).tolist() == [
        "xa+border",
        "phuong",
        "xa+mountainous+border",
        "dac_khu",
    ]


def test_small_numbers_and_silence_do_not_move_the_median_but_their_dossiers_count() -> None:
    labels = np.array(["xa"] * 5, dtype=object)
    peers = rates([(80, 100), (90, 100), (1, 2), (0, 0), None])
    table = ranking.summarise_peer_groups(peers, labels, minimum=30).loc["xa"]
    assert (table["communes"], table["told"], table["median"]) == (5, 2, pytest.approx(0.85))
    assert (table["part"], table["whole"], table["state"]) == (171, 202, KNOWN)


def test_a_group_of_which_nobody_told_anything_has_no_median() -> None:
    table = ranking.summarise_peer_groups(
        rates([None, None]), np.array(["xa", "xa"], dtype=object), 1
    ).loc["xa"]
    assert np.isnan(table["median"])
    assert table["state"] == UNKNOWN


PAIR = st.one_of(
    st.none(), st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda p: (min(p), max(p)))
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["xa", "phuong"]), PAIR), min_size=1, max_size=12),
    st.integers(1, 10),
)
def test_figures_agree_with_a_slow_look_at_each_group(
    units: list[tuple[str, tuple[int, int] | None]], minimum: int
) -> None:
    labels = np.array([label for label, _ in units], dtype=object)
    table = ranking.summarise_peer_groups(rates([pair for _, pair in units]), labels, minimum)
    assert table["communes"].sum() == len(units)
    for label in {label for label, _ in units}:
        pairs = [pair for own, pair in units if own == label and pair is not None]
        values = [part / total for part, total in pairs if total >= minimum]
        row = table.loc[label]
        assert row["told"] == len(values)
        if values:
            assert row["median"] == pytest.approx(statistics.median(values))
            assert row["q1"] <= row["median"] <= row["q3"]
        total = sum(pair[1] for pair in pairs)
        assert (row["state"] == KNOWN) == (total > 0)
        if total:
            assert row["value"] == sum(pair[0] for pair in pairs) / total
