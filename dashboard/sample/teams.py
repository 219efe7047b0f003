"""Teams of the sample: two task forces and two mobile teams a province, as the province's papers
tell of them, the days on which they went to the communes that the sample has them visit, and what
they wrote there.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date

import pandas as pd

from dashboard.batch import (
    TEAM_COLUMNS,
    TEAM_DAY_COLUMNS,
    VISIT_COLUMNS,
    VISIT_MENDED,
    WEAK_ENTRY_COLUMNS,
)
from dashboard.reference import FIRST_DAY
from dashboard.sample.draw import make_generator
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


# Measure to from where it is in order and what a team proposes below that. Of counts: the share of
# what is needed.
_PROPOSALS = {
    "network_stable": (1.0, "Đề nghị doanh nghiệp viễn thông kiểm tra lại tuyến cáp"),
    "network_mbps": (50.0, "Đề nghị nâng gói cước đường truyền"),
    "signature_issued": (1.0, "Đề nghị cấp bổ sung chữ ký số cho cán bộ mới nhận việc"),
    "scanner_available": (1.0, "Đề nghị bố trí thêm máy scan, tạm dùng chung với bộ phận khác"),
}
_WHOLES = {"signature_issued": "signature_needed", "scanner_available": "scanner_needed"}
_MENDED_ON_THE_SPOT = 0.5
_PROPOSES = 0.4


def simulate_visit_notes(
    province: SampleProvince, visits: pd.DataFrame, team_days: pd.DataFrame, teams: pd.DataFrame
) -> pd.DataFrame:
    """Notes (VISIT_COLUMNS) of `visits` (verified readings), by the teams that went there: a value
    in order that the visit before found short was mended on the spot half of the time; where one
    is short they propose what would help.
    """
    names = dict(zip(teams["team_id"], teams["name"], strict=True))
    team_on = {row.goes_on: names.get(row.team_id) for row in team_days.itertuples()}
    wide = visits.pivot_table(index=["commune_code", "as_of"], columns="measure", values="value")
    rows: list[tuple[str, date, str | None, str | None, str]] = []
    for code, of_commune in wide.groupby(level="commune_code", sort=True):
        draw = make_generator(province.code, "visit notes", str(code))
        before: set[str] = set()
        for (_, day), values in of_commune.iterrows():
            short = set(_list_short(values))
            for measure in sorted(before - short):
                if draw.random() < _MENDED_ON_THE_SPOT:
                    rows.append((str(code), day, measure, team_on.get(day), VISIT_MENDED))
            for measure in sorted(short):
                if draw.random() < _PROPOSES:
                    rows.append((str(code), day, None, team_on.get(day), _PROPOSALS[measure][1]))
            before = short
    return pd.DataFrame(rows, columns=VISIT_COLUMNS, dtype=object)


def _list_short(values: pd.Series) -> Iterator[str]:
    for measure, (enough, _) in _PROPOSALS.items():
        whole = values.get(_WHOLES[measure]) if measure in _WHOLES else 1.0
        value = values.get(measure)
        if pd.notna(value) and pd.notna(whole) and whole and value / whole < enough:
            yield measure
