"""The parts of a page, each guarded: one that breaks leaves a designed box, and the others stand.

A template writes `{% call(found) part("Tiêu chí", criteria) %} … {% endcall %}`: `criteria` is
called, its result is `found` inside; whatever fails, there or while the words are made, ends in the
box and one log line.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import g, has_request_context
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from dashboard import text
from dashboard.errors import describe_error_location
from dashboard.store import StoreUnavailable
from dashboard.web import bundles, static_files, theme
from dashboard.web.base_path import locate_path
from dashboard.web.charts.map import HATCH_PATTERNS
from dashboard.web.documents import data_sources, http_caching

_log = logging.getLogger("dashboard")


def _make_environment() -> Environment:
    """Everything that is written is escaped; a name that a template does not know is an error, not
    a blank.
    """
    templates = Environment(
        loader=FileSystemLoader([Path(__file__).parent, Path(__file__).parent.parent]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=-1,
        # A running program keeps the templates of its own version, also while a newer one is being
        # put in place.
        auto_reload=False,
    )
    templates.globals.update(
        asset=static_files.find_asset_address,
        locate=locate_path,
        loader_frame=lambda: Markup(bundles.build_loader_frame()),
        early_theme=Markup(theme.write_early_script()),
        theme_choices=theme.CHOICES,
        levels=theme.LEVELS | theme.SILENCE,
        patterns=Markup(HATCH_PATTERNS),
        readiness_source=data_sources.READINESS_SOURCE,
    )
    templates.filters.update(
        number=text.format_number,
        percent=text.format_percent,
        day=text.format_day,
        moment=text.format_moment,
        age=text.format_age,
    )
    for macros in ("states", "heads", "figures"):
        templates.globals[macros] = templates.get_template(f"{macros}.html").module
    return templates


TEMPLATES = _make_environment()


class FailureRecorder:
    """`with` it, what fails ends here, with one log line and `name` in `failed`: one broken part
    never takes the others with it. While the store is away no part can be right: that goes on.
    """

    def __init__(self, subject: str, failed: list[str] | None = None, name: str = "") -> None:
        self.subject = subject
        self.failed = [] if failed is None else failed
        self.name = name

    def __enter__(self) -> None:
        return None

    def __exit__(self, _type: object, error: BaseException | None, _traceback: object) -> bool:
        if not isinstance(error, Exception) or isinstance(error, StoreUnavailable):
            return False
        _log.error("%s failed: %s", self.subject, describe_error_location(error))
        self.failed.append(self.name)
        if has_request_context():
            g.has_failed_part = True  # the answer that is being made is kept by nobody
        return True


class GuardedSections:
    """The parts of one answer; `broken` names those that failed, so that the answer is not kept."""

    def __init__(self, page: str, etag_if_sound: str) -> None:
        self.page = page
        self.broken = list[str]()
        self._etag_if_sound = etag_if_sound

    @cached_property
    def etag(self) -> str:
        """The tag of the answer, once its parts are made; kept, as the next attempt has another."""
        if self.broken:
            return http_caching.retry_etag(self._etag_if_sound)
        return self._etag_if_sound

    def __call__(self, name: str, make: Callable[[], Any], caller: Callable[[Any], str]) -> str:
        """What `caller` writes about what `make` finds; the box of a broken part where either
        fails.
        """
        with self._record_failure(name):
            return caller(make())
        return Markup(TEMPLATES.get_template("broken_section.html").render(name=name))

    def words(self, make: Callable[[], str], otherwise: str) -> str:
        """What `make` says; where it fails, `otherwise`: for a title, which is never a box."""
        with self._record_failure(otherwise):
            return make()
        return otherwise

    def _record_failure(self, name: str) -> FailureRecorder:
        return FailureRecorder(f"part {name!r} of {self.page}", self.broken, name)
