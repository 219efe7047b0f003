"""Worked examples of signals and of what is known at all, computed by the indicators."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd

from dashboard.indicators.freshness import freshness, quality
from dashboard.indicators.signals import signals
from dashboard.indicators.signals.rules import WINDOW_DAYS, SignalInput
from tests.indicators.catalogue import small_province
from tests.indicators.catalogue.small_province import Figures, declare_only

_DAYS: Final = np.arange(
    np.datetime64(small_province.DAY) - WINDOW_DAYS + 1, np.datetime64(small_province.DAY) + 1
)
# A commune that nothing is wrong with.
_QUIET: Final = {
    "speed": [100.0],
    "probed": [np.nan],
    "open_overdue": [np.nan],
    "report_age": [1.0],
    "contradicted": [0.0],
}


def find_signals(
    certificates: tuple[int, int] | None = None, **changed: list[float]
) -> dict[str, signals.Signal]:
    """The signals, by code, of a quiet commune but for what is `changed`.

    `certificates`: active ones and those that end within 30 days, as of today.
    """
    series = {**_QUIET, **changed}
    windows = {name: small_province.fill_window(*series[name], days=WINDOW_DAYS) for name in series}
    counted = pd.DataFrame(
        [("A", pd.Timestamp(small_province.DAY), *certificates)] if certificates else [],
        columns=["commune_code", "as_of", "active", "expiring_30"],
    )
    signal_input = SignalInput(
        ("A",),
        _DAYS,
        small_province.WEEKDAYS.is_working(_DAYS),
        red_below=np.full(WINDOW_DAYS, 20.0),
        certificates=counted.assign(as_of=pd.to_datetime(counted["as_of"])),
        first_day=date(2025, 7, 1),
        contradicted_criteria={},
        **windows,
    )
    return {signal.code: signal for signal in signals.find_signals(signal_input)}


def compute_network() -> Figures:
    """A line of 100 Mbps that fell to 70 four days ago, and one that came back to 85."""
    signal = find_signals(speed=[100.0, 70.0, 70.0, 70.0, 70.0])["network_falling"]
    return {
        "now": signal.value[0],
        "before": signal.facts["before"][0],
        "since": signal.since[0].item(),
        "back": len(find_signals(speed=[100.0, 70.0, 70.0, 85.0])),
    }


def compute_certificates() -> Figures:
    """Two of 40 certificates, one of 40, one of 8."""
    return {
        "two_of_40": find_signals((40, 2))["certificates_expiring"].value[0],
        "one_of_40": len(find_signals((40, 1))),
        "one_of_8": len(find_signals((8, 1))),
    }


def compute_overdue() -> Figures:
    """Tuesday to Friday 3, 4, 5, 6 overdue; and 3, 4, 4, 6."""
    signal = find_signals(open_overdue=[3.0, 4.0, 5.0, 6.0])["overdue_growing"]
    return {
        "now": signal.value[0],
        "before": signal.facts["before"][0],
        "broken": len(find_signals(open_overdue=[3.0, 4.0, 4.0, 6.0])),
    }


def compute_silent() -> Figures:
    """Reports of 31 days ago, of 30, and one of 8 days ago after a longer silence."""
    after_silence = [31.0, 32.0, 33.0, 34.0, 35.0, 8.0]
    return {
        "days": find_signals(report_age=[31.0])["silent"].value[0],
        "at_limit": len(find_signals(report_age=[30.0])),
        "after": len(find_signals(report_age=after_silence)),
    }


def compute_contradicted() -> Figures:
    """Two criteria that are declared green and were found otherwise; then a recheck agrees."""
    return {
        "criteria": find_signals(contradicted=[0.0, 2.0])["contradicted"].value[0],
        "after": len(find_signals(contradicted=[0.0, 2.0, 0.0])),
    }


def build_declarations(**days_ago: int) -> pd.DataFrame:
    """A declaration of each commune, so many days before the day looked at."""
    rows = [
        ("readiness", code, small_province.DAY - timedelta(days=days))
        for code, days in days_ago.items()
    ]
    frame = pd.DataFrame(rows, columns=["kind", "commune_code", "as_of"])
    return frame.assign(as_of=pd.to_datetime(frame["as_of"]).astype("datetime64[s]"))


def compute_freshness() -> Figures:
    """A weekly declaration of 7, 8 and 22 days ago, and none."""
    declarations = build_declarations(A=7, B=8, C=22)
    ages = freshness.assess_freshness(
        declarations, tuple("ABCD"), {"readiness": 7}, small_province.DAY, small_province.WEEKDAYS
    )
    states = [freshness.FRESHNESS_NAMES[state] for state in ages.state[:, 0]]
    return dict(zip(ages.codes, states, strict=True))


def compute_punctuality() -> Figures:
    """Four weeks, of which A told three and B, once, one."""
    declarations = pd.concat(
        [build_declarations(A=28, B=28), build_declarations(A=20), build_declarations(A=12)]
    )
    slots = freshness.measure_on_time_reporting(
        declarations, ("A", "B", "C"), 7, small_province.DAY, small_province.WEEKDAYS
    )
    return {
        "reported": slots.at["A", "told"],
        "slots": slots.at["A", "slots"],
        "share": slots.at["A", "share"],
        "B": slots.at["B", "share"],
        "C": slots.at["C", "share"],
    }


def compute_completeness() -> Figures:
    """Speeds of four communes: two in date, one stale, one never told."""
    readings = declare_only("A", network_mbps=80) + declare_only("B", network_mbps=10)
    readings += declare_only("C", small_province.DAY - timedelta(days=31), network_mbps=80)
    readiness = small_province.judge_communes(
        readings, small_province.SPEED, codes=("A", "B", "C", "D")
    )
    by_criterion = {"network_speed": readiness.assessments[0].level[:, 0]}
    return dict(quality.count_completeness(by_criterion).loc["network_speed"])


def compute_unmatched() -> Figures:
    """Three refused rows of a file and a warning."""
    rows = [
        ("refused", 'không có trong danh mục: "Xã X"'),
        ("refused", 'không có trong danh mục: "Xã Y"'),
        ("refused", "mã và tên mâu thuẫn"),
        ("warning", "thiếu cột"),
    ]
    problems = pd.DataFrame(rows, columns=["severity", "message"])
    problems = problems.assign(batch=1, file_name="ke_khai.xlsx")
    return dict(quality.count_unmatched_rows(problems).set_index("why")["rows"])


def compute_reading_jumps() -> Figures:
    """A speed of 90 after 900, scanners 0 after 3, computers needed 7 after 6."""
    before = small_province.DAY - timedelta(days=7)
    readings = declare_only("A", before, network_mbps=900, scanner_available=3, computer_needed=6)
    readings += declare_only("A", network_mbps=90, scanner_available=0, computer_needed=7)
    history = small_province.build_history(readings)
    reasons = quality.find_reading_jumps(history, small_province.DAY, small_province.DAY).set_index(
        "measure"
    )["why"]
    return {
        "speed": reasons["network_mbps"],
        "scanners": reasons["scanner_available"],
        "jumps": len(reasons),
    }


def find_count_jumps(last_day: float) -> pd.DataFrame:
    """Five dossiers on each of 28 days, then `last_day`."""
    days = pd.date_range(end=pd.Timestamp(small_province.DAY), periods=29)
    received = [5.0] * 28 + [last_day]
    daily = pd.DataFrame({"commune_code": "A", "day": days, "received": received})
    return quality.find_count_jumps(daily, small_province.DAY)


def compute_count_jumps() -> Figures:
    many = find_count_jumps(40.0)
    return {
        "after": many.at[0, "after"],
        "before": many.at[0, "before"],
        "why": many.at[0, "why"],
        "fewer": len(find_count_jumps(34.0)),
    }


EXAMPLES: Final[Mapping[str, Callable[[], Figures]]] = {
    "network_falling": compute_network,
    "certificates_expiring": compute_certificates,
    "overdue_growing": compute_overdue,
    "silent": compute_silent,
    "contradicted": compute_contradicted,
    "freshness": compute_freshness,
    "on_time_reporting": compute_punctuality,
    "completeness": compute_completeness,
    "unmatched": compute_unmatched,
    "reading_jumps": compute_reading_jumps,
    "count_jumps": compute_count_jumps,
}
