"""Report II.06a/VPCP and the 18-column progress table: per unit what was received, resolved, is open.

Printed totals and subtotals are compared with the rows' sums, and each row with itself (DOMAIN.md §5);
what does not add up is told with both numbers and taken as printed, never mended in silence.
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
from dashboard.sources import communes, periods, provinces, units
from dashboard.sources.findings import Findings
from dashboard.sources.kinds import Given, Kind
from dashboard.sources.report_words import FIELDS, HEADINGS, SUMS, TELLING
from dashboard.sources.sheet import Row, blank
from dashboard.sources.table import Table
from dashboard.sources.units import Unit

_CHECK = "hãy kiểm tra lại các số này trong báo cáo"
Counts = dict[str, float]


@dataclass
class _Sum:
    """Rows added up so far, to be held against a printed total."""

    rows: int = 0
    counts: Counts = field(default_factory=dict)

    def add(self, counts: Counts) -> None:
        self.rows += 1
        for name, value in counts.items():
            self.counts[name] = self.counts.get(name, 0) + (0 if isnan(value) else value)


@dataclass(frozen=True)
class _Line:
    row: Row
    unit: Unit
    counts: Counts


def read(table: Table, given: Given) -> list[Batch]:
    """One batch: counts per deciding unit and period. Raises FileRefused without period or province."""
    period = periods.period(given, table.head.titles)
    rows = list(table.rows(communes.MOST_ROWS))
    found = list(provinces.rows_by_province(table, [row for row in rows if _may_be_commune(table, row)], given))
    if len(found) != 1:
        raise FileRefused(given.file_name, "tệp có đơn vị của nhiều tỉnh", "hãy tách mỗi tỉnh một tệp")
    findings = Findings(table)
    lines = _once(_lines(table, rows, found[0], findings), findings)
    dossiers = pd.DataFrame([_dossier(line, period) for line in lines], columns=DOSSIER_COLUMNS)
    departments = [(line.unit.code, line.unit.name, "department", None) for line in lines if not line.unit.is_commune]
    as_of = datetime.combine(given.as_of or period[1], time())
    return [
        Batch(given.file_name, given.sha256, KIND.code, found[0], as_of, len(rows), period=period, dossiers=dossiers,
              agencies=pd.DataFrame(departments, columns=AGENCY_COLUMNS, dtype=object), problems=findings.all())
    ]  # fmt: skip


def _name(table: Table, row: Row) -> str:
    return text.normal(str(table.cell(row, "commune") or ""))


def _may_be_commune(table: Table, row: Row) -> bool:
    return units.department("", _name(table, row)) is None


def _lines(table: Table, rows: list[Row], province: str, findings: Findings) -> list[_Line]:
    """The units' rows; totals and groups are compared with them on the way."""
    names = [name for name in HEADINGS if table.has(name)]
    lines: list[_Line] = []
    everything, group = _Sum(), _Sum()
    totals: list[tuple[Row, Counts]] = []
    heads: tuple[Row, Counts] | None = None
    for row in rows:
        name = _name(table, row)
        if communes.is_between(table, row, name) and _unit(table, row, province, None) is None:
            if communes.is_group(row, name) and not communes.is_total(name):
                _compare(table, heads, group, findings)
                heads, group = (row, _counts(table, row, names, findings)), _Sum()
            elif any(not blank(table.cell(row, field)) for field in names):
                totals.append((row, _counts(table, row, names, findings)))
            continue
        counts = _counts(table, row, names, findings)
        everything.add(counts)
        group.add(counts)
        unit = _unit(table, row, province, findings)
        silent = all(map(isnan, counts.values()))  # a unit without a figure did not report: unknown, not 0
        if unit is not None and not silent and _agrees_with_itself(table, row, counts, findings):
            lines.append(_Line(row, unit, counts))
    _compare(table, heads, group, findings)
    for total in totals:
        _compare(table, total, everything, findings)
    return lines


def _unit(table: Table, row: Row, province: str, findings: Findings | None) -> Unit | None:
    name = _name(table, row)
    if communes.is_group(row, name):
        return None
    agency = str(table.cell(row, "agency_code") or "")
    if department := units.department(province, name, agency):
        return department
    code = communes.find(province, table, row, findings or Findings(table))
    return Unit(code, name, is_commune=True) if code else None


def _counts(table: Table, row: Row, names: list[str], findings: Findings) -> Counts:
    told = {name: findings.read(row, name) for name in names}
    return {name: nan if value is None else float(value) for name, value in told.items()}


def _told(counts: Counts, *names: str) -> bool:
    return all(not isnan(counts.get(name, nan)) for name in names)


def _agrees_with_itself(table: Table, row: Row, counts: Counts, findings: Findings) -> bool:
    """Warn where a row's whole is not the sum of its parts; refuse what cannot be: more resolved than received."""
    for whole, parts in SUMS:
        if _told(counts, whole, *parts):
            _expect(table, row, whole, parts, counts, findings)
    rest = [name for name in ("resolved", "open", "paused") if name in counts]
    if _told(counts, "received", "resolved", "open", *rest):
        _expect(table, row, "received", tuple(rest), counts, findings)
    if _told(counts, "received", "resolved") and counts["resolved"] > counts["received"]:
        message = f"nhiều hơn số tiếp nhận ({text.number(counts['received'])}); không nhận dòng này"
        findings.add(message, "hãy kiểm tra hai số của dòng này", row, "resolved")
        return False
    return True


def _expect(table: Table, row: Row, whole: str, parts: tuple[str, ...], counts: Counts, findings: Findings) -> None:
    computed = sum(counts[part] for part in parts)
    if counts[whole] != computed:
        sums = " + ".join(f'"{table.heading(part)}"' for part in parts)
        message = f"khác tổng của {sums} ({text.number(computed)}); đã nhận như đã ghi"
        findings.add(message, _CHECK, row, whole, "warning")


def _compare(table: Table, printed: tuple[Row, Counts] | None, summed: _Sum, findings: Findings) -> None:
    """Hold a printed total against the rows that it is the total of."""
    if printed is None or not summed.rows:
        return
    row, counts = printed
    for name, value in counts.items():
        if not isnan(value) and value != summed.counts[name]:
            message = f"là tổng được in, nhưng {summed.rows} dòng cộng lại được {text.number(summed.counts[name])}"
            findings.add(message, _CHECK, row, name, "warning")


def _once(lines: list[_Line], findings: Findings) -> list[_Line]:
    """Each unit once: two equal lines are one, two that differ are none (with a problem noted)."""
    kept: dict[str, _Line] = {}
    conflicts: set[str] = set()
    for line in lines:
        first = kept.setdefault(line.unit.code, line)
        if first is line:
            continue
        where = f"(dòng {first.row.number} và dòng {line.row.number})"
        if repr(first.counts) == repr(line.counts):
            message = f"đơn vị có hai dòng giống nhau {where}; đã nhận một"
            findings.add(message, "hãy bỏ bớt một dòng", line.row, "commune", "warning")
        else:
            conflicts.add(line.unit.code)
            message = f"đơn vị có hai dòng khác nhau {where}; không nhận dòng nào"
            findings.add(message, "hãy giữ lại một dòng đúng", line.row, "commune")
    return [line for code, line in kept.items() if code not in conflicts]


def _dossier(line: _Line, period: tuple[date, date]) -> dict[str, Any]:
    """The line as the batch wants it: what a report does not print stays unknown, but for two sums."""
    counts = {name: value for name, value in line.counts.items() if name in DOSSIER_COLUMNS}
    if not _told(counts, "paused") and _told(line.counts, "paused_in_term", "paused_overdue"):
        counts["paused"] = line.counts["paused_in_term"] + line.counts["paused_overdue"]
    in_time = ("resolved_early", "resolved_on_time", "open_in_term")
    counts["on_time_766"] = sum(counts[name] for name in in_time) if _told(counts, *in_time) else nan
    return {
        "accepting_unit": None,
        "deciding_unit": line.unit.code,
        "period_from": period[0],
        "period_to": period[1],
        **counts,
    }


KIND = Kind(
    code="dossier_report",
    name="biểu II.06a",
    fields=FIELDS,
    needs=(
        (1, ("commune", "commune_code")),
        (1, ("received",)),
        (2, ("resolved_early", "resolved_on_time", "resolved_late")),
        (1, ("resolved", "open", "open_in_term", "open_overdue")),
    ),
    read=read,
    never=("Mã hồ sơ", "Số hiệu chứng thư"),
    telling=TELLING,
)
