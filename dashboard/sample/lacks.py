"""What the communes of the sample lack, and until when.

A commune lacks some of ISSUES at first; each lack ends on a day of its own, red ones before yellow
ones. Later some issues come back for weeks, or for good.
"""

from __future__ import annotations

import numpy as np

from dashboard.sample.conditions import FOR_GOOD, ISSUES, RED
from dashboard.sample.draw import Bools, Ints, chance
from dashboard.sample.provinces import GREEN_ON_13_JULY, Province

_LIKELY = np.array([0.16, 0.12, 0.25, 0.3, 0.5, 0.35, 0.4, 0.25, 0.3, 0.35, 0.4, 0.2, 0.3, 0.2, 0.35])


def lacks(province: Province, codes: list[str], wards: Bools, first_day: Ints, troubled: list[str]) -> Ints:
    """The day each issue of each commune ends: communes x ISSUES, 0 where it never was."""
    draw = chance(province.code, "lacks")
    size = len(codes)
    lacking = draw.random((size, len(ISSUES))) < _LIKELY * np.where(wards, 0.7, 1.0)[:, None]
    main = draw.integers(RED, len(ISSUES), size)
    lacking[np.arange(size), main] = True
    lacking[:, ISSUES.index("signatures_short")] |= lacking[:, ISSUES.index("signatures_lacking")]
    green_on = _green_days(province, draw, size, first_day)
    ends = green_on[:, None] * draw.uniform(0.35, 1.0, lacking.shape)
    ends[:, :RED] = green_on[:, None] * draw.uniform(0.15, 0.6, (size, RED))
    ends[np.arange(size), main] = green_on
    until: Ints = np.where(lacking, np.ceil(ends), 0).astype(np.int64)
    if province.all_green_by is None:
        red, yellow = _lasting(province, draw, size)
        main[red] = draw.integers(0, RED, int(red.sum()))
        lasting = _together(draw, main, 0.45) & lacking
        lasting[np.arange(size), main] = True
        until[lasting & (red | yellow)[:, None]] = FOR_GOOD
    for code in troubled:
        # Visited on day one and found in order again by 06/07 (day 5).
        until[codes.index(code), ISSUES.index("unstable")] = 5
    return until


def _green_days(province: Province, draw: np.random.Generator, size: int, first_day: Ints) -> Ints:
    """The day from which every first lack of a commune is mended."""
    if province.all_green_by is None:
        return np.exp(draw.normal(3.7, 0.7, np.shape(first_day))).clip(3, 300).astype(np.int64)
    reported = np.flatnonzero(first_day == 0)
    early = draw.permutation(reported)[:GREEN_ON_13_JULY]
    green_on = draw.integers(13, province.all_green_by + 1, size)
    green_on[early] = draw.integers(3, 13, len(early))
    return green_on


def returning(province: Province, lacks_until: Ints) -> tuple[Bools, Ints, Ints, Ints]:
    """Issues that come back: which, from what day, for how long, how often."""
    draw = chance(province.code, "returns")
    size = len(lacks_until)
    main = np.where(draw.random(size) < 0.3, draw.integers(0, RED, size), draw.integers(RED, len(ISSUES), size))
    mended = np.where(lacks_until < FOR_GOOD, lacks_until, 0).max(axis=1)
    start = np.maximum(mended + 30, draw.integers(45, 400, size))
    length, every = draw.integers(20, 60, size), draw.integers(160, 420, size)
    start[draw.random(size) > 0.65] = FOR_GOOD
    if province.all_green_by is not None:
        # All were green on one day; where readiness did not last, it was lost later, and for good.
        red, yellow = _lasting(province, draw, size)
        lost = red | yellow
        start[lost] = draw.integers(60, 400, int(lost.sum()))
        length[lost], every[lost] = FOR_GOOD, FOR_GOOD
        main[yellow] = draw.integers(RED, len(ISSUES), int(yellow.sum()))
        main[red] = draw.integers(0, RED, int(red.sum()))
    return _together(draw, main, 0.15), start, length, every


def _lasting(province: Province, draw: np.random.Generator, size: int) -> tuple[Bools, Bools]:
    """Which communes end red, which yellow."""
    kind = draw.random(size)
    red = kind < province.lasting_red
    return red, ~red & (kind < province.lasting_red + province.lasting_yellow)


def _together(draw: np.random.Generator, main: Ints, likely: float) -> Bools:
    """Communes x ISSUES: the main issue and some others with it, red ones only beside a red one."""
    together = draw.random((len(main), len(ISSUES))) < likely
    together[main >= RED, :RED] = False
    together[np.arange(len(main)), main] = True
    return together
