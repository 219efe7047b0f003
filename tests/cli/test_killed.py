"""An import that is killed at any moment leaves the old state or the new one."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from dashboard import reference, store
from dashboard.settings import ROOT
from tests.conftest import TODAY
from tools.running import environment_in

_TRIES = 6
# Imports are processes of their own, started from one that has read the program already: each start
# costs a second. A line "address<tab>file" starts one; the line after it tells to kill it or to
# wait for it.
_STARTING = """
import os, signal, sys
from dashboard.__main__ import main
print("ready", flush=True)
for line in iter(sys.stdin.readline, ""):
    os.environ["DASHBOARD_DATABASE_URL"], file = line.strip().split("\\t")
    importing = os.fork()
    if not importing:
        os.dup2(2, 1)
        os._exit(main(["import", file]))
    if sys.stdin.readline().strip() == "kill":
        os.kill(importing, signal.SIGKILL)
    print(os.waitstatus_to_exitcode(os.waitpid(importing, 0)[1]), flush=True)
"""


def _write_readings(file: Path) -> int:
    codes = [str(code) for code in reference.select_communes_of_province("51").index]
    days = [f"2026-{month:02}-{day:02}" for month in range(1, 11) for day in range(1, 29)]
    lines = [
        f"{code},network_mbps,{number}.5,declared,{day}"
        for number, day in enumerate(days)
        for code in codes
    ]
    file.write_text("\n".join(["commune_code,measure,value,basis,as_of", *lines]), encoding="utf-8")
    return len(lines)


def _state(folder: Path) -> tuple[int, int, int]:
    engine = store.open_store(f"sqlite:///{folder / 'dashboard.sqlite'}")
    with engine.connect() as connection:
        counts = [
            connection.exec_driver_sql(f"SELECT COUNT(*) FROM {t}").scalar()
            for t in ("reading", "import_batch")
        ]
    version = store.fetch_data_version(engine).number
    engine.dispose()
    return version, int(counts[0] or 0), int(counts[1] or 0)


def test_a_killed_import_leaves_the_old_state_or_the_new_one(tmp_path: Path) -> None:
    file = tmp_path / "readings.csv"
    rows = _write_readings(file)
    fresh = tmp_path / "fresh"
    old = (_state(_made(fresh))[0], 0, 0)
    new = (old[0] + 1, rows, 1)
    random.seed()
    with subprocess.Popen(
        [sys.executable, "-c", _STARTING],
        cwd=ROOT,
        env={**os.environ, "DASHBOARD_TODAY": TODAY},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as starting:
        assert starting.stdout
        assert starting.stdout.readline() == "ready\n"
        shutil.copytree(fresh, tmp_path / "whole")
        unbroken = _import(starting, tmp_path / "whole", file)
        assert _state(tmp_path / "whole") == new
        for number in range(_TRIES):
            folder = tmp_path / str(number)
            shutil.copytree(fresh, folder)
            _tell(starting, _order(folder, file))
            # while it puts what it wrote into the store: from the first byte there on
            if number % 2:
                _wait_for_writing(folder)
                time.sleep(random.uniform(0, 0.02))
            else:
                time.sleep(random.uniform(0, unbroken))
            _tell(starting, "kill")
            assert _ended(starting) in {0, -signal.SIGKILL}
            assert _state(folder) in (old, new)
        _import(starting, folder, file)
        assert _state(folder) == new


def _order(folder: Path, file: Path) -> str:
    return f"{environment_in(folder)['DASHBOARD_DATABASE_URL']}\t{file}"


def _import(starting: subprocess.Popen[str], folder: Path, file: Path) -> float:
    """An import that nobody kills; its seconds."""
    began = time.monotonic()
    _tell(starting, _order(folder, file))
    _tell(starting, "wait")
    assert _ended(starting) == 0
    return time.monotonic() - began


def _tell(starting: subprocess.Popen[str], line: str) -> None:
    assert starting.stdin
    print(line, file=starting.stdin, flush=True)


def _ended(starting: subprocess.Popen[str]) -> int:
    """The exit status of the import that was started last; negative: the signal that killed it."""
    assert starting.stdout
    return int(starting.stdout.readline())


def _made(folder: Path) -> Path:
    folder.mkdir()
    store.prepare_store(f"sqlite:///{folder / 'dashboard.sqlite'}").dispose()
    return folder


def _has_bytes(journal: Path) -> bool:
    try:
        return journal.stat().st_size > 0
    except FileNotFoundError:  # not begun, or gone again between two looks
        return False


def _wait_for_writing(folder: Path) -> None:
    journal, waited = folder / "dashboard.sqlite-wal", time.monotonic()
    while time.monotonic() - waited < 5 and not _has_bytes(journal):
        time.sleep(0.005)
