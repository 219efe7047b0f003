"""Việc cần quyết: each signal as a title and one line of reason that names the worst communes with their figures."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from dashboard import text
from dashboard.indicators.signal_input import WINDOW_DAYS
from dashboard.indicators.signal_rules import SILENT_AFTER_DAYS
from dashboard.indicators.signals import Signal
from dashboard.views.explain import amount

NAMED = 3  # as many communes as a line can name and still be read


def signal_lines(signals: tuple[Signal, ...], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """One entry a signal, most urgent first: code, severity, title, reason, communes (codes, worst first), since.

    `since` is the day on which the newest of them came in, so that a page can say what is new.
    """
    return [
        {
            "code": signal.code,
            "severity": signal.severity,
            "title": _TITLES[signal.code](signal),
            "reason": _named(signal, names),
            "communes": list(signal.communes),
            "since": str(max(signal.since)),
        }
        for signal in signals
    ]


def _of(signal: Signal) -> str:
    return f"{text.number(len(signal.communes))} xã"


def _expiring(signal: Signal) -> str:
    return f"{text.number(signal.value.sum())} chứng thư số ở {_of(signal)} hết hạn trong 30 ngày"


_TITLES: dict[str, Callable[[Signal], str]] = {
    "network_falling": lambda signal: f"Mạng chậm đi ở {_of(signal)}",
    "certificates_expiring": _expiring,
    "overdue_growing": lambda signal: f"Hồ sơ quá hạn tăng ba ngày liền ở {_of(signal)}",
    "silent": lambda signal: f"{_of(signal)} không báo cáo quá {SILENT_AFTER_DAYS} ngày",
    "contradicted": lambda signal: f"Kê khai xanh, kiểm tra thấy khác ở {_of(signal)}",
}


def _named(signal: Signal, names: Mapping[str, str]) -> str:
    """`Sơn Hà 12 Mbps (trước 85), Ba Tơ 9 Mbps và 4 xã nữa`."""
    shown = [f"{names[code]} {_FIGURES[signal.code](signal, place)}" for place, code in enumerate(signal.communes)]
    rest = len(shown) - NAMED
    return ", ".join(shown[:NAMED]) + (f" và {text.number(rest)} xã nữa" if rest > 0 else "")


def _speed(signal: Signal, place: int) -> str:
    before = signal.facts["before"][place]
    was = "" if math.isnan(before) else f" (trước {amount(before)})"
    return f"{amount(signal.value[place])} Mbps{was}"


def _certificates(signal: Signal, place: int) -> str:
    return f"{text.number(signal.value[place])}/{text.number(signal.facts['active'][place])}"


def _overdue(signal: Signal, place: int) -> str:
    return f"{text.number(signal.facts['before'][place])} lên {text.number(signal.value[place])}"


def _silence(signal: Signal, place: int) -> str:
    days = signal.value[place]
    return "(chưa báo cáo lần nào)" if math.isnan(days) else f"({text.number(days)} ngày)"


def _found(signal: Signal, place: int) -> str:
    return f"({text.number(signal.value[place])} tiêu chí)"


_FIGURES: dict[str, Callable[[Signal, int], str]] = {
    "network_falling": _speed,
    "certificates_expiring": _certificates,
    "overdue_growing": _overdue,
    "silent": _silence,
    "contradicted": _found,
}


def since_words(since: str, today: date) -> str:
    """How new a signal is: `mới hôm nay`, `từ 18/11/2026`; where it is as old as the window, only that is known."""
    day = pd.Timestamp(since).date()
    if (today - day).days >= WINDOW_DAYS - 1:
        return f"đã ít nhất {text.number(WINDOW_DAYS - 1)} ngày"
    return "mới hôm nay" if day == today else f"từ {text.day(day)}"
