"""/to-cong-tac/lich: teams, where they go on which day, and the sheets that they take along.

Teams and their days come by files (kinds `teams`, `team_days`) or are written (writing.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from flask import request

from dashboard import reference, text
from dashboard.indicators import levels
from dashboard.indicators.field.routes import EXACT_MOST, measure_way, order_stops
from dashboard.indicators.report import Report
from dashboard.reference import measure_great_circle_km
from dashboard.web import theme
from dashboard.web.charts import map
from dashboard.web.documents.document import Document, PageRequest
from dashboard.web.documents.misread import list_misread_choices
from dashboard.web.documents.navigation import build_address, build_commune_address
from dashboard.web.words import explain
from dashboard.web.words.commune_panel import tell_lack_age
from dashboard.web.words.need import tell_need_reason

PATH = "/to-cong-tac/lich"
FORM_PATH = "/to-cong-tac/kiem-tra"
# A day of a team; more stops are no day.
MOST_STOPS = 30
DAYS_BACK = timedelta(days=14)


class _SchedulePage:
    """What the parts of the page share; each is made when one of them wants it."""

    def __init__(self, page_request: PageRequest) -> None:
        self.page_request = page_request
        self.communes = reference.select_communes_of_province(page_request.view.province)
        self.plans = page_request.reports.field_plans(
            page_request.view.province, page_request.version
        )
        self.stops = read_stops(page_request.query, self.communes)
        self.start = page_request.query.get("from", "")
        if self.start not in self.communes.index:
            self.start = ""

    @cached_property
    def report(self) -> Report:
        return self.page_request.report

    @cached_property
    def way(self) -> tuple[list[str], float]:
        """The chosen communes in the order of a short way, the start first where there is one, and
        its length in kilometres.
        """
        codes = [self.start, *(code for code in self.stops if code != self.start)]
        codes = list(filter(None, codes))
        lat = self.communes.loc[codes, "lat"].to_numpy(float)
        lon = self.communes.loc[codes, "lon"].to_numpy(float)
        distances = np.array(
            [measure_great_circle_km(*place, lat, lon) for place in zip(lat, lon, strict=True)]
        ).reshape(len(codes), len(codes))
        # A commune whose place nobody knows is driven to last.
        order = order_stops(np.nan_to_num(distances, nan=1_000.0), 0 if self.start else None)
        return [codes[stop] for stop in order], measure_way(distances, order)


def read_stops(query: Mapping[str, Any], communes: pd.DataFrame) -> list[str]:
    """The communes of an address, by codes with commas or one field each; junk is left out."""
    fields = query.getlist("xa") if hasattr(query, "getlist") else [query.get("xa", "")]
    codes = [code for field in fields for code in str(field).split(",")]
    return [code for code in dict.fromkeys(codes) if code in communes.index][:MOST_STOPS]


def build_schedule_context(page_request: PageRequest) -> Mapping[str, Any]:
    """What page.html writes."""
    page = _SchedulePage(page_request)
    return {
        "teams": lambda: _describe_teams(page),
        "days": lambda: _describe_days(page),
        "choices": lambda: _describe_choices(page),
        "way": lambda: _describe_way(page) if page.stops else None,
        "sheets": lambda: [
            _describe_sheet(page, code) for code in (page.way[0] if page.stops else ())
        ],
        "packed": bool(page.stops),
        "schedule_path": PATH,
    }


def _describe_teams(page: _SchedulePage) -> list[dict[str, Any]]:
    day = pd.Timestamp(page.page_request.day)
    teams = page.plans.teams[~(page.plans.teams["ended_on"] <= day)]
    return [
        {
            "name": row["name"],
            "office": row["office"] or "",
            "size": "" if pd.isna(row["size"]) else text.format_number(row["size"]),
            "partner": row["partner"] or "",
            "communes": len(str(row["communes"] or "").split()),
        }
        for row in teams.astype(object).where(teams.notna(), None).to_dict("records")
    ]


def _describe_days(page: _SchedulePage) -> dict[str, list[dict[str, Any]]]:
    """Days of the present one, those to come (the next first) and of the last two weeks (the last
    one first).
    """
    today = page.page_request.day
    days = page.plans.team_days
    days = days[days["goes_on"] >= pd.Timestamp(today - DAYS_BACK)]
    rows = _list_day_rows(page, days.sort_values("goes_on", kind="stable"))
    return {
        "today": [row for row in rows if row["day"] == today],
        "coming": [row for row in rows if row["day"] > today],
        "past": [row for row in rows[::-1] if row["day"] < today],
    }


def _list_day_rows(page: _SchedulePage, days: pd.DataFrame) -> list[dict[str, Any]]:
    names = page.communes["name"]
    rows = []
    for row in days.to_dict("records"):
        codes = [code for code in str(row["communes"] or "").split() if code in names.index]
        rows.append(
            {
                "day": row["goes_on"].date(),
                "team": row["team"] or "không rõ tổ",
                "communes": [names[code] for code in codes],
                "called_off": row["state"] == "called_off",
                "href": build_address(PATH, page.page_request.view, {"xa": ",".join(codes)}),
            }
        )
    return rows


def _describe_choices(page: _SchedulePage) -> dict[str, Any]:
    report = page.report
    order = report.readiness.visit_priority.order
    overall = report.readiness.assessment.overall[:, 0]
    province = page.page_request.view.province
    outline = page.page_request.reports.outline(province)
    return {
        "map": f"/map/{province}-{map.draw_map_of_outline(outline).fingerprint}.svg",
        "key": tuple(theme.LEVELS.values()),
        "is_schematic": outline.source != "office",
        "start": page.start,
        "places": [(str(code), name) for code, name in page.communes["name"].items()],
        "rows": [
            {
                "code": report.codes[position],
                "name": page.communes["name"][report.codes[position]],
                "level": levels.LEVEL_NAMES[overall[position]],
                "chosen": report.codes[position] in page.stops,
            }
            for position in order
        ],
    }


def _describe_way(page: _SchedulePage) -> dict[str, Any]:
    codes, km = page.way
    return {
        "names": [page.communes["name"][code] for code in codes],
        "length": "không rõ" if np.isnan(km) else f"{text.format_number(km)} km",
        "exact": len(codes) <= EXACT_MOST,
        "take": f"{FORM_PATH}#mang={','.join(page.stops)}",
        "write": build_address(f"{PATH}/ghi", page.page_request.view, {"xa": ",".join(codes)}),
    }


def _describe_sheet(page: _SchedulePage, code: str) -> dict[str, Any]:
    """One commune's sheet: what is told, what is to be counted, its code to be photographed."""
    report = page.report
    position = report.codes.index(code)
    priority = report.readiness.visit_priority
    # The code on paper leads to the commune as it is on the day when it is read.
    import segno  # here: of all pages this one has such pictures

    address = f"{request.host_url.rstrip('/')}{build_commune_address(code, page.page_request.view)}"
    return {
        "code": code,
        "name": page.communes["name"][code],
        "level": levels.LEVEL_NAMES[report.readiness.assessment.overall[position, 0]],
        "reason": tell_need_reason(report, position) if position in priority.in_need else "",
        "qr": segno.make(address, error="m").svg_data_uri(scale=3, border=2, light="white"),
        "rows": [
            {
                "name": judged.criterion.short_name,
                "value": explain.format_criterion_value(judged, position),
                "lack": tell_lack_age(report, position, judged.criterion.code),
                "told_by": _tell_author(judged.verified[position, 0], judged.age[position, 0]),
                "contradicted": bool(judged.contradicted[position, 0]),
            }
            for judged in report.readiness.assessment.assessments
        ],
    }


def _tell_author(is_verified: bool, age: float) -> str:
    if np.isnan(age):
        return ""
    return f"{'kiểm tra' if is_verified else 'tự kê khai'}, {text.format_number(age)} ngày trước"


SCHEDULE_DOCUMENT = Document(
    PATH,
    "Lịch của tổ công tác",
    "schedule/page.html",
    build_schedule_context,
    "schedule",
    preserved_params=("xa", "from"),
    misread=lambda page_request: list_misread_choices(
        page_request.query, {"from": _SchedulePage(page_request).start}
    ),
    # the code on paper names the server
    extra_etag=lambda _page_request: request.host_url,
)
