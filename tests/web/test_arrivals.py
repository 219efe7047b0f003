"""What sends slowly, half or rubbish holds no thread of the real server, gets a plain answer and
leaves none of its words in the log.
"""

from __future__ import annotations

import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from dashboard import store
from dashboard.web.arrivals import BODY_SECONDS, HEAD_SECONDS, LARGEST_HEAD, Arrival
from tools.running import Server, environment_in, free_port

HEAD = b"GET /health HTTP/1.1\r\nHost: localhost\r\n"
CALL = b"POST /api/screens HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n{"
REPORT = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
# More than the threads of all processes, fewer than one address may have.
HALF_REQUESTS = 40


@pytest.fixture(scope="module")
def small_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("arrivals")
    environment = environment_in(folder, DASHBOARD_WORKERS="1", DASHBOARD_THREADS="4")
    store.prepare_store(environment["DASHBOARD_DATABASE_URL"]).dispose()
    server = Server(folder, environment, free_port())
    server.start()
    yield server
    server.stop()


def send(server: Server, *pieces: bytes) -> bytes:
    """The whole answer to what is sent piece by piece."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        with suppress(OSError):
            for piece in pieces:
                connection.sendall(piece)
                time.sleep(0.05)
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize(
    "half", [HEAD, CALL, REPORT + HEAD], ids=["half a head", "half a body", "behind a whole one"]
)
def test_half_requests_hold_nobody_up(small_server: Server, half: bytes) -> None:
    with ExitStack() as connections:
        for _ in range(HALF_REQUESTS):
            address = ("127.0.0.1", small_server.port)
            connections.enter_context(socket.create_connection(address)).sendall(half)
        time.sleep(0.5)
        began = time.monotonic()
        for _ in range(5):
            with urllib.request.urlopen(f"{small_server.address}health", timeout=5) as answer:
                assert answer.status == 200
        assert time.monotonic() - began < 4


def test_a_connection_whose_client_stays_after_its_answer_holds_nobody_up(
    small_server: Server,
) -> None:
    with ExitStack() as connections:
        for _ in range(HALF_REQUESTS):
            address = ("127.0.0.1", small_server.port)
            connection = connections.enter_context(socket.create_connection(address))
            connection.sendall(HEAD + b"Connection: close\r\n\r\n")
        began = time.monotonic()
        with urllib.request.urlopen(f"{small_server.address}health", timeout=10) as answer:
            assert answer.status == 200
        assert time.monotonic() - began < 4


def test_a_request_in_many_pieces_and_two_at_once_are_answered(small_server: Server) -> None:
    last = HEAD + b"Connection: close\r\n\r\n"
    assert send(small_server, *(bytes([letter]) for letter in last[:20]), last[20:]).count(
        b'{"status":"ok"}'
    )
    assert send(small_server, REPORT + last).count(b"200 OK") == 2


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /?secret=" + b"x" * 5000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", b"414"),
        (b"secret /\x01 HTTP/1.1\r\n\r\n", b"400"),
        (HEAD + b"secret: " + b"x" * 70_000, b"431"),
        (HEAD + b"secret\r\n\r\n", b"400"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nsecret", b"411"),
    ],
)
def test_what_is_no_request_gets_a_plain_answer_with_headers_and_is_not_repeated(
    small_server: Server, sent: bytes, status: bytes
) -> None:
    answer = send(small_server, sent)
    head, _, words = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 " + status)
    assert b"X-Content-Type-Options: nosniff" in head
    assert b"Content-Security-Policy: default-src 'none'" in head
    assert b"secret" not in answer
    assert words.decode().endswith(".")
    assert "secret" not in small_server.log()


def test_a_password_in_an_address_is_in_no_log(small_server: Server) -> None:
    for path in (b"/?password=hunter2", b"/khong-co?password=hunter2", b"/xa/1?password=hunter2"):
        send(
            small_server,
            b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        )
    send(small_server, b"GET /?password=hunter2 HTTP/9.9\r\nHost: localhost\r\n\r\n")
    assert "hunter2" not in small_server.log()


def test_a_request_waits_for_its_last_byte_for_a_limited_time() -> None:
    arrival = Arrival()
    arrival.received += CALL
    assert arrival.waits_until == arrival.began + HEAD_SECONDS
    assert arrival.find_fault() == 0
    assert not arrival.is_whole()
    assert arrival.waits_until == arrival.began + BODY_SECONDS
    arrival.received += b" " * 4999
    assert arrival.is_whole()
    endless = Arrival()
    endless.received += b"x" * (LARGEST_HEAD + 1)
    assert endless.find_fault() == 431


def test_who_sends_too_slowly_is_told(small_server: Server) -> None:
    assert send(small_server, HEAD).startswith(b"HTTP/1.1 408")
