"""Reading the files that offices send: `read_file` opens any of them, recognises its kind, reads
and checks.

Nothing here knows the store or the screen. Adding a kind of file is adding one folder in
`kinds/` whose `reader.py` has a `KIND`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard.batch import Batch
from dashboard.errors import FileRefused, Problem
from dashboard.messages import Message, join_messages, write_message
from dashboard.sources.formats import opening
from dashboard.sources.recognise import periods
from dashboard.sources.recognise.file_kinds import ImportContext, Layout
from dashboard.sources.recognise.kind_of_file import RecognisedFile, RecognisedTable, recognise_file
from dashboard.sources.recognise.table import SheetTable
from dashboard.sources.recognise.unused import (
    UnusedLayout,
    leave_drafts,
    list_unread_columns,
    list_unread_parts,
    tell_unused_layouts,
)

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
    that is no table, of no known kind, too large, being written, or of several provinces (see
    `read_file_by_province`).
    """
    batches = read_file_by_province(
        path, province=province, as_of=as_of, period=period, today=today, layouts=layouts
    )
    if len(batches) != 1:
        message = write_message("tệp có số liệu của {provinces} tỉnh", provinces=len(batches))
        raise FileRefused(
            path.name, message, write_message("hãy tách mỗi tỉnh một tệp hoặc thêm --province")
        )
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
    with opening.open_sheets(path) as sheets, opening.refuse_changes(path) as content:
        context = ImportContext(
            path.name,
            content.sha256,
            today or date.today(),
            province,
            as_of,
            period,
            path,
        )
        try:
            recognised = recognise_file(path.name, sheets, layouts)
        except FileRefused as refusal:
            raise _add_layout_reasons(refusal, tell_unused_layouts(sheets, layouts, None)) from None
        batches = _read_tables(recognised, context)
        unread = [
            *list_unread_parts(recognised),
            *map(_note_layout, tell_unused_layouts(sheets, layouts, recognised)),
        ]
    if unread:
        return [replace(batch, problems=_Joined(batch.problems, unread)) for batch in batches]
    return batches


def _add_layout_reasons(refusal: FileRefused, unused: list[UnusedLayout]) -> FileRefused:
    """A file of no known kind, with why the forms that were taught did not help."""
    message = join_messages("; ", [refusal.message, *map(_describe_layout, unused)])
    return FileRefused(refusal.file, message, refusal.remedy, refusal.problems)


def _describe_layout(layout: UnusedLayout) -> Message:
    return write_message('mẫu biểu "{layout}"{fault}', layout=layout.name, fault=layout.fault)


def _note_layout(layout: UnusedLayout) -> Problem:
    return Problem(
        _describe_layout(layout),
        write_message("hãy sửa mẫu biểu, hoặc bỏ nó nếu không cần"),
        severity="warning",
    )


def _read_tables(recognised: RecognisedFile, context: ImportContext) -> list[Batch]:
    """Every table of the file; those of one kind and province become one batch."""
    tables, drafts = leave_drafts(recognised.tables)
    tables, other_periods = _select_period(tables, context)
    other_periods += drafts
    sheet_names = {entry.table.sheet.name for entry in tables}
    batches: dict[tuple[str, str], list[Batch]] = {}
    for entry in tables:
        place = _name_table(entry.table, is_named=len(sheet_names) > 1)
        try:
            entry.table.refuse_rivals()
            table_batches = entry.file_kind.read(entry.table, context)
        except FileRefused as refusal:
            if not place:
                raise
            message = join_messages(": ", [place, refusal.message])
            raise FileRefused(refusal.file, message, refusal.remedy, refusal.problems) from refusal
        unread = [*list_unread_columns(entry.table), *other_periods]
        other_periods = []
        for batch in table_batches:
            if place:
                noted = [_name_place(problem, place) for problem in (*batch.problems, *unread)]
                batch = replace(batch, problems=noted)
            elif unread:
                batch = replace(batch, problems=_Joined(batch.problems, unread))
            batches.setdefault((batch.province_code, batch.file_kind), []).append(batch)
    return [_merge_batches(same) for same in batches.values()]


def _find_own_period(entry: RecognisedTable) -> tuple[date, date] | None:
    if not entry.file_kind.has_period:
        return None
    return periods.find_period_in_title(entry.table.head.titles)


def _select_period(
    tables: Sequence[RecognisedTable], context: ImportContext
) -> tuple[list[RecognisedTable], list[Problem]]:
    """The tables of the period that the caller named, where several say theirs themselves: the
    figures of September are none of October because October was asked for."""
    spans = [_find_own_period(entry) for entry in tables]
    stated = list(dict.fromkeys(span for span in spans if span))
    if context.period is None or len(stated) < 2:
        return list(tables), []
    named = [
        write_message("{first:%d/%m/%Y} – {last:%d/%m/%Y}", first=first, last=last)
        for first, last in stated
    ]
    kept = [
        entry for entry, span in zip(tables, spans, strict=True) if span in (None, context.period)
    ]
    if context.period not in stated:
        message = write_message(
            "tệp có các bảng của nhiều kỳ ({periods}), không bảng nào của kỳ ghi ở --period",
            periods=named,
        )
        raise FileRefused(
            context.file_name, message, write_message("hãy bỏ --period hoặc ghi đúng kỳ")
        )
    skipped = len(tables) - len(kept)
    message = write_message(
        "không đọc {tables} bảng của kỳ khác --period (tệp có các kỳ {periods})",
        tables=skipped,
        periods=named,
    )
    return kept, [
        Problem(message, write_message("hãy bỏ --period để đọc mọi kỳ"), severity="warning")
    ]


def _name_table(table: SheetTable, *, is_named: bool) -> Message | None:
    """Where a table stands, for messages; None where there is no other."""
    words = []
    if is_named:
        words.append(write_message('trang "{sheet}"', sheet=table.sheet.name))
    if table.sheet.is_part:
        words.append(write_message("bảng có tiêu đề ở dòng {row}", row=table.head.first_row))
    return join_messages(", ", words) if words else None


def _name_place(problem: Problem, place: Message) -> Problem:
    return replace(problem, message=join_messages(": ", [place, problem.message]))


class _Joined(Sequence[Problem]):
    """Problems of a batch, which may grow until its last dossier is read, and further ones."""

    def __init__(self, growing: Sequence[Problem], further: Sequence[Problem]):
        self._growing = growing
        self._further = further

    def __len__(self) -> int:
        return len(self._growing) + len(self._further)

    def __getitem__(self, index: Any) -> Any:
        return [*self._growing, *self._further][index]


class _ChainedDossiers:
    """The dossiers of several tables, one after the other."""

    def __init__(self, parts: Sequence[Iterable[pd.DataFrame]]):
        self._parts = parts

    def __iter__(self) -> Iterator[pd.DataFrame]:
        return chain.from_iterable(self._parts)


_KEYS = {
    "readings": ["commune_code", "measure", "basis", "as_of"],
    "dossiers": ["accepting_unit", "deciding_unit", "period_from", "period_to"],
    "certificates": ["commune_code", "as_of"],
    "follow_ups": ["follow_up_id"],
    "support_steps": ["request_id", "step", "stepped_at"],
    "feedback": ["commune_code", "period_from", "period_to"],
}


# Things with a life: the state that stands last counts.
_STATE_KEYS = {
    "weak_entries": "entry_id",
    "teams": "team_id",
    "team_days": "day_id",
    "resources": "resource_id",
}


def _join_states(frames: Sequence[pd.DataFrame], key: str) -> pd.DataFrame:
    return pd.concat(frames, ignore_index=True).drop_duplicates(key, keep="last", ignore_index=True)


def _merge_batches(batches: list[Batch]) -> Batch:
    """Several tables as one batch. What two of them tell differently of one unit and day is for
    nobody to choose: neither is taken."""
    if len(batches) == 1:
        return batches[0]
    problems = [problem for batch in batches for problem in batch.problems]
    frames: dict[str, Any] = {}
    for part, key in _KEYS.items():
        together = pd.concat(
            [frame for batch in batches if len(frame := getattr(batch, part))]
            or [getattr(batches[0], part)],
            ignore_index=True,
        ).drop_duplicates(ignore_index=True)
        doubtful = together.duplicated(key, keep=False)
        if doubtful.any():
            problems.append(
                Problem(
                    write_message(
                        "{values} giá trị của cùng đơn vị và cùng ngày khác nhau giữa các trang "
                        "hoặc bảng; không nhận giá trị nào trong đó",
                        values=int(doubtful.sum()),
                    ),
                    write_message(
                        "hãy giữ lại một bảng đúng, hoặc ghi ngày của từng bảng vào tiêu đề"
                    ),
                )
            )
        frames[part] = together[~doubtful].reset_index(drop=True)
    spans = [batch.period for batch in batches if batch.period]
    agencies = pd.concat([batch.agencies for batch in batches], ignore_index=True)
    return replace(
        batches[0],
        as_of=max(batch.as_of for batch in batches),
        rows=sum(batch.rows for batch in batches),
        period=max(spans, key=lambda period: period[1]) if spans else None,
        agencies=agencies.drop_duplicates(ignore_index=True),
        visits=pd.concat([batch.visits for batch in batches], ignore_index=True),
        **{
            part: _join_states([getattr(batch, part) for batch in batches], key)
            for part, key in _STATE_KEYS.items()
        },
        # Logs of two lines of one commune may tell of one moment: that is one stretch.
        outages=pd.concat([batch.outages for batch in batches], ignore_index=True).drop_duplicates(
            ["commune_code", "began_at"], ignore_index=True
        ),
        singles=_ChainedDossiers([batch.singles for batch in batches]),
        problems=problems,
        **frames,
    )
