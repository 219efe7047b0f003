"""What lists of certificates and probes of the line tell of each commune, beside its criteria:
never a criterion itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from dashboard.batch import CERTIFICATES
from dashboard.indicators.readiness.history import History

PROBE_WINDOW_DAYS: Final = 30
PROBE_COLUMNS: Final = ["days", "uptime", "mbps", "last_day", "outages"]


def select_newest_certificates(
    certificates: pd.DataFrame, codes: Sequence[str], until: date
) -> pd.DataFrame:
    """Per commune (index, in the order of `codes`) its newest counts by a day: as_of and
    CERTIFICATES; NaT and NaN where no list named it.
    """
    by_day = certificates[certificates["as_of"] <= pd.Timestamp(until)]
    newest = by_day.sort_values("as_of", kind="stable").drop_duplicates("commune_code", keep="last")
    return newest.set_index("commune_code")[["as_of", *CERTIFICATES]].reindex(list(codes))


def summarise_probes(history: History, outages: pd.DataFrame, until: date) -> pd.DataFrame:
    """Per commune (index) what probes measured in the last PROBE_WINDOW_DAYS days: PROBE_COLUMNS.

    `days` with a probe, `uptime` their mean (each day counts alike), `mbps` the median of the days'
    medians, `last_day`, `outages` how many stretches without a line touch them. NaN where nobody
    probed.
    """
    after = np.datetime64(until, "D") - np.timedelta64(PROBE_WINDOW_DAYS, "D")
    frames = {}
    for name, measure in (("uptime", "network_uptime"), ("mbps", "network_mbps_probed")):
        commune, day, value = history.readings(measure, "verified")
        inside = (day > after) & (day <= np.datetime64(until, "D"))
        frames[name] = pd.DataFrame(
            {"commune": commune[inside], "day": day[inside].astype("datetime64[s]")}
        ).assign(value=value[inside])
    codes = pd.Index(list(history.codes), name="commune_code")
    every_day = pd.concat(frames.values()).groupby("commune")["day"]
    summary = pd.DataFrame(
        {
            "days": every_day.nunique(),
            "uptime": frames["uptime"].groupby("commune")["value"].mean(),
            "mbps": frames["mbps"].groupby("commune")["value"].median(),
            "last_day": every_day.max(),
        }
    )
    summary = summary.reindex(range(len(codes))).set_axis(codes)
    counts = select_outages(outages, until).groupby("commune_code").size()
    outage_counts = counts.reindex(codes).fillna(0).where(summary["uptime"].notna())
    return summary.assign(outages=outage_counts)[PROBE_COLUMNS]


def select_outages(outages: pd.DataFrame, until: date) -> pd.DataFrame:
    """The stretches without a line that touch the last PROBE_WINDOW_DAYS days, newest first:
    commune_code, began_at, ended_at (NaT: not over when the log ends).
    """
    end = pd.Timestamp(until) + pd.Timedelta(days=1)
    begin = end - pd.Timedelta(days=PROBE_WINDOW_DAYS)
    last_moment = outages["ended_at"].fillna(outages["began_at"])
    inside = outages[(outages["began_at"] < end) & (last_moment >= begin)]
    return inside.sort_values(["began_at", "commune_code"], ascending=[False, True])
