"""/canh-bao: what was sent to whom and why, what waits and why, what failed; who coordinates says
"Đã nhận", once an alert, with a line of the audit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any, Final

from flask import Flask, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from sqlalchemy import Engine

from dashboard import reference, text
from dashboard.accounts.roles import Account
from dashboard.alerts import is_office_open, list_targets
from dashboard.reference import VIETNAM
from dashboard.settings import Settings
from dashboard.store import outbox
from dashboard.store.clock import read_clock
from dashboard.store.outbox import AlertState
from dashboard.web import access
from dashboard.web.documents.address import parse_day_param
from dashboard.web.documents.document import read_page_view
from dashboard.web.documents.forms import FormPage, render_form
from dashboard.web.words.alerts import CHANNEL_WORDS, SIGNAL_WORDS

PATH: Final = "/canh-bao"
CHANGE_LIMIT: Final = "60 per minute"
_DAYS_SHOWN = 31
_MOST_ROWS = 400
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


def register(server: Flask, settings: Settings, engine: Engine, limiter: Limiter) -> None:
    """Adds the page and its form to `server`."""

    @server.get(PATH, endpoint="show_alerts")
    def show_alerts() -> ResponseReturnValue:
        account = access.require_account()
        province = read_page_view(settings).province
        if not account.reaches_province(province):
            if "province" in request.args:
                abort(403)
            # Nobody asked for another province: the settings' own is just not theirs.
            return redirect(url_for("show_alerts", province=min(account.provinces)))
        return render_form(_build_page(engine, settings, account, province))

    @server.post(f"{PATH}/da-nhan", endpoint="acknowledge_alert")
    @limiter.limit(CHANGE_LIMIT)
    def acknowledge_alert() -> ResponseReturnValue:
        account = access.require_account()
        province = request.form.get("province", "")
        signal = request.form.get("signal", "")
        day = parse_day_param(request.form.get("day", ""), settings.today())
        if province not in reference.load_province_names() or signal not in SIGNAL_WORDS:
            abort(400)
        if day is None:
            abort(400)
        if not account.reaches_province(province):
            abort(403)
        # One that somebody else acknowledged a moment ago is as good: the page says who.
        outbox.acknowledge_alert(engine, province, signal, day, read_clock(), access.find_author())
        return redirect(url_for("show_alerts", province=province), 303)


def _build_page(engine: Engine, settings: Settings, account: Account, province: str) -> FormPage:
    first = settings.today() - timedelta(days=_DAYS_SHOWN - 1)
    rows = outbox.fetch_alerts(engine, province, first, _MOST_ROWS)
    is_open = is_office_open(settings)
    alerts = list_alerts(rows, is_open=is_open, now=read_clock())
    names = reference.load_province_names()
    context = {
        "province": province,
        "province_name": names[province],
        "provinces": {code: name for code, name in names.items() if account.reaches_province(code)},
        "channels": [
            (text.upper_first_letter(CHANNEL_WORDS[target.channel]), target.recipients)
            for target, _ in list_targets(settings)
            if target.province == province
        ],
        "hours": settings.alert_hours,
        "is_open": is_open,
        "now": text.format_moment(settings.now().astimezone(VIETNAM)),
        "first": first,
        "days": _group_by_day(alerts),
        "open_count": sum(not alert.acknowledged for alert in alerts),
        "alert_count": len(alerts),
    }
    return FormPage("alerts/page.html", "alerts", context)


def _group_by_day(alerts: Iterable[ShownAlert]) -> dict[date, list[ShownAlert]]:
    days: dict[date, list[ShownAlert]] = {}
    for alert in alerts:
        days.setdefault(alert.day, []).append(alert)
    return days
