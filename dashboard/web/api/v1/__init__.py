"""GET /api/v1/…: what the pages show, for other programs; what they send is imports.py.

resources.py lists the addresses, models.py what they answer, queries.py what they may be asked.
"""

from __future__ import annotations

from flask import Flask

from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.web.api import problems
from dashboard.web.api.v1 import feeds, geojson, openapi, resources


def register(server: Flask, settings: Settings, reports: Reports) -> None:
    """Adds all addresses under /api/v1 that only read, and the form of every refusal there."""
    problems.register(server)
    resources.register(server, settings, reports)
    geojson.register(server, settings, reports)
    feeds.register(server, settings, reports)
    openapi.register(server, settings)
