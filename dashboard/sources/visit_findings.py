"""What visits found, once a commune, measure and day: as readings and as notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from dashboard.batch import READING_COLUMNS, VISIT_COLUMNS
from dashboard.sources.findings import Findings
from dashboard.sources.sheet import Row


@dataclass(frozen=True)
class Finding:
    """What one row says of one measure (or of none: a visit with nothing but a note)."""

    row: Row
    commune: str
    day: date
    measure: str | None
    value: float | None
    team: str | None
    note: str | None


def once(found: list[Finding], findings: Findings) -> list[Finding]:
    """One value a commune, measure and day: two teams that differ on one day are both left out, and told."""
    first: dict[tuple[Any, ...], Finding] = {}
    conflicts: set[tuple[Any, ...]] = set()
    kept = []
    for one in found:
        key = (one.commune, one.day, one.measure)
        earlier = first.setdefault(key, one)
        if one.measure is None or earlier is one:
            kept.append(one)
        elif earlier.value != one.value:
            conflicts.add(key)
            message = f"khác kết quả cùng xã, cùng ngày, cùng tiêu chí ở dòng {earlier.row.number}; không nhận cả hai"
            findings.add(message, "hãy giữ lại một dòng đúng", one.row, "commune")
        else:
            message = f"ghi lại kết quả của dòng {earlier.row.number}; đã nhận một"
            findings.add(message, "hãy bỏ bớt một dòng", one.row, "commune", "warning")
    return [one for one in kept if (one.commune, one.day, one.measure) not in conflicts]


def readings(kept: list[Finding]) -> pd.DataFrame:
    """Verified readings, one a commune, measure and day."""
    lines = [(one.commune, one.measure, one.value, "verified", one.day) for one in kept if one.measure]
    return pd.DataFrame(lines, columns=READING_COLUMNS)


def visits(kept: list[Finding]) -> pd.DataFrame:
    """What a team saw and noted, one row a finding (or a visit with a note alone)."""
    lines = [(one.commune, one.day, one.measure, one.team, one.note) for one in kept]
    return pd.DataFrame(lines, columns=VISIT_COLUMNS, dtype=object)
