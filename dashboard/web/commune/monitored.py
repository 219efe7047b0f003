"""What lists of certificates and probes of the line tell of one commune, in words: beside its
criteria, none of which they are.
"""

from __future__ import annotations

import math
from typing import Any, Final

import pandas as pd

from dashboard import text
from dashboard.indicators.readiness.monitoring import PROBE_WINDOW_DAYS
from dashboard.web.words.commune import ReportCommune

# The counts of batch.CERTIFICATES in the words of the lists that tell them.
CERTIFICATE_WORDS: Final = {
    "active": "đang hoạt động",
    "locked": "bị khóa",
    "revoked": "thu hồi",
    "expired": "đã hết hạn",
    "expiring_30": "hết hạn trong 30 ngày",
    "expiring_60": "hết hạn trong 60 ngày",
}


def describe_certificates(commune: ReportCommune) -> dict[str, Any] | None:
    """`counts` (word and figure) of the newest list and its day `on`; None where no list named the
    commune.
    """
    row = commune.report.sources.certificates.loc[commune.code]
    if pd.isna(row["as_of"]):
        return None
    return {
        "on": text.format_day(row["as_of"].date()),
        "age": text.format_age((commune.report.today - row["as_of"].date()).days),
        "counts": [
            (word, text.format_number(row[name])) for name, word in CERTIFICATE_WORDS.items()
        ],
    }


def describe_probes(commune: ReportCommune) -> dict[str, Any] | None:
    """What probes measured in the last days, `outages` as stretches of time, newest first; None
    where nobody probed the line.
    """
    row = commune.report.sources.probes.loc[commune.code]
    if math.isnan(row["days"]):
        return None
    figures = []
    if not math.isnan(row["uptime"]):
        figures.append(f"hoạt động {text.format_percent(row['uptime'])} số lần đo")
    if not math.isnan(row["mbps"]):
        figures.append(f"tốc độ giữa {text.format_number(row['mbps'], 1)} Mbps")
    outages = commune.report.sources.outages
    stretches = [
        tell_outage(stretch.began_at, stretch.ended_at)
        for stretch in outages[outages["commune_code"] == commune.code].itertuples()
    ]
    return {
        "days": text.format_part(row["days"], PROBE_WINDOW_DAYS),
        "until": text.format_day(row["last_day"].date()),
        "figures": figures,
        "outages": stretches,
    }


def tell_outage(began_at: pd.Timestamp, ended_at: pd.Timestamp) -> str:
    """`08:15–09:40 12/11/2026 (85 phút)`, or that the line was not back when the log ended."""
    if pd.isna(ended_at):
        return f"từ {began_at:%H:%M %d/%m/%Y}, chưa thấy thông lại trong nhật ký"
    minutes = text.format_number((ended_at - began_at).total_seconds() // 60)
    begin = f"{began_at:%H:%M}" if began_at.date() == ended_at.date() else f"{began_at:%H:%M %d/%m}"
    return f"{begin}–{ended_at:%H:%M %d/%m/%Y} ({minutes} phút)"
