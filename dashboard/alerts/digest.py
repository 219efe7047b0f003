"""One digest in words: the same plain text for a mailbox and for the bridge to a messenger.

No word of it is ever markup: the mail has one part of plain text, the webhook carries strings of
JSON, and what offices wrote (their names among the reasons) loses line ends, control characters
and addresses that a program would make a link of.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from dashboard import reference, text
from dashboard.store.outbox import AlertLine, ClaimedDigest

# Control characters, line ends, and marks that change the direction or the look of what follows.
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+"
)
_LINK_SCHEME = re.compile(r"(?<=\w):(?=//)")


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
