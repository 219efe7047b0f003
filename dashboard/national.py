"""The summaries of all provinces, kept: each by its province's own stamp, so that a file of one
province makes one of them anew and no other.

A summary is a few dozen numbers. What it is made from, some thousand rows, is asked a province at a
time and let go; whole reports are none of it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from functools import partial

from sqlalchemy import Engine

from dashboard import reference
from dashboard.cache import SingleFlightCache
from dashboard.data_version import DataVersion
from dashboard.indicators.criteria import Criteria
from dashboard.indicators.nation import (
    ProvinceDigest,
    ProvinceFile,
    summarise_province,
    summarise_silence,
)
from dashboard.store import provinces

# 34 provinces on the days that are looked at: the live one, and those that somebody steps through.
_KEPT_SUMMARIES = 34 * 16


class NationalSummaries:
    """One summary a province and day. Safe to share between threads."""

    def __init__(
        self,
        engine: Engine,
        criteria: Criteria,
        read_version: Callable[[DataVersion], AbstractContextManager[None]],
    ) -> None:
        """`read_version`: questions inside are answered from that version."""
        self._engine = engine
        self._criteria = criteria
        self._read_version = read_version
        self._stamps = SingleFlightCache(4, "stamps")
        # (province, day, store, stamp): all that a summary depends on.
        self._summaries = SingleFlightCache(_KEPT_SUMMARIES, "summaries")

    def list_summaries(self, day: date, version: DataVersion) -> tuple[ProvinceDigest, ...]:
        """Every province on a day, in the order of the official codes, from north to south."""
        stamps = self.stamp_provinces(version)
        summaries = []
        for province in sorted(reference.load_province_names()):
            if province in stamps:
                key = (province, day, version.store_id, stamps[province])
                make = partial(self._summarise, province, day, version)
                summaries.append(self._summaries.get(key, make))
            else:
                summaries.append(summarise_silence(province, _count_units(province)))
        return tuple(summaries)

    def stamp_provinces(self, version: DataVersion) -> dict[str, str]:
        """Of each province with files the word that changes when any of them comes or goes."""
        return self._stamps.get(version, lambda: self._fetch_stamps(version))

    def _fetch_stamps(self, version: DataVersion) -> dict[str, str]:
        with self._read_version(version):
            return provinces.stamp_provinces(self._engine)

    def _summarise(self, province: str, day: date, version: DataVersion) -> ProvinceDigest:
        with self._read_version(version):
            readings = provinces.fetch_newest_readings(self._engine, province, day)
            counted = provinces.count_communes_told(self._engine, province, day)
            files = provinces.fetch_newest_files(self._engine, province, day)
        codes = [str(code) for code in reference.select_communes_of_province(province).index]
        newest_files = [
            ProvinceFile(str(row.kind), str(row.origin), row.as_of.to_pydatetime())
            for row in files.itertuples()
        ]
        return summarise_province(
            province, codes, readings, counted, newest_files, self._criteria, day
        )


def _count_units(province: str) -> int:
    return len(reference.select_communes_of_province(province))
