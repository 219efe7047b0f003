"""GET /api/report: the whole report of a province and day as JSON, for other programs; the pages
say the same.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from flask import Flask, Response

from dashboard.data_version import DataVersion
from dashboard.indicators import levels
from dashboard.indicators.readiness import gaps
from dashboard.indicators.readiness.assessment import CriterionAssessment
from dashboard.indicators.readiness.changes import CAUSES, LevelChanges
from dashboard.indicators.readiness.pace import Pace
from dashboard.indicators.report import Report
from dashboard.indicators.throughput import rates
from dashboard.indicators.throughput.balance import sum_balances
from dashboard.indicators.throughput.dossiers import RANKED_COUNTS, ProvinceDossiers
from dashboard.indicators.throughput.source_selection import PeriodFigures
from dashboard.measures import RATINGS
from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.web.api.field import (
    build_feedback_json,
    list_follow_ups_json,
    list_plans_json,
    list_resources_json,
    list_support_requests_json,
    list_weak_spans_json,
)
from dashboard.web.documents import http_caching
from dashboard.web.documents.document import read_page_view
from dashboard.web.static_files import compute_build_stamp
from dashboard.web.words import commune_panel, explain
from dashboard.web.words.dossiers import tell_unjudged
from dashboard.web.words.signals import list_signal_lines

# Figures and frames as JSON knows them: nothing known as null, whole numbers without a point, days
# as 2025-07-13.

Json = dict[str, Any]


def jsonify_frame(frame: pd.DataFrame) -> list[Json]:
    """One dictionary a row of plain values."""
    columns = {str(name): _jsonify_column(frame[name]) for name in frame}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _jsonify_column(column: pd.Series) -> list[Any]:
    """As `jsonify_value`; a country has a million figures, nearly all of them in columns of one
    type.
    """
    if column.dtype.kind == "f":
        # NaN is the only number that is not itself.
        return [
            None if figure != figure else int(figure) if figure.is_integer() else figure
            for figure in column.tolist()
        ]
    if column.dtype.kind in "iub":
        return column.tolist()
    return [jsonify_value(value) for value in column.tolist()]


def jsonify_row(row: pd.Series) -> Json:
    """One row, or one set of totals."""
    return {str(name): jsonify_value(value) for name, value in row.items()}


def jsonify_mapping(values: Json) -> Json:
    """The values of a dictionary, plain."""
    return {name: jsonify_value(value) for name, value in values.items()}


def jsonify_value(value: Any) -> Any:
    """What JSON knows: whole numbers without a point, NaN and NaT as null, days as 2025-07-13,
    tuples as lists.
    """
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (float, np.floating)):
        return jsonify_number(float(value))
    if isinstance(value, np.integer):
        return int(value)
    if value is pd.NaT:
        return None
    if isinstance(value, date):
        return value.isoformat()[:10]
    return list(value) if isinstance(value, tuple) else value


def jsonify_number(value: float) -> int | float | None:
    """A figure; NaN, which nobody told, is None."""
    if math.isnan(value):
        return None
    return int(value) if float(value).is_integer() else float(value)


def jsonify_rate(numerator: float, denominator: float, value: float, state: int) -> Json:
    """Part, whole and share of a rate with the name of its state (rates.STATES)."""
    return {
        "part": jsonify_number(numerator),
        "whole": jsonify_number(denominator),
        "value": jsonify_number(value),
        "state": rates.STATES[state],
    }


# What the report tells of each commune, as plain JSON: levels and why, way to green, dossiers,
# places.

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
            "declared_level": "unknown"
            if math.isnan(ratings[position])
            else _RATING_NAMES[int(ratings[position])],
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
        "basis": [
            None if math.isnan(age) else "verified" if verified else "declared"
            for age, verified in zip(ages, by_visit, strict=True)
        ],
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
    return [
        None
        if math.isnan(age)
        else {"value": jsonify_number(value), "as_of": _iso_day_of_age(day, age)}
        for value, age in zip(values.tolist(), ages.tolist(), strict=True)
    ]


def _iso_day_of_age(day: date, age: float) -> str | None:
    return None if math.isnan(age) else (day - timedelta(days=int(age))).isoformat()


def _throughput_json_of_communes(report: Report) -> list[Json]:
    dossiers = report.dossiers.of_period
    figures = report.dossiers.of_period.period_figures
    size = len(report.codes)
    counts = (
        [None] * size
        if figures is None
        else jsonify_frame(figures.sums.assign(net_flow=rates.compute_net_flow(figures)))
    )
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
                "left_out": _left_out_json(
                    None if figures is None else figures.sums.iloc[position]
                ),
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
    return [
        None
        if level_before == levels_now[position]
        else {
            "from": level_before,
            "to": levels_now[position],
            "cause": CAUSES[changes.overall_cause[position]],
        }
        for position, level_before in enumerate(levels_before)
    ]


# The report as plain JSON, for exports and other programs: names in code, figures unrounded,
# nothing known as null.
#
# What is a number carries its state where it may be none: `known`, `no_activity` (nothing to
# divide by), `unknown` (nobody told) or `incomplete` (chưa đủ kỳ).


def build_report_json(
    report: Report, listed_dossiers: Mapping[str, pd.DataFrame] | None = None
) -> Json:
    """The whole report; `communes` in the order of the screen. `listed_dossiers`: what lists of
    single dossiers tell beyond counts (`fetch_whole_report_json`).
    """
    names = dict(zip(report.codes, report.communes["name"], strict=True))
    return {
        "as_of": report.today.isoformat(),
        "version": report.snapshot.version.number,
        "token": report.snapshot.version.token,
        "province": _province_json(report),
        "communes": list_communes_json(report),
        "bottlenecks": {
            "single": jsonify_frame(report.readiness.bottlenecks),
            "pair": jsonify_frame(report.readiness.bottleneck_pairs),
            "only_report": list(report.readiness.reporting.codes),
            "only_report_likely": list(report.readiness.reporting.likely),
        },
        "shopping_list": jsonify_frame(report.readiness.province_needs),
        "signals": list_signal_lines(report.signals, names),
        "follow_ups": list_follow_ups_json(report),
        "support_requests": list_support_requests_json(report),
        "resources": list_resources_json(report),
        "feedback": build_feedback_json(report),
        "listed_dossiers": {
            name: jsonify_frame(frame) for name, frame in (listed_dossiers or {}).items()
        },
    }


def _province_json(report: Report) -> Json:
    return {
        "province_code": report.snapshot.province,
        "communes": len(report.codes),
        "levels": levels.count_levels(report.readiness.assessment.overall),
        "dimensions": {
            name: levels.count_levels(level)
            for name, level in report.readiness.assessment.dimensions.items()
        },
        "rules": build_rules_json(report),
        "pace": _pace_json(report.readiness.pace),
        "throughput": {
            **build_throughput_json(
                report.dossiers.of_period, report.dossiers.durations_of_all, report.dossiers.at_risk
            ),
            **_balances_json(report),
            "over_time": {
                grain: _series_json(series) for grain, series in report.dossiers.over_time.items()
            },
        },
        "freshness": jsonify_frame(report.sources.freshness.per_kind.reset_index()),
        "completeness": jsonify_frame(report.sources.completeness.reset_index()),
        "unmatched": jsonify_frame(report.sources.unmatched),
        "jumps": jsonify_frame(report.sources.reading_jumps),
    }


def build_rules_json(report: Report) -> Json:
    """By which rule levels are given on the day, and who answers for it."""
    rule = report.readiness.assessment.rule
    criteria = [judged.criterion for judged in report.readiness.assessment.assessments]
    return {
        "owner": "; ".join(
            dict.fromkeys([rule.owner, *(criterion.owner for criterion in criteria)])
        ),
        "valid_from": max(
            [rule.valid_from, *(criterion.valid_from for criterion in criteria)]
        ).isoformat(),
        "red_when": rule.red_when,
        "green_when": rule.green_when,
        "verified_expires_after_days": rule.verified_expires_after_days,
    }


def _pace_json(pace: Pace) -> Json:
    forecast_days = {"expected": pace.expected, "earliest": pace.earliest, "latest": pace.latest}
    return {
        "says": pace.says,
        "green_per_week": jsonify_number(pace.per_week),
        **{name: day.isoformat() if day else None for name, day in forecast_days.items()},
        "weeks": jsonify_frame(pace.weeks),
    }


def build_throughput_json(
    dossiers: ProvinceDossiers, days_taken: pd.Series | None, at_risk: pd.DataFrame
) -> Json:
    """What is said of all dossiers of the period; `days_taken`, `at_risk` of the report."""
    period_figures = dossiers.period_figures
    return {
        "period": _period_json(dossiers),
        "source": _source_json(period_figures),
        "counts": _counts_json(period_figures),
        "rates": {code: _total_json(dossiers.total(code)) for code in rates.RATES},
        "left_out": _left_out_json(None if period_figures is None else period_figures.totals()),
        "rates_before": {
            code: _total_json_or_incomplete(dossiers.total_before(code)) for code in rates.RATES
        },
        # Over the communes that told both periods: a bad one that falls silent improves nothing.
        "rates_gain": {code: jsonify_number(dossiers.gain(code)) for code in rates.RATES},
        "departments": _counts_json(dossiers.departments),
        "rates_with_departments": {
            code: _total_json(dossiers.total_of_all(code)) for code in rates.RATES
        },
        "peers": {
            code: {
                str(group): jsonify_row(row)
                for group, row in rates_of_group.assign(
                    state=_state_names(rates_of_group["state"])
                ).iterrows()
            }
            for code, rates_of_group in dossiers.peers.items()
        },
        "days_taken": None if days_taken is None else jsonify_row(days_taken),
        "at_risk": jsonify_row(at_risk.sum(min_count=1)),
        "reconciliation": []
        if period_figures is None
        else jsonify_frame(period_figures.alternative_sources),
    }


def _series_json(series: pd.DataFrame) -> list[Json]:
    """The periods that were told, oldest first; the change is that of what was newly received."""
    reported = series[series["kind"] != ""]
    return jsonify_frame(reported.assign(state=_state_names(reported["state"])))


def _balances_json(report: Report) -> Json:
    """What came in against what went out, of the communes and of the departments, and the day of
    which open dossiers are told."""
    balances = {
        "balance": report.dossiers.balance,
        "departments_balance": report.dossiers.department_balance,
    }
    return {
        "at_risk_on": report.dossiers.list_day.isoformat(),
        **{
            name: None if frame is None else jsonify_row(sum_balances(frame))
            for name, frame in balances.items()
        },
    }


def _period_json(dossiers: ProvinceDossiers) -> Json | None:
    if dossiers.period is None:
        return None
    return {"from": dossiers.period.first.isoformat(), "to": dossiers.period.last.isoformat()}


def _source_json(figures: PeriodFigures | None) -> Json | None:
    if figures is None:
        return None
    return {
        "kind": figures.source_kind,
        "grain": figures.grain,
        "derived": figures.derived,
        "complete": figures.complete,
        "until": figures.until.isoformat(),
        "received_until": figures.reception_until.isoformat(),
        "counts_by": figures.way_of_counting,
        "communes": int(figures.sums["received"].notna().sum()),
    }


def _counts_json(figures: PeriodFigures | None) -> Json | None:
    """Sums over the units; net_flow below nought: the backlog grew."""
    if figures is None:
        return None
    return {
        **jsonify_row(figures.totals()),
        "net_flow": jsonify_value(rates.compute_net_flow(figures).sum(min_count=1)),
    }


def _left_out_json(counts: pd.Series | None) -> dict[str, str]:
    """In words what the shares in time leave out, of a unit's counts or their totals."""
    codes = ("on_time_766", "on_time_report")
    return {code: "" if counts is None else tell_unjudged(counts, code) for code in codes}


def _total_json(total: rates.PooledRate) -> Json:
    return jsonify_rate(total.numerator, total.denominator, total.value, total.state)


def _total_json_or_incomplete(total: rates.PooledRate | None) -> Json:
    return (
        jsonify_rate(math.nan, math.nan, math.nan, rates.INCOMPLETE)
        if total is None
        else _total_json(total)
    )


def _state_names(codes: pd.Series) -> list[str]:
    return [rates.STATES[code] for code in codes]


def fetch_whole_report_json(reports: Reports, report: Report, version: DataVersion) -> Json:
    """The report with what only lists of single dossiers tell: procedures, their fields, and who
    accepted for whom; and with the plans of the field.
    """
    snapshot = report.snapshot
    period = snapshot.period
    listed_dossiers = {}
    if period is not None:
        where = (snapshot.province, period, report.today, version)
        listed_dossiers = {
            "procedures": reports.procedures(*where),
            "fields": reports.fields(*where),
            "handovers": reports.handovers(*where),
        }
    return {
        **build_report_json(report, listed_dossiers),
        # The report may have been made at an older one, of the same files of its province.
        "version": version.number,
        "token": version.token,
        "weak_list": list_weak_spans_json(
            report, reports.weak_list(snapshot.province, report.today, version)
        ),
        **list_plans_json(reports.field_plans(snapshot.province, version)),
    }


def fetch_report_json(
    reports: Reports, province: str, day: date, version: DataVersion
) -> dict[str, Any]:
    """The report as plain JSON, made once for a province, day and version."""
    return reports.kept_documents.get(
        (province, day, version),
        lambda: fetch_whole_report_json(reports, reports.report(province, day, version), version),
    )


def register(server: Flask, settings: Settings, reports: Reports) -> None:
    """Adds /api/report?province=25&as_of=2025-07-13; junk falls back as on the pages."""

    @server.get("/api/report")
    @http_caching.tell_store_unavailable
    def report() -> Response:
        view = read_page_view(settings)
        day = view.day(settings.today())
        version = reports.version()
        etag = http_caching.compute_etag(
            "report", version, compute_build_stamp(), view.province, day
        )
        return http_caching.respond_with_json(
            etag, lambda: fetch_report_json(reports, view.province, day, version)
        )
