"""The way to PostgreSQL over TLS: a server with a certificate of its own authority, Debian's (the
one that pip brings knows no TLS).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from sqlalchemy import text

from dashboard import store
from tests import making
from tools.running import ROOT, environment_in, free_port

_SETTINGS = """
port = {port}
listen_addresses = 'localhost'
unix_socket_directories = '{folder}'
fsync = off
ssl = on
ssl_cert_file = '{folder}/server.pem'
ssl_key_file = '{folder}/server.key'
"""


class TlsServer(NamedTuple):
    """Where it listens; `folder` has the certificates of its authority and of another one."""

    port: int
    folder: Path
    programs: Path

    def write_address(self, authority: str, host: str = "localhost") -> str:
        trust = f"sslmode=verify-full&sslrootcert={self.folder / authority}"
        return f"postgresql://postgres@{host}:{self.port}/postgres?{trust}"


def find_programs() -> Path:
    folders = Path("/usr/lib/postgresql").glob("*/bin")
    programs = sorted((path for path in folders if (path / "initdb").exists()), reverse=True)
    if not programs or shutil.which("openssl") is None:
        pytest.skip("Debian's postgresql or openssl is not here")
    return programs[0]


def make_certificates(folder: Path) -> None:
    """An authority, a server's certificate of it, and another authority that nobody knows."""

    def run(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    new_key = ["-newkey", "rsa:2048", "-nodes"]
    for name in ("ca", "other"):
        files = ["-keyout", f"{name}.key", "-out", f"{name}.pem"]
        run("req", "-x509", *new_key, *files, "-subj", f"/CN={name}", "-days", "2")
    run("req", *new_key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost")
    (folder / "names").write_text("subjectAltName=DNS:localhost\n", encoding="ascii")
    signing = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2"]
    run("x509", "-req", "-in", "server.csr", "-out", "server.pem", *signing, "-extfile", "names")


@pytest.fixture(scope="module")
def tls_server() -> Iterator[TlsServer]:
    programs = find_programs()
    user = "postgres" if os.getuid() == 0 else None
    with TemporaryDirectory(prefix="dashboard-tls-", ignore_cleanup_errors=True) as name:
        folder, port = Path(name), free_port()
        folder.chmod(0o755)
        make_certificates(folder)
        data_folder = folder / "data"
        data_folder.mkdir()
        for path in (folder, data_folder, folder / "server.key"):
            if user:
                shutil.chown(path, user)

        def run(program: str, *arguments: str) -> None:
            command = [str(programs / program), "-D", str(data_folder), *arguments]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, user=user)

        run("initdb", "-U", "postgres", "--auth=trust", "-N")
        with open(data_folder / "postgresql.conf", "a", encoding="utf-8") as settings:
            settings.write(_SETTINGS.format(port=port, folder=folder))
        run("pg_ctl", "-w", "-l", str(data_folder / "log"), "start")
        try:
            yield TlsServer(port, folder, programs)
        finally:
            run("pg_ctl", "-m", "immediate", "stop")


def run_command(
    tls_server: TlsServer, folder: Path, address: str, *arguments: str
) -> subprocess.CompletedProcess[str]:
    environment = environment_in(folder, DASHBOARD_DATABASE_URL=address, DASHBOARD_LANG="vi")
    path = f"{tls_server.programs}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        [sys.executable, "-m", "dashboard", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment, "PATH": path},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_store_and_its_tools_reach_a_server_whose_certificate_they_know(
    tls_server: TlsServer, tmp_path: Path
) -> None:
    address = tls_server.write_address("ca.pem")
    engine = store.prepare_store(address)
    try:
        store.save_batch(engine, making.batch("ke-khai"), by="test")
        with engine.connect() as connection:
            question = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
            assert connection.scalar(text(question)) is True
    finally:
        engine.dispose()
    kept = tmp_path / "kept.backup"
    for arguments in (("check",), ("backup", str(kept)), ("restore", str(kept))):
        finished = run_command(tls_server, tmp_path, address, *arguments)
        assert finished.returncode == 0, finished.stderr


@pytest.mark.parametrize(
    ("authority", "host", "reason"),
    [
        ("other.pem", "localhost", "certificate verify failed"),
        ("ca.pem", "127.0.0.1", "does not match host name"),
        ("gone.pem", "localhost", "does not exist"),
    ],
)
def test_a_wrong_certificate_is_told_in_one_line(
    tls_server: TlsServer, tmp_path: Path, authority: str, host: str, reason: str
) -> None:
    address = tls_server.write_address(authority, host)
    serving = run_command(tls_server, tmp_path, address, "serve")
    assert serving.returncode != 0
    (line,) = serving.stderr.strip().splitlines()
    assert reason in line
    assert "sslrootcert" in line
    examined = run_command(tls_server, tmp_path, address, "doctor")
    (line,) = [line for line in examined.stdout.splitlines() if reason in line]
    assert "tên máy" in line
