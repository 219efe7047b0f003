"""A digest is plain words: what offices wrote ends no header, no line, and becomes no link."""

from __future__ import annotations

import base64
import re
import time
from datetime import UTC, date, datetime
from email import policy
from email.parser import BytesParser
from typing import Any

import pytest

from dashboard.alerts import build_mail, build_webhook_body, clean_words, sign_webhook, write_digest
from dashboard.settings import ROOT
from dashboard.store.outbox import AlertBasis, AlertLine, AlertTarget, ClaimedDigest

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
HOSTILE = (
    "Sở\r\nBcc: ke.xau@example.com\r\n\r\n<script>alert(1)</script>",
    "=cmd|'/C calc'!A0",
    "*[bấm](http://ke-xau.example)*",
    "\u202egnp.exe\u202c\x00\u2028Dòng hai",
)


def digest(reason: str, notice: str = "") -> ClaimedDigest:
    basis = AlertBasis(date(2026, 11, 23), "số liệu cấp xã, tính đến 16:00 22/11/2026", notice)
    line = AlertLine("silent", 4, reason, reason, date(2026, 11, 20), ("21250",))
    return ClaimedDigest("3f6b", AlertTarget("51", "mail", "a@tinh.vn"), basis, (line,), 1)


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_text_of_one_line(words: str) -> None:
    cleaned = clean_words(words)
    assert not any(ord(letter) < 32 or letter in "\u2028\u202e\u202c" for letter in cleaned)
    assert "://" not in cleaned
    mail = build_mail(digest(words, notice=words), "bang@tinh.vn", ("a@tinh.vn",), "", NOW)
    written = mail.as_bytes(policy=policy.SMTP)
    received = BytesParser(policy=policy.default).parsebytes(written)
    assert received["Bcc"] is None
    assert received["To"] == "a@tinh.vn"
    assert received.get_content_type() == "text/plain"
    assert not received.is_multipart()
    body = build_webhook_body(digest(words), "")
    assert body["alerts"][0]["title"] == cleaned


def test_the_message_says_why_since_when_from_what_and_where_to_answer() -> None:
    message = write_digest(digest("Sơn Hà (31 ngày)"), "https://bang.tinh.vn/canh-bao?province=51")
    assert message.startswith("Quảng Ngãi: 1 nội dung cần chỉ đạo, ngày 23/11/2026.\n")
    assert "1. Sơn Hà (31 ngày) (từ 20/11/2026)" in message
    assert "Nguồn: số liệu cấp xã, tính đến 16:00 22/11/2026." in message
    assert "Xem và báo đã nhận: https://bang.tinh.vn/canh-bao?province=51" in message


def test_simulated_figures_are_called_so_in_the_subject_and_the_text() -> None:
    simulated = digest("Sơn Hà", notice="Số liệu mô phỏng")
    mail = build_mail(simulated, "bang@tinh.vn", ("a@tinh.vn",), "", NOW)
    assert mail["Subject"].startswith("[Mô phỏng] Quảng Ngãi")
    assert "Lưu ý: Số liệu mô phỏng." in write_digest(simulated, "")
    assert build_webhook_body(simulated, "")["simulated"] is True


def test_the_signature_is_that_of_the_published_example() -> None:
    """The example of Standard Webhooks, which receivers' libraries are tested with."""
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    message_id = "msg_p5jXN8AQM9LWM0D4loKWxJek"
    signature = sign_webhook(key, message_id, 1614265330, b'{"test": 2432232314}')
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_bridge_of_the_document_takes_what_is_signed_and_nothing_else() -> None:
    document = (ROOT / "docs" / "alerts.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", document, re.DOTALL)
    bridge: dict[str, Any] = {"__name__": "bridge"}
    exec(compile(code, "docs/alerts.md", "exec"), bridge)
    key = bytes(range(32))
    secret = f"whsec_{base64.b64encode(key).decode()}"
    now = int(time.time())

    def headers(timestamp: int) -> dict[str, str]:
        return {
            "webhook-id": "3f6b",
            "webhook-timestamp": str(timestamp),
            "webhook-signature": sign_webhook(key, "3f6b", timestamp, b"{}"),
        }

    assert bridge["is_signed"](secret, headers(now), b"{}")
    assert not bridge["is_signed"](secret, headers(now), b'{"a": 1}')
    assert not bridge["is_signed"](secret, headers(now - 600), b"{}")
    assert not bridge["is_signed"](secret, {}, b"{}")
