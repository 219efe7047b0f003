"""Worked examples of readiness, computed by the indicators themselves on a few communes A, B, C …"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np

from dashboard.indicators import bottlenecks, fixes, gaps, levels
from dashboard.indicators import changes as changed_levels
from dashboard.indicators import need as in_need
from dashboard.indicators import pace as paces
from dashboard.indicators.catalogue import small_province as small
from dashboard.indicators.criteria import Criterion
from dashboard.indicators.distance import great_circle_km
from dashboard.indicators.readiness import Judged, green_over_time

Found = dict[str, Any]
_MONTH_AGO, _LONG_AGO = small.DAY - timedelta(days=31), small.DAY - timedelta(days=91)


def _one(rows: Any, criterion: Criterion) -> Judged:
    return small.judged(rows, criterion).judged[0]


def flag() -> Found:
    line, meeting = small.only("A", network_stable=0), small.only("A", online_meeting=0)
    return {"there": small.level_name(_one(small.only("A", online_meeting=1), small.MEETING).level[0, 0]),
            "missing": small.level_name(_one(meeting, small.MEETING).level[0, 0]),
            "essential": small.level_name(_one(line, small.STABLE).level[0, 0])}  # fmt: skip


def number() -> Found:
    return {
        f"at_{mbps}": small.level_name(_one(small.only("A", network_mbps=mbps), small.SPEED).level[0, 0])
        for mbps in (50, 35, 19)
    }


def ratio() -> Found:
    found = _one(small.only("A", signature_issued=17, signature_needed=20), small.SIGNATURES)
    none_needed = _one(small.only("A", signature_issued=0, signature_needed=0), small.SIGNATURES)
    return {"value": found.value[0, 0], "level": small.level_name(found.level[0, 0]),
            "none_needed": small.level_name(none_needed.level[0, 0])}  # fmt: skip


def silence() -> Found:
    rows = small.only("A", small.DAY - timedelta(days=30), network_mbps=80) + small.only(
        "B", _MONTH_AGO, network_mbps=80
    )
    found = small.judged(rows, small.SPEED, codes=("A", "B", "C")).judged[0]
    return {name: small.level_name(found.level[place, 0]) for place, name in enumerate(("in_date", "older", "never"))}


def verified() -> Found:
    own = small.only("A", network_mbps=80) + small.only("B", network_mbps=80)
    visits = small.only("A", small.DAY - timedelta(days=90), "verified", network_mbps=60)
    visits += small.only("B", _LONG_AGO, "verified", network_mbps=60)
    found = small.judged(own + visits, small.SPEED, codes=("A", "B")).judged[0]
    return {"fresh": found.value[0, 0], "expired": found.value[1, 0]}


def contradiction() -> Found:
    own = [row for code in "AB" for row in small.only(code, network_mbps=90)]
    visits = small.only("A", basis="verified", network_mbps=87) + small.only("B", basis="verified", network_mbps=35)
    found = small.judged(own + visits, small.SPEED, codes=("A", "B")).judged[0]
    return {"near": int(found.contradicted[0, 0]), "far": int(found.contradicted[1, 0])}


def dimension() -> Found:
    found = small.judged(small.only("A", network_mbps=60, signature_issued=15, signature_needed=20))
    return {
        name: small.level_name(found.dimensions[name][0, 0]) for name in ("network", "digital_signature", "devices")
    }


def overall() -> Found:
    changed: dict[str, dict[str, float]] = {"A": {}, "B": {"scanner_available": 0}, "C": {"network_mbps": 10}}
    rows = [row for code, values in changed.items() for row in small.declared(code, small.DAY, **values)]
    rows += [row for row in small.declared("D") if row[1] != "network_mbps"]
    found = small.judged(rows, codes=("A", "B", "C", "D")).overall[:, 0]
    return dict(zip(("all_met", "no_scanner", "slow", "speed_untold"), map(small.level_name, found), strict=True))


def green() -> Found:
    rows = small.declared("A") + small.declared("B") + small.declared("C", scanner_available=1)
    found = green_over_time(small.history(rows, ("A", "B", "C", "D")), small.CRITERIA, [small.DAY]).iloc[0]
    return {"green": found["green"], "yellow": found["yellow"], "unknown": found["unknown"], "communes": found.sum()}


def _lacking(**changed: float) -> gaps.Gaps:
    return gaps.gaps(small.judged(small.declared("A", small.DAY, **changed)))


def way() -> Found:
    """The steps of one commune, by criterion."""
    found = _lacking(scanner_available=1, signature_issued=18, network_mbps=12)
    return {f"{step.fix}": step.amount for step in gaps.way(found, 0)} | {"steps": len(gaps.way(found, 0))}


def _province() -> gaps.Gaps:
    """A lacks a scanner, B a scanner and two signatures, C a meeting link, D is silent about its scanners."""
    rows = small.declared("A", scanner_available=1)
    rows += small.declared("B", scanner_available=0, signature_issued=18)
    rows += small.declared("C", online_meeting=0)
    rows += [row for row in small.declared("D") if "scanner" not in row[1]]
    return gaps.gaps(small.judged(rows, codes=("A", "B", "C", "D")))


def shopping() -> Found:
    """The scanners on the list."""
    row = gaps.shopping_list(_province()).set_index("criterion").loc["scanner_coverage"]
    return {"amount": row["amount"], "communes": row["communes"], "report": row["report_communes"]}


def single() -> Found:
    """Scanners alone."""
    row = bottlenecks.singles(_province()).set_index("criterion").loc["scanner_coverage"]
    return {"turned": row["turned"], "lacking": row["lacking"]}


def pair() -> Found:
    """Scanners and signatures together."""
    row = bottlenecks.pairs(_province()).set_index(["first", "second"]).loc[("signature_coverage", "scanner_coverage")]
    return {"turned": row["turned"], "gain": row["gain"]}


def kinds() -> Found:
    """All purchases, and all purchases and issues."""
    turned = bottlenecks.kinds(_province()).set_index("fixes")["turned"]
    return {"buy": turned[("buy",)], "issue_buy": turned[("issue", "buy")]}


def reporting() -> Found:
    """The silent commune."""
    only = bottlenecks.reporting(_province())
    return {"communes": len(only.codes), "code": only.codes[0], "likely": len(only.likely)}


def by_fix() -> Found:
    """How many communes need each kind of step."""
    found = fixes.by_fix(_province())
    return {kind: found[kind].sum() for kind in ("buy", "issue", "arrange", "report", "repair")}


def need() -> Found:
    """To whom a task force goes and whom it calls."""
    rows = small.declared("A", scanner_available=1) + small.declared("B", network_mbps=10)
    rows += small.declared("C", scanner_available=1)
    rows += small.only("A", small.DAY - timedelta(days=10), "verified", network_mbps=80)
    seen = small.judged(rows, codes=("A", "B", "C", "D"))
    found = in_need.need(seen, gaps.gaps(seen))
    return {"visits": ", ".join(seen.codes[at] for at in found.visits),
            "calls": ", ".join(seen.codes[at] for at in found.calls)}  # fmt: skip


def distance() -> Found:
    """One degree of latitude."""
    return {"km": great_circle_km(15.0, 108.8, np.array([16.0]), np.array([108.8]))[0]}


def pace() -> Found:
    """Ten communes on nine Sundays, of which 1, 2, 3, 3, 4, 4, 5, 5 and 5 are green."""
    ends = [date(2026, 9, 6) + timedelta(weeks=week) for week in range(9)]
    green = np.arange(10)[:, None] < np.array([1, 2, 3, 3, 4, 4, 5, 5, 5])[None, :]
    found = paces.pace(np.where(green, levels.GREEN, levels.YELLOW).astype(np.int8), ends)
    return {"per_week": found.per_week, "says": found.says, "expected": found.expected, "earliest": found.earliest,
            "latest": found.latest}  # fmt: skip


def changes() -> Found:
    """The causes of the levels of three communes' speed after 40 days."""
    before, now = small.DAY - timedelta(days=40), small.DAY
    rows = small.only("A", before, network_mbps=80) + small.only("B", before, network_mbps=80)
    rows += small.only("C", before, network_mbps=80) + small.only("A", now, network_mbps=35)
    rows += small.only("B", now, "verified", network_mbps=15)
    found = changed_levels.changes(small.history(rows, ("A", "B", "C")), small.CRITERIA, before, now)
    causes = found.cause[found.criteria.index("network_speed")]
    return dict(zip(("told", "visited", "silent"), (changed_levels.CAUSES[cause] for cause in causes), strict=True))
