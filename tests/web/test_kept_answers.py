"""Answers kept as files: made once a machine, whole or not there, bounded, and nobody's secret."""

from __future__ import annotations

import errno
import inspect
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier, Event

import brotli
import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from dashboard.accounts.roles import Role
from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.web import kept_answers
from dashboard.web.documents.document import Document
from dashboard.web.kept_answers import KeptAnswer, KeptAnswers, MadeAnswer
from dashboard.web.overview import live, quadrant
from dashboard.web.server import DOCUMENTS as DOCUMENTS_OF_ALL
from dashboard.web.server import create_app
from tests.web.people import add_account, open_browser, sign_in

STATE = "/api/state?province=51"
CHARTS = "/api/charts?province=51&as_of=2026-11-20"
DOCUMENTS = ("/xa/21250", "/xep-hang", "/thieu-gi", "/to-cong-tac", "/ho-so", "/chi-so")
# Holds a name as a process does that makes its answer, until its input ends.
HOLDER = """
import fcntl, os, sys
descriptor = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
fcntl.lockf(descriptor, fcntl.LOCK_EX, 1, int(sys.argv[2]))
print("held", flush=True)
sys.stdin.read()
"""


def make_hello() -> MadeAnswer:
    return MadeAnswer(b"hello", "tag")


def refuse() -> MadeAnswer:
    raise AssertionError("this was made before")


def read(answer: KeptAnswer | None) -> bytes:
    assert answer is not None
    return brotli.decompress(answer.compressed)


def list_kept(folder: Path) -> list[Path]:
    return [file for file in folder.glob("*") if file.name != "lock"]


@contextmanager
def another_process_making(folder: Path, name: str) -> Iterator[None]:
    folder.mkdir(exist_ok=True)
    command = [sys.executable, "-c", HOLDER, str(folder / "lock"), str(int(name[:12], 16))]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        yield
        process.communicate()


@pytest.fixture
def kept(tmp_path: Path) -> KeptAnswers:
    return KeptAnswers(tmp_path / "kept", 10_000_000)


def test_what_one_process_made_another_reads(kept: KeptAnswers, tmp_path: Path) -> None:
    name = kept.name_answer("state", 1)
    assert read(kept.obtain(name, "tag", make_hello)) == b"hello"
    another = KeptAnswers(tmp_path / "kept", 10_000_000)
    assert read(another.obtain(name, "tag", refuse)) == b"hello"


def test_what_an_answer_depends_on_is_its_name(tmp_path: Path) -> None:
    kept = KeptAnswers(tmp_path, 10_000_000, "criteria of today")
    of_others = KeptAnswers(tmp_path, 10_000_000, "criteria of tomorrow")
    assert kept.name_answer("state", 1) == kept.name_answer("state", 1)
    assert kept.name_answer("state", 1) != kept.name_answer("state", 2)
    assert kept.name_answer("state", 1) != of_others.name_answer("state", 1)


def test_an_answer_with_a_failed_part_is_kept_by_nobody(kept: KeptAnswers, tmp_path: Path) -> None:
    name = kept.name_answer("state")
    kept.obtain(name, "tag", lambda: MadeAnswer(b"half", "other", is_sound=False))
    assert not list_kept(tmp_path / "kept")
    assert read(kept.obtain(name, "tag", make_hello)) == b"hello"


@pytest.mark.parametrize("damage", ["cut off", "of another name", "empty"])
def test_a_damaged_file_is_no_answer(kept: KeptAnswers, tmp_path: Path, damage: str) -> None:
    name, other = kept.name_answer("one"), kept.name_answer("other")
    kept.obtain(name, "tag", make_hello)
    kept.obtain(other, "tag", lambda: MadeAnswer(b"other", "tag"))
    file = tmp_path / "kept" / name
    contents = {
        "cut off": file.read_bytes()[:-1],
        "of another name": (tmp_path / "kept" / other).read_bytes(),
        "empty": b"",
    }
    file.write_bytes(contents[damage])
    assert kept.fetch(name) is None
    assert read(kept.obtain(name, "tag", make_hello)) == b"hello"
    assert kept.fetch(name), "made anew, and kept"


def test_the_folder_stays_within_its_bytes_and_the_oldest_go_first(tmp_path: Path) -> None:
    kept = KeptAnswers(tmp_path, 100_000)
    names = [kept.name_answer(number) for number in range(120)]
    for number, name in enumerate(names):
        kept.keep(name, os.urandom(2_000))
        moment = 1_000_000_000 + number
        if (tmp_path / name).exists():
            os.utime(tmp_path / name, (moment, moment))
    used = 4096 * len(list_kept(tmp_path))
    assert used <= 100_000 + 12_500, "what came since it was looked through"
    assert kept.fetch(names[-1])
    assert kept.fetch(names[0]) is None


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS])
def test_a_full_disk_costs_no_answer(
    kept: KeptAnswers,
    tmp_path: Path,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "replace", fail)
    with caplog.at_level(logging.WARNING, "dashboard"):
        for number in range(3):
            assert read(kept.obtain(kept.name_answer(number), "tag", make_hello)) == b"hello"
    assert not list_kept(tmp_path / "kept"), "nothing unfinished is left"
    assert len(caplog.records) == 1
    assert os.strerror(code) in caplog.text


def test_the_last_of_the_disk_is_the_stores(
    kept: KeptAnswers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_answers, "LEAST_FREE_BYTES", 10**18)
    assert read(kept.obtain(kept.name_answer(1), "tag", make_hello)) == b"hello"
    assert not list_kept(tmp_path / "kept")


def test_a_folder_that_cannot_be_made_costs_no_answer(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    kept = KeptAnswers(tmp_path / "file" / "kept", 10_000_000)
    assert read(kept.obtain(kept.name_answer(1), "tag", make_hello)) == b"hello"


def test_a_folder_that_is_deleted_in_use_fills_again(kept: KeptAnswers, tmp_path: Path) -> None:
    name = kept.name_answer(1)
    kept.obtain(name, "tag", make_hello)
    for file in (tmp_path / "kept").glob("*"):
        file.unlink()
    (tmp_path / "kept").rmdir()
    assert read(kept.obtain(name, "tag", make_hello)) == b"hello"
    assert kept.fetch(name)


def test_many_who_ask_at_once_cost_one_computation(kept: KeptAnswers) -> None:
    name, together, made = kept.name_answer(1), Barrier(8), []

    def make() -> MadeAnswer:
        made.append(1)
        return make_hello()

    def ask() -> bytes:
        together.wait()
        return read(kept.obtain(name, "tag", make))

    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(ask) for _ in range(8)]
        assert {answer.result() for answer in answers} == {b"hello"}
    assert len(made) == 1


def test_a_computation_that_fails_is_tried_anew(kept: KeptAnswers) -> None:
    name = kept.name_answer(1)

    def fail() -> MadeAnswer:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        kept.obtain(name, "tag", fail)
    assert read(kept.obtain(name, "tag", make_hello)) == b"hello"


def test_what_another_process_makes_is_waited_for_or_not(kept: KeptAnswers, tmp_path: Path) -> None:
    name = kept.name_answer(1)
    with ThreadPoolExecutor(1) as pool:
        with another_process_making(tmp_path / "kept", name):
            assert kept.obtain(name, "tag", refuse, may_wait=False) is None
            waiting = pool.submit(kept.obtain, name, "tag", refuse)
            assert not waiting.done()
            KeptAnswers(tmp_path / "kept", 10_000_000).keep(name, brotli.compress(b"theirs"))
        assert read(waiting.result()) == b"theirs"


def test_a_process_that_hangs_or_dies_holds_nobody_up(
    kept: KeptAnswers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_answers, "MOST_WAIT_SECONDS", 0.05)
    name = kept.name_answer(1)
    with another_process_making(tmp_path / "kept", name):
        assert read(kept.obtain(name, "tag", make_hello)) == b"hello"
    other = kept.name_answer(2)
    with another_process_making(tmp_path / "kept", other):
        pass
    assert read(kept.obtain(other, "tag", make_hello, may_wait=False)) == b"hello"


def test_an_answer_is_computed_by_one_server_process_and_read_by_the_others(
    own_pages: FlaskClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = own_pages.get(STATE).get_json()
    addresses = [STATE, "/", "/api/wall?province=51", state["map"], *state["days"], *DOCUMENTS]
    ours = {address: own_pages.get(address).data for address in addresses}
    another = create_app(settings).server.test_client()

    def fail(*_: object, **__: object) -> None:
        raise AssertionError("computed again")

    monkeypatch.setattr(Reports, "loaded", fail)
    monkeypatch.setattr(Reports, "report", fail)
    for address in addresses:
        for coding in ("br", "gzip", ""):
            answer = another.get(address, headers={"Accept-Encoding": coding})
            assert answer.status_code == 200, address
            assert answer.headers.get("Content-Encoding", "") == coding, address
        assert answer.data == ours[address] or address == "/", address
    assert "<li>" in another.get("/").text, "the figures of the first answer"


def test_a_figure_is_drawn_once_a_machine(
    own_pages: FlaskClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamp = own_pages.get(STATE).get_json()["stamp"]
    drawn = own_pages.get(CHARTS).data
    by_night = own_pages.get(f"{CHARTS}&dark=1").data
    assert by_night != drawn
    another = create_app(settings).server.test_client()

    def fail(*_: object, **__: object) -> None:
        raise AssertionError("drawn again")

    monkeypatch.setattr(Reports, "report", fail)
    assert another.get(CHARTS).data == drawn
    assert another.get(f"{CHARTS}&v={stamp}&lost=3").data == drawn
    assert another.get(f"{CHARTS}&dark=1").data == by_night


def test_a_chart_that_failed_is_drawn_anew(
    own_pages: FlaskClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(quadrant, "compute_quadrant", lambda _report: 1 / 0)
        assert own_pages.get(CHARTS).get_json()["failed"] == ["quadrant"]
    assert not list_kept(settings.kept_dir)
    assert own_pages.get(CHARTS).get_json()["failed"] == []


def test_who_is_signed_in_neither_leaves_nor_takes_a_kept_answer(
    own_store: Engine, settings: Settings
) -> None:
    add_account(own_store, "van-thu", Role.CLERK)
    server = create_app(settings).server
    clerk = open_browser(server)
    sign_in(clerk, "van-thu")
    for address in (STATE, "/", "/xep-hang"):
        assert clerk.get(address).status_code == 200
    assert not list_kept(settings.kept_dir)
    server.test_client().get(STATE)
    assert list_kept(settings.kept_dir)


def test_where_viewing_needs_an_account_nothing_is_kept(
    own_store: Engine, settings: Settings
) -> None:
    add_account(own_store, "nguoi-xem", Role.VIEWER)
    server = create_app(settings.model_copy(update={"view": "signed-in"})).server
    viewer = open_browser(server)
    sign_in(viewer, "nguoi-xem")
    for address in (STATE, "/", "/xep-hang"):
        assert viewer.get(address).status_code == 200
        assert server.test_client().get(address).status_code in {302, 401}
    assert not list_kept(settings.kept_dir)


def test_what_somebody_wrote_into_an_address_is_not_kept(
    own_pages: FlaskClient, settings: Settings
) -> None:
    for address in ("/tim?q=nguyen+van+a", "/thieu-gi?province=nguyen-van-a"):
        assert own_pages.get(address).status_code == 200
    assert not list_kept(settings.kept_dir)


def test_a_page_that_tells_of_this_minute_is_not_kept(
    own_pages: FlaskClient, settings: Settings
) -> None:
    assert own_pages.get("/du-lieu").status_code == 200
    assert not list_kept(settings.kept_dir)


@pytest.mark.parametrize(
    "document", [entry for entry in DOCUMENTS_OF_ALL if entry.is_kept], ids=lambda entry: entry.rule
)
def test_a_kept_page_asks_neither_the_clock_nor_who_looks(document: Document) -> None:
    module = inspect.getmodule(document.context)
    assert module is not None
    source = inspect.getsource(module)
    assert not re.search(r"\.now\(|cookies|find_account|find_author|current_user|session\[", source)


def test_a_poll_keeps_its_picture_while_the_new_one_is_made(
    own_pages: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, release, fetch_state = Event(), Event(), live.fetch_state

    def take_long(*arguments: object) -> object:
        begun.set()
        assert release.wait(20)
        return fetch_state(*arguments)  # type: ignore[arg-type]

    mark = own_pages.get(STATE + "&as_of=2026-11-20").headers["ETag"].strip('"').partition("-")[2]
    older = f'"0123456789abcdef-{mark}"'
    monkeypatch.setattr(live, "fetch_state", take_long)
    with ThreadPoolExecutor(1) as pool, ThreadPoolExecutor(1) as pool_of_others:
        client = own_pages.application.test_client()
        first = pool.submit(client.get, STATE)
        assert begun.wait(20)
        poll = own_pages.get(STATE, headers={"If-None-Match": older})
        assert not first.done(), "nobody waited"
        other = '"0123456789abcdef-000000"'
        of_another_store = pool_of_others.submit(
            own_pages.application.test_client().get, STATE, headers={"If-None-Match": other}
        )
        release.set()
        tag = first.result().headers["ETag"]
        # what another store told is nobody's picture any more
        assert of_another_store.result().headers["ETag"] == tag
    assert (poll.status_code, poll.headers["ETag"]) == (304, older)
    assert own_pages.get(STATE, headers={"If-None-Match": older}).headers["ETag"] == tag


def test_the_settings_and_files_that_pages_follow_are_in_every_name(
    settings: Settings, tmp_path: Path
) -> None:
    criteria = tmp_path / "criteria.toml"
    criteria.write_bytes(settings.criteria.read_bytes())
    changed = settings.model_copy(update={"criteria": criteria})
    before = kept_answers.describe_dependencies(changed)
    criteria.write_bytes(criteria.read_bytes() + b"\n")
    names = {
        before,
        kept_answers.describe_dependencies(changed),
        *(
            kept_answers.describe_dependencies(settings.model_copy(update=update))
            for update in ({"province": "25"}, {"base_path": "/x"}, {"database_url": "sqlite://"})
        ),
    }
    assert len(names) == 5
    on_another_port = settings.model_copy(update={"port": 1, "workers": 9})
    assert kept_answers.describe_dependencies(on_another_port) == (
        kept_answers.describe_dependencies(settings)
    )


def test_none_are_kept_where_the_settings_say_so(own_store: Engine, settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"kept_bytes": 0}))
    assert app.server.test_client().get(STATE).status_code == 200
    assert not settings.kept_dir.exists()
