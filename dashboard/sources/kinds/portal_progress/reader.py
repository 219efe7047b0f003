"""The national portal's progress list (CSV or JSON): per agency what was received, on time (766),
mean days.

The list names no period: it comes from the caller, a title, or the file's name. Departments (sở)
stand among the communes; they are kept apart under their agency codes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard import text
from dashboard.batch import AGENCY_COLUMNS, DOSSIER_COLUMNS, Batch
from dashboard.errors import FileRefused
from dashboard.messages import write_message
from dashboard.reference import AGENCY_CODE
from dashboard.sources.cells import values
from dashboard.sources.formats.sheet import SheetRow, is_blank
from dashboard.sources.problems import ProblemCollector
from dashboard.sources.recognise import communes, periods, provinces, row_scope, subjects
from dashboard.sources.recognise.column_judgement import MOST_DOSSIERS
from dashboard.sources.recognise.file_kinds import FileKind, ImportContext
from dashboard.sources.recognise.headings import FileField
from dashboard.sources.recognise.table import SheetTable

# Whether the portal's list agrees with itself: overdue with the rest, printed totals with the
# sums.


def check_overdue(
    row: SheetRow, received: float, on_time: float, problems: ProblemCollector
) -> None:
    """What is overdue is what was received less what is on time; else a warning with both."""
    stated_overdue = problems.read(row, "overdue")
    if stated_overdue is not None and stated_overdue != received - on_time:
        message = write_message(
            "khác số tiếp nhận trừ số đúng hạn ({received:,.0f} - {on_time:,.0f} = {rest:,.0f})",
            received=received,
            on_time=on_time,
            rest=received - on_time,
        )
        problems.add(
            message, write_message("hãy kiểm tra ba số của dòng này"), row, "overdue", "warning"
        )


def check_printed_totals(
    table: SheetTable,
    rows: Sequence[SheetRow],
    taken: Sequence[tuple[bool, dict[str, float]]],
    problems: ProblemCollector,
) -> None:
    """A printed total is the sum of all agencies or of the communes alone; else a warning with both
    numbers.

    `taken`: of each row that was taken whether it is a commune, and its counts.
    """
    for row in rows:
        if not is_blank(table.cell(row, "agency_code")) or not _says_total(table, row):
            continue
        for field, count in (("received", "received"), ("on_time", "on_time_766")):
            printed = problems.read(row, field)
            everywhere = sum(counts[count] for _, counts in taken)
            in_communes = sum(counts[count] for is_commune, counts in taken if is_commune)
            if printed is not None and printed not in (everywhere, in_communes):
                message = write_message(
                    "tổng ghi {printed:,.0f} nhưng các dòng cộng lại là {everywhere:,.0f}",
                    printed=printed,
                    everywhere=everywhere,
                )
                problems.add(
                    message, write_message("hãy kiểm tra tổng và các dòng"), row, field, "warning"
                )


def _says_total(table: SheetTable, row: SheetRow) -> bool:
    name = text.normalize_text(str(table.cell(row, "commune") or ""))
    return communes.is_total(name) or (not name and communes.is_heading_or_total(table, row, name))


_LEVELS = {
    "commune": "commune",
    "xa": "commune",
    "cap xa": "commune",
    "ward": "commune",
    "province": "department",
    "tinh": "department",
    "cap tinh": "department",
    "department": "department",
    "so": "department",
}
_COMMUNE_NAME = re.compile(
    r"^(?:ubnd|ủy ban nhân dân|uỷ ban nhân dân)?\s*(?:xã|phường|đặc khu)\s", re.IGNORECASE
)
_COUNT_REMEDY = write_message("hãy nhập số nguyên từ 0 trở lên")

_FIELDS = (
    FileField(
        "agency_code",
        "Mã cơ quan | agency code | department code | Mã định danh | Mã định danh cơ quan "
        "| Mã định danh đơn vị"
        "| Mã đơn vị định danh | Mã cơ quan, đơn vị",
        values.read_words,
    ),
    FileField(
        "commune",
        "Tên cơ quan | agency name | department name | Cơ quan | Cơ quan, đơn vị "
        "| Tên cơ quan, đơn vị | Đơn vị"
        "| Tên đơn vị | Cơ quan thực hiện",
        values.read_words,
    ),
    FileField("level", "level | Cấp | Cấp hành chính | Cấp đơn vị", values.read_words),
    FileField(
        "received",
        "Số hồ sơ tiếp nhận | Tiếp nhận | received | total received | Hồ sơ đã tiếp nhận "
        "| Tổng hồ sơ"
        "| Số lượng hồ sơ tiếp nhận | Tổng tiếp nhận",
        values.read_count,
        parents="tiếp nhận",
    ),
    FileField(
        "on_time",
        "Hồ sơ đúng hạn | Đúng hạn | on time | total on time | Xử lý đúng hạn "
        "| Hồ sơ xử lý đúng hạn"
        "| Giải quyết đúng hạn",
        values.read_count,
        parents="tiếp nhận",
    ),
    FileField(
        "overdue",
        "overdue | total overdue | Quá hạn | Hồ sơ quá hạn | Xử lý quá hạn",
        values.read_count,
        parents="tiếp nhận",
    ),
    FileField(
        "mean_days",
        "avg days | mean days | avg processing days | Số ngày xử lý trung bình "
        "| Thời gian xử lý trung bình"
        "| Số ngày trung bình | Thời gian trung bình | Ngày xử lý trung bình",
        values.read_decimal,
    ),
)


@dataclass(frozen=True)
class _PortalLine:
    row: SheetRow
    agency: str
    name: str
    commune: str | None
    counts: dict[str, float]
    mean_days: float


def read_portal_progress(table: SheetTable, context: ImportContext) -> list[Batch]:
    """One batch: dossiers per deciding agency and period. Raises FileRefused without period or
    province.
    """
    period = periods.find_period(context, table.head.titles)
    subjects.refuse_part_of_dossiers(context.file_name, table.head.titles, is_list=False)
    row_scope.refuse_filter(table)
    rows = list(table.rows(communes.MOST_COMMUNE_ROWS))
    row_scope.refuse_limited_rows(table, rows, period, of_dossiers=True)
    commune_rows = [row for row in rows if _read_level(table, row) == "commune"] or rows
    province_codes = list(provinces.split_rows_by_province(table, commune_rows, context))
    if len(province_codes) != 1:
        message = write_message("tệp có đơn vị của nhiều tỉnh")
        raise FileRefused(context.file_name, message, write_message("hãy tách mỗi tỉnh một tệp"))
    province = province_codes[0]
    problems = ProblemCollector(table)
    problems.judge_columns(rows, most_count=MOST_DOSSIERS)
    point = values.uses_decimal_point(table.cell(row, "mean_days") for row in rows)
    lines = [_read_portal_line(table, row, province, point, problems) for row in rows]
    plausible_lines = [
        line
        for line in lines
        if line is not None
        and problems.accept_counts(line.row, line.counts, period, is_commune=bool(line.commune))
    ]
    kept = problems.drop_repeated_lines(
        plausible_lines,
        lambda line: line.commune or line.agency,
        lambda line: (line.agency, line.counts),
    )
    check_printed_totals(
        table, rows, [(line.commune is not None, line.counts) for line in kept], problems
    )
    as_of = context.as_of or period[1]
    dossiers = pd.DataFrame([_make_record(line, period) for line in kept], columns=DOSSIER_COLUMNS)
    agencies = pd.DataFrame(
        [
            (line.agency, line.name, "commune" if line.commune else "department", line.commune)
            for line in kept
        ],
        columns=AGENCY_COLUMNS,
        dtype=object,
    )
    return [
        context.make_batch(
            KIND.code,
            province,
            as_of,
            len(rows),
            period=period,
            dossiers=dossiers,
            agencies=agencies,
            problems=problems.all(),
        )
    ]


def _read_level(table: SheetTable, row: SheetRow) -> str:
    """commune or department: as the list says, else by how the name begins."""
    stated_level = _LEVELS.get(text.strip_tones(str(table.cell(row, "level") or "")))
    name = text.normalize_text(str(table.cell(row, "commune") or ""))
    return stated_level or ("commune" if _COMMUNE_NAME.match(name) else "department")


def _read_portal_line(
    table: SheetTable, row: SheetRow, province: str, point: bool, problems: ProblemCollector
) -> _PortalLine | None:
    agency = text.normalize_text(str(table.cell(row, "agency_code") or "")).upper()
    name = text.normalize_text(str(table.cell(row, "commune") or ""))
    if not agency and communes.is_heading_or_total(table, row, name):
        return None
    if not AGENCY_CODE.match(agency):
        problems.add(
            write_message("không phải mã định danh cơ quan"),
            write_message("hãy ghi mã dạng H44.216"),
            row,
            "agency_code",
        )
        return None
    commune = None
    if _read_level(table, row) == "commune":
        commune = communes.find_commune(province, table, row, problems)
        if commune is None:
            return None
    counts = _read_portal_counts(table, row, problems)
    if counts is None:
        return None
    mean = problems.read(row, "mean_days", point=point)
    if mean is not None and mean < 0:
        problems.add(
            write_message("là số âm"),
            write_message("hãy nhập số ngày từ 0 trở lên"),
            row,
            "mean_days",
        )
        mean = None
    # The portal prints 0 days where nothing was received; the mean of nothing is not known.
    return _PortalLine(
        row,
        agency,
        name,
        commune,
        counts,
        mean if mean is not None and counts["received"] else float("nan"),
    )


def _read_portal_counts(
    table: SheetTable, row: SheetRow, problems: ProblemCollector
) -> dict[str, float] | None:
    received = problems.read(row, "received")
    on_time = problems.read(row, "on_time")
    for field, value in (("received", received), ("on_time", on_time)):
        if value is None and is_blank(table.cell(row, field)):
            problems.add(write_message("để trống"), _COUNT_REMEDY, row, field)
    if received is None or on_time is None:
        return None
    if on_time > received:
        message = write_message("nhiều hơn số tiếp nhận ({received:,.0f})", received=received)
        problems.add(message, write_message("hãy kiểm tra hai số của dòng này"), row, "on_time")
        return None
    check_overdue(row, received, on_time, problems)
    return {"received": received, "on_time_766": on_time}


def _make_record(line: _PortalLine, period: tuple[Any, Any]) -> dict[str, Any]:
    return {
        "accepting_unit": None,
        "deciding_unit": line.commune or line.agency,
        "period_from": period[0],
        "period_to": period[1],
        **line.counts,
        "mean_days": line.mean_days,
    }


KIND = FileKind(
    code="portal_progress",
    fields=_FIELDS,
    required_fields=(
        (1, ("agency_code",)),
        (1, ("commune",)),
        (1, ("received",)),
        (1, ("on_time",)),
    ),
    read=read_portal_progress,
    excluding_headings=("Trước hạn", "Từ kỳ trước", "Đang giải quyết", "Mã hồ sơ"),
    one_row_a_unit=True,
    has_period=True,
)
