"""One commune of a report: where it stands in the arrays, and the words that its pages share."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.criteria import Criterion
from dashboard.indicators.report import Report
from dashboard.indicators.throughput import rates
from dashboard.indicators.throughput.balance import count_undated
from dashboard.indicators.throughput.dossiers import ProvinceDossiers
from dashboard.indicators.throughput.periods import Period
from dashboard.indicators.throughput.rates import RATES
from dashboard.web import theme
from dashboard.web.words import explain, headline
from dashboard.web.words.balance import (
    list_balance_columns,
    tell_balance_check,
    tell_balance_terms,
)
from dashboard.web.words.dossiers import (
    CHANNEL_WORDS,
    DIGITISED_WORD,
    E_RESULT_WORD,
    IN_TIME_WORDS,
    INCOMPLETE,
    NO_ACTIVITY,
    OPEN_WORDS,
    OUTCOME_WORDS,
    format_dossier_share,
    format_peer_group,
    format_points,
    name_dossier_source,
    tell_balance,
    tell_period_comparison,
    tell_rate_formula,
    tell_rate_remark,
    tell_unjudged,
)
from dashboard.web.words.explain import NO_DATA
from dashboard.web.words.period_names import name_period

# The word of each level, by its number.
LEVEL_WORDS = [theme.LEVELS[name].word for name in levels.LEVEL_NAMES]


@dataclass(frozen=True)
class ReportCommune:
    """One commune of a report: its code and place in the report's arrays."""

    report: Report
    code: str

    @property
    def position(self) -> int:
        return self.report.codes.index(self.code)

    @property
    def name(self) -> str:
        return str(self.report.communes.at[self.code, "name"])

    @property
    def level(self) -> str:
        return levels.LEVEL_NAMES[self.report.readiness.assessment.overall[self.position, 0]]


def format_short_value(criterion: Criterion, value: float) -> str:
    """A value without its counts: `85,5 Mbps`, `68%`."""
    if criterion.kind == "ratio":
        return text.format_percent(value, 0)
    return f"{explain.format_amount(value)} {criterion.unit}".strip()


# A commune's place in words: among its peers by evidence, with its uncertainty, and by plain
# counts.


def tell_rank(row: Any, peers: str) -> str:
    """A row of rank_rates: `hạng 12/133 xã (khoảng 8–19)`, or why there is no place.

    The places that the 95% intervals leave open are told whenever there are several.
    """
    if row["state"] == "unknown":
        return "không xếp hạng"  # that nothing is known stands beside it
    if row["state"] != "ranked":
        return f"không xếp hạng: {explain_missing_rank(row)}"
    rank_words = f"hạng {text.format_part(row['place'], row['ranked'])} {peers}"
    first = row["place_from"]
    last = row["place_to"]
    if first == last:
        return rank_words
    return f"{rank_words} (khoảng {text.format_number(first)}–{text.format_number(last)})"


def explain_missing_rank(row: Any) -> str:
    """Why a row of ranking.rank_rates has no place."""
    if row["state"] == "too_few":
        return f"chỉ {text.format_number(row['n'])} hồ sơ"
    return {"incomplete": INCOMPLETE, "no_activity": NO_ACTIVITY, "unknown": NO_DATA}[row["state"]]


def format_count_rank(row: Any) -> str:
    """A row of ranking.rank_counts as newspapers print it: `8/135`."""
    return NO_DATA if math.isnan(row["place"]) else f"{text.format_part(row['place'], row['of'])}"


# One commune's dossiers in words: who tells of which days, rates beside the peers', flows, what
# lies on the desk.

NO_DOSSIER_LIST = "chưa có danh sách từng hồ sơ"
# Each holds the one before.
DUE_WORDS = {
    "due_today": "trong ngày {}",
    "due_within_1": "trong 1 ngày {}",
    "due_within_3": "trong 3 ngày làm việc {}",
}


def describe_commune_period(
    commune: ReportCommune, kind_words: Mapping[str, str], today: date
) -> dict[str, str]:
    """Which days the figures speak of, from which kind of source, at which grain; {} where nobody
    tells any.
    """
    dossiers = commune.report.dossiers.of_period
    period_figures = dossiers.period_figures
    if period_figures is None or dossiers.period is None:
        return {}
    name = name_period(dossiers.period)
    remark = "" if period_figures.complete else " · chưa trọn kỳ"
    return {
        "name": name,
        "until": headline.tell_reach(period_figures, today, commune.report.today),
        "source": name_dossier_source(
            period_figures, kind_words.get(period_figures.source_kind, period_figures.source_kind)
        )
        + remark,
        "compared": tell_period_comparison(dossiers),
    }


def name_commune_peers(commune: ReportCommune) -> str:
    """`xã`, `xã miền núi`: whom it is compared with."""
    return format_peer_group(
        commune.report.dossiers.of_period.groups[commune.position],
        commune.report.criteria.peer_flags,
    )


def list_commune_rates(commune: ReportCommune) -> list[dict[str, Any]]:
    """One row a rate: part of whole, change, the peers' median, and its place among them."""
    dossiers = commune.report.dossiers.of_period
    position = commune.position
    group = dossiers.groups[position]
    peer_words = name_commune_peers(commune)
    rows = []
    for code, rated in dossiers.rates.items():
        change = dossiers.changes[code]
        figures = dossiers.peers[code].loc[group]
        remark = ""
        if dossiers.period_figures is not None:
            counts = dossiers.period_figures.sums.loc[commune.code]
            remark = tell_rate_remark(dossiers.period_figures, code, counts)
        rows.append(
            {
                "code": code,
                "name": RATES[code].name,
                "level": _on_time_level(dossiers, code, position, commune.report.today),
                "value": format_dossier_share(
                    rated.numerator[position], rated.denominator[position], rated.state[position]
                ),
                "change": format_points(change.difference[position], change.state[position]),
                "median": _median_words(figures),
                "place": tell_rank(dossiers.ranks[code].loc[commune.code], peer_words),
                "formula": tell_rate_formula(dossiers.period_figures, code),
                "remark": remark,
                "source": RATES[code].source,
                "peers_counted": text.format_part(figures["told"], figures["communes"]),
            }
        )
    return rows


def _on_time_level(dossiers: ProvinceDossiers, code: str, position: int, today: date) -> str:
    """Only the share on time has thresholds of its own, none for little or nothing, and old figures
    no colour.
    """
    if code != "on_time_766" or dossiers.period_figures is None:
        return ""
    name = levels.LEVEL_NAMES[dossiers.on_time_levels[position]]
    if name not in ("green", "yellow", "red"):
        return ""
    return "stale" if headline.are_figures_old(dossiers.period_figures, today) else name


def _median_words(figures: pd.Series) -> str:
    return NO_DATA if math.isnan(figures["median"]) else text.format_percent(figures["median"])


def _count_rank_words(commune: ReportCommune, name: str) -> list[str]:
    """Its plain place in the province, as newspapers print it: `thứ 8/135`; nothing where it told
    none.
    """
    row = commune.report.dossiers.of_period.count_ranks[name].loc[commune.code]
    return [] if math.isnan(row["place"]) else [f"xếp thứ {format_count_rank(row)}"]


def list_commune_flows(commune: ReportCommune) -> list[dict[str, Any]]:
    """What came, what was done, what is open, each with its parts; what nobody told is left out of
    these.
    """
    period_figures = commune.report.dossiers.of_period.period_figures
    if period_figures is None:
        return []
    sums = period_figures.sums.loc[commune.code]
    way = period_figures.way_of_counting
    also_received = {
        "on_time_766": IN_TIME_WORDS.get(way, ""),
        "digitised": DIGITISED_WORD,
    }
    lines = [
        (
            "Tiếp nhận",
            sums["received"],
            [
                *_count_rank_words(commune, "received"),
                *_list_channels(sums),
                *(
                    f"{word} {text.format_number(sums[name])}"
                    for name, word in also_received.items()
                    if word and not math.isnan(sums[name])
                ),
            ],
        ),
        (
            "Đã giải quyết",
            sums["resolved"],
            [
                *_count_rank_words(commune, "resolved"),
                *_list_outcomes(commune, sums),
                *filter(None, [tell_unjudged(sums, "on_time_766")]),
                *_list_balance(commune),
            ],
        ),
        (
            "Đang giải quyết",
            _open_count(sums),
            _list_count_parts(sums, OPEN_WORDS, _open_count(sums)),
        ),
        ("Tạm dừng", sums["paused"], []),
    ]
    return [
        {"name": name, "count": text.format_number(value), "parts": parts}
        for name, value, parts in lines
    ]


def tell_commune_balance(commune: ReportCommune) -> dict[str, str] | None:
    """The sum that can be checked by hand: `words` of its terms, `figures` of both sides; None
    where nobody tells of the commune."""
    frame = commune.report.dossiers.balance
    if frame is None or math.isnan(frame.at[commune.code, "received_new"]):
        return None
    balance = frame.loc[commune.code]
    return {
        "words": tell_balance_terms(list_balance_columns([balance])),
        "figures": tell_balance_check(balance),
    }


def find_earlier_period(
    commune: ReportCommune, kind_words: Mapping[str, str]
) -> tuple[Period, str] | None:
    """Where the commune told nothing of the shown period: the newest of which it did, and its
    words; else None.
    """
    period_figures = commune.report.dossiers.of_period.period_figures
    if period_figures is not None and not math.isnan(
        period_figures.sums.at[commune.code, "received"]
    ):
        return None
    newest = commune.report.snapshot.province_data.counts.until(commune.report.today).newest_of(
        commune.position
    )
    if newest is None:
        return None
    source_kind, period, received = newest
    kind_word = kind_words.get(source_kind, source_kind)
    words = f"{name_period(period)}, {text.format_number(received)} hồ sơ tiếp nhận ({kind_word})"
    return period, f"Kỳ gần nhất đơn vị có số liệu: {words}"


# One line holds them all.
_CHANNEL_PARTS = {
    name: word.lower().removesuffix(" công ích") for name, word in CHANNEL_WORDS.items()
}


def _open_count(sums: pd.Series) -> float:
    """What is open as the source printed it, else its two parts."""
    if not math.isnan(sums["open"]):
        return float(sums["open"])
    return float(sums["open_in_term"] + sums["open_overdue"])


def _list_channels(sums: pd.Series) -> list[str]:
    parts = _list_count_parts(sums, _CHANNEL_PARTS, sums["received_new"])
    carried = sums["carried_over"]
    if math.isnan(carried):
        return parts
    parts.append(f"kỳ trước chuyển sang {text.format_number(carried)}")
    return [*parts, f"tiếp nhận mới {text.format_number(sums['received_new'])}"]


def _list_outcomes(commune: ReportCommune, sums: pd.Series) -> list[str]:
    parts = _list_count_parts(sums, OUTCOME_WORDS, sums["resolved"])
    if math.isnan(sums["e_result"]):
        return parts
    return [
        *parts,
        ", ".join(
            [
                f"{E_RESULT_WORD} {text.format_number(sums['e_result'])}",
                *_count_rank_words(commune, "e_result"),
            ]
        ),
    ]


def _list_count_parts(sums: pd.Series, names: Mapping[str, str], total: float) -> list[str]:
    """`trực tuyến 525/673 (78,0%)` for the first, the others by their count."""
    counts = [(word, sums[name]) for name, word in names.items() if not math.isnan(sums[name])]
    parts = [f"{word} {text.format_number(value)}" for word, value in counts]
    if counts and total > 0 and counts[0][1] <= total:
        parts[0] = f"{counts[0][0]} {text.format_share(int(counts[0][1]), of=int(total))}"
    return parts


def tell_commune_pace(commune: ReportCommune) -> str:
    """How long dossiers took: mean, and where single ones are known their median and what was done
    within five days.
    """
    period_figures = commune.report.dossiers.of_period.period_figures
    durations = commune.report.dossiers.durations.loc[commune.code]
    if durations["resolved"] > 0:
        median, mean = (
            text.format_number(durations[name], 1) for name in ("median_days", "mean_days")
        )
        within = text.format_percent(durations["within_5"], 0)
        return f"trung vị {median}, bình quân {mean} ngày làm việc; {within} xong trong 5 ngày"
    if period_figures is None:
        days = math.nan
    else:
        days = float(period_figures.sums.at[commune.code, "mean_days"])
    return NO_DATA if math.isnan(days) else f"bình quân {text.format_number(days, 1)} ngày"


def tell_dossiers_at_risk(commune: ReportCommune) -> str:
    """`Tính vào ngày 13/11/2026: 2 đã quá hạn; đến hạn, tính dồn: trong ngày 3, trong 1 ngày 5,
    trong 3 ngày làm việc 9`; or nobody told a list.
    """
    row = commune.report.dossiers.at_risk.loc[commune.code]
    if math.isnan(row["open"]):
        return NO_DOSSIER_LIST
    due = ", ".join(
        words.format(text.format_number(row[name])) for name, words in DUE_WORDS.items()
    )
    day = text.format_day(commune.report.dossiers.list_day)
    overdue = text.format_number(row["overdue"])
    return f"Tính vào ngày {day}: {overdue} đã quá hạn; đến hạn, tính dồn: {due}"


def tell_backlog_age(commune: ReportCommune) -> str:
    """How long the open dossiers have been lying."""
    if math.isnan(commune.report.dossiers.at_risk.at[commune.code, "open"]):
        return NO_DOSSIER_LIST
    row = commune.report.dossiers.backlog_age.loc[commune.code]
    if not row["open"] > 0:
        return "không có hồ sơ đang giải quyết"
    median, ninth_decile = (text.format_number(row[name]) for name in ("median_days", "p90_days"))
    oldest = text.format_day(row["oldest_received"].date())
    return f"trung vị {median}, 90% trong {ninth_decile} ngày làm việc; cũ nhất từ {oldest}"


def _list_balance(commune: ReportCommune) -> list[str]:
    """`nhiều hơn tiếp nhận 3: tồn giảm`; nothing where one of both is not told."""
    period_figures = commune.report.dossiers.of_period.period_figures
    if period_figures is None:
        return []
    difference = float(rates.compute_net_flow(period_figures)[commune.code])
    words = tell_balance(difference, count_undated(commune.report.dossiers.balance, commune.code))
    return [words] if words else []
