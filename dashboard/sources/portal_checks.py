"""Whether the portal's list agrees with itself: overdue with the rest, printed totals with the sums."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard import text
from dashboard.sources import communes
from dashboard.sources.findings import Findings
from dashboard.sources.sheet import Row, blank
from dashboard.sources.table import Table


def overdue(row: Row, received: float, on_time: float, findings: Findings) -> None:
    """What is overdue is what was received less what is on time; else a warning with the numbers."""
    told = findings.read(row, "overdue")
    if told is not None and told != received - on_time:
        rest = text.number(received - on_time)
        message = f"khác số tiếp nhận trừ số đúng hạn ({text.number(received)} - {text.number(on_time)} = {rest})"
        findings.add(message, "hãy kiểm tra ba số của dòng này", row, "overdue", "warning")


def totals(
    table: Table, rows: Sequence[Row], kept: Sequence[tuple[bool, dict[str, float]]], findings: Findings
) -> None:
    """A printed total is the sum of all agencies or of the communes alone; else a warning with both numbers.

    `kept`: of each row that was taken whether it is a commune, and its counts.
    """
    for row in rows:
        if not blank(table.cell(row, "agency_code")) or not _says_total(table, row):
            continue
        for field, count in (("received", "received"), ("on_time", "on_time_766")):
            printed = findings.read(row, field)
            everywhere = sum(counts[count] for _, counts in kept)
            in_communes = sum(counts[count] for is_commune, counts in kept if is_commune)
            if printed is not None and printed not in (everywhere, in_communes):
                message = f"tổng ghi {text.number(printed)} nhưng các dòng cộng lại là {text.number(everywhere)}"
                findings.add(message, "hãy kiểm tra tổng và các dòng", row, field, "warning")


def _says_total(table: Table, row: Row) -> bool:
    name = text.normal(str(table.cell(row, "commune") or ""))
    return communes.is_total(name) or (not name and communes.is_between(table, row, name))
