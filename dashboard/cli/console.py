"""How a result is told on the terminal: one line a file, its problems below, an exit status at the
end.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from dashboard import outlines, reference, store, text
from dashboard.batch import Batch
from dashboard.errors import DashboardError, Problem

DONE = 0
SOME_REFUSED = 1
REFUSED = 2
TABLE_WORDS = {
    "reading": "số đo",
    "dossier_count": "dòng số lượng hồ sơ",
    "dossier": "hồ sơ",
    "certificate_count": "dòng chứng thư số",
    "visit": "kết quả kiểm tra",
    "follow_up": "việc hứa",
    "support_step": "bước của yêu cầu hỗ trợ",
    "weak_entry": "mục danh sách đơn vị yếu",
    "team": "tổ công tác",
    "team_day": "ngày đi của tổ",
    "field_resource": "nguồn lực hỗ trợ",
    "feedback": "dòng phản ánh, kiến nghị",
}
# A file with a thousand bad rows fails for one reason; the store keeps all of them, the screen the
# first.
_LINES_SHOWN = 40
_CONTROL_CHARACTERS = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def check_province(code: str | None) -> None:
    """Raises DashboardError, one plain line, for a code that no province has."""
    if code and code not in reference.load_province_names():
        raise DashboardError(
            f"Không có tỉnh mã {make_printable(code)}; mã gồm hai chữ số, ví dụ 51 (Quảng Ngãi)"
        )


def make_printable(name: str) -> str:
    """A name from outside without line ends and control characters, which could forge lines of
    ours.
    """
    return _CONTROL_CHARACTERS.sub("?", name)


def write_whole_file(path: Path, content: bytes) -> None:
    """The file, whole or as it was before. Raises DashboardError, one plain line."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.write_bytes(content)
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise DashboardError(
            f"Không ghi được {make_printable(str(path))} ({error.strerror}); "
            "hãy chọn nơi khác bằng --output"
        ) from error


def describe_saved_batch(saved_batch: store.SavedBatch, batch: Batch) -> str:
    """One line: what became of a batch."""
    name = make_printable(batch.file_name)
    if saved_batch.already:
        return f"{name}: đã nạp trước đây (đợt {saved_batch.batch_id}), không có gì thay đổi"
    province = reference.load_province_names()[batch.province_code]
    parts = [
        f"{saved_batch.written[table]} {words}"
        for table, words in TABLE_WORDS.items()
        if saved_batch.written.get(table)
    ]
    return (
        f"{name}: đợt {saved_batch.batch_id}, {province}, {batch.rows} dòng, "
        f"{', '.join(parts) or 'không có số liệu'}, {len(batch.problems)} vấn đề; phiên bản "
        f"{saved_batch.version}"
    )


def find_exit_status(batches: Iterable[Batch]) -> int:
    """1 where a row or cell of any batch was refused, else 0."""
    refused = any(problem.severity == "refused" for batch in batches for problem in batch.problems)
    return SOME_REFUSED if refused else DONE


def describe_problems(problems: Sequence[Problem], most: int = _LINES_SHOWN) -> list[str]:
    """The first problems, one line each, and how many more there are."""
    lines = [f"  {make_printable(str(problem))}" for problem in problems[:most]]
    if len(problems) > most:
        lines.append(f"  … và {text.format_number(len(problems) - most)} vấn đề nữa")
    return lines


def describe_imported_outlines(imported: outlines.ImportedOutlines) -> list[str]:
    """What became of one province: how many matched, who is missing, what matches nothing, what to
    look at.
    """
    total = len(imported.matched) + len(imported.missing)
    lines = [
        f"{imported.province_name}: {len(imported.matched)}/{total} đơn vị khớp, "
        f"{text.format_number(imported.bytes / 1000)} kB, "
        f"ghi vào {imported.path.name}; bản đồ đang mở đổi theo"
    ]
    if imported.missing:
        lines.append(
            f"  thiếu {len(imported.missing)} đơn vị (giữ ranh giới dạng sơ đồ): "
            f"{', '.join(imported.missing)}"
        )
    if imported.unmatched:
        lines.append(f"  {len(imported.unmatched)} đối tượng không khớp đơn vị nào:")
        lines += describe_problems(imported.unmatched)
    if imported.notes:
        lines.append("  cần xem lại:")
        lines += describe_problems(imported.notes)
    return lines


def format_table(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    """Rows in columns as wide as their widest cell; numbers stand to the right."""
    cells = [
        list(heads),
        *([make_printable("" if cell is None else str(cell)) for cell in row] for row in rows),
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


def print_lines(lines: Iterable[str], stream: Any = None) -> None:
    for line in lines:
        print(line, file=stream or sys.stdout)
