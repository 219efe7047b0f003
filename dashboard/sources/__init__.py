"""Reading the files that offices send: `read` opens any of them, recognises its kind, reads and checks.

Nothing here knows the store or the screen. Adding a kind of file is adding one module with a `KIND`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from dashboard.batch import Batch
from dashboard.errors import FileRefused, Problem
from dashboard.sources import files
from dashboard.sources.kinds import Given, Layout, recognise

__all__ = ["read", "read_each"]


def read(
    path: Path,
    *,
    province: str | None = None,
    as_of: date | None = None,
    period: tuple[date, date] | None = None,
    today: date | None = None,
    layouts: Sequence[Layout] = (),
) -> Batch:
    """What one file of one province says; problems that a clerk can mend stand in `Batch.problems`.

    `province` (code or name), `as_of` and `period` (first and last day) help where the file does not
    say them; `today` is for judging dates in the future; `layouts` are forms that an administrator taught
    (`layouts.in_use`). Raises FileRefused, in Vietnamese, for
    a file that is no table, of no known kind, too large, or of several provinces (see `read_each`).
    """
    batches = read_each(path, province=province, as_of=as_of, period=period, today=today, layouts=layouts)
    if len(batches) != 1:
        message = f"tệp có số liệu của {len(batches)} tỉnh"
        raise FileRefused(path.name, message, "hãy tách mỗi tỉnh một tệp hoặc thêm --province")
    return batches[0]


def read_each(
    path: Path,
    *,
    province: str | None = None,
    as_of: date | None = None,
    period: tuple[date, date] | None = None,
    today: date | None = None,
    layouts: Sequence[Layout] = (),
) -> list[Batch]:
    """Like `read` for a file that may cover several provinces: one batch for each, at least one."""
    with files.opened(path) as sheets:
        given = Given(path.name, files.digest(path), today or date.today(), province, as_of, period, path)
        found = recognise(path.name, sheets, layouts)
        batches = found.kind.read(found.table, given)
    if not found.others:
        return batches
    named = ", ".join(f'"{name}"' for name in found.others)
    message = f'chỉ đọc trang "{found.table.sheet.name}"; trang {named} cũng có bảng cùng loại'
    note = Problem(message, "hãy tách các trang đó thành tệp riêng nếu cần", severity="warning")
    return [replace(batch, problems=(*batch.problems, note)) for batch in batches]
