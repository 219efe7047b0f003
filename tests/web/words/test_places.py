"""A place is told with its uncertainty, and a missing place with its reason."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard.indicators.throughput.ranking import rank_counts, rank_rates
from dashboard.web.words.commune import format_count_rank, tell_rank

INDEX = ["a", "b", "c", "d", "e"]
PART = pd.Series([98.0, 790.0, 5.0, 0.0, None], index=INDEX)
WHOLE = pd.Series([100.0, 1000.0, 6.0, 0.0, None], index=INDEX)
RANKS = rank_rates(PART, WHOLE, pd.Series("xa", index=INDEX), 30)


@pytest.mark.parametrize(
    ("commune", "words"),
    [
        ("a", "hạng 1/2 xã"),
        ("b", "hạng 2/2 xã"),
        ("c", "không xếp hạng: chỉ 6 hồ sơ"),
        ("d", "không xếp hạng: không phát sinh"),
        ("e", "không xếp hạng"),
    ],
)
def test_a_place_or_why_there_is_none(commune: str, words: str) -> None:
    assert tell_rank(RANKS.loc[commune], "xã") == words


def test_places_that_the_evidence_leaves_open_are_told() -> None:
    near = rank_rates(
        pd.Series([90.0, 89.0]), pd.Series([100.0, 100.0]), pd.Series(["xa", "xa"]), 30
    )
    assert tell_rank(near.loc[0], "xã") == "hạng 1/2 xã (khoảng 1–2)"


def test_who_told_only_a_part_of_the_period_has_no_place() -> None:
    partial = rank_rates(
        PART, WHOLE, pd.Series("xa", index=INDEX), 30, partial=[True, False, False, False, False]
    )
    assert tell_rank(partial.loc["a"], "xã") == "không xếp hạng: chưa đủ kỳ"


def test_the_plain_place_is_of_those_that_told_it() -> None:
    assert format_count_rank(rank_counts(WHOLE).loc["b"]) == "1/4"
    assert format_count_rank(rank_counts(WHOLE).loc["e"]) == "chưa có dữ liệu"
