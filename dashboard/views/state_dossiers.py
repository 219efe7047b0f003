"""What the state tells of dossiers: figures of the headline, the layer on time, the column of what was received."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from dashboard import text
from dashboard.indicators import levels, rates
from dashboard.indicators.criteria import ThroughputRule
from dashboard.indicators.dossiers import Dossiers
from dashboard.views import headline
from dashboard.views.explain import NO_DATA
from dashboard.views.state_layer import layer, sortable

ON_TIME = "Đúng hạn"
BROKEN = "đang lỗi"


@dataclass(frozen=True)
class Told:
    """Entries of the state: `figures` of its headline, the layer `on_time`, the column `received`."""

    figures: list[dict[str, Any]]
    on_time: dict[str, Any]
    received: dict[str, Any]


def told(dossiers: Dossiers, today: date, day: date) -> Told:
    """What is known of the period's dossiers on the report's day; `today` is the clock's."""
    return Told(headline.throughput_figures(dossiers, today, day), _on_time(dossiers, day), _received(dossiers))


def broken(codes: Sequence[str]) -> Told:
    """In its place where it cannot be computed: no figure, no colour, and words that say so."""
    words, unsorted = [BROKEN] * len(codes), list[float | None]([None] * len(codes))
    nobody = np.full(len(codes), levels.UNKNOWN, dtype=np.int8)
    on_time = layer(ON_TIME, f"{ON_TIME}: phần này đang lỗi, phần khác vẫn đúng", nobody, words, unsorted)
    received = {"name": "Tiếp nhận", "text": words, "sort": unsorted}
    return Told(headline.throughput_in_words(BROKEN), {**on_time, "words": {"unknown": "Đang lỗi"}}, received)


def _on_time(dossiers: Dossiers, day: date) -> dict[str, Any]:
    rated, level, rule = dossiers.rates["on_time_766"], dossiers.on_time_levels, dossiers.rule
    old = dossiers.answer is not None and headline.is_old(dossiers.answer, day)
    received = _told_of(dossiers, "received")
    columns = zip(rated.part, rated.whole, received, rated.state, strict=True)
    words = [_share_on_time(part, whole, of, int(state), rule) for part, whole, of, state in columns]
    counts = levels.counts(level)
    coloured = level.size - counts["unknown"]
    when = f" {headline.period_name(dossiers.period)}" if dossiers.period else ""
    title = f"Đúng hạn{when} (chỉ số 766): "
    if coloured:
        title += f"{counts['green']}/{coloured} xã có đủ hồ sơ đạt mức xanh"
    elif not np.isnan(received).all():
        title += f"chưa xã nào đủ {rule.minimum_received} hồ sơ để xếp màu"
    else:
        title += NO_DATA
    if old:
        title += "; số liệu cũ"
        level = np.where(level < levels.STALE, levels.STALE, level).astype(np.int8)
    made = layer(ON_TIME, title, level, words, sortable(rated.value))
    # Nothing or little received is no silence: such a commune is not called one that never reported.
    return {**made, "words": {"unknown": "Không xếp màu"}}


def _share_on_time(part: float, whole: float, received: float, state: int, rule: ThroughputRule) -> str:
    if state == rates.NO_ACTIVITY or received == 0:
        return "không phát sinh"
    if state == rates.UNKNOWN:
        return NO_DATA
    few = "" if whole >= rule.minimum_received else ", ít hồ sơ nên không xếp màu"
    return text.share(int(part), of=int(whole)) + few


def _told_of(dossiers: Dossiers, column: str) -> levels.Numbers:
    """One count per commune; NaN where nobody told it."""
    if dossiers.answer is None:
        return np.full(len(dossiers.codes), np.nan)
    return dossiers.answer.sums[column].to_numpy(dtype=np.float64)


def _received(dossiers: Dossiers) -> dict[str, Any]:
    received = _told_of(dossiers, "received")
    words = [NO_DATA if math.isnan(value) else text.number(value) for value in received]
    name = f"Tiếp nhận {headline.period_name(dossiers.period)}" if dossiers.period else "Tiếp nhận"
    return {"name": name, "text": words, "sort": sortable(received)}
