"""What changed since an earlier day: who turned green, went red or fell silent, and why, commune by commune."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.changes import ABSENT, Changes
from dashboard.indicators.criteria import FIRST_DAY
from dashboard.indicators.levels import GREEN, RED, STALE, YELLOW, Flags, Levels
from dashboard.indicators.report import Report
from dashboard.views.explain import LETTERS
from dashboard.views.told import cause

NAMED = 4  # as many communes as a line can name and still be read
CRITERIA_NAMED = 3
SPOKE = "có báo cáo"


def movement(report: Report, since: date) -> dict[str, Any]:
    """`groups`: counts with names, what needs attention first; every commune that moved is in exactly one.

    `rows`: per commune its place in `codes`, the letters of its level then and now, and why. `words` is the
    whole in one line, `empty` what is said where nothing can be compared or nothing moved.
    """
    found = report.changes_since(since)
    before, now = found.overall_before, found.overall_now
    told = {"since": since.isoformat(), "groups": [], "rows": [], "words": "", "empty": ""}
    if since < FIRST_DAY or (before >= STALE).all():
        return told | {"empty": f"chưa đủ kỳ: ngày {text.day(since)} chưa có số liệu để so"}
    if (before == now).all():
        return told | {"empty": "không xã nào đổi mức"}
    names = report.communes["name"].tolist()
    groups = _groups(before, now)
    lines = [_line(title, which, found, names) for title, which in groups.items() if which.any()]
    order = [at for which in groups.values() for at in np.flatnonzero(which).tolist()]
    return told | {
        "groups": lines,
        "words": ", ".join(line["title"] for line in lines),
        "rows": [[at, LETTERS[before[at]], LETTERS[now[at]], _why(report, found, at)] for at in order],
    }


def _groups(before: Levels, now: Levels) -> dict[str, Flags]:
    """Words → communes; together they are all whose level is another. Who was silent turned nothing: it spoke."""
    moved, known, silent = before != now, before < STALE, now >= STALE
    changed = moved & known
    return {
        "chuyển đỏ": changed & (now == RED),
        "mất xanh": changed & (before == GREEN) & (now == YELLOW),
        "hết hạn số liệu": changed & silent,
        "lên xanh": changed & (now == GREEN),
        "thoát đỏ": changed & (before == RED) & (now == YELLOW),
        SPOKE: moved & ~known & ~silent,
        "vẫn chưa biết": moved & ~known & silent,
    }


def _line(words: str, which: Flags, found: Changes, names: list[str]) -> dict[str, str]:
    places = np.flatnonzero(which).tolist()
    title = f"{text.number(len(places))} {words}"
    red = int((found.overall_before[which] == RED).sum())
    if red and words == "lên xanh":
        title += f" ({text.number(red)} từ đỏ)"
    if words == SPOKE:
        now = found.overall_now[which]
        counts = [(int((now == level).sum()), word) for level, word in ((GREEN, "xanh"), (YELLOW, "vàng"), (RED, "đỏ"))]
        title += f" ({', '.join(f'{text.number(count)} {word}' for count, word in counts if count)})"
    rest = len(places) - NAMED
    more = f" và {text.number(rest)} xã nữa" if rest > 0 else ""
    return {"title": title, "names": ", ".join(names[at] for at in places[:NAMED]) + more}


def _why(report: Report, found: Changes, at: int) -> str:
    """`kiểm tra: đường truyền, máy scan`: the cause, and the criteria that went the same way."""
    better = _rank(found.overall_now[at]) > _rank(found.overall_before[at])
    briefs = {judged.criterion.code: judged.criterion.brief for judged in report.readiness.judged}
    moved = [
        briefs.get(code, code)
        for code, was, now in zip(found.criteria, found.before[:, at], found.now[:, at], strict=True)
        if was != now and ABSENT not in (was, now) and (_rank(now) > _rank(was)) == better
    ]
    shown = ", ".join(name[:1].lower() + name[1:] for name in moved[:CRITERIA_NAMED])
    rest = len(moved) - CRITERIA_NAMED
    more = f" và {text.number(rest)} tiêu chí nữa" if rest > 0 else ""
    return cause(found.overall_cause[at]) + (f": {shown}{more}" if moved else "")


def _rank(level: int) -> int:
    """Silence below red: who is silent may be anything."""
    return -1 if level >= levels.STALE else int(level)
