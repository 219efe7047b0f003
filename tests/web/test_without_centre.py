"""A unit without a centre of its own owes no report: it is not silent, late or to be called."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import pytest

from dashboard import reference, workdays
from dashboard.areas import load_units_without_centre
from dashboard.indicators.freshness import freshness
from dashboard.indicators.report import Report, build_report
from dashboard.indicators.snapshot import ProvinceData, Snapshot, build_empty_certificate_frame
from dashboard.web.words.headline import list_readiness_figures
from tests import making
from tests.web.reporting import TODAY, criteria

HOANG_SA = "20333"


@pytest.fixture
def report() -> Report:
    """All of Đà Nẵng but Hoàng Sa declared for a month, yesterday too."""
    communes = reference.select_communes_of_province("48")
    days = [TODAY - timedelta(days=back) for back in (1, 30)]
    rows = pd.concat(
        making.declaration(code, day) for code in communes.index if code != HOANG_SA for day in days
    )
    rows = rows.assign(as_of=pd.to_datetime(rows["as_of"]).astype("datetime64[s]"))
    counts = making.dossiers([]).rename(columns={"deciding_unit": "unit"})
    counts = counts.assign(kind="", level="commune").astype(
        {"period_from": "datetime64[s]", "period_to": "datetime64[s]"}
    )
    province_data = ProvinceData.of(communes, rows, counts, build_empty_certificate_frame())
    snapshot = Snapshot("48", making.FIRST_VERSION, province_data, workdays.load_calendar())
    return build_report(snapshot, criteria(), TODAY)


def test_hoang_sa_is_known_to_have_none() -> None:
    assert HOANG_SA in load_units_without_centre()
    names = reference.load_communes()["name"]
    assert names[HOANG_SA] == "Đặc khu Hoàng Sa"


def test_nobody_waits_for_its_report(report: Report) -> None:
    index = report.codes.index(HOANG_SA)
    assert (report.sources.freshness.state[index] == freshness.NOT_EXPECTED).all()
    assert index not in report.readiness.visit_priority.calls
    assert [signal.code for signal in report.signals] == []


def test_the_headline_says_so_and_counts_nobody_silent(report: Report) -> None:
    silent = list_readiness_figures(report)[-1]
    assert silent["value"] == f"0/{len(report.codes)}"
    assert silent["note"].endswith("1 đơn vị không có trung tâm riêng")
    assert "chưa báo cáo" not in list_readiness_figures(report)[0]["note"]


def test_one_with_a_centre_is_silent_as_before(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.indicators.report.load_units_without_centre", frozenset)
    again = build_report(report.snapshot, criteria(), TODAY)
    index = again.codes.index(HOANG_SA)
    assert index in again.readiness.visit_priority.calls
    assert [signal.code for signal in again.signals] == ["silent"]
    assert list_readiness_figures(again)[-1]["value"].startswith("1/")
