"""Dossiers of communes side by side: counts, twelve months, every rate with its place."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from dashboard import text
from dashboard.indicators import peer_criteria, rates
from dashboard.indicators.rates import RATES
from dashboard.indicators.report import Report
from dashboard.indicators.rows import NEW
from dashboard.views import commune_dossiers, dossier_words, headline, places, sparkline
from dashboard.views.explain import NO_DATA
from dashboard.views.one_commune import One
from dashboard.views.side_by_side import EMPTY, Cell, Figure, beside, cell, columns, peers_of, row

_COUNTS = {
    "received": "Tiếp nhận",
    "resolved": "Đã giải quyết",
    "open": "Đang giải quyết",
    "open_overdue": "Đang quá hạn",
}


def section(ones: Sequence[One], today: date) -> dict[str, Any]:
    """The rows of dossiers under the name of their period and how far they reach; `today` is the clock's day."""
    report = ones[0].report
    period, answer = report.dossiers.period, report.dossiers.answer
    title = "Hồ sơ" if period is None else f"Hồ sơ {dossier_words.named(period)}"
    if answer is not None:
        title += f" {headline.reach(answer, today, report.today)}"
    return {"title": title, "rows": [*_counts(ones, report), *_rates(ones, report)]}


def _counts(ones: Sequence[One], report: Report) -> list[dict[str, Any]]:
    found, group = report.dossiers.answer, peers_of(ones)
    if found is None:
        nothing = [cell(NO_DATA) for _ in [*ones, *columns(ones)]]
        return [row("received", "Tiếp nhận", nothing)]
    before = None if report.dossiers.totals_before() is None else report.dossiers.before
    rows = []
    for name, words in _COUNTS.items():
        own = [_count(found.sums.at[one.code, name], _counted(report, name, one)) for one in ones]
        past = cell(dossier_words.INCOMPLETE) if before is None else _count(before.sums.at[ones[0].code, name])
        lying = math.nan if group is None else peer_criteria.middle(found.sums[name].to_numpy()[group])
        middle = Figure(value=lying, unit="hồ sơ (trung vị)")
        peers = cell(NO_DATA if math.isnan(lying) else f"trung vị {text.number(lying)}", figure=middle)
        rows.append(row(name, words, [*own, *beside(ones, past, peers, _count(found.totals()[name]))]))
    trend = [cell("", drawing=_weeks(one)) for one in ones]
    rows.append(row("weeks", "Tiếp nhận 12 tháng", [*trend, *beside(ones, EMPTY, EMPTY, EMPTY)]))
    return rows


def _count(value: float, note: str = "") -> Cell:
    return cell(text.number(value), note=note, figure=Figure(value=value, unit="hồ sơ"))


def _counted(report: Report, name: str, one: One) -> str:
    """Its plain place, of the counts that newspapers rank by; "" where it told none."""
    table = report.dossiers.counted.get(name)
    if table is None or math.isnan(table.at[one.code, "place"]):
        return ""
    return f"thứ {places.counted(table.loc[one.code])}"


def _weeks(one: One) -> Any:
    values = one.report.course.sums[NEW][one.at]
    grain = "tuần" if one.report.course.grain == "week" else "tháng"
    known = values[~np.isnan(values)]
    if not len(known):
        return sparkline.line(values, f"{one.name}: tiếp nhận mỗi {grain} {NO_DATA}")
    ends = f"từ {text.number(known.min())} đến {text.number(known.max())}"
    return sparkline.line(values, f"{one.name}: tiếp nhận mỗi {grain} {ends}")


def _rates(ones: Sequence[One], report: Report) -> list[dict[str, Any]]:
    dossiers, rows = report.dossiers, []
    for code, rate in RATES.items():
        rated, ranked = dossiers.rates[code], dossiers.ranks[code]
        own = [_share(rated, one.at, places.place(ranked.loc[one.code], commune_dossiers.peers(one))) for one in ones]
        total = dossiers.total(code)
        figures = dossiers.peers[code].loc[dossiers.groups[ones[0].at]]
        middle = NO_DATA if math.isnan(figures["median"]) else f"trung vị {text.percent(figures['median'])}"
        peers = cell(middle, figure=Figure(value=100 * figures["median"], unit="% (trung vị)"))
        province = _share_of(total.part, total.whole, total.state)
        rows.append(row(code, rate.name, [*own, *beside(ones, _before(ones[0], code), peers, province)]))
    return rows


def _share(rated: rates.Rated, at: int, note: str) -> Cell:
    return _share_of(rated.part[at], rated.whole[at], rated.state[at], note)


def _share_of(part: float, whole: float, state: int, note: str = "") -> Cell:
    """Where there is no share, the words say why, and no number does."""
    figure = Figure() if state in dossier_words.STATE_WORDS else Figure(part, whole, "hồ sơ")
    return cell(dossier_words.share(part, whole, state), note=note, figure=figure)


def _before(one: One, code: str) -> Cell:
    """The same in the period before, and what was gained since; "chưa đủ kỳ" where that cannot be said."""
    dossiers = one.report.dossiers
    moved = dossiers.changes[code]
    gain = dossier_words.points(moved.difference[one.at], moved.state[one.at])
    if dossiers.before is None or moved.state[one.at] == rates.INCOMPLETE:
        return cell(gain)
    return _share(rates.rated(dossiers.before, code), one.at, f"nay {gain}")
