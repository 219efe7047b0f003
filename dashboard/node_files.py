"""What lies as files on each machine that serves, and must be the same on all of them.

The newest `setup` says what is right; a machine that differs says so in its log and at /ready, and
answers no page, so that a proxy asks another one. A store in a file of its own (SQLite) has one
machine, which is always right.
"""

from __future__ import annotations

import hashlib
import logging
import socket
import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Engine

from dashboard import areas, workdays
from dashboard.reference import COMMUNES_FILE, ROOT
from dashboard.settings import Settings
from dashboard.store import StoreUnavailable
from dashboard.store.machines import fetch_node_files, set_node_files
from dashboard.version import read_program_version

# Of which version the files are: another one's may differ while machines change one by one.
_PROGRAM = "program"
_LOOK_SECONDS = 2.0
_log = logging.getLogger("dashboard")


def hash_node_files(settings: Settings) -> dict[str, str]:
    """Name to hash of what this machine has at this moment."""
    files = {
        "criteria": [settings.criteria],
        "areas": [areas.AREAS_FILE],
        "working days": [workdays.WORKING_DAYS_FILE, workdays.HOLIDAYS_FILE],
        "layouts": [ROOT / "data" / "layouts.toml"],
        "communes": [COMMUNES_FILE],
    }
    hashes = {name: _hash_files(of_name) for name, of_name in files.items()}
    return {**hashes, "outlines": _hash_files(sorted(settings.outlines_dir.glob("*.geojson")))}


def publish_node_files(engine: Engine, settings: Settings) -> None:
    """What this machine has is right from now on, on all machines. Raises StoreUnavailable."""
    if engine.dialect.name != "sqlite":
        hashes = {**hash_node_files(settings), _PROGRAM: _hash_program()}
        set_node_files(engine, hashes, socket.gethostname())


class NodeCheck:
    """Whether this machine has what all should have; criteria and lists count as they were read at
    the start.
    """

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._settings = settings
        self._hashes = hash_node_files(settings)
        self._told = ""
        self._looked_at = -_LOOK_SECONDS
        self._turns_away = False
        self._is_of_same_program = False

    def turns_away(self) -> bool:
        """Whether pages would show figures by other rules than the other machines do; what was so
        two seconds ago counts. Of another version of the program nobody is turned away.
        """
        now = time.monotonic()
        if now - self._looked_at >= _LOOK_SECONDS:
            self._looked_at = now
            with suppress(StoreUnavailable):  # who asks for figures says so
                self._turns_away = bool(self.find_difference()) and self._is_of_same_program
        return self._turns_away

    def find_difference(self) -> str:
        """What differs, and from whom, in one line; "" where nothing does. Raises
        StoreUnavailable.
        """
        if self._engine.dialect.name == "sqlite":
            return ""
        hashes = {**self._hashes, "outlines": hash_node_files(self._settings)["outlines"]}
        agreed = fetch_node_files(self._engine)
        self._is_of_same_program = agreed.get(_PROGRAM, ("",))[0] == _hash_program()
        names = [
            name for name, sha256 in hashes.items() if agreed.get(name, (sha256,))[0] != sha256
        ]
        if not names:
            self._told = ""
            return ""
        machine = agreed[names[0]][1]
        line = f"this machine differs from {machine} in: {', '.join(names)}"
        if line != self._told:
            self._told = line
            _log.error("NOT READY: %s; copy them and restart, or run setup here", line)
        return line


@lru_cache(maxsize=1)
def _hash_program() -> str:
    return hashlib.sha256(read_program_version().encode()).hexdigest()


def _hash_files(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in filter(Path.is_file, files):
        status = file.stat()
        digest.update(_hash_content(file, status.st_ctime_ns, status.st_size))
    return digest.hexdigest()


@lru_cache(maxsize=80)
def _hash_content(file: Path, _changed: int, _size: int) -> bytes:
    return hashlib.sha256(file.read_bytes()).digest()
