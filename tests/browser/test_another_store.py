"""Another store in the place of the one that pages are open on: each shows the new one by itself,
and nothing that a browser kept of the first.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dashboard import store
from dashboard.data_version import DataVersion
from tests import making
from tests.conftest import TODAY
from tools.running import Server, environment_in, free_port

RENEWED = 20_000


@pytest.fixture
def own_server(sample_folder: Path, tmp_path: Path) -> Iterator[Server]:
    """A running server on a small store of some versions, in which one commune is red."""
    for name in ("static", "vendor"):
        shutil.copytree(sample_folder / name, tmp_path / name)
    quick = {"DASHBOARD_POLL_SECONDS": "1", "DASHBOARD_WORKERS": "2", "DASHBOARD_THREADS": "4"}
    environment = environment_in(tmp_path, DASHBOARD_TODAY=TODAY, **quick)
    running = Server(tmp_path, environment, free_port())
    fill_store(find_file(running), 4, "21034", network_stable=0, network_mbps=1)
    running.start()
    yield running
    running.stop()


def fill_store(file: Path, number: int, commune: str, **changed: float) -> None:
    """A store that counts as far as another one, in which one commune told of itself."""
    engine = store.prepare_store(f"sqlite:///{file}")
    while store.fetch_data_version(engine).number < number:
        name = f"{file.stem}-{store.fetch_data_version(engine).number}"
        readings = making.declaration(commune, date(2026, 11, 20), **changed)
        moment = datetime(2026, 11, 20, 16)
        store.save_batch(engine, making.batch(name, readings=readings, as_of=moment), by="test")
    assert store.fetch_data_version(engine).number == number
    engine.dispose()


def read_version(server: Server) -> DataVersion:
    engine = store.open_store(server.settings.database_url)
    version = store.fetch_data_version(engine)
    engine.dispose()
    return version


def find_file(server: Server) -> Path:
    return Path(server.settings.database_url.removeprefix("sqlite:///"))


def open_all(server: Server, new_page: Callable[..., Page]) -> tuple[Page, Page, Page]:
    """The first page, a document and the wall, each in a browser of its own."""
    pages = new_page(), new_page(), new_page()
    for page, path in zip(pages, ("", "to-cong-tac", "man-hinh?province=51"), strict=True):
        page.goto(server.address + path)
        page.wait_for_selector("html[data-ready]", state="attached")
    return pages


def expect_store(server: Server, pages: tuple[Page, Page, Page]) -> None:
    """All three show the store that is there now."""
    token = read_version(server).token
    for page in pages:
        expect(page.locator("html")).to_have_attribute("data-token", token, timeout=RENEWED)


def expect_other_store(pages: tuple[Page, Page, Page], commune: str) -> None:
    """Only one commune is known, on the map of the first page and of the wall."""
    first, document, wall = pages
    for page in (first, wall):
        shape = page.locator(f'path[data-commune="{commune}"]').first
        expect(shape).to_have_attribute("data-level", "green", timeout=RENEWED)
        others = page.locator('path[data-commune][data-level="red"]')
        expect(others).to_have_count(0)
    expect(document.locator("html")).to_have_attribute("data-province", "51")


@pytest.mark.outage
def test_another_store_that_counts_alike_shows_on_open_pages_after_a_restart(
    own_server: Server, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    pages = open_all(own_server, new_page)
    first = read_version(own_server)
    fill_store(tmp_path / "other.sqlite", first.number, "21250")
    own_server.stop()
    os.replace(tmp_path / "other.sqlite", find_file(own_server))
    own_server.start()
    assert read_version(own_server).number == first.number
    expect_store(own_server, pages)
    expect_other_store(pages, "21250")
    for page in pages:  # what a reload takes from the browser's own memory is the new store, too
        page.reload()
        page.wait_for_selector("html[data-ready]", state="attached")
    expect_store(own_server, pages)
    expect_other_store(pages, "21250")


def test_a_restore_shows_on_open_pages_while_the_server_goes_on(
    own_server: Server, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    pages = open_all(own_server, new_page)
    red = pages[0].locator('path[data-commune][data-level="red"]').count()
    assert red > 0
    sample = str(tmp_path / "sample.backup")
    assert own_server.command("backup", sample).returncode == 0
    other = tmp_path / "other.sqlite"
    fill_store(other, read_version(own_server).number, "21250")
    for kept in (str(other), sample):
        restored = own_server.command("restore", kept)
        assert restored.returncode == 0, restored.stderr
        expect_store(own_server, pages)
        if kept == sample:
            expect(pages[0].locator('path[data-commune][data-level="red"]')).to_have_count(red)
        else:
            expect_other_store(pages, "21250")
