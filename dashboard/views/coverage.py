"""Who reports and who is silent: the matrix of communes and kinds of source, and how far each criterion is known.

`kinds` gives the word of every kind of source. A kind that nobody in the province ever told of is the office's
silence, not the communes': it is named once and no column of the matrix.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from dashboard import text
from dashboard.indicators import freshness, levels
from dashboard.indicators.freshness import Freshness
from dashboard.indicators.levels import Flags, Levels
from dashboard.indicators.report import Report
from dashboard.views.explain import NO_DATA

NO_PERIOD: Final = "chưa đủ kỳ"
# State of a source (freshness.NAMES) to the look of a level and its word; not expected has no colour. Not "đúng
# hạn": on time is what dossiers are.
LOOKS: Final = {
    freshness.FRESH: ("green", "Đúng nhịp"),
    freshness.LATE: ("yellow", "Trễ"),
    freshness.SILENT: ("red", "Im lặng"),
    freshness.NEVER: ("unknown", "Chưa từng có"),
}
_LEVELS = np.array([levels.GREEN, levels.YELLOW, levels.RED, levels.UNKNOWN, levels.UNKNOWN], dtype=np.int8)


@dataclass(frozen=True)
class Cell:
    """What one kind tells of one commune: `level` "" where nobody expects it; `days` NaN and `age` "" if never."""

    level: str
    word: str
    days: float
    age: str
    periods: str


@dataclass(frozen=True)
class Row:
    """One commune, its cells in the order of `told_kinds`, and how it looks over all kinds that are expected."""

    code: str
    name: str
    late: bool
    level: str
    word: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Bar:
    """Parts of `whole` in order: the look of a level ("" for what is simply known), a word, a count."""

    whole: int
    parts: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True)
class Kind:
    """One kind of source of which somebody told: what is said of it, its communes by state (None: not expected)."""

    name: str
    sentence: str
    on_time: str
    bar: Bar | None


def told_kinds(found: Freshness) -> list[str]:
    """The kinds that told of anybody, those expected first."""
    return [kind for kind in found.kinds if found.per_kind.at[kind, "told"]]


def untold(found: Freshness, kinds: Mapping[str, str]) -> list[str]:
    """The words of the kinds that are expected and of which nobody was ever told."""
    table = found.per_kind
    return [kinds.get(kind, kind) for kind in table.index[(table["told"] == 0) & table["expected_every_days"].notna()]]


def _expected(found: Freshness) -> Flags:
    """Which kinds are expected and told of anybody: whose silence says something of a commune."""
    table = found.per_kind
    return np.asarray((table["told"] > 0) & table["expected_every_days"].notna(), dtype=np.bool_)


def worst(found: Freshness) -> freshness.States:
    """Per commune the worst state over the kinds that are expected and come: fresh < late < silent < never.

    NOT_EXPECTED where there is no such kind.
    """
    asked = found.state[:, _expected(found)]
    if not asked.shape[1]:
        return np.full(len(found.codes), freshness.NOT_EXPECTED, dtype=np.int8)
    return np.asarray(asked.max(axis=1), dtype=np.int8)


def silence_levels(report: Report, kind: str = "") -> Levels:
    """Per commune how silent it is, as a layer of the map: green on time, yellow late, red silent, unknown never.

    `kind`: of one kind of source; else the worst over all that are expected and come.
    """
    found = report.freshness
    return _LEVELS[found.state[:, found.kinds.index(kind)] if kind else worst(found)]


def rows(report: Report) -> list[Row]:
    """Every commune, the most silent first: by its worst state, by how many kinds are in it, then by age."""
    found = report.freshness
    state, overall = found.state[:, _expected(found)], worst(found)
    times = (state == overall[:, None]).sum(axis=1)
    age = np.nan_to_num(found.age[:, _expected(found)]).sum(axis=1)
    columns = [_column(report, kind) for kind in told_kinds(found)]
    names = report.communes["name"].tolist()
    made = []
    for at in np.lexsort((-age, -times, -overall)).tolist():
        level, word = LOOKS.get(int(overall[at]), ("", ""))
        late = freshness.FRESH < overall[at] < freshness.NOT_EXPECTED
        made.append(Row(found.codes[at], names[at], late, level, word, tuple(column[at] for column in columns)))
    return made


def _column(report: Report, kind: str) -> list[Cell]:
    found = report.freshness
    place, made = found.kinds.index(kind), report.on_time_reporting.get(kind)
    expected = bool(_expected(found)[place])
    periods = [""] * len(found.codes)
    if made is not None:
        periods = [
            f"{told}/{slots} kỳ" if slots else "" for told, slots in zip(made["told"], made["slots"], strict=True)
        ]
    return [
        _cell(int(state), age, expected, period)
        for state, age, period in zip(found.state[:, place], found.age[:, place].tolist(), periods, strict=True)
    ]


def _cell(state: int, days: float, expected: bool, periods: str) -> Cell:
    level, word = LOOKS.get(state, ("", "")) if expected else ("", NO_DATA if np.isnan(days) else "")
    return Cell(level, word, days, "" if np.isnan(days) else text.age(int(days)), periods)


def kinds_told(report: Report, kinds: Mapping[str, str]) -> list[Kind]:
    """What is said of each kind that comes: newest day, rhythm, communes by state, reports made in 90 days."""
    found = report.freshness
    return [_kind(report, kind, kinds.get(kind, kind)) for kind in told_kinds(found)]


def _kind(report: Report, kind: str, name: str) -> Kind:
    line, total = report.freshness.per_kind.loc[kind], len(report.codes)
    known = f"{text.number(line['told'])}/{text.number(total)} xã có số liệu ({text.percent(line['told'] / total)})"
    told = f"{known}, mới nhất {text.day(line['newest'])}"
    if np.isnan(line["expected_every_days"]):
        return Kind(name, f"{told}; có lúc nào báo lúc ấy, không tính trễ.", "", None)
    counts = [(*LOOKS[state], int(line[freshness.NAMES[state]])) for state in LOOKS]
    made = report.on_time_reporting[kind]
    share = text.share(int(made["told"].sum()), of=int(made["slots"].sum())) if made["slots"].any() else NO_PERIOD
    return Kind(
        name, f"{told}; nhịp mong đợi: {rhythm(line['expected_every_days'])}.", share, Bar(total, tuple(counts))
    )


def rhythm(days: float) -> str:
    """How often a kind is expected: `hằng ngày`, `mỗi 7 ngày`."""
    return "hằng ngày" if days == 1 else f"mỗi {text.number(days)} ngày"


@dataclass(frozen=True)
class Known:
    """Criteria (code and name) of which equally much is known, and of how many communes that is."""

    criteria: tuple[tuple[str, str], ...]
    bar: Bar


def completeness(report: Report) -> list[Known]:
    """Of how many communes a value in date is known, the least known criteria first; equal ones stand together."""
    names = {judged.criterion.code: judged.criterion.name for judged in report.readiness.judged}
    counts = report.completeness.sort_values(["in_date", "stale"], kind="stable")
    return [
        Known(
            tuple((str(code), names[str(code)]) for code in alike.index),
            Bar(
                int(alike["communes"].iloc[0]),
                (("", "Còn hạn", in_date), ("stale", "Số liệu cũ", stale), ("unknown", "Chưa có", never)),
            ),
        )
        for (in_date, stale, never), alike in counts.groupby(["in_date", "stale", "never"])
    ]
