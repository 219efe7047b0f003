"""The sample as batches for the store: per province its declarations, its visits, its dossiers."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, datetime, time

import numpy as np
import pandas as pd

from dashboard import reference
from dashboard.batch import Batch
from dashboard.reference import FIRST_DAY
from dashboard.sample.conditions import draw_conditions
from dashboard.sample.dossiers import simulate_dossiers
from dashboard.sample.draw import SEED, compute_day_number
from dashboard.sample.facts import PROVINCES, SampleProvince, read_progress_rows
from dashboard.sample.field_work import simulate_follow_ups, simulate_support_steps
from dashboard.sample.plans import (
    DAYS_AHEAD,
    simulate_feedback,
    simulate_resources,
    simulate_team_days,
    simulate_teams,
    simulate_visit_notes,
    simulate_weak_entries,
)
from dashboard.sample.readings import simulate_declarations, simulate_visits

# The hour at which the sample is taken: today's rows hold what came in until then.
TAKEN_AT = time(8, 0)


def simulate_batches(today: date, skip: Collection[str] = ()) -> Iterator[Batch]:
    """Simulated batches (origin "simulated") from 01/07/2025 to `today`, both inclusive.

    Nothing before 01/07/2025. The rows of past days are the same whatever `today` is; only
    `today`'s dossier rows are unfinished. Declarations and visits come before dossiers. Provinces
    whose code is in `skip` are left out.
    """
    if today < FIRST_DAY:
        return
    for province in (candidate for candidate in PROVINCES if candidate.code not in skip):
        communes = reference.select_communes_of_province(province.code).sort_index()
        state = draw_conditions(province, communes)
        days = compute_day_number(today) + 1
        yield _make_batch(
            province, "tu-khai", today, readings=simulate_declarations(province, state, days)
        )
        visits = simulate_visits(province, state, days)
        codes = [str(code) for code in communes.index]
        name = reference.load_province_names()[province.code]
        follow_ups = simulate_follow_ups(province, name, visits, today)
        teams = simulate_teams(province, communes)
        team_days = simulate_team_days(
            province, simulate_visits(province, state, days + DAYS_AHEAD)
        )
        yield replace(
            _make_batch(province, "kiem-tra", today, readings=visits, follow_ups=follow_ups),
            visits=simulate_visit_notes(province, visits, team_days, teams),
            teams=teams,
            team_days=team_days,
            weak_entries=simulate_weak_entries(province, state.troubled, today),
            support_steps=simulate_support_steps(province, codes, today),
            resources=simulate_resources(province, codes, today),
            feedback=simulate_feedback(province, codes, today),
        )
        counts = simulate_dossiers(province, communes, state.troubled, today)
        yield _make_batch(
            province, "ho-so", today, dossiers=counts, agencies=_list_departments(province)
        )


def _make_batch(
    province: SampleProvince,
    part: str,
    today: date,
    **parts: pd.DataFrame,
) -> Batch:
    contents = [
        frame
        for name, frame in parts.items()
        if name in ("readings", "dossiers") or (name == "follow_ups" and len(frame))
    ]
    return Batch(
        file_name=f"mo-phong_{province.code}_{part}_{today:%Y-%m-%d}",
        sha256=_fingerprint_content(province.code, part, contents),
        file_kind="sample",
        province_code=province.code,
        as_of=datetime.combine(today, TAKEN_AT),
        rows=sum(map(len, contents)),
        origin="simulated",
        period=(FIRST_DAY, today),
        **parts,
    )


def _list_departments(province: SampleProvince) -> pd.DataFrame:
    """Departments as agencies: one for all of them (its code is made up), or those of the published
    list.
    """
    if province.departments:
        name = f"Các sở, ngành tỉnh {reference.load_province_names()[province.code]}"
        codes = [province.departments]
        names = [name]
    else:
        rows = read_progress_rows()
        rows = rows[rows["commune_code"].isna()]
        codes = rows["agency_code"].tolist()
        names = rows["agency_name"].tolist()
    return pd.DataFrame(
        {
            "agency_code": codes,
            "name": names,
            "level": "department",
            "commune_code": [None] * len(codes),
        }
    )


def _fingerprint_content(province: str, part: str, contents: list[pd.DataFrame]) -> str:
    """SHA-256 of the seed and the content; the same content has the same one on every machine."""
    digest = hashlib.sha256(f"{SEED}|{province}|{part}".encode())
    for content in contents:
        digest.update(f"|{len(content)}".encode())
        for column in content.columns:
            values = content[column].to_numpy()
            if values.dtype == np.float64:
                digest.update(np.nan_to_num(values, nan=-1.0).astype("<f8").tobytes())
            else:
                codes, words = pd.factorize(values)
                digest.update("|".join(map(str, words)).encode() + codes.astype("<i8").tobytes())
    return digest.hexdigest()
