"""Silence as a layer of the map: in rhythm, late, silent and never told are four things, and never
red for nothing.
"""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from dashboard.web.overview.layers import build_silence_layer
from tests.web.reporting import CODES, TODAY, report_of


def test_who_never_told_is_not_red_and_every_commune_is_counted_once() -> None:
    ages = {CODES[0]: 1, CODES[1]: 10, CODES[2]: 60}
    rows = [
        ("readiness", code, pd.Timestamp(TODAY - timedelta(days=age))) for code, age in ages.items()
    ]
    days_told = pd.DataFrame(rows, columns=["kind", "commune_code", "as_of"])
    report = report_of(reporting_days=days_told.astype({"as_of": "datetime64[s]"}))
    layer = build_silence_layer(report)
    assert layer["levels"] == "flonn"
    assert (
        layer["title"]
        == "Báo cáo: 1/5 đơn vị đúng kỳ; 1 chậm báo cáo, 1 quá hạn báo cáo, 2 chưa từng có"
    )
    assert (
        sum(layer["counts"].values())
        == len(report.codes)
        == len(layer["text"])
        == len(layer["levels"])
    )
    for letter, words in zip(layer["levels"], layer["text"], strict=True):
        assert (letter == "n") == words.startswith(("Chưa từng có", "chưa có dữ liệu")), words
        assert (letter == "o") == words.startswith("Quá hạn báo cáo"), words
    assert [(look["letter"], look["word"]) for look in layer["looks"]] == [
        ("f", "Đúng kỳ"),
        ("l", "Chậm báo cáo"),
        ("o", "Quá hạn báo cáo"),
        ("n", "Chưa từng có"),
    ]
    assert layer["title"].startswith("Báo cáo: ")


def test_where_nobody_ever_told_anything_nothing_is_said_of_communes() -> None:
    layer = build_silence_layer(report_of())
    assert (set(layer["levels"]), set(layer["text"])) == ({"n"}, {"chưa có dữ liệu"})
    assert layer["title"] == "Báo cáo: chưa có dữ liệu"
