"""Answers that were made once are files from then on, for all server processes of a machine.

The name of a file is the hash of everything that its answer depends on, so nothing kept is ever out
of date and nothing is thrown away when data come: what nobody can ask for any more falls out as the
oldest. Losing the folder, a file or the room on the disk costs a computation, never an answer.

Only what everybody may see is kept (the door says so, access.py); of an answer its body alone.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import brotli
from flask import Flask, current_app, g, has_request_context

from dashboard.counters import COMPUTE_SECONDS, KEPT_ANSWERS
from dashboard.settings import ROOT, Settings
from dashboard.web import plotly_bundle
from dashboard.web.static_files import compute_build_stamp

EXTENSION = "kept_answers"
# A process that hangs while it makes an answer holds the others up no longer.
MOST_WAIT_SECONDS = 10.0
_PAUSE_SECONDS = 0.02
# The last of the disk is the store's and the log's.
LEAST_FREE_BYTES = 100_000_000
# An eighth of the room is given back at once, so that files are looked through seldom.
_SHARE_GIVEN_BACK = 8
_DIGEST_BYTES = 32
_BROTLI_QUALITY = 9
_BLOCK_BYTES = 4096
_LOCK_FILE = "lock"
_UNFINISHED = "unfinished-"
# What of the settings is in no answer: two servers that differ in them share what is kept.
_NOT_IN_ANSWERS = {
    *("host", "port", "workers", "threads", "kept_dir", "kept_bytes"),
    *("oidc_client_secret", "oidc_roles"),
    *("mail_host", "mail_port", "mail_tls", "mail_user", "mail_password", "mail_sender"),
    *("mail_recipients", "webhook_urls", "webhook_secret", "alert_hours", "public_address"),
}
_COUNTED_AS = "answers"
_log = logging.getLogger("dashboard")


@dataclass(frozen=True)
class MadeAnswer:
    """An answer as it was made. `etag`: its tag, without quotes; `is_sound`: no part of it failed.
    Only a sound one that `may_be_kept` is.
    """

    body: bytes
    etag: str
    is_sound: bool = True
    may_be_kept: bool = True


@dataclass(frozen=True)
class KeptAnswer:
    """An answer `compressed` by brotli; the rest as in MadeAnswer."""

    compressed: bytes
    etag: str
    is_sound: bool = True
    may_be_kept: bool = True


class KeptAnswers:
    """The files of one folder, `most_bytes` on the disk at most. Safe to share between threads;
    other processes may write to the same folder.
    """

    def __init__(self, folder: Path, most_bytes: int, dependencies: str = "") -> None:
        """`dependencies`: what all answers of this process depend on."""
        self._folder = folder
        self._most_bytes = most_bytes
        self._dependencies = dependencies
        self._mutex = Lock()
        self._flights: dict[str, Future[KeptAnswer | None]] = {}
        self._lock_descriptor: int | None = None
        # Looked through at the first file that is kept: others may have left more than may stay.
        self._bytes_until_sweep = 0
        self._warned_at = float("-inf")

    def name_answer(self, *parts: object) -> str:
        """The name of the answer that these parts decide."""
        return hashlib.sha256(repr((self._dependencies, parts)).encode()).hexdigest()

    def obtain(
        self,
        name: str,
        etag: str,
        make: Callable[[], MadeAnswer],
        *,
        may_wait: bool = True,
        ask: Callable[[str], KeptAnswer | None] = lambda _name: None,
    ) -> KeptAnswer | None:
        """The answer of that name, made by one thread of one process where nobody made it yet.

        None where somebody else is making it and who asks does not wait (`may_wait`). `ask`: has
        another process make it, where there is one. Raises what `make` raises.
        """
        if compressed := self.fetch(name):
            KEPT_ANSWERS.labels(_COUNTED_AS, "kept").inc()
            return KeptAnswer(compressed, etag)
        while True:
            with self._mutex:
                flight = self._flights.get(name)
                is_maker = flight is None
                flight = flight or self._flights.setdefault(name, Future())
            if is_maker:
                return self._fly(name, etag, make, flight, ask, may_wait=may_wait)
            if not may_wait:
                return None
            if answer := flight.result():
                return answer
            # Who was to ask another process for it did not wait: now it is this thread's turn.

    def fetch(self, name: str) -> bytes | None:
        """What was kept under that name; None where it is not there or not whole."""
        try:
            content = (self._folder / name).read_bytes()
        except OSError:
            return None
        payload = content[_DIGEST_BYTES:]
        return payload if content[:_DIGEST_BYTES] == _digest(name, payload) else None

    def keep(self, name: str, payload: bytes) -> None:
        """Keep it where there is room; a disk that is full or shut costs no answer."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if shutil.disk_usage(self._folder).free < LEAST_FREE_BYTES:
                self._warn("the disk is nearly full")
                return
            self._write(name, _digest(name, payload) + payload)
            self._bytes_until_sweep -= _room_of(len(payload))
            if self._bytes_until_sweep < 0:
                self._sweep()
        except OSError as error:
            self._warn(error.strerror or type(error).__name__)

    def _fly(
        self,
        name: str,
        etag: str,
        make: Callable[[], MadeAnswer],
        flight: Future[KeptAnswer | None],
        ask: Callable[[str], KeptAnswer | None],
        *,
        may_wait: bool,
    ) -> KeptAnswer | None:
        try:
            answer = ask(name) or self._make_alone(name, etag, make, may_wait=may_wait)
        except BaseException as error:
            self._end_flight(name)  # whoever asks next tries anew
            flight.set_exception(error)
            raise
        self._end_flight(name)
        flight.set_result(answer)
        return answer

    def _end_flight(self, name: str) -> None:
        with self._mutex:
            del self._flights[name]

    def _make_alone(
        self, name: str, etag: str, make: Callable[[], MadeAnswer], *, may_wait: bool
    ) -> KeptAnswer | None:
        """None where another process makes it and nobody waits for that."""
        with self._hold(name, MOST_WAIT_SECONDS if may_wait else 0) as is_alone:
            if compressed := self.fetch(name):
                KEPT_ANSWERS.labels(_COUNTED_AS, "kept").inc()
                return KeptAnswer(compressed, etag)
            if not is_alone and not may_wait:
                return None
            KEPT_ANSWERS.labels(_COUNTED_AS, "made").inc()
            with COMPUTE_SECONDS.labels(_COUNTED_AS).time():
                made = make()
            compressed = brotli.compress(made.body, quality=_BROTLI_QUALITY)
            may_be_kept = made.is_sound and made.may_be_kept
            if may_be_kept:
                self.keep(name, compressed)
            return KeptAnswer(compressed, made.etag, made.is_sound, may_be_kept)

    @contextmanager
    def _hold(self, name: str, seconds: float) -> Iterator[bool]:
        """Whether no other process holds that name for as long as this lasts; waits so long for
        one that does, or until its answer is there.

        One byte of one file a name: nothing to tidy away, and the system lets go of what a killed
        process held. Threads of one process share it: they fly one by one.
        """
        descriptor = self._open_lock_file()
        if descriptor is None:
            yield True
            return
        place = int(name[:12], 16)
        deadline = time.monotonic() + seconds
        is_alone = _try_lock(descriptor, place)
        while not is_alone and time.monotonic() < deadline and not self._is_there(name):
            time.sleep(_PAUSE_SECONDS)
            is_alone = _try_lock(descriptor, place)
        try:
            yield is_alone
        finally:
            if is_alone:
                with suppress(OSError):
                    fcntl.lockf(descriptor, fcntl.LOCK_UN, 1, place)

    def _open_lock_file(self) -> int | None:
        """Opened once: closing any descriptor of it would let go of all this process holds."""
        with self._mutex:
            if self._lock_descriptor is None:
                with suppress(OSError):
                    self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                    flags = os.O_RDWR | os.O_CREAT
                    self._lock_descriptor = os.open(self._folder / _LOCK_FILE, flags, 0o600)
            return self._lock_descriptor

    def _is_there(self, name: str) -> bool:
        return (self._folder / name).exists()

    def _write(self, name: str, content: bytes) -> None:
        """The file appears whole or not at all."""
        descriptor, unfinished = tempfile.mkstemp(prefix=_UNFINISHED, dir=self._folder)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            os.replace(unfinished, self._folder / name)
        except OSError:
            with suppress(OSError):
                os.unlink(unfinished)
            raise

    def _sweep(self) -> None:
        """Takes away the oldest files, whoever wrote them, until there is room for more."""
        spare = self._most_bytes // _SHARE_GIVEN_BACK
        self._bytes_until_sweep = spare
        files = []
        for entry in os.scandir(self._folder):
            if entry.name != _LOCK_FILE:
                with suppress(FileNotFoundError):  # another process sweeps, too
                    state = entry.stat()
                    files.append((state.st_mtime_ns, _room_of(state.st_size), entry.path))
        used = sum(size for _, size, _ in files)
        for _, size, path in sorted(files):
            if used <= self._most_bytes - spare:
                break
            with suppress(FileNotFoundError):
                os.unlink(path)
            used -= size

    def _warn(self, reason: str) -> None:
        """Once an hour: every answer would say the same."""
        if time.monotonic() - self._warned_at > 3600:
            self._warned_at = time.monotonic()
            _log.warning("answers are not kept (%s): each is made anew", reason)


def _room_of(size: int) -> int:
    """What so many bytes take on the disk; a file system that writes later tells less at first."""
    return -(-size // _BLOCK_BYTES) * _BLOCK_BYTES


def _digest(name: str, payload: bytes) -> bytes:
    """Of name and content: a file that was cut off or took another's name is no answer."""
    return hashlib.sha256(name.encode() + payload).digest()


def _try_lock(descriptor: int, place: int) -> bool:
    """False where another process holds it; where the disk knows no locks, nobody does."""
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True
    return True


def describe_dependencies(settings: Settings) -> str:
    """What every answer of a process depends on besides data, day and address: the program, what
    comes with it, the criteria and the settings.
    """
    digest = hashlib.sha256(compute_build_stamp().encode())
    files = sorted(path for path in (ROOT / "data").rglob("*") if path.is_file())
    for file in [*files, settings.criteria]:
        digest.update(f"\0{file}\0".encode() + file.read_bytes())
    digest.update(settings.model_dump_json(exclude=_NOT_IN_ANSWERS).encode())
    digest.update(plotly_bundle.make_plotly_address(settings.static_dir).encode())
    return digest.hexdigest()


def register(server: Flask, settings: Settings) -> None:
    """Opens the folder of `settings` for the answers of `server`."""
    if settings.kept_bytes:
        dependencies = describe_dependencies(settings)
        server.extensions[EXTENSION] = KeptAnswers(
            settings.kept_dir, settings.kept_bytes, dependencies
        )


def find_kept_answers() -> KeptAnswers | None:
    """Where the present request's answer may be kept; None where it may not: unless the door said
    that it is everybody's, it is for who asks alone.
    """
    if not has_request_context() or not g.get("is_for_everybody", False):
        return None
    kept: KeptAnswers | None = current_app.extensions.get(EXTENSION)
    return kept
