"""The small provinces that the catalogue's examples are computed from: criteria, readings and counts by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from dashboard.batch import COUNTS
from dashboard.indicators import levels, readiness
from dashboard.indicators.answers import Answer, answer
from dashboard.indicators.counts import Counts
from dashboard.indicators.criteria import FIRST_DAY, Criteria, Criterion, Rule, ThroughputRule
from dashboard.indicators.history import History
from dashboard.indicators.readiness import Readiness
from dashboard.workdays import Calendar

# A calendar without holidays: Monday to Friday are worked.
WEEKDAYS: Final = Calendar(frozenset(), frozenset())
DAY: Final = date(2026, 11, 13)  # a Friday
MINIMUM: Final = 30
_OURS: Final[dict[str, Any]] = {"stale_after_days": 30, "valid_from": FIRST_DAY, "why": "", "owner": ""}
MEETING: Final = Criterion(
    "online_meeting", "Họp trực tuyến", "Online meetings", "supporting", "flag", "arrange", False,
    measure="online_meeting", **_OURS,
)  # fmt: skip
STABLE: Final = Criterion(
    "network_stable", "Đường truyền thông suốt", "Stable line", "network", "flag", "repair", True,
    measure="network_stable", red_below=1, **_OURS,
)  # fmt: skip
SPEED: Final = Criterion(
    "network_speed", "Tốc độ mạng", "Network speed", "network", "number", "repair", True,
    measure="network_mbps", unit="Mbps", green_from=50, red_below=20, **_OURS,
)  # fmt: skip
SIGNATURES: Final = Criterion(
    "signature_coverage", "Chữ ký số", "Digital signatures", "digital_signature", "ratio", "issue", True,
    part="signature_issued", whole="signature_needed", red_below=0.8, **_OURS,
)  # fmt: skip
SCANNERS: Final = Criterion(
    "scanner_coverage", "Máy scan", "Scanners", "devices", "ratio", "buy", False,
    part="scanner_available", whole="scanner_needed", red_below=0.5, **_OURS,
)  # fmt: skip
RULE: Final = Rule("essential", "all", 90, FIRST_DAY, "", "")
THROUGHPUT: Final = ThroughputRule(0.95, 0.8, MINIMUM, FIRST_DAY, "", "")
CRITERIA: Final = Criteria((SPEED, SIGNATURES, SCANNERS, MEETING), (RULE,), (THROUGHPUT,))
# Everything that these criteria ask for.
GOOD: Final = {
    "network_mbps": 80, "signature_issued": 20, "signature_needed": 20,
    "scanner_available": 2, "scanner_needed": 2, "online_meeting": 1,
}  # fmt: skip
Told = tuple[str, str, float, str, date]


def declared(commune: str, day: date = DAY, **changed: float) -> list[Told]:
    """A whole declaration that makes a commune green, but for what is `changed`."""
    return [(commune, measure, value, "declared", day) for measure, value in {**GOOD, **changed}.items()]


def only(commune: str, day: date = DAY, basis: str = "declared", **values: float) -> list[Told]:
    """Just these measures."""
    return [(commune, measure, value, basis, day) for measure, value in values.items()]


def history(rows: Iterable[Told], codes: Sequence[str] = ("A",)) -> History:
    frame = pd.DataFrame(list(rows), columns=["commune_code", "measure", "value", "basis", "as_of"])
    return History(frame.assign(as_of=pd.to_datetime(frame["as_of"])), codes)


def judged(rows: Iterable[Told], *criteria: Criterion, codes: Sequence[str] = ("A",), on: date = DAY) -> Readiness:
    """Communes judged on a day by some of the criteria above, or all."""
    rules = Criteria(criteria or CRITERIA.criteria, (RULE,), (THROUGHPUT,))
    return readiness.assess(history(rows, codes), rules, on)


def level_name(level: int) -> str:
    return levels.NAMES[level]


def counts_of(rows: Iterable[dict[str, Any]], units: Sequence[str] = ("A",)) -> Counts:
    """Rows of counts: `unit` (A), `kind`, `first`, `last` (the same day) and any of COUNTS and mean_days."""
    told = [{"unit": "A", "kind": "dossier_report", "last": row["first"], **row} for row in rows]
    frame = pd.DataFrame(told).rename(columns={"first": "period_from", "last": "period_to"})
    frame = frame.reindex(columns=["unit", "kind", "period_from", "period_to", *COUNTS, "mean_days"])
    dated = {end: pd.to_datetime(frame[end]).astype("datetime64[s]") for end in ("period_from", "period_to")}
    return Counts(frame.assign(**dated).astype(dict.fromkeys([*COUNTS, "mean_days"], "float64")), units)


AUGUST: Final = {"first": date(2026, 8, 1), "last": date(2026, 8, 31)}
JULY: Final = {"first": date(2026, 7, 1), "last": date(2026, 7, 31)}


def answered(rows: Iterable[dict[str, Any]], units: Sequence[str] = ("A",), **period: date) -> Answer:
    """What the best source tells of a period, of August unless said otherwise."""
    asked = {**AUGUST, **period}
    found = answer(counts_of(rows, units), asked["first"], asked["last"], WEEKDAYS)
    assert found is not None, "an example tells something of its period"
    return found


def dossiers_of(rows: Iterable[dict[str, Any]], *days: str) -> pd.DataFrame:
    """Groups of alike dossiers of unit A; `days` are the columns of days, NaT where a row does not tell one."""
    frame = pd.DataFrame([{"unit": "A", "state_group": "open", "dossiers": 1, **row} for row in rows])
    return frame.assign(**{name: pd.to_datetime(frame[name]).astype("datetime64[s]") for name in days})


def per_day(*values: float, days: int) -> np.ndarray:
    """One commune's values up to the last day of a window, the first of them on all days before."""
    return np.array([[values[0]] * (days - len(values)) + [float(value) for value in values]])
