"""What peers have of a criterion: silence counts as a peer and is in no median."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import median

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.indicators.readiness import assessment
from dashboard.indicators.readiness.history import History
from dashboard.indicators.readiness.peer_criteria import compare_peer_criteria
from dashboard.reports import read_criteria
from dashboard.settings import ROOT
from tests import making

DAY = date(2026, 11, 13)
CODES = ("21025", "21028", "21034", "21040")
CRITERIA = read_criteria(ROOT / "data" / "criteria.toml")


def assessed(*frames: pd.DataFrame) -> assessment.Readiness:
    joined = pd.concat(frames) if frames else making.readings([])
    history = History(joined.assign(as_of=pd.to_datetime(joined["as_of"])), CODES)
    return assessment.assess_readiness(history, CRITERIA, DAY)


def test_who_is_silent_or_out_of_date_is_a_peer_without_a_value() -> None:
    readiness = assessed(
        making.declaration("21025", DAY, network_mbps=40),
        making.declaration("21028", DAY, network_mbps=60),
        making.declaration("21034", DAY - timedelta(days=90), network_mbps=1),
    )
    speed = compare_peer_criteria(readiness, np.ones(4, dtype=np.bool_))["network_speed"]
    assert (speed.communes, speed.in_date, speed.green, speed.median) == (4, 2, 1, 50)


def test_nobody_known_has_no_median() -> None:
    speed = compare_peer_criteria(assessed(), np.ones(4, dtype=np.bool_))["network_speed"]
    assert (speed.in_date, speed.green) == (0, 0)
    assert np.isnan(speed.median)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.integers(0, 120)), min_size=4, max_size=4),
    st.lists(st.booleans(), min_size=4, max_size=4),
)
def test_the_figures_agree_with_a_plain_count(speeds: list[int | None], chosen: list[bool]) -> None:
    declared = [
        making.declaration(code, DAY, network_mbps=v)
        for code, v in zip(CODES, speeds, strict=True)
        if v is not None
    ]
    compared = compare_peer_criteria(assessed(*declared), np.array(chosen))["network_speed"]
    own = [speed for speed, is_peer in zip(speeds, chosen, strict=True) if is_peer]
    peer_speeds = [speed for speed in own if speed is not None]
    assert (compared.communes, compared.in_date) == (len(own), len(peer_speeds))
    assert compared.green == sum(speed >= 50 for speed in peer_speeds)
    assert compared.median == (
        pytest.approx(median(peer_speeds)) if peer_speeds else pytest.approx(np.nan, nan_ok=True)
    )
