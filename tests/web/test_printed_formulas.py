"""Every printed formula gives the printed figure: each page is read as a person reads it, its terms
are looked up among the counts that stand on the same page, and added up.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from dashboard import store, text
from dashboard.__main__ import main
from dashboard.settings import read_settings
from dashboard.web.server import create_app
from tests.conftest import TODAY
from tools.running import environment_in

COUNT = r"\d{1,3}(?:\.\d{3})*"
SHARE = re.compile(rf"({COUNT})/({COUNT}) \((.+?%)\)")
Counts = dict[str, int]


@pytest.fixture(scope="module")
def sample_pages(sample_folder: Path) -> FlaskClient:
    environment = environment_in(sample_folder, DASHBOARD_TODAY=TODAY)
    return create_app(read_settings(environment)).server.test_client()


@pytest.fixture(scope="module")
def office_pages(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """The sample files of offices, imported together."""
    environment = environment_in(tmp_path_factory.mktemp("office"), DASHBOARD_TODAY="2026-11-28")
    samples = sorted((shared / "samples").iterdir())
    portal = shared / "published" / "phu_tho_2026-08_progress.csv"
    files = [str(path) for path in samples if path.suffix in (".xlsx", ".csv")]
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        store.prepare_store(environment["DASHBOARD_DATABASE_URL"]).dispose()
        assert main(["import", *files]) == 0
        assert main(["import", "--period", "2026-08", str(portal)]) == 0
        yield create_app(read_settings(environment)).server.test_client()


def plain(markup: str) -> str:
    words = unescape(re.sub(r"<[^>]+>", " ", markup)).replace("\u00a0", " ")
    return " ".join(words.split())


def number(written: str) -> int:
    return int(written.replace(".", ""))


def read_table(table: str) -> tuple[list[str], list[list[str]]]:
    heads = [plain(head).lower() for head in re.findall(r"<th scope=\"col\".*?</th>", table, re.S)]
    rows = [
        [plain(cell) for cell in re.findall(r"<t[hd][ >].*?</t[hd]>", row, re.S)]
        for row in re.findall(r"<tr>.*?</tr>|<tr [^>]*data-key.*?</tr>", table, re.S)
    ]
    return heads, [row for row in rows if len(row) == len(heads)]


def read_balance(page: str) -> list[tuple[str, Counts]]:
    """Each row of the printed sum: its name and its counts."""
    table = re.search(
        r'<table class="sheet balance" aria-label="Cân đối hồ sơ">.*?</table>', page, re.S
    )
    assert table, "every page of dossiers prints the sum"
    heads, rows = read_table(table[0])
    return [
        (
            row[0],
            {
                head: number(cell)
                for head, cell in zip(heads, row, strict=True)
                if re.fullmatch(COUNT, cell)
            },
        )
        for row in rows
        if row[0].lower() != heads[0]
    ]


def check_balance(row: Counts) -> None:
    left = row["kỳ trước chuyển sang"] + row["tiếp nhận mới"]
    out = (
        "đã giải quyết",
        "đang giải quyết",
        "tạm dừng",
        "còn lại cuối kỳ",
        "đã xong, không rõ ngày",
    )
    assert left == sum(row.get(name, 0) for name in out), row


def evaluate(formula: str, counts: Counts) -> tuple[int, int]:
    sides = [side.strip("() ").split(" + ") for side in formula.split(" ÷ ")]
    part, total = (sum(counts[term] for term in terms) for terms in sides)
    return part, total


def count_left_out(formula: str, remark: str) -> int:
    """Dossiers on neither side, by the remark beside the formula: of those received the ones
    without a due day or a finish day, of those resolved (on some day) the ones without a due day.
    """
    if not formula.endswith(("÷ tiếp nhận", "÷ đã giải quyết")) or "đúng hạn" not in formula:
        return 0
    words = ["hồ sơ không có ngày hẹn trả"]
    if formula.endswith("÷ tiếp nhận"):
        words.append("hồ sơ đã giải quyết không có ngày trả")
    printed = (re.search(rf"({COUNT}) {word}, không tính", remark) for word in words)
    return sum(number(count[1]) for count in printed if count)


def check_share(formula: str, counts: Counts, share: str, remark: str | None = None) -> bool:
    """Whether there was a share to check: a figure that nobody tells is printed as words. Without
    its own `remark` a share may leave out what the page tells of all together."""
    printed = SHARE.search(share)
    if printed is None:
        assert not re.search(r"\d", share), share
        return False
    part, total = evaluate(formula, counts)
    judged = number(printed[2])
    if remark is not None:
        total -= count_left_out(formula, remark)
    elif formula.endswith("÷ tiếp nhận") and judged < total:
        total = judged
    assert (number(printed[1]), judged) == (part, total), (formula, share)
    assert printed[3] == text.format_percent(part / total).replace("\u00a0", " "), share
    return True


def check_dossiers_page(pages: FlaskClient, query: str) -> int:
    page = pages.get(f"/ho-so?{query}").text
    counts: Counts = {}
    for block in re.findall(r'<div class="flow-block".*?</div>', page, re.S):
        label = plain(re.search(r"<h3>(.*?)</h3>", block, re.S)[1]).lower()  # type: ignore[index]
        value = re.search(rf'class="big">({COUNT})<', block)
        if value:
            counts[label] = number(value[1])
        for piece in re.findall(r"<li data-part=.*?</li>", block, re.S):
            words, count = re.fullmatch(rf"(.*?) ({COUNT}) \(.*", plain(piece)).groups()  # type: ignore[union-attr]
            counts[f"{label} {words.lower()}"] = counts[words.lower()] = number(count)
    balance = read_balance(page)
    own = next(row for name, row in balance if name.startswith("Cấp xã"))
    counts |= {"tiếp nhận mới": own["tiếp nhận mới"]}
    rows = re.findall(r"<span data-formula>(.*?)</span>(.*?)<strong>(.*?)</strong>", page, re.S)
    assert len(rows) == 6, "every rate has its formula"
    return sum(
        check_share(unescape(formula), counts, plain(share), plain(remark))
        for formula, remark, share in rows
    )


PERIODS = ["province=51", "province=51&period=2026-10", "province=25&period=2026-08"]


@pytest.mark.parametrize(
    "query", [*PERIODS, "province=52&period=2025-07", "province=51&period=2026-Q3"]
)
def test_formulas_of_a_period_give_its_figures_with_sample_data(
    sample_pages: FlaskClient, query: str
) -> None:
    assert check_dossiers_page(sample_pages, query) == 6


@pytest.mark.parametrize("query", [*PERIODS, "province=51&period=2026-09"])
def test_formulas_of_a_period_give_its_figures_with_files_of_offices(
    office_pages: FlaskClient, query: str
) -> None:
    assert check_dossiers_page(office_pages, query) >= 1


@pytest.mark.parametrize("path", ["/ho-so", "/xep-hang"])
@pytest.mark.parametrize("query", [*PERIODS, "province=52&period=2025-07"])
def test_what_came_in_is_what_went_out_and_what_lies_with_sample_data(
    sample_pages: FlaskClient, path: str, query: str
) -> None:
    balance = read_balance(sample_pages.get(f"{path}?{query}").text)
    assert [name.split(":")[0] for name, _ in balance] == ["Toàn tỉnh", "Cấp xã", "Sở, ngành"]
    for _, row in balance:
        check_balance(row)
    province, communes, departments = (row for _, row in balance)
    assert province == {name: communes[name] + departments[name] for name in province}


@pytest.mark.parametrize("path", ["/ho-so", "/xep-hang"])
@pytest.mark.parametrize("period", ["", "2026-11", "2026-10", "2026-09", "2026-W45"])
def test_what_came_in_is_what_went_out_and_what_lies_with_files_of_offices(
    office_pages: FlaskClient, path: str, period: str
) -> None:
    page = office_pages.get(f"{path}?province=51" + (f"&period={period}" if period else "")).text
    ((name, row),) = read_balance(page)
    assert name.startswith("Cấp xã"), (
        "nobody tells of departments: the communes are not the province"
    )
    check_balance(row)


def test_the_province_of_the_portal_is_communes_and_departments_by_their_names(
    office_pages: FlaskClient,
) -> None:
    page = office_pages.get("/ho-so?province=25&period=2026-08").text
    assert "Tháng 8/2026: 184.513 hồ sơ tiếp nhận, 78,38% đúng hạn" in plain(page)
    (_, province), (_, communes), (_, departments) = read_balance(page)
    received = [row["tiếp nhận mới"] for row in (province, communes, departments)]
    assert received == [184_513, 148_463, 36_050]
    words = plain(page)
    for share in ("144.625/184.513 (78,38%)", "125.367/148.463 (84,44%)", "19.258/36.050 (53,42%)"):
        assert share in words
    named = re.search(r'aria-label="Từng sở, ngành">.*?</table>', page, re.S)
    assert named
    _, rows = read_table(named[0])
    names = [row[0] for row in rows][1:]
    assert len(names) == 15
    assert "Sở Công Thương" in names
    assert names == sorted(names, key=text.make_sort_key)


def check_commune_page(pages: FlaskClient, code: str) -> int:
    page = pages.get(f"/xa/{code}", follow_redirects=True).text
    counts: Counts = {}
    for label, value, parts in re.findall(
        rf"<dt>([^<]*)</dt><dd><strong>({COUNT})</strong>(.*?)</dd>", page, re.S
    ):
        own = plain(label).lower()
        counts[own] = number(value)
        for part in plain(parts).split(" · "):
            printed = re.match(rf"(.*?) ({COUNT})(?=[/, ]|$)", part)
            if printed:
                counts[f"{own} {printed[1]}"] = counts[printed[1]] = number(printed[2])
    counts.setdefault("tiếp nhận mới", counts["tiếp nhận"])
    check = re.search(r"<strong data-check>(.*?)</strong>", page)
    assert check, "the sum stands on the commune's page, too"
    left, right = plain(check[1]).split(" = ")
    assert sum(map(number, left.split(" + "))) == sum(map(number, right.split(" + ")))
    rows = re.findall(
        r"<span data-formula>(.*?)</span>(.*?)"
        r'<td data-label="Đơn vị này" class="value">(.*?)</td>',
        page,
        re.S,
    )
    assert len(rows) == 6
    shares = [
        (unescape(formula), plain(remark), SHARE.search(plain(share)))
        for formula, remark, share in rows
    ]
    return sum(
        check_share(formula, counts, share[0], remark)
        for formula, remark, share in shares
        if share is not None
    )


@pytest.mark.parametrize("code", ["21025", "24817", "21250"])
def test_formulas_of_a_commune_give_its_figures_with_sample_data(
    sample_pages: FlaskClient, code: str
) -> None:
    if code == "24817":
        report: dict[str, Any] = json.loads(sample_pages.get("/api/report?province=52").text)
        communes_told = (
            commune for commune in report["communes"] if commune["throughput"]["counts"]["received"]
        )
        code = next(communes_told)["commune_code"]
    assert check_commune_page(sample_pages, code) >= 5


def test_formulas_of_a_commune_give_its_figures_with_files_of_offices(
    office_pages: FlaskClient,
) -> None:
    assert check_commune_page(office_pages, "21157") >= 4


@pytest.mark.parametrize("by", ["on_time_766", "on_time_report", "online", "overdue_open"])
@pytest.mark.parametrize("period", ["", "2026-10"])
def test_formulas_of_the_ranking_give_the_figure_of_each_commune(
    office_pages: FlaskClient, sample_pages: FlaskClient, by: str, period: str
) -> None:
    for pages, communes in ((office_pages, 20), (sample_pages, 90)):
        page = pages.get(f"/xep-hang?province=51&by={by}&period={period}").text
        formula = re.search(r"<span data-formula>(.*?)</span>", page, re.S)
        table = re.search(r'aria-label="Các số để tính .*?</table>', page, re.S)
        assert formula
        assert table
        heads, rows = read_table(table[0])
        checked = 0
        for row in rows[1:]:
            cells = zip(heads[1:-1], row[1:-1], strict=True)
            counts = {head: number(cell) for head, cell in cells if re.fullmatch(COUNT, cell)}
            checked += check_share(unescape(formula[1]), counts, row[-1])
        assert checked > communes / 2


def test_both_sides_of_the_sum_stand_on_the_wall(
    office_pages: FlaskClient, sample_pages: FlaskClient
) -> None:
    for pages, province in ((office_pages, "51"), (sample_pages, "51"), (sample_pages, "25")):
        wall = json.loads(pages.get(f"/api/wall?province={province}").text)
        (scene,) = (entry for entry in wall["scenes"] if entry["id"] == "ho-so")
        figures = {entry["label"].lower(): entry["value"] for entry in scene["figures"]}
        check_balance(
            {name: number(value) for name, value in figures.items() if re.fullmatch(COUNT, value)}
        )


def test_the_report_for_programs_tells_both_sides(
    office_pages: FlaskClient, sample_pages: FlaskClient
) -> None:
    for pages in (office_pages, sample_pages):
        report = json.loads(pages.get("/api/report?province=51").text)
        balances = [commune["throughput"]["balance"] for commune in report["communes"]]
        for balance in [*balances, report["province"]["throughput"]["balance"]]:
            if balance is None or balance["difference"] is None:
                continue
            came_in = balance["carried_over"] + balance["received_new"]
            assert came_in == balance["resolved"] + balance["lying"] + balance["undated"]
        assert report["province"]["throughput"]["balance"]["difference"] == 0
