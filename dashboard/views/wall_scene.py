"""What a scene of the wall is, and what every scene is made from: one report, seen for all communes or for a group."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

import numpy as np

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.levels import Flags, Levels
from dashboard.indicators.report import Report
from dashboard.views import explain
from dashboard.views.wall_ages import Age

# As many names as a glance takes in; the screen shows fewer where fewer fit.
NAMED = 7
# Letters of a title that fit one line of any screen, also of one that stands upright.
PHRASE = 24


@dataclass(frozen=True)
class Figure:
    """`value` is large, `label` says what it counts, `share` follows the label in brackets."""

    label: str
    value: str
    share: str = ""


@dataclass(frozen=True)
class Named:
    """One of the worst: a commune (its code) or a thing to buy (no code), and its figure."""

    name: str
    figure: str
    code: str = ""


@dataclass(frozen=True)
class Scene:
    """One picture of the wall. `title` is its message, `levels` one letter a commune (of those shown);
    `marks` are the communes it speaks of, the others stand back; `lines` (title, reason) take the map's place."""

    id: str
    title: str
    figures: tuple[Figure, ...] = ()
    levels: str = ""
    age: Age = field(default_factory=Age)
    named_title: str = ""
    named: tuple[Named, ...] = ()
    more: int = 0  # how many there are beside those named
    marks: str = ""
    words: tuple[tuple[str, str], ...] = ()  # a level's own word in this scene
    lines: tuple[tuple[str, str], ...] = ()
    subject: str = ""  # what the levels are of; "" where they are the overall ones

    def as_json(self) -> dict[str, Any]:
        return {
            **{name: getattr(self, name) for name in ("id", "levels", "subject", "named_title", "more", "marks")},
            "title": _unbroken(self.title),
            "figures": [vars(figure) for figure in self.figures],
            "named": [vars(one) for one in self.named],
            "lines": [{"title": title, "reason": reason} for title, reason in self.lines],
            "words": dict(self.words),
            "age": self.age.as_json(),
        }


def _unbroken(title: str) -> str:
    """A title that needs two lines breaks behind a comma or colon, not within `89 thiết bị`."""
    return re.sub(
        r"[^\s:,][^:,]*", lambda part: part[0].replace(" ", "\u00a0") if len(part[0]) <= PHRASE else part[0], title
    )


@dataclass(frozen=True, eq=False)
class Seen:
    """A report as one screen shows it: `inside` are its communes; `data_time` when its readiness figures were
    told, `since` the day of the last meeting where the address names one."""

    report: Report
    province_name: str
    inside: Flags
    data_time: datetime | None
    since: date | None = None

    @property
    def day(self) -> date:
        return self.report.today

    @property
    def place(self) -> str:
        """What the figures speak of: the province, or so many of its communes."""
        chosen = int(self.inside.sum())
        return self.province_name if self.inside.all() else f"{text.number(chosen)} xã của {self.province_name}"

    @property
    def size(self) -> int:
        return int(self.inside.sum())

    @cached_property
    def codes(self) -> list[str]:
        return [code for code, shown in zip(self.report.codes, self.inside, strict=True) if shown]

    @cached_property
    def names(self) -> dict[str, str]:
        """Code to the name without its kind: no two communes of a province share one, and it is read from afar."""
        bare = self.report.communes["bare_name"]
        return dict(zip(self.report.codes, bare, strict=True))

    @cached_property
    def overall(self) -> Levels:
        return self.report.readiness.overall[self.inside, 0]

    def age(self) -> Age:
        """How old the readiness figures are, by the rhythm of declarations."""
        rhythms = self.report.criteria.rhythms
        days = rhythms["readiness"].expected_every_days if "readiness" in rhythms else None
        return Age.of(self.data_time, days, self.report.snapshot.calendar)

    def letters(self, level: Levels) -> str:
        """`level` of all communes of the report; the letters of those shown."""
        return explain.letters(level[self.inside])

    def marks(self, which: Flags) -> str:
        """`which` of all communes of the report; "" where the scene speaks of all alike."""
        return "".join("1" if one else "0" for one in which[self.inside])

    def worst(self, order: Iterable[int], figures: Iterable[str]) -> tuple[Named, ...]:
        """The first few of `order` (places in the report's codes), each with its figure."""
        codes = self.report.codes
        return tuple(
            Named(self.names[codes[at]], figure, codes[at])
            for at, figure in list(zip(order, figures, strict=True))[:NAMED]
        )

    def green(self, level: Levels, label: str) -> Figure:
        """`51/96`, and behind the label the share; what is not known at all is said in words."""
        counts = levels.counts(level[self.inside])
        if counts["unknown"] + counts["stale"] == self.size:
            return Figure(label, "số liệu đã cũ" if counts["stale"] else explain.NO_DATA)
        share = text.percent(counts["green"] / self.size)
        return Figure(label, f"{text.number(counts['green'])}/{text.number(self.size)}", share)

    def known(self, level: Levels) -> bool:
        """Whether anything in date is known of the communes shown."""
        return bool((level[self.inside] < levels.STALE).any())


def everybody(report: Report) -> Flags:
    return np.ones(len(report.codes), dtype=np.bool_)


def communes_of(report: Report, codes: Iterable[str]) -> Flags:
    """Which communes a fixed group holds; all where none of the codes is of this province."""
    wanted = set(codes)
    inside = np.array([code in wanted for code in report.codes], dtype=np.bool_)
    return inside if inside.any() else everybody(report)
