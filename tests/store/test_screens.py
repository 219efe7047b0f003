"""The newest word of each wall screen: a screen is its secret, and what nobody accepted is
forgotten.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, text

from dashboard import store
from dashboard.store import audit, screens
from dashboard.store.audit import Author
from dashboard.store.screens import Heartbeat, fetch_screens, save_heartbeat

NOW = datetime(2026, 11, 22, 3)
ADMIN = Author("quantri")


def beat(name: str, version: int = 5, fresh: int | None = 3) -> Heartbeat:
    return Heartbeat(name, "51", "tong-the", version, "0a1b2c3d", fresh, 0)


def keep(engine: Engine, name: str, moment: datetime, secret: str = "", **changed: Any) -> bool:
    """A word of the screen whose secret, unless told, is made of its name."""
    return save_heartbeat(engine, beat(name, **changed), secret or f"secret of {name}", moment)


def test_a_later_word_takes_the_place_of_an_earlier_one(engine: Engine) -> None:
    version = store.fetch_data_version(engine).number
    assert keep(engine, "A", NOW, fresh=None)
    assert keep(engine, "A", NOW + timedelta(minutes=1), version=6)
    (row,) = fetch_screens(engine).to_dict("records")
    assert (row["version"], row["fresh_seconds"]) == (6, 3)
    assert row["seen_at"] == NOW + timedelta(minutes=1)
    assert store.fetch_data_version(engine).number == version


def test_what_comes_too_soon_is_not_written(engine: Engine) -> None:
    assert keep(engine, "A", NOW)
    assert not keep(engine, "A", NOW + timedelta(seconds=19), version=9)
    assert keep(engine, "B", NOW + timedelta(seconds=19))
    assert sorted(fetch_screens(engine)["version"]) == [5, 5]


def test_nobody_passes_for_a_screen_by_its_name(engine: Engine) -> None:
    secret = screens.add_screen(engine, "Phòng họp 2", ADMIN)
    assert keep(engine, "Phòng họp 2", NOW, secret)
    assert keep(engine, "Phòng họp 2", NOW, version=1)
    shown = fetch_screens(engine)
    assert shown["accepted"].tolist() == [True, False]
    assert shown["version"].tolist() == [5, 1]


def test_an_accepted_screen_keeps_its_name_and_is_never_forgotten(engine: Engine) -> None:
    assert keep(engine, "Sảnh", NOW, "s")
    number = int(fetch_screens(engine)["number"].iloc[0])
    screens.accept_screen(engine, number, ADMIN)
    assert keep(engine, "0912345678", NOW + timedelta(minutes=1), "s")
    assert keep(engine, "other", NOW + timedelta(days=30))
    assert fetch_screens(engine)["name"].tolist() == ["Sảnh", "other"]


def test_unknown_screens_are_forgotten_an_hour_after_their_last_word(engine: Engine) -> None:
    assert keep(engine, "A", NOW)
    assert keep(engine, "B", NOW + timedelta(minutes=61))
    assert fetch_screens(engine)["name"].tolist() == ["B"]


def test_a_flood_pushes_out_no_screen_that_is_on_nor_an_accepted_one(engine: Engine) -> None:
    secret = screens.add_screen(engine, "Sảnh", ADMIN)
    for number in range(screens.MOST_UNKNOWN):
        assert keep(engine, f"s{number:03}", NOW + timedelta(seconds=number))
    assert not keep(engine, "flood", NOW + timedelta(minutes=1))
    assert keep(engine, "s000", NOW + timedelta(minutes=1))
    assert keep(engine, "Sảnh", NOW + timedelta(minutes=1), secret)
    assert keep(engine, "late", NOW + timedelta(minutes=11))
    names = set(fetch_screens(engine)["name"])
    assert len(names) == screens.MOST_UNKNOWN + 1
    assert {"late", "s000", "Sảnh"} <= names
    assert "s001" not in names


def test_who_may_not_be_new_is_not_kept(engine: Engine) -> None:
    assert not save_heartbeat(engine, beat("A"), "x", NOW, may_be_new=False)
    assert keep(engine, "A", NOW, "x")
    later = NOW + timedelta(minutes=1)
    assert save_heartbeat(engine, beat("A"), "x", later, may_be_new=False)


def test_a_removed_screen_is_none_of_the_offices_any_more(engine: Engine) -> None:
    secret = screens.add_screen(engine, "Sảnh", ADMIN)
    assert screens.find_accepted_screen(engine, secret) == "Sảnh"
    number = int(fetch_screens(engine)["number"].iloc[0])
    screens.remove_screen(engine, number, ADMIN)
    assert screens.find_accepted_screen(engine, secret) is None
    with pytest.raises(screens.NoSuchScreen):
        screens.accept_screen(engine, number, ADMIN)
    actions = audit.fetch_audit_lines(engine)["action"].tolist()
    assert actions == ["remove_screen", "add_screen"]


def test_no_screen_is_no_error(engine: Engine) -> None:
    assert fetch_screens(engine).empty


def test_a_locked_store_holds_neither_a_heartbeat_nor_a_reader(store_url: str) -> None:
    """SQLite: an import (or a person's tool) that writes for minutes. PostgreSQL: tables that are
    being altered.
    """
    engine = store.open_store(store_url, answer_seconds=20)
    began = time.monotonic()
    with locked(store_url) as readable:
        with pytest.raises(store.StoreUnavailable):
            keep(engine, "A", NOW)
        if readable:
            assert store.fetch_data_version(engine).number
        else:
            with pytest.raises(store.StoreUnavailable):
                store.fetch_data_version(engine)
    assert time.monotonic() - began < 5
    assert keep(engine, "A", NOW)
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:  # whoever uses the connection next is patient again
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 15_000
    engine.dispose()


@contextmanager
def locked(url: str) -> Iterator[bool]:
    """The store held by somebody else; whether it can still be read."""
    if url.startswith("sqlite"):
        holding = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        holding.execute("BEGIN EXCLUSIVE")
        yield True
        holding.execute("ROLLBACK")
        holding.close()
    else:
        with psycopg.connect(url.replace("+psycopg", "")) as held:
            held.execute("LOCK TABLE screen, data_version IN ACCESS EXCLUSIVE MODE")
            yield False


def test_a_store_that_cannot_be_written_says_so(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE screen"))
    with pytest.raises(store.StoreUnavailable):
        keep(engine, "A", NOW)
