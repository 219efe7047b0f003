"""A line of the log says when, which request, who, which route, how long and why; no more."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from dashboard.settings import Settings
from dashboard.web.request_log import LogFormatter
from dashboard.web.server import create_app


class Lines(logging.Handler):
    """Keeps lines as the server would write them."""

    def __init__(self, line_format: str) -> None:
        super().__init__()
        self.setFormatter(LogFormatter(line_format))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture(params=["text", "json"])
def written(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Any:
    handler = Lines(request.param)
    log = logging.getLogger("dashboard")
    log.addHandler(handler)
    caplog.set_level(logging.INFO, "dashboard")
    yield handler
    log.removeHandler(handler)


def client_without_store(settings: Settings) -> FlaskClient:
    client = create_app(settings).server.test_client()
    Path(settings.database_url.removeprefix("sqlite:///")).unlink()
    return client


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/ho-so?period=2026-08&ten=0912345678", "/ho-so"),
        ("/api/state?province=51&ten=0912345678", "/api/state"),
        ("/ready", "/ready"),
        ("/xa/21250?ten=0912345678", "/xa/<code>"),
    ],
)
def test_each_503_says_why(settings: Settings, written: Lines, path: str, route: str) -> None:
    client = client_without_store(settings)
    answer = client.get(path, headers={"X-Request-ID": "of-the-proxy-17"})
    assert answer.status_code == 503
    assert answer.headers["X-Request-ID"] == "of-the-proxy-17"
    (line,) = written.lines
    assert "not answered (503): StoreUnavailable (" in line
    assert "0912345678" not in line
    if line.startswith("{"):
        fields = json.loads(line)
        assert (fields["request"], fields["client"]) == ("of-the-proxy-17", "127.0.0.1")
        assert (fields["route"], fields["level"]) == (route, "WARNING")
        assert 0 <= fields["seconds"] < 30
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+\+07:00", fields["time"])
    else:
        assert f"request=of-the-proxy-17 client=127.0.0.1 method=GET route={route} seconds=" in line


def test_visits_are_logged_only_where_it_is_set(settings: Settings, written: Lines) -> None:
    quiet = create_app(settings).server.test_client()
    quiet.get("/health")
    assert written.lines == []
    loud = create_app(settings.model_copy(update={"access_log": "on"})).server.test_client()
    loud.get("/xa/21250?ten=0912345678")
    (line,) = written.lines
    assert "/xa/<code>" in line
    assert "0912345678" not in line


def test_a_number_from_outside_cannot_forge_a_line(settings: Settings, written: Lines) -> None:
    client = create_app(settings.model_copy(update={"access_log": "on"})).server.test_client()
    client.get("/health", headers={"X-Request-ID": "x y=1 level=ERROR"})
    assert "level=ERROR" not in written.lines[0]
    logging.getLogger("dashboard").warning("first\nsecond")
    assert "\n" not in written.lines[1]
