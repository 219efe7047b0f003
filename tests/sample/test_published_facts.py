"""Every published figure, computed again from the sample's rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from dashboard import reference, sample
from dashboard.batch import Batch
from dashboard.sample import PublishedFact
from dashboard.sample.facts import PROGRESS_FILE, read_progress_rows

FACTS = {fact.id: fact for fact in sample.PUBLISHED_FACTS}
MODELLED = [fact.id for fact in sample.PUBLISHED_FACTS if fact.modelled]


class Store:
    """The rows, asked as slowly and plainly as possible."""

    def __init__(
        self,
        dossiers: dict[str, pd.DataFrame],
        readings: dict[str, pd.DataFrame],
        resources: dict[str, pd.DataFrame],
        levels: Callable[[str, date], dict[str, str]],
    ) -> None:
        self.dossiers, self.readings, self.levels = dossiers, readings, levels
        self.resources = resources

    def given(self, fact: PublishedFact, topic: str, variant: str | None, column: str) -> float:
        rows = self.resources[fact.province]
        rows = rows[(rows["began_on"] >= fact.day_from) & (rows["began_on"] <= fact.day_to)]
        rows = rows[rows["topic"] == topic]
        return float(sum(rows[column][rows["variant"] == variant] if variant else rows[column]))

    def rows(self, fact: PublishedFact, *, communes_only: bool = False) -> pd.DataFrame:
        frame = self.dossiers[fact.province]
        frame = frame[(frame["period_from"] >= fact.day_from) & (frame["period_to"] <= fact.day_to)]
        if fact.commune:
            frame = frame[frame["deciding_unit"] == fact.commune]
        if communes_only:
            frame = frame[
                frame["deciding_unit"].isin(
                    reference.select_communes_of_province(fact.province).index
                )
            ]
        return frame

    def total(self, fact: PublishedFact, column: str) -> float:
        return float(self.rows(fact)[column].sum())

    def percent(self, fact: PublishedFact, part: str, total: str) -> float:
        return 100 * self.total(fact, part) / self.total(fact, total)

    def rank(self, fact: PublishedFact, figure: Callable[[pd.DataFrame], pd.Series]) -> float:
        """Place among all communes of the province; a shared place is an error."""
        everybody = self.rows(PublishedFact(**{**vars(fact), "commune": ""}), communes_only=True)
        sums = everybody.groupby("deciding_unit")[["received", "resolved", "e_result"]].sum()
        assert len(sums) == len(reference.select_communes_of_province(fact.province))
        values = figure(sums)
        own = values[fact.commune]
        assert (values == own).sum() == 1
        return float(1 + (values > own).sum())

    def per_commune(self, fact: PublishedFact) -> pd.DataFrame:
        return (
            self.rows(fact, communes_only=True)
            .groupby("deciding_unit")[["received", "on_time_766"]]
            .sum()
        )

    def rates(self, fact: PublishedFact) -> pd.Series:
        sums = self.per_commune(fact)
        return 100 * sums["on_time_766"] / sums["received"]

    def last(self, province: str, measure: str, basis: str, day: date) -> pd.Series:
        frame = self.readings[province]
        frame = frame[
            (frame["measure"] == measure) & (frame["basis"] == basis) & (frame["as_of"] <= day)
        ]
        return frame.sort_values("as_of").groupby("commune_code")["value"].last()

    def green(self, fact: PublishedFact) -> float:
        by_rule = sum(
            level == "green" for level in self.levels(fact.province, fact.day_to).values()
        )
        by_self_rating = int(
            (self.last(fact.province, "self_rating", "declared", fact.day_to) == 2).sum()
        )
        assert by_rule == by_self_rating
        return by_rule


FIGURES: dict[str, Callable[[Store, PublishedFact], float]] = {
    "phu_tho_green_2025_07_13": Store.green,
    "phu_tho_green_2025_07_31": lambda store, fact: 100 * store.green(fact) / 148,
    "kim_boi_received": lambda store, fact: store.total(fact, "received"),
    "kim_boi_digitised": lambda store, fact: store.percent(fact, "digitised", "received"),
    "kim_boi_overdue": lambda store, fact: (
        store.total(fact, "resolved_late") + store.total(fact, "open_overdue")
    ),
    "gia_lai_received": lambda store, fact: store.total(fact, "received"),
    "gia_lai_received_communes": lambda store, fact: float(
        store.rows(fact, communes_only=True)["received"].sum()
    ),
    "ia_hrung_received": lambda store, fact: store.total(fact, "received"),
    "ia_hrung_rank": lambda store, fact: store.rank(fact, lambda sums: sums["received"]),
    "ia_hrung_online": lambda store, fact: store.percent(fact, "received_online", "received"),
    "ia_hrung_digitised": lambda store, fact: store.percent(fact, "digitised", "received"),
    "thong_nhat_rank_resolved": lambda store, fact: store.rank(fact, lambda sums: sums["resolved"]),
    "thong_nhat_rank_e_result": lambda store, fact: store.rank(
        fact, lambda sums: sums["e_result"] / sums["resolved"]
    ),
    "thong_nhat_e_result": lambda store, fact: store.percent(fact, "e_result", "resolved"),
    "nghia_giang_day_one": lambda store, fact: store.total(fact, "received"),
    "quang_ngai_certificates_issued": lambda store, fact: store.given(
        fact, "certificate", "issue", "done"
    ),
    "quang_ngai_certificates_changed": lambda store, fact: store.given(
        fact, "certificate", "change", "done"
    ),
    "quang_ngai_devices_unlocked": lambda store, fact: store.given(
        fact, "certificate", "unlock", "done"
    ),
    "quang_ngai_trained": lambda store, fact: store.given(fact, "training", None, "done"),
    "quang_ngai_seconded": lambda store, fact: store.given(fact, "secondment", None, "quantity"),
    "phu_tho_2026_08_received": lambda store, fact: store.total(fact, "received"),
    "phu_tho_2026_08_on_time": lambda store, fact: store.total(fact, "on_time_766"),
    "phu_tho_2026_08_on_time_rate": lambda store, fact: store.percent(
        fact, "on_time_766", "received"
    ),
    "phu_tho_2026_08_received_least": lambda store, fact: store.per_commune(fact)["received"].min(),
    "phu_tho_2026_08_received_most": lambda store, fact: store.per_commune(fact)["received"].max(),
    "phu_tho_2026_08_rate_least": lambda store, fact: store.rates(fact).min(),
    "phu_tho_2026_08_rate_most": lambda store, fact: store.rates(fact).max(),
}


@pytest.fixture(scope="session")
def store(
    batches: list[Batch],
    dossiers: dict[str, pd.DataFrame],
    readings: dict[str, pd.DataFrame],
    levels: Callable[[str, date], dict[str, str]],
) -> Store:
    resources = {batch.province_code: batch.resources for batch in batches if len(batch.resources)}
    return Store(dossiers, readings, resources, levels)


def test_every_modelled_fact_is_computed_again_and_every_other_says_why_not() -> None:
    assert set(FIGURES) == set(MODELLED)
    assert all(fact.source and fact.figure for fact in FACTS.values())
    assert all(fact.computed and fact.notice for fact in FACTS.values() if fact.modelled)
    assert all(fact.why_not and fact.remark for fact in FACTS.values() if not fact.modelled)


@pytest.mark.parametrize("name", MODELLED)
def test_published_figure_comes_out_of_the_sample(store: Store, name: str) -> None:
    fact = FACTS[name]
    figure = FIGURES[name](store, fact)
    if fact.relation == "over":
        # "Over 11,000" is not said of 12,000.
        assert fact.value < figure < fact.value * 1.1
    elif fact.relation == "rounded":
        digits = len(str(fact.value).partition(".")[2])
        assert round(figure, digits) == fact.value
    else:
        assert fact.relation == "exactly"
        assert figure == fact.value


def test_thong_nhat_is_first_by_number_of_electronic_results_too(store: Store) -> None:
    assert store.rank(FACTS["thong_nhat_rank_e_result"], lambda sums: sums["e_result"]) == 1


def test_three_communes_of_phu_tho_had_not_reported_by_13_july_and_all_had_by_31_july(
    store: Store,
) -> None:
    assert list(store.levels("25", date(2025, 7, 13)).values()).count("unknown") == 3
    assert set(store.levels("25", date(2025, 7, 31)).values()) == {"green"}


def test_phu_tho_rates_itself_green_ever_after_while_the_rule_finds_yellow_and_red(
    store: Store, today: date
) -> None:
    later = store.readings["25"]
    later = later[(later["measure"] == "self_rating") & (later["as_of"] >= date(2025, 7, 31))]
    assert set(later["value"]) == {2.0}
    assert {"yellow", "red", "stale"} < set(store.levels("25", today).values())


def test_on_13_july_some_communes_of_phu_tho_declare_an_unstable_line_or_too_few_signatures(
    store: Store,
) -> None:
    day = date(2025, 7, 13)
    needed = store.last("25", "signature_needed", "declared", day)
    issued = store.last("25", "signature_issued", "declared", day)
    assert (issued < needed).any()
    assert (store.last("25", "network_stable", "declared", day) == 0).any()


def test_trouble_with_dossiers_on_day_one_is_no_line_fault(store: Store) -> None:
    stable = store.last("51", "network_stable", "verified", date(2025, 7, 1))
    assert len(stable) == 24
    assert (stable == 1).all()
    received = store.dossiers["51"]
    received = received[received["period_from"] == date(2025, 7, 1)].set_index("deciding_unit")
    assert (received.loc[stable.index, "received"] < 17).all()


def test_what_cannot_be_reproduced_is_not_told_as_reproduced() -> None:
    for name in ("kim_boi_e_result", "quang_ngai_troubled_day_one", "phu_tho_declared_2025_07_13"):
        assert not FACTS[name].modelled
    assert "trục trặc" not in sample.write_notice()


def test_every_agency_of_august_2026_has_exactly_its_published_figures(store: Store) -> None:
    rows = store.rows(FACTS["phu_tho_2026_08_received"])
    published = read_progress_rows()
    assert len(published) == 163
    seen = 0
    for agency in published.itertuples():
        unit = agency.agency_code if pd.isna(agency.commune_code) else agency.commune_code
        own = rows[rows["deciding_unit"] == unit]
        assert own["received"].sum() == agency.received, unit
        assert own["on_time_766"].sum() == agency.on_time, unit
        if agency.received:
            seen += len(own)
            means = own["mean_days"].dropna()
            assert (means - agency.avg_days).abs().max() < 1e-9, unit
    assert seen == len(rows), "rows of a unit that the list does not know"


def test_published_file_is_the_one_that_was_published(shared: Path) -> None:
    assert PROGRESS_FILE.read_bytes() == (shared / "published" / PROGRESS_FILE.name).read_bytes()
    (file,) = sample.list_published_files()
    assert file.path == PROGRESS_FILE
    assert (file.province, file.period) == ("25", (date(2026, 8, 1), date(2026, 8, 31)))


def test_notice_names_what_is_not_simulated() -> None:
    assert sample.write_notice("25").startswith("Số liệu mô phỏng, trừ ")
    assert "76/148" in sample.write_notice("25")
    assert "Nghĩa Giang" in sample.write_notice("51")
    assert "Kim Bôi" not in sample.write_notice("51")
    assert all(name in sample.write_notice() for name in ("Phú Thọ", "Gia Lai", "Quảng Ngãi"))
