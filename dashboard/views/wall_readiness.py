"""Scenes of readiness: all conditions together, and one a dimension."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.levels import Flags, Levels, Numbers
from dashboard.indicators.readiness import Judged
from dashboard.views import explain
from dashboard.views.wall_scene import NAMED, Figure, Scene, Seen


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
            subject=name,
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
