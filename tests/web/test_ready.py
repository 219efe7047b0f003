"""`/ready` looks into the store: a damaged one is not ready, wherever it is damaged."""

from __future__ import annotations

import os
import random
import signal
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from dashboard import store
from tools.running import Server, environment_in, free_port

PAGE = 4096


@pytest.mark.parametrize("seed", range(8))
def test_a_damaged_store_is_not_ready(own_pages: FlaskClient, store_file: Path, seed: int) -> None:
    assert own_pages.get("/ready").status_code == 200
    drawn = random.Random(seed)
    content = bytearray(store_file.read_bytes())
    pages = len(content) // PAGE
    first = drawn.randrange(1, pages - 4) * PAGE
    content[first : first + 4 * PAGE] = drawn.randbytes(4 * PAGE)
    store_file.write_bytes(content)
    answer = own_pages.get("/ready")
    assert answer.status_code == 503
    assert own_pages.get("/ready").status_code == 503
    assert own_pages.get("/health").status_code == 200


def test_a_sound_store_is_not_read_whole_each_time(
    own_pages: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert own_pages.get("/ready").status_code == 200
    monkeypatch.setattr(
        "dashboard.store.inspection.find_page_fault", lambda _: pytest.fail("it was read again")
    )
    assert own_pages.get("/ready").get_json()["status"] == "ok"


def test_a_store_cut_short_or_emptied_is_not_ready(
    own_pages: FlaskClient, store_file: Path
) -> None:
    content = store_file.read_bytes()
    for shorter in (content[: len(content) // 2], content[:PAGE], content[:100], b""):
        store_file.write_bytes(shorter)
        began = time.monotonic()
        assert own_pages.get("/ready").status_code == 503
        assert time.monotonic() - began < 2, "who watches the server gives up before"
    store_file.write_bytes(content)
    assert own_pages.get("/ready").status_code == 200


def _list_workers(server: Server) -> list[int]:
    assert server.process is not None
    master = server.process.pid
    return [int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text().split()]


def _fetch_status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.heavy
def test_a_process_that_begins_while_the_store_is_away_waits_for_it(tmp_path: Path) -> None:
    """Ending instead, it would be started again every second of a night."""
    environment = environment_in(tmp_path, DASHBOARD_WORKERS="1", DASHBOARD_KEPT_BYTES="0")
    url = environment["DASHBOARD_DATABASE_URL"]
    store.prepare_store(url).dispose()
    server = Server(tmp_path, environment, free_port())
    server.start()
    try:
        file = Path(url.removeprefix("sqlite:///"))
        away = file.rename(file.with_suffix(".away"))
        (before,) = _list_workers(server)
        os.kill(before, signal.SIGKILL)
        deadline = time.monotonic() + 20
        while _list_workers(server) in ([], [before]) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert _fetch_status(f"{server.address}du-lieu") == 503
        (after,) = _list_workers(server)
        time.sleep(1.5)
        assert _list_workers(server) == [after], "it stays"
        away.rename(file)
        assert _fetch_status(f"{server.address}du-lieu") == 200
    finally:
        server.stop()
