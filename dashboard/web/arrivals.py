"""The server's worker: a request gets a thread when it is whole, not when its first byte is there.

gunicorn's own gives each connection a thread that then waits for the rest of its request: as many
half requests as there are threads stop the server. Here they wait on the poller, which costs a
few kilobytes each, for a limited time and in limited numbers for each address.
"""

from __future__ import annotations

import re
import time
from collections import Counter, deque
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ
from socket import SHUT_WR, SO_SNDBUF, SOL_SOCKET
from typing import Any
from weakref import WeakKeyDictionary

from gunicorn import http
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.workers.gthread import ThreadWorker

from dashboard.web.security import HEADERS_OF_OWN_ANSWERS

# From the first byte to the last: a head is sent at once, and the largest body of a page is small.
HEAD_SECONDS = 10.0
BODY_SECONDS = 30.0
# How long a thread waits for bytes of a file that is sent, or for a reader of its answer.
STALLED_SECONDS = 60.0
LEAVING_SECONDS = 2.0
# Behind one address of an office are some hundred people, whose requests arrive at once.
MOST_UNFINISHED = 100
LARGEST_HEAD = 65_536
# A larger body is a file that is sent: its sender is asked for an account before it is read.
LARGEST_HELD_BODY = 1_048_576
_PIECE = 65_536
# Most answers fit: a thread hands them over and is free, however slowly they are read.
_ANSWER_BUFFER = 1_048_576
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,12})[ \t]*\r\n", re.IGNORECASE)
_CODING = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_ANSWERS = {
    400: ("Bad Request", "Yêu cầu không đọc được."),
    408: ("Request Timeout", "Yêu cầu gửi quá chậm; hãy thử lại."),
    411: ("Length Required", "Yêu cầu phải nói trước độ dài."),
    414: ("URI Too Long", "Địa chỉ quá dài."),
    431: ("Request Header Fields Too Large", "Phần đầu của yêu cầu quá lớn."),
    500: ("Internal Server Error", "Máy chủ gặp lỗi; hãy thử lại sau ít phút."),
}
_STATUS_OF_FAULTS: dict[type[BaseException], int] = {
    LimitRequestLine: 414,
    LimitRequestHeaders: 431,
}


class Arrival:
    """What has come of a request. `waits_until`: when the server stops waiting for the rest."""

    def __init__(self) -> None:
        self.received = bytearray()
        self.began = time.monotonic()
        self.has_ended = False
        self._searched = 0
        self._size: int | None = None

    @property
    def waits_until(self) -> float:
        return self.began + (HEAD_SECONDS if self._size is None else BODY_SECONDS)

    def find_fault(self) -> int:
        """The status with which what came is refused; 0 where it may go on."""
        if self._size is not None:
            return 0
        end = self.received.find(b"\r\n\r\n", max(0, self._searched - 3))
        self._searched = len(self.received)
        if end < 0:
            return 431 if len(self.received) > LARGEST_HEAD else 0
        head = bytes(self.received[: end + 2])
        if _CODING.search(head):
            return 411
        length = _LENGTH.search(head)
        self._size = end + 4
        if length and int(length[1]) <= LARGEST_HELD_BODY:
            self._size += int(length[1])
        return 0

    def is_whole(self) -> bool:
        """Whether a thread has no need to wait for it."""
        return self._size is not None and len(self.received) >= self._size


class PatientWorker(ThreadWorker):
    """gunicorn's gthread worker, with requests that wait for their last byte outside its threads.

    What is overridden runs in the worker's main thread, but `handle_request` and `handle_error`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._arrivals: WeakKeyDictionary[Any, Arrival] = WeakKeyDictionary()
        self._leaving: deque[Any] = deque()

    def enqueue_req(self, conn: Any) -> None:
        """Hand a connection to a thread where its request is whole; else wait for more."""
        arrival = self._arrivals.setdefault(conn, Arrival())
        if conn.parser is not None:
            # What was read behind the request before is the beginning of this one.
            arrival.received += conn.parser.unreader.take_buffered()
        fault = _receive_bytes(conn.sock, arrival)
        if fault:
            self._refuse(conn, fault)
        elif arrival.is_whole():
            del self._arrivals[conn]
            if conn.parser is None:
                conn.parser = http.get_parser(conn.cfg, conn.sock, conn.client)
            conn.parser.unreader.unread(bytes(arrival.received))
            conn.initialized = True
            super().enqueue_req(conn)
        elif arrival.has_ended:
            self._drop(conn)
        else:
            self._wait(conn, arrival)

    def on_pending_socket_readable(self, conn: Any, client: Any) -> None:
        """More has come; not where another event of this moment has ended the connection."""
        if conn in self.pending_conns:
            super().on_pending_socket_readable(conn, client)

    def on_client_socket_readable(self, conn: Any, client: Any) -> None:
        """Another request begins; not where another event has ended the connection."""
        if conn in self.keepalived_conns:
            super().on_client_socket_readable(conn, client)

    def _wait(self, conn: Any, arrival: Arrival) -> None:
        conn.timeout = arrival.waits_until
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))
        waiting = [
            pending
            for pending in self.pending_conns
            if _read_address(pending) == _read_address(conn)
        ]
        if len(waiting) > MOST_UNFINISHED:
            self._drop(waiting[0])

    def _make_room(self) -> None:
        """Close the oldest connection without a request of whoever has most of them."""
        idle = [*self._leaving, *self.pending_conns, *self.keepalived_conns]
        if idle:
            busiest = Counter(map(_read_address, idle)).most_common(1)[0][0]
            self._drop(next(conn for conn in idle if _read_address(conn) == busiest))

    def _drop(self, conn: Any) -> None:
        self._forget(conn)
        self.nr_conns -= 1
        conn.close()

    def _forget(self, conn: Any) -> None:
        for connections in (self._leaving, self.pending_conns, self.keepalived_conns):
            with suppress(ValueError):
                connections.remove(conn)
        with suppress(KeyError, ValueError, OSError):
            self.poller.unregister(conn.sock)
        self._arrivals.pop(conn, None)

    def _refuse(self, conn: Any, status: int) -> None:
        """Answer a connection whose request will not be whole, and close it."""
        with suppress(OSError):
            conn.sock.setblocking(False)
            conn.sock.send(write_own_answer(status))
        self._leave(conn)

    def _leave(self, conn: Any) -> None:
        """Close a connection once its client has read the answer: a close with bytes unread tears
        the answer away, and gunicorn's own wait for it would hold up everybody.
        """
        self._forget(conn)
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(SHUT_WR)
            self.poller.register(conn.sock, EVENT_READ, lambda _socket: self._drain(conn))
        except (OSError, ValueError, KeyError):
            self._drop(conn)
            return
        conn.timeout = time.monotonic() + LEAVING_SECONDS
        self._leaving.append(conn)

    def _drain(self, conn: Any) -> None:
        if conn not in self._leaving:
            return
        try:
            if conn.sock.recv(_PIECE):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self._drop(conn)

    def murder_pending(self) -> None:
        """End what has waited too long; deadlines are not in the order in which they wait."""
        now = time.monotonic()
        for conn in [conn for conn in self._leaving if conn.timeout <= now]:
            self._drop(conn)
        for conn in [conn for conn in self.pending_conns if conn.timeout <= now]:
            arrival = self._arrivals.get(conn)
            if arrival is None or not arrival.received:
                self._drop(conn)  # said nothing, as browsers do that only prepare
            else:
                self._refuse(conn, 408)
        if self.nr_conns >= self.worker_connections:
            self._make_room()

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Keep the connection for another request, or part from it."""
        if fs.cancelled() or fs.exception() is not None or not fs.result():
            self._leave(conn)
        else:
            super().finish_request(conn, fs)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """In a thread: whoever stalls while a file is sent or an answer is read is left."""
        conn.sock.setsockopt(SOL_SOCKET, SO_SNDBUF, _ANSWER_BUFFER)
        conn.sock.settimeout(STALLED_SECONDS)
        try:
            return super().handle_request(req, conn)
        except TimeoutError:
            return False

    def _keepalive_after(self, conn: Any, keepalive: Any) -> bool:
        # The rest of a file that was refused is not waited for.
        body = conn.parser.mesg.body
        unread = getattr(body.reader, "length", 0)
        return bool(keepalive and unread <= LARGEST_HELD_BODY) and super()._keepalive_after(
            conn, keepalive
        )

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Answer what could not be read; neither the answer nor the log repeats any of it."""
        status = _STATUS_OF_FAULTS.get(type(exc), 400) if isinstance(exc, ParseException) else 500
        report = self.log.error if status == 500 else self.log.warning
        client_address = addr[0] if addr else "-"
        report("request of %s refused (%d): %s", client_address, status, type(exc).__name__)
        with suppress(OSError):
            client.sendall(write_own_answer(status))


def _receive_bytes(source: Any, arrival: Arrival) -> int:
    """Take what is there; the status with which it is refused, or 0."""
    source.setblocking(False)
    fault = arrival.find_fault()
    while not fault and not arrival.has_ended and not arrival.is_whole():
        try:
            piece = source.recv(_PIECE)
        except BlockingIOError:
            break
        except OSError:
            piece = b""
        arrival.received += piece
        arrival.has_ended = not piece
        fault = arrival.find_fault()
    return fault


def _read_address(conn: Any) -> str:
    return str(conn.client[0]) if conn.client else ""


def write_own_answer(status: int) -> bytes:
    """What the server says before any page is asked, with the headers that pages have."""
    reason, words = _ANSWERS[status]
    body = words.encode()
    headers = {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(body)),
        "Connection": "close",
        **HEADERS_OF_OWN_ANSWERS,
    }
    lines = [
        f"HTTP/1.1 {status} {reason}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body
