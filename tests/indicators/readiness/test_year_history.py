"""The last twelve months: each week by the rules and the knowledge of its own day, ending with the
report's own.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.indicators import levels
from dashboard.indicators.readiness import assessment
from dashboard.indicators.readiness.history import History
from dashboard.indicators.readiness.levels_over_time import collect_year_history
from dashboard.reference import FIRST_DAY
from dashboard.reports import read_criteria
from dashboard.settings import ROOT
from tests import making

DAY = date(2026, 11, 13)
CODES = ("21025", "21028")
CRITERIA = read_criteria(ROOT / "data" / "criteria.toml")


def history(*frames: pd.DataFrame) -> History:
    joined = pd.concat(frames) if frames else making.readings([])
    return History(joined.assign(as_of=pd.to_datetime(joined["as_of"])), CODES)


def test_a_year_has_53_days_seven_apart_and_ends_today() -> None:
    days = collect_year_history(history(), CRITERIA, DAY).days
    assert len(days) == 53
    assert days[-1] == np.datetime64(DAY)
    assert set(np.diff(days).astype(int)) == {7}


def test_nothing_is_shown_of_the_time_before_the_communes_existed() -> None:
    days = collect_year_history(history(), CRITERIA, FIRST_DAY + timedelta(days=10)).days
    assert days.tolist() == [FIRST_DAY + timedelta(days=3), FIRST_DAY + timedelta(days=10)]
    assert collect_year_history(history(), CRITERIA, date(2025, 6, 1)).days.tolist() == [
        date(2025, 6, 1)
    ]


def test_a_value_too_old_to_count_leaves_a_gap() -> None:
    declared = making.declaration("21025", DAY - timedelta(days=63), network_mbps=12)
    speed = collect_year_history(history(declared), CRITERIA, DAY).value["network_speed"][0]
    assert speed[-10:-5].tolist() == [12] * 5
    assert np.isnan(speed[-5:]).all()
    assert np.isnan(speed[:-10]).all()


def test_a_criterion_that_was_not_in_force_has_no_value_then() -> None:
    young = [
        replace(criterion, valid_from=DAY) if criterion.code == "network_speed" else criterion
        for criterion in CRITERIA.criteria
    ]
    year = collect_year_history(
        history(making.declaration("21025", DAY - timedelta(days=8))),
        replace(CRITERIA, criteria=tuple(young)),
        DAY,
    )
    assert year.value["network_speed"][0, -2:].tolist()[1] == 120
    assert np.isnan(year.value["network_speed"][0, -2])
    assert year.level["network_speed"][0, -2:].tolist() == [levels.UNKNOWN, levels.GREEN]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(CODES),
            st.sampled_from(
                ["network_mbps", "network_stable", "signature_issued", "signature_needed"]
            ),
            st.integers(0, 60),
            st.sampled_from(["declared", "verified"]),
            st.integers(0, 120).map(lambda back: DAY - timedelta(days=back)),
        ),
        max_size=12,
        unique_by=lambda row: (row[0], row[1], row[3], row[4]),
    )
)
def test_every_week_agrees_with_the_assessment_of_its_own_day(
    rows: list[tuple[str, str, float, str, date]],
) -> None:
    readings = history(making.readings(rows))
    year = collect_year_history(readings, CRITERIA, DAY, weeks=10)
    for week, day in enumerate(year.days.tolist()):
        own = assessment.assess_readiness(readings, CRITERIA, day)
        assert year.overall[:, week].tolist() == own.overall[:, 0].tolist()
        for judged in own.assessments:
            shown = year.value[judged.criterion.code][:, week]
            for commune in range(len(CODES)):
                expected = float("nan") if judged.stale[commune, 0] else judged.value[commune, 0]
                assert shown[commune] == expected or (
                    np.isnan(shown[commune]) and np.isnan(expected)
                )
