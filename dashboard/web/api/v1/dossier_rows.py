"""Rows of /api/v1 about dossiers: counts and rates of a period, and places by them."""

from __future__ import annotations

from typing import Any

from dashboard.indicators.throughput.dossiers import RANKED_COUNTS
from dashboard.indicators.throughput.rates import RATES
from dashboard.web.api.v1.asking import ProvinceQuestion
from dashboard.web.api.v1.models import DossierRow, RankingRow
from dashboard.web.words.dossiers import COUNT_WORDS

_NO_INTERVAL = dict.fromkeys(("whole", "lower", "upper", "place_from", "place_to"))


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
