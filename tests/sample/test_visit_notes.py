"""What teams of the sample wrote: short where something was short, mended where it no longer is."""

from __future__ import annotations

from datetime import date

from dashboard.batch import VISIT_MENDED, Batch
from dashboard.sample import simulate_batches
from dashboard.sample.readings import VERIFIED_MEASURES

TODAY = date(2026, 3, 1)


def find_visits(province: str) -> Batch:
    others = {"51", "52", "25"} - {province}
    return next(batch for batch in simulate_batches(TODAY, others) if len(batch.visits))


def test_notes_are_of_visits_and_of_values_that_were_short_before() -> None:
    batch = find_visits("51")
    values = batch.readings.set_index(["commune_code", "as_of", "measure"])["value"]
    for note in batch.visits.itertuples():
        assert note.team, "a team went there"
        assert (note.commune_code, note.visited_on, "network_mbps") in values.index
        if note.measure:
            assert note.measure in VERIFIED_MEASURES
            assert note.note == VISIT_MENDED
    mended = batch.visits["measure"].notna()
    assert mended.any()
    assert (~mended).any()


def test_the_notes_of_past_days_stay_the_same() -> None:
    before = find_visits("51").visits
    later = next(
        batch for batch in simulate_batches(date(2026, 4, 1), {"52", "25"}) if len(batch.visits)
    ).visits
    kept = later[[day <= TODAY for day in later["visited_on"]]].reset_index(drop=True)
    assert kept.equals(before.reset_index(drop=True))
