"""The last days of a province as the rules of signals want them: communes x days, each day by its own rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby

import numpy as np

from dashboard.indicators import readiness
from dashboard.indicators.criteria import Criteria
from dashboard.indicators.levels import Numbers
from dashboard.indicators.signal_input import WINDOW_DAYS, SignalInput
from dashboard.indicators.snapshot import Snapshot

SPEED, PROBED = "network_mbps", "network_mbps_probed"


def signal_input(snapshot: Snapshot, criteria: Criteria, today: date) -> SignalInput:
    """What the rules of signals look at on `today`."""
    window = [today - timedelta(days=back) for back in range(WINDOW_DAYS - 1, -1, -1)]
    days = np.array(window, dtype="datetime64[D]")
    speed, red_below, contradicted = _judged(snapshot, criteria, window)
    probed = snapshot.known.history.last(PROBED, "verified", days)
    told = snapshot.known.history.reported_days
    return SignalInput(
        snapshot.codes,
        days,
        snapshot.calendar.is_working(days),
        speed,
        red_below,
        np.where(probed.age == 0, probed.value, np.nan),
        snapshot.known.certificates,
        snapshot.known.counts.evenings("open_overdue", days),
        snapshot.known.history.newest(days),
        contradicted,
        told[0].item() if len(told) else None,
    )


def _judged(snapshot: Snapshot, criteria: Criteria, window: Sequence[date]) -> tuple[Numbers, Numbers, Numbers]:
    """Speed that counts, its limit, and how many criteria a visit found worse than the green that is declared."""
    speeds, limits, contradictions = [], [], []
    for in_force, together in groupby(window, key=criteria.in_force):
        span = np.array(list(together), dtype="datetime64[D]")
        seen = readiness.judge_days(snapshot.known.history, in_force, span)
        empty = np.full((len(snapshot.codes), len(span)), np.nan)
        speed = next((one for one in seen.judged if one.criterion.measure == SPEED), None)
        speeds.append(empty if speed is None else speed.value)
        limits.append(np.full(len(span), np.nan if speed is None else speed.criterion.red_below))
        worse = [one.contradicted & (one.declared >= one.criterion.green_from) for one in seen.judged]
        contradictions.append(np.add.reduce(worse, dtype=np.float64) if worse else np.zeros_like(empty))
    return (np.concatenate(speeds, axis=1), np.concatenate(limits), np.concatenate(contradictions, axis=1))
