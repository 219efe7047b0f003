"""/xep-hang in words: places by evidence within each peer group, who has none and why, plain places by counts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from dashboard import text
from dashboard.indicators import rates
from dashboard.indicators.criteria import PeerFlag
from dashboard.indicators.dossiers import COUNTED, Dossiers
from dashboard.indicators.rates import RATES
from dashboard.views import dossier_words as words
from dashboard.views.explain import NO_DATA

# What one can rank by: rates by evidence among peers, counts as newspapers print them.
INDICATORS = {code: rate.name for code, rate in RATES.items()} | {
    f"count_{name}": f"Số {words.COUNTS[name].lower()}" for name in COUNTED
}
ORDERS = {"best": "Tốt nhất trước", "worst": "Kém nhất trước", "name": "Theo tên"}
# Who has no place, the nearest to one first.
_UNPLACED = {
    "incomplete": "Chỉ báo cáo một phần kỳ",
    "too_few": "Quá ít hồ sơ để xếp",
    "no_activity": "Không phát sinh",
    "unknown": "Chưa có dữ liệu",
}


@dataclass(frozen=True)
class Scale:
    """The stretch of shares that the intervals are drawn on, 0 to 1; a whole number of tenths."""

    low: float
    high: float

    @classmethod
    def of(cls, table: pd.DataFrame) -> Scale:
        ranked = table[table["state"] == "ranked"]
        if ranked.empty:
            return cls(0.0, 1.0)
        low, high = math.floor(ranked["lower"].min() * 10) / 10, math.ceil(ranked["upper"].max() * 10) / 10
        return cls(low, max(high, low + 0.1))

    def at(self, share: float) -> float:
        """Where a share lies, 0 (left) to 100; what lies outside stands at the edge."""
        return min(100.0, max(0.0, (share - self.low) / (self.high - self.low) * 100))

    @property
    def ends(self) -> tuple[str, str]:
        return text.percent(self.low, 0), text.percent(self.high, 0)


def groups(dossiers: Dossiers, flags: Sequence[PeerFlag]) -> dict[str, str]:
    """Label to words of every peer group, the largest first."""
    labels, counts = np.unique(np.array(dossiers.groups, dtype=str), return_counts=True)
    return {str(labels[at]): words.group(str(labels[at]), flags) for at in np.argsort(-counts, kind="stable")}


def tables(
    dossiers: Dossiers, names: list[str], by: str, shown: dict[str, str], order: str, scale: Scale
) -> list[dict[str, Any]]:
    """One table a group of `shown` (label to words): the group's own figures, who has a place, who has none and why."""
    table, before = _with_names(dossiers, names, by), dossiers.ranks_before
    earlier = None if before is None else before[by]
    median = dossiers.peers[by]
    found = []
    for label, word in shown.items():
        own = table[table["group"] == label]
        figures = median.loc[label]
        ranked = _ordered(own[own["state"] == "ranked"], order)
        found.append(
            {
                "label": label,
                "word": word,
                "communes": len(own),
                "ranked": len(ranked),
                "pooled": words.share(figures["part"], figures["whole"], int(figures["state"])),
                "pooled_share": text.percent(figures["value"]) if not math.isnan(figures["value"]) else NO_DATA,
                "median": text.percent(figures["median"]) if not math.isnan(figures["median"]) else NO_DATA,
                "pooled_at": None if math.isnan(figures["value"]) else scale.at(figures["value"]),
                "rows": [_row(str(code), row, earlier, scale) for code, row in ranked.iterrows()],
                "unplaced": _unplaced(own, dossiers.rule.minimum_received),
            }
        )
    return found


def _with_names(dossiers: Dossiers, names: list[str], by: str) -> pd.DataFrame:
    rated = dossiers.rates[by]
    return dossiers.ranks[by].assign(name=names, group=dossiers.groups, part=rated.part, whole=rated.whole)


def _ordered(ranked: pd.DataFrame, order: str) -> pd.DataFrame:
    if order == "name":
        return ranked  # the order of the screen is the Vietnamese one
    return ranked.sort_values("place", ascending=order != "worst", kind="stable")


def _row(code: str, row: pd.Series, earlier: pd.DataFrame | None, scale: Scale) -> dict[str, Any]:
    lower, rate, upper = (float(row[name]) for name in ("lower", "rate", "upper"))
    return {
        "code": code,
        "name": row["name"],
        "place": text.number(row["place"]),
        "of": text.number(row["ranked"]),
        "open": _span(row["place_from"], row["place_to"]),
        "share": words.share(row["part"], row["whole"], rates.KNOWN),
        "interval": f"{text.percent(lower)} – {text.percent(upper)}",
        "lower": scale.at(lower),
        "rate": scale.at(rate),
        "upper": scale.at(upper),
        "moved": moved(row["place"], math.nan if earlier is None else earlier["place"][code], earlier is not None),
    }


def _span(first: float, last: float) -> str:
    return text.number(first) if first == last else f"{text.number(first)}–{text.number(last)}"


def moved(place: float, before: float, comparable: bool) -> str:
    """`▲ 3 (trước: 15)`: places gained since the period before; in words where there is no such number."""
    if not comparable:
        return words.INCOMPLETE
    if math.isnan(before):
        return "trước: không xếp hạng"
    gain = before - place
    if not gain:
        return words.SAME
    return f"{'▲' if gain > 0 else '▼'} {text.number(abs(gain))} (trước: {text.number(before)})"


def _unplaced(own: pd.DataFrame, minimum: int) -> list[dict[str, Any]]:
    """Per reason the communes without a place, with what is known of them."""
    found = []
    for state, reason in _UNPLACED.items():
        without = own[own["state"] == state]
        if len(without):
            limit = f" (dưới {text.number(minimum)})" if state == "too_few" else ""
            known = state in ("too_few", "incomplete")
            communes = [
                (str(code), row["name"], words.share(row["part"], row["whole"], rates.KNOWN) if known else "")
                for code, row in without.iterrows()
            ]
            found.append({"reason": f"{reason}{limit}", "communes": communes})
    return found


HEAD = (
    "Mã",
    "Đơn vị",
    "Nhóm",
    "Hạng",
    "Trên",
    "Có thể từ",
    "Có thể đến",
    "Phần",
    "Toàn thể",
    "Hạng kỳ trước",
    "Ghi chú",
)


def csv_rows(dossiers: Dossiers, names: list[str], by: str, flags: Sequence[PeerFlag]) -> list[list[Any]]:
    """The whole league by a rate, all groups, best first: HEAD."""
    table, before = _with_names(dossiers, names, by), dossiers.ranks_before
    reason = table["state"].map({**_UNPLACED, "ranked": ""})
    ordered = table.assign(reason=reason).sort_values(["group", "place"], kind="stable")
    return [
        [
            code, row["name"], words.group(row["group"], flags), row["place"], int(row["ranked"]), row["place_from"],
            row["place_to"], row["part"], row["whole"],
            math.nan if before is None else before[by]["place"][code], row["reason"],
        ]
        for code, row in ordered.iterrows()
    ]  # fmt: skip
