"""What was imported can be listed, rehearsed before, and taken back after."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from dashboard import store
from dashboard.batch import Batch
from dashboard.settings import Settings
from tests import making
from tests.cli.conftest import exported
from tests.sources.forms import save_xlsx


@pytest.fixture
def declaration(shared: Path) -> str:
    return str(shared / "samples" / "ke_khai_phu_tho_2025-07-13.xlsx")


def version(settings: Settings) -> int:
    engine = store.open_store(settings.database_url)
    number = store.fetch_data_version(engine).number
    engine.dispose()
    return number


def test_a_dry_run_tells_what_is_new_and_changes_nothing(
    run: Any, declaration: str, settings: Settings
) -> None:
    before = version(settings)
    status, out, _ = run("import", "--dry-run", declaration)
    assert status == 0
    assert "145 mới, 0 thay đổi, 0 giữ nguyên" in out
    assert "kho dữ liệu không thay đổi" in out
    assert version(settings) == before
    assert run("batches")[1] == "Chưa có đợt nạp nào\n"


def test_a_dry_run_tells_changed_from_unchanged_per_measure(
    run: Any, tmp_path: Path, settings: Settings
) -> None:
    def form(name: str, as_of: str, speeds: dict[str, Any]) -> str:
        rows: list[list[Any]] = [
            [f"Số liệu tính đến ngày {as_of}"],
            ["Mã ĐVHC", "Xã", "Tốc độ mạng", "Máy scan > Có"],
        ]
        rows += [[code, None, speed, 2] for code, speed in speeds.items()]
        return str(save_xlsx(tmp_path / f"{name}.xlsx", rows))

    assert run("import", form("a", "01/11/2026", {"21025": 10, "21250": 20, "21034": 30}))[0] == 0
    before = version(settings)
    later = form("b", "08/11/2026", {"21025": 10, "21250": 25, "21034": "nhanh", "21061": 5})
    status, out, _ = run("import", "--dry-run", later)
    assert status == 1
    assert "1 mới, 1 thay đổi, 2 giữ nguyên, 0 dòng bị từ chối" in out
    speed = next(line.split() for line in out.splitlines() if "Tốc độ mạng (Mbps)" in line)
    assert speed[-4:] == ["1", "1", "1", "1"]  # new, changed, unchanged, refused
    scanners = next(line.split() for line in out.splitlines() if "Máy scan: có" in line)
    assert scanners[-4:] == ["1", "0", "3", "0"]
    assert version(settings) == before
    assert {
        row["value"] for row in exported(run, "readings", "51") if row["measure"] == "network_mbps"
    } == {10, 20, 30}


def test_a_dry_run_compares_counts_of_dossiers(run: Any, shared: Path) -> None:
    progress = str(shared / "published" / "phu_tho_2026-08_progress.csv")
    assert "163 mới, 0 thay đổi, 0 giữ nguyên" in run("import", "--dry-run", progress)[1]
    run("import", progress)
    assert "đã nạp trước đây (đợt 1)" in run("import", "--dry-run", progress)[1]


def test_an_undone_batch_no_longer_counts_and_can_be_imported_again(
    run: Any, declaration: str, settings: Settings
) -> None:
    run("import", declaration)
    first = exported(run, "readings", "25")
    before = version(settings)
    status, out, _ = run("undo", "1")
    assert status == 0
    assert out.startswith("Đợt 1 (ke_khai_phu_tho_2025-07-13.xlsx, Phú Thọ) đã được gỡ")
    assert version(settings) == before + 1
    assert exported(run, "readings", "25") == []
    assert "đợt 2" in run("import", declaration)[1]
    again = exported(run, "readings", "25")
    assert [{**row, "batch": 1} for row in again] == first


def test_undoing_twice_is_a_plain_line_and_changes_nothing(
    run: Any, declaration: str, settings: Settings
) -> None:
    run("import", declaration)
    run("undo", "1")
    before = version(settings)
    status, out, _ = run("undo", "1")
    assert (status, out.count("\n")) == (0, 1)
    assert "đã được gỡ trước đây" in out
    assert version(settings) == before


def test_undoing_what_never_was_is_a_plain_line(run: Any, settings: Settings) -> None:
    before = version(settings)
    status, _, err = run("undo", "7")
    assert (status, err.count("\n")) == (2, 1)
    assert "Không có đợt nạp số 7" in err
    assert version(settings) == before


def test_batches_are_listed_with_those_taken_back(run: Any, declaration: str, shared: Path) -> None:
    run("import", declaration, str(shared / "published" / "phu_tho_2026-08_progress.csv"))
    run("undo", "2")
    lines = run("batches", "--province", "25")[1].splitlines()
    assert len(lines) == 3
    assert "ke_khai_phu_tho_2025-07-13.xlsx" in lines[1]
    assert "portal_progress" in lines[2]
    batches = exported(run, "batches", "25")
    assert [bool(row["undone_at"]) for row in batches] == [False, True]
    assert batches[0]["as_of"] == "2025-07-13T16:00:00"


def test_agencies_that_an_undone_batch_taught_stay_known(
    run: Any, shared: Path, settings: Settings
) -> None:
    run("import", str(shared / "published" / "phu_tho_2026-08_progress.csv"))
    run("undo", "1")
    engine = store.open_store(settings.database_url)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT COUNT(*) FROM agency").scalar() == 163
    engine.dispose()


def test_sample_on_the_same_day_adds_nothing_and_later_replaces_what_is_older(
    run: Any, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    made: list[str] = []

    def small(today: date, skip: Collection[str] = ()) -> Iterator[Batch]:
        for code in {"51", "52"} - set(skip):
            made.append(code)
            rows = making.declaration("21250" if code == "51" else "23767", today)
            as_of = datetime.combine(today, time(8))
            for part in ("a", "b"):
                name = f"{code} {part} {today}"
                yield making.batch(
                    name, code, as_of, file_kind="sample", origin="simulated", readings=rows
                )

    monkeypatch.setattr("dashboard.sample.simulate_batches", small)
    monkeypatch.setattr("dashboard.sample.list_published_files", lambda: [])
    monkeypatch.setenv("DASHBOARD_TODAY", "2025-07-05")
    assert run("sample")[0] == 0
    before = version(settings)
    status, out, _ = run("sample")
    assert (status, len(made), version(settings)) == (0, 2, before)
    assert "đã là của hôm nay" in out
    monkeypatch.setenv("DASHBOARD_TODAY", "2025-07-06")
    run("sample")
    assert version(settings) == before + 2  # one transaction a province
    batches = exported(run, "batches", "51")
    assert [bool(row["undone_at"]) for row in batches] == [True, True, False, False]
    assert {row["as_of"] for row in exported(run, "readings", "51")} == {"2025-07-06"}
