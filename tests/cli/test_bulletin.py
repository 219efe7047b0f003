"""`bulletin` writes one file for an edition and a day, the same each time."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path
from typing import Any

from dashboard import store
from dashboard.settings import ROOT, Settings
from tests import making


def test_a_second_run_writes_the_same_file(run: Any, settings: Settings, tmp_path: Path) -> None:
    engine = store.prepare_store(settings.database_url)
    readings = making.declaration("21250", date(2026, 11, 20))
    store.save_batch(engine, making.batch("ke-khai", readings=readings), by="test")
    engine.dispose()
    folder = tmp_path / "ban-tin"
    folder.mkdir()
    command = ("bulletin", "--province", "51", "--day", "2026-11-21", "--output", str(folder))

    contents = []
    for _ in range(2):
        status, _, said = run(*command)
        assert status == 0, said
        contents.append({file.name: file.read_bytes() for file in folder.iterdir()})

    assert list(contents[0]) == ["ban-tin-ngay_51_2026-11-21.pdf"]
    assert contents[0] == contents[1]


def test_a_day_without_figures_to_be_or_a_lost_folder_is_refused(run: Any, tmp_path: Path) -> None:
    command = ("bulletin", "--province", "51", "--output")

    assert run(*command, str(tmp_path), "--day", "2027-01-01")[0] == 2
    status, _, said = run(*command, str(tmp_path / "nowhere" / "a.pdf"))
    assert status == 2
    assert "Không ghi được" in said


def test_the_timer_writes_week_and_month_when_they_are_over(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\necho "$7 $9" >> {tmp_path}/asked\n', encoding="utf-8")
    python.chmod(0o755)
    for today in ("2026-06-01", "2026-06-02"):
        subprocess.run(
            [str(ROOT / "deploy" / "write-bulletins.sh"), str(tmp_path)],
            env={"PYTHON": str(python), "PATH": "/usr/bin:/bin", "DASHBOARD_TODAY": today},
            check=True,
        )
    assert (tmp_path / "asked").read_text(encoding="utf-8").split("\n")[:-1] == [
        "day 2026-05-31",
        "week 2026-05-31",
        "month 2026-05-31",
        "day 2026-06-01",
    ]
