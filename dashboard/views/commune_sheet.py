"""One commune's level in words: what is seen, why it is not green, the way there, the last visit, former units."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

from dashboard import reference, text
from dashboard.indicators import gaps, levels
from dashboard.indicators.readiness import Judged
from dashboard.measures import MEASURES
from dashboard.views import explain, sparkline, theme, told
from dashboard.views.one_commune import WORDS, One
from dashboard.views.told import inside


def headline(one: One) -> str:
    """What is seen: `Xã Sơn Hà: Đỏ; còn 4 việc để lên xanh`."""
    word = theme.LEVELS[one.level].word
    steps = gaps.way(one.report.gaps, one.at)
    if one.level == "green" or not steps:
        return f"{one.name}: {word}"
    if all(step.fix == gaps.REPORT for step in steps):
        return f"{one.name}: {word}; cần báo cáo {text.number(len(steps))} tiêu chí"
    return f"{one.name}: {word}; còn {text.number(gaps.to_do(steps))} việc để lên xanh"


def identity(one: One) -> str:
    """`Xã · mã 21250 · 123,4 km²`."""
    row = one.report.communes.loc[one.code]
    area = "" if math.isnan(row["area_km2"]) else f" · {text.number(row['area_km2'], 1)} km²"
    return f"{reference.KIND_WORDS[row['kind']]} · mã {one.code}{area}"


def standing(one: One) -> dict[str, Any]:
    """Its level, its own rating beside it, the reasons, contradictions, and the last twelve months as a strip."""
    report, at = one.report, one.at
    past = report.past
    days = [text.day(day) for day in past.days.tolist()]
    words = "Mức 12 tháng qua: " + sparkline.run_words(past.overall[at], days, WORDS)
    return {
        "level": one.level,
        "own": told.own_ratings(report.own_rating, report.today)[at],
        "reasons": reasons(one),
        "strip": sparkline.strip(past.overall[at], words),
        "since": days[0],
    }


def reasons(one: One) -> list[str]:
    """Why it is not green, a line a level, red first; thresholds, authors and days stand in the rows beside them."""
    at, judged = one.at, one.report.readiness.judged
    if all(each.level[at, 0] >= levels.STALE for each in judged):
        return explain.reasons(one.report.readiness, one.report.today)[at]
    lines = []
    for level in (levels.RED, levels.YELLOW):
        found = [
            f"{inside(each.criterion.brief)} {_plain_value(each, at)}" for each in judged if each.level[at, 0] == level
        ]
        if found:
            state = theme.LEVELS[levels.NAMES[level]]
            lines.append(f"{state.sign} {state.word}: {', '.join(found)}.")
    missing = [inside(each.criterion.brief) for each in judged if each.level[at, 0] >= levels.STALE]
    if missing:
        lines.append(f"Chưa có số liệu còn hạn: {', '.join(missing)}.")
    contradicted = [inside(each.criterion.brief) for each in judged if each.contradicted[at, 0]]
    if contradicted:
        lines.append(f"⚡ Khác kiểm tra: {', '.join(contradicted)}.")
    return lines


def _plain_value(judged: Judged, at: int) -> str:
    if judged.criterion.kind == "ratio":
        return f"{text.number(judged.part[at, 0])}/{text.number(judged.whole[at, 0])}"
    return explain.value_text(judged, at)


def way(one: One) -> list[str]:
    """The steps to green, a line a kind of fix; [] where it is green."""
    return told.way_to_green(one.report.gaps)[one.at]


def visit(found: Any, day: date) -> dict[str, Any] | None:
    """The newest visit of store.visits.visits: its day and age, team, what it found and noted; None without any."""
    if found.empty:
        return None
    newest = found[found["visited_on"] == found["visited_on"].iloc[0]]
    on = newest["visited_on"].iloc[0].date()
    return {
        "on": text.day(on),
        "age": text.age((day - on).days),
        "team": next((team for team in newest["team"].dropna()), ""),
        "found": [_found(row.measure, row.value) for row in newest.itertuples() if not math.isnan(row.value)],
        "notes": list(dict.fromkeys(newest["note"].dropna())),
    }


def _found(measure: str, value: float) -> str:
    name, kind = MEASURES[measure].name, MEASURES[measure].type
    if kind == "flag":
        return f"{name}: {'có' if value else 'không'}"
    return f"{name}: {explain.amount(value)}"


def former_units(one: One) -> list[str]:
    """The units that it was formed from, those of one district together: `Xã A, Xã B (Huyện C)`."""
    formed_from = str(one.report.communes.at[one.code, "formed_from"])
    by_district: dict[str, list[str]] = {}
    for unit in filter(None, formed_from.split("; ")):
        name, _, district = unit.partition(" (")
        by_district.setdefault(district.removesuffix(")"), []).append(name)
    return [", ".join(units) + (f" ({district})" if district else "") for district, units in by_district.items()]
