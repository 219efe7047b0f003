"""What citizens told communes of their service, in counts of a period; nobody's name or words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from dashboard.batch import FEEDBACK_COLUMNS, FEEDBACK_COUNTS, MOST_SATISFACTION, Batch
from dashboard.messages import write_message
from dashboard.sources.cells import days, values
from dashboard.sources.formats.sheet import SheetRow
from dashboard.sources.problems import ProblemCollector
from dashboard.sources.recognise import communes, periods, provinces, state_rows
from dashboard.sources.recognise.file_kinds import FileKind, ImportContext
from dashboard.sources.recognise.headings import FileField
from dashboard.sources.recognise.table import SheetTable

_MOST = {**dict.fromkeys(FEEDBACK_COUNTS, 100_000), "satisfaction": MOST_SATISFACTION}
_PARENTS = "Phản ánh, kiến nghị | PAKN | Phản ánh"


_FIELDS = (
    *communes.COMMUNE_FIELDS,
    FileField("period_from", "Kỳ từ ngày | Từ ngày | period_from", days.read_day),
    FileField("period_to", "Kỳ đến ngày | Đến ngày | period_to", days.read_day),
    FileField(
        "received",
        "Phản ánh, kiến nghị tiếp nhận | Số phản ánh, kiến nghị | PAKN tiếp nhận "
        f"| received; {_PARENTS} > Tiếp nhận",
        values.read_count,
    ),
    FileField(
        "apologised",
        f"Đã xin lỗi | Số lần xin lỗi | Văn bản xin lỗi | apologised; {_PARENTS} > Xin lỗi",
        values.read_count,
    ),
    FileField(
        "resolved",
        "Phản ánh, kiến nghị đã xử lý | PAKN đã xử lý "
        f"| resolved; {_PARENTS} > Đã xử lý | Giải quyết",
        values.read_count,
    ),
    FileField(
        "satisfaction",
        "Điểm hài lòng (766) | Điểm hài lòng | Mức độ hài lòng | Mức độ hài lòng (18 điểm) "
        "| satisfaction",
        values.read_decimal,
    ),
)


def read_feedback(table: SheetTable, context: ImportContext) -> list[Batch]:
    """One batch per province: counts per commune and period. Raises FileRefused where neither the
    rows nor the file tell the period.
    """
    rows = list(table.rows(communes.MOST_COMMUNE_ROWS))
    has_periods = table.has("period_from") and table.has("period_to")
    file_period = None if has_periods else periods.find_period(context, table.head.titles)
    batches = []
    for province, province_rows in provinces.split_rows_by_province(table, rows, context).items():
        problems = ProblemCollector(table)
        told: dict[tuple[str, date, date], tuple[SheetRow, dict[str, Any]]] = {}
        conflicts: set[tuple[str, date, date]] = set()
        for row in province_rows:
            line = _read_line(table, row, province, file_period, problems)
            if line is None:
                continue
            key = (line["commune_code"], line["period_from"], line["period_to"])
            first_row, first_line = told.setdefault(key, (row, line))
            if first_row is not row:
                is_other = first_line != line
                conflicts |= {key} if is_other else set()
                problems.add_repeated_unit(first_row, row, is_conflict=is_other)
        lines = [line for key, (_, line) in told.items() if key not in conflicts]
        frame = pd.DataFrame(lines, columns=FEEDBACK_COLUMNS)
        numbers = [*FEEDBACK_COUNTS, "satisfaction"]
        frame[numbers] = frame[numbers].apply(pd.to_numeric).astype(float)
        last = max((key[2] for key in told), default=context.today)
        first = min((key[1] for key in told), default=last)
        batches.append(
            context.make_batch(
                KIND.code,
                province,
                min(last, context.today),
                len(province_rows),
                period=(first, last),
                feedback=frame,
                problems=problems.all(),
            )
        )
    return batches


def _read_line(
    table: SheetTable,
    row: SheetRow,
    province: str,
    file_period: tuple[date, date] | None,
    problems: ProblemCollector,
) -> dict[str, Any] | None:
    """The row's counts; None where nothing is told or, with a problem noted, it is not certain."""
    commune = communes.find_commune(province, table, row, problems)
    if commune is None:
        return None
    period = file_period or (
        state_rows.read_planned_day(row, "period_from", problems),
        state_rows.read_planned_day(row, "period_to", problems),
    )
    first, last = period
    if first is None or last is None or last < first:
        problems.add(
            write_message("không rõ kỳ"),
            write_message("hãy ghi ngày đầu và ngày cuối kỳ"),
            row,
            "period_to",
        )
        return None
    numbers = {name: problems.read(row, name) for name in (*FEEDBACK_COUNTS, "satisfaction")}
    for name, most in _MOST.items():
        if (numbers[name] or 0) > most:
            remedy = write_message(
                "hãy ghi điểm hài lòng theo Bộ chỉ số 766, từ 0 đến 18, hoặc kiểm tra lại số"
            )
            problems.add(write_message("lớn hơn mức có thể có"), remedy, row, name)
            numbers[name] = None
    if all(value is None for value in numbers.values()):
        return None
    received = numbers["received"]
    resolved = numbers["resolved"]
    if received is not None and resolved is not None and resolved > received:
        # What was received before may be resolved now: told, and taken as it stands.
        message = write_message("nhiều hơn số tiếp nhận trong kỳ")
        problems.add(message, write_message("hãy kiểm tra hai số"), row, "resolved", "warning")
    return {"commune_code": commune, "period_from": first, "period_to": last, **numbers}


KIND = FileKind(
    code="feedback",
    fields=_FIELDS,
    required_fields=(
        (1, ("commune", "commune_code")),
        (2, ("received", "apologised", "resolved", "satisfaction")),
        (1, ("apologised", "satisfaction")),
    ),
    read=read_feedback,
    excluding_headings=("Mã hồ sơ", "Chủ hồ sơ", "Tiêu chí", "Trước hạn", "Nội dung phản ánh"),
    has_period=True,
)
