"""What is dropped into the watched folder is imported once, and put away with a report."""

from __future__ import annotations

import os
import shutil
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from dashboard import sources, store
from dashboard.cli import inbox
from dashboard.cli.inbox import WORKING, Inbox, make_safe_name
from dashboard.cli.put_away import DONE, REFUSED
from dashboard.errors import DashboardError
from dashboard.messages import write_message
from dashboard.settings import Settings
from tests.cli.conftest import exported, list_names, watch_once
from tests.sources.forms import save_xlsx

NAME = "ke_khai_quang_ngai_2026-11-13.xlsx"


@pytest.fixture
def declaration(shared: Path) -> Path:
    return shared / "samples" / NAME


def test_a_good_file_is_imported_and_moved_to_done_with_a_report(
    run: Any, folder: Path, declaration: Path
) -> None:
    shutil.copy(declaration, folder)
    status, out, _ = watch_once(run, folder)
    assert status == 0
    assert "→ done/" in out
    assert list_names(folder, DONE) == [NAME, f"{NAME}.txt"]
    report = (folder / DONE / f"{NAME}.txt").read_text(encoding="utf-8")
    assert "2024 số đo, 0 vấn đề" in report
    assert len(exported(run, "readings", "51")) == 2024
    assert list_names(folder, WORKING) == []


def test_a_bad_file_is_moved_to_refused_and_the_store_is_untouched(
    run: Any, folder: Path, settings: Settings
) -> None:
    (folder / "bad.xlsx").write_bytes(b"this is no workbook")
    status, _, _ = watch_once(run, folder)
    assert status == 2
    assert list_names(folder, REFUSED) == ["bad.xlsx", "bad.xlsx.txt"]
    assert "bad.xlsx: " in (folder / REFUSED / "bad.xlsx.txt").read_text(encoding="utf-8")
    assert run("batches")[1] == "Chưa có đợt nạp nào\n"


def test_the_report_lists_every_refused_row(run: Any, folder: Path) -> None:
    grid = [["Số liệu tính đến ngày 13/11/2026"], ["Xã", "Máy scan > Có", "Máy scan > Cần"]]
    grid += [["Xã Sơn Hà", "hai", "ba"], ["Xã Nghĩa Giang", "2", "3"]]
    save_xlsx(folder / "a.xlsx", grid)
    assert watch_once(run, folder, "--province", "51")[0] == 1
    report = (folder / DONE / "a.xlsx.txt").read_text(encoding="utf-8")
    assert 'dòng 3, cột "Máy scan > Có": "hai" không phải là số' in report
    assert "thả lại" in report


def test_a_file_that_still_grows_or_has_a_working_name_is_left_alone(
    folder: Path, declaration: Path
) -> None:
    for name in ("~$a.xlsx", "b.xlsx.part", ".c.xlsx", "d.xlsx.crdownload", "e.tmp"):
        shutil.copy(declaration, folder / name)
    growing = folder / "growing.csv"
    growing.write_bytes(b"1")
    box = Inbox(folder)
    assert box.complete() == []
    growing.write_bytes(b"12")
    assert box.complete() == []
    assert box.complete() == ["growing.csv"]
    os.utime(growing, ns=(1, 1))
    assert box.complete() == []
    box.close()


def test_links_and_folders_are_never_followed(run: Any, folder: Path, declaration: Path) -> None:
    (folder / "link.xlsx").symlink_to(declaration)
    (folder / "folder.xlsx").mkdir()
    assert watch_once(run, folder)[0] == 0
    assert list_names(folder, DONE) == list_names(folder, REFUSED) == []
    assert (folder / "link.xlsx").is_symlink()
    shutil.rmtree(folder / DONE)
    (folder / DONE).symlink_to(folder.parent)
    with pytest.raises(DashboardError, match="liên kết"):
        Inbox(folder)


def test_a_file_imported_before_is_done_and_nothing_changes(
    run: Any, folder: Path, declaration: Path
) -> None:
    for _ in range(2):
        shutil.copy(declaration, folder)
        assert watch_once(run, folder)[0] == 0
    stem = Path(NAME).stem
    assert list_names(folder, DONE) == sorted(
        [NAME, f"{NAME}.txt", f"{stem} (2).xlsx", f"{stem} (2).xlsx.txt"]
    )
    assert "đã nạp trước đây (đợt 1)" in (folder / DONE / f"{stem} (2).xlsx.txt").read_text(
        encoding="utf-8"
    )


def test_a_watcher_that_died_after_importing_loses_and_repeats_nothing(
    run: Any, folder: Path, declaration: Path, settings: Settings
) -> None:
    shutil.copy(declaration, folder)
    dead = Inbox(folder)
    claimed = dead.claim(NAME)
    assert claimed is not None
    engine = store.open_store(settings.database_url)
    store.save_batches(
        engine, sources.read_file_by_province(claimed, today=settings.today()), by="x"
    )
    engine.dispose()
    assert watch_once(run, folder)[0] == 0  # while the first one lives, its file is its own
    assert list_names(folder, DONE) == []
    dead._lock.release()  # died: the system lets go of its lock
    status, out, _ = watch_once(run, folder)
    assert status == 0
    assert "đã nạp trước đây (đợt 1)" in out
    assert list_names(folder, DONE) == [NAME, f"{NAME}.txt"]
    assert list_names(folder, WORKING) == []
    assert len(exported(run, "batches", "51")) == 1


def test_of_many_watchers_one_gets_each_file(folder: Path) -> None:
    for number in range(40):
        (folder / f"{number:02}.csv").write_text(str(number), encoding="utf-8")
    boxes = [Inbox(folder) for _ in range(4)]
    for box in boxes:
        box.complete()
    got: list[list[str]] = [[] for _ in boxes]
    start = threading.Barrier(len(boxes))

    def take(watcher: int) -> None:
        start.wait()
        for name in boxes[watcher].complete():
            boxes[watcher].recover()
            claimed = boxes[watcher].claim(name)
            if claimed is not None:
                got[watcher].append(name)
                boxes[watcher].put_away(claimed, DONE, "x")

    threads = [threading.Thread(target=take, args=(watcher,)) for watcher in range(len(boxes))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for box in boxes:
        box.close()
    assert sorted(name for names_ in got for name in names_) == [
        f"{number:02}.csv" for number in range(40)
    ]
    assert len(list_names(folder, DONE)) == 80
    assert list_names(folder, WORKING) == []


def test_a_store_that_is_away_leaves_the_file_in_the_folder(
    run: Any, folder: Path, declaration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise store.StoreUnavailable(write_message("Kho dữ liệu không trả lời"))

    shutil.copy(declaration, folder)
    monkeypatch.setattr("dashboard.cli.watch.store.save_batches", away)
    status, _, err = watch_once(run, folder)
    assert (status, err) == (2, f"{NAME}: Kho dữ liệu không trả lời\n")
    assert (folder / NAME).exists()
    monkeypatch.undo()


def test_a_mistake_of_ours_puts_the_file_aside_without_quoting_it(
    run: Any, folder: Path, declaration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("Nguyễn Thị Bí Mật")

    shutil.copy(declaration, folder)
    monkeypatch.setattr("dashboard.cli.watch.sources.read_file_by_province", broken)
    status, out, err = watch_once(run, folder)
    assert status == 2
    report = (folder / REFUSED / f"{NAME}.txt").read_text(encoding="utf-8")
    assert "lỗi chương trình (KeyError)" in report
    assert "Bí Mật" not in report + out + err


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Kê khai tháng 11.xlsx", "Kê khai tháng 11.xlsx"),
        ("a\nb: đã nạp.xlsx", "a b_ đã nạp.xlsx"),
        ("..", "tep"),
        (".hidden.csv", "hidden.csv"),
        ("=cmd|x!A1.csv", "=cmd_x_A1.csv"),
        ("\udcff.csv", "_.csv"),
        ("\u202exslx.exe", "_xslx.exe"),
    ],
)
def test_names_from_outside_become_plain_ones(name: str, expected: str) -> None:
    assert make_safe_name(name) == expected


def test_a_very_long_name_leaves_room_for_its_report(run: Any, folder: Path) -> None:
    (folder / ("ế" * 80 + ".xlsx")).write_bytes(b"x")
    assert watch_once(run, folder)[0] == 2
    assert len(list_names(folder, REFUSED)) == 2
    assert all(name.endswith((".xlsx", ".xlsx.txt")) for name in list_names(folder, REFUSED))


def test_a_folder_that_is_not_there_is_one_plain_line(run: Any, tmp_path: Path) -> None:
    status, _, err = run("watch", str(tmp_path / "nowhere"), "--once")
    assert (status, err.count("\n")) == (2, 1)


def test_where_there_are_no_links_files_are_still_put_away(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError

    (folder / "a.csv").write_text("1", encoding="utf-8")
    monkeypatch.setattr(inbox.os, "link", no_links)
    box = Inbox(folder)
    claimed = box.claim("a.csv")
    assert claimed is not None
    assert box.put_away(claimed, DONE, "x") == folder / DONE / "a.csv"
    box.close()


def test_a_watcher_keeps_watching(
    run: Any, folder: Path, declaration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = iter(range(8))

    def rest(_: float) -> None:
        look = next(looks)
        if look == 2:
            shutil.copy(declaration, folder)
        if look == 7:
            raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", rest)
    status, out, _ = run("watch", str(folder))
    assert status == 0
    assert f"→ done/{NAME}" in out
