"""/ho-so in words: what came in, what was done, what lies, each with its whole, its source and the
period before.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard import text
from dashboard.batch import COUNTS
from dashboard.indicators.catalogue import INDICATORS
from dashboard.indicators.throughput import rates
from dashboard.indicators.throughput.count_rows import NEW
from dashboard.indicators.throughput.dossiers import ProvinceDossiers
from dashboard.indicators.throughput.rates import RATES
from dashboard.indicators.throughput.source_selection import PeriodFigures
from dashboard.indicators.throughput.weekly_history import WeeklyHistory
from dashboard.web.charts import sparkline
from dashboard.web.documents.downloads import (
    CellType,
    DownloadTable,
    TableCell,
    TableColumn,
    build_unit_columns,
    explain_indicator,
)
from dashboard.web.words import explain
from dashboard.web.words.dossiers import (
    CHANNEL_WORDS,
    COUNT_WORDS,
    DIGITISED_WORD,
    E_RESULT_WORD,
    GRAIN_NAMES,
    GRAIN_WORDS,
    IN_TIME_WORDS,
    INCOMPLETE,
    OPEN_WORDS,
    OUTCOME_WORDS,
    count_without_due,
    format_count_change,
    format_dossier_share,
    format_points,
    format_rate,
    list_commune_counts,
    tell_balance,
    tell_rate_formula,
    tell_rate_remark,
)
from dashboard.web.words.explain import NO_DATA
from dashboard.web.words.headline import tell_part_of_communes


def describe_flow(dossiers: ProvinceDossiers, undated: float = 0.0) -> list[dict[str, Any]]:
    """Received, resolved, open, paused of the communes: each a count, its change, how it divides
    (word, count, share, code), and in `also` what else a formula counts of it. `undated`: how many
    are done on no known day.
    """
    figures = dossiers.period_figures
    assert figures is not None
    totals = figures.totals()
    gains = dossiers.gains()
    newly_received = totals[NEW]
    notes = {
        "received": _note_carried_over(totals),
        "resolved": tell_balance(totals["resolved"] - newly_received, undated),
        "open": f"cuối ngày {text.format_day(figures.until)}",
        "paused": "chờ bổ sung, nghĩa vụ tài chính hoặc dừng; tính riêng",
    }
    part_words = {
        "received": {**CHANNEL_WORDS},
        "resolved": OUTCOME_WORDS,
        "open": OPEN_WORDS,
        "paused": {},
    }
    also_received = {"digitised": DIGITISED_WORD}
    if figures.way_of_counting in IN_TIME_WORDS:
        also_received = {"on_time_766": IN_TIME_WORDS[figures.way_of_counting], **also_received}
    also_words = {"received": also_received, "resolved": {"e_result": E_RESULT_WORD}}
    denominators = {"received": newly_received, "resolved": totals["resolved"]}
    labels = {**COUNT_WORDS, "paused": "Tạm dừng"}
    return [
        {
            "label": labels[name],
            "code": name,
            "value": text.format_number(totals[name]),
            "known": not math.isnan(totals[name]),
            "change": format_count_change(gains[name]),
            "note": note,
            "parts": _divide_total(totals, part_words[name], denominators.get(name, totals[name])),
            "also": _divide_total(totals, also_words.get(name, {}), denominators.get(name, 0.0)),
        }
        for name, note in notes.items()
    ]


def _note_carried_over(totals: pd.Series) -> str:
    """`gồm 4.157 kỳ trước chuyển sang và 67.109 tiếp nhận mới`, where a report counts both as
    received; a source of days tells them apart."""
    carried = totals["carried_over"]
    if not carried > 0 or totals[NEW] + carried != totals["received"]:
        return ""
    return (
        f"gồm {text.format_number(carried)} kỳ trước chuyển sang "
        f"và {text.format_number(totals[NEW])} tiếp nhận mới"
    )


def _divide_total(
    totals: pd.Series, part_names: dict[str, str], denominator: float
) -> list[dict[str, Any]]:
    """Only of what was told; nothing where the whole is nought or unknown."""
    if not denominator > 0:
        return []
    counts = [
        (code, word, totals[code])
        for code, word in part_names.items()
        if not math.isnan(totals[code])
    ]
    return [
        {
            "code": code,
            "word": word,
            "count": text.format_number(count),
            "percent": text.format_percent(count / denominator),
            "share": min(count / denominator, 1.0),
        }
        for code, word, count in counts
    ]


def tell_rates_title(dossiers: ProvinceDossiers) -> str:
    """`Cấp xã đúng hạn 89,5% theo Bộ chỉ số 766, 89,4% theo biểu II.06a`: both definitions, each by
    its name.
    """
    definitions = {"on_time_766": "Bộ chỉ số 766", "on_time_report": "biểu II.06a"}
    totals = [(dossiers.total(code), word) for code, word in definitions.items()]
    return f"{tell_commune_area(dossiers)} đúng hạn " + ", ".join(
        f"{format_rate(total.value, total.state)} theo {word}" for total, word in totals
    )


def tell_commune_area(dossiers: ProvinceDossiers) -> str:
    """Of whom the communes' figures are: `Cấp xã`, or `20/96 đơn vị` where only some tell any."""
    return tell_part_of_communes(dossiers.communes_told, len(dossiers.codes)) or "Cấp xã"


def list_rate_rows(dossiers: ProvinceDossiers) -> list[dict[str, str]]:
    """Every rate with its formula: part, whole and share, its change, and the middle half of the
    communes.
    """
    rows = []
    for code, rate in RATES.items():
        total = dossiers.total(code)
        change = dossiers.gain(code)
        shares_of_communes = dossiers.rates[code].value[~np.isnan(dossiers.rates[code].value)]
        middle = "–"
        if len(shares_of_communes):
            low, high = np.quantile(shares_of_communes, [0.25, 0.75])
            middle = f"{text.format_percent(low)} – {text.format_percent(high)}"
        rows.append(
            {
                "code": code,
                "name": rate.name,
                "formula": tell_rate_formula(dossiers.period_figures, code),
                "remark": _tell_rate_remark(dossiers, code),
                "source": rate.source,
                "share": format_dossier_share(total.numerator, total.denominator, total.state),
                "change": _tell_change(total.state, change),
                "middle": middle,
            }
        )
    return rows


def _tell_rate_remark(dossiers: ProvinceDossiers, code: str) -> str:
    """Of which dossiers the rate speaks, and of how many where some tell only one half of it."""
    figures = dossiers.period_figures
    remarks = [tell_rate_remark(figures, code)]
    denominator_column = {"on_time_766": "received", "on_time_report": "resolved"} | {
        "online": NEW,
        "digitised": NEW,
        "e_result": "resolved",
    }
    denominator = dossiers.total(code).denominator
    if figures is not None and code in denominator_column and not math.isnan(denominator):
        totals = figures.totals()
        printed = totals[denominator_column[code]]
        if code in ("on_time_766", "on_time_report"):
            printed -= np.nan_to_num(count_without_due(totals, code))
        if code == "on_time_766":
            printed -= np.nan_to_num(totals["no_finish_day"])
        if denominator != printed:
            remarks.append(f"chỉ tính {text.format_number(denominator)} hồ sơ có đủ cả hai số")
    return "; ".join(remark for remark in remarks if remark)


def _tell_change(state: int, change: float) -> str:
    if state == rates.UNKNOWN:
        return "–"
    if state == rates.KNOWN and math.isnan(change):
        state = rates.INCOMPLETE
    return format_points(change, state)


def compare_alternative_sources(
    figures: PeriodFigures, kind_names: dict[str, str]
) -> list[dict[str, str]]:
    """What the other complete sources say of the same days, and how far they are from the one that
    answers.
    """
    return [
        {
            "source": (
                f"{kind_names.get(source['kind'], source['kind'])}, {GRAIN_WORDS[source['grain']]}"
            ),
            "units": text.format_number(source["units"]),
            "received": text.format_number(source["received"]),
            "common": text.format_number(source["common"]),
            "difference": _format_difference(source["difference"]),
        }
        for source in figures.alternative_sources.to_dict("records")
    ]


def _format_difference(value: float) -> str:
    if math.isnan(value):
        return NO_DATA
    if not value:
        return "khớp"
    return f"{'+' if value > 0 else '−'}{text.format_number(abs(value))}"


# /ho-so by commune: ranked bars of one figure, or every commune's weeks side by side.

# What the communes can be ordered by.
ORDERING_FIGURES = {
    name: COUNT_WORDS[name] for name in ("received", "resolved", "open", "open_overdue")
} | {
    code: RATES[code].name
    for code in ("on_time_766", "on_time_report", "online", "digitised", "e_result")
}
FiguresOfCommunes = npt.NDArray[np.float64]


def select_commune_figures(dossiers: ProvinceDossiers, figure_code: str) -> FiguresOfCommunes:
    """One of ORDERING_FIGURES per commune: a count, or a share (0 to 1); NaN where it has none."""
    if figure_code in RATES:
        return dossiers.rates[figure_code].value
    return list_commune_counts(dossiers, figure_code)


def order_communes(figures: FiguresOfCommunes) -> list[int]:
    """Places of the communes, most first; those without a value last, in the screen's order."""
    return [
        int(position)
        for position in np.argsort(-np.nan_to_num(figures, nan=-np.inf), kind="stable")
    ]


def list_commune_bars(
    dossiers: ProvinceDossiers, names: list[str], figure_code: str
) -> list[dict[str, Any]]:
    """One row a commune, most first: its figure in words and its bar, 0 to 1; `known` is False
    where it has none.
    """
    figures = select_commune_figures(dossiers, figure_code)
    maximum = 1.0 if figure_code in RATES else float(np.nanmax(figures, initial=0.0))
    rows = []
    for position in order_communes(figures):
        is_reported = not math.isnan(figures[position])
        rows.append(
            {
                "code": dossiers.codes[position],
                "name": names[position],
                "bar": float(figures[position]) / maximum if is_reported and maximum > 0 else 0.0,
                "words": _figure_words(dossiers, figure_code, position, float(figures[position])),
                "known": is_reported,
            }
        )
    return rows


def _figure_words(dossiers: ProvinceDossiers, figure_code: str, position: int, value: float) -> str:
    if figure_code not in RATES:
        return text.format_number(value)
    rated = dossiers.rates[figure_code]
    return format_dossier_share(
        rated.numerator[position], rated.denominator[position], int(rated.state[position])
    )


def list_commune_trends(
    history: WeeklyHistory, codes: tuple[str, ...], names: list[str], positions: list[int]
) -> list[dict[str, Any]]:
    """Every commune's whole weeks (or months) of newly received dossiers as a line from 0, the last
    one in figures.

    `known` is False where there are not two of them, which make no line; `words` says why.
    """
    received = history.sums[NEW][:, history.complete]
    grain_name = GRAIN_NAMES[history.grain]
    rows = []
    for position in positions:
        reported = received[position][~np.isnan(received[position])]
        if len(reported) and not math.isnan(received[position][-1]):
            last = text.format_number(received[position][-1])
        else:
            last = explain.NO_DATA
        span = explain.NO_DATA
        if len(reported):
            low = text.format_number(reported.min())
            span = f"từ {low} đến {text.format_number(reported.max())} một {grain_name}"
        description = f"{names[position]}: {span}, {grain_name} đủ gần nhất {last}"
        rows.append(
            {
                "code": codes[position],
                "name": names[position],
                "line": sparkline.draw_sparkline(received[position], description, limit=0.0),
                "last": last,
                "words": INCOMPLETE if len(reported) == 1 else explain.NO_DATA,
                "known": len(reported) > 1,
            }
        )
    return rows


def tabulate_commune_counts(
    dossiers: ProvinceDossiers, names: list[str], source: str
) -> DownloadTable:
    """Every count of every commune, and every rate behind its two halves, to take along."""
    figures = dossiers.period_figures
    columns = list(build_unit_columns())
    cells: list[list[TableCell]] = [list(dossiers.codes), [*names]]
    for name in COUNTS:
        if figures is not None and figures.sums[name].notna().any():
            meaning = explain_indicator(name) if name in INDICATORS else COUNT_HEADS[name]
            columns.append(TableColumn(COUNT_HEADS[name], meaning, CellType.NUMBER))
            cells.append(figures.sums[name].tolist())
    for code, rate in RATES.items():
        rated = dossiers.rates[code]
        meaning = explain_indicator(code)
        columns += (
            TableColumn(f"{rate.name}: phần", f"Phần của tỷ lệ. {meaning}", CellType.NUMBER),
            TableColumn(f"{rate.name}: toàn thể", f"Toàn thể. {meaning}", CellType.NUMBER),
            TableColumn(f"{rate.name}: tỷ lệ (%)", meaning, CellType.SHARE),
        )
        cells += (rated.numerator.tolist(), rated.denominator.tolist(), rated.value.tolist())
    rows = [list(row) for row in zip(*cells, strict=True)]
    return DownloadTable(columns, rows, "Hồ sơ theo đơn vị", source)


COUNT_HEADS = {
    **COUNT_WORDS,
    **CHANNEL_WORDS,
    "carried_over": "Kỳ trước chuyển sang",
    "resolved_early": "Giải quyết trước hạn",
    "resolved_on_time": "Giải quyết đúng hạn",
    "resolved_late": "Giải quyết quá hạn",
    "open_in_term": "Đang giải quyết trong hạn",
    "paused": "Tạm dừng",
    "digitised": "Số hóa khi tiếp nhận",
    "on_time_766": "Đúng hạn theo Bộ chỉ số 766",
    "no_due_day": "Không có ngày hẹn trả",
    "no_finish_day": "Đã giải quyết, không có ngày trả",
}


def choose_shade(value: float, maximum: float, darkest: int = 5) -> int:
    """How dark a value is drawn, 0 (nought or unknown) to `darkest` (`maximum`)."""
    if math.isnan(value) or value <= 0 or not maximum > 0:
        return 0
    return min(darkest, math.ceil(value / maximum * darkest))
