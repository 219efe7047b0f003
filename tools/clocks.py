"""Clocks that jump under programs that run, as those of machines do whose time is set.

Each program of a clock's environment asks its file twenty times a second how many seconds it is
ahead. Only what tells the time jumps: what measures how long something takes goes on (monotonic
clocks), as on a machine; times of files stay those of the machine, too.
"""

from __future__ import annotations

import os
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

import time_machine

# Nothing of ours is imported: programs import this before all else.
_ROOT = Path(__file__).parents[1]
_FILE = "CHAOS_CLOCK"
_LOOK_SECONDS = 0.05
# Python imports a module of this name at the start of each program.
_AT_EVERY_START = "import tools.clocks\ntools.clocks.follow_clock()\n"


class Clock:
    """A clock in `folder` (a new one) that says `now` (with its zone) and goes on from there."""

    def __init__(self, folder: Path, now: datetime) -> None:
        folder.mkdir()
        self._file = folder / "seconds-ahead"
        self._right = (now - datetime.now(now.tzinfo)).total_seconds()
        self.environment = {_FILE: str(self._file), "PYTHONPATH": f"{folder}{os.pathsep}{_ROOT}"}
        (folder / "sitecustomize.py").write_text(_AT_EVERY_START, encoding="utf-8")
        self.jump(timedelta())

    def jump(self, ahead: timedelta) -> None:
        """Sets it so far before (or behind) what is right, and waits until all programs know."""
        beside = self._file.with_name("next")
        beside.write_text(str(self._right + ahead.total_seconds()), encoding="ascii")
        beside.replace(self._file)
        time.sleep(4 * _LOOK_SECONDS)


def follow_clock() -> None:
    """From now on this program, and what it forks, tells the time of its environment's clock."""
    file = Path(os.environ[_FILE])
    seconds = _read_seconds(file)
    traveller = time_machine.travel(timedelta(seconds=seconds), tick=True).start()

    def follow() -> None:
        nonlocal seconds
        while True:
            newer = _read_seconds(file)
            if newer != seconds:
                traveller.shift(newer - seconds)
                seconds = newer
            time.sleep(_LOOK_SECONDS)

    def start_following() -> None:
        threading.Thread(target=follow, daemon=True).start()

    os.register_at_fork(after_in_child=start_following)
    start_following()


def _read_seconds(file: Path) -> float:
    return float(file.read_text(encoding="ascii"))
