"""The sample as batches for the store: per province its declarations, its visits, its dossiers."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from datetime import date, datetime, time

import numpy as np
import pandas as pd

from dashboard import reference
from dashboard.batch import Batch, no_agencies, no_dossiers, no_readings
from dashboard.sample.communes import draw_conditions
from dashboard.sample.days import FIRST_DAY, day_number
from dashboard.sample.declarations import declarations
from dashboard.sample.dossiers import dossiers
from dashboard.sample.draw import SEED
from dashboard.sample.facts import progress_rows
from dashboard.sample.provinces import PROVINCES, Province
from dashboard.sample.visits import visits

# The hour at which the sample is taken: today's rows hold what came in until then.
TAKEN_AT = time(8, 0)


def batches(today: date, skip: Collection[str] = ()) -> Iterator[Batch]:
    """Simulated batches (origin "simulated") from 01/07/2025 to `today`, both inclusive.

    Nothing before 01/07/2025. The rows of past days are the same whatever `today` is; only
    `today`'s dossier rows are unfinished. Declarations and visits come before dossiers. Provinces whose
    code is in `skip` are left out.
    """
    if today < FIRST_DAY:
        return
    for province in (one for one in PROVINCES if one.code not in skip):
        communes = reference.communes_of(province.code).sort_index()
        state = draw_conditions(province, communes)
        days = day_number(today) + 1
        yield _batch(province, "tu-khai", today, readings=declarations(province, state, days))
        yield _batch(province, "kiem-tra", today, readings=visits(province, state, days))
        counts = dossiers(province, communes, state.troubled, today)
        yield _batch(province, "ho-so", today, dossiers=counts, agencies=_departments(province))


def _batch(
    province: Province,
    part: str,
    today: date,
    *,
    readings: pd.DataFrame | None = None,
    dossiers: pd.DataFrame | None = None,
    agencies: pd.DataFrame | None = None,
) -> Batch:
    content = readings if dossiers is None else dossiers
    assert content is not None
    return Batch(
        file_name=f"mo-phong_{province.code}_{part}_{today:%Y-%m-%d}",
        sha256=_fingerprint(province.code, part, content),
        kind="sample",
        province_code=province.code,
        as_of=datetime.combine(today, TAKEN_AT),
        rows=len(content),
        origin="simulated",
        period=(FIRST_DAY, today),
        readings=no_readings() if readings is None else readings,
        dossiers=no_dossiers() if dossiers is None else dossiers,
        agencies=no_agencies() if agencies is None else agencies,
    )


def _departments(province: Province) -> pd.DataFrame:
    """Departments as agencies: one for all of them (its code is made up), or those of the published list."""
    if province.departments:
        name = f"Các sở, ngành tỉnh {reference.provinces()[province.code]}"
        codes, called = [province.departments], [name]
    else:
        rows = progress_rows()
        rows = rows[rows["commune_code"].isna()]
        codes, called = rows["agency_code"].tolist(), rows["agency_name"].tolist()
    return pd.DataFrame(
        {"agency_code": codes, "name": called, "level": "department", "commune_code": [None] * len(codes)}
    )


def _fingerprint(province: str, part: str, content: pd.DataFrame) -> str:
    """SHA-256 of the seed and the content; the same content has the same one on every machine."""
    digest = hashlib.sha256(f"{SEED}|{province}|{part}|{len(content)}".encode())
    for column in content.columns:
        values = content[column].to_numpy()
        if values.dtype == np.float64:
            digest.update(np.nan_to_num(values, nan=-1.0).astype("<f8").tobytes())
        else:
            codes, words = pd.factorize(values)
            digest.update("|".join(map(str, words)).encode() + codes.astype("<i8").tobytes())
    return digest.hexdigest()
