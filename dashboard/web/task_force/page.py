"""/to-cong-tac: for a team's phone on a bad network. Who needs it most, why, what to check, how far
away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from math import isnan
from operator import itemgetter
from typing import Any

import pandas as pd
from flask import Flask
from flask.typing import ResponseReturnValue

from dashboard import reference, text
from dashboard.areas import FORMER_DISTRICT, list_areas_of_province
from dashboard.indicators import levels
from dashboard.indicators.field.weak_list import WeakList
from dashboard.indicators.report import Report
from dashboard.reference import measure_great_circle_km
from dashboard.web import bundles, security, theme
from dashboard.web.base_path import locate_path
from dashboard.web.documents import empty_state, http_caching, narrowing
from dashboard.web.documents.document import Document, PageRequest
from dashboard.web.documents.downloads import (
    CellType,
    DownloadTable,
    TableColumn,
    build_unit_columns,
    explain_indicator,
)
from dashboard.web.documents.misread import list_misread_choices
from dashboard.web.documents.narrowing import (
    DISTANCE_STEPS,
    NEAREST_FIRST,
    ListNarrowing,
    NarrowingField,
)
from dashboard.web.documents.navigation import build_commune_address, build_sheet_address
from dashboard.web.task_force import resources, words
from dashboard.web.task_force.words import ListedCommune, TaskForceCard, TaskForceDay
from dashboard.web.words import declarations
from dashboard.web.words.weak import WeakCommune, list_weak_communes

CHOOSE_START = "Hãy chọn nơi xuất phát để xếp, lọc theo khoảng cách."


class _TaskForcePage:
    """What the parts of the page share, asked once and only when one of them wants it."""

    def __init__(self, page_request: PageRequest) -> None:
        self.page_request = page_request
        self.communes = reference.select_communes_of_province(page_request.view.province)
        self.plans = page_request.reports.field_plans(
            page_request.view.province, page_request.version
        )
        # A team that ended goes nowhere any more.
        ended = self.plans.teams["ended_on"] <= pd.Timestamp(page_request.day)
        self.teams = self.plans.teams[~ended]
        self.teams_of = words.list_teams_by_commune(self.teams)
        self.districts = [
            area
            for area in list_areas_of_province(page_request.view.province)
            if area.kind == FORMER_DISTRICT
        ]
        self.narrowing = ListNarrowing.from_query(
            page_request.query,
            [str(code) for code in self.communes.index],
            [str(team) for team in self.teams["team_id"]],
            [area.code for area in self.districts],
            DISTANCE_STEPS,
        )

    @cached_property
    def report(self) -> Report:
        return self.page_request.report

    @cached_property
    def day(self) -> TaskForceDay:
        return words.plan_task_force_day(self.report)

    @cached_property
    def kilometres_from_start(self) -> dict[str, float]:
        """Kilometres from the chosen commune to each; empty where none is chosen."""
        if not self.narrowing.start:
            return {}
        lat = self.communes["lat"].to_numpy(float)
        lon = self.communes["lon"].to_numpy(float)
        start_position = self.communes.index.get_loc(self.narrowing.start)
        km = measure_great_circle_km(lat[start_position], lon[start_position], lat, lon)
        return dict(zip(map(str, self.communes.index), km.tolist(), strict=True))

    @cached_property
    def weak_list(self) -> WeakList:
        request = self.page_request
        return request.reports.weak_list(request.view.province, request.day, request.version)

    @cached_property
    def weak_communes(self) -> dict[str, WeakCommune]:
        """Those on which something is to do, by code."""
        return {weak.code: weak for weak in list_weak_communes(self.report)}

    def find_weak(self, code: str) -> WeakCommune:
        """What the lists narrow a commune by; one of the list by decision may lack nothing."""
        if code in self.weak_communes:
            return self.weak_communes[code]
        position = self.report.codes.index(code)
        level = levels.LEVEL_NAMES[self.report.readiness.assessment.overall[position, 0]]
        name = self.communes["name"][code]
        return WeakCommune(position, code, name, level, (level,), (), (), (), 0)

    def shows(self, code: str) -> bool:
        """Whether a commune is among what was asked for."""
        return self.narrowing.fits(self.find_weak(code)) and self.fits(code)

    def fits(self, code: str) -> bool:
        """Whether a commune is of the team and the former district that were asked for, and within
        the distance.
        """
        team = self.narrowing.team
        area = self.narrowing.area
        return (
            (not team or team in self.teams_of.get(code, ()))
            and (not area or area == self.find_district(code))
            and (not self.within or self.within in (self.list_steps_reached(code) or ()))
        )

    @property
    def within(self) -> str:
        """The distance that the list is narrowed to; "" without a place that it is from."""
        return self.narrowing.within if self.narrowing.start else ""

    def list_steps_reached(self, code: str) -> list[str] | None:
        """The distances within which a commune is; None where no start is chosen."""
        if not self.narrowing.start:
            return None
        return narrowing.list_steps_reached(self.kilometres_from_start[code])

    @property
    def start_missing(self) -> bool:
        """Whether a distance is asked for, and no place that it is from."""
        asks = self.narrowing.order == NEAREST_FIRST or self.narrowing.within
        return bool(asks and not self.narrowing.start)

    def find_district(self, code: str) -> str:
        """The code of the former district that a commune lies in; "" where nobody tells."""
        return next((area.code for area in self.districts if code in area.communes), "")

    def list_field_fields(self) -> list[NarrowingField]:
        """The choices of a team and of a former district, where there are any."""
        teams = [(str(row["team_id"]), row["name"]) for row in self.teams.to_dict("records")]
        districts = [(area.code, area.name) for area in self.districts]
        return [
            NarrowingField(name, word, [("", everything), *options], value)
            for name, word, everything, options, value in (
                ("team", "Tổ", "mọi tổ", teams, self.narrowing.team),
                ("area", "Huyện cũ", "mọi huyện cũ", districts, self.narrowing.area),
            )
            if options
        ]

    def ordered(self, cards: Iterable[TaskForceCard]) -> list[TaskForceCard]:
        """Most in need first, or the nearest where that is asked for and a start is chosen."""
        if self.narrowing.order == NEAREST_FIRST and self.kilometres_from_start:
            return sorted(
                cards,
                key=lambda card: (
                    isnan(self.kilometres_from_start[card.weak.code]),
                    self.kilometres_from_start[card.weak.code],
                ),
            )
        return list(cards)


def build_task_force_context(page_request: PageRequest) -> Mapping[str, Any]:
    """What page.html writes."""
    page = _TaskForcePage(page_request)
    return {
        "headline": lambda: page.day.title,
        "missing": lambda: _explain_missing(page),
        "choices": lambda: _describe_choices(page),
        "weak_list": lambda: _describe_weak_list(page),
        "next_checks": lambda: _describe_next_checks(page),
        "resources": lambda: resources.describe_resources(page_request),
        "feedback": lambda: resources.describe_feedback(page_request),
        "visits": lambda: _describe_cards(page, page.day.visits),
        "calls": lambda: _describe_cards(page, page.day.calls),
    }


def _explain_missing(page: _TaskForcePage) -> str:
    if not page.day.without_reports:
        return ""
    return empty_state.explain_missing_readiness(page.page_request, page.report)


def _describe_choices(page: _TaskForcePage) -> dict[str, Any]:
    lat = page.communes["lat"]
    lon = page.communes["lon"]
    orders = [("", "cần nhất trước"), (NEAREST_FIRST, "gần nhất trước")]
    return {
        "fields": [
            *narrowing.list_narrowing_fields(page.narrowing),
            *page.list_field_fields(),
        ],
        "orders": NarrowingField(
            "order",
            "Thứ tự",
            orders,
            page.narrowing.order if page.narrowing.order == NEAREST_FIRST else "",
        ),
        "distance": NarrowingField(
            "within",
            "Trong vòng",
            [("", "mọi khoảng cách"), *DISTANCE_STEPS.items()],
            page.narrowing.within,
        ),
        "start": page.narrowing.start,
        "places": [
            (
                str(code),
                page.communes["name"][code],
                "" if isnan(lat[code]) else f"{lat[code]:.4f} {lon[code]:.4f}",
            )
            for code in page.communes.index
        ],
        "note": CHOOSE_START if page.start_missing else "",
        "shown": _tell_shown(page),
        "open": bool(page.narrowing.to_query()),
        "query": page.narrowing.to_query(),
    }


def _tell_shown(page: _TaskForcePage) -> str:
    """How many cards are seen, and narrowed to what, as the script tells it."""
    cards = [card.weak for card in (*page.day.visits, *page.day.calls)]
    seen = sum(page.narrowing.fits(weak) and page.fits(weak.code) for weak in cards)
    words = [
        *page.narrowing.words,
        *(dict(field.options)[field.value] for field in page.list_field_fields() if field.value),
        *([DISTANCE_STEPS[page.within]] if page.within else []),
    ]
    narrowed = f": {', '.join(words)}" if words else ""
    return f"{text.format_part(seen, len(cards))} đơn vị{narrowed}"


def _describe_weak_list(page: _TaskForcePage) -> dict[str, Any]:
    communes = words.describe_listed(page.report, page.weak_list, page.plans.team_days)
    ended = words.describe_ended(page.report, page.weak_list)

    def describe_rows(stays: Iterable[ListedCommune]) -> list[dict[str, Any]]:
        return [
            {
                "listed": stay,
                "href": build_commune_address(stay.code, page.page_request.view),
                "weak": page.find_weak(stay.code),
                **_describe_narrowing(page, stay.code),
            }
            for stay in stays
        ]

    def count_fitting(rows: Sequence[Mapping[str, Any]]) -> int:
        return sum(row["fits"] for row in rows)

    rows = describe_rows(communes)
    ended_rows = describe_rows(ended)
    return {
        "title": words.tell_list_title(communes),
        "rows": rows,
        "shown": text.format_part(count_fitting(rows), len(rows)),
        "query": page.narrowing.to_query(),
        "ended": ended_rows,
        "ended_fitting": count_fitting(ended_rows),
        "ended_shown": text.format_part(count_fitting(ended_rows), len(ended_rows)),
        "months": words.list_month_rows(page.weak_list)[: words.MONTHS_SHOWN],
    }


def _describe_narrowing(page: _TaskForcePage, code: str) -> dict[str, Any]:
    """What one row of a list is narrowed by, and whether the server hides it."""
    return {
        "fits": page.shows(code),
        "teams": page.teams_of.get(code, ()),
        "area": page.find_district(code),
        "within": page.list_steps_reached(code),
    }


def _describe_next_checks(page: _TaskForcePage) -> dict[str, Any]:
    """`groups`: how good declarations are, once for all communes of which the same is said."""
    report = page.report
    groups = [
        (
            quality,
            [
                {
                    "href": build_commune_address(report.codes[position], page.page_request.view),
                    "name": page.communes["name"][report.codes[position]],
                }
                for position, _ in checks
            ],
        )
        for quality, checks in groupby(declarations.list_next_checks(report), itemgetter(1))
    ]
    return {
        "province": declarations.tell_quality_of_province(report),
        "weakest": declarations.list_weakest_criteria(report),
        "groups": groups,
    }


def _tabulate_weak_list(page_request: PageRequest) -> DownloadTable:
    """Every stay of the communes that are asked for, those that last first."""
    page = _TaskForcePage(page_request)
    code_column, name_column = build_unit_columns()
    columns = (
        TableColumn("Mã đơn vị", code_column.meaning, CellType.CODE),
        name_column,
        TableColumn("Từ ngày", "Ngày vào danh sách", CellType.DAY),
        TableColumn("Căn cứ", "Theo mức Đỏ hoặc theo quyết định của điều phối"),
        TableColumn("Vì sao", "Lý do vào danh sách"),
        TableColumn("Đã làm, sẽ làm", "Lượt kiểm tra từ khi vào danh sách; lịch của tổ"),
        TableColumn("Đến ngày", "Ngày ra khỏi danh sách; để trống: đang trong danh sách"),
        TableColumn("Ra bằng gì", "Số liệu hoặc quyết định làm đơn vị ra khỏi danh sách"),
    )
    rows = [
        *words.describe_listed(page.report, page.weak_list, page.plans.team_days),
        *words.describe_ended(page.report, page.weak_list),
    ]
    return DownloadTable(
        columns,
        [
            (
                row.code,
                row.name,
                row.span.listed_on,
                row.basis,
                row.reason,
                row.done,
                text.format_day(row.span.left_on) if row.span.left_on else None,
                row.leaves,
            )
            for row in rows
            if page.shows(row.code)
        ],
        "Danh sách đơn vị yếu",
    )


def _tell_distances(page: _TaskForcePage) -> dict[str, str]:
    """How far each commune is from the place that the address names; empty where it names none."""
    if not page.narrowing.start:
        return {}
    start = page.communes["name"][page.narrowing.start]
    return {
        code: f"{format_kilometres(km)} từ {start}"
        for code, km in page.kilometres_from_start.items()
    }


def _describe_cards(page: _TaskForcePage, cards: tuple[TaskForceCard, ...]) -> dict[str, Any]:
    away = _tell_distances(page)
    rows: list[dict[str, Any]] = [
        {
            "card": card,
            **_describe_narrowing(page, card.weak.code),
            "href": build_commune_address(card.weak.code, page.page_request.view),
            "sheet": build_sheet_address(card.weak.code, page.page_request.view),
            "away": away.get(card.weak.code, ""),
        }
        for card in page.ordered(cards)
    ]
    cards_of = {bare: [row for row in rows if row["card"].bare == bare] for bare in (False, True)}
    nobody = not any(row["fits"] for row in rows)
    return {
        "rows": cards_of[False],
        "bare": cards_of[True],
        "fitting": sum(row["fits"] for row in cards_of[False]),
        "nobody": nobody,
        "unknown": page.day.unknown,
    }


def format_kilometres(km: float) -> str:
    """`3,4 km`, `27 km`: no finer than a centre point is."""
    if isnan(km):
        return "không rõ bao xa"
    return f"{text.format_number(km, 1 if km < 9.95 else 0)} km"


def _tabulate_cards(page_request: PageRequest) -> DownloadTable:
    """The day's list as it is narrowed and ordered."""
    page = _TaskForcePage(page_request)
    code_column, name_column = build_unit_columns()
    columns = (
        TableColumn("Việc", "Đến tận nơi, hoặc gọi điện đề nghị báo cáo"),
        TableColumn("Mã đơn vị", code_column.meaning, CellType.CODE),
        name_column,
        TableColumn("Mức", explain_indicator("overall_level")),
        TableColumn("Vì sao", "Lý do của mức, hoặc vì sao phải đến"),
        TableColumn("Cần kiểm tra", explain_indicator("verified")),
        TableColumn("Còn thiếu", explain_indicator("way_to_green")),
        TableColumn("Lần kiểm tra gần nhất", "Ngày kiểm tra tại chỗ gần nhất"),
        TableColumn(
            "Cách (km)",
            "Đường chim bay từ nơi xuất phát đã chọn đến điểm giữa đơn vị",
            CellType.NUMBER,
        ),
    )
    kilometres = {code: round(km, 1) for code, km in page.kilometres_from_start.items()}
    lists = {"đến tận nơi": page.day.visits, "gọi điện": page.day.calls}
    return DownloadTable(
        columns,
        [
            (
                *(
                    action,
                    card.weak.code,
                    card.weak.name,
                    theme.LEVELS[card.weak.level].word,
                    card.reason,
                ),
                *("; ".join(card.checks), "; ".join(card.missing), card.visited),
                kilometres.get(card.weak.code),
            )
            for action, cards in lists.items()
            for card in page.ordered(cards)
            if page.narrowing.fits(card.weak) and page.fits(card.weak.code)
        ],
        "Danh sách của tổ công tác",
    )


TASK_FORCE_DOCUMENT = Document(
    "/to-cong-tac",
    "Tổ công tác",
    "task_force/page.html",
    build_task_force_context,
    "task_force",
    preserved_params=("level", "fix", "dimension", "from", "order", "team", "area", "within"),
    misread=lambda page_request: list_misread_choices(
        page_request.query, _TaskForcePage(page_request).narrowing.taken
    ),
    downloads={
        "to-cong-tac": _tabulate_cards,
        "don-vi-yeu": _tabulate_weak_list,
        "nguon-luc": resources.tabulate_resources,
        "phan-anh": resources.tabulate_feedback,
    },
    # The only page that may ask where somebody stands, and only when a button is pressed
    # (distance.js).
    headers={"Permissions-Policy": security.write_permissions_policy(geolocation="self")},
)


_WORKER_FILE = bundles.WEB / "task_force" / "worker.js"


def register(server: Flask) -> None:
    """Adds the worker that keeps the list and its communes on a phone to `server`."""

    @server.get("/to-cong-tac/worker.js")
    def list_worker() -> ResponseReturnValue:
        # It serves /to-cong-tac and /xa/: its page asks for no more (offline.js).
        headers = {"Service-Worker-Allowed": locate_path("/"), "Cache-Control": "no-cache"}
        return http_caching.respond_compressed(
            _WORKER_FILE.read_bytes(), "text/javascript", headers
        )
