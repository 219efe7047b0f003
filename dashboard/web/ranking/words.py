"""/xep-hang in words: places by evidence within each peer group, who has none and why; plain places
stand in plain_places.py.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from dashboard import text
from dashboard.indicators.criteria import PeerFlag
from dashboard.indicators.throughput import rates
from dashboard.indicators.throughput.dossiers import RANKED_COUNTS, ProvinceDossiers
from dashboard.indicators.throughput.rates import RATES
from dashboard.web.documents.downloads import (
    CellType,
    TableColumn,
    build_unit_columns,
    explain_indicator,
)
from dashboard.web.words.dossiers import (
    COUNT_WORDS,
    INCOMPLETE,
    SAME,
    format_dossier_share,
    format_peer_group,
    list_formula_terms,
)
from dashboard.web.words.explain import NO_DATA

# What one can rank by: rates by evidence among peers, counts as newspapers print them.
RANKING_INDICATORS = {code: rate.name for code, rate in RATES.items()} | {
    f"count_{name}": f"Số {COUNT_WORDS[name].lower()}" for name in RANKED_COUNTS
}
RANKING_ORDERS = {
    "best": "Tốt nhất trước",
    "worst": "Kém nhất trước",
    "name": "Theo tên",
    "share": "Cao nhất trước",
    "share_low": "Thấp nhất trước",
    "gained": "Tăng hạng nhiều nhất trước",
    "lost": "Giảm hạng nhiều nhất trước",
}
# The orders that a column's head gives, one after the other as it is pressed.
COLUMN_ORDERS = {
    "place": ("best", "worst"),
    "name": ("name",),
    "share": ("share", "share_low"),
    "moved": ("gained", "lost"),
}
_ASCENDING = ("best", "name", "share_low", "lost")
# A long list shows its ends; who stands between them is folded.
ENDS_SHOWN = 10
NO_RANK = "–"
# Who has no place, the nearest to one first.
_UNRANKED_REASONS = {
    "incomplete": "Chỉ báo cáo một phần kỳ",
    "too_few": "Quá ít hồ sơ để xếp",
    "no_activity": "Không phát sinh",
    "unknown": "Chưa có dữ liệu",
}


@dataclass(frozen=True)
class RankingScale:
    """The stretch of shares that the intervals are drawn on, 0 to 1: whole twentieths."""

    low: float
    high: float

    @classmethod
    def of(cls, table: pd.DataFrame) -> RankingScale:
        ranked = table[table["state"] == "ranked"]
        if ranked.empty:
            return cls(0.0, 1.0)
        low = math.floor(ranked["lower"].min() * 20) / 20
        high = math.ceil(ranked["upper"].max() * 20) / 20
        return cls(low, max(high, low + 0.05))

    def locate(self, share: float) -> float:
        """Where a share lies, 0 (left) to 100; what lies outside stands at the edge."""
        return min(100.0, max(0.0, (share - self.low) / (self.high - self.low) * 100))

    @property
    def ends(self) -> tuple[str, str]:
        return text.format_percent(self.low, 0), text.format_percent(self.high, 0)


def list_peer_groups(dossiers: ProvinceDossiers, flags: Sequence[PeerFlag]) -> dict[str, str]:
    """Label to words of every peer group, the largest first."""
    labels, counts = np.unique(np.array(dossiers.groups, dtype=str), return_counts=True)
    return {
        str(labels[position]): format_peer_group(str(labels[position]), flags)
        for position in np.argsort(-counts, kind="stable")
    }


def list_ranking_tables(
    dossiers: ProvinceDossiers,
    names: list[str],
    by: str,
    groups_shown: dict[str, str],
    order: str,
    scale: RankingScale,
) -> list[dict[str, Any]]:
    """One table a group of `groups_shown` (label to words): the group's own figures, who has a
    place, who has none and why.
    """
    table = _add_names_and_groups(dossiers, names, by)
    before = dossiers.ranks_before
    earlier_ranks = None if before is None else before[by]
    table["place_before"] = math.nan if earlier_ranks is None else earlier_ranks["place"]
    median = dossiers.peers[by]
    tables = []
    for label, word in groups_shown.items():
        own = table[table["group"] == label]
        figures = median.loc[label]
        ranked = _order_ranks(own[own["state"] == "ranked"], order)
        pooled_at = None
        if not math.isnan(figures["value"]):
            pooled_at = scale.locate(figures["value"])
        tables.append(
            {
                "label": label,
                "word": word,
                "communes": len(own),
                "ranked": len(ranked),
                "pooled": format_dossier_share(
                    figures["part"], figures["whole"], int(figures["state"])
                ),
                "pooled_share": _format_known_percent(figures["value"]),
                "median": _format_known_percent(figures["median"]),
                "pooled_at": pooled_at,
                "rows": [
                    _rate_rank_row(str(code), row, earlier_ranks, scale)
                    for code, row in ranked.iterrows()
                ],
                "unplaced": _list_unranked(own, dossiers.rule.minimum_received),
            }
        )
    return tables


def _format_known_percent(share: float) -> str:
    return NO_DATA if math.isnan(share) else text.format_percent(share)


def _add_names_and_groups(dossiers: ProvinceDossiers, names: list[str], by: str) -> pd.DataFrame:
    rated = dossiers.rates[by]
    return dossiers.ranks[by].assign(
        name=names, group=dossiers.groups, part=rated.numerator, whole=rated.denominator
    )


def link_column_heads(
    order: str, address_of_order: Callable[[str], str]
) -> dict[str, dict[str, str]]:
    """Per column the address of the order that pressing its head gives, and in `sort` how it stands
    now (`aria-sort`); empty where the table is in another column's order.
    """
    heads = {}
    for column, orders in COLUMN_ORDERS.items():
        if order in orders:
            next_order = orders[(orders.index(order) + 1) % len(orders)]
            sort = "ascending" if order in _ASCENDING else "descending"
        else:
            next_order = orders[0]
            sort = ""
        heads[column] = {"href": address_of_order(next_order), "sort": sort}
    return heads


def fold_middle(rows: list[dict[str, Any]], order: str) -> list[dict[str, Any]]:
    """The rows as blocks (`rows`; `summary`: the line behind which they are folded, "" for none):
    of a long list in the order of ranks the first and the last ten, those between folded; who has
    no rank last, folded.
    """
    ranked = [row for row in rows if row["place"] != NO_RANK]
    without = [row for row in rows if row["place"] == NO_RANK]
    if order in COLUMN_ORDERS["place"] and len(ranked) >= 3 * ENDS_SHOWN:
        middle = ranked[ENDS_SHOWN:-ENDS_SHOWN]
        between = f"hạng {middle[0]['place']} đến {middle[-1]['place']}"
        blocks = [
            (ranked[:ENDS_SHOWN], ""),
            (middle, f"{text.format_number(len(middle))} đơn vị ở giữa: {between}"),
            (ranked[-ENDS_SHOWN:], ""),
        ]
    else:
        blocks = [(ranked, "")]
    blocks.append((without, f"{text.format_number(len(without))} đơn vị chưa có số liệu"))
    return [{"rows": shown, "summary": summary} for shown, summary in blocks if shown]


def _order_ranks(ranked: pd.DataFrame, order: str) -> pd.DataFrame:
    """Rows of ranked communes (`place`, `rate`, `place_before`) in one of RANKING_ORDERS."""
    if order == "name":
        return ranked  # the order of the screen is the Vietnamese one
    if order in COLUMN_ORDERS["share"]:
        return ranked.sort_values("rate", ascending=order == "share_low", kind="stable")
    if order in COLUMN_ORDERS["moved"]:
        gain = ranked["place_before"] - ranked["place"]
        by_gain = gain.sort_values(ascending=order == "lost", kind="stable", na_position="last")
        return ranked.loc[by_gain.index]
    return ranked.sort_values("place", ascending=order != "worst", kind="stable")


def _rate_rank_row(
    code: str, row: pd.Series, earlier_ranks: pd.DataFrame | None, scale: RankingScale
) -> dict[str, Any]:
    lower, rate, upper = (float(row[name]) for name in ("lower", "rate", "upper"))
    return {
        "code": code,
        "name": row["name"],
        "place": text.format_number(row["place"]),
        "of": text.format_number(row["ranked"]),
        "open": _rank_span(row["place_from"], row["place_to"]),
        "share": format_dossier_share(row["part"], row["whole"], rates.KNOWN),
        "interval": f"{text.format_percent(lower)} – {text.format_percent(upper)}",
        "lower": scale.locate(lower),
        "rate": scale.locate(rate),
        "upper": scale.locate(upper),
        "moved": tell_rank_change(
            row["place"],
            math.nan if earlier_ranks is None else earlier_ranks["place"][code],
            earlier_ranks is not None,
        ),
    }


def _rank_span(first: float, last: float) -> str:
    if first == last:
        return text.format_number(first)
    return f"{text.format_number(first)}–{text.format_number(last)}"


def tell_rank_change(rank: float, rank_before: float, comparable: bool) -> str:
    """`▲ 3 (trước: 15)`: places gained since the period before; in words where there is no such
    number.
    """
    if not comparable:
        return INCOMPLETE
    if math.isnan(rank_before):
        return "trước: không xếp hạng"
    gain = rank_before - rank
    if not gain:
        return SAME
    return f"{text.format_change(gain)} (trước: {text.format_number(rank_before)})"


def _list_unranked(own: pd.DataFrame, minimum: int) -> list[dict[str, Any]]:
    """Per reason the communes without a place, with what is known of them."""
    reasons = []
    for state, reason in _UNRANKED_REASONS.items():
        without = own[own["state"] == state]
        if len(without):
            if state == "too_few":
                reason = f"{reason} (dưới {text.format_number(minimum)})"
            communes = []
            for code, row in without.iterrows():
                counts = ""
                if state in ("too_few", "incomplete"):
                    counts = format_dossier_share(row["part"], row["whole"], rates.KNOWN)
                communes.append((str(code), row["name"], counts))
            reasons.append({"reason": reason, "communes": communes})
    return reasons


def build_rate_rank_columns(by: str) -> tuple[TableColumn, ...]:
    """The columns of tabulate_rate_ranks."""
    return (
        *build_unit_columns(),
        TableColumn("Nhóm", explain_indicator("peer_group")),
        TableColumn("Hạng", explain_indicator("place"), CellType.NUMBER),
        TableColumn("Trên", "Số đơn vị được xếp hạng trong nhóm", CellType.NUMBER),
        TableColumn("Thứ hạng từ", explain_indicator("place_range"), CellType.NUMBER),
        TableColumn("Thứ hạng đến", explain_indicator("place_range"), CellType.NUMBER),
        TableColumn("Phần", f"Phần của tỷ lệ. {explain_indicator(by)}", CellType.NUMBER),
        TableColumn("Toàn thể", f"Toàn thể của tỷ lệ. {explain_indicator(by)}", CellType.NUMBER),
        TableColumn("Tỷ lệ (%)", f"Phần ÷ toàn thể. {explain_indicator(by)}", CellType.SHARE),
        TableColumn("Hạng kỳ trước", "Hạng của kỳ liền trước, cùng nhóm", CellType.NUMBER),
        TableColumn("Ghi chú", "Vì sao không có hạng"),
    )


def tabulate_rate_ranks(
    dossiers: ProvinceDossiers, names: list[str], by: str, flags: Sequence[PeerFlag]
) -> list[list[Any]]:
    """The whole league by a rate, all groups, best first."""
    table = _add_names_and_groups(dossiers, names, by)
    before = dossiers.ranks_before
    reason = table["state"].map({**_UNRANKED_REASONS, "ranked": ""})
    ordered = table.assign(reason=reason).sort_values(["group", "place"], kind="stable")
    return [
        [
            code,
            row["name"],
            format_peer_group(row["group"], flags),
            row["place"],
            int(row["ranked"]),
            row["place_from"],
            row["place_to"],
            row["part"],
            row["whole"],
            row["rate"],
            math.nan if before is None else before[by]["place"][code],
            row["reason"],
        ]
        for code, row in ordered.iterrows()
    ]


def list_formula_counts(
    dossiers: ProvinceDossiers, names: list[str], by: str, area: str
) -> dict[str, Any] | None:
    """The counts that a rate's formula names, of all communes together and of each: `terms`, `rows`
    (name, code, `cells`, `share`); None where nobody tells of the period."""
    figures = dossiers.period_figures
    if figures is None:
        return None
    terms = list_formula_terms(figures, by)
    columns = [figures.sums[column].to_numpy(dtype=np.float64) for column in terms.values()]
    rated = dossiers.rates[by]
    total = dossiers.total(by)
    totals = figures.totals()
    rows = [
        {
            "code": "",
            "name": area,
            "cells": [text.format_number(totals[column]) for column in terms.values()],
            "share": format_dossier_share(total.numerator, total.denominator, total.state),
        }
    ]
    rows += [
        {
            "code": dossiers.codes[position],
            "name": name,
            "cells": [text.format_number(column[position]) for column in columns],
            "share": format_dossier_share(
                rated.numerator[position], rated.denominator[position], int(rated.state[position])
            ),
        }
        for position, name in enumerate(names)
        if rated.state[position] != rates.UNKNOWN
    ]
    return {"terms": list(terms), "rows": rows}
