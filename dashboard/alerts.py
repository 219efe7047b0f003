"""Alerts as messages: one digest in plain words, the same for a mailbox and for the bridge to a
messenger, and the two ways by which it leaves the house: by SMTP, or as a signed call of a webhook.

No word of it is ever markup: the mail has one part of plain text, the webhook carries strings of
JSON, and what offices wrote (their names among the reasons) loses line ends, control characters
and addresses that a program would make a link of. What went wrong is told in words of ours: neither
what a server answered nor an address with its secrets stands in the store, on a page or in a log.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import smtplib
import ssl
from datetime import date, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any, Final
from urllib.parse import urlsplit

from dashboard import reference, text
from dashboard.alert_settings import ProvinceTarget
from dashboard.errors import DashboardError
from dashboard.messages import write_message
from dashboard.settings import Settings
from dashboard.store.outbox import AlertLine, AlertTarget, ClaimedDigest
from dashboard.workdays import load_calendar

MAIL: Final = "mail"
WEBHOOK: Final = "webhook"
_MAIL_SECONDS = 30
_WEBHOOK_SECONDS = (5, 15)  # to be reached, to answer
# Control characters, line ends, and marks that change the direction or the look of what follows.
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+"
)
_LINK_SCHEME = re.compile(r"(?<=\w):(?=//)")


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
    if not refused:
        return ""
    return write_message(
        "máy chủ thư không nhận: {addresses}", addresses=", ".join(sorted(refused))
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


def clean_words(written: str) -> str:
    """One line of plain text: nothing in it ends a line, hides or becomes a link."""
    return _LINK_SCHEME.sub(" ", text.normalize_text(_UNSEEN.sub(" ", written)))


def write_subject(digest: ClaimedDigest) -> str:
    """`Quảng Ngãi: 3 nội dung cần chỉ đạo, ngày 23/11/2026`."""
    count = text.format_number(len(digest.lines))
    province = reference.load_province_names()[digest.target.province]
    day = text.format_day(digest.basis.day)
    mark = "[Mô phỏng] " if digest.basis.notice else ""
    return clean_words(f"{mark}{province}: {count} nội dung cần chỉ đạo, ngày {day}")


def write_digest(digest: ClaimedDigest, address: str) -> str:
    """The whole message; `address`: where the page of alerts is, "" where nobody said so."""
    lines = [f"{write_subject(digest)}.", ""]
    if digest.basis.notice:
        lines += [f"Lưu ý: {clean_words(digest.basis.notice)}.", ""]
    for number, line in enumerate(digest.lines, start=1):
        since = _tell_since(line, digest.basis.day)
        lines += [f"{number}. {clean_words(line.title)} ({since})"]
        lines += [f"   {clean_words(line.reason)}", ""]
    lines += [f"Nguồn: {clean_words(digest.basis.source)}."]
    if address:
        lines += [f"Xem và báo đã nhận: {address}"]
    lines += ["Tin tự động, chỉ gửi trong giờ làm việc, mỗi nội dung một lần trong ngày."]
    return "\n".join(lines) + "\n"


def _tell_since(line: AlertLine, day: date) -> str:
    return "mới hôm nay" if line.since >= day else f"từ {text.format_day(line.since)}"


def build_mail(
    digest: ClaimedDigest, sender: str, recipients: tuple[str, ...], address: str, now: datetime
) -> EmailMessage:
    """The digest as a mail of one plain part; its Message-ID stays the same at each attempt."""
    mail = EmailMessage()
    mail["Subject"] = write_subject(digest)
    mail["From"] = sender
    mail["To"] = ", ".join(recipients)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{digest.digest_id}@{sender.rpartition('@')[2]}>"
    # No office's absence note answers a machine.
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(write_digest(digest, address))
    mail["Content-Language"] = "vi"
    return mail


def build_webhook_body(digest: ClaimedDigest, address: str) -> dict[str, Any]:
    """The digest for a program: `text` is the whole message, `alerts` its parts with the codes of
    the communes.
    """
    names = reference.load_province_names()
    return {
        "type": "alerts.digest",
        "id": digest.digest_id,
        "province": {
            "code": digest.target.province,
            "name": names[digest.target.province],
        },
        "day": digest.basis.day.isoformat(),
        "simulated": bool(digest.basis.notice),
        "source": clean_words(digest.basis.source),
        "address": address,
        "text": write_digest(digest, address),
        "alerts": [
            {
                "signal": line.signal,
                "severity": line.severity,
                "title": clean_words(line.title),
                "reason": clean_words(line.reason),
                "since": line.since.isoformat(),
                "communes": list(line.communes),
            }
            for line in digest.lines
        ],
    }
