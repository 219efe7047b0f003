"""What a wall screen is answered: a document without figures, scenes with a tag, the server's time
on everything.
"""

from __future__ import annotations

import logging
import re
from datetime import date, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from dashboard import store
from dashboard.reference import VIETNAM
from dashboard.settings import ROOT
from dashboard.web.kept_answers import EXTENSION
from dashboard.web.wall import scenes
from dashboard.web.wall.page import WallView
from tests import making

TODAY = date(2026, 11, 22)


def view(**query: str) -> WallView:
    return WallView.from_query(query, default_province="51", today=TODAY)


def test_the_document_names_files_that_are_there_and_carries_no_figure(pages: FlaskClient) -> None:
    answer = pages.get("/man-hinh?province=25&ten=x")
    assert answer.status_code == 200
    named = re.findall(r'(?:src|href)="(/[^"]+)"', answer.text)
    files = [name.partition("?")[0] for name in named]
    assert files == ["/assets/favicon.svg", "/bundles/wall.css", "/bundles/wall.js"]
    for name in named:
        with pages.get(name) as served:
            assert served.status_code == 200, name
    assert "<script>" not in answer.text
    assert "style=" not in answer.text
    # but for its title the same for every screen: a worker keeps it for all
    of_any_province = answer.text.replace(" · Phú Thọ", "").replace("họp Phú Thọ", "họp")
    title = ("Phú Thọ: đang lấy số liệu", "Mức độ sẵn sàng của cấp xã")
    assert of_any_province.replace(*title) == pages.get("/man-hinh").text
    headers = {"If-None-Match": answer.headers["ETag"]}
    assert pages.get("/man-hinh?province=25", headers=headers).status_code == 304


def test_every_answer_says_the_servers_time(pages: FlaskClient) -> None:
    first = pages.get("/api/wall")
    again = pages.get("/api/wall", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    for answer in (first, again, pages.get("/man-hinh")):
        assert abs(int(answer.headers["X-Now"]) / 1000 - int(first.headers["X-Now"]) / 1000) < 60
        shown = datetime.fromtimestamp(int(answer.headers["X-Now"]) / 1000, VIETNAM)
        assert shown.date() == TODAY  # the fixed day, at the real time of day


def test_an_import_is_another_tag_and_another_version(
    own_pages: FlaskClient, own_store: Engine
) -> None:
    first = own_pages.get("/api/wall?scenes=mang")
    store.save_batch(
        own_store, making.batch("new", readings=making.declaration("21025", TODAY)), by="test"
    )
    again = own_pages.get("/api/wall?scenes=mang", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200
    assert again.get_json()["version"] == first.get_json()["version"] + 1


def test_scenes_come_in_the_order_asked_for(pages: FlaskClient) -> None:
    body = pages.get("/api/wall?scenes=im-lang,nonsense,tong-the,im-lang").get_json()
    assert [scene["id"] for scene in body["scenes"]] == ["im-lang", "tong-the"]
    assert (body["province"], body["place"], len(body["codes"])) == ("51", "Quảng Ngãi", 96)
    assert body["simulated"] is False
    assert re.fullmatch(r"/map/51-[0-9a-f]{12}\.svg", body["map"])


def test_a_group_travels_alone(pages: FlaskClient) -> None:
    body = pages.get("/api/wall?group=21250,21028,99999,x").get_json()
    assert sorted(body["codes"]) == ["21028", "21250"]
    assert {len(scene["levels"]) for scene in body["scenes"]} == {2}


def test_the_overall_levels_travel_once_whichever_scenes_are_asked_for(pages: FlaskClient) -> None:
    content = pages.get("/api/wall?scenes=tong-the,chu-ky-so").get_json()
    assert (content["overall"], [scene["subject"] for scene in content["scenes"]]) == (
        "",
        ["", "Chữ ký số"],
    )
    alone = pages.get("/api/wall?scenes=chu-ky-so").get_json()
    assert alone["overall"] == content["scenes"][0]["levels"]


@pytest.mark.parametrize(
    "query", ["province=99", "since=9999-99-99", "scenes=,,,", "group=" + "1," * 5000, "scenes[]=x"]
)
def test_junk_falls_back(pages: FlaskClient, query: str) -> None:
    answer = pages.get(f"/api/wall?{query}")
    assert answer.status_code == 200
    assert answer.get_json()["scenes"]


def test_the_address_reads_back_as_it_was_written() -> None:
    for viewed in (
        view(),
        view(province="25", scenes="mang,im-lang"),
        view(group="21250,21028", since="2026-11-15"),
    ):
        assert view(**viewed.to_query()) == viewed
    assert view(since="2026-11-23").since is None
    assert view(scenes=",".join(scenes.SCENE_MAKERS)).to_query() == {"province": "51"}


def test_a_scene_that_fails_is_made_again_later_not_at_every_question(
    own_pages: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_seen: object) -> None:
        raise ValueError

    sound = own_pages.get("/api/wall").headers["ETag"]
    own_pages.application.extensions.pop(EXTENSION)  # the sound one is kept
    monkeypatch.setitem(scenes.SCENE_MAKERS, "mang", broken)
    with caplog.at_level(logging.ERROR, logger="dashboard"):
        first = own_pages.get("/api/wall")
        again = own_pages.get("/api/wall", headers={"If-None-Match": first.headers["ETag"]})
    assert first.get_json()["failed"] == ["mang"]
    assert "mang" not in [scene["id"] for scene in first.get_json()["scenes"]]
    assert again.status_code == 304
    assert first.headers["ETag"] != sound
    assert len(caplog.records) == 1


def test_a_store_that_is_gone_is_503_with_the_time(
    own_pages: FlaskClient, store_file: Path
) -> None:
    store_file.unlink()
    answer = own_pages.get("/api/wall")
    assert answer.status_code == 503
    assert "X-Now" in answer.headers
    assert own_pages.get("/man-hinh").status_code == 200


def test_the_worker_may_serve_the_page_beside_its_folder(pages: FlaskClient) -> None:
    answer = pages.get("/man-hinh/worker.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Service-Worker-Allowed"] == "/man-hinh"
    assert answer.headers["Cache-Control"] == "no-cache"


def test_an_idle_hour_stays_small(pages: FlaskClient) -> None:
    """What crosses the wire for an unchanged answer; `make bench` counts a whole hour."""
    headers = {"If-None-Match": pages.get("/api/wall").headers["ETag"]}
    answer = pages.get("/api/wall", headers=headers)
    assert sum(len(name) + len(value) + 4 for name, value in answer.headers.items()) < 200


def test_no_style_or_script_of_the_wall_writes_a_colour() -> None:
    for file in (ROOT / "dashboard" / "web" / "wall").glob("*.*"):
        if file.name != "colours.css":
            assert not re.findall(
                r"#[0-9a-fA-F]{3,8}\b(?![\w-])", file.read_text(encoding="utf-8")
            ), file.name
