"""Day first or month first: judged by the whole column, never by one cell.

A spreadsheet program in another locale takes `03/11/2026`, typed as 3 November, for 11 March, and
leaves `13/11/2026` as text. Cell by cell both look well; only the column shows it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

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
