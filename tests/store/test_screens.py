"""The newest word of each wall screen: one row a screen, at most two hundred, beside the data."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import psycopg
import pytest
from sqlalchemy import Engine, text

from dashboard import store
from dashboard.store import schema
from dashboard.store.screens import MOST_SCREENS, Heartbeat, fetch_screens, save_heartbeat

NOW = datetime(2026, 11, 22, 3)


def beat(name: str, version: int = 5, fresh: int | None = 3) -> Heartbeat:
    return Heartbeat(name, "51", "tong-the", version, "0a1b2c3d", fresh, 0)


def test_a_later_word_takes_the_place_of_an_earlier_one(engine: Engine) -> None:
    version = store.fetch_data_version(engine).number
    assert save_heartbeat(engine, beat("A", fresh=None), NOW)
    assert save_heartbeat(engine, beat("A", version=6), NOW + timedelta(minutes=1))
    (row,) = fetch_screens(engine).to_dict("records")
    assert (row["version"], row["fresh_seconds"]) == (6, 3)
    assert row["seen_at"] == NOW + timedelta(minutes=1)
    assert store.fetch_data_version(engine).number == version


def test_what_comes_too_soon_is_not_written(engine: Engine) -> None:
    assert save_heartbeat(engine, beat("A"), NOW)
    assert not save_heartbeat(engine, beat("A", version=9), NOW + timedelta(seconds=19))
    assert save_heartbeat(engine, beat("B"), NOW + timedelta(seconds=19))
    assert sorted(fetch_screens(engine)["version"]) == [5, 5]


def test_the_longest_silent_screens_are_forgotten(engine: Engine) -> None:
    rows = [
        {**vars(beat(f"s{at:03}")), "seen_at": NOW + timedelta(seconds=at)}
        for at in range(MOST_SCREENS)
    ]
    with engine.begin() as connection:
        connection.execute(schema.screen.insert(), rows)
    assert save_heartbeat(engine, beat("new"), NOW + timedelta(hours=1))
    names = set(fetch_screens(engine)["name"])
    assert len(names) == MOST_SCREENS
    assert "new" in names
    assert "s000" not in names


def test_a_flood_of_names_pushes_out_no_screen_that_is_on(engine: Engine) -> None:
    rows = [{**vars(beat(f"s{at:03}")), "seen_at": NOW} for at in range(MOST_SCREENS)]
    with engine.begin() as connection:
        connection.execute(schema.screen.insert(), rows)
    assert not save_heartbeat(engine, beat("flood"), NOW + timedelta(minutes=1))
    assert save_heartbeat(engine, beat("s000"), NOW + timedelta(minutes=1))
    assert save_heartbeat(engine, beat("flood"), NOW + timedelta(minutes=10))
    names = set(fetch_screens(engine)["name"])
    assert len(names) == MOST_SCREENS
    assert {"flood", "s000"} <= names


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
            save_heartbeat(engine, beat("A"), NOW)
        if readable:
            assert store.fetch_data_version(engine).number
        else:
            with pytest.raises(store.StoreUnavailable):
                store.fetch_data_version(engine)
    assert time.monotonic() - began < 5
    assert save_heartbeat(engine, beat("A"), NOW)
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
        save_heartbeat(engine, beat("A"), NOW)
