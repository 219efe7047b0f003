"""The report as plain JSON, for exports and other programs: names in code, figures unrounded, nothing known as null.

What is a number carries its state where it may be none: `known`, `no_activity` (nothing to divide by),
`unknown` (nobody told) or `incomplete` (chưa đủ kỳ).
"""

from __future__ import annotations

import math

import pandas as pd

from dashboard.indicators import levels, rates
from dashboard.indicators.answers import Answer
from dashboard.indicators.dossiers import Dossiers
from dashboard.indicators.pace import Pace
from dashboard.indicators.report import Report
from dashboard.views.plain_json import Json, number, plain, rate, record, records
from dashboard.views.report_communes import communes
from dashboard.views.signal_words import signal_lines


def report_json(report: Report) -> Json:
    """The whole report; `communes` in the order of the screen."""
    names = dict(zip(report.codes, report.communes["name"], strict=True))
    return {
        "as_of": report.today.isoformat(),
        "version": report.snapshot.version,
        "province": _province(report),
        "communes": communes(report),
        "bottlenecks": {
            "single": records(report.bottlenecks),
            "pair": records(report.bottleneck_pairs),
            "only_report": list(report.reporting.codes),
            "only_report_likely": list(report.reporting.likely),
        },
        "shopping_list": records(report.shopping_list),
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
        "freshness": records(report.freshness.per_kind.reset_index()),
        "completeness": records(report.completeness.reset_index()),
        "unmatched": records(report.unmatched),
        "jumps": records(report.reading_jumps),
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
        "green_per_week": number(pace.per_week),
        **{name: day.isoformat() if day else None for name, day in ends.items()},
        "weeks": records(pace.weeks),
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
        "rates_gain": {code: number(dossiers.gain(code)) for code in rates.RATES},
        "departments": _counts(dossiers.departments),
        "rates_with_departments": {code: _total(dossiers.total_of_all(code)) for code in rates.RATES},
        "peers": {
            code: {str(group): record(row) for group, row in figures.assign(state=_states(figures["state"])).iterrows()}
            for code, figures in dossiers.peers.items()
        },
        "days_taken": None if took is None else record(took),
        "at_risk": record(at_risk.sum(min_count=1)),
        "reconciliation": [] if found is None else records(found.rivals),
    }


def _over_time(series: pd.DataFrame) -> list[Json]:
    """The periods that were told, oldest first; the change is that of what was newly received."""
    told = series[series["kind"] != ""]
    return records(told.assign(state=_states(told["state"])))


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
    return {**record(found.totals()), "net_flow": plain(rates.net_flow(found).sum(min_count=1))}


def _total(total: rates.Total) -> Json:
    return rate(total.part, total.whole, total.value, total.state)


def _total_or_none(total: rates.Total | None) -> Json:
    return rate(math.nan, math.nan, math.nan, rates.INCOMPLETE) if total is None else _total(total)


def _states(codes: pd.Series) -> list[str]:
    return [rates.STATES[code] for code in codes]
