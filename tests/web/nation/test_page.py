"""/toan-quoc: every province with what is known of it; what is not known is grey, and nobody is
ranked.
"""

from __future__ import annotations

import csv
import re
from datetime import date, datetime

from flask.testing import FlaskClient
from sqlalchemy import Engine

from dashboard import reference, store
from dashboard.settings import Settings
from dashboard.web.nation import charts
from dashboard.web.server import create_app
from tests import making


def _list_rows(page: str) -> dict[str, str]:
    """Each province's row of the table by its code, in the order of the page."""
    return dict(re.findall(r'<tr data-key="(\d\d)"[^>]*>(.*?)</tr>', page, re.DOTALL))


def test_some_provinces_told_and_the_others_say_so_in_grey(pages: FlaskClient) -> None:
    page = pages.get("/toan-quoc").text
    rows = _list_rows(page)
    assert list(rows) == sorted(reference.load_province_names())
    # of the communes of that province: those of 33 silent ones are not counted as not green
    assert re.search(r"1/34 tỉnh, thành phố có số liệu(, trong đó \d+/96 đơn vị|; chưa)", page)
    assert 'href="/?province=51"' in rows["51"]
    assert "95/96" in rows["51"]
    assert "20/11/2026" in rows["51"]
    assert "tệp của đơn vị" in rows["51"]
    assert "chưa có dữ liệu" in rows["01"]
    assert not re.search(r">\s*0\s*<", page), "what is not known is no nought"
    assert "bar-line" not in rows["01"]
    assert page.count('data-known="false"') == 33


def test_a_store_without_data_says_that_of_every_province(settings: Settings) -> None:
    client = create_app(settings).server.test_client()
    page = client.get("/toan-quoc").text
    assert "chưa tỉnh, thành phố nào có số liệu" in page
    assert "data-broken" not in page
    rows = _list_rows(page)
    assert len(rows) == 34
    assert all("chưa có dữ liệu" in row for row in rows.values())


def test_all_provinces_fit_sixty_kilobytes_and_none_is_ranked(
    own_store: Engine, settings: Settings
) -> None:
    communes = reference.load_communes().reset_index().groupby("province_code")["code"].first()
    batches = [
        making.batch(
            f"all-{province}",
            str(province),
            as_of=datetime(2026, 11, 20, 8),
            readings=making.declaration(str(code), date(2026, 11, 20)),
        )
        for province, code in communes.items()
    ]
    store.save_batches(own_store, batches, by="test")
    client = create_app(settings).server.test_client()
    answer = client.get("/toan-quoc", headers={"Accept-Encoding": "gzip"})
    assert len(answer.data) < 60_000
    page = client.get("/toan-quoc").text
    assert "34/34 tỉnh, thành phố có số liệu" in page
    assert "Không xếp hạng giữa các tỉnh" in page
    assert list(_list_rows(page)) == sorted(reference.load_province_names())
    assert "sort" not in page.partition("<main")[2].partition("</main>")[0]


def test_a_past_day_is_kept_in_every_link(pages: FlaskClient) -> None:
    page = pages.get("/toan-quoc?as_of=2026-11-19").text
    assert 'href="/?province=01&amp;as_of=2026-11-19"' in page


def test_every_page_leads_to_the_country(pages: FlaskClient) -> None:
    link = '<a href="/toan-quoc?province=25">Toàn quốc</a>'
    assert link in pages.get("/chi-so?province=25").text
    assert link not in pages.get("/toan-quoc?province=25").text


def test_what_is_taken_along_has_blanks_where_nothing_is_known(pages: FlaskClient) -> None:
    answer = pages.get("/tai/toan-quoc.csv")
    assert "toan-quoc_2026-11-22.csv" in answer.headers["Content-Disposition"]
    rows = {
        row["Mã tỉnh"]: row
        for row in csv.DictReader(answer.text.removeprefix("\ufeff").splitlines())
    }
    assert len(rows) == 34
    assert rows["51"]["Xanh"] == "1"
    assert rows["51"]["Chưa báo cáo"] == "95"
    assert rows["01"]["Số đơn vị"] == "126"
    assert rows["01"]["Xanh"] == rows["01"]["Chưa báo cáo"] == ""
    assert rows["01"]["Nguồn"] == "chưa có dữ liệu"
    assert pages.get("/tai/toan-quoc.xlsx").status_code == 200


def test_each_province_has_one_tile_and_the_north_is_above_the_south() -> None:
    tiles = charts.load_province_tiles()
    assert sorted(tiles) == sorted(reference.load_province_names())
    places = [*tiles.values(), *((column, row) for _, _, column, row in charts.ISLANDS)]
    assert len(set(places)) == len(places)
    latitude = reference.load_communes().groupby("province_code")["lat"].median()
    for province, (_, row) in tiles.items():
        below = [other for other, (_, lower) in tiles.items() if lower > row + 1]
        assert all(latitude[other] < latitude[province] for other in below), province
    assert all(
        len(line) <= 7
        for name in tiles
        for line in charts.break_name(reference.load_province_names()[name])
    )
