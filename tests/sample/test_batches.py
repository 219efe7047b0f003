"""The sample as a whole: always the same past, the right shape, the right rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pandas as pd
import pytest

from dashboard import reference, sample
from dashboard.batch import COUNTS, DOSSIER_COLUMNS, READING_COLUMNS, Batch
from dashboard.measures import DECLARED, MEASURES, PROMISED


def test_nothing_before_the_two_tier_government() -> None:
    assert list(sample.simulate_batches(date(2025, 6, 30))) == []


def test_the_same_day_gives_the_same_bytes(batches: list[Batch], today: date) -> None:
    again = list(sample.simulate_batches(today))
    assert [b.sha256 for b in again] == [b.sha256 for b in batches]
    assert len({b.sha256 for b in batches}) == len(batches)


@pytest.mark.parametrize(
    "earlier", [date(2025, 7, 1), date(2025, 7, 4), date(2026, 2, 20), date(2026, 8, 17)]
)
def test_past_does_not_change_when_today_moves_on(batches: list[Batch], earlier: date) -> None:
    for before, after in zip(sample.simulate_batches(earlier), batches, strict=True):
        kept = after.readings[after.readings["as_of"] <= earlier].reset_index(drop=True)
        key = ["as_of", "commune_code", "measure"]
        pd.testing.assert_frame_equal(
            before.readings.sort_values(key, ignore_index=True),
            kept.sort_values(key, ignore_index=True),
            check_dtype=False,
        )
        promised = after.follow_ups[after.follow_ups["promised_on"] <= earlier]
        withdrawn = ["withdrawn_on", "withdrawn_reason"]  # a later day may have done so
        pd.testing.assert_frame_equal(
            before.follow_ups.drop(columns=withdrawn), promised.drop(columns=withdrawn)
        )
        # The rows of `earlier` itself were unfinished then.
        past = before.dossiers[before.dossiers["period_to"] < earlier].reset_index(drop=True)
        then = after.dossiers[after.dossiers["period_to"] < earlier].reset_index(drop=True)
        pd.testing.assert_frame_equal(past, then, check_dtype=False)


def test_a_year_later_the_sample_still_works_and_keeps_this_past(
    batches: list[Batch], today: date
) -> None:
    later = list(sample.simulate_batches(date(2027, 12, 31)))
    for now, then in zip(batches, later, strict=True):
        past = then.dossiers[then.dossiers["period_to"] < today].reset_index(drop=True)
        pd.testing.assert_frame_equal(
            now.dossiers[now.dossiers["period_to"] < today].reset_index(drop=True),
            past,
            check_dtype=False,
        )


def test_no_row_is_after_today_or_before_the_first_day(batches: list[Batch], today: date) -> None:
    first = date(2025, 7, 1)
    for batch in batches:
        assert batch.as_of == datetime(2026, 11, 22, 8, 0)
        assert batch.origin == "simulated"
        for days in (
            batch.readings["as_of"],
            batch.dossiers["period_from"],
            batch.dossiers["period_to"],
        ):
            assert not len(days) or (days.min() >= first and days.max() <= today)
    assert {b.province_code for b in batches} == {"51", "52", "25"}


def test_rows_are_as_the_store_expects_them(batches: list[Batch]) -> None:
    rows = 0
    for batch in batches:
        communes = set(reference.select_communes_of_province(batch.province_code).index)
        assert list(batch.readings.columns) == READING_COLUMNS
        assert list(batch.dossiers.columns) == DOSSIER_COLUMNS
        assert set(batch.readings["commune_code"]) <= communes
        assert set(batch.readings["measure"]) <= set(DECLARED)
        assert not batch.readings.duplicated(["commune_code", "measure", "basis", "as_of"]).any()
        assert batch.readings["value"].notna().all()
        units = set(batch.dossiers["accepting_unit"]) | set(batch.dossiers["deciding_unit"])
        assert units <= communes | set(batch.agencies["agency_code"])
        assert not batch.dossiers.duplicated(
            ["accepting_unit", "deciding_unit", "period_from"]
        ).any()
        assert not batch.follow_ups["follow_up_id"].duplicated().any()
        assert set(batch.follow_ups["measure"]) <= set(PROMISED)
        assert batch.rows == sum(map(len, (batch.readings, batch.dossiers, batch.follow_ups)))
        rows += len(batch.readings)
    assert rows <= 300_000


def test_a_declaration_tells_every_measure(readings: dict[str, pd.DataFrame]) -> None:
    for frame in readings.values():
        declared = frame[frame["basis"] == "declared"]
        assert (
            declared.groupby(["commune_code", "as_of"])["measure"].nunique() == len(DECLARED)
        ).all()


def test_counts_are_whole_and_readings_in_range(readings: dict[str, pd.DataFrame]) -> None:
    for frame in readings.values():
        for measure, values in frame.groupby("measure")["value"]:
            value_type = MEASURES[str(measure)].type
            assert (values >= 0).all()
            if value_type == "flag":
                assert set(values) <= {0.0, 1.0}
            if value_type == "rating":
                assert set(values) <= {0.0, 1.0, 2.0}
            if value_type == "count":
                assert (values == values.round()).all()


def test_nobody_has_more_than_needed(readings: dict[str, pd.DataFrame]) -> None:
    for frame in readings.values():
        wide = frame.pivot_table(
            index=["commune_code", "as_of", "basis"], columns="measure", values="value"
        )
        for part, needed in [
            ("signature_issued", "signature_needed"),
            ("staff_present", "staff_planned"),
        ]:
            both = wide[[part, needed]].dropna()
            assert (both[part] <= both[needed]).all()
            assert (both[needed] > 0).all()


def test_who_is_not_silent_declares_again_before_the_declaration_is_stale(
    readings: dict[str, pd.DataFrame],
) -> None:
    for frame in readings.values():
        days = frame[frame["basis"] == "declared"].drop_duplicates(["commune_code", "as_of"])
        days = days.assign(as_of=pd.to_datetime(days["as_of"])).sort_values("as_of")
        gaps = days.groupby("commune_code")["as_of"].diff().dt.days.dropna()
        assert gaps.max() <= 24
        # The long gaps are those around Tết.
        assert (gaps > 21).mean() < 0.01


@pytest.mark.parametrize(
    ("province", "never", "stopped"), [("51", 4, 2), ("52", 4, 3), ("25", 0, 5)]
)
def test_a_few_communes_are_silent(
    levels: Callable[[str, date], dict[str, str]],
    today: date,
    province: str,
    never: int,
    stopped: int,
) -> None:
    commune_levels = list(levels(province, today).values())
    assert (commune_levels.count("unknown"), commune_levels.count("stale")) == (never, stopped)


@pytest.mark.parametrize(("province", "green"), [("51", 0.54), ("52", 0.60)])
def test_readiness_improves_and_ends_mixed(
    levels: Callable[[str, date], dict[str, str]], today: date, province: str, green: float
) -> None:
    size = len(reference.select_communes_of_province(province))

    def share(day: date, level: str) -> float:
        return list(levels(province, day).values()).count(level) / size

    curve = [share(day, "green") for day in (date(2025, 7, 5), date(2025, 8, 1), date(2025, 11, 1))]
    assert curve == sorted(curve)
    assert abs(share(today, "green") - green) < 0.05
    assert 0.14 < share(today, "yellow") < 0.26
    assert 0.10 < share(today, "red") < 0.20


def test_visits_of_the_last_90_days_contradict_a_few_declarations_in_every_province(
    readings: dict[str, pd.DataFrame], today: date
) -> None:
    for frame in readings.values():
        fresh = frame[pd.to_datetime(frame["as_of"]) >= pd.Timestamp(today) - pd.Timedelta(days=90)]
        latest = (
            fresh.sort_values("as_of").groupby(["basis", "commune_code", "measure"])["value"].last()
        )
        both = pd.concat(
            {basis: latest[basis] for basis in ("declared", "verified")}, axis=1, join="inner"
        )
        worse = both[both["verified"] < both["declared"]].drop("network_mbps", level="measure")
        communes = worse.index.get_level_values("commune_code").nunique()
        assert 2 <= communes <= 20


def test_silent_communes_are_not_visited(readings: dict[str, pd.DataFrame]) -> None:
    for province, frame in readings.items():
        reported = set(frame.loc[frame["basis"] == "declared", "commune_code"])
        assert set(frame["commune_code"]) == reported, province


def test_counts_of_the_batch_frame_are_numbers(dossiers: dict[str, pd.DataFrame]) -> None:
    for frame in dossiers.values():
        assert (frame[COUNTS].dtypes == "float64").all()
        assert frame["received_other"].isna().all()
        assert frame[[c for c in COUNTS if c != "received_other"]].notna().all().all()
