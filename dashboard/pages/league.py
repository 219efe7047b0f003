"""/xep-hang: places of the communes among their like, with what the figures leave open; counts as newspapers rank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from flask import Response

from dashboard import text
from dashboard.indicators.criteria import PeerFlag
from dashboard.indicators.rates import RATES
from dashboard.pages import absent, navigation, period_asked
from dashboard.pages.document import Asked, Document
from dashboard.pages.dossier_page import DossierPage
from dashboard.pages.downloads import Rows
from dashboard.pages.period_links import period_links
from dashboard.views import count_places, dossier_words, league, throughput

PATH = "/xep-hang"


@dataclass(frozen=True)
class Wanted:
    """Which league the address asks for: by what, of which peer group ("": each by itself), in which order."""

    by: str = "on_time_766"
    group: str = ""
    order: str = "best"

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Wanted:
        """What is not known falls back; whether a province has the group is seen later."""
        by, order = query.get("by", ""), query.get("order", "")
        return cls(
            by if by in league.INDICATORS else cls.by,
            query.get("group", "")[:80],
            order if order in league.ORDERS else cls.order,
        )

    def to_query(self) -> dict[str, str]:
        """The address of this league; `from_query` reads it back."""
        return {name: value for name, value in vars(self).items() if value != getattr(Wanted, name)}


class _League(DossierPage):
    path = PATH

    @property
    def flags(self) -> tuple[PeerFlag, ...]:
        return self.asked.reports.criteria.peer_flags

    @cached_property
    def wanted(self) -> Wanted:
        wanted = Wanted.from_query(self.asked.query)
        return wanted if wanted.group in self.groups else replace(wanted, group="")

    @cached_property
    def groups(self) -> dict[str, str]:
        return league.groups(self.dossiers, self.flags)

    @property
    def word(self) -> str:
        return league.INDICATORS[self.wanted.by]

    @property
    def counts(self) -> str:
        """The count that is ranked by; empty where it is a rate."""
        return self.wanted.by.removeprefix("count_") if self.wanted.by not in RATES else ""

    def links(self) -> dict[str, Any]:
        period, wanted = self.period_in_address, self.wanted

        def one_of(field: str, words: Mapping[str, str]) -> list[tuple[str, str, bool]]:
            return [
                (
                    self.address(period, replace(wanted, **{field: code}).to_query()),
                    word,
                    getattr(wanted, field) == code,
                )
                for code, word in words.items()
            ]

        every = {"": "Từng nhóm"}
        sizes = {label: word[:1].upper() + word[1:] for label, word in self.groups.items()}
        return {
            "by": one_of("by", league.INDICATORS),
            "groups": one_of("group", {**every, **sizes}) if len(sizes) > 1 and not self.counts else [],
            "order": one_of("order", league.ORDERS),
            "periods": period_links(self.chosen, lambda other: self.address(other, wanted.to_query())),
        }

    def headline(self) -> str:
        whole = self.chosen.whole
        if self.dossiers.answer is None or whole is None:
            return throughput.headline(self.dossiers, whole, self.asked.province_name)
        named = dossier_words.named(whole)
        if self.counts:
            total_count = text.number(self.dossiers.answer.totals()[self.counts])
            return f"{self.word}, {named}: cả tỉnh {total_count}{self.title_end}"
        total = self.dossiers.total(self.wanted.by)
        ranked = int((self.dossiers.ranks[self.wanted.by]["state"] == "ranked").sum())
        rate = dossier_words.percent(total.value, total.state)
        return f"{self.word}, {named}: cả tỉnh {rate}; {ranked}/{len(self.names)} đơn vị có hạng{self.title_end}"

    def by_rate(self) -> dict[str, Any] | None:
        if self.counts or self.dossiers.answer is None:
            return None
        by, group = self.wanted.by, self.wanted.group
        scale = league.Scale.of(self.dossiers.ranks[by])
        shown = {group: self.groups[group]} if group else self.groups
        total = self.dossiers.total(by)
        return {
            "word": self.word,
            "rate": RATES[by],
            "tables": league.tables(self.dossiers, self.names, by, shown, self.wanted.order, scale),
            "scale": scale.ends,
            "total": dossier_words.share(total.part, total.whole, total.state),
        }

    def by_count(self) -> dict[str, Any] | None:
        if not self.counts or self.dossiers.answer is None:
            return None
        rows = count_places.counted(self.dossiers, self.names, self.counts, self.wanted.order)
        return {"word": self.word, "rows": rows}

    def top(self) -> list[dict[str, Any]]:
        return count_places.top(self.dossiers, self.names)


def found(asked: Asked) -> Mapping[str, Any] | Response:
    """What league.html writes; a period given by two fields is sent on to its one name."""
    moved = period_asked.by_name(asked, PATH, ("by", "group", "order"))
    if moved is not None:
        return moved
    page = _League(asked)
    return {
        "headline": page.headline,
        "missing": lambda: absent.dossiers(asked, page.chosen.report),
        "links": page.links,
        "coverage": page.coverage,
        "by_rate": page.by_rate,
        "by_count": page.by_count,
        "top": page.top,
        "named": page.named,
        "answering": page.answering,
        "commune": lambda code: navigation.commune_address(code, asked.view),
    }


def _rows(asked: Asked) -> Rows:
    page = _League(asked)
    if page.counts:
        return Rows(count_places.HEAD, count_places.csv_rows(page.dossiers, page.names, page.counts))
    return Rows(league.HEAD, league.csv_rows(page.dossiers, page.names, page.wanted.by, page.flags))


def _filters(asked: Asked) -> str:
    page = _League(asked)
    whole = page.chosen.whole
    told = [page.word, "" if whole is None else dossier_words.named(whole), page.groups.get(page.wanted.group, "")]
    return " · ".join(one for one in [*told, league.ORDERS[page.wanted.order].lower()] if one)


DOCUMENT = Document(
    PATH,
    "Xếp hạng",
    "league.html",
    found,
    "ranking",
    keeps=("by", "group", "order", "period"),
    filters=_filters,
    downloads={"xep-hang": _rows},
)
