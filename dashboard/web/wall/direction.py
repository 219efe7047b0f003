"""Whether things go up or down: the number of green communes against an earlier day, and its course
over twelve months.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.levels import Flags, Levels
from dashboard.reference import FIRST_DAY
from dashboard.web.wall.scene import GreenCourse, WallContext, WallFigure

OVERALL = "overall"
UNCHANGED = "Không đổi"


def trace_green_course(context: WallContext, part: str) -> GreenCourse | None:
    """The course of the overall level or of one dimension; None where there is no line to draw.
    The last point is the day of the report.
    """
    history = context.report.readiness.year_history
    level = history.overall if part == OVERALL else history.dimensions.get(part)
    if level is None:
        return None
    shown = level[context.inside]
    known: Flags = np.asarray((shown < levels.STALE).any(axis=0))
    green = (shown == levels.GREEN).sum(axis=0)
    if known.sum() < 2 or not known[-1]:
        return None
    first = int(np.argmax(known))
    first_day: date = history.days[first].item()
    return GreenCourse(
        tuple(
            int(count) if is_known else None for count, is_known in zip(green, known, strict=True)
        ),
        f"{first_day.month}/{first_day.year}: {text.format_number(green[first])}",
        text.format_number(green[-1]),
    )


def find_day_before(context: WallContext) -> date:
    """The day that movement is held against: the last meeting's, else yesterday."""
    return min(context.since or context.day - timedelta(days=1), context.day)


def find_direction_day(context: WallContext) -> date:
    """The day that directions are told from: the last meeting's, else a week ago."""
    return min(context.since or context.day - timedelta(days=7), context.day)


def tell_green_direction(context: WallContext, part: str, level: Levels) -> WallFigure:
    """`▲ 3 đơn vị`: so many more are green than on the earlier day; where that day tells nothing,
    the share that is green now. `level`: of all communes of the report, today.
    """
    now = int((level[context.inside] == levels.GREEN).sum())
    before = _count_green_before(context, part)
    if before is None:
        return WallFigure("đơn vị đạt mức Xanh", text.format_percent(now / context.size))
    label = f"mức Xanh, so với {text.format_day(find_direction_day(context))}"
    return WallFigure(label, _format_direction(now - before))


def tell_count_direction(context: WallContext, now: int, before: int) -> WallFigure:
    """The same of another count of communes, as a row beside the count."""
    day = text.format_day(find_direction_day(context))
    return WallFigure(f"So với {day}", _format_direction(now - before))


def _format_direction(difference: int) -> str:
    """`▲ 3 đơn vị`, `▼ 12 đơn vị`, `Không đổi`."""
    if not difference:
        return UNCHANGED
    return f"{text.format_change(difference)} đơn vị"


def read_levels_before(context: WallContext, part: str) -> Levels | None:
    """The levels of the communes shown on the earlier day; None where nothing of it is known."""
    day = find_direction_day(context)
    levels_of_parts = context.report.readiness.levels_of_day(day) if day >= FIRST_DAY else {}
    level = levels_of_parts.get(part)
    if level is None or not (level[context.inside, 0] < levels.STALE).any():
        return None
    return level[context.inside, 0]


def _count_green_before(context: WallContext, part: str) -> int | None:
    level = read_levels_before(context, part)
    return None if level is None else int((level == levels.GREEN).sum())
