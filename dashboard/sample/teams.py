"""Teams of the sample: two task forces and two mobile teams a province, as the province's papers
tell of them, and the days on which they went to the communes that the sample has them visit.
"""

from __future__ import annotations

import uuid
from datetime import date

import pandas as pd

from dashboard.batch import TEAM_COLUMNS, TEAM_DAY_COLUMNS, WEAK_ENTRY_COLUMNS
from dashboard.reference import FIRST_DAY
from dashboard.sample.facts import SampleProvince

_IDS = uuid.UUID("0b0a4a55-1c0e-5d0e-8d6d-9f6a3b7f2c11")
_OFFICE = "Sở Khoa học và Công nghệ"
# Name, size, telecom company: about twenty a mobile team, with one company each.
_TEAMS = (
    ("Tổ công tác số 1", 12, ""),
    ("Tổ công tác số 2", 12, ""),
    ("Tổ cơ động số 1", 20, "VNPT"),
    ("Tổ cơ động số 2", 20, "Viettel"),
)
# How far the schedule of the sample reaches.
DAYS_AHEAD = 14
# The list of communes that had trouble on the first day was closed on this one.
_TROUBLE_ENDED = date(2025, 7, 6)


def simulate_teams(province: SampleProvince, communes: pd.DataFrame) -> pd.DataFrame:
    """The province's four teams (TEAM_COLUMNS); each looks after a quarter of the communes, by the
    former districts that they lie in.
    """
    codes = sorted(communes.index, key=lambda code: (communes["formed_from"][code][-20:], code))
    quarter = -(-len(codes) // len(_TEAMS))
    rows = [
        (
            _make_id(province, "team", name),
            name,
            _OFFICE,
            size,
            partner or None,
            " ".join(codes[number * quarter : (number + 1) * quarter]),
            None,
        )
        for number, (name, size, partner) in enumerate(_TEAMS)
    ]
    return pd.DataFrame(rows, columns=TEAM_COLUMNS, dtype=object)


def simulate_team_days(province: SampleProvince, visits: pd.DataFrame) -> pd.DataFrame:
    """One team a day of `visits` (verified readings, also of days to come), in turn."""
    visited = visits.loc[visits["basis"] == "verified", ["as_of", "commune_code"]]
    rows = []
    for day, codes in visited.drop_duplicates().groupby("as_of", sort=True)["commune_code"]:
        team = _TEAMS[(day - FIRST_DAY).days % len(_TEAMS)][0]
        rows.append(
            (
                _make_id(province, "day", day.isoformat()),
                _make_id(province, "team", team),
                day,
                " ".join(sorted(codes)),
                "planned",
            )
        )
    return pd.DataFrame(rows, columns=TEAM_DAY_COLUMNS, dtype=object)


def simulate_weak_entries(
    province: SampleProvince, troubled: list[str], today: date
) -> pd.DataFrame:
    """The communes that had trouble on the first day, as the list that a province decided of
    (WEAK_ENTRY_COLUMNS); which ones is simulated but for one.
    """
    over = today >= _TROUBLE_ENDED
    rows = [
        (
            _make_id(province, "entry", code),
            code,
            "decision",
            FIRST_DAY,
            "Gặp khó khăn khi phát sinh hồ sơ trong ngày đầu",
            _TROUBLE_ENDED if over else None,
            "Hồ sơ phát sinh ổn định" if over else None,
            _OFFICE,
        )
        for code in troubled
    ]
    return pd.DataFrame(rows, columns=WEAK_ENTRY_COLUMNS, dtype=object)


def _make_id(province: SampleProvince, *parts: str) -> str:
    return str(uuid.uuid5(_IDS, "|".join((province.code, *parts))))
