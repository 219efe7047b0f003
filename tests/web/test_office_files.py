"""The sample files of offices imported together: every part of a page says whose figures it shows,
for how many communes and until when, and no old list is aged on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from dashboard import store
from dashboard.__main__ import main
from dashboard.settings import read_settings
from dashboard.web.server import create_app
from tools.running import environment_in

# Two weeks after the newest reception of the list.
TODAY = "2026-11-28"


@pytest.fixture(scope="module")
def pages(
    shared: Path, tmp_path_factory: pytest.TempPathFactory, module_environment: pytest.MonkeyPatch
) -> FlaskClient:
    environment = environment_in(tmp_path_factory.mktemp("office"), DASHBOARD_TODAY=TODAY)
    for name, value in environment.items():
        module_environment.setenv(name, value)
    store.prepare_store(environment["DASHBOARD_DATABASE_URL"]).dispose()
    files = sorted(
        str(path) for path in (shared / "samples").iterdir() if path.suffix in (".xlsx", ".csv")
    )
    assert main(["import", *files]) == 0
    return create_app(read_settings(environment)).server.test_client()


@pytest.fixture(scope="module")
def module_environment() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


def read_words(pages: FlaskClient, path: str) -> str:
    page = re.search(r"<main.*</main>", pages.get(path).text, re.DOTALL)
    assert page
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page[0])).replace("\u00a0", " ").split())


def test_what_a_list_of_some_communes_tells_is_never_the_provinces(pages: FlaskClient) -> None:
    october = read_words(pages, "/ho-so?province=51&period=2026-10")
    assert "Biểu II.06a, theo tháng, đếm theo kỳ báo cáo · 96/96 đơn vị có số liệu" in october
    assert "Tiếp nhận theo ngày, 20/96 đơn vị" in october
    assert "Nguồn: Danh sách hồ sơ · 20/96 đơn vị · đến 31/10/2026." in october
    assert "20/96 đơn vị này: không thiếu ngày làm việc nào" in october
    assert "Diễn biến mười hai tháng, 20/96 đơn vị" in october
    assert "Nguồn: Danh sách hồ sơ · 20/96 đơn vị · đến 13/11/2026, kỳ nào cũng vậy" in october
    assert "Các số trên trang chỉ của cấp xã, không phải của cả tỉnh" in october


def test_what_is_overdue_today_stands_on_no_page_of_another_month(pages: FlaskClient) -> None:
    october = read_words(pages, "/ho-so?province=51&period=2026-10")
    assert "đến hạn trong 3 ngày làm việc, trên" not in october
    assert "ngày của danh sách mới nhất; kỳ đang xem không có ngày ấy" in october


@pytest.mark.parametrize("path", ["/ho-so?province=51", "/ho-so?province=51&period=2026-11"])
def test_an_old_list_is_as_old_as_its_newest_reception_and_is_not_aged_on(
    pages: FlaskClient, path: str
) -> None:
    newest = read_words(pages, path)
    assert "Tháng 11/2026 đến 13/11, 20/96 đơn vị: 523 hồ sơ tiếp nhận" in newest
    assert "Tính vào ngày 13/11/2026, 20/96 đơn vị: 368 quá hạn" in newest
    assert "trên 411 đang giải quyết" in newest
    assert "409 quá hạn" not in newest
    assert "cuối ngày 13/11/2026 trong hạn 43 (10,5%) quá hạn 368" in newest
    assert "hôm nay" not in newest


STOPPED = "danh sách ngừng tiếp nhận từ 13/11/2026, 9 ngày làm việc trước"


@pytest.mark.parametrize("path", ["/ho-so?province=51", "/xa/21157", "/du-lieu?province=51"])
def test_a_list_that_stopped_receiving_says_so_wherever_it_is_shown(
    pages: FlaskClient, path: str
) -> None:
    words = unescape(pages.get(path, follow_redirects=True).text).replace("\u00a0", " ")
    assert STOPPED in words


def test_a_list_that_stopped_receiving_says_so_on_the_wall(pages: FlaskClient) -> None:
    wall = pages.get("/api/wall?province=51").json
    assert wall is not None
    stopped = {scene["id"]: scene["age"]["stopped"] for scene in wall["scenes"]}
    assert stopped.pop("ho-so") == STOPPED.capitalize()
    assert not any(stopped.values())


def test_an_earlier_month_of_that_list_is_past_and_has_not_stopped(pages: FlaskClient) -> None:
    assert STOPPED not in read_words(pages, "/ho-so?province=51&period=2026-09")


def test_dossiers_that_nobody_can_judge_are_told_beside_each_share(pages: FlaskClient) -> None:
    left_out = "hồ sơ đã giải quyết không có ngày trả, không tính"
    assert f"5 {left_out}" in read_words(pages, "/ho-so?province=51&period=2026-11")
    report = pages.get("/api/report?province=51").json
    assert report is not None
    throughput = report["province"]["throughput"]
    assert throughput["left_out"]["on_time_766"] == f"5 {left_out}"
    assert throughput["counts"]["no_finish_day"] == 5
    rate = throughput["rates"]["on_time_766"]
    assert (rate["part"], rate["whole"]) == (361, 518)
    concerned = [
        commune
        for commune in report["communes"]
        if commune["throughput"]["left_out"]["on_time_766"]
    ]
    counts = [int(commune["throughput"]["counts"]["no_finish_day"]) for commune in concerned]
    assert sum(counts) == 5
    page = read_words(pages, f"/xa/{concerned[0]['commune_code']}")
    assert page.count(f"{counts[0]} {left_out}") == 3, "beside the count and both shares"


def test_the_first_page_and_the_wall_tell_coverage_and_age(pages: FlaskClient) -> None:
    state = pages.get("/api/state?province=51").json
    assert state is not None
    figures = {figure["id"]: figure for figure in state["headline"]}
    assert figures["received"]["label"] == "Tiếp nhận tháng 11/2026 đến 13/11"
    assert "mới 20/96 đơn vị" in figures["on_time"]["note"]
    assert figures["overdue"]["value"] == "368"
    assert figures["overdue"]["note"].endswith("cuối ngày 13/11/2026")
    wall = pages.get("/api/wall?province=51").json
    assert wall is not None
    (scene,) = (scene for scene in wall["scenes"] if scene["id"] == "ho-so")
    assert scene["title"].replace("\u00a0", " ").startswith("20/96 đơn vị của Quảng Ngãi: 69,7%")
    assert scene["age"]["words"] == "13/11/2026"
    # 361 of 523 less the 5 that are resolved nobody knows when
    left_out = "đúng hạn; 5 hồ sơ đã giải quyết không có ngày trả, không tính"
    assert scene["title"].replace("\u00a0", " ").endswith(left_out)
    labels = {figure["label"]: figure["value"] for figure in scene["figures"]}
    assert labels["theo Bộ chỉ số 766"] == "361/518"
    assert labels["Quá hạn ngày 13/11"] == "368"
