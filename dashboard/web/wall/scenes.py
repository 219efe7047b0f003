"""The round of scenes of the wall, made from the one report: which there are, what each says that
has nothing new; what fails is named.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.levels import Levels
from dashboard.web.documents.guarded_sections import FailureRecorder
from dashboard.web.wall import work_scenes
from dashboard.web.wall.direction import find_day_before
from dashboard.web.wall.readiness_scenes import (
    make_dimension_scene,
    make_movement_scene,
    make_overall_scene,
    make_silence_scene,
)
from dashboard.web.wall.scene import Scene, SceneAge, WallContext
from dashboard.web.words import explain

# In the order in which they are told: where we stand, why, what flows, what moved, what to do.
SCENE_MAKERS: dict[str, Callable[[WallContext], Scene | None]] = {
    "tong-the": make_overall_scene,
    "mang": make_dimension_scene("network", "mang"),
    "chu-ky-so": make_dimension_scene("digital_signature", "chu-ky-so"),
    "thiet-bi": make_dimension_scene("devices", "thiet-bi"),
    "ho-so": work_scenes.make_throughput_scene,
    "bien-dong": make_movement_scene,
    "viec-can-quyet": work_scenes.make_decisions_scene,
    "viec-hua": work_scenes.make_promises_scene,
    "duong-den-xanh": work_scenes.make_way_to_green_scene,
    "im-lang": make_silence_scene,
}
OLD_FIGURES = "số liệu đã cũ"


@dataclass(frozen=True)
class SceneResult:
    """What came of making scenes: those with something to say, and the names of the failed."""

    scenes: tuple[Scene, ...]
    failed: tuple[str, ...]


def make_scenes(context: WallContext, scene_names: Sequence[str]) -> SceneResult:
    """The wanted scenes in their order. Of the round of all, those without anything to say are left
    out; one that is asked for by name says that there is nothing new. A screen is never without
    one: where none is left, the first of all stands."""
    is_full_round = tuple(scene_names) == tuple(SCENE_MAKERS)
    result = _try_scenes(context, scene_names, say_nothing_new=not is_full_round)
    if result.scenes or "tong-the" in scene_names:
        return result
    fallback = _try_scenes(context, ["tong-the"], say_nothing_new=False)
    return SceneResult(fallback.scenes, result.failed + fallback.failed)


def _try_scenes(
    context: WallContext, scene_names: Sequence[str], *, say_nothing_new: bool
) -> SceneResult:
    scenes = list[Scene]()
    failed = list[str]()
    for name in scene_names:
        with FailureRecorder(f"scene {name!r}", failed, name):
            scene = SCENE_MAKERS[name](context)
            if scene is None and say_nothing_new:
                scene = QUIET_SCENE_MAKERS[name](context)
            if scene is not None:
                scenes.append(scene)
    return SceneResult(tuple(scenes), tuple(failed))


# What a scene says that has nothing new: only where the address names it. In the round of all
# scenes it is left out, but who asks for one scene shall not be shown another in its place.


def _describe_lack_of_data(context: WallContext, level: Levels) -> str:
    """Why nothing can be said; "" where anything in date is known."""
    if context.has_current_data(level):
        return ""
    is_unknown = (level[context.inside] == levels.UNKNOWN).all()
    return explain.NO_DATA if is_unknown else OLD_FIGURES


def _make_overall_quiet(
    scene_id: str, subject: str, tell_calm: Callable[[WallContext], str]
) -> Callable[[WallContext], Scene]:
    """A scene over the overall levels: `tell_calm` says what is so where anything is known."""

    def scene(context: WallContext) -> Scene:
        level = context.report.readiness.assessment.overall[:, 0]
        lack = _describe_lack_of_data(context, level)
        words = lack or tell_calm(context)
        return Scene(
            scene_id,
            f"{subject}: {words}",
            () if lack else (context.green(level, "đơn vị đạt mức Xanh"),),
            context.letters(level),
            context.age(),
        )

    return scene


def _make_dimension_quiet(code: str, scene_id: str) -> Callable[[WallContext], Scene]:
    def scene(context: WallContext) -> Scene:
        readiness = context.report.readiness.assessment
        name = explain.HEADLINE_DIMENSIONS[code]
        if code not in readiness.dimensions:
            nothing = np.full(len(readiness.codes), levels.UNKNOWN, dtype=np.int8)
            title = f"{name}: chưa có tiêu chí nào có hiệu lực"
            return Scene(scene_id, title, levels=context.letters(nothing), subject=name)
        level = readiness.dimensions[code][:, 0]
        return Scene(
            scene_id,
            f"{name}: {_describe_lack_of_data(context, level)}",
            levels=context.letters(level),
            age=context.age(),
            subject=name,
        )

    return scene


def _make_throughput_quiet(context: WallContext) -> Scene:
    return Scene(
        "ho-so",
        f"{context.area_name}: chưa có số liệu hồ sơ",
        levels=context.letters(context.report.dossiers.of_period.on_time_levels),
        age=SceneAge(),
        words=(("unknown", "Không xếp màu"),),
        subject="Đúng hạn",
    )


def _tell_no_movement(context: WallContext) -> str:
    return f"không thay đổi từ {text.format_day(find_day_before(context))}"


def _tell_no_lack(context: WallContext) -> str:
    counts = levels.count_levels(context.overall)
    if counts["unknown"] + counts["stale"]:
        return "trong các đơn vị có số liệu còn hạn, không đơn vị nào còn thiếu"
    return "không đơn vị nào còn thiếu"


QUIET_SCENE_MAKERS: dict[str, Callable[[WallContext], Scene]] = {
    "mang": _make_dimension_quiet("network", "mang"),
    "chu-ky-so": _make_dimension_quiet("digital_signature", "chu-ky-so"),
    "thiet-bi": _make_dimension_quiet("devices", "thiet-bi"),
    "ho-so": _make_throughput_quiet,
    "bien-dong": _make_overall_quiet("bien-dong", "Biến động", _tell_no_movement),
    "viec-can-quyet": _make_overall_quiet(
        "viec-can-quyet", "Nội dung cần chỉ đạo", lambda _context: "hôm nay không có nội dung nào"
    ),
    "viec-hua": _make_overall_quiet(
        "viec-hua", "Việc hứa", lambda _context: "không việc hứa nào quá hạn"
    ),
    "duong-den-xanh": _make_overall_quiet("duong-den-xanh", "Đường đến xanh", _tell_no_lack),
    "im-lang": _make_overall_quiet(
        "im-lang", "Chờ số liệu", lambda _context: "đơn vị nào cũng có số liệu còn hạn"
    ),
}
