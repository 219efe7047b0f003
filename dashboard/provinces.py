"""What the store knows of one province, all days: asked in one go, sorted for the indicators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import Engine

from dashboard import reference
from dashboard.indicators.readiness.history import History
from dashboard.indicators.snapshot import ProvinceData, part_counts
from dashboard.indicators.throughput.counts import DossierCounts
from dashboard.reference import FIRST_DAY
from dashboard.store import dossiers, exports, plans, read
from dashboard.store.readings import (
    fetch_outages,
    fetch_readings_of_province,
    fetch_reporting_days,
    list_count_days,
    select_evidence,
    select_newest_readings,
)

_LAST_DAY = date(9999, 12, 30)


@dataclass(frozen=True)
class LoadedProvince:
    """All that the store knows of one province; never changed once made."""

    province_data: ProvinceData
    sources: pd.DataFrame
    reporting_days: pd.DataFrame
    problems: pd.DataFrame


@dataclass(frozen=True)
class LoadedCounts:
    """Dossiers of a province as counts told them; `days`: readings.list_count_days."""

    of_communes: DossierCounts
    of_departments: DossierCounts
    days: pd.DataFrame


def fetch_counts(engine: Engine, province: str) -> LoadedCounts:
    """Most of what is known of a province, which most files leave as it is. Raises
    StoreUnavailable.
    """
    rows = dossiers.fetch_count_rows(engine, province)
    communes = reference.select_communes_of_province(province)
    return LoadedCounts(
        *part_counts(dossiers.resolve_counts(rows), communes), list_count_days(rows)
    )


def fetch_province(
    engine: Engine, province: str, counts: LoadedCounts, department_names: Mapping[str, str]
) -> LoadedProvince:
    """The province with its `counts`. Raises StoreUnavailable."""
    readings = fetch_readings_of_province(engine, province)
    sources = read.fetch_sources(engine, province, _LAST_DAY)
    follow_ups = exports.fetch_follow_ups(engine, province)
    communes = reference.select_communes_of_province(province)
    province_data = ProvinceData(
        communes,
        History(select_newest_readings(readings), [str(code) for code in communes.index]),
        counts.of_communes,
        counts.of_departments,
        exports.fetch_certificates(engine, province, FIRST_DAY, _LAST_DAY),
        fetch_outages(engine, province),
        department_names,
        follow_ups=follow_ups,
        evidence=select_evidence(readings, follow_ups, sources),
        support_steps=exports.fetch_support_steps(engine, province),
        resources=plans.fetch_resources(engine, province),
        feedback=plans.fetch_feedback(engine, province),
    )
    return LoadedProvince(
        province_data,
        sources,
        fetch_reporting_days(engine, province, readings, counts.days, FIRST_DAY),
        exports.fetch_problems(engine, province),
    )
