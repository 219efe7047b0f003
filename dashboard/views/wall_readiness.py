"""Scenes of readiness: all conditions together, one a dimension, what moved, who is silent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np

from dashboard import text
from dashboard.indicators import freshness, levels
from dashboard.indicators.levels import Flags, Levels, Numbers
from dashboard.indicators.readiness import Judged
from dashboard.views import explain
from dashboard.views.wall_scene import NAMED, Figure, Scene, Seen

# A level in a word short enough to stand twice behind a name.
SHORT = {"green": "xanh", "yellow": "vàng", "red": "đỏ", "unknown": "chưa có", "stale": "đã cũ"}


def overall(seen: Seen) -> Scene:
    """How many communes are ready; says so, too, where nobody told anything."""
    readiness = seen.report.readiness
    level = readiness.overall[:, 0]
    figures = [seen.green(level, "xã xanh" if seen.known(level) else "về mức độ sẵn sàng")]
    figures += [seen.green(readiness.dimensions[code][:, 0], name) for code, name in explain.SIGNALS.items()]
    order, counted = _open_criteria(seen, level)
    return Scene(
        "tong-the",
        f"{seen.place}: {_counted(seen, level)}",
        tuple(figures) if seen.known(level) else (figures[0],),
        seen.letters(level),
        seen.age(),
        "Đỏ, số tiêu chí còn thiếu",
        seen.worst(order, counted),
        max(0, len(order) - NAMED),
    )


def _counted(seen: Seen, level: Levels) -> str:
    """`51/96 xã xanh, 15 xã đỏ`, or in words why there is no such count."""
    counts = levels.counts(level[seen.inside])
    if counts["unknown"] == seen.size:
        return explain.NO_DATA
    if not seen.known(level):
        return "số liệu đã cũ"
    red = f", {text.number(counts['red'])} xã đỏ" if counts["red"] else ", không xã nào đỏ"
    return f"{text.number(counts['green'])}/{text.number(seen.size)} xã xanh{red}"


def _open_criteria(seen: Seen, level: Levels) -> tuple[list[int], list[str]]:
    """Red communes, those with most open criteria first."""
    open_ = seen.report.gaps.open.sum(axis=0)
    red = np.flatnonzero((level == levels.RED) & seen.inside)
    order = red[np.argsort(-open_[red], kind="stable")].tolist()
    return order, [text.number(open_[at]) for at in order]


def dimension(code: str, id_: str) -> Callable[[Seen], Scene | None]:
    """The scene of one dimension."""

    def scene(seen: Seen) -> Scene | None:
        readiness = seen.report.readiness
        if code not in readiness.dimensions or not seen.known(readiness.dimensions[code][:, 0]):
            return None
        level, name = readiness.dimensions[code][:, 0], explain.SIGNALS[code]
        within = [one for one in readiness.judged if one.criterion.dimension == code]
        order, figures = _weakest(seen, level, within)
        return Scene(
            id_,
            f"{name}: {_counted(seen, level)}",
            (seen.green(level, "xã xanh"), *_lacks(seen, code), _visited(seen, within)),
            seen.letters(level),
            seen.age(),
            "Yếu nhất",
            seen.worst(order, figures),
            max(0, len(order) - NAMED),
        )

    return scene


def _lacks(seen: Seen, dimension: str) -> list[Figure]:
    """What is missing within the dimension, most communes first: `+56 ở 9 xã`."""
    gaps = seen.report.gaps
    lacks, amount = gaps.lacks[:, seen.inside], gaps.amount[:, seen.inside]
    short = []
    for at, criterion in enumerate(gaps.criteria):
        communes = int(lacks[at].sum())
        if criterion.dimension == dimension and communes:
            total = f"+{text.number(np.nansum(amount[at]))} ở {text.number(communes)} xã"
            words = total if criterion.kind == "ratio" else f"{text.number(communes)} xã thiếu"
            short.append((communes, Figure(criterion.brief, words)))
    return [figure for _, figure in sorted(short, key=lambda one: -one[0])[:3]]


def _visited(seen: Seen, within: list[Judged]) -> Figure:
    """Where a visit that still counts found any of it; all else is what communes say of themselves."""
    found = np.logical_or.reduce([one.verified[:, 0] for one in within])[seen.inside]
    return Figure("Đã kiểm tra", f"{text.number(found.sum())}/{text.number(seen.size)}")


def _weakest(seen: Seen, level: Levels, within: list[Judged]) -> tuple[list[int], list[str]]:
    """Red communes before yellow ones, each kind by what it has: `11,2 Mbps`, `31/40`."""
    share, words = _part_of_whole(within) if within[0].criterion.kind == "ratio" else _measured(within)
    low = np.flatnonzero((level < levels.GREEN) & seen.inside)
    order = low[np.lexsort((share[low], level[low]))].tolist()
    return order, [words(at) for at in order]


def _part_of_whole(within: list[Judged]) -> tuple[Numbers, Callable[[int], str]]:
    """A surplus of one kind never hides a lack of another."""
    part = np.add.reduce([np.minimum(one.part[:, 0], one.whole[:, 0]) for one in within])
    whole = np.add.reduce([one.whole[:, 0] for one in within])
    with np.errstate(divide="ignore", invalid="ignore"):
        return part / whole, lambda at: f"{text.number(part[at])}/{text.number(whole[at])}"


def _measured(within: list[Judged]) -> tuple[Numbers, Callable[[int], str]]:
    """The measured number, unless a condition fails altogether: then the number says nothing."""
    number = next((one for one in within if one.criterion.kind == "number"), within[0])
    flags = [one.value[:, 0] == 0 for one in within if one.criterion.kind == "flag"]
    broken: Flags = np.logical_or.reduce(flags) if flags else np.zeros(len(number.value), dtype=np.bool_)
    share = np.where(broken, -1.0, number.value[:, 0])
    return share, lambda at: "không thông" if broken[at] else explain.value_text(number, at)


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


def silent(seen: Seen) -> Scene | None:
    """Who never reported and whose figures are too old; left out where everybody speaks or nobody ever did."""
    readiness = seen.report.readiness
    level = readiness.overall[:, 0]
    quiet = (level >= levels.STALE) & seen.inside
    counts = levels.counts(level[seen.inside])
    if not quiet.any() or not seen.known(level):
        return None
    ages = np.fmin.reduce([one.age[:, 0] for one in readiness.judged])
    order = np.flatnonzero(quiet)
    order = order[np.argsort(-np.where(np.isnan(ages[order]), np.inf, ages[order]), kind="stable")]
    words = ["chưa lần nào" if np.isnan(ages[at]) else f"{text.number(ages[at])} ngày" for at in order]
    parts = [(counts["unknown"], "chưa báo cáo"), (counts["stale"], "để số liệu cũ")]
    share = text.percent(quiet.sum() / seen.size)
    figures = [
        Figure("xã im lặng", f"{text.number(quiet.sum())}/{text.number(seen.size)}", share),
        Figure("Chưa báo cáo", f"{text.number(counts['unknown'])} xã"),
        Figure("Số liệu cũ", f"{text.number(counts['stale'])} xã"),
    ]
    return Scene(
        "im-lang",
        ", ".join(f"{text.number(count)} xã {what}" for count, what in parts if count),
        (*figures, *_on_rhythm(seen)),
        seen.letters(level),
        seen.age(),
        "Im lặng lâu nhất",
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
