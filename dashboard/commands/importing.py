"""`import` and `outlines`: what offices send, each file in a transaction of its own."""

from __future__ import annotations

import argparse
import calendar
import getpass
import sys
from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from dashboard import outlines, sources, store
from dashboard.batch import Batch
from dashboard.commands import rehearsing, telling
from dashboard.errors import FileRefused
from dashboard.settings import Settings
from dashboard.sources.layouts import Layout, in_use


def period(written: str) -> tuple[date, date]:
    """`2026-08` or `2026-08-01..2026-08-31` as first and last day. Raises ValueError."""
    if ".." in written:
        first, last = (date.fromisoformat(day) for day in written.split("..", 1))
    else:
        first = date.fromisoformat(f"{written}-01")
        last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    if last < first:
        raise ValueError(written)
    return first, last


def import_files(settings: Settings, asked: argparse.Namespace) -> int:
    """Read each file in a transaction of its own; a refused file leaves the store as it was."""
    telling.known_province(asked.province)
    layouts = in_use(asked.layout)
    engine = store.open_store(settings.database_url)
    worst = telling.DONE
    for name in asked.files:
        try:
            batches = _read(Path(name), settings, asked, layouts)
            if asked.dry_run:
                telling.say(rehearsing.lines(engine, batches, layouts))
            else:
                telling.say(_save(engine, batches))
            worst = max(worst, telling.status_of(batches))
        except FileRefused as refusal:
            telling.say([telling.printable(str(refusal)), *telling.problems(refusal.problems)], sys.stderr)
            worst = telling.REFUSED
    engine.dispose()
    return worst


def _read(path: Path, settings: Settings, asked: argparse.Namespace, layouts: tuple[Layout, ...]) -> list[Batch]:
    return sources.read_each(
        path,
        province=asked.province,
        as_of=asked.as_of,
        period=asked.period,
        today=settings.today(),
        layouts=layouts,
    )


def _save(engine: Engine, batches: list[Batch]) -> list[str]:
    lines = []
    for saved, batch in zip(store.save_file(engine, batches, by=who()), batches, strict=True):
        lines.append(telling.saved(saved, batch))
        lines += [] if saved.already else telling.problems(batch.problems)
    return lines


def who() -> str:
    """The account that imports; a container may have none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "không rõ"


def take_outlines(settings: Settings, asked: argparse.Namespace) -> int:
    """Take real outlines; says per province what matched, what is missing, what matches nothing."""
    taken = outlines.take(Path(asked.path), settings.outlines_dir)
    for one in taken:
        telling.say(telling.outlines_taken(one))
    return telling.SOME_REFUSED if any(one.missing or one.unmatched for one in taken) else telling.DONE
