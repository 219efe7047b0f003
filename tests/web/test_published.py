"""Published figures are told as they were published, beside what the day's screen tells and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from flask.testing import FlaskClient

from dashboard import reference, sample, workdays
from dashboard.indicators.report import Report, build_report
from dashboard.indicators.snapshot import ProvinceData, Snapshot, build_empty_certificate_frame
from dashboard.web.documents import published
from tests import making
from tests.web.reporting import criteria

FACTS = {fact.id: fact for fact in sample.PUBLISHED_FACTS}


def _report_on(province: str, day: date) -> Report:
    """One commune of the province has declared a slow line and all signatures."""
    communes = reference.select_communes_of_province(province)
    rows = making.declaration(communes.index[0], day, network_mbps=30)
    rows = rows.assign(as_of=rows["as_of"].astype("datetime64[s]"))
    counts = making.dossiers([]).rename(columns={"deciding_unit": "unit"})
    counts = counts.assign(kind="", level="commune").astype(
        {"period_from": "datetime64[s]", "period_to": "datetime64[s]"}
    )
    province_data = ProvinceData.of(communes, rows, counts, build_empty_certificate_frame())
    return build_report(
        Snapshot(province, making.FIRST_VERSION, province_data, workdays.load_calendar()),
        criteria(),
        day,
    )


def test_what_was_said_of_the_network_stands_beside_the_counts_of_that_day() -> None:
    words = published.tell_facts_of_day(_report_on("25", date(2025, 7, 13)))
    assert words.startswith("“100% xã có hạ tầng mạng thông suốt, đã được cấp chữ ký số")
    assert (
        "(Báo Phú Thọ, 15/07/2025); ở đây mạng 0/148, chữ ký số 1/148 đơn vị đạt mức Xanh: "
        in words
    )
    assert "chấm từng xã theo ngưỡng" in words


def test_communes_with_trouble_in_dossiers_are_not_told_as_line_faults() -> None:
    words = published.tell_facts_of_day(_report_on("51", date(2025, 7, 1)))
    assert "24 xã khó khăn khi phát sinh hồ sơ" in words
    assert "không phải lỗi đường truyền" in words


def test_of_other_days_nothing_is_said() -> None:
    assert published.tell_facts_of_day(_report_on("25", date(2025, 7, 14))) == ""


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        ("phu_tho_2026_08_on_time_rate", "78,38%: tỷ lệ đúng hạn"),
        ("gia_lai_received", "hơn 11.000 hồ sơ tiếp nhận toàn tỉnh"),
        ("ia_hrung_rank", "Xã Ia Hrung: hạng 8: thứ hạng theo hồ sơ tiếp nhận"),
        ("nghia_giang_stable", "Nghĩa Giang đã phát sinh hồ sơ ổn định"),
        ("quang_ngai_online_2022", "224.643 hồ sơ trực tuyến toàn tỉnh Quảng Ngãi"),
    ],
)
def test_a_figure_is_written_as_its_source_printed_it(fact: str, words: str) -> None:
    assert published.tell_fact(FACTS[fact]).startswith(words)


def test_days_of_a_fact_are_named() -> None:
    days = published.tell_fact_days
    assert days(FACTS["quang_ngai_online_2022"]) == "năm 2022"
    assert days(FACTS["kim_boi_received"]) == "01/07–14/07/2025"
    assert days(replace(FACTS["kim_boi_received"], day_from=date(2025, 7, 14))) == "14/07/2025"


def test_the_page_of_data_lists_every_fact_with_its_source(pages: FlaskClient) -> None:
    html = pages.get("/du-lieu?province=51").get_data(as_text=True)
    own = [fact for fact in FACTS.values() if fact.province == "51"]
    assert all(f'data-key="{fact.id}"' in html for fact in own)
    assert "Tiền Phong, 13/10/2025" in html
    assert published.REPRODUCED not in html, "nothing simulated is shown here"
