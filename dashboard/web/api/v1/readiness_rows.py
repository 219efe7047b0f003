"""Rows of /api/v1 about readiness: communes, their levels with reasons, criterion by criterion."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard import reference
from dashboard.batch import CERTIFICATES
from dashboard.indicators import levels
from dashboard.indicators.criteria import DIMENSIONS
from dashboard.store import read
from dashboard.web.api.report import build_rules_json, build_throughput_json, jsonify_number
from dashboard.web.api.v1.asking import ProvinceQuestion, find_day
from dashboard.web.api.v1.models import (
    CommuneRow,
    CriterionRow,
    LevelRow,
    ProvinceRow,
    ProvinceSummary,
    SignalRow,
)
from dashboard.web.words.signals import list_signal_lines

_FROM_CRITERION = (
    "criterion",
    "dimension",
    "unit",
    "level",
    "basis",
    "as_of",
    "age_days",
    "value",
    "part",
    "whole",
    "stale",
    "contradicted",
    "green_from",
    "red_below",
    "essential",
)


def list_province_rows(engine: Any) -> list[ProvinceRow]:
    """All 34 provinces, in the order of their names."""
    with_data = set(read.fetch_provinces_with_data(engine))
    sizes = reference.load_communes()["province_code"].value_counts()
    return [
        ProvinceRow(province=code, name=name, communes=int(sizes[code]), has_data=code in with_data)
        for code, name in reference.load_province_names().items()
    ]


def build_province_summary(question: ProvinceQuestion) -> ProvinceSummary:
    """What /api/report tells of the whole province, the parts that change with the day alone."""
    report = question.report
    readiness = report.readiness.assessment
    throughput = build_throughput_json(report.dossiers.of_period, None, report.dossiers.at_risk)
    period = throughput["period"]
    return ProvinceSummary.model_validate(
        {
            "province": question.province,
            "name": reference.load_province_names()[question.province],
            "communes": len(report.codes),
            "levels": levels.count_levels(readiness.overall),
            "dimensions": {
                name: levels.count_levels(readiness.dimensions[name])
                if name in readiness.dimensions
                else None
                for name in DIMENSIONS
            },
            "rules": build_rules_json(report),
            "period": period and {"first": period["from"], "last": period["to"]},
            "source": throughput["source"],
            "counts": throughput["counts"],
            "rates": throughput["rates"],
            "rates_with_departments": throughput["rates_with_departments"],
        }
    )


def list_commune_rows(question: ProvinceQuestion) -> list[CommuneRow]:
    """The communes of the province, in the order of the screen."""
    communes = reference.select_communes_of_province(question.province)
    groups = question.report.dossiers.of_period.groups
    return [
        CommuneRow(
            commune_code=str(code),
            name=row["name"],
            kind=row["kind"],
            peer_group=groups[position],
            formed_from=_read_words(row["formed_from"]),
            lat=jsonify_number(float(row["lat"])),
            lon=jsonify_number(float(row["lon"])),
            area_km2=jsonify_number(float(row["area_km2"])),
        )
        for position, (code, row) in enumerate(communes.iterrows())
    ]


def _read_words(words: Any) -> str:
    return "" if pd.isna(words) else str(words)


def list_level_rows(question: ProvinceQuestion) -> list[LevelRow]:
    """One row a commune: its level, since when, and why."""
    ages = question.report.readiness.level_age
    return [
        LevelRow.model_validate(
            {
                **{name: commune[name] for name in ("commune_code", "name", "level", "reasons")},
                "level_days": int(ages.days[position]),
                "level_days_at_least": bool(ages.older[position]),
                "reported_on": max(
                    (entry["as_of"] for entry in commune["criteria"] if entry["as_of"]),
                    default=None,
                ),
                "dimensions": {name: commune["dimensions"].get(name) for name in DIMENSIONS},
                "way_to_green": commune["way_to_green_words"],
                "changed_in_week": _describe_change(commune["changed_in_week"]),
                "declared_level": commune["declared_level"],
                "declared_level_as_of": commune["declared_level_as_of"],
            }
        )
        for position, commune in enumerate(question.communes)
    ]


def _describe_change(change: dict[str, str] | None) -> dict[str, str] | None:
    if change is None:
        return None
    return {"before": change["from"], "now": change["to"], "cause": change["cause"]}


def list_criterion_rows(question: ProvinceQuestion) -> list[CriterionRow]:
    """One row a commune and criterion, in the order of the rules."""
    return [
        CriterionRow.model_validate(
            {
                "commune_code": commune["commune_code"],
                "name": commune["name"],
                **{name: entry[name] for name in _FROM_CRITERION},
                **_spread_author("declared", entry["declared"]),
                **_spread_author("verified", entry["verified"]),
            }
        )
        for commune in question.communes
        for entry in commune["criteria"]
    ]


def _spread_author(author: str, told: dict[str, Any] | None) -> dict[str, Any]:
    value, as_of = (None, None) if told is None else (told["value"], told["as_of"])
    return {f"{author}_value": value, f"{author}_as_of": as_of}


def list_signal_rows(question: ProvinceQuestion) -> list[SignalRow]:
    """What needs a decision on the day, most urgent first."""
    return [
        SignalRow.model_validate(line)
        for line in list_signal_lines(question.report.signals, question.commune_names)
    ]


def describe_newest_certificates(question: ProvinceQuestion, code: str) -> dict[str, Any]:
    """The newest list of certificates that names the commune, and its day."""
    row = question.report.sources.certificates.loc[code]
    return {
        "certificates": {name: jsonify_number(float(row[name])) for name in CERTIFICATES},
        "certificates_as_of": find_day(row["as_of"]),
    }
