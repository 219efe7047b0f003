"""Certificates: one a row with its state and last day, or counts per commune.

Who holds a certificate and its serial number are nobody's business here: the columns of holders are
not even declared, and a serial only tells, while the file is read, that two rows are one
certificate.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Literal

import pandas as pd

from dashboard import text
from dashboard.batch import CERTIFICATE_COLUMNS, CERTIFICATES, Batch
from dashboard.errors import FileRefused
from dashboard.messages import write_message
from dashboard.sources.cells import days, values
from dashboard.sources.formats import sheet
from dashboard.sources.formats.sheet import DASHES, Cell, SheetRow, Unreadable, is_blank
from dashboard.sources.problems import ProblemCollector
from dashboard.sources.recognise import communes, periods, provinces, subjects
from dashboard.sources.recognise.column_judgement import MOST_OF_A_COMMUNE
from dashboard.sources.recognise.file_kinds import FileKind, ImportContext
from dashboard.sources.recognise.headings import FileField
from dashboard.sources.recognise.table import SheetTable

# What a certificate's state means, in any wording an office or its provider uses.

# `pending`: not in use yet, so it is none of the counted; `none`: the row says there is no
# certificate.
CertificateState = Literal["active", "locked", "revoked", "expired", "pending", "none"]


def _any_of_words(*words: str) -> re.Pattern[str]:
    keys = "|".join(text.make_spelling_key(word) for word in words)
    return re.compile(rf"(?:^| )(?:{keys})(?= |$)")


# Not in use: whether locked, revoked or expired is not told, and not guessed.
_UNCLEAR_STATE = _any_of_words(
    "không hoạt động",
    "ngừng hoạt động",
    "dừng hoạt động",
    "ngưng hoạt động",
    "không sử dụng",
    "ngừng sử dụng",
    "không hiệu lực",
)
# The first rule that fits decides: "đã mở khóa" is not "khóa", "sắp hết hạn" is not "hết hạn".
_STATE_RULES: tuple[tuple[re.Pattern[str], CertificateState], ...] = (
    (
        _any_of_words(
            "chưa thu hồi",
            "chưa bị thu hồi",
            "không bị thu hồi",
            "sắp hết",
            "gần hết",
            "chuẩn bị hết",
            "chưa hết hạn",
            "không bị khóa",
            "chưa khóa",
        ),
        "active",
    ),
    (
        _any_of_words(
            "thu hồi", "hủy", "hủy bỏ", "chấm dứt", "revoked", "revoke", "cancelled", "canceled"
        ),
        "revoked",
    ),
    (_any_of_words("chờ mở", "chờ mở khóa", "yêu cầu mở", "đề nghị mở", "cần mở"), "locked"),
    (_any_of_words("mở khóa", "unlocked"), "active"),
    (
        _any_of_words(
            "khóa",
            "tạm dừng",
            "tạm ngừng",
            "tạm ngưng",
            "tạm đình chỉ",
            "đình chỉ",
            "treo",
            "locked",
            "lock",
            "suspended",
            "on hold",
        ),
        "locked",
    ),
    (
        _any_of_words(
            "hết hạn",
            "hết hiệu lực",
            "hết thời hạn",
            "quá hạn",
            "không còn hiệu lực",
            "không còn hạn",
            "expired",
        ),
        "expired",
    ),
    (
        _any_of_words(
            "chưa kích hoạt",
            "chưa hoạt động",
            "chờ kích hoạt",
            "chưa sử dụng",
            "chờ cấp",
            "đang cấp",
            "chưa cấp",
            "mới đăng ký",
            "chờ duyệt",
            "pending",
        ),
        "pending",
    ),
    (
        _any_of_words(
            "hoạt động",
            "hiệu lực",
            "còn hạn",
            "sử dụng",
            "đang dùng",
            "bình thường",
            "kích hoạt",
            "active",
            "valid",
            "good",
            "tốt",
            "ok",
        ),
        "active",
    ),
    (_any_of_words("không có", "chưa có", "không phát sinh"), "none"),
)
_STATE_REMEDY = write_message('hãy ghi "Hoạt động", "Bị khóa", "Thu hồi" hoặc "Hết hạn"')


def read_certificate_state(cell: Cell) -> CertificateState | None:
    """The state that a cell means; None where it is blank. Raises Unreadable where it is not
    certain.
    """
    if is_blank(cell):
        return None
    return _classify_state(str(cell))


@lru_cache(maxsize=2_000)
def _classify_state(written: str) -> CertificateState:
    if text.normalize_text(written) in DASHES | {"0"}:
        return "none"
    key = text.make_spelling_key(written)
    for rule, state in _STATE_RULES:
        if rule.search(key) and not (state == "active" and _UNCLEAR_STATE.search(key)):
            return state
    raise Unreadable(write_message("không rõ là trạng thái nào của chứng thư số"), _STATE_REMEDY)


# Counting certificates: from a list with one a row, or as a form tells them per commune.

# No certificate is issued for longer than this.
_LONGEST = timedelta(days=20 * 366)
# Of fewer last days one or two slips are most.
_FEW_LAST_DAYS = 3
# "01/01/2023 - 01/01/2028", "Từ 01/01/2023 đến 01/01/2028": valid from and to in one cell.
_SPAN = re.compile(
    r"(?:từ )?(?:ngày )?\d{1,2}[/.-]\d{1,2}[/.-]\d{4}\s*(?:[-–—→~]|đến|tới)\s*"
    r"(?:hết )?(?:ngày )?(?P<last>\d{1,2}[/.-]\d{1,2}[/.-]\d{4})$",
    re.IGNORECASE,
)


@dataclass
class CertificateCounts:
    """What a commune's rows said: counts, and which of CERTIFICATES they cannot tell."""

    row: SheetRow
    counts: Counter[str] = field(default_factory=Counter)
    unknown_names: set[str] = field(default_factory=set)


def count_certificates(
    table: SheetTable, rows: list[SheetRow], province: str, as_of: date, problems: ProblemCollector
) -> dict[str, CertificateCounts]:
    """One certificate a row. A list without last days tells nothing of what expires soon, nor does
    a commune of which one cannot be read. Raises FileRefused where most of them cannot.
    """
    last_day_column = next((name for name in ("expiry", "expired") if table.has(name)), None)
    repeated = _find_repeated(table, rows, problems)
    by_commune: dict[str, CertificateCounts] = {}
    last_days = unreadable_days = 0
    for row in rows:
        code = communes.find_commune(province, table, row, problems)
        if code is None or row.number in repeated:
            continue
        state = problems.read(row, "state")
        last_day = _read_last_day(table, row, last_day_column, as_of, problems)
        is_written = last_day_column is not None and _is_day_written(table, row, last_day_column)
        is_unreadable = is_written and last_day is None
        last_days += is_written
        unreadable_days += is_unreadable
        if state is None:
            if is_blank(table.cell(row, "state")) and (
                last_day or not is_blank(table.cell(row, "serial"))
            ):
                problems.add(
                    write_message("để trống"),
                    write_message('hãy ghi trạng thái, ví dụ "Hoạt động"'),
                    row,
                    "state",
                )
            continue
        commune = by_commune.setdefault(
            code,
            CertificateCounts(
                row, unknown_names=set() if last_day_column else {"expiring_30", "expiring_60"}
            ),
        )
        if is_unreadable:
            commune.unknown_names |= {"expiring_30", "expiring_60"}
        commune.counts.update(_name_counts(state, (last_day - as_of).days if last_day else None))
    if last_day_column and last_days >= _FEW_LAST_DAYS and 2 * unreadable_days > last_days:
        message = write_message(
            'không đọc được {unreadable}/{rows} ngày ở cột "{heading}", nên không rõ chứng thư số '
            "nào đã hết hạn",
            unreadable=unreadable_days,
            rows=last_days,
            heading=table.heading(last_day_column),
        )
        remedy = write_message("hãy ghi ngày hết hạn dạng ngày/tháng/năm, ví dụ 13/07/2025")
        raise FileRefused(table.file, message, remedy, list(problems.all()))
    return by_commune


def _is_day_written(table: SheetTable, row: SheetRow, column: str) -> bool:
    cell = table.cell(row, column)
    return not is_blank(cell) and text.normalize_text(str(cell)) not in DASHES


def _name_counts(state: str, days_left: int | None) -> list[str]:
    """The counts that one certificate belongs to. The last day is still a day of use.

    What ends counts as expired even if its state was never changed; only what works can "expire
    soon", and what ends within 30 days ends within 60 as well.
    """
    if state in ("active", "locked") and days_left is not None and days_left < 0:
        state = "expired"
    if state == "active" and days_left is not None:
        return [state, *(f"expiring_{within}" for within in (30, 60) if days_left <= within)]
    return [state]


def _read_last_day(
    table: SheetTable, row: SheetRow, column: str | None, as_of: date, problems: ProblemCollector
) -> date | None:
    """The day a certificate ends; None where not told or, with a warning, where it cannot be."""
    cell = table.cell(row, column) if column else None
    if column is None or is_blank(cell):
        return None
    if isinstance(cell, str) and (span := _SPAN.match(text.normalize_text(cell))):
        cell = span["last"]
    try:
        last_day = days.read_day(cell, **problems.get_options(column))
    except sheet.Unreadable as error:
        problems.add(
            write_message("{message}; đã đếm theo trạng thái", message=error.message),
            error.remedy,
            row,
            column,
        )
        return None
    if last_day is not None and not as_of - _LONGEST < last_day < as_of + _LONGEST:
        problems.add(
            write_message("không thể là ngày hết hạn; đã đếm theo trạng thái"),
            write_message("hãy sửa ngày hết hạn"),
            row,
            column,
        )
        return None
    return last_day


def _find_repeated(table: SheetTable, rows: list[SheetRow], problems: ProblemCollector) -> set[int]:
    """Numbers of rows to leave out: a certificate told twice alike counts once, told differently
    never.
    """
    if not table.has("serial"):
        return set()
    groups: dict[str, list[SheetRow]] = {}
    for row in rows:
        serial = table.cell(row, "serial")
        if is_blank(serial) or values.is_shortened(serial):
            continue
        if len(serial_key := text.make_spelling_key(str(serial))) > 3:
            groups.setdefault(serial_key, []).append(row)
    left_out: set[int] = set()
    for first, *others in groups.values():
        if not others:
            continue
        numbers = [row.number for row in (first, *others)[:5]]
        if all(_same_certificate(table, first, row) for row in others):
            left_out |= {row.number for row in others}
            message = write_message(
                "một chứng thư số ghi ở nhiều dòng giống nhau (dòng {rows}); đã tính một",
                rows=numbers,
            )
            problems.add(
                message, write_message("hãy bỏ bớt dòng thừa"), others[0], severity="warning"
            )
        else:
            left_out |= {row.number for row in (first, *others)}
            message = write_message(
                "một chứng thư số ghi ở nhiều dòng khác nhau (dòng {rows}); không tính dòng nào",
                rows=numbers,
            )
            problems.add(message, write_message("hãy giữ lại một dòng đúng"), others[0])
    return left_out


def _same_certificate(table: SheetTable, first: SheetRow, other: SheetRow) -> bool:
    def key_cells(row: SheetRow) -> list[Any]:
        return [
            text.make_spelling_key(str(table.cell(row, name) or ""))
            for name in ("commune", "state", "expiry")
        ]

    return key_cells(first) == key_cells(other)


def read_certificate_counts(
    table: SheetTable, rows: list[SheetRow], province: str, problems: ProblemCollector
) -> dict[str, CertificateCounts]:
    """One commune a row: what is written is taken, a blank is not known and no zero."""
    by_commune: dict[str, CertificateCounts] = {}
    conflicts: set[str] = set()
    for row in rows:
        code = communes.find_commune(province, table, row, problems)
        if code is None:
            continue
        cells = {name: problems.read(row, name) for name in (*CERTIFICATES, "total")}
        counts = {name: value for name, value in cells.items() if value is not None}
        if not counts:
            continue
        if counts == {"total": 0}:
            counts = dict.fromkeys(CERTIFICATES, 0)
        commune = CertificateCounts(
            row,
            Counter({name: int(value) for name, value in counts.items()}),
            set(CERTIFICATES) - set(counts),
        )
        _check_counts(commune, row, problems)
        earlier = by_commune.setdefault(code, commune)
        if earlier is not commune:
            is_other = earlier.counts != commune.counts
            conflicts |= {code} if is_other else set()
            problems.add_repeated_unit(earlier.row, row, is_conflict=is_other)
    return {code: commune for code, commune in by_commune.items() if code not in conflicts}


def _check_counts(commune: CertificateCounts, row: SheetRow, problems: ProblemCollector) -> None:
    counts = commune.counts
    states = ("active", "locked", "revoked", "expired")
    total = sum(counts[name] for name in states)
    if "total" in counts and not commune.unknown_names & set(states) and counts["total"] != total:
        message = write_message("khác tổng các trạng thái ({total:,.0f})", total=total)
        problems.add(
            message, write_message("hãy kiểm tra các số của dòng này"), row, "total", "warning"
        )
    for expiring in ("expiring_30", "expiring_60"):
        if not commune.unknown_names & {expiring, "active"} and counts[expiring] > counts["active"]:
            message = write_message(
                "nhiều hơn số đang hoạt động ({active:,.0f})", active=counts["active"]
            )
            problems.add(
                message, write_message("hãy kiểm tra hai số của dòng này"), row, expiring, "warning"
            )


# 3,321 communes with 60 certificates each.
MOST_CERTIFICATE_ROWS = 200_000
_WORDS = "Chứng thư số | Chứng thư | CTS | Chữ ký số | CKS | Số lượng"
_EXPIRES_WITHIN = "hết hạn trong | sắp hết hạn trong | sắp hết hạn | hết hạn sau | hết hạn dưới"
_COMMUNE = (
    "| Đơn vị công tác | Cơ quan | Tổ chức | Cơ quan, tổ chức | Cơ quan, đơn vị | Tên cơ quan "
    "| Tên tổ chức"
    "| Tên cơ quan, đơn vị | Tên cơ quan, tổ chức | Đơn vị sử dụng | Đơn vị quản lý | Thuộc đơn vị"
    "| Organization | Organisation"
)
_FIELDS = (
    *communes.add_commune_headings(_COMMUNE),
    FileField(
        "serial",
        "Số hiệu chứng thư | Số hiệu chứng thư số | Số hiệu CTS | Số serial | Serial "
        "| Serial number | Số seri"
        "| Mã chứng thư | Mã chứng thư số | Số hiệu",
    ),
    FileField(
        "state",
        "Trạng thái | Tình trạng | Trạng thái chứng thư | Trạng thái chứng thư số | Trạng thái CTS "
        "| Status"
        "| Tình trạng chứng thư | Tình trạng chứng thư số | Tình trạng CTS | Trạng thái hoạt động "
        "| Hiện trạng"
        "| Tình trạng sử dụng | Trạng thái sử dụng",
        read_certificate_state,
    ),
    FileField(
        "issued",
        "Ngày cấp | Ngày hiệu lực | Hiệu lực từ | Có hiệu lực từ | Ngày bắt đầu | Valid from",
        days.read_day,
    ),
    FileField(
        "expiry",
        "Ngày hết hạn | Ngày hết hiệu lực | Hiệu lực đến | Hiệu lực đến ngày | Có hiệu lực đến"
        "| Có giá trị đến | Giá trị đến ngày"
        "| Thời hạn | Thời hạn đến | Thời hạn hiệu lực | Hạn sử dụng | Ngày kết thúc "
        "| Ngày hết hạn chứng thư"
        "| Valid to | Expiry date | Hạn dùng | Ngày hết hạn hiệu lực | Hạn hiệu lực | Hết hạn ngày",
        days.read_day,
    ),
    FileField(
        "total",
        f"{_WORDS} > Tổng số | Đã cấp | Tổng cộng | Tổng; Tổng số | Tổng cộng",
        values.read_count,
    ),
    FileField(
        "active",
        f"Đang hoạt động | Còn hiệu lực | Đang hiệu lực | Đang sử dụng; {_WORDS} > Hoạt động "
        "| Hiệu lực | Còn hiệu lực"
        "| Đang sử dụng",
        values.read_count,
    ),
    FileField(
        "locked",
        f"Bị khóa | Khóa | Tạm dừng | Tạm khóa; {_WORDS} > Bị khóa | Khóa | Tạm khóa",
        values.read_count,
    ),
    FileField(
        "revoked",
        f"Thu hồi | Bị thu hồi | Đã hủy; {_WORDS} > Thu hồi | Bị thu hồi",
        values.read_count,
    ),
    FileField(
        "expired",
        f"Hết hạn | Hết hiệu lực | Quá hạn; {_WORDS} > Hết hạn | Hết hiệu lực",
        values.read_count,
    ),
    FileField(
        "expiring_30",
        f"{_EXPIRES_WITHIN} > 30 ngày | 30 ngày tới | 1 tháng; {_WORDS} > Sắp hết hạn 30 ngày",
        values.read_count,
    ),
    FileField(
        "expiring_60",
        f"{_EXPIRES_WITHIN} > 60 ngày | 60 ngày tới | 2 tháng; {_WORDS} > Sắp hết hạn 60 ngày",
        values.read_count,
    ),
)
_DEPARTMENT = re.compile(
    r"^(?:sở|ban|văn phòng ubnd tỉnh|thanh tra|chi cục|công an|tỉnh ủy|tỉnh uỷ)\s", re.IGNORECASE
)


# "Phòng Kinh tế - UBND xã Bình Sơn": what a room of the commune's office holds is the commune's.
_ROOM = re.compile(
    r"^phòng\s(?!khám|giao dịch)[^\d]{2,80}?(?:\s*[-–,(]\s*|\s+)"
    r"(?P<office>(?:(?:UBND|(?:ủy|uỷ) ban nhân dân)\s+)?"
    r"(?:xã(?!\s+hội)|phường|đặc khu)\s[^()]+?)\)?$",
    re.IGNORECASE,
)


def read_certificates(table: SheetTable, context: ImportContext) -> list[Batch]:
    """One batch per province: counts per commune. Raises FileRefused without as-of or province."""
    as_of = periods.find_as_of(context, table.head.titles)
    all_rows = [_leave_room(table, row) for row in table.rows(MOST_CERTIFICATE_ROWS)]
    rows = [row for row in all_rows if not _is_department(table, row)]
    batches = []
    for province, province_rows in provinces.split_rows_by_province(table, rows, context).items():
        problems = ProblemCollector(table)
        problems.judge_columns(all_rows, most_count=MOST_OF_A_COMMUNE)
        problems.warn_of_future(as_of.date(), context.today)
        if len(rows) < len(all_rows):
            message = write_message(
                "{count:,.0f} dòng là của sở, ban, ngành; không tính vào đơn vị nào",
                count=len(all_rows) - len(rows),
            )
            problems.add(
                message,
                write_message("không cần làm gì nếu đúng như vậy; hãy kiểm tra lại nếu không"),
                severity="warning",
            )
        if table.has("state"):
            subjects.refuse_part_of_certificates(table.file, table.head.titles)
            by_commune = count_certificates(table, province_rows, province, as_of.date(), problems)
        else:
            by_commune = read_certificate_counts(table, province_rows, province, problems)
        lines = [
            (
                code,
                as_of.date(),
                *(
                    float("nan") if name in commune.unknown_names else float(commune.counts[name])
                    for name in CERTIFICATES
                ),
            )
            for code, commune in by_commune.items()
        ]
        batches.append(
            context.make_batch(
                KIND.code,
                province,
                as_of,
                len(province_rows),
                certificates=pd.DataFrame(lines, columns=CERTIFICATE_COLUMNS),
                problems=problems.all(),
            )
        )
    return batches


def _leave_room(table: SheetTable, row: SheetRow) -> SheetRow:
    """The row with the commune's office instead of the room in it."""
    cell = table.cell(row, "commune")
    room = _ROOM.match(text.normalize_text(cell)) if isinstance(cell, str) else None
    if room is None:
        return row
    cells = list(row.cells)
    cells[table.head.columns["commune"].index] = room["office"]
    return SheetRow(row.number, cells)


def _is_department(table: SheetTable, row: SheetRow) -> bool:
    return bool(_DEPARTMENT.match(text.normalize_text(str(table.cell(row, "commune") or ""))))


KIND = FileKind(
    code="certificates",
    fields=_FIELDS,
    required_fields=(
        (1, ("commune", "commune_code")),
        (1, ("state", "active", "locked")),
        (1, ("expiry", "serial", "expired", "revoked", "locked")),
    ),
    read=read_certificates,
    excluding_headings=(
        "Mã hồ sơ",
        "Chủ hồ sơ",
        "Ngày tiếp nhận",
        "Ngày hẹn trả",
        "Tiếp nhận",
        "Trước hạn",
        "Cần",
        "Ngày kiểm tra",
    ),
    distinguishing_words="đến",
)
