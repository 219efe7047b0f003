"""Who decides dossiers in the sample, and how: volume, habits and pace of each unit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.sample.draw import Floats, Ints, chance
from dashboard.sample.facts import progress_rows
from dashboard.sample.provinces import Province

# Wards whose centre also accepts some dossiers that a neighbour decides (any commune accepts for the
# whole province), from 01/09/2025 on: (accepting, deciding) as places in the list of communes.
_PAIRS = [(0, 3), (5, 1), (7, 2)]
PAIRS_FROM_DAY = 62
_PAIR_A_MONTH = 24


@dataclass(frozen=True)
class Units:
    """One entry per series of daily rows: communes first (`communes` of them), then the others.

    `monthly` dossiers of a full month; shares in [0, 1]; `pace` share of the good dossiers in
    hand that a working day finishes; `clearing` the same for overdue ones; `days` mean days of a
    dossier; `published` (received, on_time) of August 2026, -1 where nothing is published.
    """

    accepting: list[str]
    deciding: list[str]
    communes: int
    monthly: Floats
    online: Floats
    on_time: Floats
    early: Floats
    digitised: Floats
    e_result: Floats
    pace: Floats
    clearing: Floats
    days: Floats
    published: Ints
    starts: Ints


def units(province: Province, communes: pd.DataFrame) -> Units:
    """Draw the units of a province; `communes` indexed by code, sorted by code."""
    draw = chance(province.code, "units")
    codes = [str(code) for code in communes.index]
    accepting, deciding, published, days = list(codes), list(codes), np.full((len(codes), 2), -1), None
    wards = (communes["kind"] == "phuong").to_numpy()
    monthly = np.exp(draw.normal(np.where(wards, 7.15, 6.35), 0.45)).clip(190, 2600)
    on_time = draw.beta(16, 2.2, len(codes)).clip(0.62, 0.995)
    starts = np.zeros(len(codes), dtype=np.int64)
    if province.departments:
        pairs = [(codes[a], codes[b]) for a, b in _PAIRS]
        accepting += [province.departments, *(a for a, _ in pairs)]
        deciding += [province.departments, *(b for _, b in pairs)]
        monthly = np.append(monthly, [province.departments_a_month, *[_PAIR_A_MONTH] * len(pairs)])
        on_time = np.append(on_time, [0.74, *[0.9] * len(pairs)])
        published = np.full((len(accepting), 2), -1)
        starts = np.append(starts, [0, *[PAIRS_FROM_DAY] * len(pairs)])
    else:
        accepting, published, days = _published(codes)
        deciding, starts = list(accepting), np.zeros(len(accepting), dtype=np.int64)
        monthly = published[:, 0].astype(np.float64)
        on_time = published[:, 1] / published[:, 0]
    size = len(accepting)
    if days is None:
        days = draw.gamma(4.5, 1.05, size).clip(1, 12)
    return Units(
        accepting=accepting,
        deciding=deciding,
        communes=len(codes),
        monthly=monthly,
        online=draw.beta(7, 3, size).clip(0.3, 0.97),
        on_time=on_time,
        early=draw.uniform(0.3, 0.75, size),
        digitised=draw.beta(9, 1.6, size),
        e_result=draw.beta(6, 2.5, size),
        pace=(1 / (0.6 * days + 0.6)).clip(0.08, 0.75),
        clearing=draw.uniform(0.06, 0.2, size),
        days=days,
        published=published,
        starts=starts,
    )


def _published(codes: list[str]) -> tuple[list[str], Ints, Floats]:
    """Phú Thọ's units of the published list: communes in the order of `codes`, then departments."""
    rows = progress_rows()
    rows = rows[rows["received"] > 0]
    communes = rows[rows["commune_code"].notna()].set_index("commune_code").loc[codes]
    departments = rows[rows["commune_code"].isna()]
    both = pd.concat([communes, departments])
    names = [*codes, *departments["agency_code"]]
    return names, both[["received", "on_time"]].to_numpy(dtype=np.int64), both["avg_days"].to_numpy(dtype=np.float64)
