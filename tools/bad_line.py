"""A relay between a phone and its server that cuts answers, doubles what is sent, answers 500, or
lets nothing through. A process of the browser's own cannot tell it from a bad line: the service
worker passes it, too.
"""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Thread

# What becomes of one request.
PASS = "pass"
LOSE = "lose"  # it never arrives
CUT = "cut"  # it arrives, its answer does not
DOUBLE = "double"  # it arrives twice
BREAK = "break"  # a 500 instead of the server
PAGE = "page"  # a hotel's own page instead of the server
FATES = (PASS, LOSE, CUT, DOUBLE, BREAK, PAGE)

Choose = Callable[[str, str], str]
_LINES = count()
_NOT_HANDED_ON = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class BadLine:
    """The relay to a server on 127.0.0.1. `choose` gets method and path of each request, and says
    its fate; `rewrite` may change the body of a page, `rename` what is asked of the server.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        # An address of its own: limits for each address count each line by itself.
        self.source = f"127.0.1.{next(_LINES) % 250 + 1}"
        self.choose: Choose = lambda method, path: PASS
        self.rewrite: Callable[[str, bytes], bytes] = lambda path, body: body
        self.rename: Callable[[str], str] = lambda path: path
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _make_handler(self))
        self.server.daemon_threads = True

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/"


@contextmanager
def open_bad_line(port: int) -> Iterator[BadLine]:
    """A relay that runs until the block ends."""
    line = BadLine(port)
    Thread(target=line.server.serve_forever, daemon=True).start()
    try:
        yield line
    finally:
        line.server.shutdown()
        line.server.server_close()


def _make_handler(line: BadLine) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_words: object) -> None:
            """Nothing: faults are meant."""

        def do_GET(self) -> None:
            with suppress(OSError, http.client.HTTPException):
                self._relay()

        do_POST = do_GET

        def _relay(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            fate = line.choose(self.command, self.path)
            if fate == LOSE:
                self.close_connection = True
                return
            if fate in {BREAK, PAGE}:
                status = 500 if fate == BREAK else 200
                self._answer(status, [("Content-Type", "text/html")], b"<html>Wi-Fi</html>")
                return
            answer = self._ask(body)
            if fate == DOUBLE:
                answer = self._ask(body)
            if fate == CUT:
                self.close_connection = True
                return
            self._answer(*answer)

        def _ask(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
            # Unchanged is what the server says of its own words, not of what is rewritten here.
            own = {"Connection", "If-None-Match"}
            headers = {name: value for name, value in self.headers.items() if name not in own}
            # What is rewritten must be readable.
            headers["Accept-Encoding"] = "identity"
            asked = http.client.HTTPConnection(
                "127.0.0.1", line.port, timeout=60, source_address=(line.source, 0)
            )
            try:
                asked.request(self.command, line.rename(self.path), body or None, headers)
                answer = asked.getresponse()
                content = line.rewrite(self.path, answer.read())
                return answer.status, answer.getheaders(), content
            finally:
                asked.close()

        def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers:
                if name.lower() not in _NOT_HANDED_ON:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler
