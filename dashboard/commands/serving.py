"""`setup`, `serve`, `sample`: what a machine needs before anybody looks."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import date
from itertools import groupby

from sqlalchemy import Engine

from dashboard import reference, sample, sources, store
from dashboard.commands import telling
from dashboard.settings import Settings
from dashboard.store import read
from dashboard.store.undo import simulated


def setup(settings: Settings, _asked: argparse.Namespace) -> int:
    """Store, sample data if the store is empty, static files; quick where all is there already."""
    from dashboard import serving

    engine = store.open_store(settings.database_url)
    if read.is_empty(engine):
        _fill(engine, settings.today())
    engine.dispose()
    print(serving.prepare(settings))
    return telling.DONE


def serve(settings: Settings, _asked: argparse.Namespace) -> int:
    """Serve until stopped."""
    from dashboard import serving

    serving.check_address(settings)
    print(f"Bảng theo dõi: {settings.address} (dừng: Ctrl+C)", flush=True)
    serving.run(settings)
    return telling.DONE


def fill_sample(settings: Settings, _asked: argparse.Namespace) -> int:
    """Bring the sample data up to today; what is of today already stays, what is older is replaced."""
    engine = store.open_store(settings.database_url)
    _fill(engine, settings.today())
    engine.dispose()
    return telling.DONE


def _fill(engine: Engine, today: date) -> None:
    there = simulated(engine)
    fresh = {province for province, days in there.items() if set(days.values()) == {today}}
    for code in sorted(fresh):
        print(f"{reference.provinces()[code]}: số liệu mô phỏng đã là của hôm nay")
    made = sample.batches(today, skip=fresh)
    for code, batches in groupby(made, key=lambda batch: batch.province_code):
        told = list(batches)
        # The older simulation goes in the same transaction: no page ever sees both, or neither.
        done = store.save_file(engine, told, by="sample", instead_of=tuple(there.get(code, {})))
        for saved, batch in zip(done, told, strict=True):
            telling.say([telling.saved(saved, batch), *telling.problems(batch.problems)])
    for file in sample.published_files():
        batch = sources.read(file.path, province=file.province, period=file.period, today=today)
        batch = replace(batch, origin="published")
        telling.say([telling.saved(store.save(engine, batch, by="sample"), batch), *telling.problems(batch.problems)])
