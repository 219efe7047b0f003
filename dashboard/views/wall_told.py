"""Scenes of reporting: who moved since the last meeting, of whom nothing in date is known."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from dashboard import text
from dashboard.indicators import freshness, levels
from dashboard.views.wall_scene import NAMED, Figure, Scene, Seen

# A level in a word short enough to stand twice behind a name.
SHORT = {"green": "xanh", "yellow": "vàng", "red": "đỏ", "unknown": "chưa có", "stale": "đã cũ"}


def movement(seen: Seen) -> Scene | None:
    """Who changed since yesterday, or since the last meeting; only a named meeting is told of without any change."""
    before_day = min(seen.since or seen.day - timedelta(days=1), seen.day)
    found = seen.report.changes_since(before_day)
    was, now = found.overall_before, found.overall_now
    moved = (was != now) & seen.inside
    if not moved.any() and (seen.since is None or not seen.known(now)):
        return None
    known = (was < levels.STALE) & (now < levels.STALE)
    down, up = moved & known & (now < was), moved & known & (now > was)
    told, fell_silent = moved & ~known & (now < levels.STALE), moved & ~known & (now >= levels.STALE)
    order = [at for which in (down, fell_silent, up, told) for at in np.flatnonzero(which).tolist()]
    counts = [int(which.sum()) for which in (up, down, told, fell_silent)]
    labels = ("Lên mức", "Tụt mức", "Mới báo cáo", "Số liệu thành cũ")
    green_before = int((was[seen.inside] == levels.GREEN).sum())
    green = seen.green(now, f"xã xanh, trước {text.number(green_before)}")
    return Scene(
        "bien-dong",
        f"{_since_words(seen, before_day)}: {_moves(*counts)}",
        (green, *(Figure(label, f"{text.number(count)} xã") for label, count in zip(labels, counts, strict=True))),
        seen.letters(now),
        seen.age(),
        "Đổi mức",
        seen.worst(order, [_move(was[at], now[at]) for at in order]),
        max(0, len(order) - NAMED),
        seen.marks(moved) if moved.any() else "",
    )


def _move(was: int, now: int) -> str:
    return f"{SHORT[levels.NAMES[was]]} → {SHORT[levels.NAMES[now]]}"


def _since_words(seen: Seen, before: date) -> str:
    return f"Từ lần họp trước ({text.day(before)})" if seen.since else "Từ hôm qua"


def _moves(up: int, down: int, told: int, fell_silent: int) -> str:
    parts = [(up, "lên mức"), (down, "tụt mức"), (told, "mới báo cáo"), (fell_silent, "thành số liệu cũ")]
    words = ", ".join(f"{text.number(count)} xã {what}" for count, what in parts if count)
    return words or "không xã nào đổi mức"


def unheard(seen: Seen) -> Scene | None:
    """Who never reported and whose figures are too old; left out where everybody speaks or nobody ever did."""
    readiness = seen.report.readiness
    level = readiness.overall[:, 0]
    quiet = (level >= levels.STALE) & seen.inside
    counts = levels.counts(level[seen.inside])
    if not quiet.any() or counts["unknown"] == seen.size:
        return None
    ages = np.fmin.reduce([one.age[:, 0] for one in readiness.judged])
    order = np.flatnonzero(quiet)
    order = order[np.argsort(-np.where(np.isnan(ages[order]), np.inf, ages[order]), kind="stable")]
    words = ["chưa lần nào" if np.isnan(ages[at]) else f"{text.number(ages[at])} ngày" for at in order]
    parts = [(counts["unknown"], "chưa báo cáo"), (counts["stale"], "để số liệu cũ")]
    figures = [
        Figure("xã chưa có số liệu còn hạn", f"{text.number(quiet.sum())}/{text.number(seen.size)}"),
        Figure("Chưa báo cáo", f"{text.number(counts['unknown'])} xã"),
        Figure("Số liệu cũ", f"{text.number(counts['stale'])} xã"),
    ]
    return Scene(
        "im-lang",
        ", ".join(f"{text.number(count)} xã {what}" for count, what in parts if count),
        (*figures, *_on_rhythm(seen)),
        seen.letters(level),
        seen.age(),
        "Chờ số liệu lâu nhất",
        seen.worst(order.tolist(), words),
        max(0, len(order) - NAMED),
        seen.marks(quiet),
    )


def _on_rhythm(seen: Seen) -> list[Figure]:
    """How many declared within the expected rhythm."""
    found = seen.report.freshness
    if "readiness" not in found.kinds:
        return []
    fresh = int((found.state[seen.inside, found.kinds.index("readiness")] == freshness.FRESH).sum())
    days = seen.report.criteria.rhythms["readiness"].expected_every_days
    return [Figure(f"Báo cáo {text.number(days)} ngày qua", f"{text.number(fresh)}/{text.number(seen.size)}")]
