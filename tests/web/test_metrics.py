"""/metrics tells what happens and how old everything is, to whom the settings let read it."""

from __future__ import annotations

import re
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine, update

from dashboard import store
from dashboard.cache import SingleFlightCache
from dashboard.counters import merge_counts
from dashboard.settings import Settings
from dashboard.store import schema
from dashboard.store.machines import WatcherMark, save_watcher_mark
from dashboard.web.server import create_app
from tools.running import Server


def samples(text: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def value(text: str, name: str, **labels: str) -> float:
    return samples(text)[name, frozenset(labels.items())]


def test_age_of_data_imports_refusals_and_watchers_are_told(
    own_pages: FlaskClient, own_store: Engine
) -> None:
    now = datetime.now(UTC).replace(tzinfo=None)
    mark = WatcherMark("/srv/tha", 7, now, False, "", 5, 2, "a.csv: ổ đĩa đầy")
    save_watcher_mark(own_store, mark, now)
    with own_store.begin() as connection:
        an_hour_ago = now - timedelta(hours=1)
        connection.execute(update(schema.import_batch).values(imported_at=an_hour_ago))
    answer = own_pages.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    text = answer.text
    source = {"province": "51", "source": "certificates", "origin": "imported"}
    assert value(text, "dashboard_imports", **source) == 1
    assert value(text, "dashboard_refused_rows", **source) == 1
    assert 3600 <= value(text, "dashboard_import_age_seconds", **source) < 3600 + 600
    listed_at = datetime(2026, 11, 13)
    age = (datetime.now() - listed_at).total_seconds()
    assert abs(value(text, "dashboard_data_age_seconds", **source) - age) < 86_400
    assert value(text, "dashboard_watcher_refused_files", folder="tha") == 2
    assert value(text, "dashboard_watcher_fault", folder="tha") == 1
    assert value(text, "dashboard_watcher_seen_seconds", folder="tha") < 600
    assert value(text, "dashboard_store_up") == 1
    assert value(text, "dashboard_data_version") == store.fetch_data_version(own_store).number
    assert "nguyen.van.a" not in text


def test_requests_are_counted_by_route_never_by_address(own_pages: FlaskClient) -> None:
    labels = {"method": "GET", "route": "/xa/<code>", "status": "200"}
    before = samples(own_pages.get("/metrics").text).get(
        ("dashboard_requests_total", frozenset(labels.items())), 0
    )
    for _ in range(3):
        own_pages.get("/xa/21250?secret=0912345678")
    own_pages.get("/no/such/0912345678")
    text = own_pages.get("/metrics").text
    assert value(text, "dashboard_requests_total", **labels) == before + 3
    assert value(text, "dashboard_request_seconds_count", route="/xa/<code>") >= 3
    assert "0912345678" not in text


def test_what_is_kept_and_what_is_made_is_counted_and_timed(own_pages: FlaskClient) -> None:
    kept = SingleFlightCache(2, "of this test")
    for _ in range(3):
        kept.get("key", lambda: 7)
    text = own_pages.get("/metrics").text
    made = {"kept": "of this test", "result": "made"}
    assert value(text, "dashboard_kept_answers_total", **made) == 1
    assert value(text, "dashboard_kept_answers_total", **{**made, "result": "kept"}) == 2
    assert value(text, "dashboard_compute_seconds_count", kept="of this test") == 1


@pytest.mark.parametrize(
    ("setting", "client", "headers", "status"),
    [
        ("local", "127.0.0.1", {}, 200),
        ("local", "::1", {}, 200),
        ("local", "10.0.0.7", {}, 404),
        ("local", "127.0.0.1", {"X-Forwarded-For": "10.0.0.7"}, 404),
        ("off", "127.0.0.1", {}, 404),
        ("open", "10.0.0.7", {}, 200),
    ],
)
def test_who_may_read_it(
    settings: Settings, setting: str, client: str, headers: dict[str, str], status: int
) -> None:
    server = create_app(settings.model_copy(update={"metrics": setting})).server
    environment: dict[str, Any] = {"REMOTE_ADDR": client}
    answer = server.test_client().get("/metrics", headers=headers, environ_base=environment)
    assert answer.status_code == status


def test_a_store_that_is_away_is_told_and_is_no_failure(settings: Settings) -> None:
    server = create_app(settings).server
    Path(settings.database_url.removeprefix("sqlite:///")).unlink()
    answer = server.test_client().get("/metrics")
    assert answer.status_code == 200
    assert value(answer.text, "dashboard_store_up") == 0
    assert "dashboard_data_version" not in answer.text


def test_counts_of_a_process_that_ended_are_kept_in_one_file(tmp_path: Path) -> None:
    for process in (11, 12, 13):
        counts = MmapedDict(str(tmp_path / f"counter_{process}.db"))
        counts.write_value("a", 2.0, 0.0)
        counts.write_value(f"of {process}", 1.0, 0.0)
        counts.close()
        merge_counts(tmp_path, process)
    (file,) = tmp_path.iterdir()
    total = {key: value for key, value, _, _ in MmapedDict.read_all_values_from_file(str(file))}
    assert total == {"a": 6.0, "of 11": 1.0, "of 12": 1.0, "of 13": 1.0}


def test_all_processes_of_a_server_are_counted_together(server: Server) -> None:
    """Two processes answer in turn; each tells the counts of both."""

    def ask(path: str) -> str:
        with urllib.request.urlopen(f"{server.address}{path}") as answer:
            return str(answer.read().decode())

    labels = {"method": "GET", "route": "/health", "status": "200"}
    key = ("dashboard_requests_total", frozenset(labels.items()))
    before = samples(ask("metrics")).get(key, 0)
    for _ in range(20):
        ask("health")
    assert {samples(ask("metrics"))[key] for _ in range(10)} == {before + 20}
    assert re.search(
        r'dashboard_build\{build="[0-9a-f]{8}",version="[\d.]+"\} 1\.0', ask("metrics")
    )
