"""Teams and their days as coordinators write them: a team, where it goes, calling a day off
(entry_forms.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import uuid4

import pandas as pd
from flask import Flask, request
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter

from dashboard import names, reference, text
from dashboard.accounts.roles import Account
from dashboard.batch import TEAM_COLUMNS, TEAM_DAY_COLUMNS
from dashboard.reports import FieldPlans, Reports
from dashboard.settings import Settings
from dashboard.sources.cells.personal_data import hide_persons
from dashboard.sources.kinds.team_days.reader import KIND as TEAM_DAYS_KIND
from dashboard.sources.kinds.teams.reader import KIND as TEAMS_KIND
from dashboard.web import entry_forms
from dashboard.web.documents.address import PageView, parse_day_param
from dashboard.web.documents.forms import FormPage, render_form
from dashboard.web.documents.navigation import build_address
from dashboard.web.entry_forms import EntryRefused
from dashboard.web.schedule.page import PATH, read_stops

WRITE_PATH: Final = f"{PATH}/ghi"
_MOST_OF_NAME = 120
_MOST_MEMBERS = 1_000
_MOST_DAYS_AHEAD = 366
_FIELDS = ("entry", "step", "team", "day", "stops", "name", "office", "size", "partner", "communes")


@dataclass(frozen=True)
class _Plan:
    """What is to be written: the state of one team or of one day of a team."""

    part: str
    state: Mapping[str, Any]
    commune_code: str


def register(server: Flask, settings: Settings, reports: Reports, limiter: Limiter) -> None:
    """Adds the forms to `server`."""

    @server.route(WRITE_PATH, methods=["GET", "POST"], endpoint="plan_team_days")
    @limiter.limit(entry_forms.WRITE_LIMIT, methods=["POST"])
    def plan_team_days() -> ResponseReturnValue:
        account, view = entry_forms.require_writer(settings)
        today = settings.today()
        plans = reports.field_plans(view.province, reports.version())
        if request.method == "GET":
            written = {"stops": request.args.get("xa", ""), "office": account.office}
            return render_form(_build_page(view, plans, today, written))
        written = entry_forms.read_fields(_FIELDS)
        try:
            plan = _read_plan(written, account, view.province, plans, today)
            _save(reports, plan, view.province, today, written)
        except EntryRefused as refusal:
            return render_form(_build_page(view, plans, today, written, fault=str(refusal)))
        return entry_forms.lead_to(PATH, view.province)


def _list_teams(plans: FieldPlans, today: date) -> list[dict[str, Any]]:
    """Teams that still go out."""
    teams = plans.teams[~(plans.teams["ended_on"] <= pd.Timestamp(today))]
    return teams.astype(object).where(teams.notna(), None).to_dict("records")


def _list_planned_days(plans: FieldPlans, today: date) -> list[dict[str, Any]]:
    """Days from `today` on that nobody called off, the next first."""
    days = plans.team_days
    planned = (days["state"] == "planned") & (days["goes_on"] >= pd.Timestamp(today))
    return days[planned].sort_values("goes_on", kind="stable").to_dict("records")


def _build_page(
    view: PageView,
    plans: FieldPlans,
    today: date,
    written: Mapping[str, str],
    *,
    fault: str = "",
) -> FormPage:
    communes = reference.select_communes_of_province(view.province)
    stops = read_stops({"xa": written.get("stops", "")}, communes)
    context = {
        "fault": fault,
        "written": {**dict.fromkeys(_FIELDS, ""), "day": today.isoformat(), **written},
        "entry": str(uuid4()),
        "province": view.province,
        "today": today.isoformat(),
        "stops": stops,
        "stop_names": [communes["name"][code] for code in stops],
        "teams": [(row["team_id"], row["name"]) for row in _list_teams(plans, today)],
        "days": [
            (
                row["day_id"],
                f"{text.format_day(row['goes_on'].date())}, {row['team'] or 'không rõ'}",
            )
            for row in _list_planned_days(plans, today)
        ],
        "choose": build_address(PATH, PageView(view.province)),
    }
    return FormPage("schedule/writing.html", "schedule", context)


def _read_plan(
    written: Mapping[str, str], account: Account, province: str, plans: FieldPlans, today: date
) -> _Plan:
    """What a form asks for. Raises EntryRefused."""
    entry_forms.check_entry_id(written["entry"])
    teams = {row["team_id"]: row for row in _list_teams(plans, today)}
    if written["step"] == "add_team":
        return _read_new_team(written, province, [str(row["name"]) for row in teams.values()])
    if written["step"] == "plan_day":
        return _read_new_day(written, account, province, plans, teams, today)
    if written["step"] == "call_off":
        days = {row["day_id"]: row for row in _list_planned_days(plans, today)}
        if written["day"] not in days:
            raise EntryRefused("Ngày đi này không còn trong lịch")
        row = days[written["day"]]
        state = {name: row[name] for name in TEAM_DAY_COLUMNS}
        state |= {"goes_on": row["goes_on"].date(), "state": "called_off"}
        return _Plan("team_days", state, _find_any_commune(province, str(row["communes"] or "")))
    if written["step"] == "end_team":
        if written["team"] not in teams:
            raise EntryRefused("Hãy chọn tổ")
        row = teams[written["team"]]
        state = {name: row[name] for name in TEAM_COLUMNS} | {"ended_on": today}
        state["size"] = None if row["size"] is None else int(row["size"])
        return _Plan("teams", state, _find_any_commune(province, str(row["communes"] or "")))
    raise EntryRefused("Hãy chọn một việc")


def _read_new_team(written: Mapping[str, str], province: str, known_names: list[str]) -> _Plan:
    name = hide_persons(written["name"], _MOST_OF_NAME)
    if not name:
        raise EntryRefused("Hãy ghi tên tổ")
    keys = {text.make_spelling_key(known) for known in known_names}
    if text.make_spelling_key(name) in keys:
        raise EntryRefused("Đã có tổ mang tên này")
    size = written["size"]
    if size and not (size.isdecimal() and 0 < int(size) <= _MOST_MEMBERS):
        raise EntryRefused("Số người của tổ là số nguyên từ 1 đến 1.000, hoặc để trống")
    codes = []
    for piece in filter(None, map(str.strip, re.split(r"[;,\n]+", written["communes"]))):
        match = names.match_commune(province, piece, piece)
        if match.code is None:
            raise EntryRefused(f"Không rõ “{piece[:60]}” là xã, phường, đặc khu nào")
        codes.append(match.code)
    state = {
        "team_id": written["entry"],
        "name": name,
        "office": hide_persons(written["office"], _MOST_OF_NAME) or None,
        "size": int(size) if size else None,
        "partner": hide_persons(written["partner"], _MOST_OF_NAME) or None,
        "communes": " ".join(dict.fromkeys(codes)),
        "ended_on": None,
    }
    return _Plan("teams", state, _find_any_commune(province, " ".join(codes)))


def _read_new_day(
    written: Mapping[str, str],
    account: Account,
    province: str,
    plans: FieldPlans,
    teams: Mapping[str, Mapping[str, Any]],
    today: date,
) -> _Plan:
    if written["team"] not in teams:
        raise EntryRefused("Hãy chọn tổ")
    day = parse_day_param(written["day"], date(today.year + 2, 1, 1))
    if day is None or not 0 <= (day - today).days <= _MOST_DAYS_AHEAD:
        raise EntryRefused("Hãy chọn ngày từ hôm nay đến một năm tới")
    stops = read_stops({"xa": written["stops"]}, reference.select_communes_of_province(province))
    if not stops or not all(map(account.reaches_commune, stops)):
        raise EntryRefused("Hãy chọn nơi đến, trong phạm vi của tài khoản")
    same_day = [
        row
        for row in _list_planned_days(plans, today)
        if row["team_id"] == written["team"]
        and row["goes_on"].date() == day
        and row["day_id"] != written["entry"]
    ]
    if same_day:
        raise EntryRefused("Tổ này đã có lịch ngày đó; hãy hủy lịch cũ trước")
    state = {
        "day_id": written["entry"],
        "team_id": written["team"],
        "goes_on": day,
        "communes": " ".join(stops),
        "state": "planned",
    }
    return _Plan("team_days", state, stops[0])


def _find_any_commune(province: str, codes: str) -> str:
    """The first of a plan's communes; what is written belongs to some commune, so that of a team
    without any it is the province's first.
    """
    communes = reference.select_communes_of_province(province).index
    return next((code for code in codes.split() if code in communes), str(communes[0]))


def _save(
    reports: Reports, plan: _Plan, province: str, today: date, written: Mapping[str, str]
) -> None:
    entry = entry_forms.make_entry(written["entry"], plan.commune_code, plan.state)
    kind, columns = (
        (TEAMS_KIND, TEAM_COLUMNS) if plan.part == "teams" else (TEAM_DAYS_KIND, TEAM_DAY_COLUMNS)
    )
    frame = pd.DataFrame([plan.state], columns=columns, dtype=object)
    entry_forms.save_once(
        reports.engine,
        entry,
        f"{'to' if plan.part == 'teams' else 'lich'}_{province}_{entry.entry_id[:8]}",
        kind.code,
        province,
        today,
        **{plan.part: frame},
    )
