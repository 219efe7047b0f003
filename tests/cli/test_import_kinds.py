"""Certificates, visits, devices, probes and the portal's JSON go in through the command line and
come out whole.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from dashboard import store
from dashboard.settings import Settings
from dashboard.store import schema
from tests.cli.conftest import exported
from tests.sources.forms import save_csv, save_xlsx
from tests.sources.kinds import test_device_inventory, test_portal_json, test_probe_log, test_visits

CERTIFICATES = "chung_thu_so_quang_ngai_2026-11-13.xlsx"


def test_certificates_of_the_sample_are_exported_with_every_true_value(
    run: Any, shared: Path
) -> None:
    status, out, _ = run("import", str(shared / "samples" / CERTIFICATES))
    assert (status, "96 dòng chứng thư số, 0 vấn đề" in out) == (0, True), out
    truth = json.loads((shared / "samples" / "expected.json").read_text(encoding="utf-8"))[
        CERTIFICATES
    ]["communes"]
    counts = {row["commune_code"]: row for row in exported(run, "certificates", "51")}
    assert {
        code: {name: counts[code][name] for name in values} for code, values in truth.items()
    } == truth
    assert {row["as_of"] for row in counts.values()} == {"2026-11-13"}


def test_findings_of_a_visit_are_verified_readings_and_their_notes_name_nobody(
    run: Any, settings: Settings, tmp_path: Path
) -> None:
    rows = test_visits.findings()
    rows[0][5:] = ["Tổ 1", "gặp ông Trần Văn Một, 0912 345 678"]
    path = save_xlsx(tmp_path / "kiem_tra_quang_ngai.xlsx", [test_visits.HEAD, *rows])
    status, out, _ = run("import", str(path))
    assert (status, "8 số đo, 8 kết quả kiểm tra, 0 vấn đề" in out) == (0, True), out
    values: dict[str, dict[str, Any]] = {}
    for row in exported(run, "readings", "51"):
        assert row["basis"] == "verified"
        values.setdefault(row["commune_code"], {})[row["measure"]] = row["value"]
    assert values == test_visits.TRUTH
    engine = store.open_store(settings.database_url)
    with engine.connect() as connection:
        stored = (
            connection.execute(select(schema.visit).order_by(schema.visit.c.id)).mappings().all()
        )
    engine.dispose()
    assert (stored[0]["team"], stored[0]["note"]) == ("Tổ 1", "gặp ông […], […]")


def test_an_inventory_says_what_works(run: Any, tmp_path: Path) -> None:
    path = save_csv(
        tmp_path / "kiem_ke.csv",
        [
            *test_device_inventory.TITLES,
            test_device_inventory.HEAD,
            *test_device_inventory.one_a_row(),
        ],
    )
    assert run("import", str(path))[0] == 0
    values: dict[str, dict[str, Any]] = {}
    for row in exported(run, "readings", "51"):
        values.setdefault(row["commune_code"], {})[row["measure"].removesuffix("_available")] = row[
            "value"
        ]
    assert values == test_device_inventory.WORKS


def test_a_probe_log_says_uptime_and_median_of_every_day(run: Any, tmp_path: Path) -> None:
    path = save_csv(tmp_path / "do_mang.csv", test_probe_log.grid(test_probe_log.log()))
    status, out, _ = run("import", str(path))
    assert status == 0, out
    truth = test_probe_log.twin()
    rows = exported(run, "readings", "51")
    values = {
        (row["commune_code"], date.fromisoformat(row["as_of"]), row["measure"]): row["value"]
        for row in rows
    }
    assert values == pytest.approx(truth, abs=0.001)


def test_the_portals_json_comes_out_as_counts_of_the_communes(run: Any, tmp_path: Path) -> None:
    path = tmp_path / test_portal_json.NAME
    path.write_text(json.dumps(test_portal_json.answer()), encoding="utf-8")
    assert run("import", str(path))[0] == 0
    rows = {row["commune_code"]: row["received"] for row in exported(run, "dossiers", "25")}
    assert rows == {code: 1200 + number for number, code in enumerate(test_portal_json.CODES)}


def test_a_file_with_rows_that_cannot_be_is_taken_in_part_and_says_so(
    run: Any, tmp_path: Path
) -> None:
    rows = test_visits.findings()
    rows[1][4] = "nhanh"
    status, out, _ = run(
        "import", str(save_csv(tmp_path / "kiem_tra_quang_ngai.csv", [test_visits.HEAD, *rows]))
    )
    assert status == 1
    assert (
        'dòng 3, cột "Kết quả kiểm tra": "nhanh" không phải là số; hãy nhập số hoặc để trống' in out
    )
