"""Dossiers of communes side by side: counts, twelve months, every rate with its place."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from dashboard import text
from dashboard.indicators.readiness import peer_criteria
from dashboard.indicators.report import Report
from dashboard.indicators.throughput import rates
from dashboard.indicators.throughput.count_rows import NEW
from dashboard.indicators.throughput.rates import RATES
from dashboard.web.charts import sparkline
from dashboard.web.compare.cells import (
    EMPTY_CELL,
    CellFigure,
    ComparisonCell,
    arrange_comparators,
    find_common_peers,
    list_comparator_heads,
    make_comparison_cell,
    make_comparison_row,
)
from dashboard.web.words import headline
from dashboard.web.words.commune import (
    ReportCommune,
    format_count_rank,
    name_commune_peers,
    tell_rank,
)
from dashboard.web.words.dossiers import (
    COUNT_WORDS,
    GRAIN_NAMES,
    INCOMPLETE,
    STATE_WORDS,
    format_dossier_share,
    format_points,
)
from dashboard.web.words.explain import NO_DATA
from dashboard.web.words.period_names import name_period

_COUNTS_COMPARED = ("received", "resolved", "open", "open_overdue")


def describe_dossier_section(communes: Sequence[ReportCommune], today: date) -> dict[str, Any]:
    """The rows of dossiers under the name of their period and how far they reach; `today` is the
    clock's day.
    """
    report = communes[0].report
    return {
        "title": name_dossier_section(report, today),
        "rows": [*_count_rows(communes, report), *_rate_rows(communes, report)],
    }


def name_dossier_section(report: Report, today: date) -> str:
    """`Hồ sơ tháng 11/2026 (đến 21/11)`: the period and how far its figures reach."""
    period = report.dossiers.of_period.period
    period_figures = report.dossiers.of_period.period_figures
    title = "Hồ sơ" if period is None else f"Hồ sơ {name_period(period)}"
    if period_figures is None:
        return title
    return f"{title} {headline.tell_reach(period_figures, today, report.today)}"


def _count_rows(communes: Sequence[ReportCommune], report: Report) -> list[dict[str, Any]]:
    period_figures = report.dossiers.of_period.period_figures
    group = find_common_peers(communes)
    if period_figures is None:
        no_data_cells = [
            make_comparison_cell(NO_DATA) for _ in [*communes, *list_comparator_heads(communes)]
        ]
        return [make_comparison_row("received", "Tiếp nhận", no_data_cells)]
    if report.dossiers.of_period.totals_before() is None:
        before = None
    else:
        before = report.dossiers.of_period.before
    rows = []
    for name in _COUNTS_COMPARED:
        own = [
            _count_cell(
                period_figures.sums.at[commune.code, name], _count_rank(report, name, commune)
            )
            for commune in communes
        ]
        if before is None:
            cell_before = make_comparison_cell(INCOMPLETE)
        else:
            cell_before = _count_cell(before.sums.at[communes[0].code, name])
        if group is None:
            median = math.nan
        else:
            median = peer_criteria.find_middle_value(period_figures.sums[name].to_numpy()[group])
        middle = CellFigure(value=median, unit="hồ sơ (trung vị)")
        peers = make_comparison_cell(
            NO_DATA if math.isnan(median) else f"trung vị {text.format_number(median)}",
            figure=middle,
        )
        rows.append(
            make_comparison_row(
                name,
                COUNT_WORDS[name],
                [
                    *own,
                    *arrange_comparators(
                        communes, cell_before, peers, _count_cell(period_figures.totals()[name])
                    ),
                ],
            )
        )
    trend = [make_comparison_cell("", drawing=_draw_weeks(commune)) for commune in communes]
    rows.append(
        make_comparison_row(
            "weeks",
            "Tiếp nhận 12 tháng",
            [*trend, *arrange_comparators(communes, EMPTY_CELL, EMPTY_CELL, EMPTY_CELL)],
        )
    )
    return rows


def _count_cell(value: float, note: str = "") -> ComparisonCell:
    return make_comparison_cell(
        text.format_number(value), note=note, figure=CellFigure(value=value, unit="hồ sơ")
    )


def _count_rank(report: Report, name: str, commune: ReportCommune) -> str:
    """Its plain place, of the counts that newspapers rank by; "" where it told none."""
    table = report.dossiers.of_period.count_ranks.get(name)
    if table is None or math.isnan(table.at[commune.code, "place"]):
        return ""
    return f"xếp thứ {format_count_rank(table.loc[commune.code])}"


def _draw_weeks(commune: ReportCommune) -> Any:
    values = commune.report.dossiers.weekly_history.sums[NEW][commune.position]
    grain = GRAIN_NAMES[commune.report.dossiers.weekly_history.grain]
    numbers = values[~np.isnan(values)]
    if not len(numbers):
        return sparkline.draw_sparkline(values, f"{commune.name}: tiếp nhận mỗi {grain} {NO_DATA}")
    ends = f"từ {text.format_number(numbers.min())} đến {text.format_number(numbers.max())}"
    return sparkline.draw_sparkline(values, f"{commune.name}: tiếp nhận mỗi {grain} {ends}")


def _rate_rows(communes: Sequence[ReportCommune], report: Report) -> list[dict[str, Any]]:
    dossiers = report.dossiers.of_period
    rows = []
    for code, rate in RATES.items():
        rated = dossiers.rates[code]
        ranked = dossiers.ranks[code]
        own = [
            _rate_cell(
                rated,
                commune.position,
                tell_rank(ranked.loc[commune.code], name_commune_peers(commune)),
            )
            for commune in communes
        ]
        total = dossiers.total(code)
        figures = dossiers.peers[code].loc[dossiers.groups[communes[0].position]]
        if math.isnan(figures["median"]):
            middle = NO_DATA
        else:
            middle = f"trung vị {text.format_percent(figures['median'])}"
        peers = make_comparison_cell(
            middle, figure=CellFigure(value=100 * figures["median"], unit="% (trung vị)")
        )
        province = _share_cell(total.numerator, total.denominator, total.state)
        rows.append(
            make_comparison_row(
                code,
                rate.name,
                [
                    *own,
                    *arrange_comparators(
                        communes, _cell_before(communes[0], code), peers, province
                    ),
                ],
            )
        )
    return rows


def _rate_cell(rated: rates.RateFigures, position: int, note: str) -> ComparisonCell:
    return _share_cell(
        rated.numerator[position], rated.denominator[position], rated.state[position], note
    )


def _share_cell(numerator: float, denominator: float, state: int, note: str = "") -> ComparisonCell:
    """Where there is no share, the words say why, and no number does."""
    figure = CellFigure() if state in STATE_WORDS else CellFigure(numerator, denominator, "hồ sơ")
    return make_comparison_cell(
        format_dossier_share(numerator, denominator, state), note=note, figure=figure
    )


def _cell_before(commune: ReportCommune, code: str) -> ComparisonCell:
    """The same in the period before, and what was gained since; "chưa đủ kỳ" where that cannot be
    said.
    """
    dossiers = commune.report.dossiers.of_period
    change = dossiers.changes[code]
    gain = format_points(change.difference[commune.position], change.state[commune.position])
    if dossiers.before is None or change.state[commune.position] == rates.INCOMPLETE:
        return make_comparison_cell(gain)
    return _rate_cell(rates.compute_rate(dossiers.before, code), commune.position, f"nay {gain}")
