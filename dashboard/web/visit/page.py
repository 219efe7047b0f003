"""/to-cong-tac/kiem-tra: what a team found in a commune, written on a phone with or without a line.

The page itself holds no figure and nobody's name: a phone keeps it, and opens it without a line.
What is asked of a commune comes as JSON to who may record visits and is kept in the phone's own
database; what was found is sent from there, once, however often the line breaks
(docs/field.md).
"""

from __future__ import annotations

import json
import logging
import math
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import pandas as pd
from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_wtf.csrf import generate_csrf
from sqlalchemy import Engine

from dashboard import reference, store, text
from dashboard.accounts.roles import Account, Action
from dashboard.indicators import levels
from dashboard.indicators.readiness.assessment import CriterionAssessment
from dashboard.indicators.report import Report
from dashboard.measures import MEASURES, PROMISED
from dashboard.reference import VIETNAM
from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.store import read
from dashboard.store.entries import SavedEntry, save_entry
from dashboard.web import access, bundles, theme
from dashboard.web.base_path import locate_path
from dashboard.web.documents import navigation
from dashboard.web.documents.document import PRODUCT_TITLE
from dashboard.web.documents.guarded_sections import TEMPLATES
from dashboard.web.visit.entry import ReadVisit, VisitRefused, read_sent_visit
from dashboard.web.words import explain
from dashboard.web.words.need import tell_need_reason

SEND_LIMIT: Final = "240 per minute; 3000 per hour"
SHEETS_LIMIT: Final = "30 per minute"
# A day of two teams; more is no list that anybody visits.
MOST_SHEETS = 40
# Of the schedule: a week, and no more lines than a phone shows at once.
DAYS_AHEAD = timedelta(days=6)
MOST_DAYS = 8
MOST_OWNERS = 20
_log = logging.getLogger("dashboard")

# In this order a team looks: what a visit found otherwise, what nobody knows, what is missing.
DIFFERS, UNKNOWN, OLD, LACKS, MET = range(5)
DOUBTS = {
    DIFFERS: "lần kiểm tra trước khác kê khai",
    UNKNOWN: "chưa có số liệu",
    OLD: "số liệu cũ",
    LACKS: "chưa đạt",
    MET: "",
}


def register(
    server: Flask, settings: Settings, engine: Engine, reports: Reports, limiter: Limiter
) -> None:
    """Adds the page, the sheets that are taken along, and what takes visits, to `server`."""

    @server.get("/to-cong-tac/kiem-tra", endpoint="visit_form")
    def visit_form() -> ResponseReturnValue:
        body = TEMPLATES.get_template("visit/page.html").render(
            pages=navigation.PAGES,
            style=bundles.build_bundle_address("visit.css"),
            script=bundles.build_bundle_address("visit.js"),
            product=PRODUCT_TITLE,
            base_path=locate_path(""),
        )
        answer = Response(body, mimetype="text/html")
        answer.headers["Cache-Control"] = "no-cache"
        answer.add_etag(weak=True)
        return answer.make_conditional(request)

    @server.get("/to-cong-tac/kiem-tra/phieu.json", endpoint="visit_sheets")
    @limiter.limit(SHEETS_LIMIT)
    def visit_sheets() -> ResponseReturnValue:
        account = access.require_account()
        version = reports.version()
        today = settings.today()
        chosen = _choose_communes(account, reports, settings)
        of_provinces = {
            province: reports.report(province, today, version) for _, province in chosen
        }
        return jsonify(
            **_describe_account(account),
            sheets=[describe_sheet(of_provinces[province], code) for code, province in chosen],
            owners=_list_owners(of_provinces.values()),
            today=today.isoformat(),
        )

    @server.get("/to-cong-tac/kiem-tra/phien.json", endpoint="visit_session")
    def visit_session() -> ResponseReturnValue:
        account = access.require_account()
        today = settings.today()
        days = _list_days_ahead(account, reports, _choose_province(account, settings), today)
        return jsonify(**_describe_account(account), today=today.isoformat(), days=days)

    @server.post("/to-cong-tac/kiem-tra/gui", endpoint="receive_visit")
    @limiter.limit(SEND_LIMIT)
    def receive_visit() -> ResponseReturnValue:
        return _take_visit(
            engine, settings, access.require_account(), request.get_json(silent=True)
        )

    @server.post("/to-cong-tac/kiem-tra/tep", endpoint="receive_saved_visits")
    @limiter.limit("20 per minute")
    def receive_saved_visits() -> ResponseReturnValue:
        account = access.require_account()
        written = request.get_json(silent=True)
        visits = written.get("visits") if isinstance(written, dict) else None
        if not isinstance(visits, list) or len(visits) > 500:
            return jsonify(answer="refused", why=["đây không phải tệp lượt kiểm tra"]), 422
        answers = [_take_visit(engine, settings, account, visit)[0].get_json() for visit in visits]
        return jsonify(answers=answers)


def read_time_of_day() -> time:
    """The hour in Vietnam, by this server's clock."""
    return datetime.now(VIETNAM).time()


def _take_visit(
    engine: Engine, settings: Settings, account: Account, written: Any
) -> tuple[Response, int]:
    """The answer to one visit: `saved`, `known`, `conflict` or `refused`; each names its id."""
    entry_id = written.get("id") if isinstance(written, dict) else None
    if not isinstance(entry_id, str):
        entry_id = ""
    now = datetime.combine(settings.today(), read_time_of_day())
    try:
        visit = read_sent_visit(written, office=account.office, now=now)
        if not account.reaches_commune(visit.sent.commune):
            raise VisitRefused(["tài khoản không phụ trách đơn vị này"])
    except VisitRefused as refusal:
        _log.warning("a visit was refused: %d reasons", len(refusal.reasons))
        return jsonify(id=entry_id[:36], answer="refused", why=refusal.reasons), 422
    before = _find_newer_findings(engine, visit)
    turn = store.WriteTurn(f"visit {visit.sent.commune}")
    saved = save_entry(engine, visit.entry, visit.batch, by=access.find_author(), turn=turn)
    return _answer_saved(visit, saved, before)


def _answer_saved(visit: ReadVisit, saved: SavedEntry, before: list[str]) -> tuple[Response, int]:
    if saved.is_conflict:
        there = json.loads(saved.saved_content)
        return jsonify(id=saved.entry_id, answer="conflict", saved=_tell_content(there)), 409
    return (
        jsonify(
            id=saved.entry_id,
            answer="known" if saved.already else "saved",
            batch=saved.batch_id,
            day=visit.day.isoformat(),
            practice=saved.for_practice,
            changed=[] if saved.already else before,
        ),
        200,
    )


def _tell_content(content: dict[str, Any]) -> list[str]:
    """What stands under an id already, for who has to choose between the two."""
    return [
        f"{MEASURES[measure].name}: {text.format_number(value, 1 if value % 1 else 0)}"
        for measure, value, _ in content["findings"]
        if measure in MEASURES
    ]


def _find_newer_findings(engine: Engine, visit: ReadVisit) -> list[str]:
    """What others found there since the phone took its sheet along, where it is another value."""
    known = read.fetch_verified_of_commune(engine, visit.sent.commune, visit.day)
    return [
        f"{MEASURES[one.measure].name}: tổ khác đã ghi "
        f"{text.format_number(known[one.measure], 1 if known[one.measure] % 1 else 0)}"
        for one in visit.sent.findings
        if one.measure in known
        and known[one.measure] != one.value
        and (one.seen is None or abs(known[one.measure] - one.seen) > 1e-6)
    ]


def _describe_account(account: Account) -> dict[str, Any]:
    return {
        "account": account.name,
        "office": account.office,
        "sends_files": account.may_do(Action.SEND_FILES),
        "csrf": generate_csrf(),
    }


def _list_days_ahead(
    account: Account, reports: Reports, province: str, today: date
) -> list[dict[str, Any]]:
    """Where teams go by the schedule, from `today` on, the next first; communes in their order."""
    days = reports.field_plans(province, reports.version()).team_days
    last = pd.Timestamp(today + DAYS_AHEAD)
    coming = days[
        (days["state"] == "planned")
        & (days["goes_on"] >= pd.Timestamp(today))
        & (days["goes_on"] <= last)
    ].sort_values("goes_on", kind="stable")
    rows = []
    for row in coming.to_dict("records"):
        codes = filter(account.reaches_commune, str(row["communes"] or "").split())
        if communes := [*codes][:MOST_SHEETS]:
            day = row["goes_on"].date().isoformat()
            rows.append({"day": day, "team": str(row["team"] or ""), "communes": communes})
    return rows[:MOST_DAYS]


def _list_owners(of_provinces: Iterable[Report]) -> list[str]:
    """Offices that promised something before, the one that did most often first."""
    counts = Counter(
        promise.owner for report in of_provinces for promise in report.field.follow_ups
    )
    return [owner for owner, _ in counts.most_common(MOST_OWNERS)]


def _choose_communes(
    account: Account, reports: Reports, settings: Settings
) -> list[tuple[str, str]]:
    """Codes that were asked for, each with its province; or the most in need of a province."""
    communes = reference.load_communes()
    asked = [code for code in request.args.getlist("xa") if code in communes.index]
    if not asked:
        province = _choose_province(account, settings)
        report = reports.report(province, settings.today(), reports.version())
        count = min(max(request.args.get("so", 10, type=int), 1), MOST_SHEETS)
        asked = [report.codes[place] for place in report.readiness.visit_priority.order]
        asked = [code for code in asked if account.reaches_commune(code)][:count]
    return [
        (code, str(communes.at[code, "province_code"]))
        for code in dict.fromkeys(asked[:MOST_SHEETS])
        if account.reaches_commune(code)
    ]


def _choose_province(account: Account, settings: Settings) -> str:
    asked = request.args.get("province", "")
    if asked in reference.load_province_names() and account.reaches_province(asked):
        return asked
    if account.reaches_province(settings.province):
        return settings.province
    return min(account.provinces)


# The sheet of a commune that a team takes along: what to look at first, what was declared, what the
# last visit found. All of it is one small JSON, so that ten communes fit a bad line.


def describe_sheet(report: Report, code: str) -> dict[str, Any]:
    """The sheet of one commune of a report, ready for JSON."""
    position = report.codes.index(code)
    level = levels.LEVEL_NAMES[report.readiness.assessment.overall[position, 0]]
    questions = [
        _describe_question(assessment, position)
        for assessment in report.readiness.assessment.assessments
    ]
    questions.sort(key=lambda question: question["order"])
    return {
        "code": code,
        "name": str(report.communes.at[code, "name"]),
        "level": level,
        "word": theme.LEVELS[level].word,
        "sign": theme.LEVELS[level].sign,
        "reason": tell_need_reason(report, position),
        "rank": list(report.readiness.visit_priority.order).index(position),
        "questions": questions,
    }


def _describe_question(assessment: CriterionAssessment, position: int) -> dict[str, Any]:
    criterion = assessment.criterion
    rank = _rank_doubt(assessment, position)
    whole = float(assessment.denominator[position, 0])
    declared = float(assessment.declared[position, 0])
    verified = float(assessment.verified_value[position, 0])
    return {
        "measure": criterion.deciding,
        "name": criterion.short_name,
        "kind": criterion.kind,
        "unit": criterion.unit,
        "whole": _as_number(whole),
        "declared": _as_number(_count_part(criterion.kind, declared, whole)),
        "declared_age": _tell_age(assessment.declared_age[position, 0]),
        "verified": _as_number(_count_part(criterion.kind, verified, whole)),
        "verified_age": _tell_age(assessment.verified_age[position, 0]),
        "aim": _find_target(assessment, whole) if criterion.deciding in PROMISED else None,
        "aim_words": explain.tell_thresholds(criterion),
        "doubt": DOUBTS[rank],
        "order": rank,
    }


def _rank_doubt(assessment: CriterionAssessment, position: int) -> int:
    if assessment.contradicted[position, 0]:
        return DIFFERS
    if math.isnan(assessment.value[position, 0]):
        return UNKNOWN
    if assessment.stale[position, 0]:
        return OLD
    is_short = assessment.level[position, 0] < levels.GREEN
    return LACKS if is_short else MET


def _count_part(kind: str, value: float, whole: float) -> float:
    """Of a ratio the whole things that a team counts; any other value as it is."""
    return round(value * whole) if kind == "ratio" and value * whole >= 0 else value


def _find_target(assessment: CriterionAssessment, whole: float) -> float | None:
    """What has to be there for green, in what a team counts."""
    criterion = assessment.criterion
    if criterion.kind != "ratio":
        return criterion.green_from
    return None if math.isnan(whole) else math.ceil(criterion.green_from * whole - 1e-9)


def _as_number(value: float) -> float | int | None:
    if math.isnan(value):
        return None
    return int(value) if value == int(value) else round(value, 2)


def _tell_age(days: float) -> str:
    if math.isnan(days):
        return ""
    if days == 0:
        return "hôm nay"
    return f"{text.format_number(days)} ngày trước"
