"""Everything the page shows of one province on one day, as one small JSON-ready dictionary.

Arrays follow `codes`, the Vietnamese order of the communes' names. Words are final: the scripts
that paint them decide nothing.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import numpy as np

from dashboard import text
from dashboard.errors import kind_and_place
from dashboard.indicators import levels
from dashboard.indicators.readiness import Judged, Readiness
from dashboard.indicators.report import Report
from dashboard.views import decisions, explain, headline, state_dossiers, told
from dashboard.views.explain import NO_DATA, SIGNALS
from dashboard.views.movement import movement
from dashboard.views.state_layer import counted, layer, sortable, worst
from dashboard.views.state_silence import SILENCE, silence

LAYERS = {"overall": "Tổng thể", **SIGNALS, "on_time": state_dossiers.ON_TIME, "silence": SILENCE}
UTC_OFFSET = "+07:00"
# Days that the page compares with without asking again; name in the address → the day.
SINCE: dict[str, Callable[[date], date]] = {
    "week": lambda day: day - timedelta(days=7),
    "yesterday": lambda day: day - timedelta(days=1),
}
_log = logging.getLogger("dashboard")


def state(report: Report, today: date, data_time: datetime | None) -> dict[str, Any]:
    """The part of /api/state that depends on data: headline, layers, columns, reasons, decisions, what `failed`.

    `today` is the clock's day: figures of the report's own day are not finished while it is that day.
    """
    readiness, day, codes = report.readiness, report.today, list(report.codes)
    failed: list[str] = []
    part = partial(_part, failed)
    figures = headline.readiness_figures(readiness)
    seen = part("dossiers", lambda: state_dossiers.told(report.dossiers, today, day)) or state_dossiers.broken(codes)
    figures[-1:-1] = seen.figures
    layers = {"overall": _overall(readiness)}
    layers |= {code: _signal(readiness, code, day) for code in SIGNALS if code in readiness.dimensions}
    layers["on_time"] = seen.on_time
    nobody = np.full(len(codes), levels.UNKNOWN, dtype=np.int8)
    layers["silence"] = part("silence", lambda: silence(report)) or layer(
        SILENCE,
        f"{SILENCE}: {state_dossiers.BROKEN}",
        nobody,
        [state_dossiers.BROKEN] * len(codes),
        [None] * len(codes),
    )
    return {
        "as_of": day.isoformat(),
        **data_told(data_time),
        "headline": figures,
        "codes": codes,
        "layers": layers,
        "columns": {"received": seen.received, "age": _age(readiness, day)},
        "reasons": explain.reasons(readiness, day),
        "flags": explain.contradictions(readiness, day),
        "own": part("own", lambda: told.own_ratings(report.own_rating, day)),
        "way": part("way", lambda: told.way_to_green(report.gaps)),
        "sources": told.sources(readiness, day),
        "rules": _rules(readiness),
        "verified": _marks(np.logical_or.reduce([judged.verified[:, 0] for judged in readiness.judged])),
        "decisions": part("decisions", lambda: decisions.decisions(report)),
        "bottleneck": part("bottleneck", lambda: decisions.bottleneck(report)),
        "movement": part("movement", lambda: {name: movement(report, before(day)) for name, before in SINCE.items()}),
        "failed": failed,
    }


def data_told(data_time: datetime | None) -> dict[str, str]:
    """When the newest figures were told, in words and for scripts; "" where nothing was."""
    return {
        "data_as_of": f"tính đến {text.moment(data_time)}" if data_time else "",
        "data_time": f"{data_time:%Y-%m-%dT%H:%M:%S}{UTC_OFFSET}" if data_time else "",
    }


def _part(failed: list[str], name: str, make: Callable[[], Any]) -> Any:
    """What `make` finds; None where it fails, which is noted: one broken part never takes map and table with it."""
    try:
        return make()
    except Exception as error:
        _log.error("part %r of the state failed: %s", name, kind_and_place(error))
        failed.append(name)
        return None


def _rules(readiness: Readiness) -> str:
    """Whose criteria these are and since when, because the national ones are not public."""
    criteria = [judged.criterion for judged in readiness.judged]
    owners = "; ".join(dict.fromkeys(criterion.owner for criterion in criteria))
    since = max(criterion.valid_from for criterion in criteria)
    return f"Tiêu chí và ngưỡng: {owners}; hiệu lực từ {text.day(since)}"


def _marks(flags: levels.Flags) -> str:
    return "".join("1" if flag else "0" for flag in flags)


def _title(of: levels.Levels, subject: str) -> str:
    """What is seen, in one sentence: `52/96 xã xanh; 4 chưa báo cáo`."""
    counts, total = levels.counts(of), of.size
    if counts["unknown"] == total:
        return f"{subject}: {NO_DATA}"
    if counts["unknown"] + counts["stale"] == total:
        return f"{subject}: {headline.NOTHING_CURRENT} ({headline.covered(counts)})"
    rest = headline.covered(counts).replace(" · ", ", ")
    return f"{subject}: {counts['green']}/{total} xã xanh" + (f"; {rest}" if rest else "")


def _overall(readiness: Readiness) -> dict[str, Any]:
    level = readiness.overall[:, 0]
    words = [explain.theme.LEVELS[levels.NAMES[one]].word for one in level]
    sort = [float(one) if one < levels.STALE else None for one in level]
    return layer(LAYERS["overall"], _title(level, "Mức sẵn sàng"), level, words, sort)


def _signal(readiness: Readiness, dimension: str, day: date) -> dict[str, Any]:
    level = readiness.dimensions[dimension][:, 0]
    within = [judged for judged in readiness.judged if judged.criterion.dimension == dimension]
    words, sort = _counted(within) if within[0].criterion.kind == "ratio" else _measured(within)
    old = level == levels.STALE
    ages = np.minimum.reduce([judged.age[:, 0] for judged in within])
    words = [
        f"{word} (số liệu {text.day(day - timedelta(days=int(age)))})" if is_old and not np.isnan(age) else word
        for word, is_old, age in zip(words, old, ages, strict=True)
    ]
    return layer(LAYERS[dimension], _title(level, LAYERS[dimension]), level, words, sort)


def _counted(within: list[Judged]) -> tuple[list[str], list[float | None]]:
    """Available of needed, and of what most is missing."""
    part, whole = counted(within)
    words = [
        NO_DATA if np.isnan(a) or np.isnan(b) else (text.share(int(a), of=int(b)) if b else "không cần")
        for a, b in zip(part, whole, strict=True)
    ]
    if len(within) > 1:
        words = [word + worst(within, commune) for commune, word in enumerate(words)]
    with np.errstate(divide="ignore", invalid="ignore"):
        return words, sortable(np.where(whole == 0, 1.0, part / whole))


def _measured(within: list[Judged]) -> tuple[list[str], list[float | None]]:
    """Measured numbers first, then the yes/no conditions that fail: `85,5 Mbps, không thông suốt`."""
    numbers = [judged for judged in within if judged.criterion.kind == "number"]
    flags = [judged for judged in within if judged.criterion.kind == "flag"]
    words = []
    for commune in range(len(within[0].value)):
        parts = [explain.value_text(judged, commune) for judged in numbers]
        parts += [f"{judged.criterion.brief.lower()}: không" for judged in flags if judged.value[commune, 0] == 0]
        words.append(NO_DATA if set(parts) == {NO_DATA} else ", ".join(parts))
    return words, sortable((numbers or within)[0].value[:, 0])


def _age(readiness: Readiness, day: date) -> dict[str, Any]:
    """Days since the commune last told anything (its own report or a visit)."""
    ages = np.fmin.reduce([judged.age[:, 0] for judged in readiness.judged])
    words = [NO_DATA if math.isnan(age) else text.age(int(age)) for age in ages]
    return {"name": "Tuổi số liệu", "text": words, "sort": sortable(ages)}
