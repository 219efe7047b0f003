"""Another file in the place of a SQLite store: noticed by number, size and time, judged by content.

A copy written over the file keeps its number, and connections go on with the pages they remember.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from threading import Lock
from typing import NamedTuple
from urllib.parse import quote

# In a process of its own: closing a file gives back every lock that a process has on it. With the
# locks of writer, checkpoint and recovery held and an empty journal, the index beside the file is
# made anew from nothing by whoever reads next.
_RESET_INDEX = """
import fcntl, os, sys
path = sys.argv[1]
with open(path + "-shm", "r+b") as index:
    fcntl.lockf(index, fcntl.LOCK_EX | fcntl.LOCK_NB, 3, 120)
    if not os.path.exists(path + "-wal") or not os.path.getsize(path + "-wal"):
        index.write(bytes(96))
"""


class _Commit(NamedTuple):
    """What the file itself says, without its journal."""

    store_id: str
    number: int
    token: str


class StoreFile:
    """The file of a store as this process last saw it."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._lock = Lock()
        self._signature = read_signature(path)
        self._commit = self._read_commit()
        self._generation = 0

    def count_replacements(self) -> int:
        """How often another store, or an earlier state of this one, was put here. A connection that
        was opened before the last time may remember pages of what is gone: an index made anew looks
        to it like the one that it knew. Whoever looks while one is noticed waits for it.
        """
        signature = read_signature(self._path)
        if signature == self._signature:
            return self._generation
        with self._lock:
            if signature == self._signature or signature is None:
                return self._generation
            if has_journal(self._path):
                return self._generation  # looked at when its pages are in the file
            commit = self._read_commit()
            if not _follows(commit, self._commit):
                self._reset_index()
                self._generation += 1
            self._commit = commit
            self._signature = signature  # last: from now on nobody waits
            return self._generation

    def _read_commit(self) -> _Commit | None:
        address = f"file:{quote(self._path)}?mode=ro&immutable=1"
        try:
            with closing(sqlite3.connect(address, uri=True)) as connection:
                row = connection.execute(
                    "SELECT store_id, version, token FROM data_version"
                ).fetchone()
        except sqlite3.Error:
            return None
        return _Commit(*row) if row else None

    def _reset_index(self) -> None:
        subprocess.run(
            [sys.executable, "-I", "-S", "-c", _RESET_INDEX, self._path],
            capture_output=True,
            check=False,
            timeout=10,
        )


def _follows(commit: _Commit | None, before: _Commit | None) -> bool:
    """Whether a store grew from what it was."""
    if commit is None or before is None or commit.number == before.number:
        return commit == before
    return commit.store_id == before.store_id and commit.number > before.number


def read_signature(path: str) -> tuple[int, int, int, int] | None:
    """Device, number, size and time of a file; None where it is gone."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def has_journal(path: str) -> bool:
    """Whether something written is not in the file itself yet."""
    try:
        return os.stat(f"{path}-wal").st_size > 0
    except OSError:
        return False
