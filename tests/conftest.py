"""What the tests share: settings and stores that are thrown away, a real server, a real browser."""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from sqlalchemy import Engine

from dashboard import store
from dashboard.accounts import passwords
from dashboard.settings import Settings, read_settings
from tools.postgresql import PostgreSQL, run_postgresql
from tools.running import CHROMIUM_ARGS, Server, chromium_path, environment_in, free_port

ROOT = Path(__file__).resolve().parent.parent
TODAY = "2026-11-22"
# Commands speak Vietnamese here, whatever the machine's locale; a test of English says so itself.
os.environ["DASHBOARD_LANG"] = "vi"
# What is imported is compiled once and kept, whatever the shell wishes: tests start hundreds of
# processes, each more than a second quicker so, and pytest rewrites 300 modules in each of its own.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# What is made until the first test stays to the end: looking through it for garbage is in vain.
gc.disable()
# A busy machine may be slow: how soon something happens is measured by benchmarks, not here.
LONGEST = 60_000  # milliseconds
expect.set_options(timeout=LONGEST)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """All tests run in a few processes side by side; a selection runs in this one, which starts
    sooner.
    """
    if config.args != config.getini("testpaths") or config.option.keyword:
        return 0
    processors = os.cpu_count() or 1
    if config.option.markexpr == NOT_HEAVY:
        return min(processors, 4)
    # Two more than processors: browsers, servers and watched folders are often waited for.
    return min(processors + 2, 4) if not config.option.markexpr else 0


NOT_HEAVY = "not heavy"  # what `make check` selects
# Who uses one of these waits for a browser, a server, PostgreSQL or the whole sample, or fills a
# store and builds the whole program over it; whole ways (a command, a store, a country's outlines)
# and examples by the hundred take their time, too.
_HEAVY_FIXTURES = {"browser", "postgresql", "new_database", "sample_folder", "server", "own_server"}
_HEAVY_FIXTURES |= {"bad_disk", "pages", "settings", "new_settings", "small_server"}
_HEAVY_FOLDERS = {"browser", "deploy", "cli", "store", "outlines", "sample"}
# Tests beside the folders of tests/sources read whole files as offices send them.
_WHOLE_FILES = ROOT / "tests" / "sources"
# Whose module makes one of these builds the whole program, or asks a store for whole reports.
_HEAVY_MAKERS = {"create_app", "Reports"}


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """What is heavy as a whole is not even imported where nothing heavy is wanted."""
    is_left_out = config.option.markexpr == NOT_HEAVY and _is_in_heavy_place(collection_path)
    return True if is_left_out else None


def _is_in_heavy_place(path: Path) -> bool:
    within = path.relative_to(ROOT / "tests").parts if path.is_relative_to(ROOT / "tests") else ()
    is_whole_file = path.parent == _WHOLE_FILES and path.name.startswith("test_")
    return is_whole_file or bool(_HEAVY_FOLDERS & set(within[:1]))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks as `heavy` what `make check` leaves out; only a test that starts a server of its own,
    or asks for every commune of the country, says so itself.
    """
    for test in items:
        if _is_heavy(test):
            test.add_marker("heavy")


def pytest_collection_finish() -> None:
    """From here on garbage is looked for, but not in modules and tests, which took two fifths of
    the time of making the program; and less often than by default, as syntax trees and figures of
    tests are large: half the time of reading all files of the project went there.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


def _is_heavy(test: pytest.Item) -> bool:
    parameters = getattr(test, "callspec", None)
    return bool(
        _HEAVY_FIXTURES & set(getattr(test, "fixturenames", ()))
        or (parameters and parameters.params.get("store_url") == "postgresql")
        or _is_in_heavy_place(test.path)
        or _HEAVY_MAKERS & set(vars(getattr(test, "module", test)))
        or getattr(getattr(test, "obj", None), "is_hypothesis_test", False)
    )


# What the product hashes passwords with; tests of pages only need a hash that verifies.
REAL_HASHER = passwords._HASHER


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> Iterator[None]:
    """Passwords are hashed in a millisecond here instead of 200: half the time of tests that sign
    in. Servers in processes of their own hash as always.
    """
    with pytest.MonkeyPatch.context() as patch:
        quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
        patch.setattr(passwords, "_HASHER", quick)
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """The facts that the project is checked against; they lie beside the project, not in it."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder ../shared with the facts to check against is not here")
    return folder


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty store, migrated once: a copy of it opens at once."""
    file = tmp_path_factory.mktemp("empty") / "store.sqlite"
    store.prepare_store(f"sqlite:///{file}").dispose()
    return file


def _make_settings(folder: Path, empty_store: Path) -> Settings:
    settings = read_settings(environment_in(folder, DASHBOARD_TODAY=TODAY))
    shutil.copyfile(empty_store, settings.database_url.removeprefix("sqlite:///"))
    return settings


@pytest.fixture
def settings(tmp_path: Path, empty_store: Path) -> Settings:
    """Settings of an empty dashboard in a folder of its own."""
    return _make_settings(tmp_path, empty_store)


@pytest.fixture(scope="session")
def new_settings(
    tmp_path_factory: pytest.TempPathFactory, empty_store: Path
) -> Callable[[], Settings]:
    """Makes such settings for stores that the tests of a module fill once and then look at."""
    return lambda: _make_settings(tmp_path_factory.mktemp("module"), empty_store)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A real PostgreSQL server that lives as long as the tests."""
    with run_postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def new_database(postgresql: PostgreSQL) -> Iterator[Callable[[], AbstractContextManager[str]]]:
    """Makes empty stores on PostgreSQL, copies of one that was migrated once; each lives as long as
    it is used.
    """

    @contextmanager
    def copy() -> Iterator[str]:
        name = f"store_{next(numbers)}"
        # File by file: page by page through the log, as by default, takes three times as long.
        connection.execute(f"CREATE DATABASE {name} TEMPLATE empty STRATEGY = FILE_COPY".encode())
        yield postgresql.write_address(name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    numbers = count(1)
    store.prepare_store(postgresql.create_database("empty")).dispose()
    with psycopg.connect(postgresql.write_uri(), autocommit=True) as connection:
        yield copy


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty store: the same test runs on SQLite and on PostgreSQL."""
    if request.param == "postgresql":
        with request.getfixturevalue("new_database")() as address:
            yield address
        return
    shutil.copyfile(request.getfixturevalue("empty_store"), tmp_path / "store.sqlite")
    yield f"sqlite:///{tmp_path / 'store.sqlite'}"


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    """An empty store, opened: on SQLite, then on PostgreSQL."""
    opened = store.open_store(store_url)
    yield opened
    opened.dispose()


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store filled with the sample data and its static files, made once as `make setup` makes it:
    copy it.
    """
    kept = os.environ.get("DASHBOARD_TEST_SAMPLE")  # a folder made before, to try one test quickly
    if kept and Path(kept).is_dir():
        return Path(kept)
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # of all processes of this run
    folder, done = base / "sample", base / "sample.done"
    with open(base / "sample.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the first makes it, the others wait
        if not done.exists():
            folder.mkdir()
            result = Server(folder, environment_in(folder, DASHBOARD_TODAY=TODAY), 0).command(
                "setup"
            )
            assert result.returncode == 0, result.stdout + result.stderr
            done.touch()
    return folder


def _serve(folder: Path) -> Server:
    quick = {"DASHBOARD_POLL_SECONDS": "1", "DASHBOARD_WORKERS": "2", "DASHBOARD_THREADS": "4"}
    server = Server(folder, environment_in(folder, DASHBOARD_TODAY=TODAY, **quick), free_port())
    server.start()
    return server


@pytest.fixture(scope="session")
def server(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server on the sample data, shared by all tests: look, do not change its store."""
    folder = tmp_path_factory.mktemp("server")
    shutil.copytree(sample_folder, folder, dirs_exist_ok=True)
    running = _serve(folder)
    yield running
    running.stop()


@pytest.fixture
def own_server(sample_folder: Path, tmp_path: Path) -> Iterator[Server]:
    """A running server on a copy of the sample data that the test may import into, stop
    and start.
    """
    shutil.copytree(sample_folder, tmp_path, dirs_exist_ok=True)
    running = _serve(tmp_path)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium for which every outside host is unresolvable."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_ARGS)
        yield chromium
        chromium.close()


# What browser and Dash say by themselves when a test takes the server away.
_OUTAGE = (
    "Failed to load resource",
    "Callback failed: the server did not respond",
    "An unknown error occurred when fetching the script",
)


def watch(page: Page, faults: list[str], *, outage: bool = False) -> None:
    """Notes in `faults` what a page must never do: an error in the console (a breach of the
    Content-Security-Policy is one), a throw, a question to any host but 127.0.0.1. Where there is
    an `outage`, its own words are none."""

    def note_console(message: Any) -> None:
        if message.type == "error" and not (
            outage and any(words in message.text for words in _OUTAGE)
        ):
            faults.append(f"console: {message.text} ({message.location.get('url', '')})")

    def note_request(network_request: Any) -> None:
        if not network_request.url.startswith(("http://127.0.0.1:", "data:", "blob:", "about:")):
            faults.append(f"outside request: {network_request.url}")

    page.on("console", note_console)
    page.on("pageerror", lambda error: faults.append(f"thrown: {error}"))
    page.on("request", note_request)


@pytest.fixture
def new_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Opens watched pages: `new_page(viewport={…}, color_scheme="dark", …)`.

    The test fails at its end if `watch` noted anything of any of them.
    """
    faults: list[str] = []
    contexts: list[BrowserContext] = []
    outage = request.node.get_closest_marker("outage") is not None

    def open_page(**options: Any) -> Page:
        context = browser.new_context(
            **{"locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh", **options}
        )
        context.set_default_timeout(LONGEST)
        contexts.append(context)
        page = context.new_page()
        watch(page, faults, outage=outage)
        return page

    yield open_page
    for context in contexts:
        for opened in context.pages:
            # a question held back by the test may still be under way
            opened.unroute_all(behavior="ignoreErrors")
        context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A watched page at 1440×900, light."""
    return new_page(viewport={"width": 1440, "height": 900}, color_scheme="light")
