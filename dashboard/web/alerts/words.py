"""What became of each alert in words: to whom it went, why it waits, why it was not sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

from dashboard import text
from dashboard.reference import VIETNAM
from dashboard.store.outbox import AlertState
from dashboard.web.words.alerts import CHANNEL_WORDS

# What somebody should look after stands out.
_TROUBLE = frozenset({AlertState.UNCLEAR, AlertState.FAILED})


@dataclass(frozen=True)
class AlertDelivery:
    """One channel of an alert: its name, what became of it, and whether somebody should look."""

    channel: str
    words: str
    is_trouble: bool


@dataclass(frozen=True)
class ShownAlert:
    """A signal of a day as it was told, by all its channels, and who acknowledged it and when (""
    where nobody did).
    """

    signal: str
    day: date
    title: str
    reason: str
    since: str
    source: str
    notice: str
    deliveries: tuple[AlertDelivery, ...]
    acknowledged: str


def list_alerts(
    rows: Sequence[Mapping[str, Any]], *, is_open: bool, now: datetime
) -> list[ShownAlert]:
    """Alerts, newest day first, most urgent first. `rows`: those of the store in that order;
    `is_open`: whether the office works now; `now`: UTC, as the store keeps moments.
    """
    alerts = []
    by_signal = sorted(rows, key=lambda row: (-row["day"].toordinal(), row["severity"]))
    for (day, signal), group in groupby(by_signal, key=lambda row: (row["day"], row["signal"])):
        of_channels = sorted(group, key=lambda row: str(row["channel"]))
        first = of_channels[0]
        acknowledged = next((row for row in of_channels if row["acknowledged_at"]), None)
        alerts.append(
            ShownAlert(
                signal,
                day,
                first["title"],
                first["reason"],
                _tell_since(first["since"], day),
                first["source"],
                first["notice"],
                tuple(_describe_delivery(row, is_open=is_open, now=now) for row in of_channels),
                _tell_acknowledged(acknowledged) if acknowledged else "",
            )
        )
    return alerts


def _tell_since(since: date, day: date) -> str:
    return "mới trong ngày" if since >= day else f"từ {text.format_day(since)}"


def _tell_acknowledged(row: Mapping[str, Any]) -> str:
    return f"{row['acknowledged_by']}, {_format_moment(row['acknowledged_at'])}"


def _describe_delivery(row: Mapping[str, Any], *, is_open: bool, now: datetime) -> AlertDelivery:
    state = AlertState(row["state"])
    is_failing = state is AlertState.WAITING and row["attempts"] > 0
    return AlertDelivery(
        text.upper_first_letter(CHANNEL_WORDS.get(row["channel"], row["channel"])),
        _tell_state(row, state, is_open=is_open, now=now),
        state in _TROUBLE or is_failing,
    )


def _tell_state(row: Mapping[str, Any], state: AlertState, *, is_open: bool, now: datetime) -> str:
    attempts = text.format_number(row["attempts"])
    if state is AlertState.SENT:
        note = f"; {row['fault']}" if row["fault"] else ""
        return f"đã gửi lúc {_format_moment(row['sent_at'])} tới {row['recipients']}{note}"
    if state is AlertState.SENDING:
        return f"đang gửi tới {row['recipients']}"
    if state is AlertState.UNCLEAR:
        return (
            f"không rõ đã gửi tới {row['recipients']}: chương trình dừng giữa chừng lúc "
            f"{_format_moment(row['claimed_at'])}; không tự gửi lại"
        )
    if state is AlertState.FAILED:
        return f"không gửi được sau {attempts} lần: {row['fault']}"
    if state is AlertState.OVER:
        return "không gửi: tình trạng đã hết hoặc đã có tin của ngày sau"
    if not row["attempts"]:
        return "chờ lượt gửi" if is_open else "chờ giờ làm việc"
    is_paused = bool(row["next_at"] and row["next_at"] > now)
    again = f"thử lại sau {_format_moment(row['next_at'])}" if is_paused else "chờ lượt thử lại"
    if not is_open:
        again = "thử lại trong giờ làm việc"
    return f"chưa gửi được, đã thử {attempts} lần: {row['fault']}; {again}"


def _format_moment(moment: datetime) -> str:
    """`08:02 23/11/2026` of a moment of the store (UTC)."""
    return text.format_moment(moment.replace(tzinfo=UTC).astimezone(VIETNAM))
