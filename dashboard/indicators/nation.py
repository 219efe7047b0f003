"""The whole country at a glance: of each province one small summary of a day.

A summary needs only the last value of each measure, so no province's history is read for it. It
says what is known and by whom; nothing here compares one province with another, as their sources
differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import pandas as pd

from dashboard.indicators import levels
from dashboard.indicators.criteria import Criteria
from dashboard.indicators.readiness.assessment import assess_readiness
from dashboard.indicators.readiness.history import History
from dashboard.measures import PROBED

# Who can tell of a commune, in the order of the screen.
SOURCES = ("declared", "verified", "probed", "dossiers", "certificates")


@dataclass(frozen=True)
class ProvinceFile:
    """The newest file of a kind and origin that counts: `kind` as sources name it, `origin` of
    batch.Origin.
    """

    kind: str
    origin: str
    as_of: datetime


@dataclass(frozen=True)
class ProvinceDigest:
    """One province on a day.

    units    how many communes it has.
    levels   how many are at each of levels.LEVEL_NAMES; they add up to `units`.
    told     of how many each of SOURCES ever told by that day; a source that told of none is not
             in it.
    as_of    the newest day of any value of readiness; None: nobody told one.
    files    the files that count by that day.
    """

    province: str
    units: int
    levels: Mapping[str, int]
    told: Mapping[str, int] = field(default_factory=dict)
    as_of: date | None = None
    files: tuple[ProvinceFile, ...] = ()

    @property
    def has_data(self) -> bool:
        """Whether anybody told anything of any commune."""
        return bool(self.told)

    @property
    def not_rated(self) -> int:
        """Units of which nobody told what is needed, or too long ago."""
        return self.levels["unknown"] + self.levels["stale"]


def summarise_silence(province: str, units: int) -> ProvinceDigest:
    """A province of which nothing was told."""
    counts = dict.fromkeys(levels.LEVEL_NAMES, 0) | {"unknown": units}
    return ProvinceDigest(province, units, counts)


def summarise_province(
    province: str,
    codes: Sequence[str],
    readings: pd.DataFrame,
    counted: Mapping[str, int],
    files: Sequence[ProvinceFile],
    criteria: Criteria,
    day: date,
) -> ProvinceDigest:
    """The summary of a province on a day.

    `readings`: the last ones by that day: commune_code, measure, basis, as_of (datetime64), value.
    `counted`: of how many communes dossiers and certificates were told.
    """
    overall = assess_readiness(History(readings, codes), criteria, day).overall
    told = {**_count_told(readings), **counted}
    return ProvinceDigest(
        province,
        len(codes),
        levels.count_levels(overall),
        {source: told[source] for source in SOURCES if told.get(source)},
        readings["as_of"].max().date() if len(readings) else None,
        tuple(files),
    )


def _count_told(readings: pd.DataFrame) -> dict[str, int]:
    probed = readings["measure"].isin(PROBED)
    declared = readings["basis"] == "declared"
    rows_of = {
        "declared": declared & ~probed,
        "verified": ~declared & ~probed,
        "probed": probed,
    }
    return {
        source: int(readings.loc[rows, "commune_code"].nunique())
        for source, rows in rows_of.items()
    }
