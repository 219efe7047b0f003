"""One figure, asked everywhere: every page, every answer for programs and every export say the same
of a province.

What is right is counted here, slowly, from the single communes of /api/report; all others must say
it too.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from dashboard import text
from dashboard.__main__ import main
from dashboard.indicators.freshness import freshness
from dashboard.settings import read_settings
from dashboard.web import theme
from dashboard.web.server import create_app
from dashboard.web.words import coverage
from tests.conftest import TODAY
from tools.running import environment_in

PROVINCE = "51"
ASKED = f"?province={PROVINCE}"
CHARTS = "green-over-time", "dossiers-over-time", "quadrant"
VOID = {"br", "hr", "img", "input", "link", "meta"}


class Said(HTMLParser):
    """The words of a page: all of <main>, and those of each element with a data-key."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.all, self.keyed = list[str](), dict[str, list[str]]()
        self._open = list[tuple[str, str]]()
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self._open.append((tag, dict(attributes).get("data-key") or ""))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "main" in {tag for tag, _ in self._open}:
            self.all.append(data)
            for key in {key for _, key in self._open if key}:
                self.keyed.setdefault(key, []).append(data)

    def words(self, key: str = "") -> str:
        return plain(" ".join(self.keyed[key] if key else self.all))


def plain(words: str) -> str:
    return " ".join(words.replace("\u00a0", " ").split())


@pytest.fixture(scope="module")
def environment(sample_folder: Path) -> dict[str, str]:
    return environment_in(sample_folder, DASHBOARD_TODAY=TODAY)


@pytest.fixture(scope="module")
def pages(environment: dict[str, str]) -> FlaskClient:
    return create_app(read_settings(environment)).server.test_client()


@pytest.fixture(scope="module")
def report(pages: FlaskClient) -> dict[str, Any]:
    report_json: dict[str, Any] = json.loads(pages.get("/api/report" + ASKED).text)
    return report_json


class Truth:
    """The figures, counted commune by commune, as a person would write them; `of_all` are those of
    communes and departments together."""

    def __init__(self, communes: Sequence[dict[str, Any]], throughput: dict[str, Any]) -> None:
        self.departments = throughput["departments"]
        of_all = throughput["rates_with_departments"]["on_time_766"]
        self.part_of_all, self.whole_of_all = of_all["part"], of_all["whole"]
        self.levels = Counter(commune["level"] for commune in communes)
        self.of = len(communes)
        rates = [commune["throughput"]["rates"]["on_time_766"] for commune in communes]
        counts = [commune["throughput"]["counts"] for commune in communes]
        self.part, self.whole = (sum(rate[name] for rate in rates) for name in ("part", "whole"))
        self.received = sum(row["received"] for row in counts)
        self.overdue = sum(row["open_overdue"] for row in counts)
        self.green = f"{self.levels['green']}/{self.of}"
        self.unknown = f"{self.levels['unknown']}/{self.of}"
        self.on_time = plain(text.format_share(self.part, of=self.whole))
        # A red commune with several reasons, ranked among many.
        self.red = next(
            commune
            for commune in communes
            if commune["level"] == "red"
            and len(commune["reasons"]) > 2
            and commune["ranks"]["on_time_766"]["ranked"] > 10
        )
        self.code, self.name = self.red["commune_code"], self.red["name"]
        rank, rate = (
            self.red["ranks"]["on_time_766"],
            self.red["throughput"]["rates"]["on_time_766"],
        )
        self.place, self.among = rank["place"], rank["ranked"]
        self.own_on_time = plain(text.format_share(rate["part"], of=rate["whole"]))
        self.way = [plain(words) for words in self.red["way_to_green_words"]]
        # `Chữ ký số: 17/25 (68,0%)` of the first reason, without thresholds and source.
        self.reason = re.sub(r" \((xanh|cần|đỏ).*", "", plain(self.red["reasons"][0]))


@pytest.fixture(scope="module")
def truth(report: dict[str, Any]) -> Truth:
    return Truth(report["communes"], report["province"]["throughput"])


def said(pages: FlaskClient, path: str) -> Said:
    return Said(pages.get(path + ("&" if "?" in path else "?") + f"province={PROVINCE}").text)


def rows(pages: FlaskClient, name: str, more: str = "") -> list[dict[str, str]]:
    content = pages.get(f"/tai/{name}.csv{ASKED}{more}").get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def test_the_report_adds_up_to_its_own_province(report: dict[str, Any], truth: Truth) -> None:
    province = report["province"]
    throughput = province["throughput"]
    assert Counter(province["levels"]) == truth.levels
    assert sum(truth.levels.values()) == truth.of == province["communes"]
    assert throughput["counts"]["received"] == truth.received
    assert throughput["counts"]["open_overdue"] == truth.overdue
    assert [throughput["rates"]["on_time_766"][name] for name in ("part", "whole")] == [
        truth.part,
        truth.whole,
    ]


def test_exports_say_what_the_address_for_programs_says(
    report: dict[str, Any],
    truth: Truth,
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert main(["export", "report", "--province", PROVINCE]) == 0
    assert json.loads(capsys.readouterr().out) == report
    assert main(["export", "report", "--province", PROVINCE, "--format", "csv"]) == 0
    rows_exported = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert Counter(row["level"] for row in rows_exported) == truth.levels
    for column, total in (
        ("received", truth.received),
        ("open_overdue", truth.overdue),
        ("on_time_766_part", truth.part),
        ("on_time_766_whole", truth.whole),
    ):
        assert sum(int(row[column] or 0) for row in rows_exported) == total, column
    own = next(row for row in rows_exported if row["commune_code"] == truth.code)
    assert (own["level"], own["on_time_766_place"]) == ("red", str(truth.place))
    assert own["reasons"].split(" | ") == truth.red["reasons"]
    assert own["way_to_green_words"].split(" | ") == truth.red["way_to_green_words"]


def test_the_first_page_says_the_same_in_figures_list_map_and_charts(
    pages: FlaskClient, truth: Truth
) -> None:
    state = json.loads(pages.get("/api/state" + ASKED).text)
    figures = {
        figure["id"]: plain(f"{figure['value']} {figure['share']} {figure['note']}")
        for figure in state["headline"]
    }
    assert figures["green"].startswith(truth.green)
    assert figures["silent"].startswith(truth.unknown)
    for name, own in (("received", truth.received), ("open_overdue", truth.overdue)):
        figure = figures[name.removeprefix("open_")]
        of_departments = truth.departments[name]
        assert figure.startswith(text.format_number(own + of_departments))
        parts = (text.format_number(count) for count in (own, of_departments))
        assert "cấp xã {}, sở, ngành {};".format(*parts) in figure
    assert f"{text.format_part(truth.part_of_all, truth.whole_of_all)} hồ sơ" in figures["on_time"]
    assert f"cấp xã {text.format_percent(truth.part / truth.whole)}" in figures["on_time"]
    overall, index = state["layers"]["overall"], state["codes"].index(truth.code)
    assert (
        Counter(theme.LEVEL_OF_LETTER[letter].code for letter in overall["levels"]) == truth.levels
    )
    assert {code: n for code, n in overall["counts"].items() if n} == truth.levels
    assert truth.green in overall["title"]
    # here they tell besides since when
    reasons = [re.sub(", thiếu .*? ngày(?= )", "", reason) for reason in state["reasons"][index]]
    assert (overall["levels"][index], reasons) == ("r", truth.red["reasons"])
    assert [plain(words) for words in state["way"][index]] == truth.way
    assert plain(state["layers"]["on_time"]["text"][index]) == truth.own_on_time
    assert state["columns"]["received"]["text"][index] == text.format_number(
        truth.red["throughput"]["counts"]["received"]
    )
    green, dossiers, corners = (chart["layout"]["title"]["text"] for chart in charts(pages))
    assert truth.green in green
    assert "tiếp nhận" in dossiers
    slow = re.match(r"(\d+) đơn vị mức Xanh nhưng hồ sơ chậm", corners)
    assert slow
    assert int(slow[1]) <= truth.levels["green"]


def charts(pages: FlaskClient) -> list[dict[str, Any]]:
    """The figures of the first page's charts, asked as the page asks."""
    answer = pages.get(f"/api/charts?{ASKED}")
    assert answer.status_code == 200, answer.text
    figures = answer.get_json()["charts"]
    return [figures[name]["figure"] for name in CHARTS]


def test_the_pages_of_dossiers_say_the_same(pages: FlaskClient, truth: Truth) -> None:
    dossiers, league = said(pages, "/ho-so"), said(pages, "/xep-hang")
    received = truth.received + truth.departments["received"]
    assert f"{text.format_number(received)} hồ sơ tiếp nhận" in dossiers.words()
    assert truth.on_time in dossiers.words("on_time_766")
    assert f"quá hạn {text.format_number(truth.overdue)}" in dossiers.words("open")
    own = text.format_number(truth.red["throughput"]["counts"]["received"])
    assert f"{truth.name} {own} " in dossiers.words()
    assert f"Cấp xã {truth.on_time}" in league.words()
    row = league.words(truth.code)
    assert row.startswith(f"{truth.place} /{truth.among} {truth.name} ")
    assert truth.own_on_time in row
    dossier_rows = rows(pages, "ho-so-theo-xa")
    assert sum(int(row["Tiếp nhận"]) for row in dossier_rows) == truth.received
    assert sum(int(row["Đang quá hạn"]) for row in dossier_rows) == truth.overdue
    on_time = "Đúng hạn theo Bộ chỉ số 766"
    assert sum(int(row[f"{on_time}: phần"]) for row in dossier_rows) == truth.part
    assert sum(int(row[f"{on_time}: toàn thể"]) for row in dossier_rows) == truth.whole
    placed = next(row for row in rows(pages, "xep-hang") if row["Mã"] == truth.code)
    assert (placed["Hạng"], placed["Trên"]) == (str(truth.place), str(truth.among))
    assert (
        plain(text.format_share(int(placed["Phần"]), of=int(placed["Toàn thể"])))
        == truth.own_on_time
    )


def test_the_pages_of_lacks_say_the_same(pages: FlaskClient, truth: Truth) -> None:
    lacking, team = said(pages, "/thieu-gi"), said(pages, "/to-cong-tac")
    silent = truth.levels["unknown"] + truth.levels["stale"]
    weak = truth.levels["red"] + truth.levels["yellow"]
    sum_of_all = (
        f"{truth.levels['green']} đơn vị đạt mức Xanh + {weak} đơn vị còn thiếu + "
        f"{silent} đơn vị chỉ chờ báo cáo = {truth.of} đơn vị"
    )
    assert sum_of_all in lacking.words()
    assert (
        f"{weak} đơn vị cần kiểm tra, hỗ trợ: {truth.levels['red']} mức Đỏ, "
        f"{truth.levels['yellow']} mức Vàng" in team.words()
    )
    for page in (lacking, team):
        need_words = page.words(truth.code)
        assert f"{truth.name} ▲ Đỏ" in need_words
        for words in truth.way:
            assert words in need_words
    assert truth.reason in team.words(truth.code)
    steps = [row for row in rows(pages, "thieu-gi") if row["Mã đơn vị"] == truth.code]
    assert {row["Mức"] for row in steps} == {"Đỏ"}
    assert len(steps) == len(truth.red["way_to_green"])
    cards = rows(pages, "to-cong-tac")
    levels = Counter(row["Mức"] for row in cards)
    assert levels == {
        theme.LEVELS[code].word: n for code, n in truth.levels.items() if code != "green"
    }
    card = next(row for row in cards if row["Mã đơn vị"] == truth.code)
    assert plain(card["Còn thiếu"]).split("; ") == truth.way


def test_the_page_of_one_commune_and_of_several_say_the_same(
    pages: FlaskClient, truth: Truth
) -> None:
    own, beside = said(pages, f"/xa/{truth.code}"), said(pages, f"/so-sanh?xa={truth.code}")
    assert f"{truth.name}: Đỏ; còn {len(truth.red['way_to_green'])} việc" in own.words()
    assert f"hạng {truth.place}/{truth.among} " in own.words("on_time_766")
    for page in (own, beside):
        assert truth.own_on_time in page.words()
    for words in truth.way:
        assert words in own.words()
    assert f"{truth.green} (" in beside.words()
    criteria = rows(pages, "tieu-chi-xa", f"&xa={truth.code}")
    by_level = Counter(row["Mức"] for row in criteria)
    assert by_level == Counter(
        theme.LEVELS[criterion["level"]].word for criterion in truth.red["criteria"]
    )
    value = truth.reason.partition(": ")[2]
    assert any(plain(row["Giá trị"]).startswith(value) for row in criteria)


def test_the_page_of_data_and_the_wall_say_the_same(pages: FlaskClient, truth: Truth) -> None:
    assert f"{truth.unknown} đơn vị chưa từng có số liệu" in said(pages, "/du-lieu").words()
    never = [
        row
        for row in rows(pages, "im-lang")
        if row["Chung"] == coverage.STATE_LOOKS[freshness.NEVER][1]
    ]
    assert len(never) == truth.levels["unknown"]
    wall = json.loads(pages.get("/api/wall" + ASKED).text)
    scenes = {scene["id"]: scene for scene in wall["scenes"]}
    overview, work = scenes["tong-the"], scenes["ho-so"]
    assert (
        Counter(theme.LEVEL_OF_LETTER[letter].code for letter in overview["levels"]) == truth.levels
    )
    assert f"{truth.green} đơn vị đạt mức Xanh" in plain(overview["title"])
    assert f"{truth.levels['unknown']} đơn vị chưa báo cáo" in plain(scenes["im-lang"]["title"])
    figures = {
        figure["label"]: (plain(figure["value"]), plain(figure["share"]))
        for figure in work["figures"]
    }
    assert figures["Quá hạn, cấp xã"] == (text.format_number(truth.overdue), "")
    assert text.format_percent(truth.part_of_all / truth.whole_of_all, 2) in plain(work["title"])
    counts = text.format_part(truth.part_of_all, truth.whole_of_all)
    assert figures["theo Bộ chỉ số 766"] == (counts, "")
    assert figures["cấp xã"][0] == text.format_percent(truth.part / truth.whole)
