"""How one gets from a period to others: the one before and after, another length, any days."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dashboard.indicators.periods import Period
from dashboard.pages.period_asked import NATURAL, Chosen
from dashboard.reports import FIRST_DAY
from dashboard.views import dossier_words as words

_GRAINS = {"week": "Tuần", "month": "Tháng", "quarter": "Quý", "year": "Năm"}


def period_links(chosen: Chosen, address: Callable[[Period | None], str]) -> dict[str, Any]:
    """What periods.html writes; `address` gives the page's address for a period, None: the newest."""
    whole = chosen.whole
    grain = "" if whole is None else whole.grain

    def link(period: Period | None) -> tuple[str, str] | None:
        return None if period is None else (address(period), words.named(period))

    first, last = (chosen.today, chosen.today) if whole is None else (whole.first, min(whole.last, chosen.today))
    return {
        "named": words.named(whole) if whole else "chưa có kỳ nào",
        "running": whole is not None and whole.last > chosen.today,
        "earlier": link(chosen.earlier),
        "later": link(chosen.later),
        "newest": None if chosen.newest else address(None),
        "grains": [
            (address(chosen.of_grain(code)), word, code == grain) for code, word in _GRAINS.items() if code in NATURAL
        ],
        "first": first,
        "last": last,
        "least": FIRST_DAY,
        "most": chosen.today,
    }
