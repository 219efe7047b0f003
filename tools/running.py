"""A real server on a folder of its own, and a Chromium that reaches no outside host: for tests and
bench.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from dashboard.settings import ROOT, Settings, read_settings

# What leaves the machine must fail, here as on an office's network.
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


def chromium_path() -> str | None:
    """The system's Chromium; None where only Playwright's own may be there.

    The headless shell first: the same engine without the windows of a browser, a quarter quicker in
    the tests.
    """
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next((path for path in map(shutil.which, names) if path), None)


def environment_in(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a dashboard whose files all lie in `folder`."""
    return {
        "DASHBOARD_DATABASE_URL": f"sqlite:///{folder / 'dashboard.sqlite'}",
        "DASHBOARD_STATIC_DIR": str(folder / "static"),
        "DASHBOARD_KEPT_DIR": str(folder / "kept"),
        "DASHBOARD_OUTLINES_DIR": str(folder / "outlines"),
        **more,
    }


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


# On a machine that has other work; by itself it takes two seconds.
LONGEST_START = 120.0


def wait_for_port(port: int, log: Path) -> None:
    """Until somebody listens; raises RuntimeError with its log where nobody does."""
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"it did not start: {log.read_text(encoding='utf-8')}")


@dataclass
class Server:
    """A real gunicorn over a store of its own; `address` ends with a slash."""

    folder: Path
    environment: dict[str, str]
    port: int
    process: subprocess.Popen[bytes] | None = field(default=None)
    root: Path = ROOT  # of the program: a copy is another build

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def settings(self) -> Settings:
        return read_settings(self.environment)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`python -m dashboard …` on this server's store, in another process, as an office
        does it.
        """
        return subprocess.run(
            [sys.executable, "-m", "dashboard", *arguments],
            env={**os.environ, **self.environment},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def start(self, awaited: str = "ready") -> None:
        """Starts gunicorn and waits until the address `awaited` answers; raises RuntimeError with
        its log where it does not.
        """
        with open(self.folder / "server.log", "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "--config", str(self.root / "gunicorn.conf.py")],
                env={**os.environ, **self.environment, "PORT": str(self.port)},
                cwd=self.root,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + LONGEST_START
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(self.address + awaited, timeout=2):
                    return
            except (OSError, urllib.error.URLError):
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
        self.stop()
        raise RuntimeError(f"the server did not start:\n{self.log()}")

    def stop(self) -> None:
        """Stops gunicorn and waits until it is gone, without farewell: asked to end in peace it
        waits seconds for the connections that browsers keep."""
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)
            try:
                self.process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None

    def log(self) -> str:
        """Everything the server wrote since it was first started."""
        file = self.folder / "server.log"
        return file.read_text(encoding="utf-8") if file.exists() else ""
