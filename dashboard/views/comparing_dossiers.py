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
from dashboard.views.side_by_side import EMPTY, Cell, beside, cell, columns, peers_of, row

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
        own = [cell(text.number(found.sums.at[one.code, name]), note=_counted(report, name, one)) for one in ones]
        past = cell(dossier_words.INCOMPLETE if before is None else text.number(before.sums.at[ones[0].code, name]))
        lying = math.nan if group is None else peer_criteria.middle(found.sums[name].to_numpy()[group])
        peers = cell(NO_DATA if math.isnan(lying) else f"trung vị {text.number(lying)}")
        total = found.totals()[name]
        rows.append(row(name, words, [*own, *beside(ones, past, peers, cell(text.number(total)))]))
    trend = [cell("", drawing=_weeks(one)) for one in ones]
    rows.append(row("weeks", "Tiếp nhận 12 tháng", [*trend, *beside(ones, EMPTY, EMPTY, EMPTY)]))
    return rows


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
        own = [
            cell(
                dossier_words.share(rated.part[one.at], rated.whole[one.at], rated.state[one.at]),
                note=places.place(ranked.loc[one.code], commune_dossiers.peers(one)),
            )
            for one in ones
        ]
        total = dossiers.total(code)
        figures = dossiers.peers[code].loc[dossiers.groups[ones[0].at]]
        middle = NO_DATA if math.isnan(figures["median"]) else f"trung vị {text.percent(figures['median'])}"
        province = cell(dossier_words.share(total.part, total.whole, total.state))
        rows.append(row(code, rate.name, [*own, *beside(ones, _before(ones[0], code), cell(middle), province)]))
    return rows


def _before(one: One, code: str) -> Cell:
    """The same in the period before, and what was gained since; "chưa đủ kỳ" where that cannot be said."""
    dossiers = one.report.dossiers
    moved = dossiers.changes[code]
    gain = dossier_words.points(moved.difference[one.at], moved.state[one.at])
    if dossiers.before is None or moved.state[one.at] == rates.INCOMPLETE:
        return cell(gain)
    before = rates.rated(dossiers.before, code)
    return cell(
        dossier_words.share(before.part[one.at], before.whole[one.at], before.state[one.at]), note=f"nay {gain}"
    )
