"""What the report tells of each commune, as plain JSON: levels and why, way to green, dossiers,
places.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd

from dashboard.indicators import levels
from dashboard.indicators.readiness import gaps
from dashboard.indicators.readiness.assessment import CriterionAssessment
from dashboard.indicators.readiness.changes import CAUSES, LevelChanges
from dashboard.indicators.report import Report
from dashboard.indicators.throughput import rates
from dashboard.indicators.throughput.dossiers import RANKED_COUNTS, ProvinceDossiers
from dashboard.measures import RATINGS
from dashboard.web.api.json_values import (
    Json,
    jsonify_frame,
    jsonify_mapping,
    jsonify_number,
    jsonify_rate,
)
from dashboard.web.words import commune_panel, explain
from dashboard.web.words.dossiers import tell_unjudged

_RATING_NAMES = {rating: word for word, rating in RATINGS.items()}


def list_communes_json(report: Report) -> list[Json]:
    """One entry a commune, in the order of the screen."""
    readiness = report.readiness.assessment
    day = report.today
    dossiers = report.dossiers.of_period
    commune_names = report.communes["name"].tolist()
    criteria = _criteria_json(readiness.assessments, day, len(report.codes))
    reasons = explain.explain_levels(readiness, day)
    ways = commune_panel.list_ways_to_green(report.readiness.gaps)
    throughput = _throughput_json_of_communes(report)
    ranks = _ranks_json(dossiers)
    certificates = jsonify_frame(report.sources.certificates)
    lines = _lines_json(report)
    changes = _level_changes_json(report.readiness.week_changes)
    levels_of_dimensions = {
        name: _level_names(level[:, 0]) for name, level in readiness.dimensions.items()
    }
    ratings = report.readiness.own_rating.value[:, 0]
    ages = report.readiness.own_rating.age[:, 0]
    return [
        {
            "commune_code": code,
            "name": commune_names[position],
            "kind": report.communes["kind"].iat[position],
            "peer_group": dossiers.groups[position],
            "level": level,
            "declared_level": _name_rating(ratings[position]),
            "declared_level_as_of": _iso_day_of_age(day, ages[position]),
            "dimensions": {
                name: level_names[position] for name, level_names in levels_of_dimensions.items()
            },
            "criteria": criteria[position],
            "reasons": reasons[position],
            "way_to_green": [
                {**jsonify_mapping(vars(step)), "recheck": step.recheck}
                for step in gaps.list_gap_steps(report.readiness.gaps, position)
            ],
            "way_to_green_words": ways[position],
            "changed_in_week": changes[position],
            "throughput": throughput[position],
            "ranks": ranks[position],
            "certificates": certificates[position],
            "line": lines[position],
        }
        for position, (code, level) in enumerate(
            zip(report.codes, _level_names(readiness.overall[:, 0]), strict=True)
        )
    ]


def _name_rating(rating: float) -> str:
    return "unknown" if math.isnan(rating) else _RATING_NAMES[int(rating)]


def _name_basis(age: float, is_verified: bool) -> str | None:
    """Whose word a value is; None where nobody gave one."""
    if math.isnan(age):
        return None
    return "verified" if is_verified else "declared"


def _level_names(level: levels.Levels) -> list[str]:
    return [levels.LEVEL_NAMES[code] for code in level]


def _criteria_json(
    judged_criteria: Sequence[CriterionAssessment], day: date, commune_count: int
) -> list[list[Json]]:
    """Per commune one entry a criterion: what decides, both sides apart with their days, and the
    thresholds.
    """
    if not judged_criteria:  # before the first day no criterion was in force
        return [[] for _ in range(commune_count)]
    return [
        list(row)
        for row in zip(*(_criterion_json(judged, day) for judged in judged_criteria), strict=True)
    ]


def _criterion_json(judged: CriterionAssessment, day: date) -> list[Json]:
    """One entry a commune."""
    common = {
        "criterion": judged.criterion.code,
        "dimension": judged.criterion.dimension,
        "unit": judged.criterion.unit,
    }
    thresholds = {
        "green_from": judged.criterion.green_from,
        "red_below": judged.criterion.red_below,
    }
    figures = {
        "value": judged.value,
        "part": judged.numerator,
        "whole": judged.denominator,
        "age_days": judged.age,
    }
    flags = {"stale": judged.stale, "contradicted": judged.contradicted}
    authors = {
        "declared": (judged.declared, judged.declared_age),
        "verified": (judged.verified_value, judged.verified_age),
    }
    ages = judged.age[:, 0].tolist()
    by_visit = judged.verified[:, 0].tolist()
    columns: dict[str, list[Any]] = {
        "level": _level_names(judged.level[:, 0]),
        "basis": [_name_basis(age, verified) for age, verified in zip(ages, by_visit, strict=True)],
        "as_of": [_iso_day_of_age(day, age) for age in ages],
        **{
            name: [jsonify_number(value) for value in column[:, 0].tolist()]
            for name, column in figures.items()
        },
        **{name: column[:, 0].tolist() for name, column in flags.items()},
        **{
            name: _author_json(value[:, 0], age[:, 0], day)
            for name, (value, age) in authors.items()
        },
    }
    rows = zip(*columns.values(), strict=True)
    return [
        {
            **common,
            **dict(zip(columns, row, strict=True)),
            **thresholds,
            "essential": judged.criterion.essential,
        }
        for row in rows
    ]


def _author_json(values: levels.Numbers, ages: levels.Numbers, day: date) -> list[Json | None]:
    """One author's values with their days; None where there is none."""
    values_with_days: list[Json | None] = [None] * len(ages)
    for position, (value, age) in enumerate(zip(values.tolist(), ages.tolist(), strict=True)):
        if not math.isnan(age):
            day_told = _iso_day_of_age(day, age)
            values_with_days[position] = {"value": jsonify_number(value), "as_of": day_told}
    return values_with_days


def _iso_day_of_age(day: date, age: float) -> str | None:
    return None if math.isnan(age) else (day - timedelta(days=int(age))).isoformat()


def _throughput_json_of_communes(report: Report) -> list[Json]:
    dossiers = report.dossiers.of_period
    figures = report.dossiers.of_period.period_figures
    size = len(report.codes)
    counts: Sequence[Json | None] = [None] * size
    if figures is not None:
        counts = jsonify_frame(figures.sums.assign(net_flow=rates.compute_net_flow(figures)))
    at_risk, backlog, days_taken = (
        jsonify_frame(frame)
        for frame in (
            report.dossiers.at_risk,
            report.dossiers.backlog_age,
            report.dossiers.durations,
        )
    )
    balances = (
        [None] * size if report.dossiers.balance is None else jsonify_frame(report.dossiers.balance)
    )
    entries = []
    for position in range(size):
        rates_of_commune = {}
        for code, rated in dossiers.rates.items():
            change = dossiers.changes[code]
            rates_of_commune[code] = {
                **jsonify_rate(
                    rated.numerator[position],
                    rated.denominator[position],
                    rated.value[position],
                    rated.state[position],
                ),
                "change": jsonify_number(change.difference[position]),
                "change_state": rates.STATES[change.state[position]],
            }
        entries.append(
            {
                "counts": counts[position],
                "left_out": name_left_out(None if figures is None else figures.sums.iloc[position]),
                "balance": balances[position],
                "rates": rates_of_commune,
                "at_risk": at_risk[position],
                "backlog": backlog[position],
                "days": days_taken[position],
            }
        )
    return entries


def _lines_json(report: Report) -> list[Json]:
    """Per commune what probes measured, with the stretches without a line, newest first."""
    stretches: dict[str, list[Json]] = {code: [] for code in report.codes}
    for row in report.sources.outages.itertuples():
        stretches[row.commune_code].append(
            {
                "from": row.began_at.isoformat(),
                "to": None if pd.isna(row.ended_at) else row.ended_at.isoformat(),
            }
        )
    return [
        {**figures, "outages": stretches[code] if figures["outages"] is not None else None}
        for code, figures in zip(report.codes, jsonify_frame(report.sources.probes), strict=True)
    ]


def _ranks_json(dossiers: ProvinceDossiers) -> list[Json]:
    """Per commune its place by every rate among its peers, and by counts in the province as
    newspapers print it.
    """
    by_rate = {code: jsonify_frame(frame) for code, frame in dossiers.ranks.items()}
    by_count = {name: jsonify_frame(dossiers.count_ranks[name]) for name in RANKED_COUNTS}
    return [
        {
            **{code: ranks[position] for code, ranks in by_rate.items()},
            "counts": {name: ranks[position] for name, ranks in by_count.items()},
        }
        for position in range(len(dossiers.codes))
    ]


def _level_changes_json(changes: LevelChanges) -> list[Json | None]:
    """Per commune what its level was seven days ago and why it is another now; None where it is the
    same.
    """
    levels_before = _level_names(changes.overall_before)
    levels_now = _level_names(changes.overall_now)
    moves: list[Json | None] = [None] * len(levels_now)
    for position, (before, now) in enumerate(zip(levels_before, levels_now, strict=True)):
        if before != now:
            cause = CAUSES[changes.overall_cause[position]]
            moves[position] = {"from": before, "to": now, "cause": cause}
    return moves


def name_left_out(counts: pd.Series | None) -> dict[str, str]:
    """In words what the shares in time leave out, of a unit's counts or their totals."""
    codes = ("on_time_766", "on_time_report")
    return {code: "" if counts is None else tell_unjudged(counts, code) for code in codes}
