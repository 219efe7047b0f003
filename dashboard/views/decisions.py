"""The lines beside the map: what needs a decision today, and which fix turns most communes green."""

from __future__ import annotations

from typing import Any

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.report import Report
from dashboard.views.explain import NO_DATA
from dashboard.views.signal_words import signal_lines, since_words
from dashboard.views.told import FIXES

NOTHING = "Không có việc cần quyết."


def decisions(report: Report) -> dict[str, Any]:
    """`lines` (at most five: code, title, reason, since, and the places of its communes in `codes`, worst first),
    and `empty`, what is said where there is none."""
    place = {code: at for at, code in enumerate(report.codes)}
    names = dict(zip(report.codes, report.communes["name"], strict=True))
    lines = [
        {
            **{name: line[name] for name in ("code", "title", "reason")},
            "since": since_words(line["since"], report.today),
            "communes": [place[code] for code in line["communes"]],
        }
        for line in signal_lines(report.signals, names)
    ]
    return {"lines": lines, "empty": NOTHING if _anything_told(report) else f"{NO_DATA.capitalize()}."}


def _anything_told(report: Report) -> bool:
    """Where nobody ever told anything, that nothing needs a decision would be a lie."""
    silent = levels.counts(report.readiness.overall)["unknown"] == len(report.codes)
    return not silent or report.dossiers.answer is not None


def bottleneck(report: Report) -> str:
    """The criterion whose fix turns most communes green, and the best two together, in one line; "" where all are."""
    counts = levels.counts(report.readiness.overall)
    if counts["unknown"] + counts["stale"] == len(report.codes):
        return NO_DATA
    if counts["green"] == len(report.codes):
        return "mọi xã đã xanh"
    criteria = {criterion.code: criterion for criterion in report.gaps.criteria}

    def named(code: str) -> str:
        brief = criteria[code].brief
        return brief[:1].lower() + brief[1:]

    parts = []
    singles, pairs = report.bottlenecks, report.bottleneck_pairs
    if len(singles) and singles["turned"].iat[0]:
        code, turned = singles["criterion"].iat[0], int(singles["turned"].iat[0])
        fix = FIXES.get(criteria[code].fix, "").lower()
        parts.append(f"{fix} {named(code)}: thêm {text.number(turned)} xã xanh".strip())
    if len(pairs):
        both = f"{named(pairs['first'].iat[0])} và {named(pairs['second'].iat[0])}"
        parts.append(f"{both}: thêm {text.number(int(pairs['turned'].iat[0]))}")
    return "; ".join(parts) or "không tiêu chí nào một mình làm thêm xã xanh"
