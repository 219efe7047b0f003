"""What the server answers: pages, checks, headers, limits, and to those who send what no page
sends.
"""

from __future__ import annotations

import io
import os
import re
import runpy
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dash
import pytest
from flask.testing import FlaskClient
from gunicorn.http.errors import InvalidChunkSize, NoMoreData

from dashboard.__main__ import main
from dashboard.accounts.roles import Action
from dashboard.cli import serve
from dashboard.settings import ROOT, Settings, read_settings
from dashboard.web import access, endpoints, static_files
from dashboard.web.documents import navigation
from dashboard.web.server import create_app
from tools.running import Server, environment_in, free_port

SCREENS = "/api/screens"  # takes a body from whoever asks


@pytest.fixture
def app(settings: Settings) -> dash.Dash:
    return create_app(settings)


@pytest.fixture
def client(app: dash.Dash) -> Iterator[FlaskClient]:
    with app.server.test_client() as client:
        yield client


def test_the_page_is_vietnamese_and_carries_what_its_scripts_need(
    client: FlaskClient, settings: Settings
) -> None:
    page = client.get("/").text
    assert '<html lang="vi">' in page
    assert "Loading..." not in page
    assert f'<meta name="build" content="{static_files.compute_build_stamp()}">' in page
    assert f'<meta name="poll-seconds" content="{settings.poll_seconds}">' in page
    assert 'name="viewport"' in page
    assert page.count('name="description"') == 1


def test_the_page_asks_no_outside_host_for_anything(client: FlaskClient) -> None:
    assert re.findall(r"https?://[^\s\"'<]+", client.get("/").text) == []


def test_the_page_loads_no_bundle_that_nothing_uses(client: FlaskClient) -> None:
    page = client.get("/").text
    assert "/dash_table/" not in page
    assert not re.search(r"\.(js|css)\.map\b", page)


def test_what_only_graphs_need_is_named_for_later_and_not_loaded_with_the_page(
    client: FlaskClient,
) -> None:
    page = client.get("/").text
    scripts = re.findall(r'<script[^>]* src="([^"]+)"', page)
    later = re.search(r'<meta name="plotly" content="(/vendor/plotly[^"]+)"', page)
    assert later
    for part in ("/deps/polyfill", "/dcc/", "plotly"):
        assert not any(part in script for script in scripts)


def test_an_address_that_is_no_page_is_not_found_in_vietnamese(client: FlaskClient) -> None:
    response = client.get("/khong-co")
    assert response.status_code == 404
    assert "Không có trang này" in response.text
    for way_on in (*(f'href="{page.path}"' for page in navigation.PAGES), 'action="/tim"'):
        assert way_on in response.text


def test_two_apps_in_one_process_both_have_the_callback_that_runs_in_the_browser(
    settings: Settings,
) -> None:
    first, second = create_app(settings).callback_map, create_app(settings).callback_map
    assert first.keys() == second.keys() != set()
    assert all("callback" not in declared for declared in first.values())


def test_nobody_has_anything_to_post_to_dash(client: FlaskClient) -> None:
    answer = client.post("/_dash-update-component", json={"output": "quadrant.figure"})
    assert answer.status_code == 405
    assert answer.mimetype == "text/plain"


def test_health_answers_while_the_store_is_gone_and_readiness_does_not(
    settings: Settings, client: FlaskClient, tmp_path: Path
) -> None:
    assert client.get("/ready").status_code == 200
    for file in tmp_path.glob("dashboard.sqlite*"):
        file.write_bytes(b"this is no database any more" * 200)
    assert client.get("/health").status_code == 200
    assert client.get("/ready").status_code == 503


def test_every_document_carries_the_content_security_policy(client: FlaskClient) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "object-src 'none'" in policy
    assert "unsafe-eval" not in policy
    scripts = re.search(r"script-src ([^;]*)", policy)
    assert scripts
    assert "unsafe-inline" not in scripts[1]


def test_every_inline_script_of_the_page_is_named_in_the_policy(
    app: dash.Dash, client: FlaskClient
) -> None:
    response = client.get("/")
    inline = re.findall(
        r"<script(?![^>]*(?:src=|application/json))[^>]*>(.*?)</script>", response.text, re.DOTALL
    )
    policy = response.headers["Content-Security-Policy"]
    assert len(inline) == policy.count("'sha256-")
    assert all(hash_ in policy for hash_ in app.csp_hashes())


def test_every_answer_forbids_guessing_its_type(client: FlaskClient) -> None:
    for address in ("/", "/health", "/_dash-layout", "/khong-co"):
        assert client.get(address).headers["X-Content-Type-Options"] == "nosniff"


def test_nothing_unchanged_is_sent_twice(client: FlaskClient) -> None:
    for address in ("/_dash-layout", "/_dash-dependencies"):
        first = client.get(address, headers={"Accept-Encoding": "br"})
        again = client.get(
            address, headers={"Accept-Encoding": "br", "If-None-Match": first.headers["ETag"]}
        )
        assert again.status_code == 304
        assert again.data == b""


def test_a_body_over_the_limit_is_refused(client: FlaskClient, settings: Settings) -> None:
    body = "x" * (settings.max_body + 1)
    assert client.post(SCREENS, data=body, content_type="application/json").status_code == 413


@pytest.mark.parametrize(
    "name", ["dash/no-such.js", "no_such_package/a.js", "dash/../../../etc/passwd", "dash/a%0Ab.js"]
)
def test_a_file_that_dash_does_not_have_is_not_found_and_not_logged(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    assert client.get(f"/_dash-component-suites/{name}").status_code == 404
    assert not caplog.records


def test_a_refusal_speaks_vietnamese(client: FlaskClient, settings: Settings) -> None:
    for answer in (
        client.post(SCREENS, data="no", content_type="application/json"),
        client.post("/api/state"),
        client.post(SCREENS, data="x" * (settings.max_body + 1), content_type="application/json"),
        client.post("/dang-nhap", headers={"Origin": "http://evil.example"}),
    ):
        assert answer.status_code in {400, 403, 405, 413}
        assert answer.mimetype == "text/plain"
        assert re.search("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", answer.text)
    assert "GET" in client.post("/api/state").headers["Allow"]


def test_charts_without_their_store_are_answered_with_503(
    client: FlaskClient, tmp_path: Path
) -> None:
    for file in tmp_path.glob("dashboard.sqlite*"):
        file.unlink()
    answer = client.get("/api/charts")
    assert answer.status_code == 503
    assert "kho dữ liệu" in answer.text


def test_a_failure_cannot_forge_a_line_of_the_log(
    app: dash.Dash, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: Any) -> None:
        raise ValueError

    with_row = {**endpoints.ENDPOINT_ACTIONS, "_fail": Action.ENTER}
    monkeypatch.setattr(access, "ENDPOINT_ACTIONS", with_row)
    app.server.view_functions["_fail"] = fail
    app.server.add_url_rule("/fail/<path:rest>", "_fail")
    app.server.test_client().get("/fail/a%0Aroot:forged")
    assert "\nroot:forged" not in caplog.text


def test_what_was_sent_is_never_repeated_in_the_log(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    client.post(SCREENS, json={"output": "Nguyễn Văn A 0912345678"})
    assert "0912345678" not in caplog.text


@pytest.mark.parametrize("error", [InvalidChunkSize(b"0912345678"), NoMoreData(b"0912345678")])
def test_a_body_that_is_cut_short_or_badly_chunked_is_the_senders_fault_and_not_logged(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    class Body(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, _into: Any) -> int:
            raise error

    answer = client.post(
        SCREENS, environ_overrides={"wsgi.input": Body(), "wsgi.input_terminated": True}
    )
    assert answer.status_code == 400
    assert len(caplog.records) <= 1
    assert "0912345678" not in caplog.text + answer.text


@pytest.mark.parametrize(
    "query",
    ["", "as_of=0000", "province=../../etc&as_of=2026-13-01", "dark=2&narrow=&v=", "v=%00&dark=1"],
)
def test_hostile_values_do_not_make_the_charts_fail(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/api/charts?{query}", follow_redirects=True)
    assert answer.status_code == 200
    assert answer.get_json()["failed"] == []


def test_a_taken_port_is_one_plain_line_that_says_what_to_do(settings: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(serve.CannotServe, match=rf"Cổng {port} .*PORT={port % 65535 + 1}"):
            serve.check_address(read_settings({"PORT": str(port)}))


def test_a_host_that_is_not_this_machine_is_one_plain_line() -> None:
    with pytest.raises(serve.CannotServe, match="HOST"):
        serve.check_address(read_settings({"HOST": "203.0.113.7"}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "no"),
        ("DASHBOARD_DATABASE_URL", "sqlite:////proc/no/such/store.sqlite"),
    ],
)
@pytest.mark.usefixtures("settings")
def test_serve_with_a_setting_that_cannot_work_ends_with_one_plain_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    value: str,
) -> None:
    for setting, setting_value in {
        **environment_in(tmp_path),
        "PORT": str(free_port()),
        name: value,
    }.items():
        monkeypatch.setenv(setting, setting_value)
    monkeypatch.setattr(runpy, "run_module", lambda *_, **__: pytest.fail("it serves"))
    assert main(["serve"]) != 0
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_rules_that_cannot_be_read_end_serve_with_one_plain_line(
    settings: Settings, tmp_path: Path
) -> None:
    rules = {"DASHBOARD_CRITERIA": "/no/such/criteria.toml", "PORT": str(free_port())}
    ended = subprocess.run(
        [sys.executable, "-m", "dashboard", "serve"],
        env={**os.environ, **settings.write_environment(), **rules},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 2
    (line,) = ended.stderr.strip().splitlines()
    assert "criteria.toml" in line


def test_a_server_that_reads_its_settings_again_goes_on_counting_where_it_was() -> None:
    program = """
import os, runpy
first = runpy.run_path("gunicorn.conf.py")
folder = os.environ["PROMETHEUS_MULTIPROC_DIR"]
runpy.run_path("gunicorn.conf.py")
assert os.environ["PROMETHEUS_MULTIPROC_DIR"] == folder
first["on_exit"](None)
assert not os.path.exists(folder)
"""
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=60)


def test_an_unchanged_state_costs_at_most_300_bytes_on_the_wire(server: Server) -> None:
    def ask(etag: str) -> bytes:
        request = (
            "GET /api/state HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: br\r\n"
            f"{etag}Connection: close\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
            connection.sendall(request.encode())
            return b"".join(iter(lambda: connection.recv(65536), b""))

    first = ask("")
    etag = re.search(rb"(?i)etag: ([^\r]+)", first)
    assert etag
    again = ask(f"If-None-Match: {etag[1].decode()}\r\n")
    assert b"304" in again.splitlines()[0]
    assert len(again) <= 300


def test_the_running_server_opens_no_control_socket_and_logs_no_visit(server: Server) -> None:
    assert "/api/state" not in server.log()
    assert not list(server.folder.glob("**/*.ctl"))
    assert "Traceback" not in server.log()


def test_the_first_answer_is_titled_by_its_address(pages: FlaskClient) -> None:
    page = pages.get("/?province=52&as_of=2026-10-01").text
    title = "ngày 01/10/2026 · Mức độ sẵn sàng của cấp xã · Gia Lai"
    assert f"<title>{title}</title>" in page
    assert f'<meta property="og:title" content="{title}">' in page
    junk = pages.get("/?province=<script>&as_of=<script>").text
    assert "<title>Mức độ sẵn sàng của cấp xã · Quảng Ngãi</title>" in junk
