"""A commune's dossiers in words: what it did not tell of the shown period leads to what it told
last.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from dashboard.indicators.throughput.periods import Period
from dashboard.web.words import commune
from dashboard.web.words.commune import ReportCommune
from tests import making
from tests.web.reporting import CODES, KINDS, TODAY, report_of


def test_a_commune_outside_the_newest_source_leads_to_the_newest_period_that_it_told() -> None:
    listed = making.dossiers([{"unit": CODES[0], "first": TODAY, "received": 5}]).assign(
        kind="dossiers"
    )
    october = {"first": date(2026, 10, 1), "last": date(2026, 10, 31)}
    reported = making.dossiers([{"unit": code, **october, "received": 919} for code in CODES[:2]])
    report = report_of(counts=pd.concat([listed, reported.assign(kind="dossier_report")]))
    inside, outside, never = (ReportCommune(report, code) for code in CODES[:3])
    assert commune.find_earlier_period(inside, KINDS) is None, "its figures stand there"
    period, words = commune.find_earlier_period(outside, KINDS) or (None, "")
    assert period == Period(october["first"], october["last"])
    assert (
        words
        == "Kỳ gần nhất đơn vị có số liệu: tháng 10/2026, 919 hồ sơ tiếp nhận (Báo cáo II.06a)"
    )
    assert commune.find_earlier_period(never, KINDS) is None
