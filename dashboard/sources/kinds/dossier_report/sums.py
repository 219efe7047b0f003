"""What the figures of a dossier report must add up to: whether a row and a printed total do, and
what columns mean whose headings leave it open.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isnan, nan

from dashboard import text
from dashboard.errors import FileRefused
from dashboard.messages import write_message
from dashboard.sources.formats.sheet import SheetRow
from dashboard.sources.problems import ProblemCollector
from dashboard.sources.recognise import communes
from dashboard.sources.recognise.column_choice import FieldColumn
from dashboard.sources.recognise.header_rows import HeaderRows
from dashboard.sources.recognise.headings import EXACT
from dashboard.sources.recognise.table import SheetTable

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
WAYS_IN = ("received_in_person", "received_post", "received_other")
_CHECK_REMEDY = write_message("hãy kiểm tra lại các số này trong báo cáo")
ReportCounts = dict[str, float]


@dataclass(frozen=True)
class PrintedTotal:
    """A total, or a group's heading with figures, and how many units' rows stand above it."""

    row: SheetRow
    counts: ReportCounts
    units_above: int


def read_report_counts(row: SheetRow, names: list[str], problems: ProblemCollector) -> ReportCounts:
    numbers = {name: problems.read(row, name) for name in names}
    return {name: nan if value is None else float(value) for name, value in numbers.items()}


def all_known(counts: ReportCounts, *names: str) -> bool:
    return all(not isnan(counts.get(name, nan)) for name in names)


def check_row(
    table: SheetTable, row: SheetRow, counts: ReportCounts, problems: ProblemCollector
) -> bool:
    """Warn where a row's whole is not the sum of its parts; refuse what cannot be: more resolved
    than received.
    """
    for total, parts in REPORT_SUMS:
        if all_known(counts, total, *parts):
            _check_sum(table, row, total, parts, counts, problems)
    remaining = [name for name in ("resolved", "open", "paused") if name in counts]
    without_paused = [name for name in remaining if name != "paused"]
    # whether what is paused is among the open is every system's own affair
    if all_known(counts, "received", "resolved", "open", *remaining) and counts["received"] != sum(
        counts[name] for name in without_paused
    ):
        _check_sum(table, row, "received", tuple(remaining), counts, problems)
    if all_known(counts, "received", "resolved") and counts["resolved"] > counts["received"]:
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


def compare_total(
    printed: PrintedTotal,
    totals: list[PrintedTotal],
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


def refuse_rates(table: SheetTable, rows: list[ReportCounts]) -> None:
    """Raises FileRefused where what was in time is 97 of 865, 98 of 1,274 …, and no figure of what
    was late shows that it is a count: those are percentages without their sign.
    """
    for part, other_parts, whole in _PARTS_IN_TIME:
        if not table.has(part) or any(map(table.has, other_parts)):
            continue
        known = [counts for counts in rows if all_known(counts, part, whole) and counts[whole]]
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


def refuse_misread(table: SheetTable, rows: list[ReportCounts]) -> None:
    """Raises FileRefused where a sum fails in most rows: not the report is wrong, its columns were
    taken for others."""
    for total, parts in REPORT_SUMS:
        checked = [counts for counts in rows if all_known(counts, total, *parts)]
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


def adopt_late_column(table: SheetTable) -> SheetTable:
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


def adopt_early_within(table: SheetTable) -> SheetTable:
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


def adopt_in_period(table: SheetTable) -> SheetTable:
    """The table with "Tiếp nhận > Tổng số" as what came in the period, where it is not the sum that
    the form has there, but is with what was carried over all that is resolved and open.
    """
    needed = ("received", "carried_over", "resolved", "open")
    if table.has("in_period") or not all(map(table.has, needed)):
        return table
    ways = [name for name in ("received_online", *WAYS_IN) if table.has(name)]
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
        read_report_counts(row, list(names), problems)
        for row in adopted.rows(communes.MOST_COMMUNE_ROWS)
    ]
    return [counts for counts in rows if all_known(counts, *names)]
