"""How a result is told on the terminal: one line a file, its problems below, an exit status at the
end.
"""

from __future__ import annotations

import getpass
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine

from dashboard import reference, store
from dashboard.batch import Batch
from dashboard.cli.language import translate_message
from dashboard.errors import DashboardError, Problem
from dashboard.messages import Message, join_messages, write_message
from dashboard.settings import Settings
from dashboard.store.audit import Author

if TYPE_CHECKING:
    from dashboard.outlines.import_outlines import ImportedOutlines

DONE = 0
SOME_REFUSED = 1
REFUSED = 2
TABLE_WORDS = {
    "reading": write_message("số đo"),
    "dossier_count": write_message("dòng số lượng hồ sơ"),
    "dossier": write_message("hồ sơ"),
    "certificate_count": write_message("dòng chứng thư số"),
    "visit": write_message("kết quả kiểm tra"),
    "follow_up": write_message("việc hứa"),
    "support_step": write_message("bước của yêu cầu hỗ trợ"),
    "weak_entry": write_message("mục danh sách đơn vị yếu"),
    "team": write_message("tổ công tác"),
    "team_day": write_message("ngày đi của tổ"),
    "field_resource": write_message("nguồn lực hỗ trợ"),
    "feedback": write_message("dòng phản ánh, kiến nghị"),
}
# A file with a thousand bad rows fails for one reason; the store keeps all of them, the screen the
# first.
_LINES_SHOWN = 40
_PLACES_SHOWN = 5
_CONTROL_CHARACTERS = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


@contextmanager
def use_store(settings: Settings) -> Iterator[Engine]:
    """The store, for as long as a command needs it. Raises StoreUnavailable, one plain line."""
    engine = store.open_store(settings.database_url)
    try:
        yield engine
    finally:
        engine.dispose()


def make_write_turn(settings: Settings, label: str) -> store.WriteTurn:
    """The turn of a command that says on standard error for whom it waits."""
    return store.WriteTurn(
        make_printable(label),
        settings.lock_wait,
        lambda line: print(translate_message(line), file=sys.stderr, flush=True),
    )


def find_account_name() -> str:
    """The account that gives the command; a container may have none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "không rõ"


def find_terminal_author() -> Author:
    """Whom the audit names for what a command changes."""
    return Author(find_account_name())


def check_province(code: str | None) -> None:
    """Raises DashboardError, one plain line, for a code that no province has."""
    if code and code not in reference.load_province_names():
        raise DashboardError(
            write_message(
                "Không có tỉnh mã {code}; mã gồm hai chữ số, ví dụ 51 (Quảng Ngãi)",
                code=make_printable(code),
            )
        )


def make_printable(name: str) -> str:
    """A line or a name from outside as this terminal speaks, without line ends and control
    characters, which could forge lines of ours.
    """
    return _CONTROL_CHARACTERS.sub("?", translate_message(name))


def write_whole_file(path: Path, content: bytes) -> None:
    """The file, whole or as it was before. Raises DashboardError, one plain line."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.write_bytes(content)
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise DashboardError(
            write_message(
                "Không ghi được {path} ({strerror}); hãy chọn nơi khác bằng --output",
                path=make_printable(str(path)),
                strerror=error.strerror,
            )
        ) from error


def describe_saved_batch(saved_batch: store.SavedBatch, batch: Batch) -> str:
    """One line: what became of a batch."""
    name = make_printable(batch.file_name)
    if saved_batch.already:
        return write_message(
            "{name}: đã nạp trước đây (đợt {batch_id}), không có gì thay đổi",
            name=name,
            batch_id=saved_batch.batch_id,
        )
    province = reference.load_province_names()[batch.province_code]
    parts = [
        write_message("{count} {words}", count=saved_batch.written[table], words=words)
        for table, words in TABLE_WORDS.items()
        if saved_batch.written.get(table)
    ]
    return write_message(
        "{name}: đợt {batch_id}, {province}, {rows} dòng, {parts}, {problems} "
        "vấn đề; phiên bản {version}",
        name=name,
        batch_id=saved_batch.batch_id,
        province=province,
        rows=batch.rows,
        parts=parts or write_message("không có số liệu"),
        problems=len(batch.problems),
        version=saved_batch.version,
    )


def find_exit_status(batches: Iterable[Batch]) -> int:
    """1 where a row or cell of any batch was refused, else 0."""
    refused = any(problem.severity == "refused" for batch in batches for problem in batch.problems)
    return SOME_REFUSED if refused else DONE


def describe_problems(problems: Sequence[Problem], most: int = _LINES_SHOWN) -> list[Message]:
    """The first problems, one line a kind with its places, and how many more there are."""
    groups: dict[tuple[object, ...], list[Problem]] = {}
    for problem in problems:
        groups.setdefault(_key_kind(problem), []).append(problem)
    shown = list(groups.values())[:most]
    lines = [write_message("  {problem}", problem=_describe_group(group)) for group in shown]
    if unshown := len(problems) - sum(map(len, shown)):
        lines.append(write_message("  … và {problems:,} vấn đề nữa", problems=unshown))
    return lines


def _key_kind(problem: Problem) -> tuple[object, ...]:
    """What two problems share of which one cause, mended in one way, is to be told once."""
    place = problem.column if problem.value is not None or problem.column is None else None
    return place, problem.message, problem.remedy, problem.severity


def _describe_group(group: Sequence[Problem]) -> Message:
    """Problems of one kind in one line, with the first places."""
    first = group[0]
    if len(group) == 1:
        return first.as_message()
    rows = list(dict.fromkeys(problem.row for problem in group if problem.row is not None))
    columns = list(dict.fromkeys(problem.column for problem in group if problem.column))
    places: list[Message] = []
    if rows:
        places.append(write_message("dòng {rows}", rows=_name_first(rows)))
    if columns:
        quoted = [f'"{column}"' for column in columns]
        places.append(write_message("cột {columns}", columns=_name_first(quoted)))
    if max(len(rows), len(columns)) > _PLACES_SHOWN:
        places.append(write_message("{count:,.0f} chỗ", count=len(group)))
    cells = list(dict.fromkeys(problem.value for problem in group if problem.value is not None))
    value = '", "'.join(map(str, _name_first(cells))) if cells else None
    what = replace(first, row=None, column=None, value=value).as_message()
    return join_messages(": ", [join_messages(", ", places), what]) if places else what


def _name_first(names: Sequence[object]) -> list[object]:
    return [*names[:_PLACES_SHOWN], *(["…"] if len(names) > _PLACES_SHOWN else [])]


def describe_imported_outlines(imported: ImportedOutlines) -> list[str]:
    """What became of one province: how many matched, who is missing, what matches nothing, what to
    look at.
    """
    total = len(imported.matched) + len(imported.missing)
    lines: list[str] = [
        write_message(
            "{province_name}: {matched}/{total} đơn vị khớp, {bytes:,.0f} kB, ghi vào "
            "{path}; bản đồ đang mở đổi theo",
            province_name=imported.province_name,
            matched=len(imported.matched),
            total=total,
            bytes=imported.bytes / 1000,
            path=imported.path.name,
        )
    ]
    if imported.missing:
        lines.append(
            write_message(
                "  thiếu {count} đơn vị (giữ ranh giới dạng sơ đồ): {names}",
                count=len(imported.missing),
                names=imported.missing,
            )
        )
    if imported.unmatched:
        lines.append(
            write_message(
                "  {unmatched} đối tượng không khớp đơn vị nào:", unmatched=len(imported.unmatched)
            )
        )
        lines += describe_problems(imported.unmatched)
    if imported.notes:
        lines.append(write_message("  cần xem lại:"))
        lines += describe_problems(imported.notes)
    return lines


def format_table(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    """Rows in columns as wide as their widest cell; numbers stand to the right."""
    cells = [
        [translate_message(head) for head in heads],
        *([_format_cell(cell) for cell in row] for row in rows),
    ]
    widths = [max(len(line[column]) for line in cells) for column in range(len(heads))]
    right = [
        bool(rows) and all(isinstance(row[column], int) for row in rows)
        for column in range(len(heads))
    ]
    return [
        "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in cells
    ]


def _format_cell(cell: Any) -> str:
    if cell is None:
        return ""
    return make_printable(cell if isinstance(cell, str) else str(cell))


def print_lines(lines: Iterable[str], stream: Any = None) -> None:
    """The lines as this terminal speaks; what they quote forges no lines of ours."""
    for line in lines:
        print(make_printable(line), file=stream or sys.stdout)
