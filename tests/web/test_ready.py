"""`/ready` looks into the store: a damaged one is not ready, wherever it is damaged."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from flask.testing import FlaskClient

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
