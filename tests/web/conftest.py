"""What the tests of pages share: a store of a few communes, and a client of the whole program over
it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from dashboard import store
from dashboard.settings import Settings, read_settings
from dashboard.web.server import create_app
from tests import making
from tests.conftest import TODAY
from tools.running import environment_in

HOSTILE = "<script>alert(1)</script>"
PROBLEMS = (
    making.problem("không phải là số", "hãy nhập số nguyên", 14, "Đã cấp", f"=1+1{HOSTILE}"),
    making.problem("thiếu cột", "hãy thêm cột", severity="warning"),
)


def filled(settings: Settings) -> Engine:
    """A declaration of one commune, of 20/11/2026, and a certificate list, of 13/11/2026, with
    problems.
    """
    engine = store.prepare_store(settings.database_url)
    readings = making.declaration("21250", date(2026, 11, 20))
    declared = making.batch("ke-khai", readings=readings, as_of=datetime(2026, 11, 20, 16))
    listed = making.batch(
        "chung-thu",
        as_of=datetime(2026, 11, 13),
        file_kind="certificates",
        file_name=f"{HOSTILE}.xlsx",
        problems=PROBLEMS,
    )
    store.save_batch(engine, declared, by="test")
    store.save_batch(engine, listed, by="nguyen.van.a")
    return engine


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """The whole program over that store, shared: look, do not change the store.

    It keeps no answer: a test that breaks a part sees it broken whoever asked before.
    """
    folder = tmp_path_factory.mktemp("pages")
    settings = read_settings(
        environment_in(folder, DASHBOARD_TODAY=TODAY, DASHBOARD_KEPT_BYTES="0")
    )
    filled(settings).dispose()
    return create_app(settings).server.test_client()


@pytest.fixture(scope="session")
def filled_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of that store, made once: a copy of it opens at once."""
    settings = read_settings(environment_in(tmp_path_factory.mktemp("filled")))
    filled(settings).dispose()
    return Path(settings.database_url.removeprefix("sqlite:///"))


@pytest.fixture
def own_store(settings: Settings, filled_store: Path) -> Iterator[Engine]:
    """Such a store that a test may change."""
    shutil.copyfile(filled_store, settings.database_url.removeprefix("sqlite:///"))
    engine = store.open_store(settings.database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def own_pages(own_store: Engine, settings: Settings) -> FlaskClient:
    """The program over the test's own store."""
    return create_app(settings).server.test_client()


@pytest.fixture
def store_file(own_store: Engine, settings: Settings) -> Path:
    """Where the test's own store is."""
    return Path(settings.database_url.removeprefix("sqlite:///"))
