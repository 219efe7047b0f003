"""What the store knows of one province, all days: asked in one go, sorted for the indicators.

After an import only what it brought is asked for: rows of the batches that were there before stand
in what was made of them, as long as every one of them still counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals
from sqlalchemy import Engine

from dashboard import reference
from dashboard.indicators.field.follow_ups import PromiseLog
from dashboard.indicators.field.support_requests import SupportLog
from dashboard.indicators.readiness.history import History
from dashboard.indicators.snapshot import ProvinceData, part_counts, replace_counts
from dashboard.indicators.throughput.counts import DossierCounts
from dashboard.reference import FIRST_DAY
from dashboard.store import dossiers, exports, plans, read
from dashboard.store.provinces import (
    CountingBatches,
    fetch_counting_batches,
    list_parts_told,
)
from dashboard.store.readings import (
    fetch_outages,
    fetch_readings_of_province,
    fetch_reporting_days,
    list_count_days,
    list_told_measures,
    select_evidence,
    select_newest_readings,
    update_evidence,
    update_reporting_days,
)

_LAST_DAY = date(9999, 12, 30)
# Which of an office's outages counts is told by the readings of its probes (list_outages.sql).
_UPTIME = "network_uptime"
Part = TypeVar("Part")


@dataclass(frozen=True)
class LoadedCounts:
    """Dossiers of a province as counts told them; `days`: readings.list_count_days; `batches`: of
    which all this is made.
    """

    of_communes: DossierCounts
    of_departments: DossierCounts
    days: pd.DataFrame
    batches: CountingBatches


@dataclass(frozen=True)
class LoadedProvince:
    """All that the store knows of one province; never changed once made. `batches`: of which all
    but the `counts` is made. `measures_told`: readings.list_told_measures.
    """

    province_data: ProvinceData
    sources: pd.DataFrame
    reporting_days: pd.DataFrame
    problems: pd.DataFrame
    counts: LoadedCounts
    batches: CountingBatches
    measures_told: Mapping[int, frozenset[str]]


def fetch_province(
    engine: Engine,
    province: str,
    department_names: Mapping[str, str],
    before: LoadedProvince | None = None,
) -> LoadedProvince:
    """The province as it is now. `before`: as it was, of the same store. Raises
    StoreUnavailable.
    """
    batches, with_counts = fetch_counting_batches(engine, province)
    counts = _fetch_counts(engine, province, with_counts, before.counts if before else None)
    after = batches.find_last_kept(before.batches) if before else 0
    if before and after:
        parts_told = list_parts_told(engine, province, after)
        # Of a new promise evidence may lie in readings of any time.
        if "follow_up" not in parts_told:
            loaded = _fetch_later_batches(engine, province, after, parts_told, counts, before)
            data = replace(loaded.province_data, department_names=department_names)
            return replace(loaded, province_data=data, batches=batches)
    return _fetch_all_batches(engine, province, batches, counts, department_names)


def _fetch_counts(
    engine: Engine, province: str, batches: CountingBatches, before: LoadedCounts | None
) -> LoadedCounts:
    """Most of what is known of a province, which most files leave as it is. `batches`: those that
    told of dossiers.
    """
    if before and before.batches == batches:
        return before
    after = batches.find_last_kept(before.batches) if before else 0
    if before and after:
        rows = dossiers.fetch_count_rows_beside(engine, province, after)
        changed = dossiers.resolve_counts(rows)
        return LoadedCounts(
            *replace_counts(before.of_communes, before.of_departments, changed),
            _join_count_days(before.days, list_count_days(rows[rows["batch_id"] > after])),
            batches,
        )
    rows = dossiers.fetch_count_rows(engine, province)
    communes = reference.select_communes_of_province(province)
    return LoadedCounts(
        *part_counts(dossiers.resolve_counts(rows), communes), list_count_days(rows), batches
    )


def _join_count_days(days: pd.DataFrame, later: pd.DataFrame) -> pd.DataFrame:
    if later.empty:
        return days
    return pd.DataFrame(
        {
            "commune_code": union_categoricals([days["commune_code"], later["commune_code"]]),
            "as_of": np.concatenate([days["as_of"], later["as_of"]]),
            "batch_id": np.concatenate([days["batch_id"], later["batch_id"]]),
            "instead": union_categoricals([days["instead"], later["instead"]]),
        }
    )


def _fetch_all_batches(
    engine: Engine,
    province: str,
    batches: CountingBatches,
    counts: LoadedCounts,
    department_names: Mapping[str, str],
) -> LoadedProvince:
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
        promises=PromiseLog(follow_ups, select_evidence(readings, follow_ups, sources)),
        support=SupportLog(exports.fetch_support_steps(engine, province)),
        resources=plans.fetch_resources(engine, province),
        feedback=plans.fetch_feedback(engine, province),
    )
    return LoadedProvince(
        province_data,
        sources,
        fetch_reporting_days(engine, province, readings, counts.days, FIRST_DAY),
        exports.fetch_problems(engine, province),
        counts,
        batches,
        list_told_measures(readings),
    )


def _fetch_later_batches(
    engine: Engine,
    province: str,
    after: int,
    parts_told: Set[str],
    counts: LoadedCounts,
    before: LoadedProvince,
) -> LoadedProvince:
    """`before` with what the batches brought that came after the number `after`, none of which
    tells of promises.
    """

    def renew(part: str, kept: Part, fetch: Callable[[], Part]) -> Part:
        return fetch() if part in parts_told else kept

    known = before.province_data
    readings = fetch_readings_of_province(engine, province, after)
    sources = read.fetch_sources(engine, province, _LAST_DAY)
    later_counts = counts.days[counts.days["batch_id"] > after]
    later_days = fetch_reporting_days(engine, province, readings, later_counts, FIRST_DAY, after)
    later_evidence = select_evidence(readings, known.promises.follow_ups, sources)
    promises = known.promises
    if not later_evidence.empty:
        evidence = update_evidence(promises.evidence, later_evidence)
        promises = PromiseLog(promises.follow_ups, evidence)
    has_outages = "outage" in parts_told or _UPTIME in set(readings["measure"])
    province_data = replace(
        known,
        history=known.history.with_later(select_newest_readings(readings)),
        counts=counts.of_communes,
        departments=counts.of_departments,
        certificates=renew(
            "certificate_count",
            known.certificates,
            lambda: exports.fetch_certificates(engine, province, FIRST_DAY, _LAST_DAY),
        ),
        outages=fetch_outages(engine, province) if has_outages else known.outages,
        promises=promises,
        support=renew(
            "support_step",
            known.support,
            lambda: SupportLog(exports.fetch_support_steps(engine, province)),
        ),
        resources=renew(
            "field_resource", known.resources, lambda: plans.fetch_resources(engine, province)
        ),
        feedback=renew("feedback", known.feedback, lambda: plans.fetch_feedback(engine, province)),
    )
    return LoadedProvince(
        province_data,
        sources,
        update_reporting_days(before.reporting_days, later_days),
        renew("problem", before.problems, lambda: exports.fetch_problems(engine, province)),
        counts,
        before.batches,
        {**before.measures_told, **list_told_measures(readings)},
    )
