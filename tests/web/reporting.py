"""Small reports for tests of views: five communes of Quảng Ngãi, the real criteria, told as the
test says.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import pandas as pd

from dashboard import reference, workdays
from dashboard.batch import READING_COLUMNS
from dashboard.indicators.criteria import Criteria
from dashboard.indicators.report import Report, build_report
from dashboard.indicators.snapshot import ProvinceData, Snapshot, build_empty_certificate_frame
from dashboard.indicators.throughput import periods
from dashboard.reports import read_criteria
from dashboard.settings import ROOT
from tests import making

TODAY = date(2026, 11, 22)
CODES = [str(code) for code in reference.select_communes_of_province("51").index[:5]]
KINDS = {
    "readiness": "Biểu kê khai",
    "dossiers": "Danh sách hồ sơ",
    "dossier_report": "Báo cáo II.06a",
    "visits": "Kiểm tra",
}


@lru_cache(maxsize=1)
def criteria() -> Criteria:
    return read_criteria(ROOT / "data" / "criteria.toml")


def report_of(
    *,
    declared: Mapping[str, date] | None = None,
    readings: pd.DataFrame | None = None,
    counts: pd.DataFrame | None = None,
    reporting_days: pd.DataFrame | None = None,
) -> Report:
    """`declared`: who declared everything green, and when; `counts`: as making.dossiers gives them,
    with `kind`.
    """
    rows = [making.declaration(code, day) for code, day in (declared or {}).items()]
    frame = (
        pd.concat([*rows, readings])
        if rows or readings is not None
        else pd.DataFrame(columns=READING_COLUMNS)
    )
    frame = frame.assign(as_of=pd.to_datetime(frame["as_of"]).astype("datetime64[s]"))
    empty = making.dossiers([]).assign(kind="")
    dossiers = (empty if counts is None else counts).rename(columns={"deciding_unit": "unit"})
    ends = {
        end: pd.to_datetime(dossiers[end]).astype("datetime64[s]")
        for end in ("period_from", "period_to")
    }
    communes = reference.select_communes_of_province("51").loc[CODES]
    province_data = ProvinceData.of(
        communes, frame, dossiers.assign(level="commune", **ends), build_empty_certificate_frame()
    )
    period = periods.find_newest_period(province_data.counts.until(TODAY).periods)
    more = {} if reporting_days is None else {"reporting_days": reporting_days}
    return build_report(
        Snapshot(
            "51", making.FIRST_VERSION, province_data, workdays.load_calendar(), period, **more
        ),
        criteria(),
        TODAY,
    )
