"""What a scene of the wall is, and what every scene is made from: one report, seen for all communes
or for a group.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

import numpy as np

from dashboard import text
from dashboard.indicators.freshness.freshness import DAYS_OF_WEEK, SILENT_AFTER_RHYTHMS
from dashboard.indicators.levels import STALE, Flags, Levels, count_levels
from dashboard.indicators.report import Report
from dashboard.web.documents.data_sources import format_zoned_moment
from dashboard.web.words import explain
from dashboard.workdays import WorkingDayCalendar

# How old a scene's figures are, told so that a screen can age them by itself, without asking
# again.
#
# The server says the three moments at which figures fall behind their rhythm by one, two and three
# reports (indicators/freshness/freshness.py: late after one, silent after three); the screen only
# compares them with the clock.

# A rhythm shorter than a week counts working days; no run of days off is longer than Tết's.
_LONGEST_BREAK_DAYS = 60


@dataclass(frozen=True)
class SceneAge:
    """`newest`: the newest figure's moment, `words` its words; `late`: the moments at which it is
    overdue; `stopped`: what is said of a list that stopped receiving, "" of others.
    """

    newest: datetime | None = None
    words: str = ""
    late: tuple[datetime, ...] = ()
    stopped: str = ""

    @classmethod
    def of(
        cls, newest: datetime | None, every_days: int | None, calendar: WorkingDayCalendar
    ) -> SceneAge:
        """The age of figures that are expected every so many days (None: at no rhythm)."""
        if newest is None:
            return cls()
        late = () if every_days is None else list_late_moments(newest.date(), every_days, calendar)
        return cls(newest, text.format_moment(newest), late)

    def as_json(self) -> dict[str, Any]:
        return {
            "words": self.words,
            "told": format_zoned_moment(self.newest) if self.newest else "",
            "day_only": self.newest is not None
            and (self.newest.hour, self.newest.minute) == (0, 0),
            "late": [format_zoned_moment(moment) for moment in self.late],
            "stopped": self.stopped,
        }


def list_late_moments(
    newest: date, every_days: int, calendar: WorkingDayCalendar
) -> tuple[datetime, ...]:
    """The first moments at which the age exceeds one, two and three rhythms, as `freshness` counts
    it.
    """
    return tuple(
        datetime.combine(
            _find_first_day_beyond(newest, times * every_days, every_days < DAYS_OF_WEEK, calendar),
            time(),
        )
        for times in range(1, SILENT_AFTER_RHYTHMS + 1)
    )


def _find_first_day_beyond(
    newest: date, days: int, in_working_days: bool, calendar: WorkingDayCalendar
) -> date:
    if not in_working_days:
        return newest + timedelta(days=days + 1)
    later_days = np.datetime64(newest, "D") + np.arange(1, _LONGEST_BREAK_DAYS + 1)
    days_waited = calendar.between(
        np.full(later_days.shape, np.datetime64(newest, "D")), later_days
    )
    first_day: date = later_days[int(np.argmax(days_waited > days))].item()
    return first_day


# As many names as a glance takes in; the screen shows fewer where fewer fit.
NAMED_ON_WALL = 7
# Letters of a title that fit one line of any screen, also of one that stands upright.
UNBROKEN_LETTERS = 24


@dataclass(frozen=True)
class WallFigure:
    """`value` is large, `label` says what it counts, `share` follows the label in brackets."""

    label: str
    value: str
    share: str = ""


@dataclass(frozen=True)
class WallEntry:
    """One of the worst: a commune (its code) or a thing to buy (no code), and its figure."""

    name: str
    figure: str
    code: str = ""


@dataclass(frozen=True)
class GreenCourse:
    """Green communes on every seventh day, None where nobody had figures in date: no line is drawn
    there. `first`, `last`: the ends in words.

        GreenCourse((None, 12, 15, 20), "12/2025: 12", "20")
    """

    counts: tuple[int | None, ...]
    first: str
    last: str

    def as_json(self) -> dict[str, Any]:
        return {"counts": list(self.counts), "first": self.first, "last": self.last}


@dataclass(frozen=True)
class Scene:
    """One picture of the wall. `title` is its message, `levels` one letter a commune (of those
    shown); `marks` are the communes it speaks of, the others stand back; `lines` (title, reason)
    take the map's place."""

    id: str
    title: str
    figures: tuple[WallFigure, ...] = ()
    levels: str = ""
    age: SceneAge = field(default_factory=SceneAge)
    named_title: str = ""
    named: tuple[WallEntry, ...] = ()
    more: int = 0  # how many there are beside those named
    marks: str = ""
    words: tuple[tuple[str, str], ...] = ()  # a level's own word in this scene
    lines: tuple[tuple[str, str], ...] = ()
    subject: str = ""  # what the levels are of; "" where they are the overall ones
    course: GreenCourse | None = None  # of twelve months

    def as_json(self) -> dict[str, Any]:
        return {
            **{
                name: getattr(self, name)
                for name in ("id", "levels", "subject", "named_title", "more", "marks")
            },
            "title": _join_title_phrases(self.title),
            "figures": [vars(figure) for figure in self.figures],
            "named": [vars(entry) for entry in self.named],
            "lines": [{"title": title, "reason": reason} for title, reason in self.lines],
            "words": dict(self.words),
            "age": self.age.as_json(),
            "course": self.course.as_json() if self.course else None,
        }


def _join_title_phrases(title: str) -> str:
    """A title that needs two lines breaks behind a comma or colon, not within `89 thiết bị`."""
    return re.sub(
        r"[^\s:,][^:,]*",
        lambda part: (
            part[0].replace(" ", "\u00a0") if len(part[0]) <= UNBROKEN_LETTERS else part[0]
        ),
        title,
    )


@dataclass(frozen=True, eq=False)
class WallContext:
    """A report as one screen shows it: `inside` are its communes; `data_time` when its readiness
    figures were told, `since` the day of the last meeting where the address names one."""

    report: Report
    province_name: str
    inside: Flags
    data_time: datetime | None
    since: date | None = None

    @property
    def day(self) -> date:
        return self.report.today

    @property
    def area_name(self) -> str:
        """What the figures speak of: the province, or so many of its communes."""
        commune_count = int(self.inside.sum())
        if self.inside.all():
            return self.province_name
        return f"{text.format_number(commune_count)} đơn vị của {self.province_name}"

    @property
    def size(self) -> int:
        return int(self.inside.sum())

    @cached_property
    def codes(self) -> list[str]:
        return [code for code, shown in zip(self.report.codes, self.inside, strict=True) if shown]

    @cached_property
    def names(self) -> dict[str, str]:
        """Code to the name without its kind: no two communes of a province share one, and it is
        read from afar.
        """
        bare_names = self.report.communes["bare_name"]
        return dict(zip(self.report.codes, bare_names, strict=True))

    @cached_property
    def overall(self) -> Levels:
        return self.report.readiness.assessment.overall[self.inside, 0]

    def age(self) -> SceneAge:
        """How old the readiness figures are, by the rhythm of declarations."""
        rhythms = self.report.criteria.rhythms
        days = rhythms["readiness"].expected_every_days if "readiness" in rhythms else None
        return SceneAge.of(self.data_time, days, self.report.snapshot.calendar)

    def letters(self, level: Levels) -> str:
        """`level` of all communes of the report; the letters of those shown."""
        return explain.join_level_letters(level[self.inside])

    def marks(self, speaks_of: Flags) -> str:
        """`speaks_of` of all communes of the report; "" where the scene speaks of all alike."""
        return "".join("1" if is_marked else "0" for is_marked in speaks_of[self.inside])

    def worst(self, positions: Iterable[int], figures: Iterable[str]) -> tuple[WallEntry, ...]:
        """The first few of `positions` (places in the report's codes), each with its figure."""
        codes = self.report.codes
        return tuple(
            WallEntry(self.names[codes[position]], figure, codes[position])
            for position, figure in list(zip(positions, figures, strict=True))[:NAMED_ON_WALL]
        )

    def green(self, level: Levels, label: str) -> WallFigure:
        """`51/96`, and behind the label the share; what is not known at all is said in words."""
        level_counts = count_levels(level[self.inside])
        if level_counts["unknown"] + level_counts["stale"] == self.size:
            return WallFigure(label, "số liệu đã cũ" if level_counts["stale"] else explain.NO_DATA)
        share = text.format_percent(level_counts["green"] / self.size)
        return WallFigure(
            label,
            f"{text.format_part(level_counts['green'], self.size)}",
            share,
        )

    def has_current_data(self, level: Levels) -> bool:
        """Whether anything in date is known of the communes shown."""
        return bool((level[self.inside] < STALE).any())


def select_all_communes(report: Report) -> Flags:
    return np.ones(len(report.codes), dtype=np.bool_)


def select_group_communes(report: Report, codes: Iterable[str]) -> Flags:
    """Which communes a fixed group holds; all where none of the codes is of this province."""
    group = set(codes)
    inside = np.array([code in group for code in report.codes], dtype=np.bool_)
    return inside if inside.any() else select_all_communes(report)
