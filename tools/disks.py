"""Small disks that can be filled, for tests and tools."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def mount_small_disk(folder: Path, megabytes: int) -> Iterator[bool]:
    """A file system of its own at `folder`; whether this account may make one."""
    options = ["-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs"]
    mounted = (
        os.geteuid() == 0
        and not subprocess.run(
            ["mount", *options, str(folder)], capture_output=True, check=False
        ).returncode
    )
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=False)


@contextmanager
def fill_disk(folder: Path) -> Iterator[None]:
    """Not a byte is free on the file system of `folder`."""
    ballast = folder / "ballast"
    try:
        with suppress(OSError), ballast.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(1 << 20))
        with suppress(OSError), ballast.open("ab", buffering=0) as file:
            while True:
                file.write(bytes(512))
        yield
    finally:
        ballast.unlink(missing_ok=True)
