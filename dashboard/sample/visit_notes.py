"""What teams of the sample wrote at communes: what they mended on the spot, what they propose.

A value that a visit found in order though the one before found it short was mended there half of
the time; where a value is short they propose what would help.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pandas as pd

from dashboard.batch import VISIT_COLUMNS, VISIT_MENDED
from dashboard.sample.draw import make_generator
from dashboard.sample.facts import SampleProvince

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
    """Notes (VISIT_COLUMNS) of `visits` (verified readings), by the teams that went there."""
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
