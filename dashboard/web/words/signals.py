"""Nội dung cần chỉ đạo: each signal as a title and one line of reason that names the worst
communes with their figures.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from dashboard import text
from dashboard.indicators.signals.rules import SILENT_AFTER_DAYS, WINDOW_DAYS
from dashboard.indicators.signals.signals import FOLLOW_UPS_OVERDUE, SUPPORT_INCIDENTS, Signal
from dashboard.web.words.explain import format_amount

NAMED_PER_SIGNAL = 3  # as many communes as a line can name and still be read
# A list of a third of the province is no decision: what all have in common is, or the worst few.
PROVINCE_WIDE_SHARE = 1 / 3
NAMED_OF_PROVINCE = 5
COMMON_DAY_SHARE = 1 / 2


def list_signal_lines(
    signals: tuple[Signal, ...], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """One entry a signal, most urgent first: code, severity, title, reason, communes (codes, worst
    first), since.

    `since` is the day on which it began: that of the commune for which it holds longest, so that no
    line says "từ 15/10" of a commune that has been silent for 278 days. One that holds in a third
    of all communes (`names`) is told as the province's: what they have in common, and the worst
    five.
    """
    return [
        {
            "code": signal.code,
            "severity": signal.severity,
            "title": _tell_title(signal, names),
            "reason": _tell_reason(signal, names),
            "communes": list(signal.communes),
            "since": str(min(signal.since)),
        }
        for signal in signals
    ]


def _is_province_wide(signal: Signal, names: Mapping[str, str]) -> bool:
    communes = len(signal.communes)
    return communes > NAMED_OF_PROVINCE and communes >= PROVINCE_WIDE_SHARE * len(names)


def _tell_title(signal: Signal, names: Mapping[str, str]) -> str:
    """`Hồ sơ quá hạn tăng 3 ngày liên tiếp tại 12 đơn vị`; of a third of the province how many of
    all: `tại 40/96 đơn vị, tình trạng chung của tỉnh`.
    """
    if signal.code == FOLLOW_UPS_OVERDUE:
        promises = text.format_number(signal.value.sum())
        return f"{promises} việc hứa quá hạn tại {text.format_number(len(signal.communes))} đơn vị"
    if signal.code == SUPPORT_INCIDENTS:
        communes = text.format_number(len(signal.communes))
        faults = len(_count_by_fault(signal))
        return f"{text.format_number(faults)} sự cố chung tại {communes} đơn vị"
    title = _SIGNAL_TITLES[signal.code]
    if not _is_province_wide(signal, names):
        return title(signal, f"{text.format_number(len(signal.communes))} đơn vị")
    count = f"{text.format_part(len(signal.communes), len(names))} đơn vị"
    return f"{title(signal, count)}, tình trạng chung của tỉnh"


def _tell_reason(signal: Signal, names: Mapping[str, str]) -> str:
    if signal.code == FOLLOW_UPS_OVERDUE:
        return _tell_offices(signal)
    if signal.code == SUPPORT_INCIDENTS:
        return _tell_faults(signal)
    if not _is_province_wide(signal, names):
        return _name_worst_communes(signal, names, NAMED_PER_SIGNAL)
    return _tell_common_cause(signal) + _name_worst_communes(signal, names, NAMED_OF_PROVINCE)


def _tell_offices(signal: Signal) -> str:
    """`Sở Tài chính (8), VNPT Quảng Ngãi (5) và 2 cơ quan nữa`: who owes the promises."""
    counts = {office: int(of_communes.sum()) for office, of_communes in signal.facts.items()}
    offices = sorted(counts, key=lambda office: (-counts[office], office))
    words = [f"{office} ({text.format_number(counts[office])})" for office in offices]
    rest_words = text.format_rest(len(words) - NAMED_PER_SIGNAL, "cơ quan")
    return ", ".join(words[:NAMED_PER_SIGNAL]) + rest_words


def _count_by_fault(signal: Signal) -> dict[str, int]:
    """How many of the signal's communes report each fault; of an area not every fault is."""
    counts = {subject: int(flags.sum()) for subject, flags in signal.facts.items()}
    return {subject: count for subject, count in counts.items() if count}


def _tell_faults(signal: Signal) -> str:
    """`Hệ thống một cửa điện tử (5 đơn vị) và 1 sự cố nữa`: what many report, the most first."""
    counts = _count_by_fault(signal)
    subjects = sorted(counts, key=lambda subject: (-counts[subject], subject))
    words = [f"{subject} ({text.format_number(counts[subject])} đơn vị)" for subject in subjects]
    rest_words = text.format_rest(len(words) - NAMED_PER_SIGNAL, "sự cố")
    return ", ".join(words[:NAMED_PER_SIGNAL]) + rest_words


def _tell_common_cause(signal: Signal) -> str:
    """`40 đơn vị cùng từ 13/11/2026, nên tìm một nguyên nhân chung; nặng nhất: `; what is older
    than the rules remember began on no day that they know.
    """
    days, counts = np.unique(signal.since, return_counts=True)
    most = int(counts.argmax())
    if counts[most] >= COMMON_DAY_SHARE * len(signal.since) and days[most] != signal.window_begin:
        day = text.format_day(pd.Timestamp(days[most]).date())
        together = text.format_number(int(counts[most]))
        return f"{together} đơn vị cùng từ {day}, nên tìm một nguyên nhân chung; nặng nhất: "
    return "không cùng một ngày, nên xem từng đơn vị; nặng nhất: "


def _title_expiring(signal: Signal, count: str) -> str:
    certificates = text.format_number(signal.value.sum())
    return f"{certificates} chứng thư số tại {count} hết hạn trong 30 ngày"


_SIGNAL_TITLES: dict[str, Callable[[Signal, str], str]] = {
    "network_falling": lambda _signal, count: f"Tốc độ mạng giảm mạnh tại {count}",
    "certificates_expiring": _title_expiring,
    "overdue_growing": lambda _signal, count: f"Hồ sơ quá hạn tăng 3 ngày liên tiếp tại {count}",
    "silent": lambda _signal, count: f"{count} không báo cáo quá {SILENT_AFTER_DAYS} ngày",
    "contradicted": lambda _signal, count: f"Tự kê khai đạt, kiểm tra không đạt tại {count}",
}


def _name_worst_communes(signal: Signal, names: Mapping[str, str], most: int) -> str:
    """`Sơn Hà còn 12 Mbps (trước 85), Ba Tơ còn 9 Mbps và 4 đơn vị nữa`."""
    named_communes = [
        f"{names[code]} {_SIGNAL_FIGURES[signal.code](signal, position)}"
        for position, code in enumerate(signal.communes)
    ]
    rest_words = text.format_rest(len(named_communes) - most, "đơn vị")
    return ", ".join(named_communes[:most]) + rest_words


def _format_speed(signal: Signal, position: int) -> str:
    before = signal.facts["before"][position]
    before_words = "" if math.isnan(before) else f" (trước {format_amount(before)})"
    return f"còn {format_amount(signal.value[position])} Mbps{before_words}"


def _format_certificates(signal: Signal, position: int) -> str:
    return f"{text.format_part(signal.value[position], signal.facts['active'][position])}"


def _format_overdue(signal: Signal, position: int) -> str:
    before = text.format_number(signal.facts["before"][position])
    return f"từ {before} lên {text.format_number(signal.value[position])}"


def _format_silence(signal: Signal, position: int) -> str:
    days = signal.value[position]
    return "(chưa báo cáo lần nào)" if math.isnan(days) else f"({text.format_number(days)} ngày)"


def _format_contradictions(signal: Signal, position: int) -> str:
    criteria = [
        text.lower_first_letter(name) for name, flags in signal.facts.items() if flags[position]
    ]
    return f"({', '.join(criteria)})"


_SIGNAL_FIGURES: dict[str, Callable[[Signal, int], str]] = {
    "network_falling": _format_speed,
    "certificates_expiring": _format_certificates,
    "overdue_growing": _format_overdue,
    "silent": _format_silence,
    "contradicted": _format_contradictions,
}


def tell_signal_age(since: str, today: date) -> str:
    """How new a signal is: `mới hôm nay`, `từ 18/11/2026`; where it is as old as the window, only
    that is known.
    """
    day = pd.Timestamp(since).date()
    if (today - day).days >= WINDOW_DAYS - 1:
        return f"đã ít nhất {text.format_number(WINDOW_DAYS - 1)} ngày"
    return "mới hôm nay" if day == today else f"từ {text.format_day(day)}"
