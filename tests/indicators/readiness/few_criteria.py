"""What tests of the way to green and of need share: a day, four communes, and few criteria, so that
going through all of them one by one stays quick.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from dashboard.reports import read_criteria
from dashboard.settings import ROOT

DAY = date(2026, 11, 13)
CODES = ("21025", "21028", "21250", "21251")
ALL = read_criteria(ROOT / "data" / "criteria.toml")
FEW = (
    "network_stable",
    "network_speed",
    "signature_coverage",
    "scanner_coverage",
    "online_meeting",
)
SOME = replace(ALL, criteria=tuple(entry for entry in ALL.criteria if entry.code in FEW))
