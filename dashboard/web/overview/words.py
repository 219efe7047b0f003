"""The lines beside the map: what needs a decision, who is most in need, what changed, which fix
turns most green.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.freshness.freshness import DAYS_OF_WEEK
from dashboard.indicators.levels import GREEN, RED, STALE, YELLOW, Flags, Levels
from dashboard.indicators.readiness.changes import ABSENT, LevelChanges
from dashboard.indicators.report import Report
from dashboard.reference import FIRST_DAY
from dashboard.web.words.bottlenecks import (
    describe_fix_kinds,
    describe_fix_pairs,
    describe_single_fixes,
    tell_reports_awaited,
)
from dashboard.web.words.commune_panel import name_change_cause
from dashboard.web.words.explain import LETTERS, NO_DATA
from dashboard.web.words.headline import NOTHING_CURRENT
from dashboard.web.words.need import NOBODY_IN_NEED, list_most_in_need
from dashboard.web.words.signals import list_signal_lines, tell_signal_age

NO_DECISIONS = "Không có nội dung cần chỉ đạo."
NOTHING_REPORTED = (
    f"{NO_DATA.capitalize()}. Trang tự hiện số liệu ngay khi tệp đầu tiên của tỉnh được nạp: "
    "biểu kê khai điều kiện, báo cáo hoặc danh sách hồ sơ, chứng thư số, kết quả kiểm tra."
)


def list_decisions(report: Report) -> dict[str, Any]:
    """`lines` (at most five: code, title, reason, since, and the places of its communes in `codes`,
    worst first), and `empty`, what is said where there is none."""
    positions = {code: position for position, code in enumerate(report.codes)}
    names = dict(zip(report.codes, report.communes["name"], strict=True))
    lines = [
        {
            **{name: line[name] for name in ("code", "title", "reason")},
            "since": tell_signal_age(line["since"], report.today),
            "communes": [positions[code] for code in line["communes"]],
        }
        for line in list_signal_lines(report.signals, names)
    ]
    return {
        "lines": lines,
        "empty": NO_DECISIONS if _anything_reported(report) else NOTHING_REPORTED,
    }


def _anything_reported(report: Report) -> bool:
    """Where nobody ever told anything, that nothing needs a decision would be a lie."""
    silent = levels.count_levels(report.readiness.overall)["unknown"] == len(report.codes)
    return not silent or report.dossiers.period_figures is not None


def describe_need(report: Report) -> dict[str, Any]:
    """`order`: the places of all communes, most in need first; `top`: the first few, with why and
    since when; `empty`: what is said where there is none.
    """
    top = list_most_in_need(report)
    calm = NOBODY_IN_NEED if _anything_reported(report) else f"{NO_DATA.capitalize()}."
    return {
        "order": list(report.visit_priority.order),
        "top": top,
        "empty": "" if top else calm,
    }


def tell_main_bottleneck(report: Report) -> str:
    """The fix that turns most communes green, and the best two together, in one line."""
    counts = levels.count_levels(report.readiness.overall)
    if counts["unknown"] + counts["stale"] == len(report.codes):
        return NOTHING_CURRENT if counts["stale"] else NO_DATA
    if counts["green"] == len(report.codes):
        return "mọi đơn vị đã đạt mức Xanh"
    best = describe_single_fixes(report)[:1] + describe_fix_pairs(report)[:1]
    # where criteria fail together no one of them moves anybody
    bottlenecks = best or describe_fix_kinds(report)[:1]
    if not bottlenecks:
        return (
            tell_reports_awaited(report).rstrip(".")
            or "không nội dung nào riêng lẻ làm tăng số đơn vị đạt mức Xanh"
        )
    return "; ".join(text.lower_first_letter(bottleneck.sentence) for bottleneck in bottlenecks)


CURVE_DAYS = 60  # one pixel a day in the headline's small curve


def describe_green_trend(counts: pd.DataFrame) -> dict[str, Any]:
    """`change`: `▲ 2 từ 15/11/2026`, green communes against a week ago; `curve`: their count on the
    last days, null where nobody had anything in force. `counts`: a row a day, a column a level.
    """
    has_levels = counts[["green", "yellow", "red"]].sum(axis=1) > 0
    green = counts["green"].where(has_levels)
    last_days = green.iloc[-CURVE_DAYS:]
    return {
        "change": _tell_green_change(green),
        "curve": [None if np.isnan(count) else int(count) for count in last_days],
    }


def _tell_green_change(green: pd.Series) -> str:
    if green.empty or np.isnan(green.iloc[-1]):
        return ""
    if len(green) <= DAYS_OF_WEEK or np.isnan(green.iloc[-1 - DAYS_OF_WEEK]):
        return "chưa đủ kỳ để so với tuần trước"
    change = int(green.iloc[-1] - green.iloc[-1 - DAYS_OF_WEEK])
    since = f"từ {text.format_day(green.index[-1 - DAYS_OF_WEEK])}"
    if not change:
        return f"không đổi {since}"
    return f"{'▲' if change > 0 else '▼'} {text.format_number(abs(change))} {since}"


# What changed since an earlier day: who turned green, went red or fell silent, and why, commune by
# commune.

COMMUNES_NAMED = 4  # as many communes as a line can name and still be read
CRITERIA_NAMED = 3
SPOKE = "có báo cáo"


def describe_movement(report: Report, since: date) -> dict[str, Any]:
    """`groups`: counts with names, what needs attention first; every commune that moved is in
    exactly one.

    `rows`: per commune its place in `codes`, the letters of its level then and now, and why.
    `words` is the whole in one line, `empty` what is said where nothing can be compared or nothing
    moved.
    """
    changes = report.changes_since(since)
    before = changes.overall_before
    now = changes.overall_now
    movement = {"since": since.isoformat(), "groups": [], "rows": [], "words": "", "empty": ""}
    if since < FIRST_DAY or (before >= STALE).all():
        return movement | {
            "empty": f"chưa đủ kỳ: ngày {text.format_day(since)} chưa có số liệu để so"
        }
    if (before == now).all():
        return movement | {"empty": "không đơn vị nào đổi mức"}
    names = report.communes["name"].tolist()
    groups = _group_movement(before, now)
    lines = [
        _movement_line(title, which, changes, names)
        for title, which in groups.items()
        if which.any()
    ]
    order = [position for which in groups.values() for position in np.flatnonzero(which).tolist()]
    return movement | {
        "groups": lines,
        "words": ", ".join(line["title"] for line in lines),
        "rows": [
            [
                position,
                LETTERS[before[position]],
                LETTERS[now[position]],
                _movement_reason(report, changes, position),
            ]
            for position in order
        ],
    }


def _group_movement(before: Levels, now: Levels) -> dict[str, Flags]:
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


def _movement_reason(report: Report, changes: LevelChanges, position: int) -> str:
    """`kiểm tra: đường truyền, máy scan`: the cause, and the criteria that went the same way."""
    better = _level_rank(changes.overall_now[position]) > _level_rank(
        changes.overall_before[position]
    )
    briefs = {
        judged.criterion.code: judged.criterion.short_name
        for judged in report.readiness.assessments
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
