"""One commune of a report: where it stands in the arrays, and the words that its pages share."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.criteria import Criterion
from dashboard.indicators.report import Report
from dashboard.views import explain, theme

# The word of each level, by its number.
WORDS = [theme.LEVELS[name].word for name in levels.NAMES]


@dataclass(frozen=True)
class One:
    """One commune of a report: its code and place in the report's arrays."""

    report: Report
    code: str

    @property
    def at(self) -> int:
        return self.report.codes.index(self.code)

    @property
    def name(self) -> str:
        return str(self.report.communes.at[self.code, "name"])

    @property
    def level(self) -> str:
        return levels.NAMES[self.report.readiness.overall[self.at, 0]]


def short_value(criterion: Criterion, value: float) -> str:
    """A value without its counts: `85,5 Mbps`, `68 %`."""
    if criterion.kind == "ratio":
        return text.percent(value, 0)
    return f"{explain.amount(value)} {criterion.unit}".strip()
