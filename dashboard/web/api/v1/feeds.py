"""What one is told of without asking: changes of level as Atom (RFC 4287) for readers of news, due
promises and expiring certificates as iCalendar (RFC 5545) for calendars.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

import pandas as pd
from flask import Flask, Response, request

from dashboard import reference, text
from dashboard.indicators.field.follow_ups import FollowUp, FollowUpState
from dashboard.indicators.levels import LEVEL_NAMES
from dashboard.reference import FIRST_DAY, VIETNAM
from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.web import theme
from dashboard.web.api.v1.answers import answer_in_state
from dashboard.web.api.v1.asking import ProvinceQuestion
from dashboard.web.api.v1.queries import DayQuery, read_request_query
from dashboard.web.api.v1.resources import ask_about_province, make_rule
from dashboard.web.base_path import locate_path
from dashboard.web.words.follow_ups import STATE_WORDS, tell_target
from dashboard.web.words.movement import tell_movement_reason

# Loaded with the first feed that is written: 6 MB, of which most servers never write one.
if TYPE_CHECKING:
    from icalendar import Event
    from lxml import etree

ATOM_TYPE: Final = "application/atom+xml"
CALENDAR_TYPE: Final = "text/calendar"
CHANGES_PATH: Final = "/provinces/{province}/changes.atom"
CHANGES_SUMMARY: Final = "Đơn vị đổi mức trong 30 ngày (Atom)"
CALENDAR_PATH: Final = "/provinces/{province}/calendar.ics"
CALENDAR_SUMMARY: Final = "Việc hứa đến hạn, chứng thư số sắp hết hạn (iCalendar)"
FEED_DAYS: Final = 30
_ATOM: Final = "http://www.w3.org/2005/Atom"
# An identifier outlives addresses (RFC 4151).
_TAG: Final = "tag:dashboard,2025-07-01"
_OWED: Final = (FollowUpState.OVERDUE, FollowUpState.REOPENED, FollowUpState.OPEN)
_NAMED_COMMUNES: Final = 10
# What no calendar may hold, whoever wrote it into a file.
_CONTROL_CHARACTERS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True)
class LevelMove:
    """A commune whose level on `day` is another than on the eve, and why in words."""

    day: date
    commune_code: str
    name: str
    before: str
    now: str
    reason: str


def list_level_moves(question: ProvinceQuestion) -> list[LevelMove]:
    """The changes of the last FEED_DAYS days, newest first; communes as on the screen."""
    first = max(FIRST_DAY, question.day - timedelta(days=FEED_DAYS))
    days = [first + timedelta(days=n) for n in range((question.day - first).days + 1)]
    overall = question.reports.day_by_day(question.province, days, question.version)["overall"]
    moves: list[LevelMove] = []
    for position in range(len(days) - 1, 0, -1):
        if (overall[:, position] != overall[:, position - 1]).any():
            moves += _list_moves_of_day(question, days[position])
    return moves


def _list_moves_of_day(question: ProvinceQuestion, day: date) -> Iterator[LevelMove]:
    report = question.report
    changes = report.readiness.changes_of_day(day)
    for position, (code, name) in enumerate(question.commune_names.items()):
        before = LEVEL_NAMES[changes.overall_before[position]]
        now = LEVEL_NAMES[changes.overall_now[position]]
        if before != now:
            reason = tell_movement_reason(report, changes, position)
            yield LevelMove(day, code, name, before, now, reason)


def write_changes_feed(question: ProvinceQuestion, host: str) -> bytes:
    """The feed; `host`: scheme and name of this server, before the paths of links."""
    from lxml import etree

    province = question.province
    own_address = f"{host}{locate_path(request.path)}"
    moves = question.keep_rows("level moves", lambda: list_level_moves(question))
    feed = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", "vi")
    _add_text(feed, "id", f"{_TAG}:changes/{province}")
    name = reference.load_province_names()[province]
    _add_text(feed, "title", f"{name}: đơn vị đổi mức{_tell_simulated(question)}")
    newest = moves[0].day if moves else question.day
    _add_text(feed, "updated", _write_moment(newest))
    author = _add_element(feed, "author")
    _add_text(author, "name", "Bảng theo dõi mức độ sẵn sàng của cấp xã")
    _add_link(feed, "self", own_address)
    for move in moves:
        _add_move(feed, move, province, host)
    return etree.tostring(feed, xml_declaration=True, encoding="utf-8")


def _add_move(feed: etree._Element, move: LevelMove, province: str, host: str) -> None:
    before, now = (theme.LEVELS[name].word for name in (move.before, move.now))
    entry = _add_element(feed, "entry")
    _add_text(entry, "id", f"{_TAG}:changes/{province}/{move.commune_code}/{move.day}")
    _add_text(entry, "title", f"{move.name}: {before} → {now}")
    _add_text(entry, "updated", _write_moment(move.day))
    day_field = f"?province={province}&as_of={move.day}"
    _add_link(entry, "alternate", f"{host}{locate_path(f'/xa/{move.commune_code}')}{day_field}")
    _add_element(entry, "category").set("term", move.now)
    _add_text(entry, "summary", f"{text.format_day(move.day)}: {move.reason}")


def _tell_simulated(question: ProvinceQuestion) -> str:
    return " (số liệu mô phỏng)" if question.head()["simulated"] else ""


def _add_element(parent: etree._Element, name: str) -> etree._Element:
    element = parent.makeelement(f"{{{_ATOM}}}{name}")
    parent.append(element)
    return element


def _add_text(parent: etree._Element, name: str, words: str) -> None:
    _add_element(parent, name).text = words


def _add_link(parent: etree._Element, relation: str, address: str) -> None:
    link = _add_element(parent, "link")
    link.set("rel", relation)
    link.set("href", address)


def _write_moment(day: date) -> str:
    """The beginning of a day of Vietnam."""
    return datetime.combine(day, time(), VIETNAM).isoformat()


def write_calendar(question: ProvinceQuestion, host: str) -> bytes:
    """What falls due, as events of whole days."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Mức độ sẵn sàng của cấp xã//vi")
    calendar.add("version", "2.0")
    name = reference.load_province_names()[question.province]
    calendar.add("x-wr-calname", f"{name}: việc đến hạn{_tell_simulated(question)}")
    for event in (*_list_promise_events(question, host), *_list_certificate_events(question)):
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _list_promise_events(question: ProvinceQuestion, host: str) -> Iterator[Event]:
    """Promises that are owed, on the day on which they fall or fell due."""
    names = question.commune_names
    for follow_up in question.report.field.follow_ups:
        if follow_up.state in _OWED:
            yield _build_promise_event(question, follow_up, names[follow_up.commune_code], host)


def _build_promise_event(
    question: ProvinceQuestion, follow_up: FollowUp, commune: str, host: str
) -> Event:
    state = STATE_WORDS[follow_up.state]
    uid = f"{follow_up.follow_up_id}@viec-hua.{question.province}"
    summary = f"{state}: {follow_up.what} – {commune}"
    description = (
        f"{follow_up.owner}; cần đạt: {tell_target(follow_up)}; "
        f"hứa ngày {text.format_day(follow_up.promised_on)}"
    )
    event = _build_event(question.day, uid, follow_up.due_on, summary, description)
    page = locate_path("/to-cong-tac/viec-hua")
    event.add("url", f"{host}{page}?province={question.province}")
    return event


def _list_certificate_events(question: ProvinceQuestion) -> Iterator[Event]:
    """Certificates that a list says will have expired by then; lists of one day are one event.
    `expiring_60` holds `expiring_30`.
    """
    certificates = question.report.sources.certificates
    told = certificates[certificates["as_of"].notna()]
    for listed_on, of_day in told.groupby("as_of"):
        within_30 = of_day["expiring_30"]
        horizons = {30: within_30, 60: of_day["expiring_60"] - within_30}
        for days, counts in horizons.items():
            due_on = pd.Timestamp(listed_on).date() + timedelta(days=days)
            expiring = counts[counts > 0].astype(int)
            if due_on >= question.day and len(expiring):
                yield _build_certificate_event(question, listed_on, due_on, expiring)


def _build_certificate_event(
    question: ProvinceQuestion, listed_on: pd.Timestamp, due_on: date, expiring: pd.Series
) -> Event:
    names = question.commune_names
    worst = expiring.sort_values(ascending=False, kind="stable")
    named = [
        f"{names[str(code)]} {text.format_number(count)}"
        for code, count in worst.iloc[:_NAMED_COMMUNES].items()
    ]
    rest = text.format_rest(len(worst) - _NAMED_COMMUNES, "đơn vị")
    day = listed_on.date()
    summary = (
        f"{text.format_number(int(expiring.sum()))} chứng thư số tại "
        f"{text.format_number(len(expiring))} đơn vị hết hạn đến ngày này"
    )
    description = f"Theo danh sách ngày {text.format_day(day)}: {', '.join(named)}{rest}"
    uid = f"{day}.{(due_on - day).days}@chung-thu-so.{question.province}"
    return _build_event(question.day, uid, due_on, summary, description)


def _build_event(day: date, uid: str, due_on: date, summary: str, description: str) -> Event:
    """An event of a whole day that leaves the day free; stamped with the day of the report, so that
    the same figures are the same bytes.
    """
    from icalendar import Event

    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", datetime.combine(day, time()))
    event.add("dtstart", due_on)
    event.add("summary", _clean_words(summary))
    event.add("description", _clean_words(description))
    event.add("transp", "TRANSPARENT")
    return event


def _clean_words(words: str) -> str:
    return _CONTROL_CHARACTERS.sub(" ", words)


def register(server: Flask, settings: Settings, reports: Reports) -> None:
    """Adds both feeds to `server`."""
    feeds = (
        (CHANGES_PATH, "api_changes", ATOM_TYPE, write_changes_feed),
        (CALENDAR_PATH, "api_calendar", CALENDAR_TYPE, write_calendar),
    )
    for path, endpoint, media_type, write in feeds:
        view = partial(_answer_feed, settings, reports, media_type, write)
        server.add_url_rule(make_rule(path), endpoint, view)


def _answer_feed(
    settings: Settings,
    reports: Reports,
    media_type: str,
    write: Callable[[ProvinceQuestion, str], bytes],
    province: str,
) -> Response:
    question = ask_about_province(settings, reports, province, read_request_query(DayQuery))
    host = request.host_url.rstrip("/")
    return answer_in_state(
        question.version, media_type, lambda: write(question, host), question.day, host
    )
