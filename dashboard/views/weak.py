"""The communes on which something is to do: what the lists of /thieu-gi and /to-cong-tac have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.indicators import gaps, levels
from dashboard.indicators.fixes import RECHECK
from dashboard.indicators.gaps import REPORT
from dashboard.indicators.levels import Flags
from dashboard.indicators.report import Report
from dashboard.views import theme, told

CONTRADICTED = "contradicted"
FIXES = {**told.FIXES, REPORT: "Báo cáo", RECHECK: "Phúc tra"}
# Worst first, as one looks for them; green stands in no list of this kind.
LEVELS = {
    **{code: theme.LEVELS[code].word for code in ("red", "yellow")},
    CONTRADICTED: "Khác kiểm tra",
    **{code: theme.LEVELS[code].word for code in ("stale", "unknown")},
}


@dataclass(frozen=True)
class Weak:
    """One commune, `at` its place in the report: level, and what lists are narrowed by (codes of LEVELS, FIXES,
    DIMENSIONS); `way` its way to green in words, a line a kind of fix, `steps` how many things that are to be done."""

    at: int
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
        """Sorts the nearest to green first; who only has to report may lack anything, and comes last."""
        unknown = self.fixes == (REPORT,)
        return (unknown * 1_000 + self.steps) * 10_000 + self.at


def weak(report: Report) -> list[Weak]:
    """Every commune with a gap, nothing in date, or a visit that found otherwise; in the order of the screen."""
    overall, contradicted = report.readiness.overall[:, 0], report.need.contradicted
    names, ways = report.communes["name"].tolist(), told.way_to_green(report.gaps)
    found = []
    for at, code in enumerate(report.codes):
        level = levels.NAMES[overall[at]]
        of_level = (level, CONTRADICTED) if contradicted[at] else (level,)
        if level == "green" and not ways[at] and not contradicted[at]:
            continue
        found.append(
            Weak(
                at,
                code,
                names[at],
                level,
                of_level,
                _where(report.communes_by_fix, at),
                _where(report.communes_by_dimension, at),
                tuple(ways[at]),
                gaps.to_do(gaps.way(report.gaps, at)),
            )
        )
    return found


def _where(flags: Mapping[str, Flags], at: int) -> tuple[str, ...]:
    return tuple(name for name, communes in flags.items() if communes[at])
