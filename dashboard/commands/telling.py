"""How a result is told on the terminal: one line a file, its problems below, an exit status at the end."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from dashboard import outlines, reference, store, text
from dashboard.batch import Batch
from dashboard.errors import DashboardError, Problem

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
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def known_province(code: str | None) -> None:
    """Raises DashboardError, one plain line, for a code that no province has."""
    if code and code not in reference.provinces():
        raise DashboardError(f"Không có tỉnh mã {printable(code)}; mã gồm hai chữ số, ví dụ 51 (Quảng Ngãi)")


def printable(name: str) -> str:
    """A name from outside without line ends and control characters, which could forge lines of ours."""
    return _CONTROL.sub("?", name)


def saved(told: store.Saved, batch: Batch) -> str:
    """One line: what became of a batch."""
    name = printable(batch.file_name)
    if told.already:
        return f"{name}: đã nạp trước đây (đợt {told.batch_id}), không có gì thay đổi"
    province = reference.provinces()[batch.province_code]
    parts = [f"{told.written[table]} {words}" for table, words in TABLE_WORDS.items() if told.written.get(table)]
    return (
        f"{name}: đợt {told.batch_id}, {province}, {batch.rows} dòng, "
        f"{', '.join(parts) or 'không có số liệu'}, {len(batch.problems)} vấn đề; phiên bản {told.version}"
    )


def status_of(batches: Iterable[Batch]) -> int:
    """1 where a row or cell of any batch was refused, else 0."""
    refused = any(problem.severity == "refused" for batch in batches for problem in batch.problems)
    return SOME_REFUSED if refused else DONE


def problems(told: Sequence[Problem], most: int = _LINES_SHOWN) -> list[str]:
    """The first problems, one line each, and how many more there are."""
    lines = [f"  {printable(str(problem))}" for problem in told[:most]]
    if len(told) > most:
        lines.append(f"  … và {text.number(len(told) - most)} vấn đề nữa")
    return lines


def outlines_taken(told: outlines.Taken) -> list[str]:
    """What became of one province: how many matched, who is missing, what matches nothing, what to look at."""
    whole = len(told.matched) + len(told.missing)
    lines = [
        f"{told.province_name}: {len(told.matched)}/{whole} xã khớp, {text.number(told.bytes / 1000)} kB, "
        f"ghi vào {told.path.name}; bản đồ đang mở đổi theo"
    ]
    if told.missing:
        lines.append(f"  thiếu {len(told.missing)} xã (giữ ranh giới sơ đồ): {', '.join(told.missing)}")
    if told.unmatched:
        lines.append(f"  {len(told.unmatched)} đối tượng không khớp xã nào:")
        lines += problems(told.unmatched)
    if told.notes:
        lines.append("  cần xem lại:")
        lines += problems(told.notes)
    return lines


def table(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    """Rows in columns as wide as their widest cell; numbers stand to the right."""
    cells = [list(heads), *([printable("" if cell is None else str(cell)) for cell in row] for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(heads))]
    right = [bool(rows) and all(isinstance(row[place], int) for row in rows) for place in range(len(heads))]
    return [
        "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in cells
    ]


def say(lines: Iterable[str], to: Any = None) -> None:
    for line in lines:
        print(line, file=to or sys.stdout)
