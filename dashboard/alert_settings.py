"""What alerts need to leave the house: a mail server and whom to write to, a bridge and its key,
the hours of the office. All of it is empty at first, and then nothing is ever sent.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BaseModel, BeforeValidator

from dashboard import reference
from dashboard.messages import Message, write_message
from dashboard.setting_values import declare_variable, require_choice, require_whole_number

# One line of plain letters: nothing that a header could be made of.
_MAIL_ADDRESS = re.compile(
    r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}\.)*[A-Za-z0-9-]{1,63}"
)
# A bridge on this machine needs no TLS; over a network only TLS says who listens.
_NEAR = re.compile(r"http://(?:localhost|127\.0\.0\.1)(?::[0-9]{1,5})?(?:/[!-~]*)?")
_FAR = re.compile(r"https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:/[!-~]*)?")
_NEAR_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
WEBHOOK_SECRET_PREFIX = "whsec_"
_SECRET_BYTES = range(24, 65)


class ProvinceTarget(NamedTuple):
    """Where alerts of a province go by one channel: mailboxes of offices, or one address."""

    province: str
    addresses: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.province}={' '.join(self.addresses)}"


@dataclass(frozen=True)
class OfficeHours:
    """From when until when an office works on a working day."""

    begin: time
    end: time

    def __str__(self) -> str:
        return f"{self.begin:%H:%M}-{self.end:%H:%M}"


def _read_targets(value: str, remedy: str) -> Iterator[ProvinceTarget]:
    provinces = set()
    for part in filter(None, map(str.strip, value.split(","))):
        province, _, written = part.partition("=")
        addresses = tuple(written.split())
        is_known = province.strip() in reference.load_province_names()
        if not is_known or not addresses or province.strip() in provinces:
            raise ValueError(remedy)
        provinces.add(province.strip())
        yield ProvinceTarget(province.strip(), addresses)


def _read_recipients(value: str) -> tuple[ProvinceTarget, ...]:
    remedy = write_message("hãy viết dạng 51=vpubnd@tinh.gov.vn ubnd@tinh.gov.vn, 25=…")
    targets = tuple(_read_targets(value, remedy))
    written = [address for target in targets for address in target.addresses]
    if not all(_MAIL_ADDRESS.fullmatch(address) for address in written):
        raise ValueError(remedy)
    return targets


def _read_webhook_urls(value: str) -> tuple[ProvinceTarget, ...]:
    remedy = write_message(
        "hãy viết dạng 51=https://cau-noi.tinh.vn/canh-bao, mỗi tỉnh một địa chỉ"
    )
    targets = tuple(_read_targets(value, remedy))
    for target in targets:
        (url, *more) = target.addresses
        if more or not (_NEAR.fullmatch(url) or _FAR.fullmatch(url)):
            raise ValueError(remedy)
    return targets


def _check_secret(value: str) -> str:
    if value and len(_decode_secret(value)) not in _SECRET_BYTES:
        raise ValueError(write_message("hãy đặt whsec_ và 24 đến 64 byte ngẫu nhiên dạng base64"))
    return value


def _decode_secret(value: str) -> bytes:
    try:
        return base64.b64decode(value.removeprefix(WEBHOOK_SECRET_PREFIX), validate=True)
    except binascii.Error:
        return b""


def _read_hours(value: str) -> OfficeHours:
    match = re.fullmatch(r"(\d\d:\d\d)-(\d\d:\d\d)", value)
    remedy = write_message("hãy viết giờ làm việc dạng 07:30-17:00")
    if not match:
        raise ValueError(remedy)
    try:
        hours = OfficeHours(time.fromisoformat(match[1]), time.fromisoformat(match[2]))
    except ValueError:
        raise ValueError(remedy) from None
    if hours.begin >= hours.end:
        raise ValueError(remedy)
    return hours


def _check_mail_host(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.:-]*", value):
        raise ValueError(write_message("hãy đặt tên máy chủ thư, ví dụ thu.tinh.gov.vn"))
    return value


def _check_sender(value: str) -> str:
    if value and not _MAIL_ADDRESS.fullmatch(value):
        raise ValueError(write_message("hãy đặt một địa chỉ thư, ví dụ bang@tinh.gov.vn"))
    return value


def _check_public_address(value: str) -> str:
    if value and not re.fullmatch(
        r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?", value
    ):
        raise ValueError(
            write_message("hãy đặt địa chỉ mà người đọc mở, ví dụ https://bang.tinh.vn")
        )
    return value.rstrip("/")


class AlertSettings(BaseModel):
    """The part of the settings that says how alerts are sent (`settings.Settings` is the whole)."""

    mail_host: Annotated[str, AfterValidator(_check_mail_host)] = declare_variable(
        "DASHBOARD_MAIL_HOST", "", "Server that takes the mail of alerts (SMTP); empty: no mail."
    )
    mail_port: Annotated[int, require_whole_number(1, 65535)] = declare_variable(
        "DASHBOARD_MAIL_PORT", "587", "Its port."
    )
    mail_tls: Annotated[str, require_choice("starttls", "tls", "none")] = declare_variable(
        "DASHBOARD_MAIL_TLS",
        "starttls",
        "How the way to it is kept: `starttls`, `tls` from the first byte, or `none`.",
    )
    mail_user: str = declare_variable(
        "DASHBOARD_MAIL_USER", "", "Account there; empty: it asks for none."
    )
    mail_password: str = declare_variable("DASHBOARD_MAIL_PASSWORD", "", "Its password.")
    mail_sender: Annotated[str, AfterValidator(_check_sender)] = declare_variable(
        "DASHBOARD_MAIL_SENDER", "", "Mailbox that alerts come from."
    )
    mail_recipients: Annotated[tuple[ProvinceTarget, ...], BeforeValidator(_read_recipients)] = (
        declare_variable(
            "DASHBOARD_MAIL_RECIPIENTS",
            "",
            "Mailboxes of offices by province: `51=vpubnd@tinh.gov.vn ubnd@tinh.gov.vn, 25=…`; a "
            "province without one gets no mail.",
        )
    )
    webhook_urls: Annotated[tuple[ProvinceTarget, ...], BeforeValidator(_read_webhook_urls)] = (
        declare_variable(
            "DASHBOARD_WEBHOOK_URLS",
            "",
            "Address by province to which alerts are posted, signed: "
            "`51=https://cau-noi.tinh.vn/canh-bao`; `http://` only on this machine.",
        )
    )
    webhook_secret: Annotated[str, AfterValidator(_check_secret)] = declare_variable(
        "DASHBOARD_WEBHOOK_SECRET",
        "",
        "Key that signs them: `whsec_` and 24 to 64 random bytes in base64.",
    )
    alert_hours: Annotated[OfficeHours, BeforeValidator(_read_hours)] = declare_variable(
        "DASHBOARD_ALERT_HOURS",
        "07:30-17:00",
        "Hours of a working day in which alerts are sent; outside they wait.",
    )
    public_address: Annotated[str, AfterValidator(_check_public_address)] = declare_variable(
        "DASHBOARD_PUBLIC_ADDRESS",
        "",
        "Address under which people open the dashboard, for the links of alerts; empty: no links.",
    )

    @property
    def webhook_key(self) -> bytes:
        """The bytes that sign."""
        return _decode_secret(self.webhook_secret)

    def find_alert_fault(self) -> Message | None:
        """What is set by halves, as one plain line; None where nothing is."""
        if self.mail_recipients and not (self.mail_host and self.mail_sender):
            return write_message(
                "Thiết lập DASHBOARD_MAIL_RECIPIENTS cần DASHBOARD_MAIL_HOST và "
                "DASHBOARD_MAIL_SENDER."
            )
        if self.mail_user and self.mail_tls == "none" and self.mail_host not in _NEAR_HOSTS:
            return write_message(
                "Thiết lập DASHBOARD_MAIL_USER cần DASHBOARD_MAIL_TLS là starttls hoặc tls."
            )
        if self.webhook_urls and not self.webhook_secret:
            return write_message(
                "Thiết lập DASHBOARD_WEBHOOK_URLS cần DASHBOARD_WEBHOOK_SECRET: không "
                "có khóa, người nhận không biết ai gửi."
            )
        return None
