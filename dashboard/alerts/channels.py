"""How a digest leaves: by SMTP to offices' mailboxes, or as a signed call of a webhook.

What went wrong is told in words of ours: neither what a server answered nor an address with its
secrets stands in the store, on a page or in a log.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import smtplib
import ssl
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from dashboard.alert_settings import ProvinceTarget
from dashboard.alerts.digest import build_mail, build_webhook_body
from dashboard.errors import DashboardError
from dashboard.messages import write_message
from dashboard.settings import Settings
from dashboard.store.outbox import AlertTarget, ClaimedDigest
from dashboard.workdays import load_calendar

MAIL: Final = "mail"
WEBHOOK: Final = "webhook"
_MAIL_SECONDS = 30
_WEBHOOK_SECONDS = (5, 15)  # to be reached, to answer


class DeliveryFailed(DashboardError):
    """The digest was not taken; why, in words for who looks after the channel."""


def list_targets(settings: Settings) -> list[tuple[AlertTarget, ProvinceTarget]]:
    """Every configured channel of a province, as the page may show it and as it is."""
    mails = [
        (AlertTarget(target.province, MAIL, ", ".join(target.addresses)), target)
        for target in settings.mail_recipients
    ]
    # The path may hold a bridge's own secret: only its server is ever shown.
    webhooks = [
        (AlertTarget(target.province, WEBHOOK, urlsplit(target.addresses[0]).netloc), target)
        for target in settings.webhook_urls
    ]
    return mails + webhooks


def is_office_open(settings: Settings) -> bool:
    """Whether the office works at this moment of Vietnam."""
    hours = settings.alert_hours
    return load_calendar().is_office_time(settings.now(), hours.begin, hours.end)


def sign_webhook(key: bytes, digest_id: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the HMAC-SHA256 over id, timestamp and body with dots between, in base64: as
    Standard Webhooks has it, so that a receiver finds a library for it.
    """
    signed = b".".join([digest_id.encode(), str(timestamp).encode(), body])
    return f"v1,{base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()}"


def deliver_digest(
    settings: Settings, target: ProvinceTarget, digest: ClaimedDigest, now: datetime
) -> str:
    """Send it by its channel; who of the recipients was not taken, in words, "" for nobody. Raises
    DeliveryFailed.
    """
    if digest.target.channel == MAIL:
        return _send_mail(settings, target.addresses, digest, now)
    _post_webhook(settings, target.addresses[0], digest, now)
    return ""


def locate_alert_page(settings: Settings, province: str) -> str:
    """Where people open the page of alerts; "" where no setting says so."""
    return settings.public_address and f"{settings.public_address}/canh-bao?province={province}"


def _send_mail(
    settings: Settings, recipients: tuple[str, ...], digest: ClaimedDigest, now: datetime
) -> str:
    address = locate_alert_page(settings, digest.target.province)
    mail = build_mail(digest, settings.mail_sender, recipients, address, now)
    try:
        with _open_mail_server(settings) as server:
            refused = server.send_message(mail, settings.mail_sender, list(recipients))
    except smtplib.SMTPAuthenticationError as error:
        raise DeliveryFailed(write_message("máy chủ thư không nhận tài khoản")) from error
    except smtplib.SMTPRecipientsRefused as error:
        raise DeliveryFailed(write_message("máy chủ thư không nhận địa chỉ nào")) from error
    except smtplib.SMTPNotSupportedError as error:
        raise DeliveryFailed(
            write_message("máy chủ thư không có cách gửi như DASHBOARD_MAIL_TLS")
        ) from error
    except smtplib.SMTPResponseException as error:
        raise DeliveryFailed(
            write_message("máy chủ thư trả lời {smtp_code}", smtp_code=error.smtp_code)
        ) from error
    except ssl.SSLError as error:
        raise DeliveryFailed(write_message("không tin được chứng thư của máy chủ thư")) from error
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryFailed(write_message("không nối được với máy chủ thư")) from error
    return (
        write_message("máy chủ thư không nhận: {addresses}", addresses=", ".join(sorted(refused)))
        if refused
        else ""
    )


def _open_mail_server(settings: Settings) -> smtplib.SMTP:
    """A session with the mail server, its way kept as the settings say before anything is told."""
    host = settings.mail_host
    port = settings.mail_port
    if settings.mail_tls == "tls":
        context = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=_MAIL_SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=_MAIL_SECONDS)
    try:
        if settings.mail_tls == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings.mail_user:
            server.login(settings.mail_user, settings.mail_password)
    except BaseException:
        server.close()
        raise
    return server


def _post_webhook(settings: Settings, url: str, digest: ClaimedDigest, now: datetime) -> None:
    # Here: pages tell of channels, too, and no server of pages sends anything.
    import requests

    address = locate_alert_page(settings, digest.target.province)
    body = json.dumps(build_webhook_body(digest, address), ensure_ascii=False).encode()
    timestamp = int(now.timestamp())
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "dashboard-alerts",
        "webhook-id": digest.digest_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign_webhook(settings.webhook_key, digest.digest_id, timestamp, body),
    }
    try:
        # A redirect could lead what is signed to anybody; the answer's body is of no use.
        with requests.post(
            url,
            data=body,
            headers=headers,
            timeout=_WEBHOOK_SECONDS,
            allow_redirects=False,
            stream=True,
            auth=_add_nothing,
        ) as answer:
            status = answer.status_code
    except requests.exceptions.SSLError as error:
        raise DeliveryFailed(write_message("không tin được chứng thư của cầu nối")) from error
    except requests.exceptions.Timeout as error:
        raise DeliveryFailed(write_message("cầu nối không trả lời kịp")) from error
    except requests.exceptions.RequestException as error:
        raise DeliveryFailed(write_message("không nối được với cầu nối")) from error
    if not 200 <= status < 300:
        raise DeliveryFailed(write_message("cầu nối trả lời {status}", status=status))


def _add_nothing(call: Any) -> Any:
    """Keeps `requests` from adding a password of the account's own (`.netrc`)."""
    return call
