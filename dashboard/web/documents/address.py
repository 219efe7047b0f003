"""What the address says a page shows. Junk falls back: links get cut, guessed and attacked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dashboard import reference
from dashboard.indicators.criteria import FIRST_DAY


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
        province = query.get("province", "")
        return cls(
            province if province in reference.load_province_names() else default_province,
            _parse_day(query.get("as_of", ""), today),
        )

    def to_query(self) -> dict[str, str]:
        """The address of this view; `from_query` reads it back."""
        day_field = {"as_of": self.as_of.isoformat()} if self.as_of else {}
        return {"province": self.province, **day_field}

    def day(self, today: date) -> date:
        """The day whose picture is shown."""
        return self.as_of or today


def _parse_day(written: str, today: date) -> date | None:
    try:
        day = date.fromisoformat(written) if len(written) == 10 else None
    except ValueError:
        return None
    return day if day and FIRST_DAY <= day <= today else None
