"""plotly.js, served from this machine and asked for only when a chart is on the page.

It comes with the plotly package (4.8 MB, always works). Where npm is there at set-up, the lean
bundle of the same version takes its place: everything the charts use, at a third of the bytes.
"""

from __future__ import annotations

import hashlib
import subprocess
import tarfile
import tempfile
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from flask import Flask, Response, send_file
from plotly.offline import get_plotlyjs_version

from dashboard.messages import write_message
from dashboard.web.base_path import locate_path

LEAN_PACKAGE = "plotly.js-cartesian-dist-min"
LEAN_MEMBER = "package/plotly-cartesian.min.js"
PLOTLY_PATH = "/vendor/plotly.min.js"
_NPM_SECONDS = 180


def locate_lean_plotly(static_dir: Path) -> Path:
    """Where the lean bundle of the installed plotly's version is kept, once fetched."""
    return static_dir.with_name("vendor") / f"plotly-cartesian-{get_plotlyjs_version()}.min.js"


def locate_plotly(static_dir: Path) -> Path:
    """The bundle in use: the lean one where it was fetched, else the one of the plotly package."""
    lean = locate_lean_plotly(static_dir)
    return lean if lean.is_file() else Path(str(files("plotly") / "package_data" / "plotly.min.js"))


def make_plotly_address(static_dir: Path) -> str:
    """The address with its content's fingerprint, so that a browser may keep it for ever."""
    file = locate_plotly(static_dir)
    return locate_path(f"{PLOTLY_PATH}?m={_fingerprint_file(file, file.stat().st_mtime_ns)}")


@lru_cache(maxsize=16)
def _fingerprint_file(file: Path, _modified: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


def register(server: Flask, static_dir: Path) -> None:
    """Serves the bundle as it is; its compressed copy, once built, stands in front of this."""

    @server.get(PLOTLY_PATH)
    def plotly_js() -> Response:
        return send_file(locate_plotly(static_dir), conditional=True, etag=True, max_age=0)


def fetch_lean_plotly(static_dir: Path) -> str:
    """Takes the lean bundle from npm if it is not here yet; returns one plain line on what is in
    use.
    """
    version = get_plotlyjs_version()
    target = locate_lean_plotly(static_dir)
    if target.is_file():
        return write_message("plotly.js {version} (bản gọn) đã có.", version=version)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as temporary:
        command = [
            "npm",
            "pack",
            f"{LEAN_PACKAGE}@{version}",
            "--silent",
            "--pack-destination",
            temporary,
        ]
        try:
            subprocess.run(
                command, check=True, capture_output=True, timeout=_NPM_SECONDS, cwd=temporary
            )
            (package,) = Path(temporary).glob("*.tgz")
            with tarfile.open(package) as archive:
                member = archive.extractfile(LEAN_MEMBER)
                content = member.read() if member else b""
            if f"v{version}".encode() not in content[:400]:
                raise ValueError("another version")
        except (OSError, subprocess.SubprocessError, tarfile.TarError, KeyError, ValueError):
            return write_message(
                "Không lấy được plotly.js bản gọn qua npm; dùng bản đầy đủ {version} "
                "kèm theo gói plotly.",
                version=version,
            )
        unfinished = Path(temporary) / "plotly.js"
        unfinished.write_bytes(content)
        unfinished.replace(target)
    return write_message("Đã lấy plotly.js {version} bản gọn qua npm.", version=version)
