"""A machine in a bad state: a clock without a battery, a journal deleted by hand, a full disk."""

from __future__ import annotations

import logging
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from dashboard.settings import ROOT, Settings, read_settings
from dashboard.web.server import create_app
from tests.web.test_another_store import ADDRESSES
from tools.running import environment_in


def ask_all(client: FlaskClient) -> set[int]:
    addresses = [address for address in ADDRESSES if "movement" not in address]
    return {client.get(address).status_code for address in ("/", "/man-hinh", *addresses)}


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("day", ["1970-01-01", "2000-01-01", "2025-06-30"])
def test_a_clock_before_all_figures_answers_with_the_first_day_and_is_logged(
    settings: Settings, day: str, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = read_settings({**environment_in(settings.static_dir.parent), "DASHBOARD_TODAY": day})
    with caplog.at_level(logging.WARNING, logger="dashboard"):
        client = create_app(wrong).server.test_client()
    assert "the clock stands before all figures" in caplog.text
    caplog.clear()
    assert ask_all(client) == {200}
    state = client.get("/api/state?province=51").get_json()
    assert state["as_of"] == "2025-07-01"
    assert set(state["layers"]["overall"]["levels"]) == {"u"}
    assert "failed" not in caplog.text


def test_a_journal_deleted_under_the_server_is_no_fault_of_ours(
    own_pages: FlaskClient, told: Engine, store_file: Path
) -> None:
    assert ask_all(own_pages) == {200}
    with told.connect():  # somebody has the store open, so the journal's files are there
        for ending in ("-wal", "-shm"):
            store_file.with_name(store_file.name + ending).unlink(missing_ok=True)
        assert ask_all(own_pages) <= {200, 503}
    told.dispose()
    assert own_pages.get("/ready").status_code == 200
    assert ask_all(own_pages) == {200}


@pytest.mark.parametrize("largest", [0, 900, 6_000])
def test_a_form_on_a_full_disk_is_one_plain_line_and_no_file(tmp_path: Path, largest: int) -> None:
    target = tmp_path / "mau.xlsx"
    command = ["template", "readiness", "--province", "51", "--output", str(target)]
    finished = subprocess.run(
        [sys.executable, "-m", "dashboard", *command],
        env={**os.environ, **environment_in(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=ROOT,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (finished.returncode, finished.stdout) == (2, "")
    assert len(finished.stderr.strip().splitlines()) == 1
    assert "--output" in finished.stderr
    assert not target.exists()
