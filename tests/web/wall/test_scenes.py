"""Scenes of the wall: one message each, figures that add up, silence told as silence, a failure
that stays alone.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from dashboard import reference, store
from dashboard.indicators import levels
from dashboard.indicators.report import Report
from dashboard.reports import Reports, read_criteria
from dashboard.settings import ROOT, Settings
from dashboard.web.wall import colours, scenes
from dashboard.web.wall.scene import (
    Scene,
    SceneAge,
    WallContext,
    list_late_moments,
    select_all_communes,
    select_group_communes,
)
from dashboard.workdays import load_calendar
from tests import making

TODAY = date(2026, 11, 22)
YESTERDAY = TODAY - timedelta(days=1)
GREEN = "21250"
RED = "21028"
SHORT = "21025"
OLD = "21034"


def report_of(settings: Settings, *batches: object) -> Report:
    engine = store.prepare_store(settings.database_url)
    for batch in batches:
        store.save_batch(engine, batch, by="test")  # type: ignore[arg-type]
    reports = Reports(engine, read_criteria(settings.criteria), settings.outlines_dir)
    report = reports.report("51", TODAY, reports.version())
    engine.dispose()
    return report


@pytest.fixture(scope="module")
def report(new_settings: Callable[[], Settings]) -> Report:
    """One green, one red, one yellow that was green two days ago, one stale, 92 silent; dossiers of
    two.
    """
    declared = [
        making.declaration(GREEN, TODAY),
        making.declaration(RED, TODAY, network_stable=0),
        making.declaration(SHORT, TODAY, scanner_needed=5, scanner_available=4),
        making.declaration(SHORT, TODAY - timedelta(days=2)),
        making.declaration(OLD, TODAY - timedelta(days=60)),
    ]
    rows = [
        {
            "unit": GREEN,
            "first": TODAY,
            "received": 50,
            "resolved": 20,
            "on_time_766": 45,
            "open_overdue": 3,
        },
        {
            "unit": RED,
            "first": TODAY,
            "received": 10,
            "resolved": 4,
            "on_time_766": 3,
            "open_overdue": 7,
        },
    ]
    batches = [
        making.batch(f"d{number}", readings=readings) for number, readings in enumerate(declared)
    ]
    return report_of(new_settings(), *batches, making.batch("h", dossiers=making.dossiers(rows)))


def seen(report: Report, group: list[str] | None = None, since: date | None = None) -> WallContext:
    inside = select_all_communes(report) if group is None else select_group_communes(report, group)
    return WallContext(report, "Quảng Ngãi", inside, datetime(2026, 11, 20, 16), since)


def scene(screen: WallContext, name: str) -> Scene:
    made = scenes.make_scenes(screen, [name])
    assert not made.failed
    assert [made_scene.id for made_scene in made.scenes] == [name]
    return made.scenes[0]


def test_every_scene_has_a_title_an_age_and_a_level_for_each_commune(report: Report) -> None:
    made = scenes.make_scenes(seen(report), list(scenes.SCENE_MAKERS))
    assert not made.failed
    for entry in made.scenes:
        assert entry.title
        assert entry.age.words
        assert len(entry.levels) == 96
        assert len(entry.figures) <= 5
        assert len(entry.named) <= 7
        assert entry.figures or entry.lines


def test_the_overall_scene_counts_what_its_levels_show(report: Report) -> None:
    shown = scene(seen(report), "tong-the")
    assert shown.title == "Quảng Ngãi: 1/96 đơn vị đạt mức Xanh, 1 mức Đỏ"
    assert Counter(shown.levels) == {"g": 1, "r": 1, "y": 1, "s": 1, "u": 92}
    # nobody had told anything a week ago: the share, and no direction from nought
    assert (shown.figures[0].value, shown.figures[0].label) == ("1,0%", "đơn vị đạt mức Xanh")
    # one order of need: red, yellow, then who has to be called
    assert [(named.code, named.figure) for named in shown.named[:3]] == [
        (RED, "1"),
        (SHORT, "1"),
        (shown.named[2].code, "chưa báo cáo"),
    ]


def test_a_dimension_says_what_is_missing_and_who_is_weakest(report: Report) -> None:
    network = scene(seen(report), "mang")
    assert [(line.code, line.figure) for line in network.named] == [(RED, "mất kết nối")]
    assert [(line.label, line.value) for line in network.figures[1:]] == [
        ("Đường truyền", "1 chưa đạt"),
        ("Đã kiểm tra", "0/96"),
    ]
    devices = scene(seen(report), "thiet-bi")
    assert [(line.label, line.value) for line in devices.figures[1:2]] == [
        ("Máy scan", "+1 ở 1 đơn vị")
    ]
    assert [line.code for line in devices.named] == [SHORT]


def test_a_dimension_says_how_many_communes_a_visit_has_seen(settings: Settings) -> None:
    visits = making.readings([(GREEN, "network_mbps", 90.0, "verified", TODAY)])
    batches = (
        making.batch("d", readings=making.declaration(GREEN, TODAY)),
        making.batch("v", readings=visits),
    )
    screen = seen(report_of(settings, *batches))
    visited = [scene(screen, name).figures[-1] for name in ("mang", "thiet-bi")]
    assert [(line.label, line.value) for line in visited] == [
        ("Đã kiểm tra", "1/96"),
        ("Đã kiểm tra", "0/96"),
    ]


def test_figures_that_are_all_old_are_not_said_to_be_missing(settings: Settings) -> None:
    old = report_of(
        settings, making.batch("o", readings=making.declaration(OLD, TODAY - timedelta(days=60)))
    )
    shown = scene(seen(old), "tong-the")
    assert shown.title == "Quảng Ngãi: số liệu đã cũ"
    assert shown.figures == ()  # the title says it once


def test_a_title_of_two_lines_breaks_between_its_parts(report: Report) -> None:
    title = scene(seen(report), "duong-den-xanh").as_json()["title"]
    assert title == "2 đơn vị còn thiếu: cần mua 1 thiết bị".replace(" ", "\u00a0").replace(
        ":\u00a0", ": "
    )
    long = Scene(
        "x", "So với lần họp trước (20/11/2026): 3 đơn vị tăng mức, 1 đơn vị giảm mức"
    ).as_json()["title"]
    assert long.split(" ") == [
        "So",
        "với",
        "lần",
        "họp",
        "trước",
        "(20/11/2026):",
        "3\u00a0đơn\u00a0vị\u00a0tăng\u00a0mức,",
        "1\u00a0đơn\u00a0vị\u00a0giảm\u00a0mức",
    ]


def test_whoever_moved_since_the_last_meeting_is_named_with_both_levels(report: Report) -> None:
    shown = scene(seen(report, since=TODAY - timedelta(days=2)), "bien-dong")
    assert shown.title.startswith("So với lần họp trước (20/11/2026): ")
    signs = {named.code: named.figure for named in shown.named}
    assert signs == {SHORT: "xanh → vàng", GREEN: "chưa có → xanh", RED: "chưa có → đỏ"}
    assert shown.marks.count("1") == 3


def test_a_day_on_which_nobody_moved_is_no_scene_but_a_meeting_is_told_of_it(
    settings: Settings,
) -> None:
    still = report_of(
        settings, making.batch("a", readings=making.declaration(GREEN, TODAY - timedelta(days=5)))
    )
    round_of_all = scenes.make_scenes(seen(still), list(scenes.SCENE_MAKERS)).scenes
    assert "bien-dong" not in [entry.id for entry in round_of_all]
    alone = scene(seen(still), "bien-dong")
    assert alone.title == "Biến động: không thay đổi từ 21/11/2026"
    assert (alone.figures[0].value, alone.marks) == ("1/96", "")
    shown = scene(seen(still, since=YESTERDAY), "bien-dong")
    assert shown.title == "So với lần họp trước (21/11/2026): không đơn vị nào đổi mức"
    assert shown.marks == ""


def test_dossiers_are_sums_of_counts_with_the_definition_named(report: Report) -> None:
    shown = scene(seen(report), "ho-so")
    figures = {line.label: line.value for line in shown.figures}
    # 48 of 60, never the mean of 90% and 30%
    assert figures["theo Bộ chỉ số 766"] == "80,0%"
    assert shown.figures[0].share == "48/60\u00a0hồ\u00a0sơ"
    assert (figures["Tiếp nhận mới"], figures["Đã giải quyết"]) == ("60", "24")
    assert figures["Quá hạn hôm nay"] == "10"
    assert shown.title.startswith("2/96 đơn vị của Quảng Ngãi: 80,0%")
    assert [(line.code, line.figure) for line in shown.named] == [(RED, "7"), (GREEN, "3")]
    assert dict(shown.words)["unknown"] == "Không xếp màu"


def test_the_way_to_green_counts_who_lacks_something_apart_from_who_only_has_to_report(
    report: Report,
) -> None:
    shown = scene(seen(report), "duong-den-xanh")
    assert shown.title == "2 đơn vị còn thiếu: cần mua 1\u00a0thiết bị"
    figures = [(line.label, line.value) for line in shown.figures[:2]]
    assert figures == [("đơn vị đạt mức Xanh", "1/96"), ("Chỉ chờ báo cáo", "93 đơn vị")]
    assert [(line.name, line.figure) for line in shown.named] == [
        ("Đường truyền", "1 đơn vị"),
        ("Máy scan", "1 đơn vị"),
    ]
    group = scene(seen(report, [GREEN, RED]), "duong-den-xanh")
    assert group.title == "1 đơn vị còn thiếu điều kiện"
    assert [(line.label, line.value) for line in group.figures] == [("đơn vị đạt mức Xanh", "1/2")]


def test_whoever_has_nothing_in_date_is_named_the_longest_wait_first_and_is_not_called_silent(
    report: Report,
) -> None:
    shown = scene(seen(report), "im-lang")
    assert (shown.figures[0].label, shown.figures[0].value) == (
        "đơn vị chưa có số liệu còn hạn",
        "93/96",
    )
    # elsewhere the word is for three rhythms behind
    assert "quá hạn báo cáo" not in str(shown.as_json()).lower()
    assert shown.title == "92 đơn vị chưa báo cáo, 1 đơn vị có số liệu quá hạn"
    assert shown.named[0].figure == "chưa lần nào"
    assert shown.more == 93 - 7
    assert shown.marks.count("1") == 93


def test_a_line_of_work_names_as_many_as_fit_and_counts_the_rest(settings: Settings) -> None:
    silent = [
        making.declaration(code, TODAY - timedelta(days=50)) for code in (GREEN, RED, SHORT, OLD)
    ]
    batches = [
        making.batch(f"s{number}", readings=readings) for number, readings in enumerate(silent)
    ]
    shown = scene(seen(report_of(settings, *batches)), "viec-can-quyet")
    assert shown.title == "Quảng Ngãi: 1 nội dung cần chỉ đạo hôm nay"
    ((title, reason),) = shown.lines
    assert "không báo cáo" in title
    assert len(reason) <= 66
    assert reason.endswith("đơn vị nữa")


def test_a_group_is_counted_by_itself(report: Report) -> None:
    screen = seen(report, [GREEN, RED])
    shown = scene(screen, "tong-the")
    assert shown.title == "2 đơn vị của Quảng Ngãi: 1/2 đơn vị đạt mức Xanh, 1 mức Đỏ"
    assert sorted(shown.levels) == ["g", "r"]
    assert scene(screen, "ho-so").figures[0].share == "48/60\u00a0hồ\u00a0sơ"
    assert scene(seen(report, [RED]), "ho-so").figures[0].share == "3/10\u00a0hồ\u00a0sơ"
    assert seen(report, ["99999"]).size == 96


@pytest.mark.parametrize("group", [None, [GREEN, RED, SHORT]])
def test_figures_agree_with_a_plain_count_over_the_communes(
    report: Report, group: list[str] | None
) -> None:
    screen = seen(report, group)
    members = group or list(report.codes)
    for name, dimension in (
        ("mang", "network"),
        ("chu-ky-so", "digital_signature"),
        ("thiet-bi", "devices"),
    ):
        of = dict(
            zip(report.codes, report.readiness.assessment.dimensions[dimension][:, 0], strict=True)
        )
        green = sum(1 for code in members if of[code] == levels.GREEN)
        assert f": {green}/{len(members)} đơn vị đạt mức Xanh" in scene(screen, name).title


@pytest.fixture(scope="module")
def risen(new_settings: Callable[[], Settings]) -> Report:
    """One green since March, one red until two days ago, one red for ten days, 93 silent."""
    march = date(2026, 3, 2)
    days = [march + timedelta(days=14 * number) for number in range(19)]
    declared = [making.declaration(GREEN, day) for day in days]
    declared += [making.declaration(RED, day, network_stable=0) for day in days]
    declared += [making.declaration(RED, TODAY - timedelta(days=2))]
    declared += [making.declaration(SHORT, TODAY - timedelta(days=10), network_stable=0)]
    batches = [
        making.batch(f"d{number}", readings=readings) for number, readings in enumerate(declared)
    ]
    return report_of(new_settings(), *batches)


def test_a_scene_of_levels_tells_the_direction_and_from_which_day(risen: Report) -> None:
    week = scene(seen(risen), "tong-the").figures[0]
    assert (week.value, week.label) == ("▲ 1 đơn vị", "mức Xanh, so với 15/11/2026")
    network = scene(seen(risen), "mang").figures[0]
    assert network.value == "▲ 1 đơn vị"
    meeting = scene(seen(risen, since=TODAY - timedelta(days=1)), "tong-the").figures[0]
    assert (meeting.value, meeting.label) == ("Không đổi", "mức Xanh, so với 21/11/2026")
    alone = scene(seen(risen, [GREEN]), "tong-the").figures[0]
    assert alone.value == "Không đổi"
    way = {figure.label: figure.value for figure in scene(seen(risen), "duong-den-xanh").figures}
    assert way["So với 15/11/2026"] == "▲ 1 đơn vị"
    quiet = {figure.label: figure.value for figure in scene(seen(risen), "im-lang").figures}
    assert quiet["So với 15/11/2026"] == "Không đổi"


def test_the_course_of_twelve_months_counts_green_communes_and_has_no_line_before_the_first_figure(
    risen: Report,
) -> None:
    course = scene(seen(risen), "tong-the").course
    assert course is not None
    days = [day.item() for day in risen.readiness.year_history.days]
    # counted slowly, day by day, from the report of that day
    for day, count in zip(days, course.counts, strict=True):
        level = risen.readiness.levels_of_day(day)["overall"][:, 0]
        known_levels = [code for code in level.tolist() if code < levels.STALE]
        assert count == (known_levels.count(levels.GREEN) if known_levels else None), day
    assert None in course.counts
    assert (course.first, course.last) == ("3/2026: 1", "2")


def test_a_province_told_of_on_one_day_only_has_no_course(report: Report) -> None:
    assert scene(seen(report, [GREEN]), "tong-the").course is None


def test_without_any_file_the_wall_says_so_in_one_scene(settings: Settings) -> None:
    made = scenes.make_scenes(seen(report_of(settings)), list(scenes.SCENE_MAKERS))
    assert not made.failed
    assert [(entry.id, entry.title) for entry in made.scenes] == [
        ("tong-the", "Quảng Ngãi: chưa có dữ liệu")
    ]
    assert made.scenes[0].figures == ()  # the title says it once


def test_a_scene_asked_for_by_name_says_that_it_has_nothing_and_shows_no_other(
    settings: Settings,
) -> None:
    names = [name for name in scenes.SCENE_MAKERS if name != "tong-the"]
    made = scenes.make_scenes(seen(report_of(settings)), names)
    assert {entry.id: entry.title for entry in made.scenes} == {
        "mang": "Mạng: chưa có dữ liệu",
        "chu-ky-so": "Chữ ký số: chưa có dữ liệu",
        "thiet-bi": "Thiết bị: chưa có dữ liệu",
        "ho-so": "Quảng Ngãi: chưa có số liệu hồ sơ",
        "bien-dong": "Biến động: chưa có dữ liệu",
        "viec-can-quyet": "Nội dung cần chỉ đạo: chưa có dữ liệu",
        "viec-hua": "Việc hứa: chưa có dữ liệu",
        "duong-den-xanh": "Đường đến xanh: chưa có dữ liệu",
        "im-lang": "Chờ số liệu: chưa có dữ liệu",
    }
    assert {len(entry.levels) for entry in made.scenes} == {96}


def test_calm_is_told_apart_from_knowing_nothing(settings: Settings) -> None:
    batches = [making.batch("g", readings=making.declaration(GREEN, TODAY - timedelta(days=2)))]
    screen = seen(report_of(settings, *batches), [GREEN])
    titles = [
        scene(screen, name).title
        for name in ("viec-can-quyet", "viec-hua", "duong-den-xanh", "im-lang", "bien-dong")
    ]
    assert titles == [
        "Nội dung cần chỉ đạo: hôm nay không có nội dung nào",
        "Việc hứa: không việc hứa nào quá hạn",
        "Đường đến xanh: không đơn vị nào còn thiếu",
        "Chờ số liệu: đơn vị nào cũng có số liệu còn hạn",
        "Biến động: không thay đổi từ 21/11/2026",
    ]


def test_every_scene_that_can_be_left_out_can_say_so() -> None:
    assert {*scenes.SCENE_MAKERS} - {*scenes.QUIET_SCENE_MAKERS} == {"tong-the"}


def test_a_scene_that_fails_is_named_and_the_others_stand(
    report: Report, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_seen: WallContext) -> Scene:
        raise ZeroDivisionError

    monkeypatch.setitem(scenes.SCENE_MAKERS, "mang", broken)
    with caplog.at_level(logging.ERROR, logger="dashboard"):
        made = scenes.make_scenes(seen(report), ["tong-the", "mang", "im-lang"])
    assert [entry.id for entry in made.scenes] == ["tong-the", "im-lang"]
    assert made.failed == ("mang",)
    assert len(caplog.records) == 1
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize("days", [1, 7, 31])
def test_late_begins_on_the_day_on_which_freshness_says_late(days: int) -> None:
    """The slow twin: count day by day, working days where the rhythm is shorter than a week."""
    office = load_calendar()
    # before Tết, a Friday, a Sunday
    for newest in (date(2026, 2, 13), date(2026, 11, 20), date(2026, 11, 22)):
        expected = list[date]()
        day = newest
        while len(expected) < 3:
            day += timedelta(days=1)
            every = np.arange(np.datetime64(newest) + 1, np.datetime64(day) + 1)
            waited = int(office.is_working(every).sum()) if days < 7 else (day - newest).days
            if waited > days * (len(expected) + 1):
                expected.append(day)
        assert [moment.date() for moment in list_late_moments(newest, days, office)] == expected


def test_figures_without_a_rhythm_are_never_late() -> None:
    age = SceneAge.of(datetime(2026, 11, 20, 16), None, load_calendar())
    assert age.as_json()["late"] == []
    assert age.words == "16:00 20/11/2026"
    assert SceneAge.of(None, 7, load_calendar()).as_json()["told"] == ""


def test_names_without_their_kind_are_unique_in_every_province() -> None:
    for province in reference.load_province_names():
        assert reference.select_communes_of_province(province)["bare_name"].is_unique, province


def test_the_walls_colours_are_the_themes() -> None:
    file = Path(ROOT) / "dashboard" / "web" / "wall" / "colours.css"
    assert file.read_text(encoding="utf-8") == colours.write_wall_css(), (
        "run: python -m dashboard.web.wall.colours > dashboard/web/wall/colours.css"
    )
