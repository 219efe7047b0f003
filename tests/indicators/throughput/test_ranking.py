"""Ranking: a place is earned by evidence, shared by equals, and never won by silence."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import sources
from dashboard.indicators.throughput.ranking import (
    Z_95,
    compute_wilson_interval,
    rank_counts,
    rank_rates,
)

MINIMUM = 30
NAN = math.nan
# Few values, so that ties, silence and nothing at all are frequent.
PAIRS = st.sampled_from(
    [(NAN, NAN), (NAN, 50.0), (3.0, NAN), (0.0, 0.0), (5.0, 4.0), (2.0, 3.0), (29.0, 29.0)]
    + [
        (part, total)
        for total in (30.0, 60.0, 600.0)
        for part in (0.0, total / 2, total * 0.9, total)
    ]
)
COMMUNES = st.lists(st.tuples(PAIRS, st.sampled_from("xp")), max_size=12)
Rows = list[tuple[tuple[float, float], str]]


def ranked(rows: Rows, *, higher_is_better: bool = True) -> pd.DataFrame:
    part = pd.Series([pair[0] for pair, _ in rows], dtype="float64")
    total = pd.Series([pair[1] for pair, _ in rows], dtype="float64")
    group = pd.Series([name for _, name in rows])
    return rank_rates(part, total, group, MINIMUM, higher_is_better=higher_is_better)


def slow_wilson(part: float, total: float) -> tuple[float, float]:
    """The formula as it is written in textbooks."""
    if not (total > 0 and 0 <= part <= total):
        return NAN, NAN
    share, squared = part / total, Z_95**2 / total
    reach = Z_95 * math.sqrt(share * (1 - share) / total + squared / (4 * total))
    ends = [(share + squared / 2 + sign * reach) / (1 + squared) for sign in (-1, 1)]
    return (0.0 if part == 0 else ends[0]), (1.0 if part == total else ends[1])


def slow_ranks(rows: Rows, higher_is_better: bool) -> list[dict[str, Any]]:
    """One commune after the other, each compared with every other of its group."""
    ranks: list[dict[str, Any]] = []
    for (part, total), group in rows:
        lower, upper = slow_wilson(part, total)
        state = "ranked" if total >= MINIMUM else "too_few"
        if math.isnan(lower):
            state = "no_activity" if total == 0 and not part > 0 else "unknown"
        ranks.append(
            {
                "group": group,
                "state": state,
                "lower": lower,
                "upper": upper,
                "n": total,
                "place": NAN,
            }
        )
    for rank_row in ranks:
        others = [other for other in ranks if other["group"] == rank_row["group"]]
        rank_row["group_size"] = len(others)
        others = [other for other in others if other["state"] == "ranked"]
        rank_row["ranked"] = len(others)
        if rank_row["state"] != "ranked":
            rank_row["place_from"] = rank_row["place_to"] = NAN
            continue
        near, far = ("lower", "upper") if higher_is_better else ("upper", "lower")
        sign = 1 if higher_is_better else -1
        rank_row["place"] = 1 + sum(
            sign * (other[near] - rank_row[near]) > 1e-12 for other in others
        )
        rank_row["place_from"] = 1 + sum(
            sign * (other[near] - rank_row[far]) > 1e-12 for other in others
        )
        rank_row["place_to"] = len(others) - sum(
            sign * (other[far] - rank_row[near]) < -1e-12 for other in others
        )
    return ranks


@pytest.mark.parametrize("n", [1, 2, 30, 204, 2_971])
def test_the_interval_is_wilsons(n: int) -> None:
    # here: loading it takes a second of every process that collects tests
    from scipy.stats import binomtest

    parts = sorted({0, 1, n // 3, n - 1, n})
    lower, upper = compute_wilson_interval(parts, [n] * len(parts))
    for number, part in enumerate(parts):
        expected = binomtest(part, n).proportion_ci(0.95, method="wilson")
        assert (lower[number], upper[number]) == pytest.approx(
            (expected.low, expected.high), abs=1e-12
        )


def test_no_share_of_nothing_of_the_unknown_and_of_what_cannot_be() -> None:
    lower, upper = compute_wilson_interval([0, NAN, 3, 5, -1], [0, 10, NAN, 4, 10])
    assert np.isnan(lower).all()
    assert np.isnan(upper).all()


@settings(max_examples=40, deadline=None)
@given(COMMUNES, st.booleans())
def test_ranks_agree_with_comparing_each_with_each(rows: Rows, higher_is_better: bool) -> None:
    ranks, expected = (
        ranked(rows, higher_is_better=higher_is_better),
        slow_ranks(rows, higher_is_better),
    )
    for name in ("state", "ranked", "group_size"):
        assert ranks[name].tolist() == [rank_row[name] for rank_row in expected]
    for name in ("n", "lower", "upper", "place", "place_from", "place_to"):
        assert ranks[name].tolist() == pytest.approx(
            [rank_row[name] for rank_row in expected], nan_ok=True, abs=1e-12
        )


@settings(max_examples=20, deadline=None)
@given(COMMUNES, st.booleans(), st.randoms())
def test_the_order_of_the_rows_changes_nothing(
    rows: Rows, higher_is_better: bool, chance: Any
) -> None:
    order = list(range(len(rows)))
    chance.shuffle(order)
    mixed = ranked([rows[number] for number in order], higher_is_better=higher_is_better)
    straight = ranked(rows, higher_is_better=higher_is_better).iloc[order].reset_index(drop=True)
    pd.testing.assert_frame_equal(mixed, straight)


@settings(max_examples=20, deadline=None)
@given(
    COMMUNES, st.sampled_from([(NAN, NAN), (0.0, 0.0), (NAN, 500.0), (20.0, 20.0)]), st.booleans()
)
def test_a_silent_or_tiny_commune_has_no_place_and_moves_nobody(
    rows: Rows, silent: tuple[float, float], higher_is_better: bool
) -> None:
    before = ranked(rows, higher_is_better=higher_is_better)
    after = ranked([*rows, (silent, "x")], higher_is_better=higher_is_better)
    assert math.isnan(after["place"].iloc[-1])
    kept = [name for name in before if name != "group_size"]
    pd.testing.assert_frame_equal(after.iloc[:-1][kept], before[kept])


@settings(max_examples=20, deadline=None)
@given(COMMUNES.filter(bool), st.integers(0, 11), st.booleans())
def test_falling_silent_never_improves_a_place(
    rows: Rows, who: int, higher_is_better: bool
) -> None:
    who %= len(rows)
    silent = [
        ((NAN, NAN), group) if number == who else (pair, group)
        for number, (pair, group) in enumerate(rows)
    ]
    assert math.isnan(ranked(silent, higher_is_better=higher_is_better)["place"].iloc[who])


@settings(max_examples=20, deadline=None)
@given(COMMUNES, st.booleans())
def test_the_place_lies_in_the_range_that_the_intervals_leave_open(
    rows: Rows, higher_is_better: bool
) -> None:
    ranks = ranked(rows, higher_is_better=higher_is_better).dropna(subset="place")
    assert (ranks["place_from"] <= ranks["place"]).all()
    assert (ranks["place"] <= ranks["place_to"]).all()
    assert (ranks["place_to"] <= ranks["ranked"]).all()


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 500), st.integers(0, 500), st.integers(2, 50))
def test_more_evidence_at_the_same_rate_never_lowers_the_bound(
    n: int, part: int, times: int
) -> None:
    part = min(part, n)
    lower, upper = compute_wilson_interval([part, part * times], [n, n * times])
    assert lower[0] <= lower[1] <= upper[1] <= upper[0]


def test_equals_share_a_place_and_the_next_is_left_out() -> None:
    rows = [
        ((54.0, 60.0), "x"),
        ((60.0, 60.0), "x"),
        ((54.0, 60.0), "x"),
        ((30.0, 60.0), "x"),
        ((30.0, 60.0), "p"),
    ]
    assert ranked(rows)["place"].tolist() == [2, 1, 2, 4, 1]


def test_where_less_is_better_few_dossiers_without_delay_do_not_lead() -> None:
    rows = [((0.0, 40.0), "x"), ((12.0, 2_000.0), "x"), ((100.0, 400.0), "x")]
    assert ranked(rows, higher_is_better=False)["place"].tolist() == [2, 1, 3]


def test_counts_are_ranked_as_newspapers_do_and_silence_has_no_place() -> None:
    count = pd.Series([200.0, NAN, 350.0, 200.0, 0.0], index=list("abcde"))
    ranks = rank_counts(count)
    assert ranks["place"].tolist() == pytest.approx([2, NAN, 1, 2, 4], nan_ok=True)
    assert ranks["of"].tolist() == [4] * 5, "of those that told it"
    assert rank_counts(count, pd.Series(list("xxppp"), index=count.index))["of"].tolist() == [
        1,
        1,
        3,
        3,
        3,
    ]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([NAN, 0.0, 1.0, 7.0, 8.0]), st.sampled_from("xp")), max_size=12
    )
)
def test_ranks_of_counts_agree_with_counting_who_has_more(rows: list[tuple[float, str]]) -> None:
    count, group = (
        pd.Series([row[number] for row in rows], dtype=dtype)
        for number, dtype in enumerate(("float64", "object"))
    )
    ranks = rank_counts(count, group)
    places = [
        NAN if own != own else 1 + sum(o > own for o, g in rows if g == name) for own, name in rows
    ]
    assert ranks["place"].tolist() == pytest.approx(places, nan_ok=True)
    assert ranks["of"].tolist() == [sum(g == name and o == o for o, g in rows) for _, name in rows]


def test_tan_pheo_does_not_outrank_far_more_evidence(shared: Path) -> None:
    batch = sources.read_file(
        shared / "published" / "phu_tho_2026-08_progress.csv", today=date(2026, 11, 22)
    )
    counts = batch.dossiers.set_index("deciding_unit")
    learned = batch.agencies.dropna(subset="commune_code").set_index("commune_code")
    communes = counts.loc[learned.index]
    everyone = pd.Series("all", index=communes.index)
    ranks = rank_rates(communes["on_time_766"], communes["received"], everyone, MINIMUM)
    tan_pheo = ranks.loc[learned["name"].str.contains("Tân Pheo")].iloc[0]
    assert (len(ranks), tan_pheo["n"], tan_pheo["ranked"]) == (148, 204, 148)
    rivals = ranks[ranks["n"] >= 2 * tan_pheo["n"]]
    outranked = rivals["place"] > tan_pheo["place"]
    assert (outranked == (rivals["lower"] < tan_pheo["lower"])).all()
    assert (tan_pheo["place"], tan_pheo["place_from"], tan_pheo["place_to"]) == (3, 1, 14), (
        "and how sure that is"
    )
    an_binh, pa_co = ranks.loc["05425"], ranks.loc["05212"]
    assert an_binh["rate"] < pa_co["rate"]
    assert an_binh["place"] < pa_co["place"], "813 dossiers at 95,3% prove more than 357 at 96,1%"
