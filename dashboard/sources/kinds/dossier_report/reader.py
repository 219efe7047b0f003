"""Report II.06a/VPCP and the 18-column progress table: per unit what was received, resolved, is
open.

Printed totals and subtotals are compared with the rows' sums, and each row with itself (DOMAIN.md
§5); what does not add up is told with both numbers and taken as printed, never mended in silence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from math import isnan, nan
from typing import Any

import pandas as pd

from dashboard import text
from dashboard.batch import AGENCY_COLUMNS, DOSSIER_COLUMNS, Batch
from dashboard.errors import FileRefused
from dashboard.sources.cells import values
from dashboard.sources.formats.sheet import SheetRow, is_blank
from dashboard.sources.problems import ProblemCollector
from dashboard.sources.recognise import communes, periods, provinces
from dashboard.sources.recognise.column_judgement import MOST_DOSSIERS
from dashboard.sources.recognise.communes import Unit
from dashboard.sources.recognise.file_kinds import FileKind, ImportContext
from dashboard.sources.recognise.headings import FileField
from dashboard.sources.recognise.table import SheetTable

# What the columns of a dossier report may be called, and which of its numbers must add up.
#
# "Đã" and "đang" tell resolved from open here; elsewhere such words say nothing
# (`FileKind.distinguishing_words`).

_RECEIVED = (
    "Số lượng hồ sơ tiếp nhận | Tiếp nhận | Số hồ sơ đã tiếp nhận | Đã tiếp nhận "
    "| Số hồ sơ nhận giải quyết"
)
_RECEIVED_IN_PERIOD = (
    "Trong kỳ | Tiếp nhận trong kỳ | Phát sinh trong kỳ | Tiếp nhận mới | Mới tiếp nhận "
    "| Hồ sơ mới | Tiếp nhận mới"
    " trong kỳ | Hồ sơ tiếp nhận trong kỳ | Số mới tiếp nhận | Mới tiếp nhận trong kỳ "
    "| Hồ sơ tiếp nhận mới"
)
_RESOLVED = (
    "Số lượng hồ sơ đã giải quyết | Đã giải quyết | Kết quả giải quyết | Hồ sơ giải quyết "
    "| Đã xử lý | Hồ sơ đã xử lý"
    "| Giải quyết | Đã giải quyết xong | Kết quả giải quyết hồ sơ | Hồ sơ đã giải quyết xong"
)
_OPEN = (
    "Số lượng hồ sơ đang giải quyết | Đang giải quyết | Hồ sơ đang xử lý | Đang xử lý "
    "| Chưa giải quyết"
    "| Hồ sơ chưa giải quyết | Chưa giải quyết xong | Hồ sơ đang trong quá trình giải quyết"
)
_PAUSED = (
    "Tạm dừng | Hồ sơ tạm dừng | Tạm dừng giải quyết | Hồ sơ tạm dừng giải quyết | Tạm dừng xử lý "
    "| Đang tạm dừng"
    "| Hồ sơ tạm dừng xử lý | Hồ sơ đang tạm dừng | Dừng xử lý | Tạm dừng, bổ sung "
    "| Tạm dừng, chờ bổ sung"
    "| Yêu cầu bổ sung, tạm dừng | Tạm dừng, yêu cầu bổ sung | Tạm dừng, dừng xử lý "
    "| Tạm dừng, chờ bổ sung hồ sơ"
)
_LATE = "Quá hạn | Trễ hạn | Muộn hạn | Bị quá hạn | Chậm hạn"
_IN_TERM = "Trong hạn | Chưa đến hạn | Còn hạn | Còn trong hạn | Chưa quá hạn"
COUNT_HEADINGS = {
    "received": f"{_RECEIVED}; Tổng tiếp nhận; Tổng số hồ sơ",
    "in_period": f"{_RECEIVED_IN_PERIOD}; {_RECEIVED} > {_RECEIVED_IN_PERIOD}",
    "received_online": "Trực tuyến | Nộp trực tuyến | Qua mạng | Tiếp nhận trực tuyến"
    f"; {_RECEIVED} > Trực tuyến | Qua mạng;"
    f"{_RECEIVED_IN_PERIOD} > Trực tuyến | Qua mạng",
    "received_other": "Trực tiếp, dịch vụ bưu chính | Trực tiếp, bưu chính | Trực tiếp, BCCI "
    "| Trực tiếp hoặc BCCI"
    "| Trực tiếp hoặc bưu chính | Trực tiếp, bưu chính công ích "
    "| Trực tiếp hoặc qua dịch vụ bưu chính"
    "| Trực tiếp, dịch vụ bưu chính công ích | Trực tiếp, dịch vụ BCCI "
    "| Trực tiếp, qua dịch vụ bưu chính",
    "received_in_person": "Trực tiếp | Nộp trực tiếp | Tiếp nhận trực tiếp"
    f"; {_RECEIVED_IN_PERIOD} > Trực tiếp; {_RECEIVED} > Trực tiếp",
    "received_post": "Bưu chính | BCCI | Bưu chính công ích | Dịch vụ bưu chính "
    "| Dịch vụ bưu chính công ích"
    "| Dịch vụ BCCI | Qua BCCI | Qua bưu chính | Qua dịch vụ bưu chính "
    "| Qua dịch vụ bưu chính công ích"
    f"| Qua bưu chính công ích | Qua dịch vụ BCCI; {_RECEIVED} | {_RECEIVED_IN_PERIOD} > BCCI "
    "| Bưu chính công ích | Qua BCCI",
    "carried_over": "Từ kỳ trước | Kỳ trước | Kỳ trước chuyển sang | Từ kỳ trước chuyển sang "
    "| Tồn kỳ trước"
    "| Tồn kỳ trước chuyển sang | Kỳ trước chuyển qua | Chuyển từ kỳ trước "
    "| Từ kỳ trước chuyển qua | Tồn đầu kỳ"
    "| Hồ sơ kỳ trước chuyển sang | Hồ sơ tồn kỳ trước | Kỳ trước chuyển "
    "| Hồ sơ từ kỳ trước chuyển sang",
    "resolved": _RESOLVED,
    "resolved_early": "Trước hạn | Sớm hạn | Giải quyết trước hạn | Trước thời hạn"
    f"; {_RESOLVED} > Trước hạn | Sớm hạn",
    "resolved_on_time": f"Đúng hạn | Giải quyết đúng hạn | Đúng thời hạn; {_RESOLVED} > Đúng hạn",
    "resolved_late": f"{_RESOLVED} > {_LATE}",
    "open": _OPEN,
    "open_in_term": f"{_OPEN} > {_IN_TERM}",
    "open_overdue": f"{_OPEN} > {_LATE}",
    "paused": _PAUSED,
    "paused_in_term": f"{_PAUSED} > {_IN_TERM}",
    "paused_overdue": f"{_PAUSED} > {_LATE}",
}
REPORT_FIELDS = (
    FileField(
        "commune",
        f"{communes.COMMUNE_FIELDS[0].headings} | Cơ quan | Tên cơ quan | Cơ quan, đơn vị "
        "| Tên cơ quan, đơn vị"
        "| Đơn vị thực hiện | Cơ quan thực hiện | Đơn vị giải quyết | Cơ quan giải quyết",
        values.read_words,
    ),
    *communes.COMMUNE_FIELDS[1:],
    FileField(
        "agency_code",
        "Mã định danh | Mã cơ quan | Mã định danh cơ quan | Mã định danh đơn vị",
        values.read_words,
    ),
    *(FileField(name, headings, values.read_count) for name, headings in COUNT_HEADINGS.items()),
)
# What must add up: a whole, and its parts; asked only where the file has all of them.
REPORT_SUMS = (
    ("received", ("received_online", "received_other", "carried_over")),
    ("received", ("received_online", "received_in_person", "received_post", "carried_over")),
    ("received", ("in_period", "carried_over")),
    ("in_period", ("received_online", "received_other")),
    ("in_period", ("received_online", "received_in_person", "received_post")),
    ("resolved", ("resolved_early", "resolved_on_time", "resolved_late")),
    ("open", ("open_in_term", "open_overdue")),
    ("paused", ("paused_in_term", "paused_overdue")),
)
REPORT_DISTINGUISHING_WORDS = "đã đang trong"


_CHECK_REMEDY = "hãy kiểm tra lại các số này trong báo cáo"
ReportCounts = dict[str, float]


@dataclass
class _RunningSum:
    """Rows added up so far, to be held against a printed total."""

    rows: int = 0
    counts: ReportCounts = field(default_factory=dict)

    def add(self, counts: ReportCounts) -> None:
        self.rows += 1
        for name, value in counts.items():
            self.counts[name] = self.counts.get(name, 0) + (0 if isnan(value) else value)


@dataclass(frozen=True)
class _ReportLine:
    row: SheetRow
    unit: Unit
    counts: ReportCounts


def read_dossier_report(table: SheetTable, context: ImportContext) -> list[Batch]:
    """One batch: counts per deciding unit and period. Raises FileRefused without period or
    province.
    """
    period = periods.find_period(context, table.head.titles)
    rows = list(table.rows(communes.MOST_COMMUNE_ROWS))
    province_codes = list(
        provinces.split_rows_by_province(
            table, [row for row in rows if _may_be_commune(table, row)], context
        )
    )
    if len(province_codes) != 1:
        raise FileRefused(
            context.file_name, "tệp có đơn vị của nhiều tỉnh", "hãy tách mỗi tỉnh một tệp"
        )
    problems = ProblemCollector(table)
    problems.judge_columns(rows, most_count=MOST_DOSSIERS)
    lines = _drop_repeated(_read_report_lines(table, rows, province_codes[0], problems), problems)
    dossiers = pd.DataFrame([_make_record(line, period) for line in lines], columns=DOSSIER_COLUMNS)
    departments = [
        (line.unit.code, line.unit.name, "department", None)
        for line in lines
        if not line.unit.is_commune
    ]
    as_of = datetime.combine(context.as_of or period[1], time())
    return [
        Batch(
            context.file_name,
            context.sha256,
            KIND.code,
            province_codes[0],
            as_of,
            len(rows),
            period=period,
            dossiers=dossiers,
            agencies=pd.DataFrame(departments, columns=AGENCY_COLUMNS, dtype=object),
            problems=problems.all(),
        )
    ]


def _unit_name(table: SheetTable, row: SheetRow) -> str:
    return text.normalize_text(str(table.cell(row, "commune") or ""))


def _may_be_commune(table: SheetTable, row: SheetRow) -> bool:
    return communes.find_department("", _unit_name(table, row)) is None


def _read_report_lines(
    table: SheetTable, rows: list[SheetRow], province: str, problems: ProblemCollector
) -> list[_ReportLine]:
    """The units' rows; totals and groups are compared with them on the way."""
    names = [name for name in COUNT_HEADINGS if table.has(name)]
    lines: list[_ReportLine] = []
    all_units, group = _RunningSum(), _RunningSum()
    totals: list[tuple[SheetRow, ReportCounts]] = []
    group_heading: tuple[SheetRow, ReportCounts] | None = None
    for row in rows:
        name = _unit_name(table, row)
        if (
            communes.is_heading_or_total(table, row, name)
            and _find_report_unit(table, row, province, None) is None
        ):
            if communes.is_group_heading(row, name) and not communes.is_total(name):
                _compare_total(table, group_heading, group, problems)
                group_heading, group = (
                    (row, _read_report_counts(table, row, names, problems)),
                    _RunningSum(),
                )
            elif any(not is_blank(table.cell(row, field)) for field in names):
                totals.append((row, _read_report_counts(table, row, names, problems)))
            continue
        counts = _read_report_counts(table, row, names, problems)
        all_units.add(counts)
        group.add(counts)
        unit = _find_report_unit(table, row, province, problems)
        # a unit without a figure did not report: unknown, not 0
        without_figures = all(map(isnan, counts.values()))
        if unit is not None and not without_figures and _check_row(table, row, counts, problems):
            lines.append(_ReportLine(row, unit, counts))
    _compare_total(table, group_heading, group, problems)
    for total in totals:
        _compare_total(table, total, all_units, problems)
    return lines


def _find_report_unit(
    table: SheetTable, row: SheetRow, province: str, problems: ProblemCollector | None
) -> Unit | None:
    name = _unit_name(table, row)
    if communes.is_group_heading(row, name):
        return None
    agency = str(table.cell(row, "agency_code") or "")
    if department := communes.find_department(province, name, agency):
        return department
    code = communes.find_commune(province, table, row, problems or ProblemCollector(table))
    return Unit(code, name, is_commune=True) if code else None


def _read_report_counts(
    table: SheetTable, row: SheetRow, names: list[str], problems: ProblemCollector
) -> ReportCounts:
    numbers = {name: problems.read(row, name) for name in names}
    return {name: nan if value is None else float(value) for name, value in numbers.items()}


def _all_known(counts: ReportCounts, *names: str) -> bool:
    return all(not isnan(counts.get(name, nan)) for name in names)


def _check_row(
    table: SheetTable, row: SheetRow, counts: ReportCounts, problems: ProblemCollector
) -> bool:
    """Warn where a row's whole is not the sum of its parts; refuse what cannot be: more resolved
    than received.
    """
    for total, parts in REPORT_SUMS:
        if _all_known(counts, total, *parts):
            _check_sum(table, row, total, parts, counts, problems)
    remaining = [name for name in ("resolved", "open", "paused") if name in counts]
    if _all_known(counts, "received", "resolved", "open", *remaining):
        _check_sum(table, row, "received", tuple(remaining), counts, problems)
    if _all_known(counts, "received", "resolved") and counts["resolved"] > counts["received"]:
        message = (
            f"nhiều hơn số tiếp nhận ({text.format_number(counts['received'])})"
            "; không nhận dòng này"
        )
        problems.add(message, "hãy kiểm tra hai số của dòng này", row, "resolved")
        return False
    return True


def _check_sum(
    table: SheetTable,
    row: SheetRow,
    total: str,
    parts: tuple[str, ...],
    counts: ReportCounts,
    problems: ProblemCollector,
) -> None:
    computed = sum(counts[part] for part in parts)
    if counts[total] != computed:
        headings = " + ".join(f'"{table.heading(part)}"' for part in parts)
        message = f"khác tổng của {headings} ({text.format_number(computed)}); đã nhận như đã ghi"
        problems.add(message, _CHECK_REMEDY, row, total, "warning")


def _compare_total(
    table: SheetTable,
    printed: tuple[SheetRow, ReportCounts] | None,
    summed: _RunningSum,
    problems: ProblemCollector,
) -> None:
    """Hold a printed total against the rows that it is the total of."""
    if printed is None or not summed.rows:
        return
    row, counts = printed
    for name, value in counts.items():
        if not isnan(value) and value != summed.counts[name]:
            message = (
                f"là tổng được in, nhưng {summed.rows} dòng cộng lại được "
                f"{text.format_number(summed.counts[name])}"
            )
            problems.add(message, _CHECK_REMEDY, row, name, "warning")


def _drop_repeated(lines: list[_ReportLine], problems: ProblemCollector) -> list[_ReportLine]:
    """Each unit once: two equal lines are one, two that differ are none (with a problem noted)."""
    kept: dict[str, _ReportLine] = {}
    conflicts: set[str] = set()
    for line in lines:
        first = kept.setdefault(line.unit.code, line)
        if first is line:
            continue
        where = f"(dòng {first.row.number} và dòng {line.row.number})"
        if repr(first.counts) == repr(line.counts):
            message = f"đơn vị có hai dòng giống nhau {where}; đã nhận một"
            problems.add(message, "hãy bỏ bớt một dòng", line.row, "commune", "warning")
        else:
            conflicts.add(line.unit.code)
            message = f"đơn vị có hai dòng khác nhau {where}; không nhận dòng nào"
            problems.add(message, "hãy giữ lại một dòng đúng", line.row, "commune")
    return [line for code, line in kept.items() if code not in conflicts]


def _make_record(line: _ReportLine, period: tuple[date, date]) -> dict[str, Any]:
    """The line as the batch wants it: what is not printed stays unknown, but for two sums."""
    counts = {name: value for name, value in line.counts.items() if name in DOSSIER_COLUMNS}
    if not _all_known(counts, "paused") and _all_known(
        line.counts, "paused_in_term", "paused_overdue"
    ):
        counts["paused"] = line.counts["paused_in_term"] + line.counts["paused_overdue"]
    in_time = ("resolved_early", "resolved_on_time", "open_in_term")
    counts["on_time_766"] = (
        sum(counts[name] for name in in_time) if _all_known(counts, *in_time) else nan
    )
    return {
        "accepting_unit": None,
        "deciding_unit": line.unit.code,
        "period_from": period[0],
        "period_to": period[1],
        **counts,
    }


KIND = FileKind(
    code="dossier_report",
    name="biểu II.06a",
    fields=REPORT_FIELDS,
    required_fields=(
        (1, ("commune", "commune_code")),
        (1, ("received",)),
        (2, ("resolved_early", "resolved_on_time", "resolved_late")),
        (1, ("resolved", "open", "open_in_term", "open_overdue")),
    ),
    read=read_dossier_report,
    excluding_headings=("Mã hồ sơ", "Số hiệu chứng thư"),
    distinguishing_words=REPORT_DISTINGUISHING_WORDS,
)
