"""The summaries of provinces say what the reports say, commune by commune, and are made anew only
for the province whose files changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine

from dashboard import reference, store
from dashboard.indicators.levels import LEVEL_NAMES
from dashboard.indicators.nation import SOURCES, ProvinceDigest
from dashboard.measures import MEASURES, PROBED
from dashboard.reports import Reports, read_criteria
from dashboard.settings import ROOT, Settings
from dashboard.store import provinces
from tests import making

DAY = date(2026, 11, 20)
CRITERIA = read_criteria(ROOT / "data" / "criteria.toml")


def _fill(engine: Engine) -> list[int]:
    """Three communes of Quảng Ngãi in all states, one of Phú Thọ; the numbers of the batches."""
    old = DAY - timedelta(days=60)
    verified = [("21205", "network_mbps", 12.0, "verified", DAY - timedelta(days=3))]
    probed = [("21548", "network_uptime", 0.98, "declared", DAY)]
    counted = [{"unit": "21250", "first": DAY, "received": 5, "open": 3}]
    certified = pd.DataFrame(
        [("21250", DAY, 4, 0, 0, 0, 0, 0)],
        columns=[
            "commune_code",
            "as_of",
            "active",
            "locked",
            "revoked",
            "expired",
            "expiring_30",
            "expiring_60",
        ],
    )
    batches = [
        making.batch("old", readings=making.declaration("21205", old, network_mbps=90)),
        making.batch("new", readings=making.declaration("21250", DAY)),
        making.batch("later", readings=making.declaration("21250", DAY, network_mbps=30)),
        making.batch("visit", file_kind="visits", readings=making.readings(verified)),
        making.batch("probes", file_kind="probe_log", readings=making.readings(probed)),
        making.batch("counts", file_kind="dossier_report", dossiers=making.dossiers(counted)),
        making.batch("lists", file_kind="certificates", certificates=certified),
        making.batch("far", "25", readings=making.declaration("04792", DAY)),
        making.batch(
            "tomorrow",
            "25",
            as_of=datetime(2026, 11, 21, 8),
            readings=making.declaration("04795", DAY + timedelta(days=1)),
        ),
    ]
    return [store.save_batch(engine, batch, by="test").batch_id for batch in batches]


@pytest.fixture
def reports(engine: Engine) -> Reports:
    return Reports(engine, CRITERIA, Path("nowhere"))


@pytest.fixture
def filled(settings: Settings) -> Iterator[Reports]:
    """Reports of a store on SQLite that holds all of that."""
    engine = store.open_store(settings.database_url)
    _fill(engine)
    yield Reports(engine, CRITERIA, Path("nowhere"))
    engine.dispose()


def _recompute_slowly(reports: Reports, province: str, day: date) -> ProvinceDigest:
    """The twin: the whole report of the province, looked at one commune after the other."""
    report = reports.report(province, day, reports.version())
    levels = dict.fromkeys(LEVEL_NAMES, 0)
    communes_told = dict.fromkeys(SOURCES, 0)
    days: list[date] = []
    history = report.snapshot.province_data.history
    counted = report.snapshot.reporting_days
    for number, code in enumerate(report.codes):
        levels[LEVEL_NAMES[report.readiness.assessment.overall[number, 0]]] += 1
        seen = set()
        for measure in MEASURES:
            for basis in ("declared", "verified"):
                commune_index, when, _ = history.readings(measure, basis)
                own = [moment.astype(object) for moment in when[commune_index == number]]
                until = [moment for moment in own if moment <= day]
                if until:
                    seen.add("probed" if measure in PROBED else basis)
                    days += until
        for row in counted[counted["commune_code"] == code].itertuples():
            counts = row.kind in ("dossiers", "dossier_report", "certificates")
            if counts and row.as_of.date() <= day:
                seen.add("certificates" if row.kind == "certificates" else "dossiers")
        for source in seen:
            communes_told[source] += 1
    told_sources = {source: count for source, count in communes_told.items() if count}
    return ProvinceDigest(
        province, len(report.codes), levels, told_sources, max(days, default=None), ()
    )


def _find(summaries: tuple[ProvinceDigest, ...], province: str) -> ProvinceDigest:
    return next(summary for summary in summaries if summary.province == province)


def test_a_summary_says_what_the_report_says_commune_by_commune(
    engine: Engine, reports: Reports
) -> None:
    batch_ids = _fill(engine)
    for day in (DAY, DAY - timedelta(days=1), DAY + timedelta(days=1)):
        summaries = reports.national.list_summaries(day, reports.version())
        for province in ("51", "25"):
            quick = _find(summaries, province)
            slow = _recompute_slowly(reports, province, day)
            assert (quick.units, quick.levels, quick.told, quick.as_of) == (
                slow.units,
                slow.levels,
                slow.told,
                slow.as_of,
            )
    before = _find(reports.national.list_summaries(DAY, reports.version()), "51")
    assert before.told == {
        "declared": 2,
        "verified": 1,
        "probed": 1,
        "dossiers": 1,
        "certificates": 1,
    }
    store.undo_batch(engine, batch_ids[2], by="test")
    after = _find(reports.national.list_summaries(DAY, reports.version()), "51")
    assert after.levels == _recompute_slowly(reports, "51", DAY).levels
    assert after.levels != before.levels


def test_a_province_without_files_is_unknown_and_has_no_day_nor_source(
    filled: Reports,
) -> None:
    reports = filled
    silent = _find(reports.national.list_summaries(DAY, reports.version()), "01")
    assert not silent.has_data
    assert silent.levels["unknown"] == silent.units == 126
    assert (silent.as_of, silent.files) == (None, ())


def test_a_file_of_one_province_makes_one_summary_anew(
    filled: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = filled
    reports.national.list_summaries(DAY, reports.version())
    asked_provinces: list[str] = []
    fetch = provinces.fetch_newest_readings

    def note(engine: Engine, province: str, until: date) -> pd.DataFrame:
        asked_provinces.append(province)
        return fetch(engine, province, until)

    monkeypatch.setattr(provinces, "fetch_newest_readings", note)
    reports.national.list_summaries(DAY, reports.version())
    assert asked_provinces == []
    more = making.batch("more", readings=making.declaration("21025", DAY))
    store.save_batch(reports.engine, more, by="test")
    summaries = reports.national.list_summaries(DAY, reports.version())
    assert asked_provinces == ["51"]
    assert _find(summaries, "51").told["declared"] == 3


def test_provinces_stand_from_north_to_south_whatever_they_told(filled: Reports) -> None:
    summaries = filled.national.list_summaries(DAY, filled.version())
    order = [summary.province for summary in summaries]
    assert order == sorted(reference.load_province_names())
