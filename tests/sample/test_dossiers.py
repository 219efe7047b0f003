"""Daily counts: the books balance on every row, and the days have their rhythm."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from dashboard import reference, sample
from dashboard.batch import COUNTS
from dashboard.sample.draw import flag_working_days, list_first_days

PROVINCES = ["51", "52", "25"]


def assert_balanced(row: pd.DataFrame) -> None:
    counts = [column for column in COUNTS if column != "received_other"]
    assert (row[counts] >= 0).all().all()
    assert (
        row["received"] == row["received_online"] + row["received_in_person"] + row["received_post"]
    ).all()
    assert (
        row["resolved"] == row["resolved_early"] + row["resolved_on_time"] + row["resolved_late"]
    ).all()
    assert (row["open"] == row["open_in_term"] + row["open_overdue"]).all()
    assert (
        row["carried_over"] + row["received"] == row["resolved"] + row["open"] + row["paused"]
    ).all()
    for part, total in [
        ("on_time_766", "received"),
        ("digitised", "received"),
        ("e_result", "resolved"),
    ]:
        assert (row[part] <= row[total]).all()
    assert (row["digitised"] >= row["received_online"]).all(), (
        "what is filed online needs no scanning"
    )
    assert (row["mean_days"].isna() == (row["resolved"] == 0)).all()


@pytest.mark.parametrize("province", PROVINCES)
def test_books_balance_on_every_row(dossiers: dict[str, pd.DataFrame], province: str) -> None:
    assert_balanced(dossiers[province])


# The first day, days inside the published sums of a week, two weeks and a month, a day off, a
# working day.
UNFINISHED = [
    date(2025, 7, 1),
    date(2025, 7, 4),
    date(2026, 2, 18),
    date(2026, 8, 17),
    date(2026, 11, 20),
]


@pytest.mark.parametrize("day", UNFINISHED)
def test_books_balance_while_the_day_is_unfinished(day: date) -> None:
    for batch in sample.simulate_batches(day):
        assert_balanced(batch.dossiers)


@pytest.mark.parametrize(
    ("province", "commune"), [("51", "21250"), ("52", "23584"), ("25", "04978"), ("25", "04792")]
)
def test_stocks_are_what_yesterday_left(
    dossiers: dict[str, pd.DataFrame], province: str, commune: str
) -> None:
    frame = dossiers[province]
    in_hand, day = 0.0, date(2025, 7, 1)
    for row in frame[
        (frame["accepting_unit"] == commune) & (frame["deciding_unit"] == commune)
    ].to_dict("records"):
        assert row["period_from"] == row["period_to"] == day
        assert row["carried_over"] == in_hand
        in_hand += row["received"] - row["resolved"]
        assert in_hand == row["open_in_term"] + row["open_overdue"] + row["paused"]
        day += timedelta(days=1)
    assert day == date(2026, 11, 23)


@pytest.mark.parametrize("province", PROVINCES)
def test_every_commune_has_a_row_every_day(
    dossiers: dict[str, pd.DataFrame], province: str
) -> None:
    frame = dossiers[province]
    own = frame[frame["accepting_unit"] == frame["deciding_unit"]]
    own = own[own["deciding_unit"].isin(reference.select_communes_of_province(province).index)]
    assert len(own) == len(reference.select_communes_of_province(province)) * 510


@pytest.mark.parametrize("province", PROVINCES)
def test_no_dossier_takes_longer_than_the_offices_exist(
    dossiers: dict[str, pd.DataFrame], province: str
) -> None:
    first_week = dossiers[province][dossiers[province]["period_to"] <= date(2025, 7, 7)]
    assert first_week["mean_days"].max() < 7


@pytest.mark.parametrize("province", PROVINCES)
def test_weekends_and_holidays_are_almost_empty(
    dossiers: dict[str, pd.DataFrame], province: str
) -> None:
    daily = dossiers[province].groupby("period_from")["received"].sum()
    days = list_first_days(len(daily))
    by_working = daily.groupby(flag_working_days(days)).mean()
    assert by_working[False] < 0.06 * by_working[True]
    for quiet in (
        date(2026, 1, 2),
        date(2026, 2, 18),
        date(2025, 9, 2),
        date(2026, 8, 31),
        date(2026, 3, 8),
    ):
        before = daily[[quiet - timedelta(days=back) for back in range(1, 15)]].max()
        assert daily[quiet] < 0.06 * before, quiet
    assert daily[date(2026, 1, 10)] > 0.4 * daily[date(2026, 1, 9)], "a Saturday worked instead"


def test_when_offices_are_closed_only_the_portal_receives(
    dossiers: dict[str, pd.DataFrame],
) -> None:
    frame = dossiers["51"]
    sunday = frame[frame["period_from"] == date(2026, 3, 8)]
    assert sunday["received"].sum() > 0
    assert (sunday["received_online"] == sunday["received"]).all()


@pytest.mark.parametrize("province", PROVINCES)
def test_volume_is_that_of_real_communes(dossiers: dict[str, pd.DataFrame], province: str) -> None:
    frame = dossiers[province]
    in_june = frame["period_from"].between(date(2026, 6, 1), date(2026, 6, 30))
    own = frame[
        in_june & frame["deciding_unit"].isin(reference.select_communes_of_province(province).index)
    ]
    sums = own.groupby("deciding_unit")["received"].sum()
    assert sums.between(150, 3_300).all()
    assert 500 < sums.median() < 1_200


def test_today_is_unfinished(dossiers: dict[str, pd.DataFrame]) -> None:
    friday = date(2026, 11, 20)
    finished = dossiers["51"]
    finished = finished[finished["period_from"] == friday]
    (unfinished,) = (
        b.dossiers
        for b in sample.simulate_batches(friday)
        if b.province_code == "51" and len(b.dossiers)
    )
    unfinished = unfinished[unfinished["period_from"] == friday]
    assert 0 < unfinished["received"].sum() < 0.3 * finished["received"].sum()
    assert unfinished["resolved"].sum() < 0.4 * finished["resolved"].sum()


def test_a_handful_of_dossiers_is_accepted_by_one_commune_and_decided_by_another(
    dossiers: dict[str, pd.DataFrame],
) -> None:
    for province, pairs in [("51", 3), ("52", 3), ("25", 0)]:
        frame = dossiers[province]
        apart = frame[frame["accepting_unit"] != frame["deciding_unit"]]
        assert len(apart.groupby(["accepting_unit", "deciding_unit"])) == pairs
        assert apart["received"].sum() < 0.01 * frame["received"].sum()
        assert not pairs or apart["period_from"].min() == date(2025, 9, 1)
