"""`set_up_machine`, `fill_sample`: what a machine needs before anybody looks."""

from __future__ import annotations

import argparse
from dataclasses import replace
from itertools import groupby

from sqlalchemy import Engine

from dashboard import reference, sample, sources, store
from dashboard.cli import console
from dashboard.cli.language import tell_user, translate_message
from dashboard.cli.safekeeping import back_up_and_migrate
from dashboard.cli.serve import CannotServe
from dashboard.messages import write_message
from dashboard.node_files import publish_node_files
from dashboard.settings import Settings
from dashboard.store import read
from dashboard.store.engine import StoreOutdated
from dashboard.store.undo import fetch_simulated_batches
from dashboard.web import plotly_bundle, static_files
from dashboard.web.server import create_app


def set_up_machine(settings: Settings, _options: argparse.Namespace) -> int:
    """Store, sample data if the store is empty, static files; quick where all is there already."""
    try:
        engine = store.open_store(settings.database_url)
    except store.StoreMissing:
        engine = store.prepare_store(settings.database_url)
    except StoreOutdated:
        back_up_and_migrate(settings)
        engine = store.open_store(settings.database_url)
    if read.is_store_empty(engine):
        _fill_store(engine, settings)
    publish_node_files(engine, settings)
    engine.dispose()
    print(translate_message(prepare_static_files(settings)))
    return console.DONE


def prepare_static_files(settings: Settings) -> str:
    """Fetches the lean plotly.js where npm is there and compresses what the page needs; one line on
    both.

    Seconds the first time, a second when nothing changed. Raises CannotServe where they cannot
    be written.
    """
    try:
        bundle = plotly_bundle.fetch_lean_plotly(settings.static_dir)
        changed = static_files.build_static_files(settings, create_app(settings))
    except OSError as problem:
        raise CannotServe(
            write_message(
                "Không ghi được tệp tĩnh vào {static_dir} ({strerror}); hãy kiểm tra "
                "chỗ trống, quyền ghi và DASHBOARD_STATIC_DIR.",
                static_dir=settings.static_dir,
                strerror=problem.strerror or type(problem).__name__,
            )
        ) from None
    if not changed:
        return write_message("{bundle} Tệp tĩnh: không có gì mới.", bundle=bundle)
    return write_message(
        "{bundle} Tệp tĩnh: {count} tệp đã nén.", bundle=bundle, count=len(changed)
    )


def fill_sample(settings: Settings, _options: argparse.Namespace) -> int:
    """Bring the sample data up to today; what is of today already stays, what is older
    is replaced.
    """
    with console.use_store(settings) as engine:
        _fill_store(engine, settings)
    return console.DONE


def _fill_store(engine: Engine, settings: Settings) -> None:
    today = settings.today()
    turn = console.make_write_turn(settings, "sample")
    simulated_days = fetch_simulated_batches(engine)
    fresh_provinces = {
        province for province, days in simulated_days.items() if set(days.values()) == {today}
    }
    for code in sorted(fresh_provinces):
        print(
            tell_user(
                "{province}: số liệu mô phỏng đã là của hôm nay",
                province=reference.load_province_names()[code],
            )
        )
    simulated_batches = sample.simulate_batches(today, skip=fresh_provinces)
    for code, batches in groupby(simulated_batches, key=lambda batch: batch.province_code):
        province_batches = list(batches)
        # The older simulation goes in the same transaction: no page ever sees both, or neither.
        saved_batches = store.save_batches(
            engine,
            province_batches,
            by="sample",
            instead_of=tuple(simulated_days.get(code, {})),
            turn=turn,
        )
        for saved, batch in zip(saved_batches, province_batches, strict=True):
            console.print_lines(
                [
                    console.describe_saved_batch(saved, batch),
                    *console.describe_problems(batch.problems),
                ]
            )
    for file in sample.list_published_files():
        batch = sources.read_file(
            file.path, province=file.province, period=file.period, today=today
        )
        batch = replace(batch, origin="published")
        console.print_lines(
            [
                console.describe_saved_batch(
                    store.save_batches(engine, [batch], by="sample", turn=turn)[0], batch
                ),
                *console.describe_problems(batch.problems),
            ]
        )
