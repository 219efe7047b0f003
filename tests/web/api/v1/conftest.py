"""What the tests of /api/v1 share: the program over the sample data, and how it is asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from dashboard.reports import Reports, read_criteria
from dashboard.settings import Settings, read_settings
from dashboard.store import open_store
from dashboard.web.server import create_app
from tests.conftest import TODAY
from tools.running import environment_in


@pytest.fixture(scope="session")
def sample_settings(sample_folder: Path) -> Settings:
    return read_settings(environment_in(sample_folder, DASHBOARD_TODAY=TODAY))


@pytest.fixture(scope="session")
def sample_program(sample_settings: Settings) -> FlaskClient:
    return create_app(sample_settings).server.test_client()


@pytest.fixture(scope="session")
def sample_reports(sample_settings: Settings) -> Reports:
    """The reports of the same store, as the pages ask for them."""
    criteria = read_criteria(sample_settings.criteria)
    return Reports(open_store(sample_settings.database_url), criteria, sample_settings.outlines_dir)
