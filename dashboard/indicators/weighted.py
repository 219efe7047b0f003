"""Figures of groups of alike dossiers: each row stands for as many dossiers as its weight says."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from dashboard.indicators.levels import Numbers

Whole = npt.NDArray[np.int64]


class Weighted:
    """Values of `size` groups, each counted as often as its weight: the same as one row a dossier, unrolled.

    `value`, `weight` (how many dossiers), `group` (0 to size - 1): whole numbers of one length. Every figure is
    an array over the groups, NaN where a group has no dossier.
    """

    def __init__(self, value: Whole, weight: Whole, group: Whole, size: int) -> None:
        order = np.lexsort((value, group))
        self._value, self._weight, self._group = value[order], weight[order], group[order]
        self._size = size

    @cached_property
    def total(self) -> Whole:
        """How many dossiers each group has."""
        return np.bincount(self._group, weights=self._weight, minlength=self._size).astype(np.int64)

    @property
    def mean(self) -> Numbers:
        """The mean over all dossiers of the group."""
        return self._share_of_total(self._value * self._weight)

    @property
    def median(self) -> Numbers:
        """The middle dossier's value, or the mean of the two in the middle."""
        return (self._at((self.total + 1) // 2) + self._at(self.total // 2 + 1)) / 2

    def percentile(self, percent: int) -> Numbers:
        """The smallest value that at least `percent` (1 to 100) of the group do not exceed (nearest rank).

        A value that some dossier really has, so that "9 of 10 are not older than" is literally true.
        """
        return self._at(-(-percent * self.total // 100))

    def share_within(self, limit: int) -> Numbers:
        """The share (0 to 1) whose value is at most `limit`."""
        return self._share_of_total(np.where(self._value <= limit, self._weight, 0))

    def _share_of_total(self, each: Whole) -> Numbers:
        whole = np.where(self.total > 0, self.total, np.nan)
        return np.bincount(self._group, weights=each, minlength=self._size) / whole

    @cached_property
    def _running(self) -> Whole:
        return np.cumsum(self._weight)

    def _at(self, rank: Whole) -> Numbers:
        """The value of the dossier of that rank (from 1) within each group."""
        out = np.full(self._size, np.nan)
        some = self.total > 0
        before = np.cumsum(self.total) - self.total
        out[some] = self._value[np.searchsorted(self._running, (before + rank)[some])]
        return out
