"""/canh-bao: what was sent to whom and why, what waits and why, what failed; who coordinates says
"Đã nhận", once an alert, with a line of the audit.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Final

from flask import Flask, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from sqlalchemy import Engine

from dashboard import reference, text
from dashboard.accounts.roles import Account
from dashboard.alerts.channels import is_office_open, list_targets
from dashboard.reference import VIETNAM
from dashboard.settings import Settings
from dashboard.store import outbox
from dashboard.web import access
from dashboard.web.alerts.words import ShownAlert, list_alerts
from dashboard.web.documents.address import parse_day_param
from dashboard.web.documents.document import read_page_view
from dashboard.web.documents.forms import FormPage, render_form
from dashboard.web.words.alerts import CHANNEL_WORDS, SIGNAL_WORDS

PATH: Final = "/canh-bao"
CHANGE_LIMIT: Final = "60 per minute"
_DAYS_SHOWN = 31
_MOST_ROWS = 400


def register(server: Flask, settings: Settings, engine: Engine, limiter: Limiter) -> None:
    """Adds the page and its form to `server`."""

    @server.get(PATH, endpoint="show_alerts")
    def show_alerts() -> ResponseReturnValue:
        account = _require_account()
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
        account = _require_account()
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
        outbox.acknowledge_alert(engine, province, signal, day, _read_clock(), access.find_author())
        return redirect(url_for("show_alerts", province=province), 303)


def _require_account() -> Account:
    account = access.find_account()
    if account is None:
        abort(403)
    return account


def _read_clock() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _build_page(engine: Engine, settings: Settings, account: Account, province: str) -> FormPage:
    first = settings.today() - timedelta(days=_DAYS_SHOWN - 1)
    rows = outbox.fetch_alerts(engine, province, first, _MOST_ROWS)
    is_open = is_office_open(settings)
    alerts = list_alerts(rows, is_open=is_open, now=_read_clock())
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
