"""Who has to do something: communes by the kind of fix that is open there, and by the dimension that it is open in."""

from __future__ import annotations

import numpy as np

from dashboard.indicators.criteria import DIMENSIONS, FIXES
from dashboard.indicators.gaps import REPORT, Gaps
from dashboard.indicators.levels import Flags

# Beside the fixes of a criterion and the report: what a visit found short, only another visit clears.
RECHECK = "recheck"


def by_fix(found: Gaps) -> dict[str, Flags]:
    """Per kind of fix (criteria.FIXES, then "report" and "recheck"), which communes need it; in that order.

    A commune may need several. A report is what unknown and old values need, whatever fix follows.
    """
    kinds = {
        str(fix): _any(found.lacks[np.array([criterion.fix == fix for criterion in found.criteria], dtype=np.bool_)])
        for fix in FIXES
    }
    return {**kinds, REPORT: _any(found.silent), RECHECK: _any(found.recheck & found.lacks)}


def by_dimension(found: Gaps) -> dict[str, Flags]:
    """Per dimension, in which communes something stands open in it: missing, or not known."""
    dimensions = np.array([criterion.dimension for criterion in found.criteria], dtype=np.str_)
    return {name: _any(found.open[dimensions == name]) for name in DIMENSIONS}


def _any(flags: Flags) -> Flags:
    """In which communes (second axis) any of the flags stands."""
    return np.asarray(flags.any(axis=0))
