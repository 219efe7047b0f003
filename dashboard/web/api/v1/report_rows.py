"""Rows of /api/v1 that say what the report says: readiness, dossiers, and what was told in which
file. Rows of the work in the field stand in field_rows.py.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard import reference
from dashboard.batch import CERTIFICATES
from dashboard.indicators import levels
from dashboard.indicators.criteria import DIMENSIONS
from dashboard.indicators.throughput.dossiers import RANKED_COUNTS
from dashboard.indicators.throughput.rates import RATES
from dashboard.measures import MEASURES
from dashboard.store import read
from dashboard.web.api.json_values import jsonify_number
from dashboard.web.api.report import build_rules_json, build_throughput_json
from dashboard.web.api.v1.asking import ProvinceQuestion, count_days, find_day, zone_moment
from dashboard.web.api.v1.models import (
    CommuneRow,
    CriterionRow,
    DossierRow,
    LevelRow,
    ProvinceRow,
    ProvinceSummary,
    RankingRow,
    ReadingRow,
    SignalRow,
    SourceRow,
)
from dashboard.web.documents import data_sources
from dashboard.web.words.dossiers import COUNT_WORDS
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
_NO_INTERVAL = dict.fromkeys(("whole", "lower", "upper", "place_from", "place_to"))


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
                **dict.fromkeys(DIMENSIONS),
                **{
                    name: levels.count_levels(dimension_levels)
                    for name, dimension_levels in readiness.dimensions.items()
                },
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


# Dossiers: counts and rates of a period, and places by them.


def list_dossier_rows(question: ProvinceQuestion) -> list[DossierRow]:
    """One row a commune: the figures of the period and the source that answers for it."""
    dossiers = question.report.dossiers.of_period
    figures = dossiers.period_figures
    period = dossiers.period
    common = {
        "period_first": period and period.first,
        "period_last": period and period.last,
        "source": figures and figures.source_kind,
        "grain": figures and figures.grain,
        "complete": figures and figures.complete,
        "until": figures and figures.until,
    }
    return [
        DossierRow.model_validate(
            {
                **{name: commune[name] for name in ("commune_code", "name", "peer_group")},
                **common,
                **{
                    name: commune["throughput"][name]
                    for name in ("counts", "rates", "balance", "at_risk")
                },
            }
        )
        for commune in question.communes
    ]


def list_ranking_rows(question: ProvinceQuestion) -> list[RankingRow]:
    """Every commune's place by every rate among its peers and by counts in the province."""
    rows = []
    for commune in question.communes:
        unit = {"commune_code": commune["commune_code"], "name": commune["name"]}
        rows += [_build_rate_row(unit, commune, code) for code in RATES]
        rows += [_build_count_row(unit, commune, name) for name in RANKED_COUNTS]
    return rows


def _build_rate_row(unit: dict[str, str], commune: dict[str, Any], code: str) -> RankingRow:
    rank = commune["ranks"][code]
    return RankingRow.model_validate(
        {
            **unit,
            "by": code,
            "by_name": RATES[code].name,
            "group": commune["peer_group"],
            "value": rank["rate"],
            "whole": rank["n"],
            **{
                name: rank[name]
                for name in ("state", "lower", "upper", "place", "place_from", "place_to", "ranked")
            },
        }
    )


def _build_count_row(unit: dict[str, str], commune: dict[str, Any], name: str) -> RankingRow:
    rank = commune["ranks"]["counts"][name]
    counts = commune["throughput"]["counts"]
    return RankingRow.model_validate(
        {
            **unit,
            **_NO_INTERVAL,
            "by": f"count_{name}",
            "by_name": f"Số {COUNT_WORDS[name].lower()}",
            "group": "province",
            "state": "unknown" if rank["place"] is None else "ranked",
            "value": None if counts is None else counts[name],
            "place": rank["place"],
            "ranked": rank["of"],
        }
    )


# What was told: readings with their files, and the files themselves.


def list_reading_rows(question: ProvinceQuestion) -> list[ReadingRow]:
    """The newest value by the day of each commune, measure and basis; communes as on the screen."""
    frame = question.reports.latest_readings(question.province, question.day, question.version)
    # Of any day: one batch of today can tell of last year.
    sources = question.reports.loaded(question.province, question.version).sources
    files = sources.set_index("id").to_dict("index")
    names = question.commune_names
    order = {code: position for position, code in enumerate(names)}
    rows = [
        _build_reading_row(question, reading, files[reading["batch"]], names)
        for reading in frame.to_dict("records")
    ]
    return sorted(rows, key=lambda row: order[row.commune_code])


def _build_reading_row(
    question: ProvinceQuestion, reading: dict[Any, Any], file: dict[Any, Any], names: dict[str, str]
) -> ReadingRow:
    measure = MEASURES[reading["measure"]]
    value = jsonify_number(float(reading["value"]))
    assert value is not None, "a reading without a value is not stored"
    return ReadingRow(
        commune_code=reading["commune_code"],
        name=names[reading["commune_code"]],
        measure=measure.code,
        measure_name=measure.name,
        type=measure.type,
        basis=reading["basis"],
        value=value,
        as_of=reading["as_of"].date(),
        age_days=count_days(question.day, reading["as_of"]),
        batch=int(reading["batch"]),
        source=file["kind"],
        origin=file["origin"],
        file_name=file["file_name"],
    )


def list_source_rows(question: ProvinceQuestion) -> list[SourceRow]:
    """The files of which figures are of the day or before, newest import first, as /du-lieu lists
    them; not who imported them.
    """
    words = data_sources.list_kind_words()
    batches = data_sources.fetch_batches_until(
        question.reports.engine, question.province, question.day
    )
    return [
        SourceRow.model_validate(
            {
                "batch": int(batch["batch"]),
                "source": batch["kind"],
                "source_name": words.get(batch["kind"], batch["kind"]),
                "origin": batch["origin"],
                "file_name": batch["file_name"],
                "as_of": zone_moment(batch["as_of"]),
                "period_from": find_day(batch["period_from"]),
                "period_to": find_day(batch["period_to"]),
                "imported_at": zone_moment(batch["imported_at"]),
                "rows": int(batch["row_count"]),
                "problems": int(batch["problem_count"]),
                "counts": bool(batch["counts"]),
                "undone_at": zone_moment(batch["undone_at"]),
            }
        )
        for batch in batches.to_dict("records")
    ]
