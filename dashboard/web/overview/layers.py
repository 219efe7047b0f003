"""The layers of the map of `/` and the columns of its table, as the state tells them: of each
commune a level, words, and what to sort by.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.criteria import ThroughputRule
from dashboard.indicators.freshness import freshness
from dashboard.indicators.levels import Numbers
from dashboard.indicators.readiness.assessment import CriterionAssessment, Readiness
from dashboard.indicators.report import Report
from dashboard.indicators.throughput import rates
from dashboard.indicators.throughput.dossiers import ProvinceDossiers
from dashboard.web.words import coverage, explain, headline
from dashboard.web.words.dossiers import list_commune_counts
from dashboard.web.words.explain import HEADLINE_DIMENSIONS, NO_DATA
from dashboard.web.words.period_names import name_dossier_period


def list_sort_values(values: Any) -> list[float | None]:
    """Numbers to sort by; null where nothing is known (such rows stay last both ways)."""
    return [
        None if value is None or math.isnan(value) else round(float(value), 4) for value in values
    ]


def make_layer(
    name: str, title: str, level: levels.Levels, words: list[str], sort_values: list[float | None]
) -> dict[str, Any]:
    counts = levels.count_levels(level)
    counts_shown = {code: counts[code] for code in explain.theme.LEVELS}
    return {
        "name": name,
        "title": title,
        "levels": explain.join_level_letters(level),
        "text": words,
        "sort": sort_values,
        "counts": counts_shown,
    }


def sum_available_and_needed(judged_criteria: list[CriterionAssessment]) -> tuple[Numbers, Numbers]:
    """What is there of what is needed, over counted things; a surplus of one kind never hides a
    lack of another.
    """
    available = np.add.reduce(
        [np.minimum(judged.numerator[:, 0], judged.denominator[:, 0]) for judged in judged_criteria]
    )
    return available, np.add.reduce([judged.denominator[:, 0] for judged in judged_criteria])


def tell_worst_shortage(judged_criteria: list[CriterionAssessment], position: int) -> str:
    """The thing that is shortest of what is needed: 31 of 32 devices may be red for want of the
    only scanner.
    """
    short = [
        judged
        for judged in judged_criteria
        if judged.level[position, 0] in (levels.RED, levels.YELLOW)
    ]
    if not short:
        return ""
    shortest = min(short, key=lambda judged: judged.value[position, 0])
    available = int(shortest.numerator[position, 0])
    needed = int(shortest.denominator[position, 0])
    return f", {shortest.criterion.short_name.lower()}\u00a0{available}/{needed}"


# The layer of silence: who tells of itself in the rhythm of each kind of source, who is late,
# silent or never told.

SILENCE_NAME: Final = "Báo cáo"


def build_silence_layer(report: Report) -> dict[str, Any]:
    """Per commune the worst over the kinds of source that are expected and come, and which kinds
    these are.
    """
    freshness_states = report.sources.freshness
    worst = coverage.find_worst_states(report.sources.freshness)
    kinds = coverage.list_reporting_kinds(freshness_states)
    names = {source_kind: rhythm.name for source_kind, rhythm in report.criteria.rhythms.items()}
    columns_of_kinds = [freshness_states.kinds.index(source_kind) for source_kind in kinds]
    words = []
    for position, state in enumerate(worst.tolist()):
        if state not in coverage.STATE_LOOKS:
            words.append(NO_DATA)
            continue
        kind_names = [
            names.get(source_kind, source_kind)
            for source_kind, column in zip(kinds, columns_of_kinds, strict=True)
            if freshness_states.state[position, column] == state
        ]
        word = coverage.STATE_LOOKS[state][1]
        words.append(word if state == freshness.FRESH else f"{word}: {', '.join(kind_names)}")
    sort_values = list_sort_values(
        np.where(worst == freshness.NOT_EXPECTED, np.nan, -worst.astype(np.float64))
    )
    looks = [coverage.STATE_LOOKS.get(state, ("never", ""))[0] for state in worst.tolist()]
    return {
        "name": SILENCE_NAME,
        "title": _silence_title(worst),
        "levels": "".join(explain.theme.SILENCE[look].letter for look in looks),
        "text": words,
        "sort": sort_values,
        "counts": {look: looks.count(look) for look in explain.theme.SILENCE},
        "looks": [
            {name: getattr(look, name) for name in ("code", "letter", "word", "sign")}
            for look in explain.theme.SILENCE.values()
        ],
    }


def _silence_title(worst: freshness.States) -> str:
    """`Báo cáo: 80/96 đơn vị đúng kỳ; 10 chậm báo cáo, 4 quá hạn báo cáo`."""
    counts = {state: int((worst == state).sum()) for state in coverage.STATE_LOOKS}
    if not sum(counts.values()):
        return f"{SILENCE_NAME}: {NO_DATA}"
    counted_states = [
        f"{counts[state]} {word.lower()}"
        for state, (_, word) in coverage.STATE_LOOKS.items()
        if counts[state]
    ]
    on_rhythm = f"{counts[freshness.FRESH]}/{worst.size} đơn vị đúng kỳ"
    late = counted_states[1:] if counts[freshness.FRESH] else counted_states
    return "; ".join(filter(None, [f"{SILENCE_NAME}: {on_rhythm}", ", ".join(late)]))


# What is told of dossiers: figures of the headline, the layer on time, the column of what
# was received.

ON_TIME_NAME = "Đúng hạn"
BROKEN_WORDS = "đang lỗi"


@dataclass(frozen=True)
class DossierState:
    """Entries of the state: headline `figures`, the layer `on_time`, the column `received`."""

    figures: list[dict[str, Any]]
    on_time: dict[str, Any]
    received: dict[str, Any]


def describe_dossier_state(dossiers: ProvinceDossiers, today: date, day: date) -> DossierState:
    """What is known of the period's dossiers on the report's day; `today` is the clock's."""
    return DossierState(
        headline.list_throughput_figures(dossiers, today, day),
        _on_time_layer(dossiers, day),
        _received_column(dossiers),
    )


def fill_broken_dossier_state(codes: Sequence[str]) -> DossierState:
    """In its place where it cannot be computed: no figure, no colour, and words that say so."""
    words = [BROKEN_WORDS] * len(codes)
    no_sort_values = list[float | None]([None] * len(codes))
    all_unknown = np.full(len(codes), levels.UNKNOWN, dtype=np.int8)
    on_time = make_layer(
        ON_TIME_NAME,
        f"{ON_TIME_NAME}: phần này đang lỗi, phần khác vẫn đúng",
        all_unknown,
        words,
        no_sort_values,
    )
    received = {"name": "Tiếp nhận", "text": words, "sort": no_sort_values}
    return DossierState(
        headline.fill_throughput_figures(BROKEN_WORDS),
        {**on_time, "words": {"unknown": "Đang lỗi"}},
        received,
    )


def _on_time_layer(dossiers: ProvinceDossiers, day: date) -> dict[str, Any]:
    rated = dossiers.rates["on_time_766"]
    level = dossiers.on_time_levels
    rule = dossiers.rule
    is_old = dossiers.period_figures is not None and headline.are_figures_old(
        dossiers.period_figures, day
    )
    received = list_commune_counts(dossiers, "received")
    columns = zip(rated.numerator, rated.denominator, received, rated.state, strict=True)
    words = [
        _on_time_words(numerator, denominator, received_count, int(state), rule)
        for numerator, denominator, received_count, state in columns
    ]
    counts = levels.count_levels(level)
    coloured_count = level.size - counts["unknown"]
    period_words = f" {name_dossier_period(dossiers)}" if dossiers.period else ""
    title = f"Đúng hạn{period_words} theo Bộ chỉ số 766: "
    if coloured_count:
        title += f"{counts['green']}/{coloured_count} đơn vị có đủ hồ sơ đạt mức Xanh"
    elif not np.isnan(received).all():
        title += f"chưa đơn vị nào đủ {rule.minimum_received} hồ sơ để xếp màu"
    else:
        title += NO_DATA
    if is_old:
        title += "; số liệu cũ"
        level = np.where(level < levels.STALE, levels.STALE, level).astype(np.int8)
    on_time_layer = make_layer(ON_TIME_NAME, title, level, words, list_sort_values(rated.value))
    # Nothing or little received is no silence: such a commune is not called one that never
    # reported.
    return {**on_time_layer, "words": {"unknown": "Không xếp màu"}}


def _on_time_words(
    numerator: float, denominator: float, received: float, state: int, rule: ThroughputRule
) -> str:
    if state == rates.NO_ACTIVITY or received == 0:
        return "không phát sinh"
    if state == rates.UNKNOWN:
        return NO_DATA
    words = text.format_share(int(numerator), of=int(denominator))
    if denominator < rule.minimum_received:
        words += ", ít hồ sơ nên không xếp màu"
    return words


def _received_column(dossiers: ProvinceDossiers) -> dict[str, Any]:
    received = list_commune_counts(dossiers, "received")
    words = [NO_DATA if math.isnan(value) else text.format_number(value) for value in received]
    name = f"Tiếp nhận {name_dossier_period(dossiers)}" if dossiers.period else "Tiếp nhận"
    return {"name": name, "text": words, "sort": list_sort_values(received)}


# Readiness: the level altogether, of each dimension, and how old it is.

LAYER_NAMES = {
    "overall": "Tổng thể",
    **HEADLINE_DIMENSIONS,
    "on_time": ON_TIME_NAME,
    "silence": SILENCE_NAME,
}


def _layer_title(level: levels.Levels, subject: str) -> str:
    """What is seen, in one sentence: `52/96 đơn vị đạt mức Xanh; 4 chưa báo cáo`."""
    counts = levels.count_levels(level)
    total = level.size
    if counts["unknown"] == total:
        return f"{subject}: {NO_DATA}"
    if counts["unknown"] + counts["stale"] == total:
        return f"{subject}: {headline.NOTHING_CURRENT} ({headline.tell_coverage(counts)})"
    rest = headline.tell_coverage(counts).replace(" · ", ", ")
    green = f"{subject}: {counts['green']}/{total} đơn vị đạt mức Xanh"
    return "; ".join(filter(None, [green, rest]))


def build_overall_layer(readiness: Readiness) -> dict[str, Any]:
    level = readiness.overall[:, 0]
    words = [explain.theme.LEVELS[levels.LEVEL_NAMES[code]].word for code in level]
    sort_values = [float(code) if code < levels.STALE else None for code in level]
    return make_layer(
        LAYER_NAMES["overall"], _layer_title(level, "Mức sẵn sàng"), level, words, sort_values
    )


def build_dimension_layer(readiness: Readiness, dimension: str, day: date) -> dict[str, Any]:
    level = readiness.dimensions[dimension][:, 0]
    judged_criteria = [
        judged for judged in readiness.assessments if judged.criterion.dimension == dimension
    ]
    if judged_criteria[0].criterion.kind == "ratio":
        words, sort_values = _count_words(judged_criteria)
    else:
        words, sort_values = _measure_words(judged_criteria)
    stale = level == levels.STALE
    ages = np.minimum.reduce([judged.age[:, 0] for judged in judged_criteria])
    for position in np.flatnonzero(stale & ~np.isnan(ages)):
        words[position] += f" (số liệu {text.format_day_of_age(day, ages[position])})"
    return make_layer(
        LAYER_NAMES[dimension],
        _layer_title(level, LAYER_NAMES[dimension]),
        level,
        words,
        sort_values,
    )


def _tell_available(available: float, needed: float) -> str:
    if np.isnan(available) or np.isnan(needed):
        return NO_DATA
    if not needed:
        return "không cần"
    return text.format_share(int(available), of=int(needed))


def _count_words(
    judged_criteria: list[CriterionAssessment],
) -> tuple[list[str], list[float | None]]:
    """Available of needed, and of what most is missing."""
    available, needed = sum_available_and_needed(judged_criteria)
    words = [
        _tell_available(available_count, needed_count)
        for available_count, needed_count in zip(available, needed, strict=True)
    ]
    if len(judged_criteria) > 1:
        words = [
            word + tell_worst_shortage(judged_criteria, position)
            for position, word in enumerate(words)
        ]
    with np.errstate(divide="ignore", invalid="ignore"):
        return words, list_sort_values(np.where(needed == 0, 1.0, available / needed))


def _measure_words(
    judged_criteria: list[CriterionAssessment],
) -> tuple[list[str], list[float | None]]:
    """Measured numbers first, then the conditions that fail: `85,5 Mbps, không thông suốt`."""
    numbers = [judged for judged in judged_criteria if judged.criterion.kind == "number"]
    flags = [judged for judged in judged_criteria if judged.criterion.kind == "flag"]
    words = []
    for position in range(len(judged_criteria[0].value)):
        parts = [explain.format_criterion_value(judged, position) for judged in numbers]
        parts += [
            f"{judged.criterion.short_name.lower()}: không"
            for judged in flags
            if judged.value[position, 0] == 0
        ]
        words.append(NO_DATA if set(parts) == {NO_DATA} else ", ".join(parts))
    return words, list_sort_values((numbers or judged_criteria)[0].value[:, 0])


def build_age_column(readiness: Readiness) -> dict[str, Any]:
    """Days since the commune last told anything (its own report or a visit)."""
    ages = np.fmin.reduce([judged.age[:, 0] for judged in readiness.assessments])
    words = [NO_DATA if math.isnan(age) else text.format_age(int(age)) for age in ages]
    return {"name": "Cập nhật", "text": words, "sort": list_sort_values(ages)}
