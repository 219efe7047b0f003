"""What `export` writes, `import` reads back to the same contents."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboard import store
from dashboard.settings import Settings
from tests import making
from tests.cli.conftest import exported

DAY = date(2026, 11, 13)


def test_all_of_a_province_exported_imported_and_exported_again_is_equal(
    run: Any, sample_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = f"sqlite:///{tmp_path / 'again.sqlite'}"
    store.prepare_store(own).dispose()
    sample = f"sqlite:///{sample_folder / 'dashboard.sqlite'}"
    # Every reading, and the dossiers of the last months: 380 more days of them would tell nothing
    # else.
    for what, form, *some in (("readings", "csv"), ("dossiers", "json", "--from", "2026-08-01")):
        monkeypatch.setenv("DASHBOARD_DATABASE_URL", sample)
        status, first, _ = run("export", what, "--province", "51", "--format", form, *some)
        assert status == 0
        file = tmp_path / f"{what}.{form}"
        file.write_text(first, encoding="utf-8")
        monkeypatch.setenv("DASHBOARD_DATABASE_URL", own)
        status, said, _ = run("import", str(file))
        assert (status, "0 vấn đề" in said) == (0, True), said
        again = run("export", what, "--province", "51", "--format", form)[1]
        assert len(again) > 1_000_000
        assert _without_batch(again, form) == _without_batch(first, form)


def _without_batch(output: str, form: str) -> list[str]:
    """The rows without their last column, the number of the batch."""
    last = ', "batch":' if form == "json" else ","
    return [line.rpartition(last)[0] for line in output.splitlines()]


def test_certificates_go_there_and_back(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "c.csv"
    file.write_text(
        "commune_code,as_of,active,locked,revoked,expired,expiring_30,expiring_60\n"
        "21250,2026-11-06,11,1,,0,2,3\n21250,2026-11-13,12,1,,0,2,3\n",
        encoding="utf-8",
    )
    assert run("import", str(file))[0] == 0
    rows = exported(run, "certificates", "51")
    assert [(row["as_of"], row["active"], row["revoked"]) for row in rows] == [
        ("2026-11-06", 11, None),
        ("2026-11-13", 12, None),
    ]
    assert [
        row["active"] for row in exported(run, "certificates", "51", "--as-of", "2026-11-10")
    ] == [11]


@pytest.mark.parametrize("form", ["csv", "json"])
def test_promises_go_there_and_back_and_are_not_new(run: Any, tmp_path: Path, form: str) -> None:
    file = tmp_path / "hua.csv"
    file.write_text(
        "Mã ĐVHC;Việc hứa;Tiêu chí;Mức phải đạt;Cơ quan hứa;Ngày hứa;Hạn hoàn thành"
        ";Ngày rút;Lý do rút\n"
        "21250;Cấp 2 máy scan;Máy scan: có;4;Sở KH&CN;02/11/2026;16/11/2026;;\n"
        "21025;Nâng đường truyền;Tốc độ mạng;50,5;VNPT Quảng Ngãi;03/11/2026;30/11/2026;;\n"
        "21025;Sửa cáp;Đường truyền thông suốt;;Viettel;03/11/2026;30/11/2026"
        ";05/11/2026;Trùng việc\n",
        encoding="utf-8",
    )
    assert run("import", str(file))[0] == 0
    first = run("export", "follow_ups", "--province", "51", "--format", form)[1]
    (tmp_path / f"again.{form}").write_text(first, encoding="utf-8")
    status, said, _ = run("import", "--dry-run", str(tmp_path / f"again.{form}"))
    assert status == 0, said
    assert said.split("việc hứa", 1)[1].split()[:3] == ["0", "0", "3"], said
    assert run("import", str(tmp_path / f"again.{form}"))[0] == 0
    assert run("export", "follow_ups", "--province", "51", "--format", form)[1] == first
    assert [row["target"] for row in exported(run, "follow_ups", "51")] == [4, 50.5, True]


# What is written in the field; each comes out as a file of its own kind.
FIELD_KINDS = (
    "visits",
    "follow_ups",
    "support_requests",
    "teams",
    "team_days",
    "field_resources",
    "feedback",
)


def _read_without_batch(output: str) -> list[dict[str, str]]:
    """The rows without the number of their batch."""
    rows = list(csv.DictReader(io.StringIO(output)))
    return [{name: row[name] for name in row if name != "batch"} for row in rows]


def test_everything_of_the_field_comes_out_and_goes_in_again(
    run: Any, sample_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = f"sqlite:///{tmp_path / 'again.sqlite'}"
    store.prepare_store(own).dispose()
    sample = f"sqlite:///{sample_folder / 'dashboard.sqlite'}"
    for what in FIELD_KINDS:
        monkeypatch.setenv("DASHBOARD_DATABASE_URL", sample)
        first = run("export", what, "--province", "51")[1]
        assert first.count("\n") > 1, what
        file = tmp_path / f"{what}.csv"
        file.write_text(first, encoding="utf-8")
        monkeypatch.setenv("DASHBOARD_DATABASE_URL", own)
        status, said, refused = run("import", str(file))
        assert status == 0, f"{what}: {said}{refused}"
        again = run("export", what, "--province", "51")[1]
        assert _read_without_batch(again) == _read_without_batch(first), what
    batches = exported(run, "batches", "51")
    assert len(batches) == len(FIELD_KINDS)
    for batch in batches:  # and out of the store again
        assert run("undo", str(batch["batch"]))[0] == 0
    for what in FIELD_KINDS:
        assert run("export", what, "--province", "51")[1].count("\n") == 1, what


def test_readings_without_a_day_are_the_history_and_with_one_the_latest(
    run: Any, tmp_path: Path
) -> None:
    file = tmp_path / "r.csv"
    lines = [f"21250,network_mbps,{n},declared,2026-11-{n:02}" for n in (3, 6, 9)]
    file.write_text("\n".join(["commune_code,measure,value,basis,as_of", *lines]), encoding="utf-8")
    assert run("import", str(file))[0] == 0
    assert [row["value"] for row in exported(run, "readings", "51")] == [3, 6, 9]
    assert [row["value"] for row in exported(run, "readings", "51", "--as-of", "2026-11-08")] == [6]
    window = ("--from", "2026-11-04", "--to", "2026-11-08")
    assert [row["value"] for row in exported(run, "readings", "51", *window)] == [6]
    status, _, err = run(
        "export", "readings", "--province", "51", "--from", "2026-11-08", "--to", "2026-11-04"
    )
    assert (status, err.count("\n")) == (2, 1)


def test_no_exported_cell_is_a_formula(run: Any, settings: Settings) -> None:
    engine = store.open_store(settings.database_url)
    problem = making.problem("=1+1", "@sửa", row=3, column="-cột", value="+84")
    rows = making.declaration("21250", DAY)
    store.save_batch(engine, making.batch("=cmd", readings=rows, problems=(problem,)), by="x")
    engine.dispose()
    (row,) = csv.DictReader(io.StringIO(run("export", "problems", "--province", "51")[1]))
    assert (row["message"], row["remedy"], row["column"], row["value"]) == (
        "'=1+1",
        "'@sửa",
        "'-cột",
        "'+84",
    )
    assert row["row"] == "3"
    assert exported(run, "problems", "51")[0]["message"] == "=1+1"  # JSON is no spreadsheet


def test_problems_of_a_batch_that_was_taken_back_are_gone(run: Any, settings: Settings) -> None:
    engine = store.open_store(settings.database_url)
    store.save_batch(engine, making.batch("a", problems=(making.problem("x", "y", row=1),)), by="x")
    engine.dispose()
    assert len(exported(run, "problems", "51")) == 1
    run("undo", "1")
    assert exported(run, "problems", "51") == []


def test_counts_are_whole_numbers_and_what_is_not_told_is_empty(
    run: Any, settings: Settings
) -> None:
    engine = store.open_store(settings.database_url)
    rows = making.dossiers(
        [
            {"unit": "21250", "first": DAY, "received": 5, "open": 0, "mean_days": 7.05},
            {"unit": "21025", "first": DAY},
        ]
    )
    store.save_batch(engine, making.batch("a", dossiers=rows), by="x")
    engine.dispose()
    exported_rows = list(
        csv.DictReader(io.StringIO(run("export", "dossiers", "--province", "51")[1]))
    )
    by_commune = {
        row["commune_code"]: (row["received"], row["open"], row["resolved"], row["mean_days"])
        for row in exported_rows
    }
    assert by_commune == {"21250": ("5", "0", "", "7.05"), "21025": ("", "", "", "")}
    records = exported(run, "dossiers", "51")
    assert [row["received"] for row in records] == [None, 5]
    assert isinstance(records[1]["received"], int)


def test_a_form_is_written_filled_in_and_imported_again(
    run: Any, settings: Settings, tmp_path: Path
) -> None:
    engine = store.prepare_store(settings.database_url)
    readings = making.declaration("21250", date(2026, 11, 20))
    store.save_batch(engine, making.batch("ke-khai", readings=readings), by="test")
    engine.dispose()
    file = tmp_path / "bieu.xlsx"

    form = ("export", "form-declaration", "--province", "51", "--output", str(file))
    assert run(*form)[0] == 0
    assert run("import", "--dry-run", str(file))[0] == 0
    status, _, said = run("export", "form-II.06a", *form[2:])
    assert status == 2
    assert "chưa nguồn nào" in said
    assert run(*form[:4])[0] == 2  # a workbook is no text for the screen
