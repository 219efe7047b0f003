"""`export report`: real files in, and an expert's figures out."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from dashboard.settings import Settings
from dashboard.web.server import create_app

SIGNS = {"green", "yellow", "red", "unknown", "stale"}


def reported(run: Any, *arguments: str) -> dict[str, Any]:
    status, output, said = run("export", "report", *arguments)
    assert status == 0, said
    report: dict[str, Any] = json.loads(
        output, parse_constant=lambda name: pytest.fail(f"{name} is no JSON")
    )
    return report


def test_the_declaration_of_phu_tho_gives_76_of_148_green_and_3_unknown(
    run: Any, shared: Path
) -> None:
    assert run("import", str(shared / "samples" / "ke_khai_phu_tho_2025-07-13.xlsx"))[0] == 0
    report = reported(run, "--province", "25", "--as-of", "2025-07-13")
    assert (report["as_of"], report["province"]["communes"]) == ("2025-07-13", 148)
    counted = report["province"]["levels"]
    assert (counted["green"], counted["unknown"], sum(counted.values())) == (76, 3, 148)
    communes = report["communes"]
    assert Counter(commune["level"] for commune in communes) == Counter(
        {k: n for k, n in counted.items() if n}
    )
    expected = json.loads((shared / "samples" / "expected.json").read_text(encoding="utf-8"))
    truth = expected["ke_khai_phu_tho_2025-07-13.xlsx"]["communes"]
    own = {commune["commune_code"]: commune["declared_level"] for commune in communes}
    assert own == {code: (row or {}).get("self_rating", "unknown") for code, row in truth.items()}
    for commune in communes:
        assert (commune["level"] == "green") == (not commune["way_to_green"])
        assert commune["level"] in SIGNS
        assert bool(commune["reasons"]) == (commune["level"] != "green")
    # Everybody's report has the same age, so each line of the shopping list is a sum over the
    # communes.
    for line in report["shopping_list"]:
        lacking = [
            step["amount"]
            for commune in communes
            for step in commune["way_to_green"]
            if step["criterion"] == line["criterion"] and step["fix"] != "report"
        ]
        assert (len(lacking), sum(lacking)) == (line["communes"], pytest.approx(line["amount"]))


def test_the_portal_list_of_august_reconciles_from_communes_to_the_province(
    run: Any, shared: Path
) -> None:
    assert run("import", str(shared / "published" / "phu_tho_2026-08_progress.csv"))[0] == 0
    report = reported(run, "--province", "25", "--as-of", "2026-09-01")
    throughput = report["province"]["throughput"]
    rate = throughput["rates_with_departments"]["on_time_766"]
    assert (rate["part"], rate["whole"], round(rate["value"] * 100, 2)) == (
        144625,
        184513,
        78.38,
    )
    assert throughput["counts"]["received"] + throughput["departments"]["received"] == 184513
    received = [commune["throughput"]["counts"]["received"] for commune in report["communes"]]
    assert sum(received) == throughput["counts"]["received"] == 148463
    assert (throughput["source"]["kind"], throughput["source"]["grain"]) == (
        "portal_progress",
        "month",
    )
    by_name = {commune["name"]: commune for commune in report["communes"]}
    kim_boi = by_name["Xã Kim Bôi"]["throughput"]["rates"]["on_time_766"]
    assert (kim_boi["whole"], round(kim_boi["value"] * 100, 2)) == (919, 90.21)
    # Nobody told what was resolved or digitised: that is not nought.
    assert throughput["rates"]["on_time_report"]["state"] == "unknown"
    assert throughput["rates_before"]["on_time_766"]["state"] == "incomplete"
    # Readiness was never told: every commune is unknown, none red.
    assert report["province"]["levels"]["unknown"] == 148
    places = {commune["name"]: commune["ranks"]["on_time_766"] for commune in report["communes"]}
    tan_pheo = places["Xã Tân Pheo"]
    assert tan_pheo["n"] == 204
    for name, other in places.items():
        if other["n"] >= 1000 and other["place"] > tan_pheo["place"]:
            assert other["lower"] < tan_pheo["lower"], name


def test_a_day_before_any_file_knows_nothing_and_says_so(run: Any) -> None:
    report = reported(run, "--province", "52", "--as-of", "2025-07-01")
    assert report["province"]["levels"] == {
        "red": 0,
        "yellow": 0,
        "green": 0,
        "stale": 0,
        "unknown": 135,
    }
    assert report["province"]["throughput"]["period"] is None
    assert {rate["state"] for rate in report["province"]["throughput"]["rates"].values()} == {
        "unknown"
    }
    assert report["signals"] == []
    assert all(commune["throughput"]["counts"] is None for commune in report["communes"])


def test_one_row_a_commune_as_csv(run: Any, shared: Path) -> None:
    assert run("import", str(shared / "samples" / "ke_khai_phu_tho_2025-07-13.xlsx"))[0] == 0
    status, output, _ = run(
        "export", "report", "--province", "25", "--as-of", "2025-07-13", "--format", "csv"
    )
    rows = list(csv.DictReader(io.StringIO(output)))
    assert (status, len(rows), sum(row["level"] == "green" for row in rows)) == (0, 148, 76)
    assert {row["received"] for row in rows} == {""}


def test_other_programs_are_told_the_same_as_the_export(
    run: Any, settings: Settings, shared: Path
) -> None:
    assert run("import", str(shared / "samples" / "ke_khai_phu_tho_2025-07-13.xlsx"))[0] == 0
    report = reported(run, "--province", "25", "--as-of", "2025-07-13")
    client = create_app(settings).server.test_client()
    answer = client.get("/api/report?province=25&as_of=2025-07-13")
    assert answer.get_json() == report
    again = client.get(
        "/api/report?province=25&as_of=2025-07-13",
        headers={"If-None-Match": answer.headers["ETag"]},
    )
    assert (again.status_code, again.data) == (304, b"")
    assert (
        client.get("/api/report?province=<script>&as_of=junk").get_json()["province"][
            "province_code"
        ]
        == "51"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--as-of", "2025-06-30"), "2025-07-01"),
        (("--as-of", "2026-09-01", "--from", "2026-08-01"), "cùng nhau"),
        (("--as-of", "2026-08-15", "--from", "2026-08-01", "--to", "2026-08-31"), "2026-08-15"),
        (("--as-of", "2026-09-15", "--from", "2026-08-31", "--to", "2026-08-01"), "thứ tự"),
    ],
)
def test_a_day_or_period_that_cannot_be_is_one_plain_line(
    run: Any, arguments: tuple[str, ...], said: str
) -> None:
    status, _, error = run("export", "report", "--province", "25", *arguments)
    assert (status, error.count("\n")) == (2, 1)
    assert said in error
