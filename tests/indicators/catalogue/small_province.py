"""The small provinces that the catalogue's examples are computed from: all by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from dashboard.batch import COUNTS
from dashboard.indicators import levels
from dashboard.indicators.criteria import Criteria, Criterion, ReadinessRule, ThroughputRule
from dashboard.indicators.readiness import assessment
from dashboard.indicators.readiness.assessment import Readiness
from dashboard.indicators.readiness.history import History
from dashboard.indicators.throughput.counts import DossierCounts
from dashboard.indicators.throughput.source_selection import PeriodFigures, select_period_figures
from dashboard.reference import FIRST_DAY
from dashboard.workdays import WorkingDayCalendar

# A calendar without holidays: Monday to Friday are worked.
WEEKDAYS: Final = WorkingDayCalendar(frozenset(), frozenset())
DAY: Final = date(2026, 11, 13)  # a Friday
AUGUST: Final = {"first": date(2026, 8, 1), "last": date(2026, 8, 31)}
JULY: Final = {"first": date(2026, 7, 1), "last": date(2026, 7, 31)}
MINIMUM: Final = 30
_OURS: Final[dict[str, Any]] = {
    "stale_after_days": 30,
    "valid_from": FIRST_DAY,
    "why": "",
    "owner": "",
}
MEETING: Final = Criterion(
    "online_meeting",
    "Họp trực tuyến",
    "Online meetings",
    "supporting",
    "flag",
    "arrange",
    False,
    measure="online_meeting",
    **_OURS,
)
STABLE: Final = Criterion(
    "network_stable",
    "Đường truyền thông suốt",
    "Stable line",
    "network",
    "flag",
    "repair",
    True,
    measure="network_stable",
    red_below=1,
    **_OURS,
)
SPEED: Final = Criterion(
    "network_speed",
    "Tốc độ mạng",
    "Network speed",
    "network",
    "number",
    "repair",
    True,
    measure="network_mbps",
    unit="Mbps",
    green_from=50,
    red_below=20,
    **_OURS,
)
SIGNATURES: Final = Criterion(
    "signature_coverage",
    "Chữ ký số",
    "Digital signatures",
    "digital_signature",
    "ratio",
    "issue",
    True,
    part="signature_issued",
    whole="signature_needed",
    red_below=0.8,
    **_OURS,
)
SCANNERS: Final = Criterion(
    "scanner_coverage",
    "Máy scan",
    "Scanners",
    "devices",
    "ratio",
    "buy",
    False,
    part="scanner_available",
    whole="scanner_needed",
    red_below=0.5,
    **_OURS,
)
RULE: Final = ReadinessRule("essential", "all", 90, FIRST_DAY, "", "")
THROUGHPUT: Final = ThroughputRule(0.95, 0.8, MINIMUM, FIRST_DAY, "", "")
CRITERIA: Final = Criteria((SPEED, SIGNATURES, SCANNERS, MEETING), (RULE,), (THROUGHPUT,))
# Everything that these criteria ask for.
GOOD: Final = {
    "network_mbps": 80,
    "signature_issued": 20,
    "signature_needed": 20,
    "scanner_available": 2,
    "scanner_needed": 2,
    "online_meeting": 1,
}
Figures = dict[str, Any]
Reading = tuple[str, str, float, str, date]


def declare_green(commune: str, **changed: float) -> list[Reading]:
    """A full declaration of DAY that makes a commune green, but for what is `changed`."""
    return declare_only(commune, **{**GOOD, **changed})


def declare_only(commune: str, day: date = DAY, /, **values: float) -> list[Reading]:
    """A declaration of just these measures."""
    return [(commune, measure, value, "declared", day) for measure, value in values.items()]


def verify_only(commune: str, day: date = DAY, /, **values: float) -> list[Reading]:
    """What a visit found of just these measures."""
    return [(commune, measure, value, "verified", day) for measure, value in values.items()]


def build_history(readings: Iterable[Reading], codes: Sequence[str] = ("A",)) -> History:
    columns = ["commune_code", "measure", "value", "basis", "as_of"]
    frame = pd.DataFrame(list(readings), columns=columns)
    return History(frame.assign(as_of=pd.to_datetime(frame["as_of"])), codes)


def judge_communes(
    readings: Iterable[Reading], *criteria: Criterion, codes: Sequence[str] = ("A",)
) -> Readiness:
    """Communes judged on DAY by some of the criteria above, or all."""
    rules = Criteria(criteria or CRITERIA.criteria, (RULE,), (THROUGHPUT,))
    return assessment.assess_readiness(build_history(readings, codes), rules, DAY)


def name_level(level: int) -> str:
    return levels.LEVEL_NAMES[level]


def build_counts(rows: Iterable[dict[str, Any]], units: Sequence[str] = ("A",)) -> DossierCounts:
    """Rows of counts: `unit`, `kind`, `first`, `last`, and any of COUNTS and mean_days.

    Unless said otherwise they are of unit A, from a report, of the single day `first`.
    """
    defaults = {"unit": "A", "kind": "dossier_report"}
    full_rows = [{**defaults, "last": row["first"], **row} for row in rows]
    frame = pd.DataFrame(full_rows).rename(columns={"first": "period_from", "last": "period_to"})
    figures = [*COUNTS, "mean_days"]
    frame = frame.reindex(columns=["unit", "kind", "period_from", "period_to", *figures])
    for end in ("period_from", "period_to"):
        frame[end] = pd.to_datetime(frame[end]).astype("datetime64[s]")
    return DossierCounts(frame.astype(dict.fromkeys(figures, "float64")), units)


def resolve_period(
    rows: Iterable[dict[str, Any]], units: Sequence[str] = ("A",), **period: date
) -> PeriodFigures:
    """What the best source tells of a period, of August unless said otherwise."""
    days = {**AUGUST, **period}
    figures = select_period_figures(
        build_counts(rows, units), days["first"], days["last"], WEEKDAYS
    )
    assert figures is not None, "an example tells something of its period"
    return figures


def build_dossier_groups(rows: Iterable[dict[str, Any]], *day_columns: str) -> pd.DataFrame:
    """Groups of alike dossiers of unit A; NaT where a row does not tell one of `day_columns`."""
    defaults = {"unit": "A", "state_group": "open", "dossiers": 1}
    frame = pd.DataFrame([{**defaults, **row} for row in rows])
    for column in day_columns:
        frame[column] = pd.to_datetime(frame[column]).astype("datetime64[s]")
    return frame


def fill_window(*values: float, days: int) -> np.ndarray:
    """One commune's values up to the last day of a window, the first of them on all days before."""
    earlier = [values[0]] * (days - len(values))
    return np.array([earlier + [float(value) for value in values]])


def make_plain(value: Any) -> Any:
    """A computed value as one writes it by hand: no numpy types, None where nothing is known."""
    plain_value = value.item() if isinstance(value, np.generic) else value
    is_missing = isinstance(plain_value, float) and np.isnan(plain_value)
    return None if is_missing else plain_value
