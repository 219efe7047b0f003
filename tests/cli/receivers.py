"""Who takes alerts in the tests: a real mail server, and a real server of HTTP that can fail."""

from __future__ import annotations

import email.policy
import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

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


@dataclass(frozen=True)
class MailSecurity:
    """How a mail server keeps the way: `tls` from the first byte, or `starttls`, before which it
    takes neither a mail nor a password; the one account it knows.
    """

    tls: str
    certificate: Path
    user: str = "bang"
    password: str = "mat-khau"

    def list_options(self) -> dict[str, Any]:
        """What aiosmtpd takes."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        if self.tls == "tls":
            # its own rule whether a way is kept knows only STARTTLS
            return {
                "authenticator": self._check,
                "ssl_context": context,
                "auth_require_tls": False,
            }
        return {
            "authenticator": self._check,
            "tls_context": context,
            "require_starttls": True,
            "auth_required": True,
        }

    def _check(self, *arguments: Any) -> AuthResult:
        login = arguments[-1]
        credentials = (self.user.encode(), self.password.encode())
        return AuthResult(success=(login.login, login.password) == credentials, handled=False)


def write_certificate(file: Path) -> None:
    """A certificate of this machine that signs itself, with its key, for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))


@contextmanager
def run_mail_server(mailbox: Mailbox, security: MailSecurity | None = None) -> Iterator[int]:
    """A mail server of this machine; its port."""
    port = free_port()
    options = security.list_options() if security else {}
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, **options)
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
