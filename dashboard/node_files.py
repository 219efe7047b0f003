"""What lies as files on each machine that serves, and must be the same on all of them.

The newest `setup` says what is right; a machine that differs says so in its log and at /ready. A
store in a file of its own (SQLite) has one machine, which is always right.
"""

from __future__ import annotations

import hashlib
import logging
import socket
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Engine

from dashboard import areas, workdays
from dashboard.reference import COMMUNES_FILE, ROOT
from dashboard.settings import Settings
from dashboard.store.node_files import fetch_node_files, set_node_files

_log = logging.getLogger("dashboard")


def hash_node_files(settings: Settings) -> dict[str, str]:
    """Name to hash of what this machine has at this moment."""
    files = {
        "criteria": settings.criteria,
        "areas": areas.AREAS_FILE,
        "working days": workdays.WORKING_DAYS_FILE,
        "layouts": ROOT / "data" / "layouts.toml",
        "communes": COMMUNES_FILE,
    }
    hashes = {name: _hash_files([file]) for name, file in files.items()}
    return {**hashes, "outlines": _hash_files(sorted(settings.outlines_dir.glob("*.geojson")))}


def publish_node_files(engine: Engine, settings: Settings) -> None:
    """What this machine has is right from now on, on all machines. Raises StoreUnavailable."""
    if engine.dialect.name != "sqlite":
        set_node_files(engine, hash_node_files(settings), socket.gethostname())


class NodeCheck:
    """Whether this machine has what all should have; criteria and lists count as they were read at
    the start.
    """

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._settings = settings
        self._hashes = hash_node_files(settings)
        self._told = ""

    def find_difference(self) -> str:
        """What differs, and from whom, in one line; "" where nothing does. Raises
        StoreUnavailable.
        """
        if self._engine.dialect.name == "sqlite":
            return ""
        hashes = {**self._hashes, "outlines": hash_node_files(self._settings)["outlines"]}
        agreed = fetch_node_files(self._engine)
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


def _hash_files(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in filter(Path.is_file, files):
        status = file.stat()
        digest.update(_hash_content(file, status.st_ctime_ns, status.st_size))
    return digest.hexdigest()


@lru_cache(maxsize=80)
def _hash_content(file: Path, _changed: int, _size: int) -> bytes:
    return hashlib.sha256(file.read_bytes()).digest()
