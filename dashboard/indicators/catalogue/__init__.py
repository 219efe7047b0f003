"""The catalogue of indicators: each with unit, formula, source, edge cases and an example that is computed.

`python -m dashboard.indicators.catalogue` prints docs/indicators.md; the page /chi-so shows the same in Vietnamese.
"""

from __future__ import annotations

from typing import Final

from dashboard.indicators.catalogue import (
    bottlenecks,
    comparing,
    counts,
    criteria,
    levels,
    moving,
    places,
    rates,
    reading,
    signals,
    sources,
    telling,
    times,
    way,
)
from dashboard.indicators.catalogue.entry import Group, Indicator

GROUPS: Final[tuple[Group, ...]] = (
    *(criteria.GROUP, levels.GROUP, moving.GROUP, way.GROUP, bottlenecks.GROUP),
    *(counts.GROUP, sources.GROUP, rates.GROUP, reading.GROUP, times.GROUP, comparing.GROUP, places.GROUP),
    *(signals.GROUP, telling.GROUP),
)
INDICATORS: Final[dict[str, Indicator]] = {one.code: one for group in GROUPS for one in group.indicators}
