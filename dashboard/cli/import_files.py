"""`import` and `outlines`: what offices send, each file in a transaction of its own; `--dry-run`
says what would change and changes nothing.
"""

from __future__ import annotations

import argparse
import calendar
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from dashboard import reference, sources, store
from dashboard.batch import Batch
from dashboard.cli import console
from dashboard.errors import FileRefused
from dashboard.file_kinds import KIND_NAMES
from dashboard.measures import MEASURES
from dashboard.messages import write_message
from dashboard.outlines.import_outlines import import_office_outlines
from dashboard.settings import Settings
from dashboard.sources.recognise.file_kinds import Layout, find_field_by_heading
from dashboard.sources.recognise.layouts import load_layouts, locate_layout_file
from dashboard.store import StoreUnavailable, dry_run

# `import --dry-run`: what a file would change, told per commune and per measure; nothing is
# changed.

_DRY_RUN_HEADS = (
    write_message("chỉ tiêu"),
    write_message("mới"),
    write_message("thay đổi"),
    write_message("giữ nguyên"),
    write_message("bị từ chối"),
)
_PART_PREFIXES = {
    "readings": "",
    "dossiers": write_message("hồ sơ: "),
    "certificates": write_message("chứng thư số: "),
    "singles": "",
    "follow_ups": "",
    "support_steps": "",
    "weak_entries": "",
    "teams": "",
    "team_days": "",
    "resources": "",
    "feedback": "",
}
_COUNT_WORDS = {
    **console.TABLE_WORDS,
    "received": write_message("tiếp nhận"),
    "received_online": write_message("tiếp nhận trực tuyến"),
    "received_in_person": write_message("tiếp nhận trực tiếp"),
    "received_post": write_message("tiếp nhận qua BCCI"),
    "received_other": write_message("tiếp nhận trực tiếp, BCCI"),
    "carried_over": write_message("kỳ trước chuyển sang"),
    "resolved": write_message("đã giải quyết"),
    "resolved_early": write_message("giải quyết trước hạn"),
    "resolved_on_time": write_message("giải quyết đúng hạn"),
    "resolved_late": write_message("giải quyết quá hạn"),
    "open": write_message("đang giải quyết"),
    "open_in_term": write_message("đang giải quyết trong hạn"),
    "open_overdue": write_message("đang giải quyết quá hạn"),
    "paused": write_message("tạm dừng"),
    "digitised": write_message("số hóa khi tiếp nhận"),
    "e_result": write_message("cấp kết quả điện tử"),
    "on_time_766": write_message("đúng hạn (Bộ chỉ số 766)"),
    "no_due_day": write_message("không có ngày hẹn trả"),
    "no_finish_day": write_message("đã giải quyết, không có ngày trả"),
    "active": write_message("đang hoạt động"),
    "locked": write_message("đang khóa"),
    "revoked": write_message("đã thu hồi"),
    "expired": write_message("hết hạn"),
    "expiring_30": write_message("hết hạn trong 30 ngày"),
    "expiring_60": write_message("hết hạn trong 60 ngày"),
}


def describe_dry_run(
    engine: Engine, batches: Sequence[Batch], layouts: Sequence[Layout], turn: store.WriteTurn
) -> list[str]:
    """What each batch would change, as lines for a person."""
    lines: list[str] = []
    for batch, result in zip(batches, dry_run.compare_batches(engine, batches, turn), strict=True):
        lines += _describe_batch(batch, result, layouts)
    return lines


def describe_stepping_aside(engine: Engine, batches: Sequence[Batch]) -> list[str]:
    """That a first real file makes simulated figures step aside, and what the screens will then
    show, a line a province; said before it happens."""
    simulated = store.list_simulated_provinces(engine)
    lines: list[str] = []
    for province in dict.fromkeys(batch.province_code for batch in batches):
        if province not in simulated:
            continue
        kinds = [batch.file_kind for batch in batches if batch.province_code == province]
        shown = list(dict.fromkeys(KIND_NAMES.get(kind, kind) for kind in kinds))
        lines.append(
            write_message(
                "{province} đang hiện số liệu mô phỏng. Đây là tệp thật đầu tiên của "
                "tỉnh: nạp xong, số liệu mô phỏng không hiện nữa, màn hình chỉ còn "
                '{shown}; các phần khác ghi "chưa có dữ liệu" cho đến khi có tệp.',
                province=reference.load_province_names()[province],
                shown=shown,
            )
        )
    return lines


def _describe_batch(
    batch: Batch, result: dry_run.DryRunResult, layouts: Sequence[Layout]
) -> list[str]:
    name = console.make_printable(batch.file_name)
    province = reference.load_province_names()[batch.province_code]
    if result.already is not None:
        return [
            write_message(
                "{name}: chạy thử, {province}: đã nạp trước đây (đợt {already}), không "
                "có gì thay đổi",
                name=name,
                province=province,
                already=result.already,
            )
        ]
    new, changed, unchanged = (result.communes.get(outcome, 0) for outcome in dry_run.OUTCOMES)
    refused = count_refused(batch, layouts)
    return [
        write_message(
            "{name}: chạy thử, {province}, {rows} dòng, {problems} vấn đề; kho dữ "
            "liệu không thay đổi",
            name=name,
            province=province,
            rows=batch.rows,
            problems=len(batch.problems),
        ),
        write_message(
            "  đơn vị: {new} mới, {changed} thay đổi, {unchanged} giữ nguyên, {refused}"
            " dòng bị từ chối",
            new=new,
            changed=changed,
            unchanged=unchanged,
            refused=refused.pop("", 0),
        ),
        *(f"  {line}" for line in _tabulate_outcomes(result, refused)),
        *console.describe_problems(batch.problems),
    ]


def _tabulate_outcomes(result: dry_run.DryRunResult, refused: Counter[str]) -> list[str]:
    rows = list_outcome_rows(result, refused)
    return console.format_table(_DRY_RUN_HEADS, rows) if rows else []


def list_outcome_rows(
    result: dry_run.DryRunResult, refused: Counter[str]
) -> list[tuple[str, int, int, int, int]]:
    """A row a measure or count: its name, how many values are new, changed, unchanged, refused."""
    rows: dict[tuple[str, str], dict[str, int]] = {}
    for row in result.values.itertuples():
        rows.setdefault((row.part, row.name), {})[row.outcome] = int(row.values)
    cells: list[tuple[str, int, int, int, int]] = []
    order = [(part, code) for part in _PART_PREFIXES for code in (*MEASURES, *_COUNT_WORDS)]
    for part, code in sorted(rows, key=order.index):
        counts = rows[part, code]
        new, changed, unchanged = (counts.get(outcome, 0) for outcome in dry_run.OUTCOMES)
        name = write_message("{part}{field}", part=_PART_PREFIXES[part], field=_name_field(code))
        cells.append((name, new, changed, unchanged, refused.pop(code, 0)))
    cells += [(_name_field(code), 0, 0, 0, count) for code, count in refused.items()]
    return cells


def count_refused(batch: Batch, layouts: Sequence[Layout]) -> Counter[str]:
    """Refused cells per measure or count; under "" refused rows (a commune that nobody knows)."""
    refused_counts: Counter[str] = Counter()
    for problem in batch.problems:
        if problem.severity == "refused":
            field = find_field_by_heading(batch.file_kind, problem.column or "", layouts)
            refused_counts[field if field in MEASURES or field in _COUNT_WORDS else ""] += 1
    return refused_counts


def _name_field(code: str) -> str:
    return MEASURES[code].name if code in MEASURES else _COUNT_WORDS.get(code, code)


def parse_period_option(written: str) -> tuple[date, date]:
    """`2026-08` or `2026-08-01..2026-08-31` as first and last day. Raises ValueError."""
    if ".." in written:
        first, last = (date.fromisoformat(day) for day in written.split("..", 1))
    else:
        first = date.fromisoformat(f"{written}-01")
        last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    if last < first:
        raise ValueError(written)
    return first, last


def import_files(settings: Settings, options: argparse.Namespace) -> int:
    """Read each file in a transaction of its own; a refused file leaves the store as it was."""
    console.check_province(options.province)
    layouts = load_layouts(locate_layout_file(options.layout, options.files))
    engine = store.open_store_for_trial(settings.database_url)
    worst = console.DONE
    for name in options.files:
        try:
            batches = _read_batches(Path(name), settings, options, layouts)
            turn = console.make_write_turn(settings, f"import {Path(name).name}")
            console.print_lines(describe_stepping_aside(engine, batches))
            if options.dry_run:
                console.print_lines(describe_dry_run(engine, batches, layouts, turn))
            else:
                console.print_lines(_save_batches(engine, batches, turn))
            worst = max(worst, console.find_exit_status(batches))
        except FileRefused as refusal:
            console.print_lines(
                [
                    refusal.args[0],
                    *console.describe_problems(refusal.problems),
                ],
                sys.stderr,
            )
            worst = console.REFUSED
        except StoreUnavailable as error:  # the other files may have more luck
            line = write_message("{name}: {reason}", name=name, reason=error.args[0])
            console.print_lines([line], sys.stderr)
            worst = console.REFUSED
    engine.dispose()
    return worst


def _read_batches(
    path: Path, settings: Settings, options: argparse.Namespace, layouts: tuple[Layout, ...]
) -> list[Batch]:
    return sources.read_file_by_province(
        path,
        province=options.province,
        as_of=options.as_of,
        period=options.period,
        today=settings.today(),
        layouts=layouts,
    )


def _save_batches(engine: Engine, batches: list[Batch], turn: store.WriteTurn) -> list[str]:
    lines: list[str] = []
    for saved, batch in zip(
        store.save_batches(engine, batches, by=console.find_account_name(), turn=turn),
        batches,
        strict=True,
    ):
        lines.append(console.describe_saved_batch(saved, batch))
        if not saved.already:
            lines += console.describe_problems(batch.problems)
    return lines


def replace_outlines(settings: Settings, options: argparse.Namespace) -> int:
    """Take real outlines; says per province what matched, what is missing, what matches nothing."""
    imported = import_office_outlines(Path(options.path), settings.outlines_dir)
    for province_outlines in imported:
        console.print_lines(console.describe_imported_outlines(province_outlines))
    if any(
        province_outlines.missing or province_outlines.unmatched for province_outlines in imported
    ):
        return console.SOME_REFUSED
    return console.DONE
