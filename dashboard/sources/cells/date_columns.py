"""Whole columns of days: what only a column shows (day first or month first), and how columns of a
million rows are read at once, days and codes: the same values as cell by cell, 50 times as fast.

A spreadsheet program in another locale takes `03/11/2026`, typed as 3 November, for 11 March, and
leaves `13/11/2026` as text. Cell by cell both look well; only the column shows it.

What is written in one of the usual ways is computed on arrays of bytes; only cells that are not go
through the careful readers of `days`, one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import pandas as pd

from dashboard.messages import Message, write_message
from dashboard.sources.cells import days
from dashboard.sources.formats.sheet import Cell, Unreadable

# A column is month first where at least this part of its texts cannot be anything else: of a
# month's days more than half lie after the 12th.
_MONTH_FIRST_SHARE = 0.25
_LAST_AMBIGUOUS = 12
TURNED_ROUND = write_message(
    "có ngày bị bảng tính đổi chỗ ngày và tháng: ô kiểu ngày chỉ có "
    "ngày từ 1 đến 12, ô dạng chữ chỉ có ngày từ 13 trở lên"
)
TURNED_REMEDY = write_message(
    "hãy xuất lại từ hệ thống, hoặc mở bằng Excel theo vùng Việt Nam "
    "(ngày/tháng/năm), định dạng cột là Văn bản trước khi dán"
)
MIXED_ORDER = write_message("vừa có ngày ghi ngày/tháng/năm, vừa có ngày ghi tháng/ngày/năm")
MIXED_ORDER_OF_TEXTS = write_message(
    "ghi cùng một ngày ở nhiều tháng, nên có thể ghi tháng trước ngày (tháng/ngày/năm)"
)
HALF_DAY_ORDER = write_message("ghi giờ kiểu AM/PM nên không rõ ngày hay tháng đứng trước")
MIXED_REMEDY = write_message("hãy ghi mọi ngày theo ngày/tháng/năm rồi gửi lại")
NO_MOMENT = np.datetime64("NaT", "s")
# Of one length there are few shapes ("H48.113-260914-0000"); beyond so many it is no column of
# codes.
_MOST_SHAPES = 12
# Digits as 9, letters as A: what is left is a text's shape.
_SHAPE = np.arange(256, dtype=np.uint8)
_SHAPE[ord("0") : ord("9") + 1] = ord("9")
_SHAPE[ord("A") : ord("Z") + 1] = ord("A")
# In a moment the only letter is the T between day and hour.
_MOMENT_SHAPE = np.arange(256, dtype=np.uint8)
_MOMENT_SHAPE[ord("0") : ord("9") + 1] = ord("9")
# By length: how a moment may be written, and where its year, month and day start.
_FORMATS: dict[int, list[tuple[bytes, int, int, int]]] = {}
for _clock in ("", " 99:99", " 99:99:99", "T99:99", "T99:99:99"):
    for _mark in "/-.":
        for _date, _offsets in (("99{0}99{0}9999", (6, 3, 0)), ("9999{0}99{0}99", (0, 5, 8))):
            _written = (_date.format(_mark) + _clock).encode()
            _FORMATS.setdefault(len(_written), []).append((_written, *_offsets))


@dataclass
class DateOrder:
    """What a column's cells say about the order of day and month, counted while it is read."""

    texts_late: int = 0  # day first and after the 12th: cannot be month first
    texts_ambiguous: int = 0
    texts_month_first: int = 0
    half_days: int = 0  # ambiguous texts with AM or PM
    dates_late: int = 0  # real dates (or ISO texts) after the 12th
    dates_early: int = 0
    days_of_month: set[int] = field(default_factory=set)
    months: set[int] = field(default_factory=set)
    text_months: set[int] = field(default_factory=set)  # 1 to 12, of texts after the 12th
    ambiguous_days: set[int] = field(default_factory=set)  # of texts up to the 12th
    ambiguous_months: set[int] = field(default_factory=set)

    def note_cell(self, cell: Cell) -> None:
        """Count one cell; what is no day says nothing."""
        try:
            moment = days.read_moment(cell)
        except days.MonthFirst:
            self.texts_month_first += 1
            return
        except Unreadable:
            return
        if moment is None:
            return
        if isinstance(cell, str) and not _is_iso(cell):
            self._note_text(cell, moment[0])
        else:
            self.note_dates(np.array([np.datetime64(moment[0], "s")]))

    def _note_text(self, cell: str, moment: datetime) -> None:
        if not days.is_numbered(cell):
            return  # the month is a word, or the cell a serial: no doubt
        if moment.day > _LAST_AMBIGUOUS:
            self.texts_late += 1
            self.text_months.add(moment.month)
        else:
            self.texts_ambiguous += 1
            self.ambiguous_days.add(moment.day)
            self.ambiguous_months.add(moment.month)
            self.half_days += any(mark in cell.upper() for mark in ("AM", "PM"))

    def note_dates(self, moments: np.ndarray) -> None:
        """Real dates, or texts that begin with the year: a program wrote them."""
        days_of_month = _days_of_month(moments)
        late = int((days_of_month > _LAST_AMBIGUOUS).sum())
        self.dates_late += late
        self.dates_early += len(moments) - late
        if len(self.days_of_month) <= _LAST_AMBIGUOUS:
            self.days_of_month |= set(np.unique(days_of_month).tolist())
            months = moments.astype("datetime64[M]").astype(int)
            self.months |= set(np.unique(months).tolist())

    def note_day_first(self, moments: np.ndarray) -> None:
        """Texts that were read as day/month/year."""
        is_late = _days_of_month(moments) > _LAST_AMBIGUOUS
        late = int(is_late.sum())
        self.texts_late += late
        self.texts_ambiguous += len(moments) - late
        if late and len(self.text_months) < 12:
            months = moments[is_late].astype("datetime64[M]").astype(int) % 12 + 1
            self.text_months |= set(np.unique(months).tolist())
        if not self.texts_late and len(self.ambiguous_days) < 2:
            self.ambiguous_days |= set(np.unique(_days_of_month(moments)).tolist())
            months = moments.astype("datetime64[M]").astype(int) % 12 + 1
            self.ambiguous_months |= set(np.unique(months).tolist())

    @property
    def month_first(self) -> bool:
        """Whether the column can only be month first."""
        texts = self.texts_month_first + self.texts_ambiguous
        return (
            self.texts_late == 0
            and self.dates_early == 0
            and self.texts_month_first >= max(1, _MONTH_FIRST_SHARE * texts)
        )

    def find_doubt(self) -> tuple[Message, Message] | None:
        """Why no day of the column can be trusted, and the way out; None where they can."""
        texts = self.texts_late + self.texts_ambiguous + self.texts_month_first
        turned = self.dates_early and not self.dates_late
        if turned and texts and not self.texts_ambiguous and self._looks_turned():
            return TURNED_ROUND, TURNED_REMEDY
        if turned and self._has_one_day_in_many_months():
            message = write_message(
                "có ngày bị bảng tính đổi chỗ ngày và tháng: cùng một ngày ở nhiều tháng"
            )
            return message, TURNED_REMEDY
        if self.month_first:
            return None
        if self.texts_month_first and (
            not self.texts_late or self.texts_month_first >= _MONTH_FIRST_SHARE * self.texts_late
        ):
            return MIXED_ORDER, MIXED_REMEDY
        if not self.texts_late and not self.dates_late and self._is_one_day_of_many_months():
            return MIXED_ORDER_OF_TEXTS, MIXED_REMEDY
        if self.half_days and self.half_days == texts and not self.dates_late:
            return HALF_DAY_ORDER, MIXED_REMEDY
        return None

    def _looks_turned(self) -> bool:
        """A lone text among dates of one day may be a slip; texts of the month that the dates' days
        would be are none.
        """
        many = len(self.days_of_month) > 2 and self.texts_late > 1
        return many or bool(self.days_of_month & self.text_months) or bool(self.texts_month_first)

    def _is_one_day_of_many_months(self) -> bool:
        """The same of texts: 11/01 to 11/07 is the first week of November, month first."""
        return (
            self.texts_ambiguous >= 6
            and len(self.ambiguous_days) == 1
            and self.ambiguous_days != {1}
            and len(self.ambiguous_months) > 4
        )

    def _has_one_day_in_many_months(self) -> bool:
        """Days 1 to 12 of one month, turned round, are one day of many months."""
        return self.dates_early >= 6 and len(self.days_of_month - {1}) == 1 and len(self.months) > 4


def _days_of_month(moments: np.ndarray) -> np.ndarray:
    dates = moments.astype("datetime64[D]")
    return (dates - dates.astype("datetime64[M]")).astype(int) + 1


def _is_iso(cell: str) -> bool:
    written = cell.strip()
    return written[:4].isdecimal() and written[4:5] in {"-", "/", "."}


def judge_date_order(cells: Iterable[Cell]) -> DateOrder:
    """The order of a column, from all of its cells."""
    order = DateOrder()
    for cell in cells:
        order.note_cell(cell)
    return order


def _group_by_length(cells: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Positions of the cells of each length, and their bytes as a matrix; cells beyond ASCII are
    left out.
    """
    lengths = np.fromiter(map(len, cells), dtype=np.int64, count=len(cells))
    for length in np.unique(lengths):
        if length:
            positions = np.flatnonzero(lengths == length)
            # "?" has no part in any shape
            raw = "".join(cells[positions]).encode("ascii", "replace")
            yield positions, np.frombuffer(raw, dtype=np.uint8).reshape(-1, length)


def find_text_cells(cells: np.ndarray) -> np.ndarray:
    """Which of the cells are text: nearly always all of them."""
    if pd.api.types.infer_dtype(cells, skipna=False) == "string":
        return np.ones(len(cells), dtype=bool)
    return np.fromiter((type(cell) is str for cell in cells), dtype=bool, count=len(cells))


def find_matching_cells(cells: np.ndarray, pattern: re.Pattern[str]) -> np.ndarray:
    """Which of the cells (str) match `pattern` in full; it may look at digits and capitals only by
    their class.
    """
    fits = np.zeros(len(cells), dtype=bool)
    for positions, raw in _group_by_length(cells):
        shapes = _SHAPE[raw]
        unchecked = np.ones(len(positions), dtype=bool)
        for _ in range(_MOST_SHAPES):
            first = int(unchecked.argmax())
            if not unchecked[first]:
                break
            same = (shapes == shapes[first]).all(axis=1)
            fits[positions[same]] = pattern.fullmatch(cells[positions[first]]) is not None
            unchecked &= ~same
        for position in positions[unchecked]:
            fits[position] = pattern.fullmatch(cells[position]) is not None
    return fits


def read_moment_column(
    cells: np.ndarray, order: DateOrder | None = None, *, month_first: bool = False
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cells as moments (datetime64[s], NaT where blank), which of them tell no hour, which are
    unreadable: for each cell what `days.read_moment` says.

    `order` counts what the cells tell of the order of day and month; `month_first` reads a column
    that can only be so.
    """
    order = DateOrder() if order is None else order
    moments = np.full(len(cells), NO_MOMENT)
    whole_days = np.zeros(len(cells), dtype=bool)
    unreadable = np.zeros(len(cells), dtype=bool)
    strings = find_text_cells(cells)
    unusual = np.flatnonzero(~strings).tolist()
    text_positions = np.flatnonzero(strings)
    for positions, raw in _group_by_length(cells[text_positions]):
        values, usual = _read_usual_formats(raw, order, month_first)
        moments[text_positions[positions[usual]]] = values[usual]
        if raw.shape[1] == 10:
            whole_days[text_positions[positions[usual]]] = True
        unusual += text_positions[positions[~usual]].tolist()
    for position in unusual:
        order.note_cell(cells[position])
        try:
            value = days.read_moment(cells[position], month_first=month_first)
        except Unreadable:
            unreadable[position] = True
            continue
        if value is not None:
            moments[position] = np.datetime64(value[0], "s")
            whole_days[position] = value[1]
    return moments, whole_days, unreadable


def _read_usual_formats(
    raw: np.ndarray, order: DateOrder, month_first: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Rows of bytes written as one of _FORMATS: their moments, and which of them are so."""
    moments = np.full(len(raw), NO_MOMENT)
    readable = np.zeros(len(raw), dtype=bool)
    shapes = _MOMENT_SHAPE[raw]
    for template, year, month, day in _FORMATS.get(raw.shape[1], ()):
        if readable.all():
            break
        same = (shapes == np.frombuffer(template, dtype=np.uint8)).all(axis=1)
        if not same.any() or (month_first and year):
            continue  # month first: the careful reader does it
        values, exists = _compute_moments(raw if same.all() else raw[same], year, month, day)
        moments[same] = values
        readable[same] = exists
        note_order = order.note_day_first if year else order.note_dates
        note_order(values[exists])
    return moments, readable


def _compute_moments(
    raw: np.ndarray, year: int, month: int, day: int
) -> tuple[np.ndarray, np.ndarray]:
    """Moments of rows whose digits stand where they should, and which of them the calendar has."""

    def two_digits(offset: int) -> np.ndarray:
        return raw[:, offset].astype(np.int32) * 10 + raw[:, offset + 1] - 11 * ord("0")

    months = two_digits(month)
    exists = (months >= 1) & (months <= 12)
    start = ((two_digits(year) * 100 + two_digits(year + 2) - 1970) * 12 + months - 1).astype(
        "datetime64[M]"
    )
    dates = start.astype("datetime64[D]") + (two_digits(day) - 1)
    exists &= dates.astype("datetime64[M]") == start  # no 31/02
    values = dates.astype("datetime64[s]")
    for offset, seconds, most in ((11, 3600, 23), (14, 60, 59), (17, 1, 59)):
        if offset < raw.shape[1]:
            clock = two_digits(offset)
            exists &= clock <= most
            values += clock * seconds
    return values, exists
