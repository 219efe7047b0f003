"""What the columns of a table say as wholes, before any cell of them is read: units, decimal marks,
the order of day and month.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboard import text
from dashboard.errors import FileRefused
from dashboard.messages import Message, write_message
from dashboard.sources.cells import days, number_columns, values
from dashboard.sources.cells.date_columns import judge_date_order
from dashboard.sources.formats.sheet import Cell, SheetRow
from dashboard.sources.recognise.table import SheetTable

# More devices or people than any commune has; an administrator's year is well below a province's.
MOST_OF_A_COMMUNE = 10_000
MOST_DOSSIERS = 5_000_000
READ_MONTH_FIRST = (
    write_message("chỉ có thể ghi tháng trước ngày (tháng/ngày/năm); đã đọc theo cách đó"),
    write_message("hãy ghi ngày/tháng/năm trong lần gửi sau"),
)


_AVERAGE_STARTS = tuple(
    text.make_spelling_key(words)
    for words in ("Trung bình", "Bình quân", "Tỷ lệ", "Tỉ lệ", "Số xã", "Số đơn vị")
)


@dataclass(frozen=True)
class ColumnJudgement:
    """Per field how its cells are read, why none of them is, and what to tell about the column.

    `values`: what cells of a field (by field, class and cell) have been read as.
    """

    options: dict[str, dict[str, Any]] = field(default_factory=dict)
    doubts: dict[str, tuple[Message, Message]] = field(default_factory=dict)
    notes: dict[str, tuple[Message, Message]] = field(default_factory=dict)
    values: dict[tuple[str, type, Any], Any] = field(default_factory=dict)


def is_average(name: str) -> bool:
    """ "Bình quân/xã", "Tỷ lệ (%)", "Số xã đạt": beside the totals, no sum of the rows above."""
    return text.make_spelling_key(name).startswith(_AVERAGE_STARTS)


def judge_columns(
    table: SheetTable, rows: Sequence[SheetRow], *, most_count: float
) -> ColumnJudgement:
    """Raises FileRefused where the days of a column were turned round: with them nothing of the
    file is certain.
    """
    judgement = ColumnJudgement()
    for name in table.head.columns:
        if name not in table.fields:
            continue
        cells = table.list_cells(rows, name)
        read = table.fields[name].read
        if read in (days.read_day, days.read_log_moment):
            _judge_days(table, name, cells, judgement)
        elif read is values.read_count:
            _judge_counts(table, name, rows, cells, most_count, judgement)
        elif read is values.read_speed:
            _judge_speeds(table, name, cells, judgement)
    return judgement


def refuse_doubtful_days(
    table: SheetTable, name: str, doubt: tuple[Message, Message]
) -> FileRefused:
    message, remedy = doubt
    return FileRefused(
        table.file,
        write_message('cột "{heading}" {message}', heading=table.heading(name), message=message),
        remedy,
    )


def _judge_days(
    table: SheetTable, name: str, cells: list[Cell], judgement: ColumnJudgement
) -> None:
    order = judge_date_order(cells)
    if doubt := order.find_doubt():
        raise refuse_doubtful_days(table, name, doubt)
    if order.month_first:
        judgement.options[name] = {"month_first": True}
        judgement.notes[name] = READ_MONTH_FIRST


def _judge_counts(
    table: SheetTable,
    name: str,
    rows: Sequence[SheetRow],
    cells: list[Cell],
    most_count: float,
    judgement: ColumnJudgement,
) -> None:
    doubt = number_columns.find_unit_doubt_of_counts(table.heading(name), table.head.titles)
    if doubt is None and number_columns.find_doubt_of_counts(cells):
        # an average has decimals, whatever the column counts
        cells = [table.cell(row, name) for row in rows if not _is_average_row(table, row)]
        doubt = number_columns.find_doubt_of_counts(cells)
    if doubt:
        judgement.doubts[name] = doubt
        return
    judgement.options[name] = {"most": most_count}
    if number_columns.has_doubtful_small_numbers(cells):
        judgement.options[name]["doubts_below"] = number_columns.SMALL


def _is_average_row(table: SheetTable, row: SheetRow) -> bool:
    return is_average(str(table.cell(row, "commune") or ""))


def _judge_speeds(
    table: SheetTable, name: str, cells: list[Cell], judgement: ColumnJudgement
) -> None:
    heading = table.heading(name)
    scale = number_columns.find_speed_scale(heading)
    if scale is None:
        judgement.doubts[name] = (
            write_message("ghi đơn vị không rõ là Mbps hay đơn vị khác"),
            write_message("hãy ghi tốc độ theo Mbps"),
        )
    elif scale == 1 and (
        doubt := number_columns.find_doubt_of_speeds(cells)
        or number_columns.find_doubt_of_bare_speeds(heading, cells)
    ):
        judgement.doubts[name] = doubt
    else:
        point = values.uses_decimal_point(cells) or (
            scale == 1 and number_columns.uses_decimal_point_in_speeds(cells)
        )
        judgement.options[name] = {"point": point, "scale": scale}
