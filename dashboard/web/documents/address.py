"""What the address says a page shows. Junk falls back: links get cut, guessed and attacked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dashboard import reference
from dashboard.reference import FIRST_DAY


@dataclass(frozen=True)
class PageView:
    """Which province on which day; `as_of` None is live, today's view that moves on by itself."""

    province: str
    as_of: date | None = None

    @classmethod
    def from_query(
        cls, query: Mapping[str, str], *, default_province: str, today: date
    ) -> PageView:
        """The view that an address asks for; unknown provinces and impossible days fall back."""
        return cls(
            choose_province(query, default_province), parse_day_param(query.get("as_of", ""), today)
        )

    def to_query(self) -> dict[str, str]:
        """The address of this view; `from_query` reads it back."""
        day_field = {"as_of": self.as_of.isoformat()} if self.as_of else {}
        return {"province": self.province, **day_field}

    def day(self, today: date) -> date:
        """The day whose picture is shown."""
        return self.as_of or today


def choose_province(query: Mapping[str, str], default_province: str) -> str:
    """The province that an address names; the default where it names none of the 34."""
    province = query.get("province", "")
    return province if province in reference.load_province_names() else default_province


def parse_day_param(written: str, today: date) -> date | None:
    """A day from the first one with figures to today; None for junk."""
    try:
        day = date.fromisoformat(written) if len(written) == 10 else None
    except ValueError:
        return None
    return day if day and FIRST_DAY <= day <= today else None
