"""Which communes of a province lie beside each other: those whose outlines touch."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import shapely

from dashboard import reference
from dashboard.outlines.loading import Outline

# Outlines are kept to four decimals, so two sides of one border may lie 11 m apart; in degrees.
GAP = 0.0002


class _Key:
    """An outline set known by its fingerprint: a cache must not compare geometries."""

    def __init__(self, outline: Outline) -> None:
        self.outline, self.name = outline, (outline.province, outline.fingerprint)

    def __hash__(self) -> int:
        return hash(self.name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.name == other.name


def neighbours(outline: Outline) -> Mapping[str, tuple[str, ...]]:
    """Per commune code of the province those that its outline touches, in the order of the screen.

    An island or a commune without an outline touches none: empty. Found once per set of outlines.
    """
    return _found(_Key(outline))


@lru_cache(maxsize=40)
def _found(key: _Key) -> Mapping[str, tuple[str, ...]]:
    communes = [str(code) for code in reference.communes_of(key.outline.province).index]
    codes = [code for code in communes if code in key.outline.features]
    shapes = np.array([key.outline.features[code] for code in codes], dtype=object)
    beside: dict[str, list[int]] = {code: [] for code in communes}
    pairs = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=GAP)
    for one, other in pairs.T.tolist():
        if one != other:
            beside[codes[one]].append(other)
    return {code: tuple(codes[other] for other in sorted(others)) for code, others in beside.items()}
