"""A real nginx as deploy/ has it, in a folder of its own, before servers on this machine."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from dashboard.settings import ROOT
from tools.running import free_port, wait_for_port

FILES = ROOT / "deploy" / "nginx"
# What a machine has outside these files: everything goes into the folder.
_MAIN = """
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/dashboard-limits.conf;
    include {folder}/{site};
}}
"""

# Of several servers each stands twice, as dashboard-limits.conf says.
_LIMITS = ("max_fails=3 fail_timeout=5s", "max_fails=0 backup")


def find_nginx() -> str | None:
    """The machine's nginx; None where there is none."""
    return shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")


@dataclass
class Nginx:
    """It listens on `port` and hands on to the servers that listen on `upstream`; what it writes
    lies in `folder`. `limits`: whether it holds one address to so many requests, as deploy/ says;
    many viewers of a measurement come from one.
    """

    folder: Path
    upstream: list[int]
    site: str = "dashboard.conf"
    port: int = field(default_factory=free_port)
    limits: bool = True
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Starts it and waits until it listens. Raises RuntimeError where it refuses its files."""
        self._write_files()
        tried = subprocess.run([*self._command, "-t"], capture_output=True, text=True, check=False)
        if tried.returncode:
            raise RuntimeError(tried.stderr)
        self.process = subprocess.Popen(self._command, stderr=subprocess.DEVNULL)
        wait_for_port(self.port, self.folder / "error.log")

    def reload(self) -> None:
        """Reads its files again, as after an upstream was marked; no request is lost."""
        assert self.process is not None
        self.process.send_signal(signal.SIGHUP)

    def stop(self) -> None:
        """Ends it at once, with the requests that it has in hand."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=10)
            self.process = None

    @property
    def _command(self) -> list[str]:
        program = find_nginx()
        assert program is not None
        return [program, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]

    def _write_files(self) -> None:
        servers = " ".join(
            f"server 127.0.0.1:{port} {limits};"
            for limits in _LIMITS[: len(self.upstream)]
            for port in self.upstream
        )
        for name in ("dashboard-limits.conf", "dashboard-proxy.conf", self.site):
            text = (FILES / name).read_text(encoding="utf-8")
            for before, after in (
                ("server 127.0.0.1:8050;", servers),
                ("listen 80;", f"listen 127.0.0.1:{self.port};"),
                ("/etc/nginx/snippets/", f"{self.folder}/"),
                ("/var/cache/nginx/dashboard", f"{self.folder}/cache"),
                ("/var/log/dashboard/", f"{self.folder}/"),
            ):
                text = text.replace(before, after)
            if not self.limits:
                text = re.sub(r"(?m)^\s*limit_(?:req|conn) .*$", "", text)
            (self.folder / name).write_text(text, encoding="utf-8")
        user = "user root;" if os.getuid() == 0 else ""
        main = _MAIN.format(folder=self.folder, user=user, site=self.site)
        (self.folder / "nginx.conf").write_text(main, encoding="utf-8")
