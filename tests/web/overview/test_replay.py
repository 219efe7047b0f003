"""A year of levels as letters and lengths: read back it is what it was, and it is small."""

from __future__ import annotations

import json
import re
from datetime import date

import brotli
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dashboard.web.overview.replay import encode_level_runs, encode_replay
from dashboard.web.words.explain import LETTERS


def read_back(written: str) -> str:
    return "".join(letter * int(times) for letter, times in re.findall(r"([a-z])(\d+)", written))


@given(arrays(np.int8, st.integers(0, 40), elements=st.integers(0, 4)))
def test_what_is_written_reads_back_the_same(level: np.ndarray) -> None:
    assert read_back(encode_level_runs(level)) == "".join(LETTERS[one] for one in level)


def test_only_layers_that_the_map_shows_travel() -> None:
    level = np.zeros((2, 3), dtype=np.int8)
    told = encode_replay(
        {"overall": level, "network": level, "staff": level}, ["1", "2"], date(2026, 1, 1)
    )
    assert set(told["layers"]) == {"overall", "network"}
    assert (told["first"], told["days"], told["layers"]["overall"]) == (
        "2026-01-01",
        3,
        ["r3", "r3"],
    )


def test_a_restless_year_of_a_large_province_stays_below_forty_kilobytes() -> None:
    random = np.random.default_rng(7)
    # Every commune changes its level every tenth day in each layer: far more than any province
    # does.
    layers = {
        name: np.repeat(random.integers(0, 5, (168, 37), dtype=np.int8), 10, axis=1)
        for name in ("overall", "network", "digital_signature", "devices")
    }
    codes = [f"{code:05d}" for code in range(168)]
    body = json.dumps(
        encode_replay(layers, codes, date(2026, 1, 1)), separators=(",", ":")
    ).encode()
    assert len(brotli.compress(body, quality=9)) <= 40_000
