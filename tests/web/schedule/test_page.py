"""Where teams go: what an address may ask for, and what a sheet to take along tells."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from dashboard import reference
from dashboard.indicators.report import Report
from dashboard.web.schedule.page import MOST_STOPS, read_stops
from dashboard.web.words import declarations
from tests import making
from tests.web.reporting import CODES, TODAY, report_of

COMMUNES = reference.select_communes_of_province("51")


def test_stops_come_by_boxes_or_with_commas_and_junk_is_left_out() -> None:
    query = MultiDict([("xa", "21250"), ("xa", "21289,<b>,99999"), ("xa", "21250")])
    assert read_stops(query, COMMUNES) == ["21250", "21289"]
    everybody = MultiDict([("xa", ",".join(COMMUNES.index))])
    assert len(read_stops(everybody, COMMUNES)) == MOST_STOPS


def visited_report() -> Report:
    visit = making.readings([(CODES[0], "network_stable", 0.0, "verified", TODAY)])
    return report_of(declared=dict.fromkeys(CODES, TODAY), readings=visit)


def test_a_commune_tells_which_share_of_its_own_values_visits_confirmed() -> None:
    report = visited_report()
    assert declarations.tell_declaration_quality(report, 0) == (
        "kiểm tra xác nhận 0/1 (0,0%) số tự kê khai trong 12 tháng, ít nhất 0,0%"
    )
    assert declarations.tell_declaration_quality(report, 1) == declarations.NEVER_CHECKED


def test_where_to_check_next_begins_with_the_commune_in_most_need_and_doubt() -> None:
    position, quality = declarations.list_next_checks(visited_report())[0]
    assert position == 0
    assert quality.startswith("kiểm tra xác nhận 0/1 (0,0%)")
