"""The report as plain JSON, for exports and other programs: names in code, figures unrounded, nothing known as null.

What is a number carries its state where it may be none: `known`, `no_activity` (nothing to divide by),
`unknown` (nobody told) or `incomplete` (chưa đủ kỳ).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from dashboard.indicators import gaps, levels, rates
from dashboard.indicators.answers import Answer
from dashboard.indicators.changes import CAUSES, Changes
from dashboard.indicators.dossiers import COUNTED, Dossiers
from dashboard.indicators.pace import Pace
from dashboard.indicators.readiness import Judged
from dashboard.indicators.report import Report
from dashboard.measures import RATINGS
from dashboard.views import explain, told
from dashboard.views.signal_words import signal_lines

Json = dict[str, Any]
_RATING_NAMES = {number: word for word, number in RATINGS.items()}


def report_json(report: Report) -> Json:
    """The whole report; `communes` in the order of the screen."""
    names = dict(zip(report.codes, report.communes["name"], strict=True))
    return {
        "as_of": report.today.isoformat(),
        "version": report.snapshot.version,
        "province": _province(report),
        "communes": _communes(report),
        "bottlenecks": {
            "single": _records(report.bottlenecks),
            "pair": _records(report.bottleneck_pairs),
            "only_report": list(report.reporting.codes),
            "only_report_likely": list(report.reporting.likely),
        },
        "shopping_list": _records(report.shopping_list),
        "signals": signal_lines(report.signals, names),
    }


def _province(report: Report) -> Json:
    return {
        "province_code": report.snapshot.province,
        "communes": len(report.codes),
        "levels": levels.counts(report.readiness.overall),
        "dimensions": {name: levels.counts(level) for name, level in report.readiness.dimensions.items()},
        "rules": _rules(report),
        "pace": _pace(report.pace),
        "throughput": {
            **_throughput(report.dossiers, report.durations_of_all, report.at_risk),
            "over_time": {grain: _over_time(series) for grain, series in report.over_time.items()},
        },
        "freshness": _records(report.freshness.per_kind.reset_index()),
        "completeness": _records(report.completeness.reset_index()),
        "unmatched": _records(report.unmatched),
        "jumps": _records(report.reading_jumps),
    }


def _rules(report: Report) -> Json:
    rule, criteria = report.readiness.rule, [one.criterion for one in report.readiness.judged]
    return {
        "owner": "; ".join(dict.fromkeys([rule.owner, *(criterion.owner for criterion in criteria)])),
        "valid_from": max([rule.valid_from, *(criterion.valid_from for criterion in criteria)]).isoformat(),
        "red_when": rule.red_when,
        "green_when": rule.green_when,
        "verified_expires_after_days": rule.verified_expires_after_days,
    }


def _pace(pace: Pace) -> Json:
    ends = {"expected": pace.expected, "earliest": pace.earliest, "latest": pace.latest}
    return {
        "says": pace.says,
        "green_per_week": _number(pace.per_week),
        **{name: day.isoformat() if day else None for name, day in ends.items()},
        "weeks": _records(pace.weeks),
    }


def _throughput(dossiers: Dossiers, took: pd.Series | None, at_risk: pd.DataFrame) -> Json:
    found = dossiers.answer
    return {
        "period": _period(dossiers),
        "source": _source(found),
        "counts": _counts(found),
        "rates": {code: _total(dossiers.total(code)) for code in rates.RATES},
        "rates_before": {code: _total_or_none(dossiers.total_before(code)) for code in rates.RATES},
        # Over the communes that told both periods: a bad one that falls silent improves nothing.
        "rates_gain": {code: _number(dossiers.gain(code)) for code in rates.RATES},
        "departments": _counts(dossiers.departments),
        "rates_with_departments": {code: _total(dossiers.total_of_all(code)) for code in rates.RATES},
        "peers": {
            code: {
                str(group): _record(row) for group, row in figures.assign(state=_states(figures["state"])).iterrows()
            }
            for code, figures in dossiers.peers.items()
        },
        "days_taken": None if took is None else _record(took),
        "at_risk": _record(at_risk.sum(min_count=1)),
        "reconciliation": [] if found is None else _records(found.rivals),
    }


def _over_time(series: pd.DataFrame) -> list[Json]:
    """The periods that were told, oldest first; the change is that of what was newly received."""
    told = series[series["kind"] != ""]
    return _records(told.assign(state=_states(told["state"])))


def _period(dossiers: Dossiers) -> Json | None:
    if dossiers.period is None:
        return None
    return {"from": dossiers.period.first.isoformat(), "to": dossiers.period.last.isoformat()}


def _source(found: Answer | None) -> Json | None:
    if found is None:
        return None
    return {
        "kind": found.kind,
        "grain": found.grain,
        "derived": found.derived,
        "complete": found.complete,
        "until": found.until.isoformat(),
        "communes": int(found.sums["received"].notna().sum()),
    }


def _counts(found: Answer | None) -> Json | None:
    """Sums over the units; net_flow below nought: the backlog grew."""
    if found is None:
        return None
    return {**_record(found.totals()), "net_flow": _plain(rates.net_flow(found).sum(min_count=1))}


def _total(total: rates.Total) -> Json:
    return _rate(total.part, total.whole, total.value, total.state)


def _total_or_none(total: rates.Total | None) -> Json:
    return _rate(math.nan, math.nan, math.nan, rates.INCOMPLETE) if total is None else _total(total)


def _rate(part: float, whole: float, value: float, state: int) -> Json:
    return {"part": _number(part), "whole": _number(whole), "value": _number(value), "state": rates.STATES[state]}


def _communes(report: Report) -> list[Json]:
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
            "way_to_green": [{**_numbers(vars(step)), "recheck": step.recheck} for step in gaps.way(report.gaps, at)],
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
        **{name: [_number(value) for value in column[:, 0].tolist()] for name, column in figures.items()},
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
        None if math.isnan(age) else {"value": _number(value), "as_of": _day(day, age)}
        for value, age in zip(values.tolist(), ages.tolist(), strict=True)
    ]


def _day(day: date, age: float) -> str | None:
    return None if math.isnan(age) else (day - timedelta(days=int(age))).isoformat()


def _throughput_of_each(report: Report) -> list[Json]:
    dossiers, found = report.dossiers, report.dossiers.answer
    size = len(report.codes)
    counts = [None] * size if found is None else _records(found.sums.assign(net_flow=rates.net_flow(found)))
    at_risk, backlog, took = (_records(one) for one in (report.at_risk, report.backlog_age, report.durations))
    each = []
    for at in range(size):
        shares = {}
        for code, rated in dossiers.rates.items():
            change = dossiers.changes[code]
            shares[code] = {
                **_rate(rated.part[at], rated.whole[at], rated.value[at], rated.state[at]),
                "change": _number(change.difference[at]),
                "change_state": rates.STATES[change.state[at]],
            }
        each.append(
            {"counts": counts[at], "rates": shares, "at_risk": at_risk[at], "backlog": backlog[at], "days": took[at]}
        )
    return each


def _ranks(dossiers: Dossiers) -> list[Json]:
    """Per commune its place by every rate among its peers, and by counts in the province as newspapers print it."""
    by_rate = {code: _records(table) for code, table in dossiers.ranks.items()}
    by_count = {name: _records(dossiers.counted[name]) for name in COUNTED}
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


def _states(codes: pd.Series) -> list[str]:
    return [rates.STATES[code] for code in codes]


def _records(frame: pd.DataFrame) -> list[Json]:
    """One dictionary a row of plain values."""
    columns = {str(name): _plain_column(frame[name]) for name in frame}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _plain_column(column: pd.Series) -> list[Any]:
    """As `_plain`; a country has a million figures, nearly all of them in columns of one type."""
    if column.dtype.kind == "f":
        # NaN is the only number that is not itself.
        return [None if v != v else int(v) if v.is_integer() else v for v in column.tolist()]
    if column.dtype.kind in "iub":
        return column.tolist()
    return [_plain(value) for value in column.tolist()]


def _record(row: pd.Series) -> Json:
    return {str(name): _plain(value) for name, value in row.items()}


def _numbers(values: Json) -> Json:
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    """What JSON knows: whole numbers without a point, NaN and NaT as null, days as 2025-07-13, tuples as lists."""
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (float, np.floating)):
        return _number(float(value))
    if isinstance(value, np.integer):
        return int(value)
    if value is pd.NaT:
        return None
    if isinstance(value, date):
        return value.isoformat()[:10]
    return list(value) if isinstance(value, tuple) else value


def _number(value: float) -> int | float | None:
    if math.isnan(value):
        return None
    return int(value) if float(value).is_integer() else float(value)
