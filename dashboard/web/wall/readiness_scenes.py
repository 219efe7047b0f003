"""Scenes of readiness: all conditions together, one a dimension, what moved, who is silent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.freshness import freshness
from dashboard.indicators.levels import Flags, Levels, Numbers
from dashboard.indicators.readiness.assessment import CriterionAssessment
from dashboard.web.wall import direction
from dashboard.web.wall.scene import NAMED_ON_WALL, Scene, WallContext, WallFigure
from dashboard.web.words import explain


def make_overall_scene(context: WallContext) -> Scene:
    """How many communes are ready; says so, too, where nobody told anything. Each dimension has a
    scene of its own: here is room for who needs it most.
    """
    level = context.report.readiness.assessment.overall[:, 0]
    is_current = context.has_current_data(level)
    figures = [
        direction.tell_green_direction(context, direction.OVERALL, level),
        *_backing_figures(context, level),
    ]
    positions, open_counts = _order_by_need(context, level)
    return Scene(
        "tong-the",
        f"{context.area_name}: {_green_count_words(context, level)}",
        tuple(figures) if is_current else (),  # the title says why there is none
        context.letters(level),
        context.age(),
        "Cần nhất: tiêu chí thiếu",
        context.worst(positions, open_counts),
        max(0, len(positions) - NAMED_ON_WALL),
        course=direction.trace_green_course(context, direction.OVERALL),
    )


def _backing_figures(context: WallContext, level: Levels) -> list[WallFigure]:
    """Of the green communes, how many a visit confirms and how many rest on doubtful values."""
    green = int((level[context.inside] == levels.GREEN).sum())
    if not green:
        return []
    visited = context.report.sources.visited_green[context.inside].sum()
    doubtful = context.report.sources.doubtful_green[context.inside].sum()
    figures = [WallFigure("Xanh đã kiểm tra", f"{text.format_part(visited, green)}")]
    if doubtful:
        figures.append(WallFigure("Có số bất thường", f"{text.format_part(doubtful, green)}"))
    return figures


def _green_count_words(context: WallContext, level: Levels) -> str:
    """`51/96 đơn vị đạt mức Xanh, 15 mức Đỏ`, or in words why there is no such count."""
    counts = levels.count_levels(level[context.inside])
    if counts["unknown"] == context.size:
        return explain.NO_DATA
    if not context.has_current_data(level):
        return "số liệu đã cũ"
    red_words = ", không đơn vị nào mức Đỏ"
    if counts["red"]:
        red_words = f", {text.format_number(counts['red'])} mức Đỏ"
    return f"{text.format_part(counts['green'], context.size)} đơn vị đạt mức Xanh{red_words}"


def _order_by_need(context: WallContext, level: Levels) -> tuple[list[int], list[str]]:
    """Those in need, in the one order of need, each with how many criteria it does not meet; who is
    silent, with that. Nobody where nothing in date is known: all of a province is no list.
    """
    if not context.has_current_data(level):
        return [], []
    open_criteria = context.report.readiness.gaps.open.sum(axis=0)
    positions = [
        position
        for position in context.report.readiness.visit_priority.in_need
        if context.inside[position]
    ]
    words = []
    for position in positions:
        if level[position] < levels.STALE:
            words.append(text.format_number(open_criteria[position]))
        else:
            level_name = levels.LEVEL_NAMES[level[position]]
            words.append(explain.theme.LEVELS[level_name].word.lower())
    return positions, words


def make_dimension_scene(code: str, scene_id: str) -> Callable[[WallContext], Scene | None]:
    """The scene of one dimension."""

    def scene(context: WallContext) -> Scene | None:
        readiness = context.report.readiness.assessment
        if code not in readiness.dimensions or not context.has_current_data(
            readiness.dimensions[code][:, 0]
        ):
            return None
        level = readiness.dimensions[code][:, 0]
        name = explain.HEADLINE_DIMENSIONS[code]
        judged_criteria = [
            judged for judged in readiness.assessments if judged.criterion.dimension == code
        ]
        positions, figures = _order_weakest(context, level, judged_criteria)
        return Scene(
            scene_id,
            f"{name}: {_green_count_words(context, level)}",
            (
                direction.tell_green_direction(context, code, level),
                *_lack_figures(context, code),
                _visited_figure(context, judged_criteria),
            ),
            context.letters(level),
            context.age(),
            "Thấp nhất",
            context.worst(positions, figures),
            max(0, len(positions) - NAMED_ON_WALL),
            subject=name,
            course=direction.trace_green_course(context, code),
        )

    return scene


def _lack_figures(context: WallContext, dimension: str) -> list[WallFigure]:
    """What is missing within the dimension, most communes first: `+56 ở 9 đơn vị`."""
    gaps = context.report.readiness.gaps
    lacks = gaps.lacks[:, context.inside]
    amount = gaps.amount[:, context.inside]
    lack_entries = []
    for row, criterion in enumerate(gaps.criteria):
        communes = int(lacks[row].sum())
        if criterion.dimension == dimension and communes:
            amount_words = text.format_number(np.nansum(amount[row]))
            total = f"+{amount_words} ở {text.format_number(communes)} đơn vị"
            # short, so that the criterion's name beside it keeps its one line
            lacking = f"{text.format_number(communes)} chưa đạt"
            words = total if criterion.kind == "ratio" else lacking
            lack_entries.append((communes, WallFigure(criterion.short_name, words)))
    return [figure for _, figure in sorted(lack_entries, key=lambda entry: -entry[0])[:3]]


def _visited_figure(context: WallContext, judged_criteria: list[CriterionAssessment]) -> WallFigure:
    """Where a visit that still counts found any of it; all else communes say of themselves."""
    visited = np.logical_or.reduce([judged.verified[:, 0] for judged in judged_criteria])[
        context.inside
    ]
    return WallFigure("Đã kiểm tra", f"{text.format_part(visited.sum(), context.size)}")


def _order_weakest(
    context: WallContext, level: Levels, judged_criteria: list[CriterionAssessment]
) -> tuple[list[int], list[str]]:
    """Red communes before yellow ones, each kind by what it has: `11,2 Mbps`, `31/40`."""
    if judged_criteria[0].criterion.kind == "ratio":
        share, words = _available_shares(judged_criteria)
    else:
        share, words = _measured_values(judged_criteria)
    weak_positions = np.flatnonzero((level < levels.GREEN) & context.inside)
    positions = weak_positions[np.lexsort((share[weak_positions], level[weak_positions]))].tolist()
    return positions, [words(position) for position in positions]


def _available_shares(
    judged_criteria: list[CriterionAssessment],
) -> tuple[Numbers, Callable[[int], str]]:
    """A surplus of one kind never hides a lack of another."""
    available = np.add.reduce(
        [np.minimum(judged.numerator[:, 0], judged.denominator[:, 0]) for judged in judged_criteria]
    )
    needed = np.add.reduce([judged.denominator[:, 0] for judged in judged_criteria])
    with np.errstate(divide="ignore", invalid="ignore"):
        return (
            available / needed,
            lambda position: f"{text.format_part(available[position], needed[position])}",
        )


def _measured_values(
    judged_criteria: list[CriterionAssessment],
) -> tuple[Numbers, Callable[[int], str]]:
    """The measured number, unless a condition fails altogether: then the number says nothing."""
    number = next(
        (judged for judged in judged_criteria if judged.criterion.kind == "number"),
        judged_criteria[0],
    )
    flags = [
        judged.value[:, 0] == 0 for judged in judged_criteria if judged.criterion.kind == "flag"
    ]
    failed: Flags = (
        np.logical_or.reduce(flags) if flags else np.zeros(len(number.value), dtype=np.bool_)
    )
    share = np.where(failed, -1.0, number.value[:, 0])
    return (
        share,
        lambda position: (
            "mất kết nối" if failed[position] else explain.format_criterion_value(number, position)
        ),
    )


# Scenes of reporting: who moved since the last meeting, of whom nothing in date is known.

# A level in a word short enough to stand twice behind a name.
SHORT_LEVEL_WORDS = {
    "green": "xanh",
    "yellow": "vàng",
    "red": "đỏ",
    "unknown": "chưa có",
    "stale": "đã cũ",
}


def make_movement_scene(context: WallContext) -> Scene | None:
    """Who changed since yesterday, or since the last meeting; only a named meeting is told of
    without any change.
    """
    before_day = direction.find_day_before(context)
    changes = context.report.readiness.changes_since(before_day)
    level_before = changes.overall_before
    level_now = changes.overall_now
    moved = (level_before != level_now) & context.inside
    if not moved.any() and (context.since is None or not context.has_current_data(level_now)):
        return None
    current_both_days = (level_before < levels.STALE) & (level_now < levels.STALE)
    down = moved & current_both_days & (level_now < level_before)
    up = moved & current_both_days & (level_now > level_before)
    newly_reported = moved & ~current_both_days & (level_now < levels.STALE)
    fell_silent = moved & ~current_both_days & (level_now >= levels.STALE)
    positions = [
        position
        for movement in (down, fell_silent, up, newly_reported)
        for position in np.flatnonzero(movement).tolist()
    ]
    counts = [int(movement.sum()) for movement in (up, down, newly_reported, fell_silent)]
    labels = ("Tăng mức", "Giảm mức", "Mới báo cáo", "Số liệu hết hiệu lực")
    green_before = int((level_before[context.inside] == levels.GREEN).sum())
    green = context.green(
        level_now, f"đơn vị đạt mức Xanh, trước {text.format_number(green_before)}"
    )
    return Scene(
        "bien-dong",
        f"{_compared_day_words(context, before_day)}: {_movement_words(*counts)}",
        (
            green,
            *(
                WallFigure(label, f"{text.format_number(count)} đơn vị")
                for label, count in zip(labels, counts, strict=True)
            ),
        ),
        context.letters(level_now),
        context.age(),
        "Đổi mức",
        context.worst(
            positions,
            [
                _level_change_words(level_before[position], level_now[position])
                for position in positions
            ],
        ),
        max(0, len(positions) - NAMED_ON_WALL),
        context.marks(moved) if moved.any() else "",
    )


def _level_change_words(level_before: int, level_now: int) -> str:
    before, now = (
        SHORT_LEVEL_WORDS[levels.LEVEL_NAMES[level]] for level in (level_before, level_now)
    )
    return f"{before} → {now}"


def _compared_day_words(context: WallContext, before_day: date) -> str:
    if not context.since:
        return "So với hôm qua"
    return f"So với lần họp trước ({text.format_day(before_day)})"


def _movement_words(up: int, down: int, newly_reported: int, fell_silent: int) -> str:
    parts = [
        (up, "tăng mức"),
        (down, "giảm mức"),
        (newly_reported, "mới báo cáo"),
        (fell_silent, "có số liệu hết hiệu lực"),
    ]
    words = ", ".join(
        f"{text.format_number(count)} đơn vị {movement}" for count, movement in parts if count
    )
    return words or "không đơn vị nào đổi mức"


def make_silence_scene(context: WallContext) -> Scene | None:
    """Who never reported and whose figures are too old; left out where everybody speaks or nobody
    ever did.
    """
    readiness = context.report.readiness.assessment
    level = readiness.overall[:, 0]
    quiet = (level >= levels.STALE) & context.inside
    counts = levels.count_levels(level[context.inside])
    if not quiet.any() or counts["unknown"] == context.size:
        return None
    ages = np.fmin.reduce([judged.age[:, 0] for judged in readiness.assessments])
    positions = np.flatnonzero(quiet)
    positions = positions[
        np.argsort(-np.where(np.isnan(ages[positions]), np.inf, ages[positions]), kind="stable")
    ]
    words = [
        "chưa lần nào" if np.isnan(ages[position]) else f"{text.format_number(ages[position])} ngày"
        for position in positions
    ]
    parts = [(counts["unknown"], "chưa báo cáo"), (counts["stale"], "có số liệu quá hạn")]
    count = int(quiet.sum())
    figures = [WallFigure("đơn vị chưa có số liệu còn hạn", text.format_part(count, context.size))]
    before = direction.read_levels_before(context, direction.OVERALL)
    if before is not None:
        count_before = int((before >= levels.STALE).sum())
        figures.append(direction.tell_count_direction(context, count, count_before))
    return Scene(
        "im-lang",
        ", ".join(
            f"{text.format_number(count)} đơn vị {silence}" for count, silence in parts if count
        ),
        (*figures, *_on_rhythm_figures(context)),
        context.letters(level),
        context.age(),
        "Chờ số liệu lâu nhất",
        context.worst(positions.tolist(), words),
        max(0, len(positions) - NAMED_ON_WALL),
        context.marks(quiet),
    )


def _on_rhythm_figures(context: WallContext) -> list[WallFigure]:
    """How many declared within the expected rhythm."""
    freshness_states = context.report.sources.freshness
    if "readiness" not in freshness_states.kinds:
        return []
    fresh = int(
        (
            freshness_states.state[context.inside, freshness_states.kinds.index("readiness")]
            == freshness.FRESH
        ).sum()
    )
    days = context.report.criteria.rhythms["readiness"].expected_every_days
    return [
        WallFigure(
            f"Báo cáo {text.format_number(days)} ngày qua",
            f"{text.format_part(fresh, context.size)}",
        )
    ]
