"""Everything `/` shows of one province on one day, as one small JSON-ready dictionary: headline,
layers of the map, columns of the table, reasons, decisions.

Arrays follow `codes`, the Vietnamese order of the communes' names. Words are final: the scripts
that paint them decide nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import numpy as np

from dashboard import reference, text
from dashboard.data_version import DataVersion
from dashboard.indicators import levels
from dashboard.indicators.readiness.assessment import Readiness
from dashboard.indicators.report import Report
from dashboard.reports import Reports
from dashboard.web.documents.data_sources import tell_data_time, tell_notice
from dashboard.web.documents.guarded_sections import FailureRecorder
from dashboard.web.documents.published import tell_facts_of_day
from dashboard.web.overview.layers import (
    BROKEN_WORDS,
    SILENCE_NAME,
    build_age_column,
    build_dimension_layer,
    build_overall_layer,
    build_silence_layer,
    describe_dossier_state,
    fill_broken_dossier_state,
    make_layer,
)
from dashboard.web.overview.words import (
    describe_green_trend,
    describe_need,
    describe_weak_list,
    list_decisions,
    tell_as_of_line,
    tell_card_files,
    tell_card_source,
    tell_main_bottleneck,
    tell_under_card,
)
from dashboard.web.words import commune_panel, explain, headline
from dashboard.web.words.explain import HEADLINE_DIMENSIONS
from dashboard.web.words.movement import describe_movement

# Days that the page compares with without asking again; name in the address → the day.
DAYS_COMPARED_WITH: dict[str, Callable[[date], date]] = {
    "week": lambda day: day - timedelta(days=7),
    "yesterday": lambda day: day - timedelta(days=1),
}


def build_state(report: Report, today: date, data_time: datetime | None) -> dict[str, Any]:
    """The part of /api/state that depends on data: headline, layers, columns, reasons, decisions,
    what `failed`.

    `today` is the clock's day: figures of the report's own day are not finished while it is that
    day.
    """
    readiness = report.readiness.assessment
    day = report.today
    codes = list(report.codes)
    failed: list[str] = []
    try_part = partial(_try_part, failed)
    figures = headline.list_readiness_figures(report)
    dossier_state = try_part(
        "dossiers", lambda: describe_dossier_state(report.dossiers.of_period, today, day)
    ) or fill_broken_dossier_state(codes)
    figures[-1:-1] = dossier_state.figures
    layers = {"overall": build_overall_layer(readiness)}
    layers |= {
        code: build_dimension_layer(readiness, code, day)
        for code in HEADLINE_DIMENSIONS
        if code in readiness.dimensions
    }
    layers["on_time"] = dossier_state.on_time
    all_unknown = np.full(len(codes), levels.UNKNOWN, dtype=np.int8)
    layers["silence"] = try_part("silence", lambda: build_silence_layer(report)) or make_layer(
        SILENCE_NAME,
        f"{SILENCE_NAME}: {BROKEN_WORDS}",
        all_unknown,
        [BROKEN_WORDS] * len(codes),
        [None] * len(codes),
    )
    lack_ages = try_part("lack_ages", lambda: commune_panel.list_lack_ages(report))
    return {
        "as_of": day.isoformat(),
        **tell_data_time(data_time),
        "headline": figures,
        "beside": try_part("beside", lambda: headline.tell_beside_cards(report)),
        "codes": codes,
        "layers": layers,
        "columns": {"received": dossier_state.received, "age": build_age_column(readiness)},
        "reasons": explain.explain_levels(readiness, day, lack_ages),
        "flags": explain.explain_contradictions(readiness, day),
        "own": try_part(
            "own", lambda: commune_panel.tell_own_ratings(report.readiness.own_rating, day)
        ),
        "lasting": try_part(
            "lasting",
            lambda: [
                commune_panel.tell_level_age(report, position) for position in range(len(codes))
            ],
        ),
        "way": try_part("way", lambda: commune_panel.list_ways_to_green(report.readiness.gaps)),
        "sources": commune_panel.list_value_sources(readiness, day),
        "rules": _tell_rules(readiness),
        "verified": _join_flags(
            np.logical_or.reduce([judged.verified[:, 0] for judged in readiness.assessments])
        ),
        "decisions": try_part("decisions", lambda: list_decisions(report)),
        "need": try_part("need", lambda: describe_need(report)),
        "bottleneck": try_part("bottleneck", lambda: tell_main_bottleneck(report)),
        "published": try_part("published", lambda: tell_facts_of_day(report)),
        "movement": try_part(
            "movement",
            lambda: {
                name: describe_movement(report, day_before(day))
                for name, day_before in DAYS_COMPARED_WITH.items()
            },
        ),
        "failed": failed,
    }


def _try_part(failed: list[str], name: str, make: Callable[[], Any]) -> Any:
    """What `make` finds; None where it fails, which is noted."""
    with FailureRecorder(f"part {name!r} of the state", failed, name):
        return make()
    return None


def _tell_rules(readiness: Readiness) -> str:
    """Whose criteria these are and since when, because the national ones are not public."""
    criteria = [judged.criterion for judged in readiness.assessments]
    owners = "; ".join(dict.fromkeys(criterion.owner for criterion in criteria))
    since = max(criterion.valid_from for criterion in criteria)
    return f"Tiêu chí và ngưỡng: {owners}; hiệu lực từ {text.format_day(since)}"


def _join_flags(flags: levels.Flags) -> str:
    return "".join("1" if flag else "0" for flag in flags)


def fetch_state(
    reports: Reports, province: str, day: date, today: date, version: DataVersion, attempt: int = 0
) -> dict[str, Any]:
    """The part of /api/state that depends on data, made once for a province, day and version.

    One with a part that `failed` is made again with the next `attempt`, by whoever asks first.
    """

    def make_state() -> dict[str, Any]:
        return _make_state(reports, province, day, today, version)

    key = (province, day, today, version)
    state = reports.kept_states.get(key, make_state)
    if not state["failed"]:
        return state
    return reports.kept_states.get((*key, attempt), make_state)


def _make_state(
    reports: Reports, province: str, day: date, today: date, version: DataVersion
) -> dict[str, Any]:
    report = reports.report(province, day, version)
    loaded = reports.loaded(province, version)
    state = build_state(report, today, reports.data_time(province, day, version))
    trend = _try_part(
        state["failed"],
        "trend",
        lambda: describe_green_trend(reports.green_over_time(province, day, version)),
    )
    figures = {figure["id"]: figure for figure in state["headline"]}
    change = trend["change"] if trend else ""
    for name, figure in figures.items():
        figure["under"] = tell_under_card(name, figures, state["beside"] or {}, change)
        figure["source"] = (
            _try_part(
                state["failed"], "card_source", partial(tell_card_source, report, name, today)
            )
            or ""
        )
        figure["files"] = (
            _try_part(state["failed"], "card_files", partial(tell_card_files, report, name, loaded))
            or ""
        )
    weak_list = _try_part(
        state["failed"],
        "weak_list",
        lambda: describe_weak_list(report, reports.weak_list(province, day, version)),
    )
    return {
        "trend": trend,
        "weak_list": weak_list,
        "as_of_line": tell_as_of_line(state["data_as_of"], figures),
        "province": province,
        "province_name": reference.load_province_names()[province],
        "notice": tell_notice(reports, province, loaded.sources),
        **state,
    }
