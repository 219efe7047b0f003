"""The scenes of the wall, made from the one report: what has nothing to say is left out, what fails is named."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dashboard.errors import kind_and_place
from dashboard.views import wall_readiness, wall_told, wall_work
from dashboard.views.wall_scene import Scene, Seen

_log = logging.getLogger("dashboard")

# In the order in which they are told: where we stand, why, what flows, what moved, what to do.
SCENES: dict[str, Callable[[Seen], Scene | None]] = {
    "tong-the": wall_readiness.overall,
    "mang": wall_readiness.dimension("network", "mang"),
    "chu-ky-so": wall_readiness.dimension("digital_signature", "chu-ky-so"),
    "thiet-bi": wall_readiness.dimension("devices", "thiet-bi"),
    "ho-so": wall_work.throughput,
    "bien-dong": wall_told.movement,
    "viec-can-quyet": wall_work.decisions,
    "duong-den-xanh": wall_work.way_to_green,
    "im-lang": wall_told.unheard,
}


@dataclass(frozen=True)
class Made:
    """What came of making scenes: those with something to say, and the names of those that failed."""

    scenes: tuple[Scene, ...]
    failed: tuple[str, ...]


def make(seen: Seen, wanted: Sequence[str]) -> Made:
    """The wanted scenes in their order. A screen is never without one: where none has anything to say,
    the first of all says so."""
    made = _made(seen, wanted)
    if made.scenes or "tong-the" in wanted:
        return made
    instead = _made(seen, ["tong-the"])
    return Made(instead.scenes, made.failed + instead.failed)


def _made(seen: Seen, wanted: Sequence[str]) -> Made:
    scenes, failed = list[Scene](), list[str]()
    for name in wanted:
        try:
            scene = SCENES[name](seen)
        except Exception as error:
            _log.error("scene %r failed: %s", name, kind_and_place(error))
            failed.append(name)
            continue
        if scene is not None:
            scenes.append(scene)
    return Made(tuple(scenes), tuple(failed))
