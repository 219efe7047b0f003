"""Report II.06a/VPCP and the 18-column progress table: per unit what was received, resolved, is
open.

Printed totals and subtotals are compared with the rows' sums, and each row with itself by the
form's own equations; what does not add up is told with both numbers and taken as printed, never
mended in silence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import isnan, nan
from typing import Any

import pandas as pd

from dashboard import text
from dashboard.batch import AGENCY_COLUMNS, DOSSIER_COLUMNS, Batch
from dashboard.errors import FileRefused
from dashboard.messages import write_message
from dashboard.sources.cells import values
from dashboard.sources.formats.sheet import SheetRow, is_blank
from dashboard.sources.problems import ProblemCollector
from dashboard.sources.recognise import communes, periods, provinces, row_scope, subjects
from dashboard.sources.recognise.column_choice import FieldColumn
from dashboard.sources.recognise.column_judgement import MOST_DOSSIERS, is_average
from dashboard.sources.recognise.communes import Unit
from dashboard.sources.recognise.file_kinds import FileKind, ImportContext
from dashboard.sources.recognise.header_rows import HeaderRows
from dashboard.sources.recognise.headings import EXACT, FileField
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
    "| Hồ sơ mới | Tiếp nhận mới | Nhận trong kỳ | Hồ sơ nhận trong kỳ | Nhận mới"
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
    "| Chưa giải quyết | Chưa xử lý | Hồ sơ chưa xử lý"
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
_EARLY_AND_ON_TIME = (
    "Đúng và trước hạn | Trước và đúng hạn | Đúng hạn và trước hạn | Trước hạn, đúng hạn"
)
_LATE = "Quá hạn | Trễ hạn | Muộn hạn | Bị quá hạn | Chậm hạn | Đã quá hạn | Đã trễ hạn"
_IN_TERM = "Trong hạn | Chưa đến hạn | Còn hạn | Còn trong hạn | Chưa quá hạn"
COUNT_HEADINGS = {
    "received": f"{_RECEIVED}; Tổng tiếp nhận; Tổng số hồ sơ; Tổng phải xử lý; Hồ sơ cần giải quyết"
    "| Số hồ sơ cần giải quyết | Tổng số hồ sơ phải giải quyết | Tổng số hồ sơ phải xử lý"
    "| Phải giải quyết | Phải xử lý | Cần giải quyết | Cần xử lý | Tổng số phải giải quyết",
    "in_period": f"{_RECEIVED_IN_PERIOD}; {_RECEIVED} > {_RECEIVED_IN_PERIOD}",
    "received_online": "Trực tuyến | Nộp trực tuyến | Qua mạng | Tiếp nhận trực tuyến"
    f"; {_RECEIVED} > Trực tuyến | Qua mạng;"
    f"{_RECEIVED_IN_PERIOD} > Trực tuyến | Qua mạng",
    "received_other": f"{_RECEIVED} > Trực tiếp, bưu chính | Trực tiếp, BCCI;"
    "Trực tiếp, dịch vụ bưu chính | Trực tiếp, bưu chính | Trực tiếp, BCCI "
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
    f"| Qua bưu chính công ích | Qua dịch vụ BCCI | Bưu chính, BCCI | BCCI, bưu chính"
    f"; {_RECEIVED} | {_RECEIVED_IN_PERIOD} > BCCI "
    "| Bưu chính công ích | Qua BCCI",
    "carried_over": "Hồ sơ kỳ trước chuyển qua | Hồ sơ từ kỳ trước | Số kỳ trước chuyển sang"
    "| Số kỳ trước chuyển qua | Hồ sơ tồn đầu kỳ | Từ kỳ trước "
    "| Kỳ trước | Kỳ trước chuyển sang | Từ kỳ trước chuyển sang "
    "| Tồn kỳ trước"
    "| Tồn kỳ trước chuyển sang | Kỳ trước chuyển qua | Chuyển từ kỳ trước "
    "| Từ kỳ trước chuyển qua | Tồn đầu kỳ"
    "| Hồ sơ kỳ trước chuyển sang | Hồ sơ tồn kỳ trước | Kỳ trước chuyển "
    "| Hồ sơ từ kỳ trước chuyển sang",
    "resolved": _RESOLVED,
    "resolved_early": "Trước hạn | Sớm hạn | Giải quyết trước hạn | Trước thời hạn"
    f"; {_RESOLVED} > Trước hạn | Sớm hạn",
    "resolved_on_time": f"Đúng hạn | Giải quyết đúng hạn | Đúng thời hạn; {_RESOLVED} > Đúng hạn",
    "resolved_in_time": f"{_EARLY_AND_ON_TIME}; {_RESOLVED} > {_EARLY_AND_ON_TIME}",
    "resolved_late": f"{_RESOLVED} > {_LATE}",
    "open": _OPEN,
    "open_in_term": f"{_OPEN} > {_IN_TERM} | Đúng hạn",
    "open_overdue": f"{_OPEN} > {_LATE}",
    "paused": _PAUSED,
    "paused_in_term": f"{_PAUSED} > {_IN_TERM} | Đúng hạn",
    "paused_overdue": f"{_PAUSED} > {_LATE}",
}
_RECEIVED_PARENTS = "tiếp nhận đã nhận giải quyết mới phát sinh kỳ trong cần phải xử lý"
# "Đã giải quyết > Trực tuyến" is nothing that was received.
_NOT_RECEIVED_PARENTS = "đã đang chưa giải quyết xử lý xong trả quá trình"
_RESOLVED_PARENTS = "đã giải quyết xử lý xong trả"
_OPEN_PARENTS = "đang chưa giải quyết xử lý xong quá trình"
_PAUSED_PARENTS = "tạm dừng đang chờ bổ sung yêu cầu xử lý giải quyết"
_PARENTS = {
    **dict.fromkeys(("received", "in_period", "carried_over"), _RECEIVED_PARENTS),
    **dict.fromkeys(
        ("received_online", "received_other", "received_in_person", "received_post"),
        _RECEIVED_PARENTS,
    ),
    **dict.fromkeys(("resolved", "resolved_early", "resolved_on_time"), _RESOLVED_PARENTS),
    **dict.fromkeys(("resolved_late", "resolved_in_time"), _RESOLVED_PARENTS),
    **dict.fromkeys(("open", "open_in_term", "open_overdue"), _OPEN_PARENTS),
    **dict.fromkeys(("paused", "paused_in_term", "paused_overdue"), _PAUSED_PARENTS),
}
REPORT_FIELDS = (
    *communes.add_commune_headings(
        " | Cơ quan | Tên cơ quan | Cơ quan, đơn vị | Tên cơ quan, đơn vị"
        "| Đơn vị thực hiện | Cơ quan thực hiện | Đơn vị giải quyết | Cơ quan giải quyết"
    ),
    FileField(
        "agency_code",
        "Mã định danh | Mã cơ quan | Mã định danh cơ quan | Mã định danh đơn vị",
        values.read_words,
    ),
    *(
        FileField(
            name,
            headings,
            values.read_count,
            _PARENTS[name],
            _NOT_RECEIVED_PARENTS if _PARENTS[name] == _RECEIVED_PARENTS else "",
        )
        for name, headings in COUNT_HEADINGS.items()
    ),
)
# What must add up: a whole, and its parts; asked only where the file has all of them.
REPORT_SUMS = (
    ("received", ("received_online", "received_other", "carried_over")),
    ("received", ("received_online", "received_in_person", "received_post", "carried_over")),
    ("received", ("in_period", "carried_over")),
    ("in_period", ("received_online", "received_other")),
    ("in_period", ("received_online", "received_in_person", "received_post")),
    ("resolved", ("resolved_early", "resolved_on_time", "resolved_late")),
    ("resolved", ("resolved_in_time", "resolved_late")),
    ("open", ("open_in_term", "open_overdue")),
    ("paused", ("paused_in_term", "paused_overdue")),
)
REPORT_DISTINGUISHING_WORDS = "đã đang trong"


# A table without any of these has only the words of many other tables.
_SPLIT_BY_TERM = (
    *("resolved_early", "resolved_on_time", "resolved_late", "resolved_in_time"),
    *("open_in_term", "open_overdue"),
)
_TWO_PERIODS = re.compile(
    r"\bthang \d{1,2}\b.{0,12}(?:va|,|;|\+) (?:so )?(?:luy ke|cong don|\d{1,2} thang)\b"
    r"|\b\d{1,2} thang\b.{0,20}(?:va|,|;|\+) thang \d{1,2}\b"
)
_EARLY_WORDS = re.compile(r"^(?:trong do:? )?(?:truoc|som) (?:thoi )?han$")
_LATE_WORDS = re.compile(r"^(?:da )?(?:qua|tre|muon|cham) han$")
# Of fewer rows nobody can say whether the columns or the figures are wrong.
_LEAST_CHECKED = 3
# Rates in time of offices lie above this; a count of every unit between the two is none.
_LEAST_RATE = 50
_WHOLE_RATE = 100
_PARTS_IN_TIME = (
    ("resolved_on_time", ("resolved_early", "resolved_late"), "resolved"),
    ("open_in_term", ("open_overdue",), "open"),
)
_WAYS = ("received_in_person", "received_post", "received_other")
_CHECK_REMEDY = write_message("hãy kiểm tra lại các số này trong báo cáo")
ReportCounts = dict[str, float]


@dataclass(frozen=True)
class _PrintedTotal:
    """A total, or a group's heading with figures, and how many units' rows stand above it."""

    row: SheetRow
    counts: ReportCounts
    units_above: int


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
    _refuse_two_periods(table)
    _refuse_other_figures(table)
    table = _adopt_in_period(_adopt_early_within(_adopt_late_column(table)))
    rows = list(table.rows(communes.MOST_COMMUNE_ROWS))
    row_scope.refuse_limited_rows(table, rows, period, of_dossiers=True)
    province_codes = list(
        provinces.split_rows_by_province(
            table, [row for row in rows if _may_be_commune(table, row)], context
        )
    )
    if len(province_codes) != 1:
        raise FileRefused(
            context.file_name,
            write_message("tệp có đơn vị của nhiều tỉnh"),
            write_message("hãy tách mỗi tỉnh một tệp"),
        )
    problems = ProblemCollector(table)
    problems.judge_columns(rows, most_count=MOST_DOSSIERS)
    lines = [
        line
        for line in _read_report_lines(table, rows, province_codes[0], problems)
        if problems.accept_counts(line.row, line.counts, period, is_commune=line.unit.is_commune)
    ]
    lines = problems.drop_repeated_lines(
        lines, lambda line: line.unit.code, lambda line: repr(line.counts)
    )
    dossiers = pd.DataFrame([_make_record(line, period) for line in lines], columns=DOSSIER_COLUMNS)
    departments = [
        (line.unit.code, line.unit.name, "department", None)
        for line in lines
        if not line.unit.is_commune
    ]
    as_of = context.as_of or period[1]
    return [
        context.make_batch(
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


def _refuse_two_periods(table: SheetTable) -> None:
    """Raises FileRefused where the title speaks of a month and of the months until then, and
    nothing in the table tells one from the other.
    """
    if table.head.left_out:
        return
    for title in table.head.titles:
        if _TWO_PERIODS.search(text.strip_tones(text.normalize_text(title))):
            message = write_message(
                "tiêu đề nói cả số của tháng và số lũy kế nhưng biểu không ghi cột nào là số nào"
            )
            remedy = write_message("hãy chỉ ghi một kỳ ở tiêu đề, hoặc ghi rõ kỳ ở từng nhóm cột")
            raise FileRefused(table.file, message, remedy)


def _refuse_other_figures(table: SheetTable) -> None:
    titles = table.head.titles
    headings = [column.heading for column in table.head.columns.values()]
    subjects.refuse_other_subject(table.file, titles, headings)
    has_ways = any(map(table.has, _WAYS))
    subjects.refuse_part_of_dossiers(table.file, titles, is_list=False, has_ways=has_ways)
    row_scope.refuse_filter(table)
    subjects.refuse_plan(table.file, titles)
    if not any(map(table.has, _SPLIT_BY_TERM)):
        subjects.require_dossiers(table.file, titles, headings)
    carried = table.has("in_period") and table.has("carried_over")
    if not table.has("received") and not carried:
        raise FileRefused(
            table.file,
            write_message(
                'có cột số tiếp nhận trong kỳ nhưng không có cột "Từ kỳ trước" hay "Tổng số"'
            ),
            write_message("hãy thêm tổng số tiếp nhận, gồm cả hồ sơ kỳ trước chuyển sang"),
        )


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
    units: list[tuple[bool, ReportCounts]] = []
    totals: list[_PrintedTotal] = []
    of_other_periods: list[SheetRow] = []
    for row in rows:
        name = _unit_name(table, row)
        if communes.names_a_period(name):
            of_other_periods.append(row)
            continue
        if (
            communes.is_heading_or_total(table, row, name)
            and _find_report_unit(table, row, province, None) is None
        ):
            is_sum = not is_average(name)
            if is_sum and any(not is_blank(table.cell(row, field)) for field in names):
                counts = _read_report_counts(table, row, names, problems)
                totals.append(_PrintedTotal(row, counts, len(units)))
            continue
        counts = _read_report_counts(table, row, names, problems)
        unit = _find_report_unit(table, row, province, problems)
        units.append((unit is None or unit.is_commune, counts))
        # a unit without a figure did not report: unknown, not 0
        without_figures = all(map(isnan, counts.values()))
        if unit is not None and not without_figures and _check_row(table, row, counts, problems):
            lines.append(_ReportLine(row, unit, counts))
    _tell_other_periods(table, of_other_periods, problems)
    for total in totals:
        _compare_total(table, total, totals, units, problems)
    _refuse_misread(table, [counts for _, counts in units])
    _refuse_rates(table, [counts for _, counts in units])
    return lines


def _tell_other_periods(
    table: SheetTable, rows: list[SheetRow], problems: ProblemCollector
) -> None:
    """The lines that name a period where a unit's name ought to stand."""
    if not rows:
        return
    problems.add(
        write_message(
            'không lấy {count} dòng ghi kỳ ở cột tên đơn vị, như "{example}"',
            count=len(rows),
            example=_unit_name(table, rows[0]),
        ),
        write_message("không cần sửa nếu số của kỳ báo cáo đứng ở dòng có tên đơn vị"),
        rows[0],
    )


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
    without_paused = [name for name in remaining if name != "paused"]
    # whether what is paused is among the open is every system's own affair
    if _all_known(counts, "received", "resolved", "open", *remaining) and counts["received"] != sum(
        counts[name] for name in without_paused
    ):
        _check_sum(table, row, "received", tuple(remaining), counts, problems)
    if _all_known(counts, "received", "resolved") and counts["resolved"] > counts["received"]:
        message = write_message(
            "nhiều hơn số tiếp nhận ({received:,.0f}); không nhận dòng này",
            received=counts["received"],
        )
        problems.add(message, write_message("hãy kiểm tra hai số của dòng này"), row, "resolved")
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
        message = write_message(
            "khác tổng của {headings} ({computed:,.0f}); đã nhận như đã ghi",
            headings=headings,
            computed=computed,
        )
        problems.add(message, _CHECK_REMEDY, row, total, "warning")


def _compare_total(
    table: SheetTable,
    printed: _PrintedTotal,
    totals: list[_PrintedTotal],
    units: list[tuple[bool, ReportCounts]],
    problems: ProblemCollector,
) -> None:
    """Hold a printed total against the rows that it may be the total of: all, those of its group
    (above or below it), the communes or the departments; the one that fits best."""
    bounds = {0, len(units), *(total.units_above for total in totals)}
    position = printed.units_above
    groups = [[counts for _, counts in units[start:position]] for start in bounds]
    groups += [[counts for _, counts in units[position:end]] for end in bounds]
    groups.append([counts for _, counts in units])
    groups += [
        [counts for is_commune, counts in units if is_commune is wanted] for wanted in (True, False)
    ]
    groups = [group for group in groups if group]
    if not groups:
        return
    differing = [_list_differing(printed.counts, group) for group in groups]
    # a heading is first of all the total of what stands below it, "Tổng cộng" of everything
    fewest = min(
        range(len(groups)), key=lambda number: (len(differing[number]), -len(groups[number]))
    )
    if not differing[fewest]:
        return
    for name, computed in differing[fewest].items():
        message = write_message(
            "là tổng được in, nhưng {rows} dòng cộng lại được {computed:,.0f}",
            rows=len(groups[fewest]),
            computed=computed,
        )
        problems.add(message, _CHECK_REMEDY, printed.row, name, "warning")


def _list_differing(printed: ReportCounts, group: list[ReportCounts]) -> ReportCounts:
    """The counts whose sum over the group is not the printed one, and that sum."""
    differing = {}
    for name, value in printed.items():
        numbers = [counts.get(name, nan) for counts in group]
        computed = sum(number for number in numbers if not isnan(number))
        if not isnan(value) and value != computed:
            differing[name] = computed
    return differing


def _refuse_rates(table: SheetTable, rows: list[ReportCounts]) -> None:
    """Raises FileRefused where what was in time is 97 of 865, 98 of 1,274 …, and no figure of what
    was late shows that it is a count: those are percentages without their sign.
    """
    for part, other_parts, whole in _PARTS_IN_TIME:
        if not table.has(part) or any(map(table.has, other_parts)):
            continue
        known = [counts for counts in rows if _all_known(counts, part, whole) and counts[whole]]
        many = [counts for counts in known if counts[whole] > 2 * _WHOLE_RATE]
        is_rate = all(_LEAST_RATE <= counts[part] <= _WHOLE_RATE for counts in known)
        if is_rate and len(known) >= _LEAST_CHECKED and 2 * len(many) >= len(known):
            message = write_message(
                'cột "{heading}" có số từ {least} đến {most} ở mọi dòng, nhỏ hơn nhiều so với '
                '"{whole}": có thể là tỷ lệ phần trăm, không phải số hồ sơ',
                heading=table.heading(part),
                least=int(min(counts[part] for counts in known)),
                most=int(max(counts[part] for counts in known)),
                whole=table.heading(whole),
            )
            remedy = write_message('hãy ghi "%" vào tiêu đề cột nếu là tỷ lệ, hoặc ghi số hồ sơ')
            raise FileRefused(table.file, message, remedy)


def _refuse_misread(table: SheetTable, rows: list[ReportCounts]) -> None:
    """Raises FileRefused where a sum fails in most rows: not the report is wrong, its columns were
    taken for others."""
    for total, parts in REPORT_SUMS:
        checked = [counts for counts in rows if _all_known(counts, total, *parts)]
        failing = [
            counts for counts in checked if counts[total] != sum(counts[part] for part in parts)
        ]
        if len(checked) >= _LEAST_CHECKED and 2 * len(failing) > len(checked):
            headings = " + ".join(f'"{table.heading(part)}"' for part in parts)
            raise FileRefused(
                table.file,
                write_message(
                    'cột "{total}" khác tổng {headings} ở {failing}/{checked} dòng, nên các cột '
                    "này không phải như đã hiểu",
                    total=table.heading(total),
                    headings=headings,
                    failing=len(failing),
                    checked=len(checked),
                ),
                write_message(
                    "hãy kiểm tra tiêu đề các cột đó, hoặc dạy mẫu biểu trong data/layouts.toml"
                ),
            )


def _adopt_late_column(table: SheetTable) -> SheetTable:
    """The table with a bare "Quá hạn" beside "Đúng hạn" as resolved late, where the sums say so."""
    needed = ("resolved", "resolved_early", "resolved_on_time")
    if table.has("resolved_late") or not all(map(table.has, needed)):
        return table
    on_time = table.head.columns["resolved_on_time"].index
    taken = {index for column in table.head.columns.values() for index in column.indexes}
    behind = [column for column in table.head.ignored_columns if column.index > on_time]
    column = min(behind, key=lambda column: column.index, default=None)
    if (
        column is None
        or not taken.isdisjoint(range(on_time + 1, column.index))
        or not any(_LATE_WORDS.search(text.strip_tones(w)) for w in column.heading.split(" > "))
    ):
        return table
    columns = {
        **table.head.columns,
        "resolved_late": FieldColumn(column.index, column.heading, EXACT),
    }
    others = tuple(other for other in table.head.ignored_columns if other is not column)
    head = replace(table.head, columns=columns, ignored_columns=others)
    names = (*needed, "resolved_late")
    rows = _read_counts_under(table, head, names)
    fits = [
        counts for counts in rows if counts["resolved"] == sum(counts[name] for name in names[1:])
    ]
    if len(rows) >= _LEAST_CHECKED and len(fits) == len(rows):
        table.adopt_head(head)
    return table


def _adopt_early_within(table: SheetTable) -> SheetTable:
    """The table with "Đúng hạn" as all that was in time where "Trong đó: trước hạn" stands below
    the same heading and the sums say so.
    """
    if not table.has("resolved_on_time") or table.has("resolved_early"):
        return table
    if table.has("resolved_in_time") or not all(map(table.has, ("resolved", "resolved_late"))):
        return table
    on_time = table.head.columns["resolved_on_time"]
    parent = on_time.heading.rsplit(" > ", 1)[0] + " > "
    early = next(
        (
            column
            for column in table.head.ignored_columns
            if column.heading.startswith((parent, on_time.heading + " > "))
            and _EARLY_WORDS.search(text.strip_tones(column.heading.rsplit(" > ", 1)[1]))
        ),
        None,
    )
    if early is None or early.index < on_time.index:
        return table
    columns = {
        name: column for name, column in table.head.columns.items() if name != "resolved_on_time"
    }
    columns["resolved_in_time"] = on_time
    columns["resolved_early"] = FieldColumn(early.index, early.heading, EXACT)
    others = tuple(other for other in table.head.ignored_columns if other is not early)
    head = replace(table.head, columns=columns, ignored_columns=others)
    names = ("resolved", "resolved_in_time", "resolved_late", "resolved_early")
    rows = _read_counts_under(table, head, names)
    fits = [
        counts
        for counts in rows
        if counts["resolved"] == counts["resolved_in_time"] + counts["resolved_late"]
        and counts["resolved_early"] <= counts["resolved_in_time"]
    ]
    if len(rows) >= _LEAST_CHECKED and len(fits) == len(rows):
        table.adopt_head(head)
    return table


def _adopt_in_period(table: SheetTable) -> SheetTable:
    """The table with "Tiếp nhận > Tổng số" as what came in the period, where it is not the sum that
    the form has there, but is with what was carried over all that is resolved and open.
    """
    needed = ("received", "carried_over", "resolved", "open")
    if table.has("in_period") or not all(map(table.has, needed)):
        return table
    ways = [name for name in ("received_online", *_WAYS) if table.has(name)]
    names = (*needed, *ways, *(name for name in ("paused",) if table.has(name)))
    rows = _read_counts_under(table, table.head, names)
    fits = [
        counts
        for counts in rows
        if counts["carried_over"]
        and counts["received"] + counts["carried_over"]
        in (
            counts["resolved"] + counts["open"],
            counts["resolved"] + counts["open"] + counts.get("paused", 0.0),
        )
        and (not ways or counts["received"] == sum(counts[name] for name in ways))
    ]
    without = [counts for counts in rows if counts["carried_over"]]
    if len(fits) >= _LEAST_CHECKED and len(fits) == len(without):
        columns = dict(table.head.columns)
        columns["in_period"] = columns.pop("received")
        table.adopt_head(replace(table.head, columns=columns))
    return table


def _read_counts_under(
    table: SheetTable, head: HeaderRows, names: Sequence[str]
) -> list[ReportCounts]:
    """The rows that have all of these counts, were this the head of the table."""
    adopted = SheetTable(
        table.file, table.sheet, head, table.fields, one_row_a_unit=table.one_row_a_unit
    )
    problems = ProblemCollector(adopted)
    rows = [
        _read_report_counts(adopted, row, list(names), problems)
        for row in adopted.rows(communes.MOST_COMMUNE_ROWS)
    ]
    return [counts for counts in rows if _all_known(counts, *names)]


def _add_up_received(counts: ReportCounts) -> float:
    """In the period and carried over, where the report prints no sum of them; unknown where what
    is resolved, open and paused says otherwise."""
    received = counts.get("in_period", nan) + counts.get("carried_over", nan)
    remaining = counts.get("resolved", nan) + counts.get("open", nan)
    fits = received in (remaining, remaining + counts.get("paused", 0.0))
    return received if isnan(remaining) or fits else nan


def _make_record(line: _ReportLine, period: tuple[date, date]) -> dict[str, Any]:
    """The line as the batch wants it: what is not printed stays unknown, but for three sums."""
    counts = {name: value for name, value in line.counts.items() if name in DOSSIER_COLUMNS}
    if "received" not in counts:
        counts["received"] = _add_up_received(line.counts)
    if "resolved_on_time" not in counts and _all_known(
        line.counts, "resolved_in_time", "resolved_early"
    ):
        counts["resolved_on_time"] = line.counts["resolved_in_time"] - line.counts["resolved_early"]
    if not _all_known(counts, "paused") and _all_known(
        line.counts, "paused_in_term", "paused_overdue"
    ):
        counts["paused"] = line.counts["paused_in_term"] + line.counts["paused_overdue"]
    in_time: tuple[str, ...] = ("resolved_early", "resolved_on_time", "open_in_term")
    if not _all_known(counts, *in_time):
        in_time = ("resolved_in_time", "open_in_term")
    counts["on_time_766"] = (
        sum(line.counts[name] for name in in_time) if _all_known(line.counts, *in_time) else nan
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
    fields=REPORT_FIELDS,
    required_fields=(
        (1, ("commune", "commune_code")),
        (1, ("received", "in_period")),
        (1, ("resolved", "open", "open_in_term", "open_overdue")),
    ),
    read=read_dossier_report,
    excluding_headings=("Mã hồ sơ", "Số hiệu chứng thư"),
    distinguishing_words=REPORT_DISTINGUISHING_WORDS,
    one_row_a_unit=True,
    has_period=True,
    sums=REPORT_SUMS,
)
