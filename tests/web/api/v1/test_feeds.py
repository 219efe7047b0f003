"""News and calendars say what the pages say, and nothing that stands in a file breaks them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from lxml import etree
from sqlalchemy import Engine

from dashboard import store
from dashboard.indicators.field.follow_ups import FollowUpState
from dashboard.indicators.levels import LEVEL_NAMES
from dashboard.reports import Reports
from dashboard.web import theme
from dashboard.web.api.v1.asking import ProvinceQuestion
from dashboard.web.api.v1.feeds import _clean_words, write_calendar
from tests import making
from tests.web.conftest import HOSTILE

DAY = date(2026, 11, 22)
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def read_feed(program: FlaskClient, province: str = "51") -> Any:
    answer = program.get(f"/api/v1/provinces/{province}/changes.atom")
    assert answer.status_code == 200
    assert answer.mimetype == "application/atom+xml"
    return etree.fromstring(answer.data)


def read_events(program: FlaskClient, province: str = "51") -> list[Any]:
    answer = program.get(f"/api/v1/provinces/{province}/calendar.ics")
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    return list(Calendar.from_ical(answer.data).walk("VEVENT"))


def test_the_feed_has_every_change_of_level_of_thirty_days(
    sample_program: FlaskClient, sample_reports: Reports
) -> None:
    feed = read_feed(sample_program)
    titles = feed.xpath("a:entry/a:title/text()", namespaces=ATOM)
    version = sample_reports.version()
    report = sample_reports.report("51", DAY, version)
    days = [DAY - timedelta(days=back) for back in range(31)]
    overall = sample_reports.day_by_day("51", days[::-1], version)["overall"]
    names = report.communes["name"].tolist()
    counted = [
        f"{names[commune]}: {theme.LEVELS[LEVEL_NAMES[before]].word} → "
        f"{theme.LEVELS[LEVEL_NAMES[now]].word}"
        for position in range(30, 0, -1)
        for commune, (before, now) in enumerate(
            zip(overall[:, position - 1], overall[:, position], strict=True)
        )
        if before != now
    ]
    assert titles == counted
    assert counted
    ids = feed.xpath("a:entry/a:id/text()", namespaces=ATOM)
    assert len(set(ids)) == len(ids)
    assert all(name.startswith("tag:") for name in ids)
    assert "mô phỏng" in feed.findtext("a:title", namespaces=ATOM)
    link = feed.xpath("a:entry/a:link/@href", namespaces=ATOM)[0]
    assert sample_program.get(link.removeprefix("http://localhost")).status_code == 200


def test_a_province_of_which_nobody_told_has_no_news_and_nothing_due(
    sample_program: FlaskClient,
) -> None:
    assert not read_feed(sample_program, "01").xpath("a:entry", namespaces=ATOM)
    assert not read_events(sample_program, "01")


def test_the_calendar_has_every_promise_that_is_owed_on_its_day(
    sample_program: FlaskClient, sample_reports: Reports
) -> None:
    follow_ups = sample_reports.report("51", DAY, sample_reports.version()).field.follow_ups
    owed = {
        f"{follow_up.follow_up_id}@viec-hua.51": follow_up.due_on
        for follow_up in follow_ups
        if follow_up.state not in (FollowUpState.KEPT, FollowUpState.WITHDRAWN)
    }
    events = {str(event["uid"]): event["dtstart"].dt for event in read_events(sample_program)}
    assert {uid: day for uid, day in events.items() if "viec-hua" in uid} == owed
    assert owed


def test_certificates_that_expire_are_an_event_of_their_list(
    own_store: Engine, own_pages: FlaskClient
) -> None:
    counts = {"active": 20.0, "locked": 0.0, "revoked": 0.0, "expired": 1.0}
    rows = [
        {"commune_code": "21250", **counts, "expiring_30": 2.0, "expiring_60": 5.0},
        {"commune_code": "21289", **counts, "expiring_30": 4.0, "expiring_60": 4.0},
        {"commune_code": "21034", **counts, "expiring_30": 0.0, "expiring_60": float("nan")},
    ]
    listed = pd.DataFrame(rows).assign(as_of=date(2026, 11, 13))
    batch = making.batch("danh-sach", certificates=listed, file_kind="certificates")
    store.save_batch(own_store, batch, by="test")
    events = {event["dtstart"].dt: event for event in read_events(own_pages)}
    assert sorted(events) == [date(2026, 12, 13), date(2027, 1, 12)]
    within_30 = events[date(2026, 12, 13)]
    assert within_30["summary"] == "6 chứng thư số tại 2 đơn vị hết hạn đến ngày này"
    assert "Theo danh sách ngày 13/11/2026" in within_30["description"]
    assert events[date(2027, 1, 12)]["summary"].startswith("3 chứng thư số tại 1 đơn vị")


def test_what_was_written_into_a_file_is_text_in_a_calendar(
    sample_program: FlaskClient, sample_reports: Reports
) -> None:
    hostile = f"{HOSTILE}\r\nEND:VEVENT\nBEGIN:VALARM\x00\u2028;,\\"
    assert _clean_words(hostile).isprintable()
    question = ProvinceQuestion(sample_reports, "51", DAY, sample_reports.version())
    report = question.report
    owed = report.field.follow_ups[0]
    kept = report.field.__dict__["follow_ups"]
    report.field.__dict__["follow_ups"] = (replace(owed, what=hostile, owner=hostile),)
    try:
        with sample_program.application.test_request_context():
            written = write_calendar(question, "http://localhost")
    finally:
        report.field.__dict__["follow_ups"] = kept
    calendar = Calendar.from_ical(written)
    assert not calendar.walk("VALARM")
    events = [event for event in calendar.walk("VEVENT") if "viec-hua" in str(event["uid"])]
    assert len(events) == 1
    assert HOSTILE in str(events[0]["summary"])


@pytest.mark.parametrize("name", ["changes.atom", "calendar.ics"])
def test_a_feed_that_did_not_change_is_a_304(pages: FlaskClient, name: str) -> None:
    address = f"/api/v1/provinces/51/{name}"
    first = pages.get(address)
    again = pages.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert pages.get(f"{address}?limit=3").status_code == 400
