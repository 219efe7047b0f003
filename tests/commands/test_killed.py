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
from tests.conftest import TODAY, environment_in

_TRIES = 5


def _write_readings(file: Path) -> int:
    codes = [str(code) for code in reference.communes_of("51").index]
    days = [f"2026-{month:02}-{day:02}" for month in range(1, 11) for day in range(1, 29)]
    lines = [f"{code},network_mbps,{place}.5,declared,{day}" for place, day in enumerate(days) for code in codes]
    file.write_text("\n".join(["commune_code,measure,value,basis,as_of", *lines]), encoding="utf-8")
    return len(lines)


def _state(folder: Path) -> tuple[int, int, int]:
    engine = store.open_store(f"sqlite:///{folder / 'dashboard.sqlite'}")
    with engine.connect() as connection:
        counts = [connection.exec_driver_sql(f"SELECT COUNT(*) FROM {t}").scalar() for t in ("reading", "import_batch")]
    version = store.version(engine)
    engine.dispose()
    return version, int(counts[0] or 0), int(counts[1] or 0)


def test_a_killed_import_leaves_the_old_state_or_the_new_one(tmp_path: Path) -> None:
    file = tmp_path / "readings.csv"
    rows = _write_readings(file)
    fresh = tmp_path / "fresh"
    old = (_state(_made(fresh))[0], 0, 0)
    new = (old[0] + 1, rows, 1)
    random.seed()
    for number in range(_TRIES):
        folder = tmp_path / str(number)
        shutil.copytree(fresh, folder)
        environment = {**os.environ, **environment_in(folder, DASHBOARD_TODAY=TODAY)}
        command = [sys.executable, "-m", "dashboard", "import", str(file)]
        importing = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        if number:  # mostly while it writes: from its first byte in the store on
            _wait_for_writing(importing, folder)
            time.sleep(random.uniform(0, 0.12))
        else:
            time.sleep(random.uniform(0, 1))
        importing.send_signal(signal.SIGKILL)
        importing.wait()
        assert _state(folder) in (old, new)
    environment = {**os.environ, **environment_in(folder, DASHBOARD_TODAY=TODAY)}
    assert subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=False).returncode == 0
    assert _state(folder) == new


def _made(folder: Path) -> Path:
    folder.mkdir()
    store.open_store(f"sqlite:///{folder / 'dashboard.sqlite'}").dispose()
    return folder


def _wait_for_writing(importing: subprocess.Popen[bytes], folder: Path) -> None:
    journal = folder / "dashboard.sqlite-wal"
    while importing.poll() is None and not (journal.exists() and journal.stat().st_size):
        time.sleep(0.005)
