"""Who decides dossiers in the sample, and how: volume, habits and pace of each unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from dashboard.sample.draw import Floats, Ints, compute_day_number, make_generator, spread_total
from dashboard.sample.facts import (
    GIA_LAI,
    IA_HRUNG,
    KIM_BOI,
    NGHIA_GIANG,
    THONG_NHAT,
    SampleProvince,
    read_progress_rows,
)

# Sums of dossiers that must come out exactly, because they were published (see
# published_facts.toml).
#
# Only the published numbers are real; the amounts of other communes keep the right distance from
# them.

# A day after the last one that a published sum needs: so many days are drawn in any case.
AUGUST_2026 = slice(compute_day_number(date(2026, 8, 1)), compute_day_number(date(2026, 9, 1)))
NEEDED_DAYS = AUGUST_2026.stop
FIRST_WEEK = slice(0, 7)
FIRST_TWO_WEEKS = slice(0, 14)

# Gia Lai, 01–07/07/2025: communes "over 6,000" of "over 11,000". Ia Hrung's 200 are rank 8: seven
# communes receive more. Thống Nhất resolves 134, rank 5: four resolve more. 91 of the 134 (67.9%)
# have an electronic result: rank 1 by share and by number, so nobody else comes near.
_COMMUNES_RECEIVED = 6_214
_DEPARTMENTS_RECEIVED = 4_938
# received, resolved
_BUSIEST = ((431, 262), (372, 231), (318, 187), (287, 158), (226, 121), (209, 113))
_THONG_NHAT = (241, 134, 91)
_IA_HRUNG = (200, 109)
_IA_HRUNG_ONLINE = 164
_MOST_RECEIVED = 190
_MOST_RESOLVED = 105
_MOST_E_RESULTS = 84
_TOP_E_SHARE = 0.62

_KIM_BOI_RECEIVED = 409
_NGHIA_GIANG_RECEIVED = 16


@dataclass(frozen=True)
class PublishedSums:
    """Sums over `days` of the series `columns` (places in Units). None: left to chance.

    `all_good`: nothing of these days' dossiers ends late. `all_digitised`, `all_e_results`: 100%.
    """

    days: slice
    columns: Ints
    received: Ints
    on_time: Ints | None = None
    resolved: Ints | None = None
    e_result: Ints | None = None
    online: dict[int, int] | None = None
    all_good: bool = False
    all_digitised: bool = False
    all_e_results: bool = False


def list_published_sums(
    province: SampleProvince, unit: SampleUnits, troubled: list[str]
) -> list[PublishedSums]:
    """The published sums of a province."""
    published_sums = []
    if (unit.published >= 0).any():
        published = np.flatnonzero(unit.published[:, 0] >= 0)
        sums = unit.published[published]
        published_sums.append(
            PublishedSums(AUGUST_2026, published, received=sums[:, 0], on_time=sums[:, 1])
        )
    if province is GIA_LAI:
        published_sums += _list_gia_lai_sums(unit)
    if KIM_BOI in unit.deciding:
        column = np.array([unit.deciding.index(KIM_BOI)])
        sums = np.array([_KIM_BOI_RECEIVED])
        published_sums.append(
            PublishedSums(
                FIRST_TWO_WEEKS, column, sums, all_good=True, all_digitised=True, all_e_results=True
            )
        )
    if troubled:
        columns = np.array([unit.deciding.index(code) for code in troubled])
        few = make_generator(province.code, "trouble").integers(0, 5, len(troubled))
        few[troubled.index(NGHIA_GIANG)] = _NGHIA_GIANG_RECEIVED
        published_sums.append(PublishedSums(slice(0, 1), columns, received=few))
    return published_sums


def _list_gia_lai_sums(unit: SampleUnits) -> list[PublishedSums]:
    """The first week of Gia Lai: all communes and the departments."""
    draw = make_generator("gia lai", "first week")
    size = unit.communes
    thong_nhat = unit.deciding.index(THONG_NHAT)
    ia_hrung = unit.deciding.index(IA_HRUNG)
    named = [thong_nhat, ia_hrung]
    others = np.setdiff1d(
        np.argsort(-unit.monthly[:size], kind="stable"), named, assume_unique=True
    )
    busiest = others[: len(_BUSIEST)]
    rest = np.sort(others[len(_BUSIEST) :])
    counts = np.zeros((size, 2), dtype=np.int64)
    counts[busiest] = _BUSIEST
    counts[thong_nhat] = _THONG_NHAT[:2]
    counts[ia_hrung] = _IA_HRUNG
    counts[rest, 0] = spread_total(
        _COMMUNES_RECEIVED - int(counts[:, 0].sum()), unit.monthly[rest] ** 1.3
    )
    counts[rest, 1] = np.minimum(
        _MOST_RESOLVED, np.floor(counts[rest, 0] * draw.uniform(0.3, 0.62, len(rest)))
    )
    assert counts[rest, 0].max() <= _MOST_RECEIVED, "another commune reaches Ia Hrung's rank"
    share = draw.uniform(0.15, _TOP_E_SHARE, size)
    e_result = np.minimum(_MOST_E_RESULTS, np.floor(counts[:, 1] * share)).astype(np.int64)
    e_result[thong_nhat] = _THONG_NHAT[2]
    week = PublishedSums(
        FIRST_WEEK,
        np.arange(size),
        received=counts[:, 0],
        resolved=counts[:, 1],
        e_result=e_result,
        online={ia_hrung: _IA_HRUNG_ONLINE},
        all_good=True,
    )
    hrung = PublishedSums(
        FIRST_WEEK, np.array([ia_hrung]), np.array([_IA_HRUNG[0]]), all_digitised=True
    )
    departments = PublishedSums(FIRST_WEEK, np.array([size]), np.array([_DEPARTMENTS_RECEIVED]))
    return [week, hrung, departments]


# Wards whose centre also accepts some dossiers that a neighbour decides (any commune accepts for
# the whole province), from 01/09/2025 on: (accepting, deciding) as places in the list of communes.
_UNIT_PAIRS = [(0, 3), (5, 1), (7, 2)]
PAIRS_FROM_DAY = 62
_PAIR_A_MONTH = 24


@dataclass(frozen=True)
class SampleUnits:
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


def draw_units(province: SampleProvince, communes: pd.DataFrame) -> SampleUnits:
    """Draw the units of a province; `communes` indexed by code, sorted by code."""
    draw = make_generator(province.code, "units")
    codes = [str(code) for code in communes.index]
    accepting = list(codes)
    deciding = list(codes)
    published = np.full((len(codes), 2), -1)
    days = None
    wards = (communes["kind"] == "phuong").to_numpy()
    monthly = np.exp(draw.normal(np.where(wards, 7.15, 6.35), 0.45)).clip(190, 2600)
    on_time = draw.beta(16, 2.2, len(codes)).clip(0.62, 0.995)
    starts = np.zeros(len(codes), dtype=np.int64)
    if province.departments:
        pairs = [(codes[a], codes[b]) for a, b in _UNIT_PAIRS]
        accepting += [province.departments, *(a for a, _ in pairs)]
        deciding += [province.departments, *(b for _, b in pairs)]
        monthly = np.append(monthly, [province.departments_a_month, *[_PAIR_A_MONTH] * len(pairs)])
        on_time = np.append(on_time, [0.74, *[0.9] * len(pairs)])
        published = np.full((len(accepting), 2), -1)
        starts = np.append(starts, [0, *[PAIRS_FROM_DAY] * len(pairs)])
    else:
        accepting, published, days = _read_published_units(codes)
        deciding = list(accepting)
        starts = np.zeros(len(accepting), dtype=np.int64)
        monthly = published[:, 0].astype(np.float64)
        on_time = published[:, 1] / published[:, 0]
    size = len(accepting)
    if days is None:
        days = draw.gamma(4.5, 1.05, size).clip(1, 12)
    return SampleUnits(
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


def _read_published_units(codes: list[str]) -> tuple[list[str], Ints, Floats]:
    """Phú Thọ's units of the published list: communes in the order of `codes`, then departments."""
    rows = read_progress_rows()
    rows = rows[rows["received"] > 0]
    communes = rows[rows["commune_code"].notna()].set_index("commune_code").loc[codes]
    departments = rows[rows["commune_code"].isna()]
    both = pd.concat([communes, departments])
    names = [*codes, *departments["agency_code"]]
    return (
        names,
        both[["received", "on_time"]].to_numpy(dtype=np.int64),
        both["avg_days"].to_numpy(dtype=np.float64),
    )
