"""Sums of dossiers that must come out exactly, because they were published (see published_facts.toml).

Only the published numbers are real; the amounts of other communes keep the right distance from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from dashboard.sample.days import day_number
from dashboard.sample.draw import Ints, chance, follow
from dashboard.sample.provinces import GIA_LAI, IA_HRUNG, KIM_BOI, NGHIA_GIANG, THONG_NHAT, Province
from dashboard.sample.units import Units

# A day after the last one that a published sum needs: so many days are drawn in any case.
AUGUST_2026 = slice(day_number(date(2026, 8, 1)), day_number(date(2026, 9, 1)))
NEEDED_DAYS = AUGUST_2026.stop
FIRST_WEEK, FIRST_TWO_WEEKS = slice(0, 7), slice(0, 14)

# Gia Lai, 01–07/07/2025: communes "over 6,000" of "over 11,000". Ia Hrung's 200 are rank 8: seven
# communes receive more. Thống Nhất resolves 134, rank 5: four resolve more. 91 of the 134 (67.9 %)
# have an electronic result: rank 1 by share and by number, so nobody else comes near.
_COMMUNES, _DEPARTMENTS = 6_214, 4_938
_BUSIEST = ((431, 262), (372, 231), (318, 187), (287, 158), (226, 121), (209, 113))  # received, resolved
_THONG_NHAT, _IA_HRUNG, _IA_HRUNG_ONLINE = (241, 134, 91), (200, 109), 164
_MOST_RECEIVED, _MOST_RESOLVED, _MOST_E_RESULTS, _TOP_E_SHARE = 190, 105, 84, 0.62

_KIM_BOI = 409
_NGHIA_GIANG = 16


@dataclass(frozen=True)
class Targets:
    """Sums over `days` of the series `columns` (places in Units). None: left to chance.

    `all_good`: nothing of these days' dossiers ends late. `all_digitised`, `all_e_results`: 100 %.
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


def targets(province: Province, unit: Units, troubled: list[str]) -> list[Targets]:
    """The published sums of a province."""
    found = []
    if (unit.published >= 0).any():
        known = np.flatnonzero(unit.published[:, 0] >= 0)
        sums = unit.published[known]
        found.append(Targets(AUGUST_2026, known, received=sums[:, 0], on_time=sums[:, 1]))
    if province is GIA_LAI:
        found += _gia_lai(unit)
    if KIM_BOI in unit.deciding:
        place = np.array([unit.deciding.index(KIM_BOI)])
        sums = np.array([_KIM_BOI])
        found.append(Targets(FIRST_TWO_WEEKS, place, sums, all_good=True, all_digitised=True, all_e_results=True))
    if troubled:
        places = np.array([unit.deciding.index(code) for code in troubled])
        few = chance(province.code, "trouble").integers(0, 5, len(troubled))
        few[troubled.index(NGHIA_GIANG)] = _NGHIA_GIANG
        found.append(Targets(slice(0, 1), places, received=few))
    return found


def _gia_lai(unit: Units) -> list[Targets]:
    """The first week of Gia Lai: all communes and the departments."""
    draw = chance("gia lai", "first week")
    size = unit.communes
    thong_nhat, ia_hrung = unit.deciding.index(THONG_NHAT), unit.deciding.index(IA_HRUNG)
    named = [thong_nhat, ia_hrung]
    others = np.setdiff1d(np.argsort(-unit.monthly[:size], kind="stable"), named, assume_unique=True)
    busiest, rest = others[: len(_BUSIEST)], np.sort(others[len(_BUSIEST) :])
    got = np.zeros((size, 2), dtype=np.int64)
    got[busiest], got[thong_nhat], got[ia_hrung] = _BUSIEST, _THONG_NHAT[:2], _IA_HRUNG
    got[rest, 0] = follow(_COMMUNES - int(got[:, 0].sum()), unit.monthly[rest] ** 1.3)
    got[rest, 1] = np.minimum(_MOST_RESOLVED, np.floor(got[rest, 0] * draw.uniform(0.3, 0.62, len(rest))))
    assert got[rest, 0].max() <= _MOST_RECEIVED, "another commune reaches Ia Hrung's rank"
    share = draw.uniform(0.15, _TOP_E_SHARE, size)
    e_result = np.minimum(_MOST_E_RESULTS, np.floor(got[:, 1] * share)).astype(np.int64)
    e_result[thong_nhat] = _THONG_NHAT[2]
    week = Targets(
        FIRST_WEEK,
        np.arange(size),
        received=got[:, 0],
        resolved=got[:, 1],
        e_result=e_result,
        online={ia_hrung: _IA_HRUNG_ONLINE},
        all_good=True,
    )
    hrung = Targets(FIRST_WEEK, np.array([ia_hrung]), np.array([_IA_HRUNG[0]]), all_digitised=True)
    departments = Targets(FIRST_WEEK, np.array([size]), np.array([_DEPARTMENTS]))
    return [week, hrung, departments]
