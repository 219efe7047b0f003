"""One process makes what everybody may see: the others ask it, neither wait nor fail with it, and
hand nothing on of who asked."""

from __future__ import annotations

import os
import signal
import socket
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.error import HTTPError

import pytest
from flask import Flask, Response

from dashboard import store
from dashboard.web import answer_maker
from dashboard.web.kept_answers import KeptAnswer
from tests import making
from tools.running import Server, environment_in, free_port

DAY = date(2026, 11, 1)
STATE = "api/state?province=51&as_of=2026-11-{day:02d}"


@pytest.fixture
def no_maker_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_maker, "_asked_at", None)
    monkeypatch.setattr(answer_maker, "_is_maker", False)


@contextmanager
def maker_that_says(listening: socket.socket, answer: bytes) -> Iterator[list[bytes]]:
    questions: list[bytes] = []

    def say() -> None:
        connection, _ = listening.accept()
        with connection:
            questions.append(connection.recv(65536))
            connection.sendall(answer)

    thread = Thread(target=say)
    thread.start()
    yield questions
    thread.join(10)


def write_answer(name: str, state: str = "sound kept", status: int = 200) -> bytes:
    head = f"HTTP/1.1 {status} X\r\nContent-Length: 4\r\nX-Maker-Name: {name}\r\n"
    return f"{head}X-Maker-Etag: tag\r\nX-Maker-State: {state}\r\n\r\nbody".encode()


@pytest.mark.usefixtures("no_maker_yet")
def test_who_has_no_maker_makes_its_own_answer() -> None:
    with Flask("x").test_request_context("/api/state"):
        assert answer_maker.ask_maker("name") is None


@pytest.mark.usefixtures("no_maker_yet")
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (write_answer("name"), KeptAnswer(b"body", "tag")),
        (write_answer("name", "-"), KeptAnswer(b"body", "tag", False, False)),
        (write_answer("name of a later version"), None),
        (write_answer("name", status=429), None),
        (b"", None),
        (b"no answer at all\r\n", None),
    ],
)
def test_only_the_answer_that_was_asked_for_is_one(
    tmp_path: Path, answer: bytes, expected: KeptAnswer | None
) -> None:
    with (
        answer_maker.open_maker_socket(tmp_path) as listening,
        maker_that_says(listening, answer),
        Flask("x").test_request_context("/api/state"),
    ):
        assert answer_maker.ask_maker("name") == expected


@pytest.mark.usefixtures("no_maker_yet")
def test_the_question_is_handed_on_without_who_asks(tmp_path: Path) -> None:
    asking = Flask("x").test_request_context(
        "/api/state?province=51",
        headers={
            "Cookie": "session=secret",
            "Authorization": "Bearer secret",
            "If-None-Match": '"old"',
            "X-Forwarded-Proto": "https",
            "X-Maker-From": "6.6.6.6",
        },
        environ_base={"REMOTE_ADDR": "10.0.0.7"},
    )
    with (
        answer_maker.open_maker_socket(tmp_path) as listening,
        maker_that_says(listening, write_answer("name")) as questions,
        asking,
    ):
        answer_maker.ask_maker("name")
    (question,) = questions
    assert question.startswith(b"GET /api/state?province=51 HTTP/1.1\r\n")
    assert b"X-Forwarded-Proto: https" in question
    assert question.count(b"X-Maker-From") == question.count(b"X-Maker-From: 10.0.0.7") == 1
    assert not any(word in question for word in (b"secret", b"old", b"6.6.6.6"))


@pytest.mark.usefixtures("no_maker_yet")
@pytest.mark.parametrize(("becomes_maker", "seen"), [(False, "1.1.1.1"), (True, "6.6.6.6")])
def test_only_the_maker_believes_who_asked(*, becomes_maker: bool, seen: str) -> None:
    def application(environ: dict[str, Any], _start: Callable[..., Any]) -> list[bytes]:
        assert "HTTP_X_MAKER_FROM" not in environ
        return [environ["REMOTE_ADDR"].encode()]

    if becomes_maker:
        answer_maker.become_maker()
    environ = {"REMOTE_ADDR": "1.1.1.1", "HTTP_X_MAKER_FROM": "6.6.6.6"}
    assert answer_maker.know_askers(application)(environ, None) == [seen.encode()]
    made = answer_maker.describe_made(Response(), "name", KeptAnswer(b"", "tag"))
    assert ("X-Maker-Name" in made.headers) is becomes_maker


@pytest.mark.usefixtures("no_maker_yet")
def test_the_maker_alone_gives_its_place_to_a_new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "kill", lambda *which: ended.append(which))
    answer_maker.begin_anew()
    assert not ended
    answer_maker.become_maker()
    answer_maker.begin_anew()
    assert ended == [(os.getpid(), signal.SIGTERM)]


def list_children(process: int) -> list[str]:
    return Path(f"/proc/{process}/task/{process}/children").read_text().split()


def fetch(address: str, etag: str = "") -> tuple[int, dict[str, str]]:
    headers = {"Accept-Encoding": "br", "X-Maker-From": "6.6.6.6"}
    question = urllib.request.Request(address, headers={**headers, "If-None-Match": etag})
    try:
        with urllib.request.urlopen(question, timeout=40) as answer:
            return answer.status, dict(answer.headers)
    except HTTPError as error:
        return error.code, dict(error.headers)


@pytest.mark.heavy
def test_polls_go_on_while_the_maker_is_busy_and_a_dead_one_is_replaced(tmp_path: Path) -> None:
    environment = environment_in(tmp_path, DASHBOARD_WORKERS="1", DASHBOARD_TODAY="2026-11-22")
    engine = store.prepare_store(environment["DASHBOARD_DATABASE_URL"])
    readings = making.declaration("21250", DAY)
    store.save_batch(engine, making.batch("a", readings=readings), by="test")
    engine.dispose()
    server = Server(tmp_path, environment, free_port())
    server.start()
    try:
        assert server.process is not None
        master = server.process.pid
        children = list_children(master)
        assert len(children) == 2, "a worker, and the maker, which began first"
        maker = int(children[0])
        status, headers = fetch(server.address + STATE.format(day=1))
        assert status == 200
        assert not [name for name in headers if name.startswith("X-Maker")]
        os.kill(maker, signal.SIGSTOP)
        address = server.address + STATE.format(day=2)
        with ThreadPoolExecutor(2) as pool:
            polls = [pool.submit(fetch, address, headers["ETag"]) for _ in range(2)]
            answered, waiting = wait(polls, 25, FIRST_COMPLETED)
            (first_told,), (waits,) = answered, waiting
            assert (first_told.result()[0], first_told.result()[1]["Retry-After"]) == (304, "1")
            assert not waits.done(), "nobody else makes it meanwhile"
            os.kill(maker, signal.SIGCONT)
            assert waits.result()[0] == 200
        for day, how in ((3, signal.SIGTERM), (5, signal.SIGKILL)):
            os.kill(maker, how)
            for ask in range(2):
                assert fetch(server.address + STATE.format(day=day + ask))[0] == 200
            *_, maker = map(int, list_children(master))
    finally:
        server.stop()
