"""GET /metrics, for Prometheus: what the program counts of itself, and how old what the store holds
is.

Figures of communes and names of persons are never in it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import PurePath

import pandas as pd
from flask import Flask, Response, abort, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy import Engine

from dashboard import store
from dashboard.errors import DashboardError
from dashboard.reference import VIETNAM
from dashboard.settings import Settings
from dashboard.store.clock import read_clock
from dashboard.store.machines import fetch_watchers
from dashboard.store.read import fetch_batch_summary
from dashboard.store.screens import fetch_screens
from dashboard.version import read_program_version
from dashboard.web.static_files import compute_build_stamp

_LOOPBACK = frozenset({"127.0.0.1", "::1", "::ffff:127.0.0.1"})
# A proxy on this machine asks from here, too; what it hands on says so.
_PROXY_HEADERS = ("X-Forwarded-For", "Forwarded", "X-Real-IP")


def register(server: Flask, settings: Settings, engine: Engine) -> None:
    """Adds the address, for whom the settings let read it; to all others it is not there."""

    @server.get("/metrics")
    def metrics() -> Response:
        if not may_read_metrics(settings.metrics):
            abort(404)
        own_registry = CollectorRegistry()
        own_registry.register(StoreCollector(engine))
        body = generate_latest(_find_counters()) + generate_latest(own_registry)
        return Response(
            body, content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"}
        )


def may_read_metrics(setting: str) -> bool:
    """Whether who asks may: `open` everybody, `local` this machine without a proxy in between."""
    if setting == "local":
        through_proxy = any(name in request.headers for name in _PROXY_HEADERS)
        return request.remote_addr in _LOOPBACK and not through_proxy
    return setting == "open"


def _find_counters() -> CollectorRegistry:
    """The counts of all processes, or of this one where it is alone."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


class StoreCollector:
    """What the store tells at the moment of asking; the same from every process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def collect(self) -> Iterator[Metric]:
        build = GaugeMetricFamily(
            "dashboard_build", "Version and build of the program.", labels=("version", "build")
        )
        build.add_metric((read_program_version(), compute_build_stamp()), 1)
        yield build
        up = GaugeMetricFamily("dashboard_store_up", "Whether the store answers.")
        families: list[Metric] = []
        try:
            families = list(self._collect_from_store())
            up.add_metric((), 1)
        except DashboardError:
            up.add_metric((), 0)
        yield up
        yield from families

    def _collect_from_store(self) -> Iterator[Metric]:
        now = read_clock()
        version = GaugeMetricFamily("dashboard_data_version", "Number of the newest commit.")
        version.add_metric((), store.fetch_data_version(self._engine).number)
        yield version
        yield from _collect_batches(fetch_batch_summary(self._engine), now)
        yield from _collect_screens(fetch_screens(self._engine), now)
        yield from _collect_watchers(fetch_watchers(self._engine), now)


def _collect_batches(frame: pd.DataFrame, now: datetime) -> Iterator[Metric]:
    local_now = now.replace(tzinfo=UTC).astimezone(VIETNAM).replace(tzinfo=None)
    keys = [(row.province_code, row.kind, row.origin) for row in frame.itertuples(index=False)]
    yield _make_family(
        "dashboard_data_age_seconds",
        "Since the day or hour that the newest file of a province and source speaks of.",
        ("province", "source", "origin"),
        zip(keys, (local_now - frame["as_of"]).dt.total_seconds(), strict=True),
    )
    yield _make_family(
        "dashboard_import_age_seconds",
        "Since the newest import of a province and source.",
        ("province", "source", "origin"),
        zip(keys, (now - frame["imported_at"]).dt.total_seconds(), strict=True),
    )
    yield _make_family(
        "dashboard_imports",
        "Imported files that count.",
        ("province", "source", "origin"),
        zip(keys, frame["batches"], strict=True),
    )
    yield _make_family(
        "dashboard_refused_rows",
        "Rows and cells refused in the files that count.",
        ("province", "source", "origin"),
        zip(keys, frame["refused_rows"], strict=True),
    )


def _collect_screens(frame: pd.DataFrame, now: datetime) -> Iterator[Metric]:
    # Only what somebody accepted: anybody may send other names, as many as they like.
    frame = frame[frame["accepted"].astype(bool) & frame["seen_at"].notna()]
    keys = [(name,) for name in frame["name"]]
    yield _make_family(
        "dashboard_screen_seen_seconds",
        "Since a wall screen last spoke.",
        ("screen",),
        zip(keys, (now - frame["seen_at"]).abs().dt.total_seconds(), strict=True),
    )
    yield _make_family(
        "dashboard_screen_data_seconds",
        "Since a wall screen last had an answer, as it said itself; -1: never.",
        ("screen",),
        zip(keys, frame["fresh_seconds"].fillna(-1), strict=True),
    )


def _collect_watchers(frame: pd.DataFrame, now: datetime) -> Iterator[Metric]:
    keys = [(PurePath(folder).name,) for folder in frame["folder"]]
    families = {
        "dashboard_watcher_seen_seconds": (
            "Since a watcher of a folder last spoke.",
            (now - frame["seen_at"]).abs().dt.total_seconds(),
        ),
        "dashboard_watcher_stopped": ("Whether it said that it stops.", frame["stopped"]),
        "dashboard_watcher_busy": ("Whether it has a file in hand.", frame["file_name"] != ""),
        "dashboard_watcher_fault": ("Whether it met a fault.", frame["fault"] != ""),
        "dashboard_watcher_imported_files": ("Imported since its start.", frame["imported"]),
        "dashboard_watcher_refused_files": ("Refused since its start.", frame["refused"]),
    }
    for name, (meaning, column) in families.items():
        yield _make_family(name, meaning, ("folder",), zip(keys, column, strict=True))


def _make_family(
    name: str,
    meaning: str,
    labels: tuple[str, ...],
    samples: Iterable[tuple[tuple[str, ...], float]],
) -> Metric:
    family = GaugeMetricFamily(name, meaning, labels=labels)
    for label_values, value in samples:
        family.add_metric(label_values, float(value))
    return family
