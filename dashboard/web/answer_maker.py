"""One process of a machine makes the answers that everybody may see; the others ask it for them.

It is a worker of gunicorn like the others, but for its socket: a file that only this machine's
server can reach (gunicorn.conf.py opens it, before there are workers). Who lacks an answer sends it
the same question, so that provinces are loaded and computed in one process alone, and those
that answer polls neither wait for it nor grow. Where nobody answers there, each makes its own.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Response, request

from dashboard.web.kept_answers import KeptAnswer

_SOCKET_FILE = "maker"
_FROM = "X-Maker-From"
_NAME = "X-Maker-Name"
_ETAG = "X-Maker-Etag"
_STATE = "X-Maker-State"
_STATES = ("sound", "kept")
# Longer than the largest province takes on a busy machine; then each process helps itself.
_ANSWER_SECONDS = 30.0
# What says who asks, or how: an answer for everybody depends on none of it, but for how it came in
# (by TLS, under which name), which other headers say.
_NOT_HANDED_ON = frozenset(
    {
        *("cookie", "authorization", "connection", "content-length", "transfer-encoding"),
        *("if-none-match", "if-modified-since", "range", "accept-encoding", "expect"),
        *(name.lower() for name in (_FROM, _NAME, _ETAG, _STATE)),
    }
)
_asked_at: str | None = None
_is_maker = False


def open_maker_socket(folder: Path) -> socket.socket:
    """Listens in a folder that is this server's own. Call it before workers begin: who is asked
    while the maker begins anew waits in line for it.
    """
    global _asked_at
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    address = str(folder / _SOCKET_FILE)
    listening.bind(address)
    listening.listen(128)
    _asked_at = address
    return listening


def become_maker() -> None:
    """Of a process that was just forked: it asks nobody."""
    global _is_maker
    _is_maker = True


def begin_anew() -> None:
    """The maker with nothing left in its memory gives up its place to a new process, which shares
    with the others all that it has: what the old one wrote into that would stay its own.
    """
    if _is_maker:
        os.kill(os.getpid(), signal.SIGTERM)


def is_maker() -> bool:
    """Whether this process makes answers for the others."""
    return _is_maker


def know_askers(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """In the maker, who asks is whom the other process was asked by."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        asker = environ.pop(f"HTTP_{_FROM.upper().replace('-', '_')}", None)
        if _is_maker and asker is not None:
            environ["REMOTE_ADDR"] = asker
        return application(environ, start_response)

    return answer


def ask_maker(name: str) -> KeptAnswer | None:
    """The answer of that name to the present request; None where there is no maker, or where its
    answer is another: a file came between the two, or the name is that of a part, which it has made
    and kept meanwhile.
    """
    if _is_maker or _asked_at is None:
        return None
    line = _Line(_asked_at)
    try:
        line.request(
            "GET",
            request.environ.get("RAW_URI") or request.full_path,
            headers=_list_headers(),
        )
        answer = line.getresponse()
        body = answer.read()
    except (OSError, ValueError, http.client.HTTPException):
        return None
    finally:
        line.close()
    if answer.status != 200 or answer.headers.get(_NAME) != name:
        return None
    is_sound, may_be_kept = (word in answer.headers.get(_STATE, "") for word in _STATES)
    return KeptAnswer(body, answer.headers.get(_ETAG, ""), is_sound, may_be_kept)


def describe_made(response: Response, name: str, answer: KeptAnswer) -> Response:
    """What the maker says besides of an answer that it hands over, compressed by brotli."""
    if _is_maker:
        states = zip(_STATES, (answer.is_sound, answer.may_be_kept), strict=True)
        response.headers[_NAME] = name
        response.headers[_ETAG] = answer.etag
        response.headers[_STATE] = " ".join(word for word, holds in states if holds) or "-"
    return response


def _list_headers() -> dict[str, str]:
    kept = {name: value for name, value in request.headers if name.lower() not in _NOT_HANDED_ON}
    return {
        **kept,
        "Accept-Encoding": "br",
        "Connection": "close",
        _FROM: request.remote_addr or "",
    }


class _Line(http.client.HTTPConnection):
    """HTTP to the file of the maker's socket."""

    def __init__(self, path: str) -> None:
        super().__init__("maker", timeout=_ANSWER_SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)
