"""A piece of a dossier list as the store wants it: columns read whole, what cannot be read noted by its place.

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
from dashboard.batch import SINGLE_COLUMNS
from dashboard.sources import bulk, dossier_states, units, values
from dashboard.sources.dossier_chunks import Chunk
from dashboard.sources.dossier_columns import MOMENTS
from dashboard.sources.findings import Findings
from dashboard.sources.sheet import Row, Unreadable, blank
from dashboard.sources.units import Unit

# "H48.113-260914-0000", "H15.50.05.13-261008-0975", and the older "000.00.18.H48-240101-0001".
_CODE = re.compile(r"(?:[A-Z]\d{2}(?:\.\d{1,4}){0,4}|\d{3}(?:\.\d{2,3}){1,4}\.[A-Z]\d{2})-\d{6}-\d{1,10}")
_PROCEDURE = re.compile(r"(\d)[.,](\d{1,6})(?:\.\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2})?")
# Fewer cells than this and no dossier code: a total, a group's name, a signature.
_LEAST_CELLS = 3
# A dossier from before the communes may still be open; one from before this day is a slip of the pen.
_FIRST, _YEARS_AHEAD = np.datetime64("2015-01-01", "s"), np.timedelta64(3_660, "D")
# Names are compared letter by letter for the first unknown units only: it is slow, and for a clerk to read.
_MOST_COMPARED = 100


class Dossiers:
    """Reads chunks of one list of `province`. `rows`: dossiers seen; `unknown`: those of no known unit;
    `departments`: code to name of the departments met."""

    def __init__(self, province: str, columns: dict[str, int], heading: str, today: date, findings: Findings):
        self.province, self.columns, self.findings = province, columns, findings
        self._heading = text.spelling_key(heading)
        self._tomorrow = np.datetime64(today + timedelta(days=1), "s")
        self.departments: dict[str, str] = {}
        self.rows = self.unknown = 0

    def frame(self, chunk: Chunk) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
        """The chunk's dossiers (SINGLE_COLUMNS), their row numbers, and which due dates tell no hour."""
        codes, is_dossier = self._codes(chunk)
        self.rows += int(is_dossier.sum())
        accepting, known = self._units(chunk, is_dossier)
        keep = is_dossier & known
        numbers = chunk.numbers
        moments = {name: self._moments(chunk, name, keep) for name in MOMENTS if name in self.columns}
        nothing = np.full(len(numbers), bulk.NEVER), np.zeros(len(numbers), dtype=bool)
        received = moments.get("received_at", moments.get("submitted_at", nothing))[0]
        due, due_is_day = moments.get("due", nothing)
        # A day without an hour ends with the day.
        due = np.where(due_is_day, due + np.timedelta64(86_399, "s"), due)
        finished, returned = moments.get("finished_at", nothing)[0], moments.get("returned_at", nothing)[0]
        finished = np.where(np.isnat(finished), returned, finished)
        state = self._looked_up(chunk, "state", dossier_states.state, keep)
        frame = pd.DataFrame(
            {
                "code": pd.Series(codes, dtype=object),
                "procedure_code": pd.Series(self._looked_up(chunk, "procedure_code", _procedure, keep), dtype=object),
                "accepting_unit": pd.Series(accepting, dtype=object),
                "deciding_unit": pd.Series(self._deciding(chunk, accepting, keep), dtype=object),
                "received_at": received,
                "due": due,
                "finished_at": finished,
                "state": pd.array(state, dtype="Int8"),
                "channel": pd.Series(self._looked_up(chunk, "channel", dossier_states.channel, keep), dtype=object),
                "digitised": pd.Series(self._looked_up(chunk, "digitised", _yes_or_no, keep), dtype=object),
            },
            columns=SINGLE_COLUMNS,
        )
        if not keep.all():
            frame, numbers = frame[keep].reset_index(drop=True), numbers[keep]
        return frame, numbers, due_is_day[keep]

    def _codes(self, chunk: Chunk) -> tuple[np.ndarray, np.ndarray]:
        """Dossier codes in their normal form, and which rows are dossiers."""
        cells = chunk.cells["code"]
        strings = bulk.are_text(cells)
        fits = np.zeros(len(cells), dtype=bool)
        fits[strings] = bulk.fitting(cells[strings], _CODE)
        codes = cells if fits.all() else cells.copy()
        for place in np.flatnonzero(~fits).tolist():
            written = text.normal(str(cells[place])).upper().strip("'’` ")
            if _CODE.fullmatch(written):
                codes[place], fits[place] = written, True
            elif self._filled(chunk, place) >= _LEAST_CELLS and not self._is_head(cells[place], written):
                message = "không có mã hồ sơ" if not written else "không phải mã hồ sơ"
                self._refuse(message, "hãy ghi mã dạng H48.113-261008-0975", chunk.numbers[place], "code")
        return codes, fits

    def _is_head(self, cell: Any, written: str) -> bool:
        """A repeated heading, or the numbering "(1) (2) (3)" below one."""
        return self._heading.endswith(text.spelling_key(str(cell))) or bool(re.fullmatch(r"\(?\d{1,2}\)?", written))

    def _filled(self, chunk: Chunk, place: int) -> int:
        cells = [column[place] for column in chunk.cells.values()]
        cells += [different[codes[place]] for codes, different in chunk.grouped.values()]
        return sum(not blank(cell) for cell in cells)

    def _units(self, chunk: Chunk, asked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The accepting unit of each row, and where it is known; each different pair of code and name asked once."""
        by_code, by_name = chunk.grouped.get("commune_code"), chunk.grouped.get("commune")
        if by_code is None or by_name is None:
            codes, different = by_name or by_code or (np.zeros(len(asked), dtype=int), [""])
            pairs = [("", cell) if by_name else (cell, "") for cell in different]
        else:
            together = by_code[0].astype(np.int64) * len(by_name[1]) + by_name[0]
            codes, found = pd.factorize(together)
            pairs = [(by_code[1][one // len(by_name[1])], by_name[1][one % len(by_name[1])]) for one in found]
        meant = [self._unit(code, name) for code, name in pairs]
        known = np.array([unit is not None for unit in meant], dtype=bool)[codes]
        for place in np.flatnonzero(asked & ~known):
            self.unknown += 1
            self._refuse_unit(pairs[codes[place]][1], chunk.numbers[place], "commune")
        return np.array([unit.code if unit else None for unit in meant], dtype=object)[codes], known

    def _unit(self, code: str, name: str) -> Unit | None:
        unit = units.unit(self.province, code, name)
        if unit is not None and not unit.is_commune and not units.AGENCY_CODE.match(unit.name.upper()):
            self.departments[unit.code] = unit.name
        return unit

    def _deciding(self, chunk: Chunk, accepting: np.ndarray, asked: np.ndarray) -> np.ndarray:
        """The deciding unit: the accepting one unless the list has a column for it and says another."""
        if "deciding" not in chunk.grouped:
            return accepting
        codes, different = chunk.grouped["deciding"]
        meant = [None if blank(cell) else self._unit("", cell) for cell in different]
        found = np.array([unit.code if unit else None for unit in meant], dtype=object)[codes]
        told = np.array([not blank(cell) for cell in different], dtype=bool)[codes]
        for place in np.flatnonzero(asked & told & pd.isna(found)):
            self._refuse_unit(different[codes[place]], chunk.numbers[place], "deciding")
        return np.where(told, found, accepting)

    def _refuse_unit(self, name: str, number: int, field: str) -> None:
        # Official names only: what is written in the cell may be a person.
        near = _near(self.province, name) if self.unknown <= _MOST_COMPARED else ()
        message = "không có trong danh mục xã, sở của tỉnh" + (f"; gần giống: {', '.join(near)}" if near else "")
        self._refuse(message, "hãy sửa tên đơn vị hoặc ghi mã đơn vị", number, field)

    def _moments(self, chunk: Chunk, name: str, asked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        found, is_day, bad = bulk.moments(chunk.cells[name])
        most = self._tomorrow + (_YEARS_AHEAD if name == "due" else np.timedelta64(366, "D"))
        impossible = (found < _FIRST) | (found > most)
        found[impossible] = bulk.NEVER
        for place in np.flatnonzero(asked & (bad | impossible)):
            message = "không phải ngày tháng đọc được" if bad[place] else "ghi ngày không thể có"
            self._refuse(message, "hãy ghi ngày/tháng/năm giờ:phút", chunk.numbers[place], name)
        return found, is_day

    def _looked_up(self, chunk: Chunk, name: str, meaning: Callable[[str], Any], asked: np.ndarray) -> np.ndarray:
        if name not in chunk.grouped:
            return np.full(len(chunk.numbers), None, dtype=object)
        found, bad = bulk.looked_up(chunk.grouped[name], meaning)
        for place in np.flatnonzero(asked & bad):
            self._refuse(*_UNREADABLE[name], chunk.numbers[place], name)
        return found

    def _refuse(self, message: str, remedy: str, number: int, field: str) -> None:
        # A row without cells: nothing of it can be quoted.
        self.findings.add(message, remedy, Row(int(number), []), field)


_UNREADABLE = {
    "state": dossier_states.UNKNOWN_STATE,
    "channel": dossier_states.UNKNOWN_CHANNEL,
    "procedure_code": ("không phải mã thủ tục", "hãy định dạng cột là văn bản và ghi mã dạng 2.000815"),
    "digitised": ("không rõ đã số hóa hay chưa", 'hãy ghi "Có" hoặc "Không"'),
}


def _procedure(cell: str) -> str | None:
    """`2.000815`, also as Excel leaves it (`1.00065` was `1.000650`); None for a blank."""
    written = text.normal(cell).strip("'’` ")
    if not written:
        return None
    found = _PROCEDURE.fullmatch(written)
    if not found:
        raise Unreadable(*_UNREADABLE["procedure_code"])
    return f"{found[1]}.{found[2].ljust(6, '0')}"


def _yes_or_no(cell: str) -> bool | None:
    told = values.flag(cell)
    return None if told is None else bool(told)


@lru_cache(maxsize=1_000)
def _near(province: str, name: str) -> tuple[str, ...]:
    return tuple(names.nearest(name, province))
