"""A machine in a bad state: a clock without a battery, a journal deleted by hand, a full disk or
one that can only be read.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from dashboard.settings import ROOT, Settings, read_settings
from dashboard.web.server import create_app
from tests.conftest import TODAY
from tests.web.test_another_store import ADDRESSES
from tools.disks import fill_disk, mount_small_disk
from tools.running import LONGEST_START, environment_in, free_port


def ask_all(client: FlaskClient) -> set[int]:
    addresses = [address for address in ADDRESSES if "movement" not in address]
    return {client.get(address).status_code for address in ("/", "/man-hinh", *addresses)}


@pytest.mark.usefixtures("own_store")
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
    own_pages: FlaskClient, own_store: Engine, store_file: Path
) -> None:
    assert ask_all(own_pages) == {200}
    with own_store.connect():  # somebody has the store open, so the journal's files are there
        for ending in ("-wal", "-shm"):
            store_file.with_name(store_file.name + ending).unlink(missing_ok=True)
        assert ask_all(own_pages) <= {200, 503}
    own_store.dispose()
    assert own_pages.get("/ready").status_code == 200
    assert ask_all(own_pages) == {200}


# Opens the store and answers in a process that may write no byte into any file.
_ANSWER = """
import json, os, sys
from dashboard.settings import read_settings
from dashboard.web.server import create_app
client = create_app(read_settings(os.environ)).server.test_client()
print(json.dumps({address: client.get(address).status_code for address in sys.argv[1:]}))
print(client.post("/api/screens", json={"name": "a", "version": 1, "errors": 0}).status_code)
"""


def test_a_server_that_starts_on_a_full_disk_shows_its_figures(
    own_store: Engine, settings: Settings
) -> None:
    own_store.dispose()
    shown = [address for address in ADDRESSES if "movement" not in address]
    addresses = ["/ready", "/", "/man-hinh", *shown]
    answered = subprocess.run(
        [sys.executable, "-c", _ANSWER, *addresses],
        env={**os.environ, **settings.write_environment(), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=ROOT,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in answered.stderr, answered.stderr
    statuses, written = answered.stdout.splitlines()
    assert json.loads(statuses) == dict.fromkeys(addresses, 200)
    assert written == "503"
    own_store.dispose()
    with (
        own_store.begin() as connection
    ):  # where there is room again, the store is written as always
        connection.execute(text("UPDATE data_version SET version = version"))


@pytest.fixture(params=["full", "read-only"])
def bad_disk(
    request: pytest.FixtureRequest, own_store: Engine, settings: Settings, sample_folder: Path
) -> Iterator[Path]:
    """A store on a small file system of its own to which nobody can write; one static file is not
    compressed yet.
    """
    own_store.dispose()
    folder = settings.static_dir.parent / "disk"
    folder.mkdir()
    with mount_small_disk(folder, megabytes=20) as is_mounted:
        if not is_mounted:
            pytest.skip("only root may mount a file system")
        shutil.copy(settings.database_url.removeprefix("sqlite:///"), folder / "dashboard.sqlite")
        shutil.copytree(sample_folder / "vendor", folder / "vendor")
        shutil.copytree(sample_folder / "static", folder / "static")
        (folder / "static" / "bundles" / "ranking.css").unlink()
        (folder / "static" / "build").unlink()
        if request.param == "full":
            with fill_disk(folder):
                yield folder
        else:
            subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
            yield folder


def test_serve_on_a_bad_disk_answers_and_says_so_in_a_line(bad_disk: Path) -> None:
    environment = environment_in(bad_disk, DASHBOARD_TODAY=TODAY, PORT=str(free_port()))
    with subprocess.Popen(
        [sys.executable, "-m", "dashboard", "serve"],
        env={**os.environ, **environment, "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as serving:
        try:
            address = f"http://127.0.0.1:{environment['PORT']}"
            deadline = time.monotonic() + LONGEST_START
            while time.monotonic() < deadline and serving.poll() is None:
                with suppress(OSError), urllib.request.urlopen(f"{address}/ready", timeout=5):
                    break
                time.sleep(0.2)
            for path in ("/", "/ho-so", "/du-lieu", "/api/state?province=51", "/api/report"):
                with urllib.request.urlopen(address + path, timeout=30) as answer:
                    assert answer.status == 200
        finally:
            serving.send_signal(signal.SIGQUIT)
        assert serving.stdout
        lines = serving.stdout.read().splitlines()
    assert any("chỉ xem được" in line for line in lines), lines
    assert any("tệp tĩnh chưa được nén" in line for line in lines), lines
    assert not any("Traceback" in line or " ERROR " in line for line in lines), lines


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
