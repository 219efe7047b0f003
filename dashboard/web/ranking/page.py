"""/xep-hang: places of the communes among their like, with what the figures leave open; counts as
newspapers rank.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from flask import Response

from dashboard import text
from dashboard.areas import FORMER_DISTRICT, Area, list_areas_of_province
from dashboard.indicators.criteria import PeerFlag
from dashboard.indicators.throughput.rates import KNOWN, RATES
from dashboard.web.documents import empty_state, navigation
from dashboard.web.documents.document import Document, PageRequest
from dashboard.web.documents.downloads import DownloadTable
from dashboard.web.documents.misread import list_misread_choices
from dashboard.web.documents.period import (
    DossierPage,
    list_misread_period,
    list_period_links,
    redirect_to_period_name,
)
from dashboard.web.documents.small_views import PageChart
from dashboard.web.ranking.plain_places import (
    build_count_rank_columns,
    list_area_rates,
    list_first_by_rate,
    list_ranks_by_count,
    list_top_communes,
    tabulate_count_ranks,
)
from dashboard.web.ranking.words import (
    RANKING_INDICATORS,
    RANKING_ORDERS,
    RankingScale,
    build_rate_rank_columns,
    fold_middle,
    link_column_heads,
    list_formula_counts,
    list_peer_groups,
    list_ranking_tables,
    tabulate_rate_ranks,
)
from dashboard.web.words import dossiers
from dashboard.web.words.balance import describe_balance
from dashboard.web.words.dossiers import tell_throughput_headline
from dashboard.web.words.headline import format_province_rate, tell_part_of_communes
from dashboard.web.words.period_names import name_period, name_told_period

PATH = "/xep-hang"


@dataclass(frozen=True)
class RankingForm:
    """Which league the address asks for: by what, of which peer group ("": each by itself), in
    which order.
    """

    by: str = "on_time_766"
    group: str = ""
    order: str = "best"
    area: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> RankingForm:
        """What is not known falls back; whether a province has the group is seen later."""
        by = query.get("by", "")
        order = query.get("order", "")
        return cls(
            by if by in RANKING_INDICATORS else cls.by,
            query.get("group", "")[:80],
            order if order in RANKING_ORDERS else cls.order,
            query.get("area", "")[:80],
        )

    def to_query(self) -> dict[str, str]:
        """The address of this league; `from_query` reads it back."""
        return {
            name: value for name, value in vars(self).items() if value != getattr(RankingForm, name)
        }


class _RankingPage(DossierPage):
    path = PATH

    @property
    def peer_flags(self) -> tuple[PeerFlag, ...]:
        return self.page_request.reports.criteria.peer_flags

    @cached_property
    def form(self) -> RankingForm:
        form = RankingForm.from_query(self.page_request.query)
        if form.area not in self.areas:
            form = replace(form, area="")
        return form if form.group in self.groups else replace(form, group="")

    @cached_property
    def areas(self) -> dict[str, Area]:
        """Parts of the province, by the word of the address."""
        province = self.page_request.view.province
        return {area.code: area for area in list_areas_of_province(province)}

    @property
    def area(self) -> Area | None:
        """To which part the lists are narrowed; places stay those of the whole peer group."""
        return self.areas.get(self.form.area)

    @cached_property
    def groups(self) -> dict[str, str]:
        return list_peer_groups(self.dossiers, self.peer_flags)

    @property
    def indicator_word(self) -> str:
        return RANKING_INDICATORS[self.form.by]

    @property
    def count_column(self) -> str:
        """The count that is ranked by; empty where it is a rate."""
        return self.form.by.removeprefix("count_") if self.form.by not in RATES else ""

    def links(self) -> dict[str, Any]:
        period = self.period_in_address
        form = self.form

        def list_choices(field: str, words: Mapping[str, str]) -> list[tuple[str, str, bool]]:
            return [
                (
                    self.address_of_period(period, replace(form, **{field: code}).to_query()),
                    word,
                    getattr(form, field) == code,
                )
                for code, word in words.items()
            ]

        ungrouped = {"": "Từng nhóm"}
        sizes = {label: text.upper_first_letter(word) for label, word in self.groups.items()}
        groups = []
        if len(sizes) > 1 and not self.count_column:
            groups = list_choices("group", {**ungrouped, **sizes})
        return {
            "by": list_choices("by", RANKING_INDICATORS),
            "groups": groups,
            "order": list_choices("order", RANKING_ORDERS),
            "periods": list_period_links(
                self.selected_period, lambda other: self.address_of_period(other, form.to_query())
            ),
        }

    def column_heads(self) -> dict[str, dict[str, str]]:
        return link_column_heads(
            self.form.order,
            lambda order: self.address_of_period(
                self.period_in_address, replace(self.form, order=order).to_query()
            ),
        )

    def headline(self) -> str:
        full_period = self.selected_period.full_period
        if self.dossiers.period_figures is None or full_period is None:
            return tell_throughput_headline(
                self.dossiers, full_period, self.page_request.province_name
            )
        figures = self.dossiers.period_figures
        period_words = name_told_period(full_period, figures.reception_until)
        told = self.dossiers.communes_told
        area = tell_part_of_communes(told, len(self.commune_names)) or "cấp xã"
        if self.count_column:
            total_words = text.format_number(figures.totals()[self.count_column])
            return f"{self.indicator_word}, {period_words}: {area} {total_words}{self.title_end}"
        total = self.dossiers.total(self.form.by)
        ranked = int((self.dossiers.ranks[self.form.by]["state"] == "ranked").sum())
        rate_words = dossiers.format_rate(total.value, total.state)
        overall = self.dossiers.total_of_all(self.form.by)
        province_words = ""
        if self.dossiers.has_departments and overall.state == KNOWN:
            province_words = f"cả tỉnh {format_province_rate(self.dossiers, self.form.by)}, "
        communes = len(self.commune_names)
        ranked_words = "" if ranked == communes else f"; {ranked}/{communes} đơn vị có hạng"
        return (
            f"{self.indicator_word}, {period_words}: {province_words}{area} {rate_words}"
            f"{ranked_words}{self.title_end}"
        )

    @cached_property
    def rate_tables(self) -> dict[str, Any] | None:
        if self.count_column or self.dossiers.period_figures is None:
            return None
        by = self.form.by
        group = self.form.group
        scale = RankingScale.of(self.dossiers.ranks[by])
        shown = {group: self.groups[group]} if group else self.groups
        total = self.dossiers.total(by)
        told = self.dossiers.communes_told
        area = tell_part_of_communes(told, len(self.commune_names)) or "Cấp xã"
        return {
            "word": self.indicator_word,
            "rate": RATES[by],
            "formula": dossiers.tell_rate_formula(self.dossiers.period_figures, by),
            "remark": dossiers.tell_rate_remark(self.dossiers.period_figures, by),
            "area": area,
            "counts": list_formula_counts(self.dossiers, self.commune_names, by, area),
            "tables": [
                {**table, "blocks": fold_middle(table["rows"], self.form.order)}
                for table in self.keep_inside(
                    list_ranking_tables(
                        self.dossiers, self.commune_names, by, shown, self.form.order, scale
                    )
                )
            ],
            "scale": scale.ends,
            "columns": self.column_heads(),
            "total": dossiers.format_dossier_share(total.numerator, total.denominator, total.state),
        }

    def by_area(self) -> dict[str, Any] | None:
        """The rate of each part of the province, with the address that narrows the lists to it."""
        if self.count_column or self.dossiers.period_figures is None:
            return None
        by = self.form.by
        rows = list_area_rates(self.dossiers, list(self.areas.values()), by)
        for row in rows:
            area = row["area"]
            row["href"] = area and self.address_of_period(
                self.period_in_address, replace(self.form, area=area.code).to_query()
            )
            row["district"] = area is not None and area.kind == FORMER_DISTRICT
            row["source"] = area.source if area else ""
        return {
            "word": self.indicator_word,
            "parts": [row for row in rows if not row["district"]],
            "districts": [row for row in rows if row["district"]],
            "first": list_first_by_rate(self.dossiers, self.commune_names, by),
            "minimum": text.format_number(self.dossiers.rule.minimum_received),
        }

    def narrowed(self) -> dict[str, str] | None:
        """To which part the lists are narrowed, and the address without."""
        if self.area is None:
            return None
        return {
            "name": self.area.name,
            "communes": text.format_part(len(self.area.communes), len(self.commune_names)),
            "source": self.area.source,
            "href": self.address_of_period(
                self.period_in_address, replace(self.form, area="").to_query()
            ),
        }

    def keep_inside(self, tables: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Of ranking tables the rows of the part of the province that was asked for."""
        area = self.area
        if area is None:
            return tables
        return [
            {
                **table,
                "rows": [row for row in table["rows"] if row["code"] in area.communes],
                "unplaced": [
                    {**block, "communes": inside}
                    for block in table["unplaced"]
                    if (inside := [one for one in block["communes"] if one[0] in area.communes])
                ],
            }
            for table in tables
        ]

    def balance(self) -> dict[str, Any] | None:
        return describe_balance(self.selected_period.report)

    def by_count(self) -> dict[str, Any] | None:
        if not self.count_column or self.dossiers.period_figures is None:
            return None
        rows = list_ranks_by_count(
            self.dossiers, self.commune_names, self.count_column, self.form.order
        )
        if self.area is not None:
            rows = [row for row in rows if row["code"] in self.area.communes]
        return {
            "word": self.indicator_word,
            "blocks": fold_middle(rows, self.form.order),
            "columns": self.column_heads(),
        }

    def top(self) -> list[dict[str, Any]]:
        return list_top_communes(self.dossiers, self.commune_names)


def build_ranking_context(page_request: PageRequest) -> Mapping[str, Any] | Response:
    """What page.html writes; a period given by two fields is sent on to its one name."""
    redirection = redirect_to_period_name(page_request, PATH, ("by", "group", "order", "area"))
    if redirection is not None:
        return redirection
    page = _RankingPage(page_request)
    return {
        "headline": page.headline,
        "missing": lambda: empty_state.explain_missing_dossiers(
            page_request, page.selected_period.report
        ),
        "links": page.links,
        "coverage": page.coverage,
        "balance": page.balance,
        "by_rate": lambda: page.rate_tables,
        "by_area": page.by_area,
        "narrowed": page.narrowed,
        "by_count": page.by_count,
        "top": page.top,
        "named": page.period_name,
        "answering": page.source_and_reach,
        "commune": lambda code: navigation.build_commune_address(code, page_request.view),
    }


def _tabulate_ranking(page_request: PageRequest) -> DownloadTable:
    page = _RankingPage(page_request)
    if page.count_column:
        return DownloadTable(
            build_count_rank_columns(page.count_column),
            tabulate_count_ranks(page.dossiers, page.commune_names, page.count_column),
            f"Xếp hạng theo: {page.indicator_word}",
            page.source_and_reach(),
        )
    return DownloadTable(
        build_rate_rank_columns(page.form.by),
        tabulate_rate_ranks(page.dossiers, page.commune_names, page.form.by, page.peer_flags),
        f"Xếp hạng theo: {page.indicator_word}",
        page.source_and_reach(),
    )


def _tell_ranking_filters(page_request: PageRequest) -> str:
    page = _RankingPage(page_request)
    full_period = page.selected_period.full_period
    narrowed_to = [
        page.indicator_word,
        "" if full_period is None else name_period(full_period),
        page.groups.get(page.form.group, ""),
        page.area.name if page.area else "",
    ]
    return " · ".join(
        words for words in [*narrowed_to, RANKING_ORDERS[page.form.order].lower()] if words
    )


RANKING_DOCUMENT = Document(
    PATH,
    "Xếp hạng",
    "ranking/page.html",
    build_ranking_context,
    "ranking",
    preserved_params=("by", "group", "order", "area", "period"),
    filters=_tell_ranking_filters,
    misread=lambda page_request: [
        *list_misread_period(page_request),
        *list_misread_choices(page_request.query, vars(_RankingPage(page_request).form)),
    ],
    downloads={"xep-hang": _tabulate_ranking},
    charts={
        "ranking": PageChart("Xếp hạng các đơn vị theo một tỷ lệ", 720),
        "counts": PageChart("Xếp theo số lượng hồ sơ", 640),
    },
)
