"""Worked examples of signals and of what is known at all, computed by the indicators themselves."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pandas as pd

from dashboard.indicators import coverage, freshness, jumps, signals
from dashboard.indicators.catalogue import small_province as small
from dashboard.indicators.signal_input import WINDOW_DAYS, SignalInput

Found = dict[str, Any]
_DAYS: Final = np.arange(np.datetime64(small.DAY) - WINDOW_DAYS + 1, np.datetime64(small.DAY) + 1)


def _watched(certificates: tuple[int, int] | None = None, **rows: list[float]) -> SignalInput:
    """A quiet commune but for `rows`; `certificates`: active ones and those that end within 30 days, told today."""
    quiet = {"speed": [100.0], "probed": [np.nan], "open_overdue": [np.nan], "report_age": [1.0], "contradicted": [0.0]}
    told = {name: small.per_day(*values, days=WINDOW_DAYS) for name, values in {**quiet, **rows}.items()}
    counted = pd.DataFrame(
        [("A", pd.Timestamp(small.DAY), *certificates)] if certificates else [],
        columns=["commune_code", "as_of", "active", "expiring_30"],
    )
    return SignalInput(
        ("A",), _DAYS, small.WEEKDAYS.is_working(_DAYS), red_below=np.full(WINDOW_DAYS, 20.0),
        certificates=counted.assign(as_of=pd.to_datetime(counted["as_of"])), first_day=date(2025, 7, 1), **told,
    )  # fmt: skip


def _lines(seen: SignalInput) -> dict[str, signals.Signal]:
    return {line.code: line for line in signals.signals(seen)}


def network() -> Found:
    """A line of 100 Mbps that fell to 70 four days ago, and one that came back to 85."""
    line = _lines(_watched(speed=[100.0, 70.0, 70.0, 70.0, 70.0]))["network_falling"]
    back = _lines(_watched(speed=[100.0, 70.0, 70.0, 85.0]))
    return {"now": line.value[0], "before": line.facts["before"][0], "since": line.since[0].item(), "back": len(back)}


def certificates() -> Found:
    """Two of 40 certificates, one of 40, one of 8."""
    two = _lines(_watched((40, 2)))["certificates_expiring"]
    return {"two_of_40": two.value[0], "one_of_40": len(_lines(_watched((40, 1)))),
            "one_of_8": len(_lines(_watched((8, 1))))}  # fmt: skip


def overdue() -> Found:
    """Tuesday to Friday 3, 4, 5, 6 overdue; and 3, 4, 4, 6."""
    line = _lines(_watched(open_overdue=[3.0, 4.0, 5.0, 6.0]))["overdue_growing"]
    return {"now": line.value[0], "before": line.facts["before"][0],
            "broken": len(_lines(_watched(open_overdue=[3.0, 4.0, 4.0, 6.0])))}  # fmt: skip


def silent() -> Found:
    """Reports of 31 days ago, of 30, and one of 8 days ago after a longer silence."""
    line = _lines(_watched(report_age=[31.0]))["silent"]
    again = [float(31 + back) for back in range(5)] + [8.0]
    return {"days": line.value[0], "at_limit": len(_lines(_watched(report_age=[30.0]))),
            "after": len(_lines(_watched(report_age=again)))}  # fmt: skip


def contradicted() -> Found:
    """Two criteria that are declared green and were found otherwise; then a recheck agrees."""
    line = _lines(_watched(contradicted=[0.0, 2.0]))["contradicted"]
    return {"criteria": line.value[0], "after": len(_lines(_watched(contradicted=[0.0, 2.0, 0.0])))}


def _told(**newest: int) -> pd.DataFrame:
    """Last told so many days before the day looked at, per commune."""
    rows = [("readiness", code, small.DAY - timedelta(days=days)) for code, days in newest.items()]
    frame = pd.DataFrame(rows, columns=["kind", "commune_code", "as_of"])
    return frame.assign(as_of=pd.to_datetime(frame["as_of"]).astype("datetime64[s]"))


def fresh() -> Found:
    """A weekly declaration of 7, 8 and 22 days ago, and none."""
    found = freshness.freshness(_told(A=7, B=8, C=22), tuple("ABCD"), {"readiness": 7}, small.DAY, small.WEEKDAYS)
    return {code: freshness.NAMES[state] for code, state in zip(found.codes, found.state[:, 0], strict=True)}


def punctual() -> Found:
    """Four weeks, of which A told three and B, once, one."""
    told = pd.concat([_told(A=28, B=28), _told(A=20), _told(A=12)])
    found = freshness.on_time_reporting(told, ("A", "B", "C"), 7, small.DAY, small.WEEKDAYS)
    return {"told": found.at["A", "told"], "slots": found.at["A", "slots"], "share": found.at["A", "share"],
            "B": found.at["B", "share"], "C": found.at["C", "share"]}  # fmt: skip


def complete() -> Found:
    """Speeds of four communes: two in date, one stale, one never told."""
    rows = small.only("A", network_mbps=80) + small.only("B", network_mbps=10)
    rows += small.only("C", small.DAY - timedelta(days=31), network_mbps=80)
    level = small.judged(rows, small.SPEED, codes=("A", "B", "C", "D")).judged[0].level[:, 0]
    return dict(coverage.completeness({"network_speed": level}).loc["network_speed"])


def unmatched() -> Found:
    """Three refused rows of a file and a warning."""
    rows = [("refused", 'không có trong danh mục: "Xã X"'), ("refused", 'không có trong danh mục: "Xã Y"'),
            ("refused", "mã và tên mâu thuẫn"), ("warning", "thiếu cột")]  # fmt: skip
    problems = pd.DataFrame(rows, columns=["severity", "message"]).assign(batch=1, file_name="ke_khai.xlsx")
    return dict(coverage.unmatched(problems).set_index("why")["rows"])


def reading_jumps() -> Found:
    """A speed of 90 after 900, scanners 0 after 3, computers needed 7 after 6."""
    before, now = small.DAY - timedelta(days=7), small.DAY
    rows = small.only("A", before, network_mbps=900, scanner_available=3, computer_needed=6)
    rows += small.only("A", now, network_mbps=90, scanner_available=0, computer_needed=7)
    found = jumps.reading_jumps(small.history(rows), now, now).set_index("measure")["why"]
    return {"speed": found["network_mbps"], "scanners": found["scanner_available"], "jumps": len(found)}


def count_jumps() -> Found:
    """Five dossiers on each of 28 days, then 40; and then 34."""
    found = {}
    for name, last in (("many", 40.0), ("fewer", 34.0)):
        days = pd.date_range(end=pd.Timestamp(small.DAY), periods=29)
        daily = pd.DataFrame({"commune_code": "A", "day": days, "received": [5.0] * 28 + [last]})
        found[name] = jumps.count_jumps(daily, small.DAY)
    return {"after": found["many"].at[0, "after"], "before": found["many"].at[0, "before"],
            "why": found["many"].at[0, "why"], "fewer": len(found["fewer"])}  # fmt: skip
