"""The log of network probes: summed up per commune and local day to uptime and median speed.

A month of a province is millions of lines: they are read one by one, and only the days are kept
(`ProbeDay`), at most MOST_DAYS of them.
"""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

import pandas as pd

from dashboard import text
from dashboard.batch import OUTAGE_COLUMNS, READING_COLUMNS, Batch
from dashboard.errors import FileRefused
from dashboard.measures import FASTEST_MBPS
from dashboard.messages import write_message
from dashboard.reference import FIRST_DAY
from dashboard.sources.cells import values
from dashboard.sources.cells.days import read_day, read_log_moment
from dashboard.sources.formats.sheet import Cell, SheetRow, Unreadable, is_blank
from dashboard.sources.problems import ProblemCollector
from dashboard.sources.recognise import communes, provinces
from dashboard.sources.recognise.file_kinds import FileKind, ImportContext
from dashboard.sources.recognise.headings import FileField
from dashboard.sources.recognise.table import SheetTable

# Whether a probe found the line up, in any wording.

_UP_WORDS = frozenset(
    map(
        text.make_spelling_key,
        (
            "up",
            "1",
            "online",
            "ok",
            "true",
            "yes",
            "success",
            "reachable",
            "alive",
            "connected",
            "good",
            "normal",
            "có",
            "thông",
            "thông suốt",
            "hoạt động",
            "kết nối",
            "có mạng",
            "bình thường",
            "ổn định",
            "đang hoạt động",
            "tốt",
            "đã kết nối",
            "có kết nối",
            "đạt",
        ),
    )
)
_DOWN_WORDS = frozenset(
    map(
        text.make_spelling_key,
        (
            "down",
            "0",
            "offline",
            "false",
            "no",
            "timeout",
            "time out",
            "timed out",
            "fail",
            "failed",
            "error",
            "lost",
            "unreachable",
            "disconnected",
            "dead",
            "không",
            "đứt",
            "mất",
            "mất kết nối",
            "mất mạng",
            "gián đoạn",
            "ngừng",
            "không kết nối",
            "không có kết nối",
            "lỗi",
            "mất tín hiệu",
            "không hoạt động",
            "đứt cáp",
            "không có mạng",
            "không đạt",
            "ngắt kết nối",
            "không thông",
            "đứt mạng",
        ),
    )
)


def read_line_up(cell: Cell) -> bool | None:
    """Whether the line was up; None where nothing is said. Raises Unreadable."""
    if is_blank(cell):
        return None
    return _parse_line_up(f"{cell:g}" if isinstance(cell, float) else str(cell))


@lru_cache(maxsize=1_000)
def _parse_line_up(written: str) -> bool:
    key = text.make_spelling_key(written)
    if key in _UP_WORDS or key in _DOWN_WORDS:
        return key in _UP_WORDS
    raise Unreadable(
        write_message("không rõ là có mạng hay mất mạng"), write_message('hãy ghi "up" hoặc "down"')
    )


# Probes of one commune and day, kept small: how many, how many up, and the median of the speeds.

# A probe every 20 seconds; a day with more is kept in bins of half a percent.
MOST_EXACT_SPEEDS = 4_320
_STEP = math.log(1.005)
_MINUTES_OF_DAY = 24 * 60
_DOWN = 1
_UP = 2
_LOWEST = 0.01


class ProbeDay:
    """Up to EXACT speeds are kept as they are (4 bytes each); beyond that counted in bins. Whether
    the line was up or down is also kept per minute, where the log tells the hour.
    """

    __slots__ = ("_bins", "_speeds", "minutes", "probes", "unread", "up")

    def __init__(self) -> None:
        self.probes = self.up = self.unread = 0
        self.minutes = bytearray()  # a byte a minute: 0 not probed, _DOWN, _UP
        self._speeds = array("f")
        self._bins: dict[int, int] | None = None

    def add(self, up: bool | None, mbps: float | None, minute: int | None = None) -> None:
        """One probe. A speed counts only where the line was not down: what is down has no speed.
        `minute` of the day, None where the log does not tell the hour.
        """
        if up is not None:
            self.probes += 1
            self.up += up
            if minute is not None:
                self._note_minute(minute, _UP if up else _DOWN)
        if mbps is not None and up is not False:
            if self._bins is None:
                self._speeds.append(mbps)
                if len(self._speeds) > MOST_EXACT_SPEEDS:
                    self._fold_into_bins()
            else:
                self._count_in_bin(mbps)

    def merge(self, other: ProbeDay) -> None:
        """Take over what another spelling of the same commune collected."""
        self.probes += other.probes
        self.unread += other.unread
        self.up += other.up
        for minute in range(len(other.minutes)):
            if other.minutes[minute]:
                self._note_minute(minute, other.minutes[minute])
        for mbps in other._speeds:
            self.add(None, mbps)
        for bin_number, count in (other._bins or {}).items():
            if self._bins is None:
                self._fold_into_bins()
            assert self._bins is not None
            self._bins[bin_number] = self._bins.get(bin_number, 0) + count

    def _note_minute(self, minute: int, state: int) -> None:
        """A line that answered within a minute was not away for that minute."""
        if not self.minutes:
            self.minutes = bytearray(_MINUTES_OF_DAY)
        self.minutes[minute] = max(self.minutes[minute], state)

    def _fold_into_bins(self) -> None:
        self._bins = {}
        for mbps in self._speeds:
            self._count_in_bin(mbps)
        self._speeds = array("f")

    def _count_in_bin(self, mbps: float) -> None:
        assert self._bins is not None
        bin_number = -1 if mbps < _LOWEST else round(math.log(mbps / _LOWEST) / _STEP)
        self._bins[bin_number] = self._bins.get(bin_number, 0) + 1

    @property
    def uptime(self) -> float | None:
        """Probes that were up ÷ probes; None without probes, or where nobody knows of some."""
        return self.up / self.probes if self.probes and not self.unread else None

    @property
    def median(self) -> float | None:
        """The middle speed in Mbps (of an even number the mean of the middle two); from bins within
        0.5%.
        """
        if self._bins is None:
            ordered = sorted(self._speeds)
            if not ordered:
                return None
            middle = len(ordered) // 2
            middle_two = ordered[middle], ordered[middle - 1 + len(ordered) % 2]
            return round(sum(middle_two) / 2, 3)
        half = sum(self._bins.values()) / 2
        seen = 0
        for bin_number in sorted(self._bins):
            seen += self._bins[bin_number]
            if seen >= half:
                return 0.0 if bin_number < 0 else round(_LOWEST * math.exp(bin_number * _STEP), 3)
        return None


# So many probes without one that found a line up are no log of all probes.
_LEAST_FAILURES = 5
MOST_PROBE_ROWS = 50_000_000
# Communes x days: a province of 148 communes for four months. At most 20 kB each.
MOST_DAYS = 20_000
_COMMUNE = (
    "| Điểm đo | Vị trí | Nơi đo | Địa điểm | Trạm | Điểm cầu | site | host | location | node "
    "| Tên điểm đo"
)
_FIELDS = (
    *communes.add_commune_headings(_COMMUNE),
    FileField(
        "time",
        "Thời gian | Thời điểm | Thời gian đo | Thời điểm đo | Ngày giờ | Ngày giờ đo | time "
        "| timestamp"
        "| Thời điểm ghi nhận | datetime | date time | checked at | measured at | Lúc "
        "| Thời điểm kiểm tra kết nối",
        read_log_moment,
    ),
    FileField("day", "Ngày | Ngày đo | Ngày ghi nhận | Ngày kiểm tra | date | day", read_day),
    FileField("clock", "Giờ | Giờ đo | Giờ, phút | Giờ ghi nhận | clock | hour"),
    FileField(
        "state",
        "Trạng thái | Trạng thái kết nối | Kết nối | up, down | status | state | Tình trạng "
        "| Trạng thái đường truyền"
        "| Tình trạng kết nối | Tình trạng mạng | Trạng thái mạng | up | Đường truyền "
        "| Tình trạng đường truyền",
        read_line_up,
    ),
    FileField(
        "mbps",
        "Tốc độ | Mbps | Tốc độ tải xuống | Tốc độ mạng | Băng thông | download | download mbps "
        "| speed"
        "| Tốc độ đo được | Tốc độ đường truyền | speed mbps | Tốc độ download | Download speed "
        "| Tải xuống"
        "| throughput | Băng thông đo | download kbps | download bps | download gbps | speed kbps "
        "| mbps down | down mbps | Tốc độ kbps",
        values.read_speed,
    ),
)


@dataclass
class _CommuneSpelling:
    """One spelling of a commune in the log: its first row stands for all of them."""

    row: SheetRow
    days: dict[date, ProbeDay] = field(default_factory=dict)


def read_probe_log(table: SheetTable, context: ImportContext) -> list[Batch]:
    """One batch per province: readings `network_uptime` (0 to 1) and `network_mbps_probed`,
    verified, a day each.
    """
    problems = ProblemCollector(table)
    spellings, rows = _collect_days(table, context, problems)
    if not any(spelling.days for spelling in spellings.values()):
        message = write_message("không có dòng đo nào đọc được")
        raise FileRefused(
            context.file_name,
            message,
            write_message("hãy kiểm tra cột thời gian và trạng thái"),
            list(problems.all()),
        )
    _refuse_failures_alone(spellings.values(), context)
    first_rows = [spelling.row for spelling in spellings.values()]
    batches = []
    for province, province_rows in provinces.split_rows_by_province(
        table, first_rows, context
    ).items():
        numbers = {row.number for row in province_rows}
        by_commune = _merge_by_commune(
            table,
            province,
            [entry for entry in spellings.values() if entry.row.number in numbers],
            problems,
        )
        days_probed = [day for entry in by_commune.values() for day in entry]
        if not days_probed:
            continue
        period = min(days_probed), max(days_probed)
        as_of = period[1]
        batches.append(
            context.make_batch(
                KIND.code,
                province,
                as_of,
                rows,
                period=period,
                readings=_make_readings(by_commune),
                outages=_make_outages(by_commune),
                problems=problems.all(),
            )
        )
    if not batches:
        message = write_message("không có dòng nào của đơn vị nào nhận ra được")
        raise FileRefused(
            context.file_name,
            message,
            write_message("hãy kiểm tra cột tên hoặc mã đơn vị"),
            list(problems.all()),
        )
    return batches


def _refuse_failures_alone(spellings: Iterable[_CommuneSpelling], context: ImportContext) -> None:
    """Raises FileRefused where no probe of the whole log found a line up: a list of what failed
    says nothing of the time between."""
    days = [day for spelling in spellings for day in spelling.days.values()]
    if sum(day.probes for day in days) >= _LEAST_FAILURES and not any(day.up for day in days):
        message = write_message("mọi dòng đều ghi mất mạng, nên có thể chỉ là danh sách sự cố")
        remedy = write_message("hãy gửi nhật ký có mọi lần đo, cả những lần có mạng")
        raise FileRefused(context.file_name, message, remedy)


def _collect_days(
    table: SheetTable, context: ImportContext, problems: ProblemCollector
) -> tuple[dict[tuple[Cell, ...], _CommuneSpelling], int]:
    """Every row once: the days of each spelling of a commune, and how many rows there were."""
    spellings: dict[tuple[Cell, ...], _CommuneSpelling] = {}
    first_rows = [row for row in table.sheet.peek if row.number > table.head.last_row]
    problems.judge_columns(first_rows, most_count=values.MOST_COUNT)
    last_day = context.today + timedelta(days=1)  # a log may be closed after midnight
    # with the hour in a column of its own the day is told as a local day
    time_column = "day" if table.has("clock") and table.has("day") else "time"
    days_kept = rows = blanks = 0
    for row in table.rows(MOST_PROBE_ROWS):
        rows += 1
        moment: date | None = problems.read(row, time_column)
        if moment is None:
            blanks += is_blank(table.cell(row, time_column))
            continue
        day = moment.date() if isinstance(moment, datetime) else moment
        if not FIRST_DAY <= day <= last_day:
            problems.add(
                write_message("nằm ngoài khoảng từ 01/07/2025 đến hôm nay"),
                write_message("hãy sửa thời điểm đo"),
                row,
                time_column,
            )
            continue
        state, mbps = _read_probe(table, row, problems)
        is_unread = state is None and not is_blank(table.cell(row, "state"))
        if state is None and mbps is None and not is_unread:
            continue
        commune_cells = (
            table.cell(row, "commune_code"),
            table.cell(row, "commune"),
            table.cell(row, "province"),
        )
        spelling = spellings.get(commune_cells)
        if spelling is None:
            spelling = spellings[commune_cells] = _CommuneSpelling(row)
        probes = spelling.days.get(day)
        if probes is None:
            days_kept += 1
            if days_kept > MOST_DAYS or len(spellings) > communes.MOST_COMMUNE_ROWS:
                message = write_message(
                    "nhật ký có hơn {most_days:,.0f} đơn vị × ngày", most_days=MOST_DAYS
                )
                raise FileRefused(
                    context.file_name,
                    message,
                    write_message("hãy chia tệp theo tháng rồi gửi từng phần"),
                )
            probes = spelling.days[day] = ProbeDay()
        probes.add(state, mbps, _read_minute(table, row, moment))
        probes.unread += is_unread
    unread = sum(day.unread for entry in spellings.values() for day in entry.days.values())
    if unread:
        message = write_message(
            "{unread:,.0f} dòng không đọc được trạng thái; không tính tỷ lệ có "
            "mạng và lượt mất mạng của các ngày đó",
            unread=unread,
        )
        problems.add(message, write_message('hãy ghi "up" hoặc "down" ở mọi dòng'))
    if blanks:
        message = write_message(
            "{blanks:,.0f} dòng không ghi thời điểm đo; không tính", blanks=blanks
        )
        problems.add(message, write_message("hãy ghi thời điểm đo"), severity="refused")
    return spellings, rows


def _read_probe(
    table: SheetTable, row: SheetRow, problems: ProblemCollector
) -> tuple[bool | None, float | None]:
    """Up or down, and Mbps. Without a word about the state a speed says it: more than 0 is up."""
    mbps = problems.read(row, "mbps")
    if mbps is not None and not 0 <= mbps <= FASTEST_MBPS:
        remedy = write_message("hãy kiểm tra đơn vị đo (Mbps)")
        fault = write_message("lớn hơn mọi đường truyền của cấp xã")
        if mbps < 0:
            fault = write_message("là số âm")
        problems.add(
            fault,
            remedy,
            row,
            "mbps",
        )
        mbps = None
    state: bool | None = problems.read(row, "state")
    if state is None and mbps is not None and is_blank(table.cell(row, "state")):
        state = mbps > 0
    return state, mbps


_CLOCK = re.compile(r"(\d{1,2})\s*(?:[:hg.]\s*(\d{2}))?(?:\D|$)")


def _read_minute(table: SheetTable, row: SheetRow, moment: date) -> int | None:
    """The minute of the day; None where neither the moment nor a column of its own tells it."""
    if isinstance(moment, datetime):
        return moment.hour * 60 + moment.minute
    cell = table.cell(row, "clock")
    if isinstance(cell, datetime | time):
        return cell.hour * 60 + cell.minute
    if isinstance(cell, float) and 0 <= cell < 1:  # a spreadsheet's share of a day
        return int(cell * _MINUTES_OF_DAY + 1e-6)
    written = _CLOCK.match(str(cell).strip())
    if written is None:
        return None
    minute = int(written[1]) * 60 + int(written[2] or 0)
    return minute if minute < _MINUTES_OF_DAY else None


def _merge_by_commune(
    table: SheetTable, province: str, spellings: list[_CommuneSpelling], problems: ProblemCollector
) -> dict[str, dict[date, ProbeDay]]:
    by_commune: dict[str, dict[date, ProbeDay]] = {}
    for spelling in spellings:
        code = communes.find_commune(province, table, spelling.row, problems)
        if code is None:
            continue
        commune_days = by_commune.setdefault(code, {})
        for day, probes in spelling.days.items():
            commune_days.setdefault(day, ProbeDay()).merge(probes)
    return by_commune


def _make_readings(by_commune: dict[str, dict[date, ProbeDay]]) -> pd.DataFrame:
    lines: list[tuple[Any, ...]] = []
    for code, commune_days in sorted(by_commune.items()):
        for day, probes in sorted(commune_days.items()):
            for measure, value in (
                ("network_uptime", probes.uptime),
                ("network_mbps_probed", probes.median),
            ):
                if value is not None:
                    lines.append((code, measure, value, "verified", day))
    return pd.DataFrame(lines, columns=READING_COLUMNS)


def _make_outages(by_commune: dict[str, dict[date, ProbeDay]]) -> pd.DataFrame:
    """From the first probe without a line to the first that has it again; over midnight where both
    days were probed.
    """
    lines: list[tuple[Any, ...]] = []
    for code, commune_days in sorted(by_commune.items()):
        if any(probes.unread for probes in commune_days.values()):
            continue  # the line may have been back where nobody could read it
        began: datetime | None = None
        day_before: date | None = None
        for day, probes in sorted(commune_days.items()):
            if began is not None and day_before != day - timedelta(days=1):
                lines.append((code, began.date(), began, None))
                began = None
            day_before = day
            for minute, state in enumerate(probes.minutes):
                if state == _DOWN and began is None:
                    began = datetime.combine(day, time(minute // 60, minute % 60))
                elif state == _UP and began is not None:
                    ended = datetime.combine(day, time(minute // 60, minute % 60))
                    lines.append((code, began.date(), began, ended))
                    began = None
        if began is not None:
            lines.append((code, began.date(), began, None))
    frame = pd.DataFrame(lines, columns=OUTAGE_COLUMNS)
    return frame.astype({"began_at": "datetime64[s]", "ended_at": "datetime64[s]"})


KIND = FileKind(
    code="probe_log",
    fields=_FIELDS,
    required_fields=(
        (1, ("commune", "commune_code")),
        (1, ("time", "clock")),
        (1, ("time", "day")),
        (1, ("state", "mbps")),
    ),
    read=read_probe_log,
    excluding_headings=(
        "Mã hồ sơ",
        "Chủ hồ sơ",
        "Ngày tiếp nhận",
        "Số hiệu chứng thư",
        "Ngày kê khai",
        "Tự đánh giá",
        "Tiêu chí",
        "Loại thiết bị",
        "Cần",
        "Đã cấp",
        "Tổ công tác",
        "Ngày hết hạn",
    ),
)
