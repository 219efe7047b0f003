"""What deploy/nginx says is tried with a real nginx in front of a real server."""

from __future__ import annotations

import json
import re
import shutil
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import TODAY
from tools.nginx import Nginx, find_nginx
from tools.running import Server, environment_in, free_port


class Answer(NamedTuple):
    """What nginx answered: never followed, never raised."""

    status: int
    headers: dict[str, str]
    body: bytes


class _StayHere(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer like any other."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


def get(address: str, headers: dict[str, str] | None = None, body: bytes | None = None) -> Answer:
    question = urllib.request.Request(address, data=body, headers=headers or {})
    try:
        with urllib.request.build_opener(_StayHere).open(question, timeout=20) as answer:
            return Answer(answer.status, dict(answer.headers.items()), answer.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, dict(error.headers.items()), error.read())


StartProxy = Callable[..., str]


@contextmanager
def _run_proxies(folder: Path, empty_store: Path) -> Iterator[StartProxy]:
    """Starts a server of one process and two threads with nginx before it; nginx's address."""
    if find_nginx() is None:
        pytest.skip("nginx is not here; `make test` fetches it as root on Debian")

    def start(site: str, **settings: str) -> str:
        own = folder / "server"
        own.mkdir()
        shutil.copyfile(empty_store, own / "dashboard.sqlite")
        small = {"DASHBOARD_WORKERS": "1", "DASHBOARD_THREADS": "2", **settings}
        environment = environment_in(own, DASHBOARD_TODAY=TODAY, **small)
        server = Server(own, environment, free_port())
        running.callback(server.stop)
        server.start()
        nginx = Nginx(folder, [server.port], site)
        running.callback(nginx.stop)
        nginx.start()
        return nginx.address

    with ExitStack() as running:
        yield start


@pytest.fixture
def start_proxy(tmp_path: Path, empty_store: Path) -> Iterator[StartProxy]:
    """Starts what a test has for itself."""
    with _run_proxies(tmp_path, empty_store) as start:
        yield start


class Proxied(NamedTuple):
    """A server behind its nginx, and where both write their logs."""

    address: str
    folder: Path


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory, empty_store: Path) -> Iterator[Proxied]:
    """As deploy/ has it, shared by tests that ask few questions."""
    folder = tmp_path_factory.mktemp("proxied")
    with _run_proxies(folder, empty_store) as start:
        address = start(
            "dashboard.conf",
            DASHBOARD_PROXIES="127.0.0.1",
            DASHBOARD_ACCESS_LOG="on",
            DASHBOARD_LOG_FORMAT="json",
        )
        yield Proxied(address, folder)


def _read_log(file: Path, awaited: str) -> str:
    """The log as soon as it has what is awaited: a line is written after the answer has gone."""
    for _ in range(100):
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        if awaited in text:
            return text
        time.sleep(0.05)
    raise AssertionError(f"{awaited} does not stand in {file.name}: {text[-500:]}")


def test_pages_come_through_and_versioned_files_are_kept(proxied: Proxied) -> None:
    address = proxied.address
    page = get(f"{address}/ho-so?ten=0912345678", {"Accept-Encoding": "br"})
    assert page.status == 200
    assert page.headers["Content-Encoding"] == "br"
    assert "X-Cache" not in page.headers
    again = get(f"{address}/ho-so?ten=0912345678", {"If-None-Match": page.headers["ETag"]})
    assert again.status == 304
    html = get(f"{address}/ho-so").body.decode()
    (style,) = set(re.findall(r'href="(/bundles/[^"]+\.css[^"]*)"', html))
    looks = [get(f"{address}{style}", {"Accept-Encoding": "gzip"}) for _ in range(3)]
    assert [look.headers["X-Cache"] for look in looks] == ["MISS", "HIT", "HIT"]
    assert len({look.body for look in looks}) == 1
    assert "immutable" in looks[2].headers["Cache-Control"]
    log = _read_log(proxied.folder / "nginx.access.log", "path=/ho-so status=200")
    assert "0912345678" not in log


def test_figures_of_a_version_are_kept_and_those_of_now_are_asked_for(proxied: Proxied) -> None:
    address = proxied.address
    live = f"{address}/api/state?province=51"
    first = get(live)
    stamp = json.loads(first.body)["stamp"]
    for kind in ("state", "charts"):
        versioned = f"{address}/api/{kind}?province=51&as_of={TODAY}&v={stamp}"
        answers = [get(versioned, {"Accept-Encoding": "br"}) for _ in range(3)]
        assert [answer.headers["X-Cache"] for answer in answers] == ["MISS", "HIT", "HIT"]
        assert len({answer.body for answer in answers}) == 1
        assert answers[2].headers["Content-Encoding"] == "br"
        assert json.loads(get(versioned).body)
    for _ in range(2):
        assert "X-Cache" not in get(live).headers
    unchanged = get(live, {"If-None-Match": first.headers["ETag"]})
    assert (unchanged.status, unchanged.body) == (304, b"")
    of_another_version = get(f"{address}/api/state?province=51&as_of={TODAY}&v=older")
    assert of_another_version.status == 307
    assert get(f"{address}/api/state?province=51&as_of={TODAY}&v=older").status == 307


def test_figures_that_need_an_account_are_kept_by_no_proxy(start_proxy: StartProxy) -> None:
    address = start_proxy(
        "dashboard.conf", DASHBOARD_PROXIES="127.0.0.1", DASHBOARD_VIEW="signed-in"
    )
    for _ in range(2):
        answer = get(f"{address}/api/state?province=51&as_of={TODAY}&v=1")
        assert answer.headers.get("X-Cache") != "HIT"
        assert answer.status != 200


def test_servers_that_all_failed_are_asked_again_at_once(tmp_path: Path) -> None:
    """The store was away for a moment; nginx left out each that answered 503 three times."""
    if find_nginx() is None:
        pytest.skip("nginx is not here; `make test` fetches it as root on Debian")
    statuses = {"now": 200}

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(statuses["now"])
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return None

    with ExitStack() as running:
        ports = []
        for _ in range(2):
            server = running.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), Page))
            threading.Thread(target=server.serve_forever, daemon=True).start()
            running.callback(server.shutdown)
            ports.append(server.server_port)
        nginx = Nginx(tmp_path, ports)
        running.callback(nginx.stop)
        nginx.start()
        answers = []
        for status in (200, 503, 200):
            statuses["now"] = status
            answers.append({get(f"{nginx.address}/ho-so").status for _ in range(10)})
    assert answers[1] <= {502, 503}
    assert (answers[0], answers[2]) == ({200}, {200})


def test_limits_hold_and_counts_stay_inside(start_proxy: StartProxy) -> None:
    address = start_proxy("dashboard.conf", DASHBOARD_METRICS="open")
    assert get(f"{address}/metrics").status == 404
    assert get(f"{address}/api/screens", body=b"x" * 1_100_000).status == 413
    # a file to import may be larger: the server itself says whether who sends it may
    assert get(f"{address}/du-lieu/nap-tep", body=b"x" * 1_100_000).status not in {413, 502}
    statuses = [get(f"{address}/api/report?province=01").status for _ in range(40)]
    assert statuses[0] == 200
    assert 429 in statuses
    assert get(f"{address}/health").status == 200


def test_sixty_half_requests_hold_up_nobody(start_proxy: StartProxy) -> None:
    """Straight at the server two would do: it has two threads."""
    address = start_proxy("dashboard.conf")
    port = int(address.rpartition(":")[2])
    with ExitStack() as connections:
        for number in range(60):
            connection = connections.enter_context(socket.create_connection(("127.0.0.1", port)))
            head = f"POST /api/screens HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\nX-N: {number}"
            connection.sendall(f"{head}\r\n\r\nhalf".encode() if number % 2 else head.encode())
        began = time.monotonic()
        for _ in range(5):
            assert get(f"{address}/health").status == 200
        assert time.monotonic() - began < 5


def test_the_number_of_a_request_is_the_same_in_both_logs(proxied: Proxied) -> None:
    get(f"{proxied.address}/chi-so")
    server_log = proxied.folder / "server" / "server.log"
    lines = _read_log(server_log, '"/chi-so"').splitlines()
    (line,) = [json.loads(line) for line in lines if '"/chi-so"' in line]
    access_log = _read_log(proxied.folder / "nginx.access.log", "path=/chi-so")
    assert f"request={line['request']} client=127.0.0.1 method=GET path=/chi-so" in access_log


def test_under_a_path_of_a_portal(start_proxy: StartProxy) -> None:
    address = start_proxy("dashboard-under-a-path.conf", DASHBOARD_BASE_PATH="/dashboard")
    assert get(f"{address}/dashboard").headers["Location"].endswith("/dashboard/")
    assert get(f"{address}/dashboard/metrics").status == 404
    page = get(f"{address}/dashboard/ho-so")
    assert page.status == 200
    (style,) = set(re.findall(r'href="(/dashboard/bundles/[^"]+\.css[^"]*)"', page.body.decode()))
    assert [get(f"{address}{style}").headers["X-Cache"] for _ in range(2)] == ["MISS", "HIT"]
    assert get(f"{address}/ho-so").status == 404
