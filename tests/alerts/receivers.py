"""Who takes alerts in the tests: a real mail server, and a real server of HTTP that can fail."""

from __future__ import annotations

import email.policy
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tools.running import free_port


class Mailbox:
    """Takes every mail, after a while where it is slow; refuses recipients whose name says so."""

    def __init__(self, seconds: float = 0) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.seconds = seconds

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("refused"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        time.sleep(self.seconds)
        assert isinstance(envelope.content, bytes)
        parser: BytesParser[EmailMessage] = BytesParser(policy=email.policy.default)
        self.mails.append(parser.parsebytes(envelope.content))
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 OK"


@contextmanager
def run_mail_server(mailbox: Mailbox) -> Iterator[int]:
    """A mail server of this machine; its port."""
    port = free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


@dataclass
class Calls:
    """What a webhook was called with; `failures`: how many calls it answers with 503 first."""

    failures: int = 0
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def read_body(self, number: int) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(self.bodies[number])
        return body


@contextmanager
def run_webhook(calls: Calls) -> Iterator[str]:
    """A receiver of this machine; its address."""

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            calls.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            calls.headers.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response(503 if len(calls.bodies) <= calls.failures else 204)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/canh-bao"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
