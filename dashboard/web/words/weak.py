"""The communes on which something is to do: what the lists of /thieu-gi and /to-cong-tac have in
common.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.indicators.levels import LEVEL_NAMES, Flags
from dashboard.indicators.readiness import gaps
from dashboard.indicators.readiness.gaps import RECHECK, REPORT
from dashboard.indicators.report import Report
from dashboard.web import theme
from dashboard.web.words import commune_panel

CONTRADICTED = "contradicted"
FIX_FILTERS = {**commune_panel.FIX_WORDS, REPORT: "Báo cáo", RECHECK: "Phúc tra"}
# Worst first, as one looks for them; green stands in no list of this kind.
LEVEL_FILTERS = {
    **{code: theme.LEVELS[code].word for code in ("red", "yellow")},
    CONTRADICTED: "Khác kiểm tra",
    **{code: theme.LEVELS[code].word for code in ("stale", "unknown")},
}


@dataclass(frozen=True)
class WeakCommune:
    """One commune, `position` its place in the report: level, and what lists are narrowed by (codes
    of LEVELS, FIXES, DIMENSIONS); `way` its way to green in words, a line a kind of fix, `steps`
    how many things that are to be done."""

    position: int
    code: str
    name: str
    level: str
    levels: tuple[str, ...]
    fixes: tuple[str, ...]
    dimensions: tuple[str, ...]
    way: tuple[str, ...]
    steps: int

    @property
    def nearness(self) -> int:
        """Sorts the nearest to green first; who only has to report may lack anything, and comes
        last.
        """
        unknown = self.fixes == (REPORT,)
        return (unknown * 1_000 + self.steps) * 10_000 + self.position


def list_weak_communes(report: Report) -> list[WeakCommune]:
    """Every commune with a gap, nothing in date, or a visit that found otherwise; in the order of
    the screen.
    """
    overall = report.readiness.assessment.overall[:, 0]
    contradicted = report.readiness.visit_priority.contradicted
    names = report.communes["name"].tolist()
    ways = commune_panel.list_ways_to_green(report.readiness.gaps)
    weak_communes = []
    for position, code in enumerate(report.codes):
        level = LEVEL_NAMES[overall[position]]
        level_filters = (level, CONTRADICTED) if contradicted[position] else (level,)
        if level == "green" and not ways[position] and not contradicted[position]:
            continue
        weak_communes.append(
            WeakCommune(
                position,
                code,
                names[position],
                level,
                level_filters,
                _codes_of_commune(report.readiness.communes_by_fix, position),
                _codes_of_commune(report.readiness.communes_by_dimension, position),
                tuple(ways[position]),
                gaps.count_steps(gaps.list_gap_steps(report.readiness.gaps, position)),
            )
        )
    return weak_communes


def _codes_of_commune(flags: Mapping[str, Flags], position: int) -> tuple[str, ...]:
    return tuple(code for code, communes in flags.items() if communes[position])
