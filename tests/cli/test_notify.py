"""`notify` sends the day's signals once a channel, in office hours, to a real mail server and a
real receiver of HTTP.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import threading
from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard import store
from dashboard.cli import notify
from dashboard.settings import Settings, read_settings
from tests import making
from tests.cli.receivers import (
    Calls,
    Mailbox,
    MailSecurity,
    run_mail_server,
    run_webhook,
    write_certificate,
)

MONDAY = "2026-11-23"
SUNDAY = "2026-11-22"
KEY = bytes(range(32))
SECRET = f"whsec_{base64.b64encode(KEY).decode()}"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The moment by which pauses are counted; a test moves it."""
    moments = [datetime(2026, 11, 23, 5)]
    monkeypatch.setattr(notify, "read_clock", lambda: moments[-1])
    return moments


@pytest.fixture
def send(
    run: Any, settings: Settings, clock: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> Any:
    """Run `notify` over a store in which all communes but one are silent."""
    engine = store.open_store(settings.database_url)
    readings = making.declaration("21250", date(2026, 11, 1))
    store.save_batch(engine, making.batch("ke-khai", readings=readings), by="test")
    engine.dispose()
    monkeypatch.setenv("DASHBOARD_TODAY", MONDAY)

    def typed(*arguments: str, **variables: str) -> tuple[int, str]:
        for name, value in variables.items():
            monkeypatch.setenv(f"DASHBOARD_{name}", value)
        status, out, said = run("notify", *arguments)
        return status, out + said

    return typed


def mail_settings(port: int, recipients: str = "51=vpubnd@tinh.vn") -> dict[str, str]:
    return {
        "MAIL_HOST": "127.0.0.1",
        "MAIL_PORT": str(port),
        "MAIL_TLS": "none",
        "MAIL_SENDER": "bang@tinh.vn",
        "MAIL_RECIPIENTS": recipients,
    }


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def mail_port(mailbox: Mailbox) -> Iterator[int]:
    with run_mail_server(mailbox) as port:
        yield port


def test_nothing_is_sent_unless_it_is_configured(send: Any, settings: Settings) -> None:
    status, said = send("--now")
    assert status == 0
    assert "không gửi gì" in said


def test_one_digest_of_all_signals_is_mailed_once(
    send: Any, mailbox: Mailbox, mail_port: int
) -> None:
    status, said = send(**mail_settings(mail_port, "51=vpubnd@tinh.vn refused@tinh.vn"))
    assert status == 0, said
    assert "máy chủ thư không nhận: refused@tinh.vn" in said
    assert "không có gì đến lượt" in send()[1]
    assert "không có gì đến lượt" in send("--now")[1]
    (mail,) = mailbox.mails
    assert mailbox.recipients == [["vpubnd@tinh.vn"]]
    assert mail["Subject"] == "Quảng Ngãi: 1 nội dung cần chỉ đạo, ngày 23/11/2026"
    assert mail["Auto-Submitted"] == "auto-generated"
    words = mail.get_content()
    assert "95/96 đơn vị không báo cáo quá 30 ngày" in words
    assert "điều kiện tính đến" in words


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    file = tmp_path / "mail.pem"
    write_certificate(file)
    return file


def secure_settings(security: MailSecurity, port: int) -> dict[str, str]:
    return {
        **mail_settings(port),
        "MAIL_HOST": "localhost",
        "MAIL_TLS": security.tls,
        "MAIL_USER": security.user,
        "MAIL_PASSWORD": security.password,
    }


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_mail_and_password_go_by_a_kept_way(
    send: Any, mailbox: Mailbox, certificate: Path, tls: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    security = MailSecurity(tls, certificate)
    with run_mail_server(mailbox, security) as port:
        status, said = send(**secure_settings(security, port))
    assert status == 0, said
    assert len(mailbox.mails) == 1


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_nothing_is_told_to_a_mail_server_that_cannot_be_trusted(
    send: Any, mailbox: Mailbox, certificate: Path, tls: str
) -> None:
    security = MailSecurity(tls, certificate)
    with run_mail_server(mailbox, security) as port:
        status, said = send(**secure_settings(security, port))
    assert status == 1
    assert "không tin được chứng thư của máy chủ thư" in said
    assert mailbox.mails == []


def test_a_mail_server_without_starttls_gets_nothing(
    send: Any, mailbox: Mailbox, mail_port: int
) -> None:
    status, said = send(**{**mail_settings(mail_port), "MAIL_TLS": "starttls"})
    assert status == 1
    assert "không có cách gửi như DASHBOARD_MAIL_TLS" in said
    assert mailbox.mails == []


def test_outside_office_hours_it_waits_unless_a_person_says_now(
    send: Any, mailbox: Mailbox, mail_port: int
) -> None:
    settings = mail_settings(mail_port)
    assert "ngoài giờ làm việc, 1 nội dung chờ" in send(**settings, TODAY=SUNDAY)[1]
    assert "ngoài giờ" in send(TODAY=MONDAY, ALERT_HOURS="13:00-17:00")[1]
    assert mailbox.mails == []
    assert "đã gửi 1 nội dung" in send("--now")[1]
    assert len(mailbox.mails) == 1, "that of Sunday was told by Monday's"


def test_a_webhook_that_fails_twice_gets_it_signed_after_pauses_that_grow(
    send: Any, clock: list[datetime]
) -> None:
    calls = Calls(failures=2)
    with run_webhook(calls) as address:
        status, said = send(WEBHOOK_URLS=f"51={address}", WEBHOOK_SECRET=SECRET)
        assert status == 1
        assert "lần 1: cầu nối trả lời 503" in said
        assert address not in said
        for minutes, said_then in ((4, "không có gì"), (2, "lần 2"), (14, "không có gì")):
            clock.append(clock[-1] + timedelta(minutes=minutes))
            assert said_then in send()[1]
        clock.append(clock[-1] + timedelta(minutes=2))
        assert send()[0] == 0
        assert "không có gì" in send("--now")[1]
    assert len(calls.bodies) == 3
    assert len({headers["webhook-id"] for headers in calls.headers}) == 1
    headers = calls.headers[-1]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + calls.bodies[-1]
    digest = hmac.new(KEY, signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    age = datetime.now(UTC).timestamp() - int(headers["webhook-timestamp"])
    assert abs(age) < 300
    body = calls.read_body(-1)
    assert body["province"] == {"code": "51", "name": "Quảng Ngãi"}
    assert [alert["signal"] for alert in body["alerts"]] == ["silent"]
    assert len(body["alerts"][0]["communes"]) == 95


def test_two_at_once_send_once(send: Any, mail_port: int, mailbox: Mailbox) -> None:
    send(**mail_settings(mail_port), TODAY=SUNDAY)
    mailbox.seconds = 0.2
    settings = read_settings({**os.environ, "DASHBOARD_TODAY": MONDAY})
    threads = [
        threading.Thread(target=notify.send_alerts, args=(settings, Namespace(now=True)))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(mailbox.mails) == 1


def test_no_mail_goes_over_a_way_that_is_not_as_the_settings_want_it(
    send: Any, mailbox: Mailbox, mail_port: int
) -> None:
    status, said = send(**{**mail_settings(mail_port), "MAIL_TLS": "starttls"})
    assert status == 1
    assert "DASHBOARD_MAIL_TLS" in said
    assert mailbox.mails == []


def test_pauses_grow_to_four_hours() -> None:
    minutes = [notify.compute_pause(attempts).total_seconds() / 60 for attempts in range(1, 8)]
    assert minutes == [5, 15, 45, 135, 240, 240, 240]
