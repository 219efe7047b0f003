"""What the report tells of each commune, as plain JSON: levels and why, way to green, dossiers, places."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from dashboard.indicators import gaps, levels, rates
from dashboard.indicators.changes import CAUSES, Changes
from dashboard.indicators.dossiers import COUNTED, Dossiers
from dashboard.indicators.readiness import Judged
from dashboard.indicators.report import Report
from dashboard.measures import RATINGS
from dashboard.views import explain, told
from dashboard.views.plain_json import Json, number, numbers, rate, records

_RATING_NAMES = {place: word for word, place in RATINGS.items()}


def communes(report: Report) -> list[Json]:
    """One entry a commune, in the order of the screen."""
    readiness, day, dossiers = report.readiness, report.today, report.dossiers
    names = report.communes["name"].tolist()
    criteria = _criteria(readiness.judged, day, len(report.codes))
    reasons, ways = explain.reasons(readiness, day), told.way_to_green(report.gaps)
    throughput, ranks, changes = _throughput_of_each(report), _ranks(dossiers), _changes(report.week_changes)
    dimensions = {name: _names(level[:, 0]) for name, level in readiness.dimensions.items()}
    ratings, ages = report.own_rating.value[:, 0], report.own_rating.age[:, 0]
    return [
        {
            "commune_code": code,
            "name": names[at],
            "kind": report.communes["kind"].iat[at],
            "peer_group": dossiers.groups[at],
            "level": level,
            "declared_level": "unknown" if math.isnan(ratings[at]) else _RATING_NAMES[int(ratings[at])],
            "declared_level_as_of": _day(day, ages[at]),
            "dimensions": {name: of[at] for name, of in dimensions.items()},
            "criteria": criteria[at],
            "reasons": reasons[at],
            "way_to_green": [{**numbers(vars(step)), "recheck": step.recheck} for step in gaps.way(report.gaps, at)],
            "way_to_green_words": ways[at],
            "changed_in_week": changes[at],
            "throughput": throughput[at],
            "ranks": ranks[at],
        }
        for at, (code, level) in enumerate(zip(report.codes, _names(readiness.overall[:, 0]), strict=True))
    ]


def _names(level: levels.Levels) -> list[str]:
    return [levels.NAMES[one] for one in level]


def _criteria(judged: Sequence[Judged], day: date, communes: int) -> list[list[Json]]:
    """Per commune one entry a criterion: what decides, both sides apart with their days, and the thresholds."""
    if not judged:  # before the first day no criterion was in force
        return [[] for _ in range(communes)]
    return [list(row) for row in zip(*(_criterion(one, day) for one in judged), strict=True)]


def _criterion(one: Judged, day: date) -> list[Json]:
    """One entry a commune."""
    same = {"criterion": one.criterion.code, "dimension": one.criterion.dimension, "unit": one.criterion.unit}
    limits = {"green_from": one.criterion.green_from, "red_below": one.criterion.red_below}
    figures = {"value": one.value, "part": one.part, "whole": one.whole, "age_days": one.age}
    flags = {"stale": one.stale, "contradicted": one.contradicted}
    sides = {"declared": (one.declared, one.declared_age), "verified": (one.verified_value, one.verified_age)}
    ages, by_visit = one.age[:, 0].tolist(), one.verified[:, 0].tolist()
    columns: dict[str, list[Any]] = {
        "level": _names(one.level[:, 0]),
        "basis": [
            None if math.isnan(age) else "verified" if verified else "declared"
            for age, verified in zip(ages, by_visit, strict=True)
        ],
        "as_of": [_day(day, age) for age in ages],
        **{name: [number(value) for value in column[:, 0].tolist()] for name, column in figures.items()},
        **{name: column[:, 0].tolist() for name, column in flags.items()},
        **{name: _sides(value[:, 0], age[:, 0], day) for name, (value, age) in sides.items()},
    }
    rows = zip(*columns.values(), strict=True)
    return [
        {**same, **dict(zip(columns, row, strict=True)), **limits, "essential": one.criterion.essential} for row in rows
    ]


def _sides(values: levels.Numbers, ages: levels.Numbers, day: date) -> list[Json | None]:
    """One author's values with their days; None where there is none."""
    return [
        None if math.isnan(age) else {"value": number(value), "as_of": _day(day, age)}
        for value, age in zip(values.tolist(), ages.tolist(), strict=True)
    ]


def _day(day: date, age: float) -> str | None:
    return None if math.isnan(age) else (day - timedelta(days=int(age))).isoformat()


def _throughput_of_each(report: Report) -> list[Json]:
    dossiers, found = report.dossiers, report.dossiers.answer
    size = len(report.codes)
    counts = [None] * size if found is None else records(found.sums.assign(net_flow=rates.net_flow(found)))
    at_risk, backlog, took = (records(one) for one in (report.at_risk, report.backlog_age, report.durations))
    each = []
    for at in range(size):
        shares = {}
        for code, rated in dossiers.rates.items():
            change = dossiers.changes[code]
            shares[code] = {
                **rate(rated.part[at], rated.whole[at], rated.value[at], rated.state[at]),
                "change": number(change.difference[at]),
                "change_state": rates.STATES[change.state[at]],
            }
        each.append(
            {"counts": counts[at], "rates": shares, "at_risk": at_risk[at], "backlog": backlog[at], "days": took[at]}
        )
    return each


def _ranks(dossiers: Dossiers) -> list[Json]:
    """Per commune its place by every rate among its peers, and by counts in the province as newspapers print it."""
    by_rate = {code: records(table) for code, table in dossiers.ranks.items()}
    by_count = {name: records(dossiers.counted[name]) for name in COUNTED}
    return [
        {
            **{code: rows[at] for code, rows in by_rate.items()},
            "counts": {name: rows[at] for name, rows in by_count.items()},
        }
        for at in range(len(dossiers.codes))
    ]


def _changes(changes: Changes) -> list[Json | None]:
    """Per commune what its level was seven days ago and why it is another now; None where it is the same."""
    before, now = _names(changes.overall_before), _names(changes.overall_now)
    return [
        None if was == now[at] else {"from": was, "to": now[at], "cause": CAUSES[changes.overall_cause[at]]}
        for at, was in enumerate(before)
    ]
