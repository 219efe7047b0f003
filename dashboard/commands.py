"""What each command does: settings and arguments in, lines for a person out, an exit status back."""

from __future__ import annotations

import argparse
import calendar
import getpass
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from dashboard import outlines, reference, sample, sources, store
from dashboard.batch import Batch
from dashboard.errors import DashboardError, FileRefused
from dashboard.measures import plain
from dashboard.settings import Settings
from dashboard.store import read

DONE, SOME_REFUSED, REFUSED = 0, 1, 2
TABLE_WORDS = {
    "reading": "số đo",
    "dossier_count": "dòng số lượng hồ sơ",
    "dossier": "hồ sơ",
    "certificate_count": "dòng chứng thư số",
    "visit": "kết quả kiểm tra",
}
# A file with a thousand bad rows fails for one reason; the store keeps all of them, the screen the first.
_LINES_SHOWN = 40


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


def setup(settings: Settings, _asked: argparse.Namespace) -> int:
    """Store, sample data if the store is empty, static files; quick where all is there already."""
    from dashboard import serving

    engine = store.open_store(settings.database_url)
    if read.is_empty(engine):
        _fill(engine, settings.today())
    engine.dispose()
    print(serving.prepare(settings))
    return DONE


def serve(settings: Settings, _asked: argparse.Namespace) -> int:
    """Serve until stopped."""
    from dashboard import serving

    serving.check_address(settings)
    print(f"Bảng theo dõi: {settings.address} (dừng: Ctrl+C)", flush=True)
    serving.run(settings)
    return DONE


def fill_sample(settings: Settings, _asked: argparse.Namespace) -> int:
    """Add the sample data; what is already there is not added twice."""
    _fill(store.open_store(settings.database_url), settings.today())
    return DONE


def _fill(engine: Engine, today: date) -> None:
    for batch in sample.batches(today):
        _report(store.save(engine, batch, by="sample"), batch)
    for file in sample.published_files():
        batch = sources.read(file.path, province=file.province, period=file.period)
        batch = replace(batch, origin="published")
        _report(store.save(engine, batch, by="sample"), batch)


def import_files(settings: Settings, asked: argparse.Namespace) -> int:
    """Read each file in a transaction of its own; a refused file leaves the store as it was."""
    if asked.province and asked.province not in reference.provinces():
        raise DashboardError(f"Không có tỉnh mã {asked.province}; mã gồm hai chữ số, ví dụ 51 (Quảng Ngãi)")
    engine = store.open_store(settings.database_url)
    worst = DONE
    for name in asked.files:
        try:
            batches = sources.read_each(
                Path(name),
                province=asked.province,
                as_of=asked.as_of,
                period=asked.period,
                today=settings.today(),
            )
            for saved, batch in zip(store.save_file(engine, batches, by=_who()), batches, strict=True):
                _report(saved, batch)
        except FileRefused as refusal:
            print(refusal, file=sys.stderr)
            _list(refusal.problems, sys.stderr)
            worst = REFUSED
            continue
        if any(problem.severity == "refused" for batch in batches for problem in batch.problems):
            worst = max(worst, SOME_REFUSED)
    return worst


def _who() -> str:
    """The account that imports; a container may have none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "không rõ"


def _report(saved: store.Saved, batch: Batch) -> None:
    if saved.already:
        print(f"{batch.file_name}: đã nạp trước đây (đợt {saved.batch_id}), không có gì thay đổi")
        return
    province = reference.provinces()[batch.province_code]
    parts = [f"{saved.written[table]} {words}" for table, words in TABLE_WORDS.items() if saved.written.get(table)]
    print(
        f"{batch.file_name}: đợt {saved.batch_id}, {province}, {batch.rows} dòng, "
        f"{', '.join(parts) or 'không có số liệu'}, {len(batch.problems)} vấn đề; phiên bản {saved.version}"
    )
    _list(list(batch.problems), sys.stdout)


def _list(problems: list[Any], to: Any) -> None:
    for problem in problems[:_LINES_SHOWN]:
        print(f"  {problem}", file=to)
    if len(problems) > _LINES_SHOWN:
        print(f"  … và {len(problems) - _LINES_SHOWN} vấn đề nữa", file=to)


def take_outlines(settings: Settings, asked: argparse.Namespace) -> int:
    """Take real outlines; says per province what matched, what is missing, what matches nothing."""
    taken = outlines.take(Path(asked.path), settings.outlines_dir)
    for one in taken:
        print(one)
    return SOME_REFUSED if any(one.missing or one.unmatched for one in taken) else DONE


def _readings(engine: Engine, province: str, until: date) -> pd.DataFrame:
    frame = read.latest_readings(engine, province, until)
    frame["value"] = [plain(measure, value) for measure, value in zip(frame["measure"], frame["value"], strict=True)]
    frame["value"] = frame["value"].astype(object)
    return frame


def _dossiers(engine: Engine, province: str, until: date) -> pd.DataFrame:
    frame = read.dossier_rows(engine, province, until).rename(columns={"period_from": "from", "period_to": "to"})
    counts = frame.columns.difference(["commune_code", "from", "to", "mean_days", "batch"])
    frame[counts] = frame[counts].astype("Int64")
    return frame


def _communes(_engine: Engine, province: str, _until: date) -> pd.DataFrame:
    return reference.communes_of(province).reset_index(names="commune_code").drop(columns="bare_name")


EXPORTS: dict[str, Callable[[Engine, str, date], pd.DataFrame]] = {
    "readings": _readings,
    "dossiers": _dossiers,
    "communes": _communes,
}


def export(settings: Settings, asked: argparse.Namespace) -> int:
    """Rows of one kind for one province, as CSV or as a JSON list; empty cells are what no source told."""
    if asked.province not in reference.provinces():
        raise DashboardError(f"Không có tỉnh mã {asked.province}; mã gồm hai chữ số, ví dụ 51 (Quảng Ngãi)")
    engine = store.open_store(settings.database_url)
    frame = EXPORTS[asked.what](engine, asked.province, asked.as_of or settings.today())
    for column in frame.select_dtypes("datetime"):
        frame[column] = frame[column].dt.strftime("%Y-%m-%d")
    rows = frame.astype(object).where(frame.notna(), None)
    if asked.format == "json":
        json.dump(rows.to_dict("records"), sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        rows = rows.map(lambda value: str(value).lower() if isinstance(value, bool) else value)
        rows.to_csv(sys.stdout, index=False, lineterminator="\n")
    return DONE
