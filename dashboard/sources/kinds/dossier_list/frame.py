"""A piece of a dossier list as the store wants it: columns read whole, what cannot be read noted by
its place.

No cell is ever quoted in a problem: it may stand in the wrong column, and be a person's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from dashboard import names, text
from dashboard.batch import SINGLE_COLUMNS, UNCLEAR_CHANNEL
from dashboard.messages import Message, quote_names, write_message
from dashboard.reference import AGENCY_CODE
from dashboard.sources.cells import values
from dashboard.sources.cells.date_columns import (
    MIXED_ORDER,
    MIXED_REMEDY,
    NO_MOMENT,
    DateOrder,
    find_matching_cells,
    find_text_cells,
    read_moment_column,
)
from dashboard.sources.formats.sheet import SheetRow, Unreadable, is_blank
from dashboard.sources.kinds.dossier_list.cell_words import (
    UNREADABLE_WORDS,
    FieldNames,
    read_channel,
    read_dossier_state,
    read_procedure_code,
    read_yes_or_no,
)
from dashboard.sources.kinds.dossier_list.columns import MOMENT_FIELDS, DossierChunk
from dashboard.sources.problems import ProblemCollector
from dashboard.sources.recognise import communes
from dashboard.sources.recognise.column_judgement import refuse_doubtful_days
from dashboard.sources.recognise.communes import Unit
from dashboard.sources.recognise.table import SheetTable

# "H48.113-260914-0000", "H15.50.05.13-261008-0975", and the older "000.00.18.H48-240101-0001".
_DOSSIER_CODE = re.compile(
    r"(?:[A-Z]\d{2}(?:\.\d{1,4}){0,4}|\d{3}(?:\.\d{2,3}){1,4}\.[A-Z]\d{2})-\d{6}-\d{1,10}"
)
# Fewer cells than this and no dossier code: a total, a group's name, a signature.
_LEAST_CELLS = 3
# A dossier from before the communes may still be open; one from before this day is a slip of the
# pen.
_EARLIEST_MOMENT = np.datetime64("2015-01-01", "s")
_YEARS_AHEAD = np.timedelta64(3_660, "D")
# Names are compared letter by letter for the first unknown units only: it is slow, and for a clerk
# to read.
_MOST_COMPARED = 100


class DossierChunkReader:
    """Reads chunks of one list of `province`. `rows`: dossiers seen; `unknown`: those of no known
    unit; `departments`: code to name of the departments met."""

    def __init__(
        self,
        province: str,
        columns: dict[str, int],
        heading: str,
        today: date,
        problems: ProblemCollector,
        month_first: frozenset[str] = frozenset(),
    ):
        self.province = province
        self.columns = columns
        self.problems = problems
        self._heading = text.make_spelling_key(heading)
        self._tomorrow = np.datetime64(today + timedelta(days=1), "s")
        self.departments: dict[str, str] = {}
        self.rows = self.unknown = 0
        self.month_first = month_first
        self.ragged_rows: list[int] = []
        self.field_names = FieldNames()
        self._orders: dict[str, DateOrder] = {}

    def refuse_doubtful_days(self, table: SheetTable) -> None:
        """Raises FileRefused where the whole column shows that its days cannot be trusted."""
        for name, order in self._orders.items():
            doubt = order.find_doubt()
            if not doubt and order.month_first != (name in self.month_first):
                doubt = MIXED_ORDER, MIXED_REMEDY
            if doubt:
                raise refuse_doubtful_days(table, name, doubt)

    def frame(self, chunk: DossierChunk) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
        """The chunk's dossiers (SINGLE_COLUMNS; `field` as numbers of `field_names`), their row
        numbers, and which due dates tell no hour.
        """
        codes, is_dossier = self._read_codes(chunk)
        self.rows += int(is_dossier.sum())
        accepting, recognised = self._read_units(chunk, is_dossier)
        keep = is_dossier & recognised & ~chunk.ragged
        numbers = chunk.numbers
        self.ragged_rows += numbers[is_dossier & chunk.ragged].tolist()
        moments = {
            name: self._read_moments(chunk, name, keep)
            for name in MOMENT_FIELDS
            if name in self.columns
        }
        no_moments = np.full(len(numbers), NO_MOMENT), np.zeros(len(numbers), dtype=bool)
        received = moments.get("received_at", moments.get("submitted_at", no_moments))[0]
        due, due_is_day = moments.get("due", no_moments)
        # A day without an hour ends with the day.
        due = np.where(due_is_day, due + np.timedelta64(86_399, "s"), due)
        finished = moments.get("finished_at", no_moments)[0]
        returned = moments.get("returned_at", no_moments)[0]
        finished = np.where(np.isnat(finished), returned, finished)
        state = self._look_up(chunk, "state", read_dossier_state, keep)
        frame = pd.DataFrame(
            {
                "code": pd.Series(codes, dtype=object),
                "procedure_code": pd.Series(
                    self._look_up(chunk, "procedure_code", read_procedure_code, keep), dtype=object
                ),
                "field": self._read_fields(chunk, keep),
                "accepting_unit": pd.Series(accepting, dtype=object),
                "deciding_unit": pd.Series(
                    self._read_deciding_units(chunk, accepting, keep), dtype=object
                ),
                "received_at": received,
                "due": due,
                "finished_at": finished,
                "state": pd.array(state, dtype="Int8"),
                "channel": pd.Series(
                    self._look_up(chunk, "channel", read_channel, keep, UNCLEAR_CHANNEL),
                    dtype=object,
                ),
                "digitised": pd.Series(
                    self._look_up(chunk, "digitised", read_yes_or_no, keep), dtype=object
                ),
            },
            columns=SINGLE_COLUMNS,
        )
        if not keep.all():
            frame = frame[keep].reset_index(drop=True)
            numbers = numbers[keep]
        return frame, numbers, due_is_day[keep]

    def _read_codes(self, chunk: DossierChunk) -> tuple[np.ndarray, np.ndarray]:
        """Dossier codes in their normal form, and which rows are dossiers."""
        cells = chunk.cells["code"]
        are_text = find_text_cells(cells)
        fits = np.zeros(len(cells), dtype=bool)
        fits[are_text] = find_matching_cells(cells[are_text], _DOSSIER_CODE)
        codes = cells if fits.all() else cells.copy()
        for position in np.flatnonzero(~fits).tolist():
            written = values.normalize_code(cells[position])
            if _DOSSIER_CODE.fullmatch(written):
                codes[position] = written
                fits[position] = True
            elif self._count_filled(chunk, position) >= _LEAST_CELLS and not self._is_heading(
                cells[position], written
            ):
                if not written:
                    message = write_message("không có mã hồ sơ")
                else:
                    message = write_message("không phải mã hồ sơ")
                self._refuse(
                    message,
                    write_message("hãy ghi mã dạng H48.113-261008-0975"),
                    chunk.numbers[position],
                    "code",
                )
        return codes, fits

    def _is_heading(self, cell: Any, written: str) -> bool:
        """A repeated heading, or the numbering "(1) (2) (3)" below one."""
        return self._heading.endswith(text.make_spelling_key(str(cell))) or bool(
            re.fullmatch(r"\(?\d{1,2}\)?", written)
        )

    def _count_filled(self, chunk: DossierChunk, position: int) -> int:
        cells = [column[position] for column in chunk.cells.values()]
        cells += [different[codes[position]] for codes, different in chunk.grouped.values()]
        return sum(not is_blank(cell) for cell in cells)

    def _read_units(self, chunk: DossierChunk, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The accepting unit of each row, and where it is known; each different pair of code and
        name asked once.
        """
        by_code = chunk.grouped.get("commune_code")
        by_name = chunk.grouped.get("commune")
        if by_code is None or by_name is None:
            codes, different = by_name or by_code or (np.zeros(len(mask), dtype=int), [""])
            pairs = [("", cell) if by_name else (cell, "") for cell in different]
        else:
            pair_codes = by_code[0].astype(np.int64) * len(by_name[1]) + by_name[0]
            codes, different_pairs = pd.factorize(pair_codes)
            pairs = [
                (by_code[1][pair // len(by_name[1])], by_name[1][pair % len(by_name[1])])
                for pair in different_pairs
            ]
        pair_units = [self._find_unit(code, name) for code, name in pairs]
        recognised = np.array([unit is not None for unit in pair_units], dtype=bool)[codes]
        for position in np.flatnonzero(mask & ~recognised):
            self.unknown += 1
            self._refuse_unit(pairs[codes[position]][1], chunk.numbers[position], "commune")
        return np.array([unit.code if unit else None for unit in pair_units], dtype=object)[
            codes
        ], recognised

    def _find_unit(self, code: str, name: str) -> Unit | None:
        unit = communes.find_unit(self.province, code, name)
        if unit is not None and not unit.is_commune and not AGENCY_CODE.match(unit.name.upper()):
            self.departments[unit.code] = unit.name
        return unit

    def _read_deciding_units(
        self, chunk: DossierChunk, accepting: np.ndarray, mask: np.ndarray
    ) -> np.ndarray:
        """The deciding unit: the accepting one unless the list has a column for it and says
        another.
        """
        if "deciding" not in chunk.grouped:
            return accepting
        codes, different = chunk.grouped["deciding"]
        units_named = [None if is_blank(cell) else self._find_unit("", cell) for cell in different]
        deciding = np.array([unit.code if unit else None for unit in units_named], dtype=object)[
            codes
        ]
        filled = np.array([not is_blank(cell) for cell in different], dtype=bool)[codes]
        for position in np.flatnonzero(mask & filled & pd.isna(deciding)):
            self._refuse_unit(different[codes[position]], chunk.numbers[position], "deciding")
        return np.where(filled, deciding, accepting)

    def _refuse_unit(self, name: str, number: int, field: str) -> None:
        # Official names only: what is written in the cell may be a person.
        similar = _nearest_units(self.province, name) if self.unknown <= _MOST_COMPARED else ()
        message = write_message("không có trong danh mục cấp xã, sở của tỉnh")
        if similar:
            message = write_message(
                "{unknown}; gần giống: {candidates}",
                unknown=message,
                candidates=quote_names(similar),
            )
        self._refuse(message, write_message("hãy sửa tên đơn vị hoặc ghi mã đơn vị"), number, field)

    def _read_fields(self, chunk: DossierChunk, mask: np.ndarray) -> np.ndarray:
        if "field" not in chunk.grouped:
            return np.full(len(mask), -1, dtype=np.int32)
        return self.field_names.read(chunk.grouped["field"], mask)

    def _read_moments(
        self, chunk: DossierChunk, name: str, mask: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        moments, is_day, unreadable = read_moment_column(
            chunk.cells[name],
            self._orders.setdefault(name, DateOrder()),
            month_first=name in self.month_first,
        )
        latest = self._tomorrow + (_YEARS_AHEAD if name == "due" else np.timedelta64(366, "D"))
        impossible = (moments < _EARLIEST_MOMENT) | (moments > latest)
        moments[impossible] = NO_MOMENT
        for position in np.flatnonzero(mask & (unreadable | impossible)):
            if unreadable[position]:
                message = write_message("không phải ngày tháng đọc được")
            else:
                message = write_message("ghi ngày không thể có")
            self._refuse(
                message,
                write_message("hãy ghi ngày/tháng/năm giờ:phút"),
                chunk.numbers[position],
                name,
            )
        return moments, is_day

    def _look_up(
        self,
        chunk: DossierChunk,
        name: str,
        find_meaning: Callable[[str], Any],
        mask: np.ndarray,
        unreadable_as: str | None = None,
    ) -> np.ndarray:
        if name not in chunk.grouped:
            return np.full(len(chunk.numbers), None, dtype=object)
        meanings, unreadable = _look_up_meanings(chunk.grouped[name], find_meaning)
        for position in np.flatnonzero(mask & unreadable):
            self._refuse(*UNREADABLE_WORDS[name], chunk.numbers[position], name)
        if unreadable_as is not None:
            meanings[unreadable] = unreadable_as
        return meanings

    def _refuse(self, message: Message, remedy: Message, number: int, field: str) -> None:
        # A row without cells: nothing of it can be quoted.
        self.problems.add(message, remedy, SheetRow(int(number), []), field)


@lru_cache(maxsize=1_000)
def _nearest_units(province: str, name: str) -> tuple[str, ...]:
    return tuple(names.suggest_nearest_names(name, province))


def _look_up_meanings(
    column: Any, find_meaning: Callable[[str], Any]
) -> tuple[np.ndarray, np.ndarray]:
    """Each cell's meaning, asked once per different text; and which cells are Unreadable (their
    meaning None).
    """
    codes, different = column
    meanings = np.empty(len(different) + 1, dtype=object)
    unreadable = np.zeros(len(different) + 1, dtype=bool)
    for position, cell in enumerate(different):
        try:
            meanings[position] = find_meaning(cell)
        except Unreadable:
            unreadable[position] = True
    return meanings[codes], unreadable[codes]
