"""/ho-so and /xep-hang: the same figures as the report, in words; periods, forms and leagues by the
address.
"""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from dashboard import reference, store
from dashboard.settings import read_settings
from dashboard.web.dossiers.page import DossiersForm
from dashboard.web.dossiers.words import ORDERING_FIGURES
from dashboard.web.ranking.page import RankingForm
from dashboard.web.ranking.words import RANKING_INDICATORS, RANKING_ORDERS, build_rate_rank_columns
from dashboard.web.server import create_app
from tests import making
from tests.conftest import TODAY
from tools.running import environment_in

LAST = date(2026, 11, 20)
CODES = list(reference.select_communes_of_province("51").index)


def counts(unit: str, day: date, scale: int) -> dict[str, object]:
    """A day of a commune: of ten dossiers two are late, one comes by post."""
    return {
        "unit": unit,
        "first": day,
        "received": 10 * scale,
        "received_online": 6 * scale,
        "received_in_person": 3 * scale,
        "received_post": scale,
        "resolved": 8 * scale,
        "resolved_early": 2 * scale,
        "resolved_on_time": 4 * scale,
        "resolved_late": 2 * scale,
        "open": 5,
        "open_in_term": 3,
        "open_overdue": 2,
        "digitised": 9 * scale,
        "e_result": 4 * scale,
        "on_time_766": 7 * scale,
    }


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Three communes told of every day since October, a fourth of few dossiers, the others of
    nothing.
    """
    settings = read_settings(
        environment_in(tmp_path_factory.mktemp("dossiers"), DASHBOARD_TODAY=TODAY)
    )
    engine = store.prepare_store(settings.database_url)
    days = [date(2026, 10, 1) + timedelta(days=n) for n in range(51)]
    scales = {CODES[0]: 1, CODES[1]: 2, CODES[2]: 3}
    rows = [counts(unit, day, scale) for unit, scale in scales.items() for day in days]
    rows += [{"unit": CODES[3], "first": day, "received": 1, "on_time_766": 1} for day in days[-3:]]
    rows.append({"unit": CODES[0], "first": date(2025, 7, 15), "received": 7})
    batch = making.batch(
        "bao-cao",
        dossiers=making.dossiers(rows),
        file_kind="dossier_report",
        as_of=datetime(2026, 11, 20),
    )
    store.save_batch(engine, batch, by="test")
    engine.dispose()
    return create_app(settings).server.test_client()


@pytest.mark.parametrize(
    "path",
    [
        "/ho-so",
        "/ho-so?form=multiples&by=on_time_766",
        "/ho-so?province=01",
        "/ho-so?period=2026-W46",
        "/xep-hang",
        "/xep-hang?by=count_received",
        "/xep-hang?province=01",
    ],
)
def test_every_part_of_every_form_is_whole(pages: FlaskClient, path: str) -> None:
    answer = pages.get(path)
    assert answer.status_code == 200
    assert "data-broken" not in answer.text
    assert " style=" not in answer.text


def test_the_page_says_the_figures_of_the_state(pages: FlaskClient) -> None:
    page = pages.get("/ho-so").text
    state = pages.get("/api/state?province=51").json
    assert state is not None
    received = next(figure for figure in state["headline"] if figure["id"] == "received")["value"]
    assert received == "1.203"
    assert f"Tháng 11/2026 đến 20/11, 4/96 đơn vị: {received} hồ sơ tiếp nhận" in page
    assert "4/96 đơn vị có số liệu" in page
    assert "843/1.203 (70,1%)" in page
    assert "so với 01/10–21/10/2026, cùng 15 ngày làm việc" in page
    assert "4/96 đơn vị đúng hạn 70,1% theo Bộ chỉ số 766, 75,0% theo biểu II.06a" in page
    assert "720/960 (75,0%)" in page, "the other definition stands beside it, with its own whole"


def test_who_is_silent_is_named_and_never_nought(pages: FlaskClient) -> None:
    page = pages.get("/ho-so").text
    assert "92 đơn vị không có số để so" in page
    assert "Chưa có danh sách từng hồ sơ" in page
    league_page = pages.get("/xep-hang").text
    assert "Quá ít hồ sơ để xếp (dưới 30)" in league_page
    assert "3/3 (100,0%)" in league_page
    assert league_page.count("<strong>Chưa có dữ liệu</strong>") == 3, "in each of the three groups"


@pytest.mark.parametrize("path", ["/ho-so", "/xep-hang"])
def test_a_province_of_which_no_dossiers_were_told_says_which_file_to_send(
    pages: FlaskClient, path: str
) -> None:
    page = pages.get(f"{path}?province=01&as_of=2026-11-20").text
    assert "<h1>Hà Nội chưa có số liệu hồ sơ</h1>" in page
    assert page.count('href="/du-lieu?province=01&amp;as_of=2026-11-20"') == 2, (
        "in the bar and in the box: the same day"
    )
    assert "Văn phòng gửi tệp" in page
    assert "python -m" not in page, "commands are for the page of the office"
    assert page.count("<section") == 1, "no empty parts under it"


@pytest.mark.parametrize("path", ["/ho-so", "/xep-hang"])
def test_a_part_of_a_month_is_never_called_the_month(pages: FlaskClient, path: str) -> None:
    page = pages.get(f"{path}?period=2026-11-01..2026-11-14").text
    assert "01/11–14/11/2026" in page
    assert "tháng 11/2026" not in page.lower()


def test_what_a_source_told_of_a_few_days_is_not_called_the_month(
    own_pages: FlaskClient, own_store: Engine
) -> None:
    days = [
        {"unit": "21250", "first": date(2026, 11, 1), "last": date(2026, 11, 7), "received": 70}
    ]
    store.save_batch(own_store, making.batch("few", dossiers=making.dossiers(days)), by="test")
    page = own_pages.get("/ho-so?as_of=2026-11-10").text
    assert "<h1>01/11–07/11/2026, 1/96 đơn vị: 70 hồ sơ tiếp nhận" in page
    assert "tháng 11/2026" not in page.lower()


def test_a_period_of_which_nothing_was_told_says_so(pages: FlaskClient) -> None:
    page = pages.get("/ho-so?period=2026-08").text
    assert "chưa có số liệu hồ sơ tháng 8/2026" in page
    assert "Chưa nguồn nào cho số liệu hồ sơ của kỳ này" in page
    assert "period=2026-09" in page


def test_a_month_of_long_ago_has_its_own_days(pages: FlaskClient) -> None:
    page = pages.get("/ho-so?period=2025-07").text
    assert "Nhiều nhất: 7 hồ sơ ngày 15/07/2025" in page
    assert "Chưa nguồn nào cho số liệu từng ngày" not in page
    assert set(re.findall(r'data-source="([^"]*)"', page)) == {
        "Biểu II.06a · 1/96 đơn vị · đến 15/07/2025",
        "Biểu II.06a, đến 15/07/2025",
        # the curves of twelve months, which are of no period
        "Biểu II.06a · 4/96 đơn vị · đến 20/11/2026",
    }
    assert "số liệu cũ" not in page, "it is past, not old"


def test_a_running_week_is_held_against_as_many_working_days_and_on_its_first_day_against_nothing(
    pages: FlaskClient,
) -> None:
    page = pages.get("/ho-so?period=2026-W47&as_of=2026-11-18").text
    assert "Tuần 16/11–22/11/2026 đến 18/11, 4/96 đơn vị: 181 hồ sơ tiếp nhận" in page
    assert "so với 09/11–11/11/2026, cùng 3 ngày làm việc" in page
    page = pages.get("/ho-so?period=2026-W47&as_of=2026-11-16").text
    assert (
        "kỳ mới bắt đầu, chưa so; cả tuần 09/11–15/11/2026: 420 tiếp nhận, 70,0% đúng hạn" in page
    )
    assert "so kỳ trước: chưa đủ kỳ" in page


def test_on_the_first_day_of_a_month_pages_open_with_the_whole_one_before(
    pages: FlaskClient,
) -> None:
    page = pages.get("/ho-so?province=51&as_of=2026-11-02").text
    assert "<h1>Tháng 10/2026, 3/96 đơn vị: 1.860 hồ sơ tiếp nhận" in page
    assert 'href="/ho-so?province=51&amp;as_of=2026-11-02&amp;period=2026-11"' in page
    assert "Kỳ mới nhất" not in page, "it would lead to the page itself"
    begun = pages.get("/ho-so?province=51&as_of=2026-11-02&period=2026-11").text
    assert "<h1>Tháng 11/2026 đến 02/11, 3/96 đơn vị: 120 hồ sơ tiếp nhận" in begun
    assert "kỳ mới bắt đầu, chưa so" in begun
    state = pages.get("/api/state?province=51&as_of=2026-11-02").json
    assert state is not None
    received = next(figure for figure in state["headline"] if figure["id"] == "received")
    assert received["value"] == "1.860"
    assert "tháng 10/2026" in received["label"]
    second_day = pages.get("/ho-so?province=51&as_of=2026-11-03").text
    assert "<h1>Tháng 11/2026 đến 03/11" in second_day


def test_on_the_first_day_of_a_month_places_are_those_of_the_month_before(
    pages: FlaskClient,
) -> None:
    address = "/xep-hang?province=51&as_of=2026-11-02"
    linked = address.replace("&", "&amp;")
    page = pages.get(address).text
    assert "tháng 10/2026: 3/96 đơn vị 70,0%; 3/96 đơn vị có hạng</h1>" in page
    assert f'href="{linked}&amp;by=online"' in page, "the address stays without a period"
    assert f'href="{linked}&amp;period=2026-11"' in page, "what has begun is one press away"
    begun = pages.get(f"{address}&period=2026-11").text
    assert "tháng 11/2026 đến 02/11: 3/96 đơn vị 70,0%; 2/96 đơn vị có hạng</h1>" in begun
    assert f'href="{linked}&amp;period=2026-11&amp;by=online"' in begun, "as was asked for"
    assert ",310," in pages.get(address.replace("/xep-hang", "/tai/xep-hang.csv")).text
    second_day = pages.get("/xep-hang?province=51&as_of=2026-11-03").text
    assert "tháng 11/2026 đến 03/11" in second_day


def test_two_days_become_one_name(pages: FlaskClient) -> None:
    answer = pages.get("/xep-hang?province=51&by=online&from=2026-11-09&to=2026-11-03")
    assert answer.status_code == 302
    assert answer.location == "/xep-hang?province=51&period=2026-11-03..2026-11-09&by=online"
    assert "03/11–09/11/2026" in pages.get(answer.location).text


def test_the_tables_are_taken_along_with_what_is_shown(pages: FlaskClient) -> None:
    communes = list(
        csv.reader(
            io.StringIO(pages.get("/tai/ho-so-theo-xa.csv?province=51").text.removeprefix("\ufeff"))
        )
    )
    assert len(communes) == 97
    head = communes[0]
    first = dict(zip(head, communes[1], strict=True))
    assert (first["Tiếp nhận"], first["Đúng hạn theo Bộ chỉ số 766: phần"]) == ("200", "140")
    silent = dict(zip(head, communes[-1], strict=True))
    assert silent["Tiếp nhận"] == ""
    ranked = list(
        csv.reader(
            io.StringIO(
                pages.get("/tai/xep-hang.csv?province=51&by=e_result").text.removeprefix("\ufeff")
            )
        )
    )
    assert ranked[0] == [column.head for column in build_rate_rank_columns("e_result")]
    assert sum(row[3] != "" for row in ranked[1:]) == 3


def test_a_figure_hangs_on_its_page_and_knows_day_and_night(pages: FlaskClient) -> None:
    day, night = (
        pages.get(f"/ho-so/bieu-do/theo-tuan.json?province=51{dark}") for dark in ("", "&dark=1")
    )
    figure = json.loads(day.data)
    assert [trace["name"] for trace in figure["data"]] == ["tiếp nhận", "giải quyết"]
    assert figure["config"]["showSendToCloud"] is False
    assert day.data != night.data
    again = pages.get(
        "/ho-so/bieu-do/theo-tuan.json?province=51", headers={"If-None-Match": day.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")
    for wrong in ("/ho-so/bieu-do/x.json", "/chi-so/bieu-do/theo-tuan.json"):
        assert pages.get(wrong).status_code == 404


def test_a_league_and_a_form_come_back_from_their_address() -> None:
    for by in RANKING_INDICATORS:
        for order in RANKING_ORDERS:
            wanted = RankingForm(by, "phuong", order)
            assert RankingForm.from_query(wanted.to_query()) == wanted
    for by in ORDERING_FIGURES:
        assert DossiersForm.from_query(DossiersForm(by, "multiples").to_query()) == DossiersForm(
            by, "multiples"
        )
    assert RankingForm.from_query({"by": "x", "order": "<"}) == RankingForm()
    assert DossiersForm.from_query({"by": "x", "form": "x"}) == DossiersForm()


def test_the_worst_first_is_the_same_league_turned_round(pages: FlaskClient) -> None:
    def places(query: str) -> list[str]:
        page = pages.get(f"/xep-hang?by=count_received{query}").text
        return [
            part.partition("</strong>")[0] for part in page.split('data-label="Hạng"><strong>')[1:]
        ]

    best = places("")
    worst = places("&order=worst")
    assert best[:4] == ["1/4", "2/4", "3/4", "4/4"]
    assert worst[:4] == ["4/4", "3/4", "2/4", "1/4"]
    assert best[4:] == worst[4:] == ["–"] * 92


def test_what_is_printed_says_which_league(pages: FlaskClient) -> None:
    line = (
        pages.get("/xep-hang?by=online&group=phuong")
        .text.partition('id="print-line"')[2]
        .partition("</p>")[0]
    )
    for words in ("Nộp trực tuyến", "tháng 11/2026", "phường", "tốt nhất trước"):
        assert words in line


def test_titles_say_that_the_newest_figures_grew_old(tmp_path: Path) -> None:
    settings = read_settings(environment_in(tmp_path, DASHBOARD_TODAY="2027-03-01"))
    engine = store.prepare_store(settings.database_url)
    rows = [counts(CODES[0], date(2026, 11, day), 9) for day in (16, 17, 18)]
    batch = making.batch(
        "bao-cao",
        dossiers=making.dossiers(rows),
        file_kind="dossier_report",
        as_of=datetime(2026, 11, 20),
    )
    store.save_batch(engine, batch, by="test")
    engine.dispose()
    page = create_app(settings).server.test_client()
    for path in ("/ho-so", "/xep-hang", "/xep-hang?by=count_received"):
        assert "; số liệu cũ</h1>" in page.get(path).text, path
    assert "đến 18/11/2026 (số liệu cũ, 103 ngày trước)" in page.get("/ho-so").text
    assert "; số liệu cũ</h1>" not in page.get("/ho-so?as_of=2026-11-25").text
    assert "; số liệu cũ</h1>" in page.get("/ho-so?period=2026&as_of=2026-12-20").text, (
        "the year is not over"
    )
    over = page.get("/ho-so?period=2026-W47").text
    assert "đến 18/11/2026 · <strong>chưa đủ kỳ</strong>" in over, (
        "the week is over, and two days were never told"
    )
