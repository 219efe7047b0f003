"""Another store in the place of one that counts alike: nothing that was kept of the first is shown
for it, neither by the program nor by a browser.
"""

from __future__ import annotations

import os
import shutil
from datetime import date, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from dashboard import store
from dashboard.settings import Settings
from dashboard.web.server import create_app
from tests import making

DAY = date(2026, 11, 20)
ADDRESSES = (
    "/api/state?province=51",
    "/api/wall?province=51",
    "/api/report?province=51",
    "/api/movement?province=51&since=2026-11-01",
    "/xa/21250",
    "/so-sanh?xa=21250,21025",
    "/ho-so",
    "/ho-so/bieu-do/theo-tuan.json",
    "/xep-hang",
    "/thieu-gi",
    "/to-cong-tac",
    "/du-lieu",
)


def fill_store(file: Path, name: str, commune: str) -> Engine:
    """A store of its own in `file` with one declaration."""
    engine = store.prepare_store(f"sqlite:///{file}")
    bring_declaration(engine, name, commune)
    return engine


def bring_declaration(engine: Engine, name: str, commune: str) -> None:
    readings = making.declaration(commune, DAY)
    declared = making.batch(name, readings=readings, as_of=datetime(2026, 11, 20, 16))
    store.save_batch(engine, declared, by="test")


def copy_store(file: Path, target: Path) -> Path:
    """All of a store whose connections are closed."""
    shutil.copyfile(file, target)
    return target


def find_green_commune(client: FlaskClient) -> str:
    state = client.get("/api/state?province=51").get_json()
    levels = state["layers"]["overall"]["levels"]
    return str(state["codes"][levels.index("g")])


@pytest.fixture
def file(settings: Settings) -> Path:
    return Path(settings.database_url.removeprefix("sqlite:///"))


def test_another_store_of_the_same_count_is_another_version(tmp_path: Path) -> None:
    versions = []
    for name in ("a", "b"):
        engine = fill_store(tmp_path / f"{name}.sqlite", name, "21250")
        versions.append(store.fetch_data_version(engine))
        engine.dispose()
    first, second = versions
    assert first.number == second.number
    assert first.token != second.token
    assert first.store_id != second.store_id


def test_each_commit_has_a_token_of_its_own(engine: Engine) -> None:
    tokens = [store.fetch_data_version(engine).token]
    for name in ("a", "b"):
        bring_declaration(engine, name, "21250")
        tokens.append(store.fetch_data_version(engine).token)
    store.undo_batch(engine, 1, by="test")
    tokens.append(store.fetch_data_version(engine).token)
    assert len(set(tokens)) == len(tokens)
    bring_declaration(engine, "b", "21250")  # known already: nothing changes
    assert store.fetch_data_version(engine).token == tokens[-1]


def test_every_address_answers_anew_for_another_store_of_the_same_count(
    settings: Settings, file: Path, tmp_path: Path
) -> None:
    fill_store(file, "a", "21250").dispose()
    fill_store(tmp_path / "other.sqlite", "b", "21025").dispose()
    client = create_app(settings).server.test_client()
    first_answers = {address: client.get(address) for address in ADDRESSES}
    days = first_answers["/api/state?province=51"].get_json()["days"]
    assert all(answer.status_code == 200 for answer in first_answers.values())
    os.replace(tmp_path / "other.sqlite", file)
    for address, first in first_answers.items():
        again = client.get(address, headers={"If-None-Match": first.headers.get("ETag", "")})
        assert again.status_code == first.status_code, address
        if first.status_code == 200:
            assert again.headers["ETag"] != first.headers["ETag"], address
    assert find_green_commune(client) == "21025"
    assert client.get(days[-1]).status_code == 404
    new_days = client.get("/api/state?province=51").get_json()["days"]
    assert new_days[-1] != days[-1]
    assert client.get(new_days[-1]).status_code == 200


def test_a_backup_that_comes_back_and_grows_again_is_told_apart(
    settings: Settings, file: Path, tmp_path: Path
) -> None:
    fill_store(file, "a", "21250").dispose()
    backup = copy_store(file, tmp_path / "backup.sqlite")
    client = create_app(settings).server.test_client()
    tags = [client.get("/to-cong-tac").headers["ETag"]]
    for name, commune in (("v77", "21025"), ("v11", "21205")):
        copy_store(backup, tmp_path / "back.sqlite")
        os.replace(tmp_path / "back.sqlite", file)
        assert client.get("/to-cong-tac", headers={"If-None-Match": tags[0]}).status_code == 304
        engine = store.prepare_store(settings.database_url)
        bring_declaration(engine, name, commune)
        engine.dispose()
        tags_known = ", ".join(tags)
        answer = client.get("/to-cong-tac", headers={"If-None-Match": tags_known})
        assert answer.status_code == 200
        tags.append(answer.headers["ETag"])
        green = client.get("/api/state?province=51").get_json()["layers"]["overall"]["levels"]
        assert green.count("g") == 2
        report = client.get("/api/report?province=51").get_json()
        levels = {row["commune_code"]: row["level"] for row in report["communes"]}
        assert levels[commune] == "green"
