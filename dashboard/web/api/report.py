"""GET /api/report: the whole report of a province and day as JSON, for other programs; the pages
say the same.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
from flask import Flask, Response

from dashboard.data_version import DataVersion
from dashboard.indicators import levels
from dashboard.indicators.readiness.pace import Pace
from dashboard.indicators.report import Report
from dashboard.indicators.throughput import rates
from dashboard.indicators.throughput.balance import sum_balances
from dashboard.indicators.throughput.dossiers import ProvinceDossiers
from dashboard.indicators.throughput.source_selection import PeriodFigures
from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.web.api.communes import list_communes_json, name_left_out
from dashboard.web.api.field import (
    build_feedback_json,
    list_follow_ups_json,
    list_plans_json,
    list_resources_json,
    list_support_requests_json,
    list_weak_spans_json,
)
from dashboard.web.api.json_values import (
    Json,
    jsonify_frame,
    jsonify_number,
    jsonify_rate,
    jsonify_row,
    jsonify_value,
)
from dashboard.web.documents import http_caching
from dashboard.web.documents.document import read_page_view
from dashboard.web.static_files import compute_build_stamp
from dashboard.web.words.signals import list_signal_lines

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
        "count_jumps": jsonify_frame(report.sources.count_jumps),
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
        "left_out": name_left_out(None if period_figures is None else period_figures.totals()),
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
        "reconciliation": _jsonify_alternatives(period_figures),
    }


def _jsonify_alternatives(figures: PeriodFigures | None) -> list[Json]:
    return [] if figures is None else jsonify_frame(figures.alternative_sources)


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


def _total_json(total: rates.PooledRate) -> Json:
    return jsonify_rate(total.numerator, total.denominator, total.value, total.state)


def _total_json_or_incomplete(total: rates.PooledRate | None) -> Json:
    if total is None:
        return jsonify_rate(math.nan, math.nan, math.nan, rates.INCOMPLETE)
    return _total_json(total)


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
