"""Reports are made once per version of the data, for all who ask, and never of half a version."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from gc import collect
from pathlib import Path
from threading import Event
from typing import Any
from weakref import ReferenceType, ref

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Engine

from dashboard import reference, store
from dashboard.batch import SINGLE_COLUMNS
from dashboard.indicators.report import Report
from dashboard.indicators.throughput.periods import Period
from dashboard.reports import DataChanged, Reports, read_criteria
from dashboard.settings import ROOT, Settings
from dashboard.store import dossiers
from dashboard.store.readings import fetch_readings_of_province
from dashboard.web.api.report import fetch_report_json
from dashboard.web.documents.data_sources import tell_data_freshness
from dashboard.web.overview import state as overview_state
from dashboard.web.overview.state import fetch_state
from tests import making

DAY = date(2026, 11, 20)


@pytest.fixture
def one_declaration(settings: Settings) -> Iterator[Reports]:
    """The reports of a store in which one commune declared, on DAY."""
    engine = store.open_store(settings.database_url)
    store.save_batch(
        engine, making.batch("a", readings=making.declaration("21250", DAY)), by="test"
    )
    yield Reports(engine, read_criteria(ROOT / "data" / "criteria.toml"), Path("nowhere"))
    engine.dispose()


def test_nothing_is_asked_of_the_store_again_until_data_change(
    one_declaration: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = one_declaration.version()
    first = fetch_state(one_declaration, "51", DAY, DAY, version)
    monkeypatch.setattr(Reports, "_load", lambda *_: pytest.fail("the province was loaded again"))
    assert fetch_state(one_declaration, "51", DAY, DAY, version) is first
    day_before = fetch_state(one_declaration, "51", date(2026, 11, 19), DAY, version)
    assert day_before["layers"]["overall"]["counts"]["unknown"] == 96


def test_what_nobody_asks_for_goes_after_a_while_and_by_itself(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def save(name: str) -> None:
        readings = making.declaration("21250", DAY)
        store.save_batch(engine, making.batch(name, readings=readings), by="test")

    monkeypatch.setattr("dashboard.reports._SWEEP_SECONDS", 0.05)
    save("a")
    reports = Reports(engine, read_criteria(ROOT / "data" / "criteria.toml"), Path("nowhere"))
    before = reports.version()
    loaded_before = reports.loaded("51", before)
    save("b")
    after = reports.version()
    loaded_after = reports.loaded("51", after)
    assert reports.loaded("51", before) is loaded_before, "who is at it finds it"
    now = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: now() + 100)
    assert reports.loaded("51", after) is loaded_after
    gone = ref(loaded_before)
    del loaded_before
    monkeypatch.setattr(time, "monotonic", lambda: now() + 150)
    deadline = now() + 20
    while gone() and now() < deadline:
        time.sleep(0.02)
    assert gone() is None
    assert reports.loaded("51", after) is loaded_after
    with pytest.raises(DataChanged):
        reports.loaded("51", before)
    rested = Event()
    monkeypatch.setattr(reports, "rest", rested.set)
    monkeypatch.setattr(time, "monotonic", lambda: now() + 300)
    assert rested.wait(20), "a process that keeps nothing is told"


def test_an_older_state_of_a_province_goes_within_seconds_and_the_newest_stays(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.reports._SWEEP_SECONDS", 1_000.0)
    reports = Reports(engine, read_criteria(ROOT / "data" / "criteria.toml"), Path("nowhere"))

    def load(name: str) -> ReferenceType[Report]:
        listed = making.batch(name, file_kind="dossier_list", singles=single_dossiers(name))
        store.save_batch(engine, listed, by="test")
        report = reports.report("51", DAY, reports.version())
        assert len(report.snapshot.listed.fetch_opened())
        return ref(report)

    older, newest = load("a"), load("b")
    collect()
    assert older()
    now = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: now() + 15)
    assert reports.forget_unasked()
    assert older() is None
    assert newest()
    assert len(reports._listed_parts) == 1


def test_what_a_made_answer_leaves_goes_back_to_the_machine_once(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_back: list[bool] = []
    monkeypatch.setattr("dashboard.reports._SWEEP_SECONDS", 1_000.0)
    monkeypatch.setattr("dashboard.reports.give_memory_back", lambda: given_back.append(True))
    reports = Reports(engine, read_criteria(ROOT / "data" / "criteria.toml"), Path("nowhere"))
    reports.report("51", DAY, reports.version())
    assert reports.forget_unasked()
    assert reports.forget_unasked()
    assert len(given_back) == 1


def test_a_file_of_one_province_leaves_the_others_as_they_were(engine: Engine) -> None:
    rows = making.dossiers([{"unit": "21250", "first": DAY, "received": 5, "open": 3}])
    store.save_batch(engine, making.batch("a", dossiers=rows), by="test")
    store.save_batch(
        engine, making.batch("b", "25", readings=making.declaration("07918", DAY)), by="test"
    )
    reports = Reports(engine, read_criteria(ROOT / "data" / "criteria.toml"), Path("nowhere"))
    version = reports.version()
    kept, report = reports.loaded("51", version), reports.report("51", DAY, version)
    store.save_batch(
        engine, making.batch("c", "25", readings=making.declaration("07999", DAY)), by="test"
    )
    later = reports.version()
    assert reports.loaded("51", later) is kept
    assert reports.report("51", DAY, later) is report
    report_json = fetch_report_json(reports, "51", DAY, later)
    assert (report_json["version"], report_json["token"]) == (later.number, later.token)
    store.save_batch(
        engine, making.batch("d", readings=making.declaration("21250", DAY)), by="test"
    )
    newest = reports.loaded("51", reports.version())
    assert newest is not kept
    assert newest.province_data.counts is kept.province_data.counts, "readings leave the counts"


def test_what_is_kept_over_imports_is_what_who_begins_anew_finds(settings: Settings) -> None:
    engine = store.open_store(settings.database_url)
    criteria = read_criteria(ROOT / "data" / "criteria.toml")
    reports = Reports(engine, criteria, Path("nowhere"))
    a_list: dict[str, Any] = {"as_of": datetime(2026, 11, 20), "file_kind": "dossier_list"}

    def count(unit: str, received: int) -> dict[str, Any]:
        row = {"unit": unit, "first": DAY, "received": received, "open": 3}
        return {"file_kind": "dossier_report", "dossiers": making.dossiers([row])}

    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("a", "51", {"readings": making.declaration("21250", DAY)}),
        ("b", "51", {"singles": single_dossiers("one", "two"), **a_list}),
        ("c", "51", {"singles": single_dossiers("three"), **a_list}),
        ("d", "25", count("07918", 7)),
        ("e", "51", count("21250", 9)),
        ("f", "51", {"singles": single_dossiers("three", state=3), **a_list}),
        ("g", "25", {"readings": making.declaration("07918", DAY)}),
    ]
    numbers = {}
    undone = {"d": "b", "f": "e", "g": "f"}  # after which step which one is taken back
    for name, province, parts in steps:
        saved = store.save_batch(engine, making.batch(name, province, **parts), by="test")
        numbers[name] = saved.batch_id
        if name in undone:
            assert_as_made_anew(reports)
            store.undo_batch(engine, numbers[undone[name]], by="test")
        assert_as_made_anew(reports)
    engine.dispose()


def assert_as_made_anew(reports: Reports) -> None:
    anew = Reports(reports.engine, reports.criteria, Path("nowhere"))
    version = reports.version()
    for province in ("51", "25"):
        kept, made = reports.loaded(province, version), anew.loaded(province, version)
        reporting_days = [
            it.reporting_days.astype({"kind": "str", "commune_code": "str"}) for it in (kept, made)
        ]
        in_order = [frame.sort_values([*frame], ignore_index=True) for frame in reporting_days]
        pd.testing.assert_frame_equal(*in_order)
        pd.testing.assert_frame_equal(kept.sources, made.sources)
        for part in ("counts", "departments"):
            of_kept, of_made = (getattr(it.province_data, part) for it in (kept, made))
            pd.testing.assert_frame_equal(of_kept.periods, of_made.periods)
        days = np.array([DAY], dtype="datetime64[D]")
        before, now = (
            it.province_data.history.last("network_mbps", "declared", days).value
            for it in (kept, made)
        )
        np.testing.assert_array_equal(before, now)
        period = reports.newest_period(province, DAY, version)
        assert period == anew.newest_period(province, DAY, version)


def single_dossiers(*codes: str, state: int = 4) -> list[pd.DataFrame]:
    received, due = pd.Timestamp(2026, 11, 10, 9), pd.Timestamp(2026, 11, 30)
    row = (None, None, "21250", "21250", received, due, pd.NaT, state, None, None)
    return [pd.DataFrame([(code, *row) for code in codes], columns=SINGLE_COLUMNS)]


def test_reports_open_with_the_month_before_only_where_all_of_it_was_told(engine: Engine) -> None:
    reports = Reports(engine, read_criteria(ROOT / "data" / "criteria.toml"), Path("nowhere"))
    first = date(2026, 11, 2)  # a Monday

    def tell(name: str, start: date, days: int) -> Period | None:
        told = [start + timedelta(days=count) for count in range(days)]
        rows = [{"unit": "21250", "first": day, "received": 5} for day in told]
        store.save_batch(engine, making.batch(name, dossiers=making.dossiers(rows)), by="test")
        return reports.opening_period("51", first, reports.version())

    begun = Period(date(2026, 11, 1), first, "month")
    assert tell("the day", first, 1) == begun
    assert tell("a week before", date(2026, 10, 26), 7) == begun
    whole = Period(date(2026, 10, 1), date(2026, 10, 31))
    assert tell("the month before", date(2026, 10, 1), 31) == whole
    assert reports.newest_period("51", first, reports.version()) == begun
    assert tell("the next day", date(2026, 11, 3), 1) == whole, "as of the first day"
    second = Period(date(2026, 11, 1), date(2026, 11, 3), "month")
    assert reports.opening_period("51", DAY, reports.version()) == second


def test_open_dossiers_are_asked_when_somebody_looks_and_once_for_all_periods(
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
    assert days_asked == []
    opened = newest_report.snapshot.listed.fetch_opened()
    assert other_report.snapshot.listed.fetch_opened() is opened
    assert days_asked == [DAY]
    reports.report("51", date(2026, 11, 19), version).snapshot.listed.fetch_opened()
    assert days_asked == [DAY, date(2026, 11, 19)]


def test_dossiers_are_listed_for_a_report_only_while_the_same_files_tell_of_dossiers(
    engine: Engine,
) -> None:
    reports = Reports(engine, read_criteria(ROOT / "data" / "criteria.toml"), Path("nowhere"))
    opened_before = reports.report("51", DAY, reports.version())
    elsewhere = making.batch("a", "52", readings=making.declaration("21553", DAY))
    store.save_batch(engine, elsewhere, by="test")
    assert opened_before.snapshot.listed.fetch_opened().empty
    of_readings = making.batch("b", readings=making.declaration("21250", DAY))
    store.save_batch(engine, of_readings, by="test")
    assert opened_before.snapshot.listed.fetch_ends() is None
    rows = making.dossiers([{"unit": "21250", "first": DAY, "received": 5, "open": 3}])
    store.save_batch(engine, making.batch("c", dossiers=rows), by="test")
    with pytest.raises(DataChanged):
        opened_before.snapshot.listed.fetch_finished()


def test_single_dossiers_are_walked_through_anew_only_after_files_that_tell_of_dossiers(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = Reports(engine, read_criteria(ROOT / "data" / "criteria.toml"), Path("nowhere"))
    walks: list[date] = []
    count_listed_ends = dossiers.count_listed_ends

    def count_walks(*arguments: Any) -> pd.DataFrame | None:
        walks.append(arguments[2])
        return count_listed_ends(*arguments)

    monkeypatch.setattr(dossiers, "count_listed_ends", count_walks)

    def count_open() -> float:
        report = reports.report("51", DAY, reports.version())
        ends = report.snapshot.listed.fetch_ends()
        return 0.0 if ends is None else float(ends["open_after"].sum())

    def save_list(name: str, *codes: str) -> int:
        listed = making.batch(name, file_kind="dossier_list", singles=single_dossiers(*codes))
        return store.save_batch(engine, listed, by="test").batch_id

    assert count_open() == 0
    save_list("first", "a", "b")
    assert count_open() == 2
    walked = len(walks)
    of_readings = making.batch("readings", readings=making.declaration("21250", DAY))
    store.save_batch(engine, of_readings, by="test")
    assert count_open() == 2
    assert len(walks) == walked
    later = save_list("later", "c")
    assert count_open() == 3
    store.undo_batch(engine, later, by="test")
    assert count_open() == 2


def test_a_file_that_comes_between_two_questions_is_there_whole_or_not_at_all(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = Reports(engine, read_criteria(ROOT / "data" / "criteria.toml"), Path("nowhere"))
    rows = making.dossiers([{"unit": "21250", "first": DAY, "received": 5, "open": 3}])
    coming, readings = (
        [making.batch("a", readings=making.declaration("21250", DAY), dossiers=rows)],
        fetch_readings_of_province,
    )

    def readings_and_then_a_file(
        store_engine: Engine, province: str, after: int = 0
    ) -> pd.DataFrame:
        before = readings(store_engine, province, after)
        if coming:
            store.save_batch(store_engine, coming.pop(), by="test")
        return before

    monkeypatch.setattr("dashboard.provinces.fetch_readings_of_province", readings_and_then_a_file)
    version = reports.version()
    assert reports.loaded("51", version).sources.empty
    before = reports.report("51", DAY, version)
    with pytest.raises(DataChanged):
        before.snapshot.listed.fetch_opened()
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
        assert all(answer.result(timeout=30) for answer in asking)
    now = fetch_state(reports, "51", DAY, DAY, reports.version())
    assert now == fetch_state(
        Reports(engine, criteria, Path("nowhere")), "51", DAY, DAY, reports.version()
    )
    assert now["layers"]["overall"]["counts"]["green"] == 1


def test_the_frame_and_the_state_tell_the_same_age_and_the_frame_computes_no_state(
    one_declaration: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = one_declaration.version()
    state = fetch_state(one_declaration, "51", DAY, DAY, version)
    monkeypatch.setattr(
        overview_state, "_make_state", lambda *_: pytest.fail("a state was computed")
    )
    said = tell_data_freshness(one_declaration, "51", DAY, version)
    assert said == {name: state[name] for name in ("data_as_of", "data_time", "notice")}
    earlier = tell_data_freshness(one_declaration, "51", date(2026, 11, 1), version)
    assert earlier["data_as_of"] == ""


def test_memory_holds_the_provinces_that_are_looked_at_not_all_that_ever_were(
    one_declaration: Reports,
) -> None:
    version = one_declaration.version()
    provinces = sorted(reference.load_province_names())[:9]
    held = []
    for province in provinces:
        held.append(ref(one_declaration.report(province, DAY, version)))
        one_declaration.list_moment(province, version)
    collect()
    alive = [province for province, report in zip(provinces, held, strict=True) if report()]
    assert alive == provinces[-4:]
    assert len(one_declaration._shared_parts._futures) <= 3 * 4
