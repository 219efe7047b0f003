"""Reports are made once per version of the data, for all who ask, and never of half a version."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from gc import collect
from pathlib import Path
from threading import Event
from weakref import ref

import pandas as pd
import pytest
from sqlalchemy import Engine

from dashboard import reference, store
from dashboard.indicators.throughput.periods import Period
from dashboard.reports import DataChanged, Reports, read_criteria
from dashboard.settings import ROOT, Settings
from dashboard.store import dossiers
from dashboard.store.readings import fetch_readings_of_province
from dashboard.web.documents.data_sources import tell_data_freshness
from dashboard.web.overview import state as overview_state
from dashboard.web.overview.state import fetch_state
from tests import making

DAY = date(2026, 11, 20)


def test_nothing_is_asked_of_the_store_again_until_data_change(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = store.open_store(settings.database_url)
    store.save_batch(
        engine, making.batch("a", readings=making.declaration("21250", DAY)), by="test"
    )
    reports = Reports(engine, read_criteria(ROOT / "data" / "criteria.toml"), Path("nowhere"))
    version = reports.version()
    first = fetch_state(reports, "51", DAY, DAY, version)
    monkeypatch.setattr(Reports, "_load", lambda *_: pytest.fail("the province was loaded again"))
    assert fetch_state(reports, "51", DAY, DAY, version) is first
    assert (
        fetch_state(reports, "51", date(2026, 11, 19), DAY, version)["layers"]["overall"]["counts"][
            "unknown"
        ]
        == 96
    )
    engine.dispose()


def test_an_older_version_stays_in_memory_only_for_questions_under_way(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def save(name: str) -> None:
        readings = making.declaration("21250", DAY)
        store.save_batch(engine, making.batch(name, readings=readings), by="test")

    save("a")
    reports = Reports(engine, read_criteria(ROOT / "data" / "criteria.toml"), Path("nowhere"))
    before = reports.version()
    loaded_before = reports.loaded("51", before)
    save("b")
    after = reports.version()
    loaded_after = reports.loaded("51", after)
    assert reports.loaded("51", before) is loaded_before, "who is at it finds it"
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 31)
    reports.version()
    assert reports.loaded("51", after) is loaded_after
    with pytest.raises(DataChanged):
        reports.loaded("51", before)


def test_open_dossiers_are_asked_once_for_all_periods_and_the_newest_period_needs_no_report(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = making.dossiers([{"unit": "21250", "first": DAY, "received": 5, "open": 3}])
    store.save_batch(engine, making.batch("a", dossiers=rows), by="test")
    reports = Reports(engine, read_criteria(ROOT / "data" / "criteria.toml"), Path("nowhere"))
    version = reports.version()
    days_asked: list[date] = []
    fetch_open_dossiers = dossiers.fetch_open_dossiers

    def count_questions(engine: Engine, province: str, day: date) -> pd.DataFrame:
        days_asked.append(day)
        return fetch_open_dossiers(engine, province, day)

    monkeypatch.setattr(dossiers, "fetch_open_dossiers", count_questions)
    newest_period = reports.newest_period("51", DAY, version)
    assert days_asked == []
    newest_report = reports.report("51", DAY, version)
    assert newest_report.snapshot.period == newest_period
    month_before = Period(date(2026, 10, 1), date(2026, 10, 31))
    other_report = reports.report("51", DAY, version, month_before)
    assert other_report.snapshot.opened is newest_report.snapshot.opened
    assert days_asked == [DAY]
    reports.report("51", date(2026, 11, 19), version)
    assert days_asked == [DAY, date(2026, 11, 19)]


def test_a_file_that_comes_between_two_questions_is_there_whole_or_not_at_all(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = Reports(engine, read_criteria(ROOT / "data" / "criteria.toml"), Path("nowhere"))
    coming, readings = (
        [making.batch("a", readings=making.declaration("21250", DAY))],
        fetch_readings_of_province,
    )

    def readings_and_then_a_file(asked: Engine, province: str) -> pd.DataFrame:
        before = readings(asked, province)
        if coming:
            store.save_batch(asked, coming.pop(), by="test")
        return before

    monkeypatch.setattr("dashboard.reports.fetch_readings_of_province", readings_and_then_a_file)
    version = reports.version()
    assert reports.loaded("51", version).sources.empty
    with pytest.raises(DataChanged):
        reports.report("51", DAY, version)
    coming.append(making.batch("b", readings=making.declaration("21025", DAY)))
    with store.hold_one_commit(engine):
        version = reports.version()
        state = fetch_state(reports, "51", DAY, DAY, version)
        assert len(reports.loaded("51", version).sources) == 1
        assert reports.version() == version
    assert state["layers"]["overall"]["counts"]["green"] == 1
    assert len(reports.loaded("51", reports.version()).sources) == 2
    engine.dispose()


def test_who_asks_while_files_come_and_go_gets_an_answer_and_the_newest_at_the_end(
    engine: Engine,
) -> None:
    criteria = read_criteria(ROOT / "data" / "criteria.toml")
    reports, over = Reports(engine, criteria, Path("nowhere")), Event()

    def ask() -> int:
        answers = 0
        while not over.is_set():
            with store.hold_one_commit(engine):
                assert fetch_state(reports, "51", DAY, DAY, reports.version())["failed"] == []
            answers += 1
        return answers

    def bring(name: str) -> int:
        rows = making.dossiers([{"unit": "21250", "first": DAY, "received": 5, "open": 3}])
        brought = making.batch(name, readings=making.declaration("21250", DAY), dossiers=rows)
        return store.save_batch(engine, brought, by="test").batch_id

    with ThreadPoolExecutor(4) as several:
        asking = [several.submit(ask), several.submit(ask)]
        for number in range(2):
            first, second = several.map(bring, [f"a{number}", f"b{number}"])  # two imports at once
            store.undo_batch(engine, first, by="test")
            assert first != second
        over.set()
        assert all(one.result(timeout=30) for one in asking)
    now = fetch_state(reports, "51", DAY, DAY, reports.version())
    assert now == fetch_state(
        Reports(engine, criteria, Path("nowhere")), "51", DAY, DAY, reports.version()
    )
    assert now["layers"]["overall"]["counts"]["green"] == 1


def test_the_frame_and_the_state_tell_the_same_age_and_the_frame_computes_no_state(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = store.open_store(settings.database_url)
    store.save_batch(
        engine, making.batch("a", readings=making.declaration("21250", DAY)), by="test"
    )
    reports = Reports(engine, read_criteria(ROOT / "data" / "criteria.toml"), Path("nowhere"))
    version = reports.version()
    state = fetch_state(reports, "51", DAY, DAY, version)
    monkeypatch.setattr(
        overview_state, "_make_state", lambda *_: pytest.fail("a state was computed")
    )
    said = tell_data_freshness(reports, "51", DAY, version)
    assert said == {name: state[name] for name in ("data_as_of", "data_time", "notice")}
    assert tell_data_freshness(reports, "51", date(2026, 11, 1), version)["data_as_of"] == ""
    engine.dispose()


def test_memory_holds_the_provinces_that_are_looked_at_not_all_that_ever_were(
    settings: Settings,
) -> None:
    engine = store.open_store(settings.database_url)
    store.save_batch(
        engine, making.batch("a", readings=making.declaration("21250", DAY)), by="test"
    )
    reports = Reports(engine, read_criteria(ROOT / "data" / "criteria.toml"), Path("nowhere"))
    version = reports.version()
    provinces = sorted(reference.load_province_names())[:9]
    held = []
    for province in provinces:
        held.append(ref(reports.report(province, DAY, version)))
        reports.list_moment(province, version)
    collect()
    alive = [province for province, report in zip(provinces, held, strict=True) if report()]
    assert alive == provinces[-6:]
    assert len(reports._shared_parts._futures) <= 3 * 6
    engine.dispose()
