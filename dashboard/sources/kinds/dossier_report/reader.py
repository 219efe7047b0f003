"""Report II.06a/VPCP and the 18-column progress table: per unit what was received, resolved, is
open.

Printed totals and subtotals are compared with the rows' sums, and each row with itself by the
form's own equations; what does not add up is told with both numbers and taken as printed, never
mended in silence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from math import isnan, nan
from typing import Any

import pandas as pd

from dashboard import text
from dashboard.batch import AGENCY_COLUMNS, DOSSIER_COLUMNS, Batch
from dashboard.errors import FileRefused
from dashboard.messages import write_message
from dashboard.sources.formats.sheet import SheetRow, is_blank
from dashboard.sources.kinds.dossier_report.columns import (
    COUNT_HEADINGS,
    REPORT_DISTINGUISHING_WORDS,
    REPORT_FIELDS,
)
from dashboard.sources.kinds.dossier_report.sums import (
    REPORT_SUMS,
    WAYS_IN,
    PrintedTotal,
    ReportCounts,
    adopt_early_within,
    adopt_in_period,
    adopt_late_column,
    all_known,
    check_row,
    compare_total,
    read_report_counts,
    refuse_misread,
    refuse_rates,
)
from dashboard.sources.problems import ProblemCollector
from dashboard.sources.recognise import communes, periods, provinces, row_scope, subjects
from dashboard.sources.recognise.column_judgement import MOST_DOSSIERS, is_average
from dashboard.sources.recognise.communes import Unit
from dashboard.sources.recognise.file_kinds import FileKind, ImportContext
from dashboard.sources.recognise.table import SheetTable

# A table without any of these has only the words of many other tables.
_SPLIT_BY_TERM = (
    *("resolved_early", "resolved_on_time", "resolved_late", "resolved_in_time"),
    *("open_in_term", "open_overdue"),
)
_TWO_PERIODS = re.compile(
    r"\bthang \d{1,2}\b.{0,12}(?:va|,|;|\+) (?:so )?(?:luy ke|cong don|\d{1,2} thang)\b"
    r"|\b\d{1,2} thang\b.{0,20}(?:va|,|;|\+) thang \d{1,2}\b"
)


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
    table = adopt_in_period(adopt_early_within(adopt_late_column(table)))
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
    has_ways = any(map(table.has, WAYS_IN))
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
    totals: list[PrintedTotal] = []
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
                counts = read_report_counts(row, names, problems)
                totals.append(PrintedTotal(row, counts, len(units)))
            continue
        counts = read_report_counts(row, names, problems)
        unit = _find_report_unit(table, row, province, problems)
        units.append((unit is None or unit.is_commune, counts))
        # a unit without a figure did not report: unknown, not 0
        without_figures = all(map(isnan, counts.values()))
        if unit is not None and not without_figures and check_row(table, row, counts, problems):
            lines.append(_ReportLine(row, unit, counts))
    _tell_other_periods(table, of_other_periods, problems)
    for total in totals:
        compare_total(total, totals, units, problems)
    refuse_misread(table, [counts for _, counts in units])
    refuse_rates(table, [counts for _, counts in units])
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
    if "resolved_on_time" not in counts and all_known(
        line.counts, "resolved_in_time", "resolved_early"
    ):
        counts["resolved_on_time"] = line.counts["resolved_in_time"] - line.counts["resolved_early"]
    if not all_known(counts, "paused") and all_known(
        line.counts, "paused_in_term", "paused_overdue"
    ):
        counts["paused"] = line.counts["paused_in_term"] + line.counts["paused_overdue"]
    in_time: tuple[str, ...] = ("resolved_early", "resolved_on_time", "open_in_term")
    if not all_known(counts, *in_time):
        in_time = ("resolved_in_time", "open_in_term")
    counts["on_time_766"] = (
        sum(line.counts[name] for name in in_time) if all_known(line.counts, *in_time) else nan
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
