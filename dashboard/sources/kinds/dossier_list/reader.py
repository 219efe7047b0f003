"""The dossier list: one dossier a row. Who applied is dropped while reading and never kept, logged
or quoted.

The list is read once, a piece at a time; what can be kept waits on disk until the store asks for
it. Of a dossier told twice in one file the row with the later state counts, of two alike the last
one.
"""

from __future__ import annotations

import pickle
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from dashboard import reference, workdays
from dashboard.batch import AGENCY_COLUMNS, Batch
from dashboard.errors import FileRefused
from dashboard.messages import write_message
from dashboard.sources.cells import days
from dashboard.sources.cells.date_columns import TURNED_REMEDY, judge_date_order
from dashboard.sources.formats.sheet import SheetRow, Unreadable, is_blank
from dashboard.sources.kinds.dossier_list.cell_words import NOT_TAKEN, FieldNames
from dashboard.sources.kinds.dossier_list.columns import (
    DOSSIER_FIELDS,
    GROUPED_FIELDS,
    MOMENT_FIELDS,
    REQUIRED_FIELDS,
    choose_dossier_columns,
    read_chunks,
)
from dashboard.sources.kinds.dossier_list.frame import DossierChunkReader
from dashboard.sources.problems import ProblemCollector
from dashboard.sources.recognise import periods, provinces, row_scope, subjects
from dashboard.sources.recognise.column_judgement import READ_MONTH_FIRST
from dashboard.sources.recognise.file_kinds import FileKind, ImportContext
from dashboard.sources.recognise.table import SheetTable

# A list's readable part on disk while the rest of it is read: a list of any length fits in memory.
#
# Nothing is written here but what the store may have. The file has no name and goes when it is
# closed.


class Spool:
    """Things put in one after the other, to be gone through as often as one likes."""

    def __init__(self, file_name: str) -> None:
        self._file_name = file_name
        with self._refuse_full_disk():
            # closed with the object that holds it
            self._file = tempfile.TemporaryFile()  # noqa: SIM115

    def __del__(self) -> None:
        with suppress(AttributeError, OSError):  # never opened, or still full
            self._file.close()

    def add(self, piece: Any) -> None:
        """Raises FileRefused where the disk is full."""
        with self._refuse_full_disk():
            pickle.dump(piece, self._file, protocol=5)

    @contextmanager
    def _refuse_full_disk(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            message = write_message(
                "không đủ chỗ tạm để đọc danh sách ({reason})", reason=error.strerror
            )
            remedy = write_message("hãy dọn đĩa, hoặc đặt TMPDIR vào thư mục còn chỗ")
            raise FileRefused(self._file_name, message, remedy) from error

    def __iter__(self) -> Iterator[Any]:
        with self._refuse_full_disk():
            self._file.flush()
            self._file.seek(0)
        while True:
            try:
                # Our own file of the same process, not somebody's: pickle is safe here.
                yield pickle.load(self._file)
            except EOFError:
                return


# What is odd in a dossier list but taken as told: counted, and told once with the first rows'
# numbers.

_PRINTED_DUE = write_message("ngày hẹn trả đã in trên giấy hẹn vẫn được dùng")
_CHECK_WORDS = {
    "twice": (
        write_message("có nhiều dòng trong tệp; đã lấy dòng có trạng thái sau cùng"),
        write_message("hãy kiểm tra các dòng trùng mã hồ sơ"),
    ),
    "due_early": (
        write_message("có ngày hẹn trả trước khi tiếp nhận"),
        write_message("hãy kiểm tra ngày hẹn trả; {printed_due}", printed_due=_PRINTED_DUE),
    ),
    "due_off": (
        write_message("có ngày hẹn trả vào ngày nghỉ"),
        write_message(
            "hãy kiểm tra lịch làm việc (data/working_days.toml); {printed_due}",
            printed_due=_PRINTED_DUE,
        ),
    ),
    "finished_early": (
        write_message("kết thúc trước ngày tiếp nhận"),
        write_message("hãy kiểm tra hai ngày này"),
    ),
    "undated": (
        write_message("đã giải quyết nhưng không ghi ngày kết thúc, nên không tính vào ngày nào"),
        write_message("hãy ghi ngày kết thúc"),
    ),
    "unfinished": (
        write_message("đang giải quyết nhưng ghi ngày kết thúc"),
        write_message("hãy kiểm tra trạng thái"),
    ),
    "unreceived": (
        write_message("không ghi ngày tiếp nhận, nên không tính vào ngày nào"),
        write_message("hãy ghi ngày tiếp nhận"),
    ),
    "field": (
        write_message(
            "ghi lĩnh vực không giống tên lĩnh vực, nên không lấy lĩnh vực của các hồ sơ này"
        ),
        write_message('hãy chỉ ghi tên lĩnh vực của thủ tục, ví dụ "Đất đai"'),
    ),
    "future": (
        write_message("ghi ngày tiếp nhận hoặc kết thúc sau hôm nay"),
        write_message("hãy kiểm tra các ngày này"),
    ),
}
_ROWS_NAMED = 3


class QualityChecks:
    """Counts per kind of oddity; `newest` is the newest moment of reception up to `today`, where a
    list tells none the newest finish.
    """

    def __init__(self, today: date):
        self._tomorrow = np.datetime64(today + timedelta(days=1), "s")
        self._counted: dict[str, tuple[int, list[int]]] = {}
        self._newest_received: np.datetime64 = np.datetime64("NaT", "s")
        self._newest_finished: np.datetime64 = np.datetime64("NaT", "s")
        self._finishes_by_day = Counter[np.datetime64]()

    @property
    def newest(self) -> datetime | None:
        """The day of the list: new dossiers come on every working day, so a list that tells of no
        newer one was written then. Its finishes prove nothing: many are dated ahead."""
        has_reception = not np.isnat(self._newest_received)
        newest = self._newest_received if has_reception else self._newest_finished
        return None if np.isnat(newest) else pd.Timestamp(newest).to_pydatetime()

    def note(self, check: str, numbers: np.ndarray) -> None:
        """Rows (by their numbers) of one kind of oddity."""
        if len(numbers):
            count, first_numbers = self._counted.get(check, (0, []))
            self._counted[check] = (
                count + len(numbers),
                [*first_numbers, *numbers[:_ROWS_NAMED].tolist()][:_ROWS_NAMED],
            )

    def drop(self, check: str) -> None:
        """Tell nothing of this kind of oddity."""
        self._counted.pop(check, None)

    def look(self, frame: pd.DataFrame, due_is_day: np.ndarray, numbers: np.ndarray) -> None:
        """Look through dossiers (SINGLE_COLUMNS) whose rows have these numbers."""
        received, due, finished = (
            frame[name].to_numpy() for name in ("received_at", "due", "finished_at")
        )
        state = frame["state"].fillna(0).to_numpy(dtype=int)
        self._newest_received = self._newer(self._newest_received, received)
        self._newest_finished = self._newer(self._newest_finished, finished)
        day = "datetime64[D]"
        days, counts = np.unique(
            finished[finished < self._tomorrow].astype(day), return_counts=True
        )
        self._finishes_by_day.update(dict(zip(days, counts.tolist(), strict=True)))
        early = np.where(due_is_day, due.astype(day) < received.astype(day), due < received)
        self.note("due_early", numbers[early])
        self.note("due_off", numbers[~np.isnat(due) & ~workdays.load_calendar().is_working(due)])
        self.note("finished_early", numbers[finished < received.astype(day)])
        self.note("undated", numbers[np.isin(state, (7, 9, 10)) & np.isnat(finished)])
        self.note("unfinished", numbers[np.isin(state, (2, 4)) & ~np.isnat(finished)])
        self.note("unreceived", numbers[np.isnat(received) & ~np.isin(state, (1, 3))])
        self.note("future", numbers[(received >= self._tomorrow) | (finished >= self._tomorrow)])

    def _newer(self, newest: np.datetime64, moments: np.ndarray) -> np.datetime64:
        past = moments[moments < self._tomorrow]
        return np.fmax(newest, past.max()) if len(past) else newest

    def report_problems(self, problems: ProblemCollector, as_of: datetime) -> None:
        """One warning a kind, and one of finishes after the day of the list: on no day's count."""
        last_day = np.datetime64(as_of.date(), "D")
        later = sum(count for day, count in self._finishes_by_day.items() if day > last_day)
        if later:
            problems.add(
                write_message(
                    "{later:,.0f} hồ sơ ghi ngày kết thúc sau ngày của danh sách "
                    "({as_of:%d/%m/%Y}), nên không tính vào ngày nào",
                    later=later,
                    as_of=as_of.date(),
                ),
                write_message(
                    "hãy kiểm tra ngày kết thúc, hoặc ghi rõ danh sách tính đến ngày nào (--as-of)"
                ),
                severity="warning",
            )
        for check, (count, first_numbers) in self._counted.items():
            message, remedy = _CHECK_WORDS[check]
            rows = [*first_numbers, *(["…"] if count > len(first_numbers) else [])]
            problems.add(
                write_message(
                    "{count:,.0f} hồ sơ {message} (dòng {rows})",
                    count=count,
                    message=message,
                    rows=rows,
                ),
                remedy,
                severity="warning",
            )


# The day of reception in a dossier's code.
_CODE_DAY = re.compile(r"-(\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])-\d")
# States (0: not told) from early to late, for two rows of one dossier: waiting, at work, finished,
# handed over.
_STATE_ORDER = np.array([0, 0, 1, 2, 1, 1, 1, 2, 1, 2, 3], dtype=np.int8)


def read_dossier_list(table: SheetTable, context: ImportContext) -> list[Batch]:
    """One batch whose `singles` are read back from disk; about 13 bytes a row stay in memory.

    As-of is what the title, the caller or the file's name says, else the newest moment of reception
    in the list that is not after `context.today`. Raises FileRefused for a list of no
    certain province, or where most units are unknown.
    """
    subjects.refuse_part_of_dossiers(context.file_name, table.head.titles, is_list=True)
    row_scope.refuse_filter(table)
    columns = choose_dossier_columns(table)
    province = _find_province(table, context)
    stated_as_of = periods.find_stated_as_of(context, table.head.titles)
    if stated_as_of is not None:
        periods.refuse_impossible_day(context, stated_as_of.date())
    problems = ProblemCollector(table)
    month_first = _find_month_first_columns(table, columns, problems)
    if "received_at" not in month_first:
        _refuse_days_against_codes(table, columns)
    checks = QualityChecks(context.today)
    spool = Spool(context.file_name)
    reader = DossierChunkReader(
        province, columns, table.heading("code"), context.today, problems, month_first
    )
    row_keys = []
    for chunk in read_chunks(table, context.path, columns, GROUPED_FIELDS & set(columns)):
        frame, numbers, due_is_day = reader.frame(chunk)
        if len(frame):
            checks.look(frame, due_is_day, numbers)
            not_kept = reader.field_names.find_not_kept(frame["field"].to_numpy())
            checks.note("field", numbers[not_kept])
            hashes = np.fromiter(map(hash, frame["code"]), dtype=np.int64, count=len(frame))
            row_keys.append(
                (hashes, frame["state"].fillna(0).to_numpy(dtype=np.int8), numbers.astype(np.int32))
            )
            spool.add(frame)
    _refuse_strange(reader, context)
    reader.refuse_doubtful_days(table)
    table.ragged_rows += reader.ragged_rows
    table.refuse_mostly_ragged(reader.rows - len(reader.ragged_rows))
    kept = _choose_rows(row_keys, checks)
    as_of = stated_as_of or checks.newest
    if as_of is None:
        raise _refuse_without_days(table, columns, context)
    if not reader.field_names.is_taken:
        checks.drop("field")
        head = SheetRow(table.head.last_row, [])
        problems.add(*NOT_TAKEN, head, "field", "warning")
    checks.report_problems(problems, as_of)
    departments = [(code, name, "department", None) for code, name in reader.departments.items()]
    agencies = pd.DataFrame(departments, columns=AGENCY_COLUMNS, dtype=object)
    return [
        context.make_batch(
            KIND.code,
            province,
            as_of,
            reader.rows,
            agencies=agencies,
            singles=_SpooledDossiers(spool, kept, reader.field_names),
            problems=problems.all(),
        )
    ]


def _refuse_without_days(
    table: SheetTable, columns: dict[str, int], context: ImportContext
) -> FileRefused:
    """No moment of the list can be read: its column is to blame, not the missing as-of."""
    name = "received_at" if "received_at" in columns else "submitted_at"
    first_rows = [row for row in table.sheet.peek if row.number > table.head.last_row]
    if any(not is_blank(table.cell(row, name)) for row in first_rows):
        message = write_message(
            'không đọc được ngày nào ở cột "{heading}"', heading=table.heading(name)
        )
        remedy = write_message("hãy ghi ngày/tháng/năm giờ:phút, ví dụ 13/07/2025 08:05")
        return FileRefused(context.file_name, message, remedy)
    message = write_message("không rõ danh sách tính đến ngày nào")
    return FileRefused(context.file_name, message, write_message("hãy thêm --as-of 2025-07-13"))


def _refuse_days_against_codes(table: SheetTable, columns: dict[str, int]) -> None:
    """Raises FileRefused where the days of reception become those that the dossiers' codes hold
    (H48.113-261103-0975 was received on 3 November 2026) only when day and month change places.
    """
    if "received_at" not in columns:
        return
    same = 0
    turned = 0
    for row in table.sheet.peek:
        code_day = _CODE_DAY.search(str(table.cell(row, "code") or ""))
        if row.number <= table.head.last_row or code_day is None:
            continue
        with suppress(Unreadable):
            moment = days.read_moment(table.cell(row, "received_at"))
            if moment and moment[0].day != moment[0].month:
                written = int(code_day[1]) + 2000, int(code_day[2]), int(code_day[3])
                same += written == (moment[0].year, moment[0].month, moment[0].day)
                turned += written == (moment[0].year, moment[0].day, moment[0].month)
    if turned > 9 * same:
        message = write_message(
            'cột "{heading}" ghi tháng trước ngày, hoặc đã bị bảng tính đổi '
            "chỗ ngày và tháng: ngày trong mã của {turned} hồ sơ đầu khác ngày "
            "tiếp nhận",
            heading=table.heading("received_at"),
            turned=turned,
        )
        raise FileRefused(table.file, message, TURNED_REMEDY)


def _find_month_first_columns(
    table: SheetTable, columns: dict[str, int], problems: ProblemCollector
) -> frozenset[str]:
    """The columns whose days can only be month first, by the first rows; the whole column is judged
    once it is read.
    """
    first_rows = [row for row in table.sheet.peek if row.number > table.head.last_row]
    month_first = set()
    for name in MOMENT_FIELDS:
        if (
            name in columns
            and judge_date_order(table.cell(row, name) for row in first_rows).month_first
        ):
            month_first.add(name)
            head = SheetRow(table.head.last_row, [])
            problems.add(*READ_MONTH_FIRST, head, name, "warning")
    return frozenset(month_first)


def _find_province(table: SheetTable, context: ImportContext) -> str:
    first_rows = [row for row in table.sheet.peek if row.number > table.head.last_row]
    province_codes = list(provinces.split_rows_by_province(table, first_rows, context))
    if len(province_codes) != 1:
        raise FileRefused(
            context.file_name,
            write_message("tệp có hồ sơ của nhiều tỉnh"),
            write_message("hãy tách mỗi tỉnh một tệp"),
        )
    return province_codes[0]


def _refuse_strange(reader: DossierChunkReader, context: ImportContext) -> None:
    """A list of another province, or with units in the wrong column, is refused whole."""
    if not reader.rows:
        message = write_message("danh sách không có hồ sơ nào đọc được")
        remedy = write_message("hãy kiểm tra cột mã hồ sơ")
    elif 2 * reader.unknown > reader.rows:
        message = write_message(
            "{unknown:,.0f}/{rows:,.0f} hồ sơ có đơn vị tiếp nhận không thuộc {province}",
            unknown=reader.unknown,
            rows=reader.rows,
            province=reference.load_province_names()[reader.province],
        )
        remedy = write_message("hãy kiểm tra tỉnh của tệp (--province) và cột đơn vị tiếp nhận")
    else:
        return
    raise FileRefused(context.file_name, message, remedy, list(reader.problems.all()))


def _choose_rows(
    row_keys: list[tuple[np.ndarray, np.ndarray, np.ndarray]], checks: QualityChecks
) -> np.ndarray:
    """Which rows on disk count: all but those of a dossier told again, later or further on."""
    if not row_keys:
        return np.zeros(0, dtype=bool)
    hashes, states, numbers = (np.concatenate(part) for part in zip(*row_keys, strict=True))
    # stable: rows of one dossier and state stay in order
    order = np.lexsort((_STATE_ORDER[states], hashes))
    repeated = order[:-1][hashes[order][:-1] == hashes[order][1:]]
    checks.note("twice", np.sort(numbers[repeated]))
    kept = np.ones(len(hashes), dtype=bool)
    kept[repeated] = False
    return kept


class _SpooledDossiers:
    """The dossiers on disk, without those told again; may be gone through more than once."""

    def __init__(self, spool: Spool, kept: np.ndarray, field_names: FieldNames):
        self._spool = spool
        self._kept = kept
        self._field_names = field_names

    def __iter__(self) -> Iterator[pd.DataFrame]:
        start = 0
        for frame in self._spool:
            kept = self._kept[start : start + len(frame)]
            start += len(frame)
            fields = self._field_names.tell(frame["field"].to_numpy())
            told = frame.assign(field=pd.Series(fields, dtype=object))
            yield told if kept.all() else told[kept].reset_index(drop=True)


KIND = FileKind(
    code="dossiers",
    fields=DOSSIER_FIELDS,
    required_fields=REQUIRED_FIELDS,
    read=read_dossier_list,
)
