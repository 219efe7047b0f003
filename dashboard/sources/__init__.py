"""Reading the files that offices send: `read_file` opens any of them, recognises its kind, reads
and checks.

Nothing here knows the store or the screen. Adding a kind of file is adding one folder in
`kinds/` whose `reader.py` has a `KIND`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from dashboard.batch import Batch
from dashboard.errors import FileRefused, Problem
from dashboard.sources.formats import opening
from dashboard.sources.recognise.file_kinds import ImportContext, Layout, recognise_file

__all__ = ["read_file", "read_file_by_province"]


def read_file(
    path: Path,
    *,
    province: str | None = None,
    as_of: date | None = None,
    period: tuple[date, date] | None = None,
    today: date | None = None,
    layouts: Sequence[Layout] = (),
) -> Batch:
    """What one file of one province says; problems that a clerk can mend stand in `Batch.problems`.

    `province` (code or name), `as_of` and `period` (first and last day) help where the file does
    not say them; `today` is for judging dates in the future; `layouts` are forms that an
    administrator taught (`layouts.load_layouts`). Raises FileRefused, in Vietnamese, for a file
    that is no table, of no known kind, too large, or of several provinces (see
    `read_file_by_province`).
    """
    batches = read_file_by_province(
        path, province=province, as_of=as_of, period=period, today=today, layouts=layouts
    )
    if len(batches) != 1:
        message = f"tệp có số liệu của {len(batches)} tỉnh"
        raise FileRefused(path.name, message, "hãy tách mỗi tỉnh một tệp hoặc thêm --province")
    return batches[0]


def read_file_by_province(
    path: Path,
    *,
    province: str | None = None,
    as_of: date | None = None,
    period: tuple[date, date] | None = None,
    today: date | None = None,
    layouts: Sequence[Layout] = (),
) -> list[Batch]:
    """Like `read_file` for a file that may cover several provinces: one batch for each, at least
    one.
    """
    with opening.open_sheets(path) as sheets:
        context = ImportContext(
            path.name,
            opening.digest_file(path),
            today or date.today(),
            province,
            as_of,
            period,
            path,
        )
        recognised = recognise_file(path.name, sheets, layouts)
        batches = recognised.file_kind.read(recognised.table, context)
    if not recognised.others:
        return batches
    other_sheets = ", ".join(f'"{name}"' for name in recognised.others)
    message = (
        f'chỉ đọc trang "{recognised.table.sheet.name}"'
        f"; trang {other_sheets} cũng có bảng cùng loại"
    )
    problem = Problem(message, "hãy tách các trang đó thành tệp riêng nếu cần", severity="warning")
    return [replace(batch, problems=(*batch.problems, problem)) for batch in batches]
