"""What is wrong in a file, collected while reading, so that a clerk can mend it all at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from typing import Any, Literal, Protocol, TypeVar

from dashboard.errors import Problem
from dashboard.messages import Message, write_message
from dashboard.sources.cells import values
from dashboard.sources.formats import sheet
from dashboard.sources.formats.sheet import Cell, SheetRow, is_blank
from dashboard.sources.recognise.column_judgement import ColumnJudgement, judge_columns
from dashboard.sources.recognise.plausible import find_implausible_count
from dashboard.sources.recognise.table import SheetTable

# More than a clerk can act on; the rest is counted.
MOST_PROBLEMS = 1_000
# Different cells of a table whose values are kept, so that each is read once.
_MOST_VALUES = 50_000


class _OfRow(Protocol):
    """A line that remembers its row of the sheet."""

    @property
    def row(self) -> SheetRow: ...


_Line = TypeVar("_Line", bound=_OfRow)


class ProblemCollector:
    """Problems of one table, at most MOST of them. Only declared columns' cells are quoted."""

    def __init__(self, table: SheetTable):
        self._table = table
        self._fields = table.fields
        self._problems: list[Problem] = table.notes()
        self._unlisted = 0
        self._judgement = ColumnJudgement()

    def judge_columns(self, rows: Sequence[SheetRow], *, most_count: float) -> None:
        """Judge the columns by these rows; cells of a column in doubt are not read any more.

        Raises FileRefused where the days of a column cannot be trusted.
        """
        judged = self._table.judged
        # a file of all provinces has a collector each, and the same columns
        if judged is None or judged[0] is not rows:
            judged = rows, judge_columns(self._table, rows, most_count=most_count)
            self._table.judged = judged
        self._judgement = judged[1]
        head = SheetRow(self._table.head.last_row, [])
        for field, (message, remedy) in self._judgement.doubts.items():
            self.add(
                write_message("{message}; không nhận cột này", message=message), remedy, head, field
            )
        for field, (message, remedy) in self._judgement.notes.items():
            self.add(message, remedy, head, field, "warning")

    def get_options(self, field: str) -> dict[str, Any]:
        """How the cells of a field are to be read, as its whole column says."""
        return self._judgement.options.get(field, {})

    def add(
        self,
        message: Message,
        remedy: Message,
        row: SheetRow | None = None,
        field: str | None = None,
        severity: Literal["refused", "warning"] = "refused",
        *,
        may_quote: Callable[[Cell], bool] = lambda cell: not is_blank(cell),
    ) -> None:
        """A problem of the file, of a row, or of the cell of a declared field, quoted where it may
        be.
        """
        if len(self._problems) >= MOST_PROBLEMS:
            self._unlisted += 1
            return
        has_column = field is not None and self._table.has(field)
        cell = None
        if has_column and row is not None and field is not None:
            cell = self._table.cell(row, field)
        self._problems.append(
            Problem(
                message,
                remedy,
                row.number if row else None,
                self._table.heading(field) if has_column and field is not None else None,
                values.quote_cell(cell) if may_quote(cell) else None,
                severity,
            )
        )

    def add_repeated_unit(self, first: SheetRow, row: SheetRow, *, is_conflict: bool) -> None:
        """Two rows of one unit: where they differ, neither is anybody's to choose."""
        if is_conflict:
            message = write_message(
                "đơn vị này có hai dòng khác nhau (dòng {first} và dòng {second}); "
                "không nhận dòng nào",
                first=first.number,
                second=row.number,
            )
            self.add(message, write_message("hãy giữ lại một dòng đúng"), row, "commune")
        else:
            message = write_message(
                "đơn vị này có hai dòng giống nhau (dòng {first} và dòng {second}); đã nhận một",
                first=first.number,
                second=row.number,
            )
            self.add(message, write_message("hãy bỏ bớt một dòng"), row, "commune", "warning")

    def drop_repeated_lines(
        self,
        lines: Sequence[_Line],
        get_unit: Callable[[_Line], str],
        get_content: Callable[[_Line], object],
    ) -> list[_Line]:
        """Each unit once: two equal lines are one, two that differ are none (with a problem)."""
        kept: dict[str, _Line] = {}
        conflicts: set[str] = set()
        for line in lines:
            unit = get_unit(line)
            first = kept.setdefault(unit, line)
            if first is line:
                continue
            if get_content(first) == get_content(line):
                message = write_message(
                    "đơn vị có hai dòng giống nhau (dòng {first} và dòng {second}); đã nhận một",
                    first=first.row.number,
                    second=line.row.number,
                )
                remedy = write_message("hãy bỏ bớt một dòng")
                self.add(message, remedy, line.row, "commune", "warning")
            else:
                conflicts.add(unit)
                message = write_message(
                    "đơn vị có hai dòng khác nhau (dòng {first} và dòng {second}); "
                    "không nhận dòng nào",
                    first=first.row.number,
                    second=line.row.number,
                )
                self.add(message, write_message("hãy giữ lại một dòng đúng"), line.row, "commune")
        return [line for unit, line in kept.items() if unit not in conflicts]

    def accept_counts(
        self,
        row: SheetRow,
        counts: dict[str, float],
        period: tuple[date, date],
        *,
        is_commune: bool,
    ) -> bool:
        """Whether one unit can have these counts of dossiers in a period; told where it cannot."""
        implausible = find_implausible_count(counts, *period, is_commune=is_commune)
        if implausible:
            field, message, remedy = implausible
            self.add(message, remedy, row, field if self._table.has(field) else None)
        return implausible is None

    def warn_of_future(self, day: date, today: date) -> None:
        """A form of tomorrow may be a slip: it is taken, and told."""
        if day > today:
            message = write_message("biểu ghi số liệu đến {day:%d/%m/%Y}, sau hôm nay", day=day)
            self.add(message, write_message("hãy kiểm tra ngày trong tiêu đề"), severity="warning")

    def read(self, row: SheetRow, field: str, **options: Any) -> Any:
        """The value of a field's cell; None where there is none (the file has no such column, it is
        blank) or, with a problem, it is unreadable.
        """
        cell: Cell = self._table.cell(row, field)
        key = field, cell.__class__, cell
        if not options and key in self._judgement.values:
            return self._judgement.values[key]
        if field in self._judgement.doubts:
            return None
        if parts := self._table.part_cells(row, field):
            return self._read_sum(row, field, [cell, *parts])
        if cell is None or cell == "":
            return None
        try:
            value = self._fields[field].read(cell, **options, **self.get_options(field))
        except sheet.Unreadable as error:
            # A row that slipped sideways may have a person's name where a number belongs.
            self.add(error.message, error.remedy, row, field, may_quote=values.is_quotable)
            return None
        if not options and len(self._judgement.values) < _MOST_VALUES:
            self._judgement.values[key] = value
        return value

    def read_known(self, rows: Sequence[SheetRow], field: str) -> dict[type, dict[Cell, Any]]:
        """By class and cell what the cells of a field are that read without a problem, each of the
        column's different cells read once; `read` is for the others."""
        column = self._table.head.columns[field]
        if field in self._judgement.doubts or column.parts:
            return {}
        options = self.get_options(field)
        read = self._fields[field].read
        known: dict[type, dict[Cell, Any]] = {}
        cells = self._table.list_cells(rows, field)
        kinds = set(map(type, cells))
        for kind in kinds:
            # 1, 1.0 and True are one key of a set
            different = set(cells if len(kinds) == 1 else (c for c in cells if c.__class__ is kind))
            values = known.setdefault(kind, {})
            for cell in different if len(different) < _MOST_VALUES else ():
                with suppress(sheet.Unreadable):
                    values[cell] = None if cell is None or cell == "" else read(cell, **options)
        return known

    def _read_sum(self, row: SheetRow, field: str, cells: list[Cell]) -> float | None:
        """The sum of a field's parts; unknown where a part is."""
        total = 0.0
        for cell in cells:
            if is_blank(cell):
                return None
            try:
                total += self._fields[field].read(cell)  # type: ignore[operator]
            except sheet.Unreadable as error:
                self.add(error.message, error.remedy, row, field, may_quote=lambda _: False)
                return None
        return total

    def all(self) -> tuple[Problem, ...]:
        listed = (*self._problems, *self._table.tell_ragged_rows())
        if not self._unlisted:
            return listed
        last = Problem(
            write_message("còn {unlisted:,.0f} lỗi nữa", unlisted=self._unlisted),
            write_message("hãy sửa các lỗi đã nêu rồi nạp lại để xem tiếp"),
        )
        return (*listed, last)
