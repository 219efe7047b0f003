"""A real PgBouncer as deploy/ has it, before a PostgreSQL of tools/postgresql.py."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from dashboard.settings import ROOT
from tools.postgresql import PostgreSQL
from tools.running import free_port, wait_for_port

CONFIGURATION = ROOT / "deploy" / "pgbouncer" / "pgbouncer.ini"


def find_pgbouncer() -> str | None:
    """The machine's PgBouncer; None where there is none."""
    return shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")


@contextmanager
def run_pgbouncer(postgresql: PostgreSQL, *, sessions: int = 2) -> Iterator[str]:
    """Every database of the server behind so few `sessions`; the address without a database's
    name: `f"{address}/store"`.
    """
    program = find_pgbouncer()
    assert program is not None
    port = free_port()
    text = CONFIGURATION.read_text(encoding="utf-8")
    databases = f"[databases]\n* = host={postgresql.data} user=postgres\n[pgbouncer]"
    text = re.sub(r"\[databases\].*\[pgbouncer\]", databases, text, flags=re.DOTALL)
    for pattern, line in (
        (r"listen_port = .*", f"listen_port = {port}"),
        (r"auth_type = .*\nauth_file = .*", "auth_type = any"),
        (r"default_pool_size = .*", f"default_pool_size = {sessions}"),
    ):
        text, count = re.subn(pattern, line, text)
        assert count == 1, pattern
    with TemporaryDirectory(prefix="dashboard-pgbouncer-") as folder:
        file = Path(folder) / "pgbouncer.ini"
        file.write_text(text, encoding="utf-8")
        os.chmod(folder, 0o755)
        with open(Path(folder) / "log", "wb") as log:
            process = subprocess.Popen(
                [program, str(file)], stdout=log, stderr=log, user=postgresql.user
            )
        try:
            wait_for_port(port, Path(folder) / "log")
            yield f"postgresql+psycopg://postgres@127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=15)
