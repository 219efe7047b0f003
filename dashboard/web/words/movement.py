"""What changed since an earlier day: who turned green, went red or fell silent, and why, commune by
commune.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.levels import GREEN, RED, STALE, YELLOW, Flags, Levels
from dashboard.indicators.readiness.changes import ABSENT, LevelChanges
from dashboard.indicators.report import Report
from dashboard.reference import FIRST_DAY
from dashboard.web import theme
from dashboard.web.words.commune_panel import name_change_cause
from dashboard.web.words.explain import LETTERS

COMMUNES_NAMED = 4  # as many communes as a line can name and still be read
CRITERIA_NAMED = 3
SPOKE = "có báo cáo"


def describe_movement(report: Report, since: date) -> dict[str, Any]:
    """`groups`: counts with names, what needs attention first; every commune that moved is in
    exactly one.

    `balance`: `Xanh 49 → 51, Đỏ 16 → 15`, whether it is better at all.

    `rows`: per commune its place in `codes`, the letters of its level then and now, and why.
    `words` is the whole in one line, `empty` what is said where nothing can be compared or nothing
    moved.
    """
    changes = report.readiness.changes_since(since)
    before = changes.overall_before
    now = changes.overall_now
    movement: dict[str, Any] = {"since": since.isoformat(), "groups": [], "rows": []}
    movement |= {"words": "", "balance": "", "empty": ""}
    if since < FIRST_DAY or (before >= STALE).all():
        return movement | {
            "empty": f"chưa đủ kỳ: ngày {text.format_day(since)} chưa có số liệu để so"
        }
    if (before == now).all():
        return movement | {"empty": "không đơn vị nào đổi mức"}
    names = report.communes["name"].tolist()
    groups = group_movement(before, now)
    lines = [
        _movement_line(title, which, changes, names)
        for title, which in groups.items()
        if which.any()
    ]
    order = [position for which in groups.values() for position in np.flatnonzero(which).tolist()]
    return movement | {
        "groups": lines,
        "words": ", ".join(line["title"] for line in lines),
        "balance": _tell_balance(before, now),
        "rows": [
            [
                position,
                LETTERS[before[position]],
                LETTERS[now[position]],
                tell_movement_reason(report, changes, position),
            ]
            for position in order
        ],
    }


def _tell_balance(before: Levels, now: Levels) -> str:
    """How many were green and red, and how many are."""
    phrases = []
    for level in (GREEN, RED):
        counts = [text.format_number(int((side == level).sum())) for side in (before, now)]
        phrases.append(f"{theme.LEVELS[levels.LEVEL_NAMES[level]].word} {' → '.join(counts)}")
    return ", ".join(phrases)


def group_movement(before: Levels, now: Levels) -> dict[str, Flags]:
    """Words → communes; together they are all whose level is another. Who was silent turned
    nothing: it spoke.
    """
    moved = before != now
    reported_before = before < STALE
    silent_now = now >= STALE
    changed = moved & reported_before
    return {
        "chuyển sang Đỏ": changed & (now == RED),
        "không còn Xanh": changed & (before == GREEN) & (now == YELLOW),
        "hết hiệu lực số liệu": changed & silent_now,
        "lên Xanh": changed & (now == GREEN),
        "ra khỏi Đỏ": changed & (before == RED) & (now == YELLOW),
        SPOKE: moved & ~reported_before & ~silent_now,
        "vẫn chưa có số liệu": moved & ~reported_before & silent_now,
    }


def _movement_line(
    words: str, which: Flags, changes: LevelChanges, names: list[str]
) -> dict[str, str]:
    positions = np.flatnonzero(which).tolist()
    title = f"{text.format_number(len(positions))} đơn vị {words}"
    red = int((changes.overall_before[which] == RED).sum())
    if red and words == "lên Xanh":
        title += f" ({text.format_number(red)} từ Đỏ)"
    if words == SPOKE:
        now = changes.overall_now[which]
        counts = [
            (int((now == level).sum()), word)
            for level, word in ((GREEN, "Xanh"), (YELLOW, "Vàng"), (RED, "Đỏ"))
        ]
        parts = [f"{text.format_number(count)} {word}" for count, word in counts if count]
        title += f" ({', '.join(parts)})"
    more = text.format_rest(len(positions) - COMMUNES_NAMED, "đơn vị")
    return {
        "title": title,
        "names": ", ".join(names[position] for position in positions[:COMMUNES_NAMED]) + more,
    }


def tell_movement_reason(report: Report, changes: LevelChanges, position: int) -> str:
    """`kiểm tra: đường truyền, máy scan`: the cause, and the criteria that went the same way."""
    better = _level_rank(changes.overall_now[position]) > _level_rank(
        changes.overall_before[position]
    )
    briefs = {
        judged.criterion.code: judged.criterion.short_name
        for judged in report.readiness.assessment.assessments
    }
    moved = [
        briefs.get(code, code)
        for code, was, now in zip(
            changes.criteria, changes.before[:, position], changes.now[:, position], strict=True
        )
        if was != now
        and ABSENT not in (was, now)
        and (_level_rank(now) > _level_rank(was)) == better
    ]
    shown = ", ".join(text.lower_first_letter(name) for name in moved[:CRITERIA_NAMED])
    more = text.format_rest(len(moved) - CRITERIA_NAMED, "tiêu chí")
    return name_change_cause(changes.overall_cause[position]) + (
        f": {shown}{more}" if moved else ""
    )


def _level_rank(level: int) -> int:
    """Silence below red: who is silent may be anything."""
    return -1 if level >= levels.STALE else int(level)
