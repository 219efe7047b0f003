"""Counting certificates: from a list with one a row, or as a form tells them per commune."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from dashboard import text
from dashboard.batch import CERTIFICATES
from dashboard.sources import communes, days, values
from dashboard.sources.findings import Findings
from dashboard.sources.sheet import Row, blank
from dashboard.sources.table import Table

# No certificate is issued for longer than this.
_LONGEST = timedelta(days=20 * 366)


@dataclass
class Told:
    """What a commune's rows said: counts, and which of CERTIFICATES they cannot tell."""

    row: Row
    counts: Counter[str] = field(default_factory=Counter)
    untold: set[str] = field(default_factory=set)


def one_a_row(table: Table, rows: list[Row], province: str, as_of: date, findings: Findings) -> dict[str, Told]:
    """One certificate a row. A list without last days tells nothing of what expires soon."""
    last_day = next((name for name in ("expiry", "expired") if table.has(name)), None)
    seen = _repeated(table, rows, findings)
    told: dict[str, Told] = {}
    for row in rows:
        code = communes.find(province, table, row, findings)
        if code is None or row.number in seen:
            continue
        meant = findings.read(row, "state")
        ends = _last_day(table, row, last_day, as_of, findings)
        if meant is None:
            if blank(table.cell(row, "state")) and (ends or not blank(table.cell(row, "serial"))):
                findings.add("để trống", 'hãy ghi trạng thái, ví dụ "Hoạt động"', row, "state")
            continue
        one = told.setdefault(code, Told(row, untold=set() if last_day else {"expiring_30", "expiring_60"}))
        one.counts.update(_counted(meant, (ends - as_of).days if ends else None))
    return told


def _counted(meant: str, days_left: int | None) -> list[str]:
    """The counts that one certificate belongs to. The last day is still a day of use.

    What ends counts as expired even if its state was never changed; only what works can "expire soon",
    and what ends within 30 days ends within 60 as well.
    """
    if meant in ("active", "locked") and days_left is not None and days_left < 0:
        meant = "expired"
    if meant == "active" and days_left is not None:
        return [meant, *(f"expiring_{within}" for within in (30, 60) if days_left <= within)]
    return [meant]


def _last_day(table: Table, row: Row, column: str | None, as_of: date, findings: Findings) -> date | None:
    """The day a certificate ends; None where not told or, with a warning, where it cannot be."""
    cell = table.cell(row, column) if column else None
    if column is None or blank(cell):
        return None
    try:
        ends = days.day(cell)
    except values.Unreadable as error:
        findings.add(f"{error.message}; đã đếm theo trạng thái", error.remedy, row, column)
        return None
    if ends is not None and not as_of - _LONGEST < ends < as_of + _LONGEST:
        findings.add("không thể là ngày hết hạn; đã đếm theo trạng thái", "hãy sửa ngày hết hạn", row, column)
        return None
    return ends


def _repeated(table: Table, rows: list[Row], findings: Findings) -> set[int]:
    """Numbers of rows to leave out: a certificate told twice alike counts once, told differently never."""
    if not table.has("serial"):
        return set()
    groups: dict[str, list[Row]] = {}
    for row in rows:
        serial = table.cell(row, "serial")
        if not blank(serial) and len(serial_key := text.spelling_key(str(serial))) > 3:
            groups.setdefault(serial_key, []).append(row)
    left_out: set[int] = set()
    for first, *others in groups.values():
        if not others:
            continue
        where = f"(dòng {', '.join(str(row.number) for row in (first, *others)[:5])})"
        if all(_same(table, first, row) for row in others):
            left_out |= {row.number for row in others}
            message = f"một chứng thư số ghi ở nhiều dòng giống nhau {where}; đã tính một"
            findings.add(message, "hãy bỏ bớt dòng thừa", others[0], severity="warning")
        else:
            left_out |= {row.number for row in (first, *others)}
            message = f"một chứng thư số ghi ở nhiều dòng khác nhau {where}; không tính dòng nào"
            findings.add(message, "hãy giữ lại một dòng đúng", others[0])
    return left_out


def _same(table: Table, one: Row, other: Row) -> bool:
    def told(row: Row) -> list[Any]:
        return [text.spelling_key(str(table.cell(row, name) or "")) for name in ("commune", "state", "expiry")]

    return told(one) == told(other)


def counts(table: Table, rows: list[Row], province: str, findings: Findings) -> dict[str, Told]:
    """One commune a row: what is written is taken, a blank is not known and no zero."""
    told: dict[str, Told] = {}
    for row in rows:
        code = communes.find(province, table, row, findings)
        if code is None:
            continue
        found = {name: findings.read(row, name) for name in (*CERTIFICATES, "total")}
        known = {name: value for name, value in found.items() if value is not None}
        if not known:
            continue
        if known == {"total": 0}:
            known = dict.fromkeys(CERTIFICATES, 0)
        one = Told(row, Counter({name: int(value) for name, value in known.items()}), set(CERTIFICATES) - set(known))
        _check(one, row, findings)
        first = told.setdefault(code, one)
        if first is not one:
            findings.add(f"xã này có hai dòng (dòng {first.row.number} và dòng {row.number}); chỉ nhận dòng đầu",
                         "hãy giữ lại một dòng đúng", row, "commune")  # fmt: skip
    return told


def _check(one: Told, row: Row, findings: Findings) -> None:
    told, parts = one.counts, ("active", "locked", "revoked", "expired")
    total = sum(told[name] for name in parts)
    if "total" in told and not one.untold & set(parts) and told["total"] != total:
        message = f"khác tổng các trạng thái ({text.number(total)})"
        findings.add(message, "hãy kiểm tra các số của dòng này", row, "total", "warning")
    for soon in ("expiring_30", "expiring_60"):
        if not one.untold & {soon, "active"} and told[soon] > told["active"]:
            message = f"nhiều hơn số đang hoạt động ({text.number(told['active'])})"
            findings.add(message, "hãy kiểm tra hai số của dòng này", row, soon, "warning")
