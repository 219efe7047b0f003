"""Two machines that serve one PostgreSQL, behind the nginx of deploy/ and, where it is here,
PgBouncer.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from sqlalchemy.engine import make_url

from dashboard import node_files, store
from dashboard.node_files import publish_node_files
from dashboard.settings import read_settings
from dashboard.web.server import create_app
from tests.conftest import TODAY
from tests.deploy.test_postgresql import declare
from tests.web import people
from tools.nginx import Nginx, find_nginx
from tools.pgbouncer import find_pgbouncer, run_pgbouncer
from tools.postgresql import PostgreSQL
from tools.running import ROOT, Server, environment_in, free_port

STATE = "/api/state?province=51"
STYLE = re.compile(r'href="(/bundles/[^"]+\.css[^"]*)"')


@dataclass
class Office:
    """Two servers over one store, and nginx in front of them."""

    url: str
    folder: Path
    running: ExitStack
    proxy: str = ""

    def start_server(
        self, name: str, *, root: Path = ROOT, awaited: str = "ready", **more: str
    ) -> Server:
        """A machine with folders of its own."""
        folder = self.folder / name
        folder.mkdir()
        values = {"DASHBOARD_WORKERS": "1", "DASHBOARD_THREADS": "4", **more}
        environment = environment_in(folder, DASHBOARD_TODAY=TODAY, **values)
        environment["DASHBOARD_DATABASE_URL"] = more.get("DASHBOARD_DATABASE_URL", self.url)
        server = Server(folder, environment, free_port(), root=root)
        self.running.callback(server.stop)
        server.start(awaited)
        return server

    def start_proxy(self, *servers: Server) -> str:
        """The nginx of deploy/ before them; its address."""
        if find_nginx() is None:
            pytest.skip("nginx is not here; `make test` fetches it as root on Debian")
        folder = self.folder / "proxy"
        folder.mkdir()
        nginx = Nginx(folder, [server.port for server in servers])
        self.running.callback(nginx.stop)
        nginx.start()
        return nginx.address


@pytest.fixture
def office(
    postgresql: PostgreSQL,
    new_database: Callable[[], AbstractContextManager[str]],
    tmp_path: Path,
) -> Iterator[Office]:
    with ExitStack() as running:
        address = running.enter_context(new_database())
        if find_pgbouncer():
            pooler = running.enter_context(run_pgbouncer(postgresql, sessions=4))
            address = f"{pooler}/{make_url(address).database}"
        yield Office(address, tmp_path, running)


def read_version(address: str) -> int:
    answer = requests.get(f"{address}{STATE}", timeout=20)
    assert answer.status_code == 200, answer.text
    return int(answer.json()["version"])


def test_what_happens_on_one_machine_counts_on_the_other(office: Office) -> None:
    first, second = office.start_server("one"), office.start_server("two")
    address = office.start_proxy(first, second)
    engine = store.open_store(office.url)
    people.add_account(engine, "van-thu")
    engine.dispose()
    browser = requests.Session()
    page = browser.get(f"{first.address}dang-nhap", timeout=20)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token
    fields = {"csrf_token": token[1], "name": "van-thu", "password": people.PASSWORD}
    origin = {"Origin": first.address.rstrip("/")}
    answer = browser.post(f"{first.address}dang-nhap", data=fields, headers=origin, timeout=20)
    assert answer.status_code == 200
    for server_address in (second.address.rstrip("/"), address):
        account = browser.get(f"{server_address}/tai-khoan", timeout=20, allow_redirects=False)
        assert account.status_code == 200
        assert "van-thu" in account.text
    before = read_version(address)
    declare(office.url, "ke-khai")
    versions = {
        read_version(server_address)
        for server_address in (first.address.rstrip("/"), second.address.rstrip("/"))
    }
    assert versions == {before + 1}
    _lose_one(first, address)


def _lose_one(server: Server, address: str) -> None:
    """Killed as by a power cut, while pages ask."""
    assert server.process is not None
    master = server.process.pid
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    statuses = []
    for number in range(60):
        statuses.append(requests.get(f"{address}/ho-so?province=51", timeout=20).status_code)
        if number == 20:
            for process in (master, *map(int, children)):
                os.kill(process, signal.SIGKILL)
    assert set(statuses) == {200}


def test_a_machine_that_lost_its_pooler_is_passed_over(
    office: Office, postgresql: PostgreSQL
) -> None:
    if find_pgbouncer() is None:
        pytest.skip("pgbouncer is not here; `make test` fetches it as root on Debian")
    name = make_url(office.url).database
    with run_pgbouncer(postgresql) as pooler:
        server = office.start_server("one", DASHBOARD_DATABASE_URL=f"{pooler}/{name}")
        two = office.start_server("two")
        address = office.start_proxy(server, two)
        version = read_version(address)
    assert requests.get(f"{server.address}ready", timeout=20).status_code == 503
    assert {read_version(address) for _ in range(20)} == {version}
    two.stop()
    lost = {requests.get(f"{address}{STATE}", timeout=20).status_code for _ in range(10)}
    assert lost <= {502, 503}, "an open page keeps its picture at either"


def test_a_machine_with_other_rules_or_outlines_is_passed_over(
    office: Office, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(node_files, "_LOOK_SECONDS", 0.0)
    server = office.start_server("one")
    engine = store.open_store(office.url)
    publish_node_files(engine, server.settings)
    engine.dispose()
    assert requests.get(f"{server.address}ready", timeout=20).status_code == 200
    rules = office.folder / "criteria.toml"
    content = (ROOT / "data" / "criteria.toml").read_text(encoding="utf-8")
    rules.write_text(f"{content}\n# tried\n", encoding="utf-8")
    environment = {**server.environment, "DASHBOARD_CRITERIA": str(rules)}
    other = create_app(read_settings(environment)).server
    answer = other.test_client().get("/ready")
    assert answer.status_code == 503
    assert re.search(r"differs from \S+ in: criteria$", answer.get_json()["status"])
    assert other.test_client().get(STATE).status_code == 503
    assert other.test_client().get("/dang-nhap").status_code == 200, "no figure is in it"
    two = office.start_server("two", awaited="health", DASHBOARD_CRITERIA=str(rules))
    address = office.start_proxy(server, two)
    assert {requests.get(f"{address}{STATE}", timeout=20).status_code for _ in range(20)} == {200}
    with monkeypatch.context() as upgraded:
        upgraded.setattr(node_files, "_hash_program", lambda: "newer")
        assert other.test_client().get(STATE).status_code == 200, "machines change one by one"
    assert caplog.text.count("NOT READY: this machine differs") == 1, "loud, and once"
    other.config["DASHBOARD_ENGINE"].dispose()
    outlines = server.settings.outlines_dir
    outlines.mkdir(parents=True)
    shutil.copy(ROOT / "data" / "outlines" / "51.geojson", outlines)
    answer = requests.get(f"{server.address}ready", timeout=20)
    assert answer.status_code == 503
    assert "NOT READY" in server.log()
    assert "in: outlines" in answer.json()["status"]
    engine = store.open_store(office.url)
    publish_node_files(engine, server.settings)
    engine.dispose()
    assert requests.get(f"{server.address}ready", timeout=20).status_code == 200


def test_a_page_of_another_build_gets_its_own_files_wherever_it_asks(office: Office) -> None:
    newer = office.folder / "newer"
    for name in ("dashboard", "assets", "data"):
        shutil.copytree(ROOT / name, newer / name)
    for name in ("app.py", "gunicorn.conf.py", "pyproject.toml", "requirements.txt"):
        shutil.copy(ROOT / name, newer)
    style = newer / "dashboard" / "web" / "dossiers" / "page.css"
    style.write_text(style.read_text(encoding="utf-8") + "\n.newer { color: inherit; }\n")
    first, second = office.start_server("one"), office.start_server("two", root=newer)
    address = office.start_proxy(first, second)
    for server in (first, second):
        page = requests.get(f"{server.address}ho-so?province=51", timeout=20).text
        (sheet,) = set(STYLE.findall(page))
        answers = [requests.get(f"{address}{sheet}", timeout=20) for _ in range(4)]
        assert {answer.status_code for answer in answers} == {200}
        assert {".newer" in answer.text for answer in answers} == {server is second}
        other = second if server is first else first
        refused = requests.get(f"{other.address.rstrip('/')}{sheet}", timeout=20)
        assert refused.status_code == 404
        assert refused.headers["Cache-Control"] == "no-store"
