"""The dossier list: one dossier a row. Who applied is dropped while reading and never kept, logged or quoted.

The list is read once, a piece at a time; what can be kept waits on disk until the store asks for it. Of a
dossier told twice in one file the row with the later state counts, of two alike the last one.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from dashboard import reference, text
from dashboard.batch import AGENCY_COLUMNS, Batch
from dashboard.errors import FileRefused
from dashboard.sources import periods, provinces
from dashboard.sources.dossier_chunks import chunks
from dashboard.sources.dossier_columns import FIELDS, GROUPED, NEEDS, columns_to_read
from dashboard.sources.dossier_frame import Dossiers
from dashboard.sources.dossier_oddities import Oddities
from dashboard.sources.findings import Findings
from dashboard.sources.kinds import Given, Kind
from dashboard.sources.spool import Spool
from dashboard.sources.table import Table

# States (0: not told) from early to late, for two rows of one dossier: waiting, at work, finished, handed over.
_LATER = np.array([0, 0, 1, 2, 1, 1, 1, 2, 1, 2, 3], dtype=np.int8)


def read(table: Table, given: Given) -> list[Batch]:
    """One batch whose `singles` are read back from disk; about 13 bytes a row stay in memory.

    As-of is what the title, the caller or the file's name says, else the newest moment of reception or finish
    in the list that is not after `given.today`. Raises FileRefused for a list of no certain province, or where
    most units are unknown.
    """
    columns = columns_to_read(table)
    province = _province(table, given)
    told = periods.as_of_told(given, table.head.titles)
    if told is not None:
        periods.check_day(given, told.date())
    findings, oddities, spool = Findings(table), Oddities(given.today), Spool(given.file_name)
    dossiers = Dossiers(province, columns, table.heading("code"), given.today, findings)
    seen = []
    for chunk in chunks(table, given.path, columns, GROUPED & set(columns)):
        frame, numbers, due_is_day = dossiers.frame(chunk)
        if len(frame):
            oddities.look(frame, due_is_day, numbers)
            hashes = np.fromiter(map(hash, frame["code"]), dtype=np.int64, count=len(frame))
            seen.append((hashes, frame["state"].fillna(0).to_numpy(dtype=np.int8), numbers.astype(np.int32)))
            spool.add(frame)
    _refuse_strange(dossiers, given)
    kept = _kept(seen, oddities)
    as_of = told or (None if np.isnat(oddities.newest) else oddities.newest.item())
    if as_of is None:
        raise FileRefused(given.file_name, "không rõ danh sách tính đến ngày nào", "hãy thêm --as-of 2025-07-13")
    oddities.tell(findings)
    departments = [(code, name, "department", None) for code, name in dossiers.departments.items()]
    agencies = pd.DataFrame(departments, columns=AGENCY_COLUMNS, dtype=object)
    return [
        Batch(given.file_name, given.sha256, KIND.code, province, as_of, dossiers.rows, agencies=agencies,
              singles=_Singles(spool, kept), problems=findings.all())
    ]  # fmt: skip


def _province(table: Table, given: Given) -> str:
    first = [row for row in table.sheet.peek if row.number > table.head.last_row]
    found = list(provinces.rows_by_province(table, first, given))
    if len(found) != 1:
        raise FileRefused(given.file_name, "tệp có hồ sơ của nhiều tỉnh", "hãy tách mỗi tỉnh một tệp")
    return found[0]


def _refuse_strange(dossiers: Dossiers, given: Given) -> None:
    """A list of another province, or with units in the wrong column, is refused whole."""
    if not dossiers.rows:
        message, remedy = "danh sách không có hồ sơ nào đọc được", "hãy kiểm tra cột mã hồ sơ"
    elif 2 * dossiers.unknown > dossiers.rows:
        count = f"{text.number(dossiers.unknown)}/{text.number(dossiers.rows)} hồ sơ"
        message = f"{count} có đơn vị tiếp nhận không thuộc {reference.provinces()[dossiers.province]}"
        remedy = "hãy kiểm tra tỉnh của tệp (--province) và cột đơn vị tiếp nhận"
    else:
        return
    raise FileRefused(given.file_name, message, remedy, list(dossiers.findings.all()))


def _kept(seen: list[tuple[np.ndarray, np.ndarray, np.ndarray]], oddities: Oddities) -> np.ndarray:
    """Which of the rows on disk count: all but those of a dossier told again, later or further on."""
    if not seen:
        return np.zeros(0, dtype=bool)
    hashes, states, numbers = (np.concatenate(part) for part in zip(*seen, strict=True))
    order = np.lexsort((_LATER[states], hashes))  # stable: rows of one dossier and state stay in order
    again = order[:-1][hashes[order][:-1] == hashes[order][1:]]
    oddities.note("twice", np.sort(numbers[again]))
    kept = np.ones(len(hashes), dtype=bool)
    kept[again] = False
    return kept


class _Singles:
    """The dossiers on disk, without those told again; may be gone through more than once."""

    def __init__(self, spool: Spool, kept: np.ndarray):
        self._spool, self._kept = spool, kept

    def __iter__(self) -> Iterator[pd.DataFrame]:
        start = 0
        for frame in self._spool:
            kept = self._kept[start : start + len(frame)]
            start += len(frame)
            yield frame if kept.all() else frame[kept].reset_index(drop=True)


KIND = Kind(code="dossiers", name="danh sách hồ sơ", fields=FIELDS, needs=NEEDS, read=read)
