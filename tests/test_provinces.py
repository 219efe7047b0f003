"""A province to which later batches were added is the province that somebody finds who begins anew:
whatever files come, late or not, are taken back, or step aside.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Engine

from dashboard import provinces, store
from dashboard.batch import (
    CERTIFICATE_COLUMNS,
    FEEDBACK_COLUMNS,
    FOLLOW_UP_COLUMNS,
    OUTAGE_COLUMNS,
    SINGLE_COLUMNS,
    SUPPORT_STEP_COLUMNS,
)
from dashboard.errors import Problem
from dashboard.indicators.throughput.counts import DossierCounts
from dashboard.provinces import LoadedProvince, fetch_province
from dashboard.reports import Reports, read_criteria
from dashboard.settings import ROOT, Settings
from dashboard.store import backup, dossiers
from dashboard.store.audit import Author
from dashboard.store.readings import fetch_readings_of_province
from dashboard.store.write_turn import WriteTurn
from tests import making

COMMUNES = ("21250", "21025", "21028")
DEPARTMENTS = (("H48.01", "Sở Y tế"), ("H48.02", "Sở Nội vụ"))
FIRST = date(2026, 9, 28)
PROVINCE = "51"


class Office:
    """Draws files as an office might send them."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def draw_parts(self) -> dict[str, Any]:
        """The parts of one batch, mostly one or two."""
        drawing = [
            self.draw_declarations,
            self.draw_declarations,
            self.draw_counts,
            self.draw_counts,
            self.draw_cumulative_counts,
            self.draw_departments,
            self.draw_single_dossiers,
            self.draw_certificates,
            self.draw_outages,
            self.draw_outages,
            self.draw_promise,
            self.draw_support_step,
            self.draw_feedback,
        ]
        parts = self.chance.choice(drawing)()
        if self.chance.random() < 0.4:
            parts["problems"] = [Problem(*self._draw_problem_words())]
        return {"as_of": datetime.combine(self.draw_day(), datetime.min.time()), **parts}

    def _draw_problem_words(self) -> tuple[Any, Any]:
        problem = making.problem(f"lỗi {self.chance.randrange(9)}", "sửa")
        return problem.message, problem.remedy

    def draw_day(self) -> date:
        """Any of a few within four weeks: files tell of days before those that others told of, and
        of the same ones again.
        """
        return FIRST + timedelta(days=self.chance.randrange(0, 28, 6))

    def draw_declarations(self) -> dict[str, Any]:
        measures = ("network_mbps", "computer_needed", "scanner_available", "network_uptime")
        rows = {
            (
                self.chance.choice(COMMUNES),
                self.chance.choice(measures),
                self.chance.choice(("declared", "verified")),
                self.draw_day(),
            ): float(self.chance.randrange(90))
            for _ in range(12)
        }
        readings = (
            (code, name, value, basis, day) for (code, name, basis, day), value in rows.items()
        )
        return {"readings": making.readings(readings)}

    def _draw_numbers(self) -> dict[str, int]:
        names = ("received", "received_online", "resolved", "resolved_late", "open", "carried_over")
        return {name: self.chance.randrange(40) for name in names if self.chance.random() < 0.6}

    def draw_counts(self) -> dict[str, Any]:
        """Of days or a month, by one kind of file or another, some in parts by where they were
        accepted.
        """
        rows: dict[tuple[Any, ...], dict[str, Any]] = {}
        for _ in range(6):
            first = self.draw_day()
            last = first
            if self.chance.random() < 0.3:
                first, last = date(2026, 10, 1), date(2026, 10, 31)
            unit = self.chance.choice(COMMUNES)
            accepting = self.chance.choice((None, None, *COMMUNES))
            key_fields = {"unit": unit, "first": first, "last": last, "accepting": accepting}
            rows[unit, accepting, first, last] = {**key_fields, **self._draw_numbers()}
        file_kind = self.chance.choice(("dossiers", "dossier_report", "portal_progress"))
        return {"file_kind": file_kind, "dossiers": making.dossiers(rows.values())}

    def draw_cumulative_counts(self) -> dict[str, Any]:
        first, last = date(2026, 10, 1), self.draw_day()
        rows = [
            {"unit": unit, "first": first, "last": max(first, last), **self._draw_numbers()}
            for unit in COMMUNES
        ]
        return {"file_kind": "dossier_report", "dossiers": making.dossiers(rows)}

    def draw_departments(self) -> dict[str, Any]:
        code, name = self.chance.choice(DEPARTMENTS)
        rows = [{"unit": code, "first": self.draw_day(), **self._draw_numbers()}]
        return {
            "file_kind": "dossier_report",
            "dossiers": making.dossiers(rows),
            "agencies": making.agencies([(code, name, "department", None)]),
        }

    def draw_single_dossiers(self) -> dict[str, Any]:
        rows = []
        for code in self.chance.sample(["one", "two", "three", "four"], 2):
            received = pd.Timestamp(FIRST) + pd.Timedelta(days=self.chance.randrange(20), hours=9)
            is_done = self.chance.random() < 0.5
            finished = received + pd.Timedelta(days=3) if is_done else pd.NaT
            unit = self.chance.choice(COMMUNES)
            due = received + pd.Timedelta(days=5)
            state = 9 if is_done else 4
            rows.append((code, None, None, unit, unit, received, due, finished, state, None, None))
        singles = [pd.DataFrame(rows, columns=SINGLE_COLUMNS)]
        return {"file_kind": "dossier_list", "singles": singles}

    def draw_certificates(self) -> dict[str, Any]:
        row = (self.chance.choice(COMMUNES), self.draw_day(), *(self.chance.sample(range(50), 6)))
        frame = pd.DataFrame([row], columns=CERTIFICATE_COLUMNS)
        return {"file_kind": "certificates", "certificates": frame}

    def draw_outages(self) -> dict[str, Any]:
        """A log of probes: an uptime, and where the line was away."""
        commune, day = self.chance.choice(COMMUNES), self.draw_day()
        began = datetime.combine(day, datetime.min.time()) + timedelta(
            hours=self.chance.randrange(20)
        )
        row = (commune, day, began, began + timedelta(minutes=30))
        return {
            "file_kind": "probe_log",
            "readings": making.readings([(commune, "network_uptime", 0.9, "verified", day)]),
            "outages": pd.DataFrame([row], columns=OUTAGE_COLUMNS),
        }

    def draw_promise(self) -> dict[str, Any]:
        day = self.draw_day()
        number = self.chance.randrange(4)
        row = (
            f"{number:036d}",
            self.chance.choice(COMMUNES),
            "Cấp thêm máy",
            self.chance.choice(("scanner_available", "network_mbps")),
            float(self.chance.randrange(80)),
            "Sở KH&CN",
            day,
            day + timedelta(days=9),
            None,
            None,
        )
        frame = pd.DataFrame([row], columns=FOLLOW_UP_COLUMNS, dtype=object)
        return {"file_kind": "follow_ups", "follow_ups": frame}

    def draw_support_step(self) -> dict[str, Any]:
        moment = datetime.combine(self.draw_day(), datetime.min.time()) + timedelta(hours=9)
        number = self.chance.randrange(4)
        step = self.chance.choice(("asked", "asked", "helping", "mended", "rechecked", "closed"))
        row = {
            "request_id": f"{number:036d}",
            "commune_code": COMMUNES[number % 3],
            "step": step,
            "stepped_at": moment,
            "what": "mất mạng",
            "subject": "đường truyền",
            "account": f"account {self.chance.randrange(2)}",
        }
        frame = pd.DataFrame([row], columns=SUPPORT_STEP_COLUMNS, dtype=object)
        return {"file_kind": "support_requests", "support_steps": frame}

    def draw_feedback(self) -> dict[str, Any]:
        row = dict.fromkeys(FEEDBACK_COLUMNS) | {
            "commune_code": self.chance.choice(COMMUNES),
            "period_from": date(2026, 10, 1),
            "period_to": date(2026, 10, 31),
            "received": float(self.chance.randrange(9)),
        }
        frame = pd.DataFrame([row], columns=FEEDBACK_COLUMNS)
        return {"file_kind": "feedback", "feedback": frame}


def assert_same_province(kept: LoadedProvince, anew: LoadedProvince) -> None:
    """Every part, whatever order its rows have."""
    assert kept.batches == anew.batches
    assert kept.measures_told == anew.measures_told
    for name in ("sources", "reporting_days", "problems"):
        assert_same_rows(getattr(kept, name), getattr(anew, name))
    assert_same_rows(kept.counts.days, anew.counts.days)
    kept_data, made = kept.province_data, anew.province_data
    assert kept_data.department_names == made.department_names
    for name in ("communes", "certificates", "outages", "resources", "feedback"):
        assert_same_rows(getattr(kept_data, name), getattr(made, name))
    assert_same_rows(kept_data.promises.follow_ups, made.promises.follow_ups)
    assert_same_rows(kept_data.promises.evidence, made.promises.evidence)
    assert_same_rows(kept_data.support.steps, made.support.steps)
    for day in (FIRST + timedelta(14), FIRST + timedelta(40)):
        assert kept_data.promises.list_follow_ups(day, 30) == made.promises.list_follow_ups(day, 30)
    assert kept_data.history._keys_of.keys() == made.history._keys_of.keys()
    for measure, basis in made.history._keys_of:
        for kept_rows, new_rows in zip(
            kept_data.history.readings(measure, basis),
            made.history.readings(measure, basis),
            strict=True,
        ):
            np.testing.assert_array_equal(kept_rows, new_rows)
    np.testing.assert_array_equal(kept_data.history.reported_days, made.history.reported_days)
    assert_same_counts(kept_data.counts, made.counts)
    assert_same_counts(kept_data.departments, made.departments)


def assert_same_counts(kept: DossierCounts, anew: DossierCounts) -> None:
    """Row by row, as they are kept sorted."""
    assert kept.units == anew.units
    assert [(source.source_kind, source.grain) for source in kept.sources] == [
        (source.source_kind, source.grain) for source in anew.sources
    ]
    for source, made in zip(kept.sources, anew.sources, strict=True):
        assert source.rows.carries_over == made.rows.carries_over
        for part in ("unit", "first", "last"):
            np.testing.assert_array_equal(getattr(source.rows, part), getattr(made.rows, part))
        assert set(source.rows.values) == set(made.rows.values)
        for name in made.rows.values:
            np.testing.assert_array_equal(source.rows.column(name), made.rows.column(name))
    assert_same_rows(kept.corrections, anew.corrections)
    pd.testing.assert_frame_equal(kept.periods, anew.periods)


def assert_same_rows(frame: pd.DataFrame, anew: pd.DataFrame) -> None:
    """The same rows in any order; a category is its word."""
    assert list(frame.columns) == list(anew.columns)
    as_words = [
        sorted(tuple(map(str, row)) for row in of.itertuples(index=False)) for of in (frame, anew)
    ]
    assert as_words[0] == as_words[1]
    assert [str(dtype) for dtype in frame.dtypes] == [str(dtype) for dtype in anew.dtypes]


@pytest.mark.parametrize("seed", range(2))
def test_a_province_with_later_batches_is_what_who_begins_anew_finds(
    engine: Engine, seed: int
) -> None:
    office = Office(seed)
    before: LoadedProvince | None = None
    saved: list[int] = []
    simulated: list[int] = []
    for number in range(24):
        if saved and office.chance.random() < 0.12:
            undone = saved.pop(office.chance.randrange(len(saved)))
            store.undo_batch(engine, undone, by="test")
        elif number < 6 or office.chance.random() < 0.1:
            # a simulation, told anew or once more; from the first real file on it stands aside
            batch = making.batch(f"s{number}", origin="simulated", **office.draw_parts())
            gone = simulated if office.chance.random() < 0.3 else []
            (written,) = store.save_batches(engine, [batch], by="test", instead_of=gone)
            simulated = [*([] if gone else simulated), written.batch_id]
        else:
            brought = [
                making.batch(f"{number} {part}", **office.draw_parts())
                for part in range(office.chance.choice((1, 1, 2)))
            ]
            for batch in brought:
                saved.append(store.save_batch(engine, batch, by="test").batch_id)
            if office.chance.random() < 0.3:
                of_other_province = making.declaration("07918", office.draw_day())
                of_other = making.batch(f"other {number}", "25", readings=of_other_province)
                store.save_batch(engine, of_other, by="test")
        if office.chance.random() < 0.3:
            continue  # nobody looked meanwhile
        names = dossiers.fetch_department_names(engine)
        kept = fetch_province(engine, PROVINCE, names, before)
        assert_same_province(kept, fetch_province(engine, PROVINCE, names))
        before = kept


def test_a_later_file_takes_from_what_older_ones_told(settings: Settings) -> None:
    engine = store.open_store(settings.database_url)
    loaded: list[LoadedProvince] = []

    def save(name: str, **parts: Any) -> int:
        number = store.save_batch(engine, making.batch(name, **parts), by="test").batch_id
        look()
        return number

    def look() -> None:
        loaded.append(fetch_province(engine, PROVINCE, {}, loaded[-1] if loaded else None))
        assert_same_province(loaded[-1], fetch_province(engine, PROVINCE, {}))

    office = Office(1)
    promise = office.draw_promise()["follow_ups"].assign(
        commune_code="21250", measure="scanner_available", promised_on=FIRST
    )
    save("promise", file_kind="follow_ups", follow_ups=promise)
    day = FIRST + timedelta(days=3)
    for name, value in (("few", 1.0), ("many", 99.0)):
        readings = making.readings([("21250", "scanner_available", value, "declared", day)])
        save(name, readings=readings)
        assert loaded[-1].province_data.promises.evidence["value"].tolist() == [value]
    log = office.draw_outages()
    save("log", **log)
    assert len(loaded[-1].province_data.outages) == 1
    save("corrected", readings=log["readings"].assign(value=1.0))
    assert loaded[-1].province_data.outages.empty
    problem = making.problem("lỗi", "sửa")
    invented = save("invented", origin="simulated", problems=[problem])
    save("newest", readings=making.declaration("21028", day))
    assert len(loaded[-1].problems) == 1
    store.undo_batch(engine, invented, by="test")
    look()
    assert loaded[-1].problems.empty
    engine.dispose()


@contextmanager
def count_whole_questions(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Which of the two largest questions are asked about all batches."""
    questions: list[str] = []

    def fetch_readings(engine: Engine, province: str, after: int = 0) -> pd.DataFrame:
        questions.extend(["readings"] if not after else [])
        return fetch_readings_of_province(engine, province, after)

    fetch_counts = dossiers.fetch_count_rows

    def fetch_count_rows(engine: Engine, province: str) -> pd.DataFrame:
        questions.append("counts")
        return fetch_counts(engine, province)

    with monkeypatch.context() as patch:
        patch.setattr(provinces, "fetch_readings_of_province", fetch_readings)
        patch.setattr(dossiers, "fetch_count_rows", fetch_count_rows)
        yield questions


def test_only_what_a_file_brought_is_asked_for(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def save(name: str, **parts: Any) -> int:
        return store.save_batch(engine, making.batch(name, **parts), by="test").batch_id

    def load(before: LoadedProvince | None) -> tuple[LoadedProvince, list[str]]:
        with count_whole_questions(monkeypatch) as questions:
            return fetch_province(engine, PROVINCE, {}, before), questions

    office = Office(7)
    rows = [{"unit": "21250", "first": FIRST, "received": 4}]
    save("a", readings=making.declaration("21250", FIRST))
    save("b", file_kind="dossiers", dossiers=making.dossiers(rows))
    first, questions = load(None)
    assert questions == ["counts", "readings"]
    save("c", readings=making.declaration("21025", FIRST))
    second, questions = load(first)
    assert questions == []
    assert second.province_data.counts is first.province_data.counts, "readings leave the counts"
    assert second.province_data.support is first.province_data.support
    rows = [{"unit": "21250", "first": FIRST + timedelta(1), "received": 5}]
    last = save("d", file_kind="dossiers", dossiers=making.dossiers(rows))
    third, questions = load(second)
    assert questions == []
    assert third.province_data.promises is second.province_data.promises
    save("e", **office.draw_promise())
    fourth, questions = load(third)
    assert questions == ["readings"], "what was promised is looked for in readings of all times"
    store.undo_batch(engine, last, by="test")
    _, questions = load(fourth)
    assert questions == ["counts", "readings"]


def test_a_store_that_was_restored_is_read_anew(settings: Settings, tmp_path: Path) -> None:
    """Numbers of batches come again there, with another content."""

    def save(name: str, commune: str) -> None:
        brought = making.batch(name, readings=making.declaration(commune, FIRST))
        store.save_batch(engine, brought, by="test")

    engine = store.open_store(settings.database_url)
    criteria = read_criteria(ROOT / "data" / "criteria.toml")
    reports = Reports(engine, criteria, tmp_path / "nowhere")
    save("a", "21250")
    backup.write_backup(engine, tmp_path / "backup.sqlite")
    save("b", "21025")
    reports.loaded(PROVINCE, reports.version())
    backup.restore_backup(
        settings.database_url,
        tmp_path / "backup.sqlite",
        tmp_path / "aside.sqlite",
        WriteTurn(),
        Author("test"),
    )
    save("c", "21028")
    kept = reports.loaded(PROVINCE, reports.version())
    assert_same_province(kept, fetch_province(engine, PROVINCE, {}))
    assert set(kept.reporting_days["commune_code"]) == {"21250", "21028"}
    engine.dispose()
