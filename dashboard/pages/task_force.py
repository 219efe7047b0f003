"""/to-cong-tac: for a team's phone on a bad network. Who needs it most, why, what to check, how far away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from math import isnan
from typing import Any

from dashboard import reference, safety, text
from dashboard.indicators.distance import great_circle_km
from dashboard.indicators.report import Report
from dashboard.pages import choosing
from dashboard.pages.choosing import NEAR, Chosen, Field
from dashboard.pages.document import Asked, Document
from dashboard.pages.downloads import Rows
from dashboard.pages.navigation import commune_address
from dashboard.views import task_force, theme
from dashboard.views.task_force import Card, Day

NOWHERE = "Hãy chọn nơi xuất phát để xếp theo khoảng cách."


class _Team:
    """What the parts of the page share, asked once and only when one of them wants it."""

    def __init__(self, asked: Asked) -> None:
        self.asked, self.communes = asked, reference.communes_of(asked.view.province)
        self.chosen = Chosen.from_query(asked.query, [str(code) for code in self.communes.index])

    @cached_property
    def report(self) -> Report:
        return self.asked.reports.report(self.asked.view.province, self.asked.day, self.asked.version)

    @cached_property
    def day(self) -> Day:
        return task_force.day(self.report)

    @cached_property
    def away(self) -> dict[str, float]:
        """Kilometres from the chosen commune to each; empty where none is chosen."""
        if not self.chosen.start:
            return {}
        lat, lon = self.communes["lat"].to_numpy(float), self.communes["lon"].to_numpy(float)
        here = self.communes.index.get_loc(self.chosen.start)
        km = great_circle_km(lat[here], lon[here], lat, lon)
        return dict(zip(map(str, self.communes.index), km.tolist(), strict=True))

    def ordered(self, cards: Iterable[Card]) -> list[Card]:
        """Most in need first, or the nearest where that is asked for and a start is chosen."""
        if self.chosen.order == NEAR and self.away:
            return sorted(cards, key=lambda card: (isnan(self.away[card.weak.code]), self.away[card.weak.code]))
        return list(cards)


def found(asked: Asked) -> Mapping[str, Any]:
    """What task_force.html writes."""
    team = _Team(asked)
    return {
        "headline": lambda: team.day.title,
        "choices": lambda: _choices(team),
        "visits": lambda: _cards(team, team.day.visits),
        "calls": lambda: _cards(team, team.day.calls),
    }


def _choices(team: _Team) -> dict[str, Any]:
    lat, lon = team.communes["lat"], team.communes["lon"]
    nowhere = team.chosen.order == NEAR and not team.chosen.start
    orders = [("", "cần nhất trước"), (NEAR, "gần nhất trước")]
    return {
        "fields": choosing.narrowing(team.chosen),
        "orders": Field("order", "Thứ tự", orders, team.chosen.order if team.chosen.order == NEAR else ""),
        "start": team.chosen.start,
        "places": [
            (str(code), team.communes["name"][code], "" if isnan(lat[code]) else f"{lat[code]:.4f} {lon[code]:.4f}")
            for code in team.communes.index
        ],
        "note": NOWHERE if nowhere else "",
        "shown": choosing.shown(team.chosen, [card.weak for card in (*team.day.visits, *team.day.calls)]),
        "open": bool(team.chosen.to_query()),
        "query": team.chosen.to_query(),
    }


def _cards(team: _Team, cards: tuple[Card, ...]) -> dict[str, Any]:
    start = team.communes["name"][team.chosen.start] if team.chosen.start else ""
    rows: list[dict[str, Any]] = [
        {
            "card": card,
            "fits": team.chosen.fits(card.weak),
            "href": commune_address(card.weak.code, team.asked.view),
            "away": f"{kilometres(team.away[card.weak.code])} từ {start}" if start else "",
        }
        for card in team.ordered(cards)
    ]
    cards_of = {bare: [row for row in rows if row["card"].bare == bare] for bare in (False, True)}
    nobody = not any(row["fits"] for row in rows)
    return {"rows": cards_of[False], "bare": cards_of[True], "nobody": nobody, "unknown": team.day.unknown}


def kilometres(km: float) -> str:
    """`3,4 km`, `27 km`: no finer than a centre point is."""
    return "không rõ bao xa" if isnan(km) else f"{text.number(km, 1 if km < 9.95 else 0)} km"


def _rows(asked: Asked) -> Rows:
    """The day's list as it is narrowed and ordered."""
    team = _Team(asked)
    head = ("Việc", "Mã xã", "Xã", "Mức", "Vì sao", "Cần kiểm tra", "Còn thiếu", "Lần kiểm tra gần nhất", "Cách (km)")
    lists = {"đến tận nơi": team.day.visits, "gọi điện": team.day.calls}
    return Rows(
        head,
        [
            (
                *(how, card.weak.code, card.weak.name, theme.LEVELS[card.weak.level].word, card.reason),
                *("; ".join(card.checks), "; ".join(card.missing), card.visited),
                round(team.away[card.weak.code], 1) if team.away else None,
            )
            for how, cards in lists.items()
            for card in team.ordered(cards)
            if team.chosen.fits(card.weak)
        ],
    )


DOCUMENT = Document(
    "/to-cong-tac",
    "Tổ công tác",
    "task_force.html",
    found,
    "task_force",
    keeps=("level", "fix", "dimension", "from", "order"),
    downloads={"to-cong-tac": _rows},
    # The only page that may ask where somebody stands, and only when a button is pressed (distance.js).
    headers={"Permissions-Policy": safety.permissions(geolocation="self")},
)
