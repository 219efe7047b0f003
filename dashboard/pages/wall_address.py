"""What a wall screen asks for: province, scenes in their order, a fixed group of communes, the last meeting's day.

Junk falls back, as everywhere: a screen's address is typed once, by hand, and then nobody looks at it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dashboard import reference
from dashboard.reports import FIRST_DAY
from dashboard.views.wall import SCENES

# The largest province has fewer communes; a longer list is no list of communes.
MOST_COMMUNES = 400


@dataclass(frozen=True)
class WallView:
    """`group` empty: all communes of the province; `since` None: since yesterday."""

    province: str
    scenes: tuple[str, ...] = tuple(SCENES)
    group: tuple[str, ...] = ()
    since: date | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str], *, default_province: str, today: date) -> WallView:
        """The view that a query asks for; unknown scenes, communes and days are left out."""
        province = query.get("province", "")
        scenes = tuple(dict.fromkeys(name for name in _list(query, "scenes") if name in SCENES))
        group = tuple(code for code in _list(query, "group") if re.fullmatch(r"[0-9]{5}", code))
        return cls(
            province if province in reference.provinces() else default_province,
            scenes or tuple(SCENES),
            tuple(sorted(set(group)))[:MOST_COMMUNES],
            _day(query.get("since", ""), today),
        )

    def to_query(self) -> dict[str, str]:
        """The query of this view; `from_query` reads it back."""
        every = self.scenes == tuple(SCENES)
        fields = {
            "province": self.province,
            "scenes": "" if every else ",".join(self.scenes),
            "group": ",".join(self.group),
            "since": self.since.isoformat() if self.since else "",
        }
        return {name: value for name, value in fields.items() if value}


def _list(query: Mapping[str, str], name: str) -> list[str]:
    return [one.strip() for one in query.get(name, "").split(",")[: 2 * MOST_COMMUNES]]


def _day(written: str, today: date) -> date | None:
    try:
        day = date.fromisoformat(written) if len(written) == 10 else None
    except ValueError:
        return None
    return day if day and FIRST_DAY <= day <= today else None
