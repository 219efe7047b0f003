"""Who reports and who is silent: the matrix of communes and kinds of source, and how far each
criterion is known.

`kinds` gives the word of every kind of source. A kind that nobody in the province ever told of is
the office's silence, not the communes': it is named once and no column of the matrix.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from dashboard import text
from dashboard.indicators.freshness import freshness
from dashboard.indicators.freshness.freshness import Freshness
from dashboard.indicators.levels import Flags
from dashboard.indicators.report import Report
from dashboard.web import theme
from dashboard.web.words.explain import NO_DATA

NO_PERIOD: Final = "chưa đủ kỳ"
# State of a source (FRESHNESS_NAMES) to its look on the scale of silence and its word; not expected
# has no colour. Not "đúng hạn": on time is what dossiers are.
STATE_LOOKS: Final = {
    state: (freshness.FRESHNESS_NAMES[state], theme.SILENCE[freshness.FRESHNESS_NAMES[state]].word)
    for state in (freshness.FRESH, freshness.LATE, freshness.SILENT, freshness.NEVER)
}


@dataclass(frozen=True)
class CoverageCell:
    """What one kind tells of one commune: `level` "" where nobody expects it; `days` NaN and `age`
    "" if never.
    """

    level: str
    word: str
    days: float
    age: str
    periods: str


@dataclass(frozen=True)
class CoverageRow:
    """One commune, its cells in the order of `list_reporting_kinds`, and how it looks over all
    kinds that are expected.
    """

    code: str
    name: str
    late: bool
    level: str
    word: str
    cells: tuple[CoverageCell, ...]


@dataclass(frozen=True)
class CoverageBar:
    """Parts of `total` in order: the look of a level ("" for what is simply known), a word, a
    count.
    """

    total: int
    parts: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True)
class SourceCoverage:
    """One kind of source of which somebody told: what is said of it, its communes by state (None:
    not expected).
    """

    name: str
    sentence: str
    on_time: str
    bar: CoverageBar | None


def list_reporting_kinds(source_freshness: Freshness) -> list[str]:
    """The kinds that told of anybody, those expected first."""
    return [
        source_kind
        for source_kind in source_freshness.kinds
        if source_freshness.per_kind.at[source_kind, "told"]
    ]


def name_unreported_kinds(source_freshness: Freshness, kind_words: Mapping[str, str]) -> list[str]:
    """The words of the kinds that are expected and of which nobody was ever told."""
    table = source_freshness.per_kind
    return [
        kind_words.get(source_kind, source_kind)
        for source_kind in table.index[(table["told"] == 0) & table["expected_every_days"].notna()]
    ]


def _expected_kinds(source_freshness: Freshness) -> Flags:
    """Which kinds are expected and told of anybody: whose silence says something of a commune."""
    table = source_freshness.per_kind
    return np.asarray((table["told"] > 0) & table["expected_every_days"].notna(), dtype=np.bool_)


def find_worst_states(source_freshness: Freshness) -> freshness.States:
    """Per commune the worst state over the kinds that are expected and come: fresh < late < silent
    < never.

    NOT_EXPECTED where there is no such kind.
    """
    states = source_freshness.state[:, _expected_kinds(source_freshness)]
    if not states.shape[1]:
        return np.full(len(source_freshness.codes), freshness.NOT_EXPECTED, dtype=np.int8)
    return np.asarray(states.max(axis=1), dtype=np.int8)


def list_coverage_rows(report: Report) -> list[CoverageRow]:
    """Every commune, the most silent first: by its worst state, by how many kinds are in it, then
    by age.
    """
    source_freshness = report.sources.freshness
    state = source_freshness.state[:, _expected_kinds(source_freshness)]
    overall = find_worst_states(source_freshness)
    kinds_in_worst = (state == overall[:, None]).sum(axis=1)
    age = np.nan_to_num(source_freshness.age[:, _expected_kinds(source_freshness)]).sum(axis=1)
    columns = [
        _source_column(report, source_kind)
        for source_kind in list_reporting_kinds(source_freshness)
    ]
    names = report.communes["name"].tolist()
    rows = []
    for position in np.lexsort((-age, -kinds_in_worst, -overall)).tolist():
        level, word = STATE_LOOKS.get(int(overall[position]), ("", ""))
        late = freshness.FRESH < overall[position] < freshness.NOT_EXPECTED
        rows.append(
            CoverageRow(
                source_freshness.codes[position],
                names[position],
                late,
                level,
                word,
                tuple(column[position] for column in columns),
            )
        )
    return rows


def _source_column(report: Report, source_kind: str) -> list[CoverageCell]:
    source_freshness = report.sources.freshness
    column = source_freshness.kinds.index(source_kind)
    on_time = report.sources.on_time_reporting.get(source_kind)
    expected = bool(_expected_kinds(source_freshness)[column])
    periods = [""] * len(source_freshness.codes)
    if on_time is not None:
        periods = [
            f"{reported}/{slots} kỳ" if slots else ""
            for reported, slots in zip(on_time["told"], on_time["slots"], strict=True)
        ]
    return [
        _coverage_cell(int(state), age, expected, period)
        for state, age, period in zip(
            source_freshness.state[:, column],
            source_freshness.age[:, column].tolist(),
            periods,
            strict=True,
        )
    ]


def _coverage_cell(state: int, days: float, expected: bool, periods: str) -> CoverageCell:
    level, word = (
        STATE_LOOKS.get(state, ("", "")) if expected else ("", NO_DATA if np.isnan(days) else "")
    )
    return CoverageCell(
        level, word, days, "" if np.isnan(days) else text.format_age(int(days)), periods
    )


def describe_reporting_kinds(report: Report, kind_words: Mapping[str, str]) -> list[SourceCoverage]:
    """What is said of each kind that comes: newest day, rhythm, communes by state, reports made in
    90 days.
    """
    source_freshness = report.sources.freshness
    return [
        _describe_source(report, source_kind, kind_words.get(source_kind, source_kind))
        for source_kind in list_reporting_kinds(source_freshness)
    ]


def _describe_source(report: Report, source_kind: str, name: str) -> SourceCoverage:
    row = report.sources.freshness.per_kind.loc[source_kind]
    total = len(report.codes)
    part = text.format_part(row["told"], total)
    share = text.format_percent(row["told"] / total)
    communes_reporting = f"{part} đơn vị có số liệu ({share})"
    sentence = f"{communes_reporting}, mới nhất {text.format_day(row['newest'])}"
    if np.isnan(row["expected_every_days"]):
        return SourceCoverage(
            name, f"{sentence}; không định kỳ, nên không tính chậm báo cáo.", "", None
        )
    counts = [
        (*STATE_LOOKS[state], int(row[freshness.FRESHNESS_NAMES[state]])) for state in STATE_LOOKS
    ]
    on_time = report.sources.on_time_reporting[source_kind]
    if on_time["slots"].any():
        on_time_share = text.format_share(
            int(on_time["told"].sum()), of=int(on_time["slots"].sum())
        )
    else:
        on_time_share = NO_PERIOD
    return SourceCoverage(
        name,
        f"{sentence}; định kỳ: {format_rhythm(row['expected_every_days'])}.",
        on_time_share,
        CoverageBar(total, tuple(counts)),
    )


def format_rhythm(days: float) -> str:
    """How often a kind is expected: `hằng ngày`, `mỗi 7 ngày`."""
    return "hằng ngày" if days == 1 else f"mỗi {text.format_number(days)} ngày"


@dataclass(frozen=True)
class CompletenessRow:
    """Criteria (code and name) of which equally much is known, and of how many communes that is."""

    criteria: tuple[tuple[str, str], ...]
    bar: CoverageBar


def list_completeness(report: Report) -> list[CompletenessRow]:
    """Of how many communes a value in date is known, the least known criteria first; equal ones
    stand together.
    """
    names = {
        judged.criterion.code: judged.criterion.name
        for judged in report.readiness.assessment.assessments
    }
    counts = report.sources.completeness.sort_values(["in_date", "stale"], kind="stable")
    return [
        CompletenessRow(
            tuple((str(code), names[str(code)]) for code in equally_known.index),
            CoverageBar(
                int(equally_known["communes"].iloc[0]),
                (
                    ("", "Còn hạn", in_date),
                    ("stale", "Số liệu cũ", stale),
                    ("unknown", "Chưa có", never),
                ),
            ),
        )
        for (in_date, stale, never), equally_known in counts.groupby(["in_date", "stale", "never"])
    ]
