"""Probes of one commune and day, kept small: how many, how many up, and the median of the speeds."""

from __future__ import annotations

import math
from array import array

# A probe every 20 seconds; a day with more is kept in bins of half a percent.
EXACT = 4_320
_STEP = math.log(1.005)
_LOWEST = 0.01


class ProbeDay:
    """Up to EXACT speeds are kept as they are (4 bytes each); beyond that they are counted in bins."""

    __slots__ = ("_bins", "_speeds", "probes", "up")

    def __init__(self) -> None:
        self.probes = self.up = 0
        self._speeds = array("f")
        self._bins: dict[int, int] | None = None

    def add(self, up: bool | None, mbps: float | None) -> None:
        """One probe. A speed counts only where the line was not down: what is down has no speed."""
        if up is not None:
            self.probes += 1
            self.up += up
        if mbps is not None and up is not False:
            if self._bins is None:
                self._speeds.append(mbps)
                if len(self._speeds) > EXACT:
                    self._fold()
            else:
                self._count(mbps)

    def merge(self, other: ProbeDay) -> None:
        """Take over what another spelling of the same commune collected."""
        self.probes += other.probes
        self.up += other.up
        for mbps in other._speeds:
            self.add(None, mbps)
        for place, count in (other._bins or {}).items():
            if self._bins is None:
                self._fold()
            assert self._bins is not None
            self._bins[place] = self._bins.get(place, 0) + count

    def _fold(self) -> None:
        self._bins = {}
        for mbps in self._speeds:
            self._count(mbps)
        self._speeds = array("f")

    def _count(self, mbps: float) -> None:
        assert self._bins is not None
        place = -1 if mbps < _LOWEST else round(math.log(mbps / _LOWEST) / _STEP)
        self._bins[place] = self._bins.get(place, 0) + 1

    @property
    def uptime(self) -> float | None:
        """Probes that were up ÷ probes; None without probes."""
        return self.up / self.probes if self.probes else None

    @property
    def median(self) -> float | None:
        """The middle speed in Mbps (of an even number the mean of the middle two); from bins within 0.5 %."""
        if self._bins is None:
            ordered = sorted(self._speeds)
            if not ordered:
                return None
            middle = len(ordered) // 2
            both = ordered[middle], ordered[middle - 1 + len(ordered) % 2]
            return round(sum(both) / 2, 3)
        half, seen = sum(self._bins.values()) / 2, 0
        for place in sorted(self._bins):
            seen += self._bins[place]
            if seen >= half:
                return 0.0 if place < 0 else round(_LOWEST * math.exp(place * _STEP), 3)
        return None
