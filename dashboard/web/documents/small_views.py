"""What other sites show of a page in a frame (`?embed=1`): a small view that it has for that, or
one of its charts alone (`&chart=<name>`).

A chart is cut out of the page as everybody sees it, by the id of its element: so each of them can
be shown elsewhere, and none says something else there. Its element tells title, source and, where
that is not the province, whose it is (`data-title`, `data-source`, `data-subject`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response
from markupsafe import Markup

from dashboard.web import theme

EMBED_FIELD = "embed"
CHART_FIELD = "chart"
# A portal that is light at night too says so: a frame does not know whose page it stands in.
THEME_FIELD = "theme"
SMALL_BUNDLE = "small_view"
# Fields of a frame's address, which no other page has.
SMALL_FIELDS = (EMBED_FIELD, CHART_FIELD, THEME_FIELD)

_NOTHING = Markup("")


@dataclass(frozen=True)
class SmallView:
    """What `?embed=1` shows of a page: `template` extends embed.html, `context` gives what it
    writes, as of a Document; `whole` is the page it leads to, by default its own.
    """

    template: str
    context: Callable[[Any], Mapping[str, Any] | Response]
    whole: str = ""


@dataclass(frozen=True)
class PageChart:
    """A chart that may be shown alone: its words for who chooses it, and how high a frame of 600
    pixels should be.
    """

    words: str
    height: int = 580


@dataclass(frozen=True)
class CutChart:
    """A chart cut out of its page: its element, and what that says of itself; empty where the page
    has no data to draw it.
    """

    element: Markup = _NOTHING
    title: Markup = _NOTHING
    source: Markup = _NOTHING
    subject: Markup = _NOTHING

    @property
    def is_figure(self) -> bool:
        """Whether a script draws it."""
        return "data-figure=" in self.element


def cut_chart(page: str, name: str) -> CutChart:
    """The chart of a written page; templates escape every `<` and `>` that is no tag's, so tags can
    be counted.
    """
    opening = re.search(rf'<(\w+)\b[^<>]*\bid="(?:figure-)?{re.escape(name)}"[^<>]*>', page)
    if opening is None:
        return CutChart()
    depth = 0
    for tag in re.finditer(rf"<(/?){opening[1]}\b[^<>]*>", page[opening.start() :]):
        depth += -1 if tag[1] else 1
        if depth == 0:
            break
    # Each is escaped as it stands there.
    said = dict(re.findall(r'\bdata-(title|source|subject)="([^"]*)"', opening[0]))
    element = page[opening.start() : opening.start() + tag.end()]
    return CutChart(Markup(element), **{name: Markup(words) for name, words in said.items()})


def parse_theme(query: Mapping[str, str]) -> str:
    """The colours that a portal wants whatever the system says: light, dark, or "" for neither."""
    wanted = query.get(THEME_FIELD, "")
    return wanted if wanted in theme.CHOICES else ""
