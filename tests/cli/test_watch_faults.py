"""No file ends the watcher, none is taken half, and what was put away is for its account alone."""

from __future__ import annotations

import argparse
import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from dashboard import sources, store
from dashboard.cli import inbox, watch
from dashboard.cli.inbox import WORKING, Inbox
from dashboard.cli.put_away import DONE, REFUSED, delete_expired
from dashboard.settings import ROOT, Settings
from dashboard.sources.formats.opening import digest_file
from dashboard.sources.kinds.dossier_list import reader
from dashboard.store.machines import WatcherMark, fetch_watchers, save_watcher_mark
from tests.cli.conftest import exported, list_names, watch_once
from tests.conftest import TODAY
from tools.running import environment_in

_HEAD = "commune_code,measure,value,basis,as_of\n"
_FIRST_ROW = "21250,network_mbps,50,declared,2026-11-13\n"
_SECOND_ROW = "21250,network_mbps,60,declared,2026-11-14\n"


@pytest.fixture
def watcher(folder: Path, settings: Settings, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A watcher in a process of its own, as an office runs it."""
    with subprocess.Popen(
        [sys.executable, "-m", "dashboard", "watch", str(folder), "--every", "0.1"],
        cwd=ROOT,
        env={
            **os.environ,
            **environment_in(tmp_path, DASHBOARD_TODAY=TODAY, DASHBOARD_WATCH_STILL="10"),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout
        assert "Theo dõi" in process.stdout.readline()
        yield process
        process.kill()


def wait_until(happened: Callable[[], bool], seconds: float = 30) -> None:
    began = time.monotonic()
    while not happened():
        assert time.monotonic() - began < seconds
        time.sleep(0.05)


def test_a_file_whose_writer_pauses_is_taken_when_it_is_closed(
    run: Any, folder: Path, watcher: subprocess.Popen[str]
) -> None:
    with open(folder / "slow.csv", "w", encoding="utf-8") as stream:
        stream.write(_HEAD + _FIRST_ROW)
        stream.flush()
        time.sleep(3)
        assert list_names(folder, DONE) == []
        stream.write(_SECOND_ROW)
    wait_until(lambda: list_names(folder, DONE) == ["slow.csv", "slow.csv.txt"])
    assert len(exported(run, "readings", "51")) == 2


def test_a_file_that_is_closed_and_opened_again_after_a_pause_is_taken_whole(
    run: Any, folder: Path, watcher: subprocess.Popen[str]
) -> None:
    """As a broken upload goes on where it stopped."""
    (folder / "slow.csv").write_text(_HEAD + _FIRST_ROW, encoding="utf-8")
    time.sleep(3)
    with open(folder / "slow.csv", "a", encoding="utf-8") as stream:
        stream.write(_SECOND_ROW)
    wait_until(lambda: list_names(folder, DONE) == ["slow.csv", "slow.csv.txt"])
    assert len(exported(run, "readings", "51")) == 2


def test_a_closed_file_waits_half_the_time_and_an_open_one_until_it_is_closed(
    folder: Path,
) -> None:
    box = Inbox(folder, still_seconds=1)
    (folder / "closed.csv").write_text("1", encoding="utf-8")
    with open(folder / "open.csv", "w", encoding="utf-8") as stream:
        stream.write("1")
        stream.flush()
        assert box.complete() == []
        assert box.complete() == []
        time.sleep(0.6)
        assert box.complete() == ["closed.csv"]
        assert box.list_untouched() == []
        time.sleep(0.6)
        assert box.complete() == ["closed.csv"]
        assert not box.has_waiting_files()
        assert box.list_untouched() == [
            "open.csv: còn chương trình đang mở để ghi, chưa nhập; hãy đóng tệp ở chương trình đó"
        ]
    assert box.complete() == ["closed.csv", "open.csv"]
    assert box.list_untouched() == []
    box.close()


def test_where_the_system_cannot_tell_a_file_is_taken_when_it_was_still(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox.fcntl, "fcntl", _refuse_lease)
    box = Inbox(folder, still_seconds=0.4)
    (folder / "a.csv").write_text("1", encoding="utf-8")
    assert box.complete() == []
    assert box.complete() == []  # the same at two looks is not enough
    assert box.has_waiting_files()
    time.sleep(0.5)
    assert box.complete() == ["a.csv"]
    box.close()


def _refuse_lease(*_: object) -> None:
    raise OSError(errno.EINVAL, "no leases on this file system")


def test_a_file_that_changes_while_it_is_read_is_not_imported_and_waits(
    run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.csv").write_text(_HEAD + _FIRST_ROW, encoding="utf-8")
    read_as_always = sources.read_file_by_province

    def read_while_written(path: Path, **given: Any) -> Any:
        batches = read_as_always(path, **given)
        with path.open("a", encoding="utf-8") as stream:
            stream.write(_SECOND_ROW)
        return batches

    monkeypatch.setattr("dashboard.cli.watch.sources.read_file_by_province", read_while_written)
    status, _, err = watch_once(run, folder)
    assert status == 2
    assert err == "a.csv: tệp còn đang được ghi; chưa nhập gì, chờ ghi xong sẽ nhập lại\n"
    assert (folder / "a.csv").exists()
    assert run("batches")[1] == "Chưa có đợt nạp nào\n"
    monkeypatch.undo()


def test_a_file_that_changes_while_it_is_stored_is_taken_back(
    run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.csv").write_text(_HEAD + _FIRST_ROW, encoding="utf-8")
    save_as_always = store.save_batches

    def save_while_written(*given: Any, confirm: Callable[[], None], **more: Any) -> Any:
        def write_and_confirm() -> None:
            for claimed in (folder / WORKING).glob("*/a.csv"):
                claimed.write_text(_HEAD + _FIRST_ROW + _SECOND_ROW, encoding="utf-8")
            confirm()

        return save_as_always(*given, confirm=write_and_confirm, **more)

    monkeypatch.setattr("dashboard.cli.watch.store.save_batches", save_while_written)
    assert watch_once(run, folder)[0] == 2
    assert run("batches")[1] == "Chưa có đợt nạp nào\n"
    monkeypatch.setattr("dashboard.cli.watch.store.save_batches", save_as_always)
    assert watch_once(run, folder)[0] == 0
    assert len(exported(run, "readings", "51")) == 2


def test_import_too_refuses_a_file_that_is_being_written(
    run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = folder / "a.csv"
    file.write_text(_HEAD + _FIRST_ROW, encoding="utf-8")
    recognise_as_always = sources.recognise_file

    def recognise_while_written(*given: Any) -> Any:
        with file.open("a", encoding="utf-8") as stream:
            stream.write(_SECOND_ROW)
        return recognise_as_always(*given)

    monkeypatch.setattr("dashboard.sources.recognise_file", recognise_while_written)
    status, _, err = run("import", str(file))
    assert status == 2
    assert "còn đang được ghi trong khi đọc" in err
    assert run("batches")[1] == "Chưa có đợt nạp nào\n"


def _fail_for(name: str, code: int, call: Callable[..., Any]) -> Callable[..., Any]:
    def call_or_fail(path: Any, *more: Any, **given: Any) -> Any:
        if Path(path).name == name:
            raise OSError(code, os.strerror(code))
        return call(path, *more, **given)

    return call_or_fail


def test_a_file_that_cannot_be_moved_is_told_and_the_next_is_taken(
    run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, name in enumerate(("a.csv", "b.csv")):
        row = _FIRST_ROW.replace(",50,", f",5{number},")
        (folder / name).write_text(_HEAD + row, encoding="utf-8")
    monkeypatch.setattr(inbox.os, "rename", _fail_for("a.csv", errno.EACCES, os.rename))
    status, out, err = watch_once(run, folder)
    assert status == 2
    assert "→ done/b.csv" in out
    assert err == "a.csv: không chuyển được tệp (không có quyền), chưa nhập; sẽ thử lại\n"
    monkeypatch.undo()


def test_a_full_disk_after_an_import_loses_nothing(
    run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, name in enumerate(("a.csv", "b.csv")):
        row = _FIRST_ROW.replace(",50,", f",5{number},")
        (folder / name).write_text(_HEAD + row, encoding="utf-8")
    link_as_always, rename_as_always = os.link, os.rename

    def link(source: Path, target: Path) -> None:
        if target.parent.name == DONE and target.name == "a.csv":
            raise OSError(errno.ENOSPC, "full")
        link_as_always(source, target)

    def rename(source: Path, target: Path) -> None:
        if target.parent.name == DONE:
            raise OSError(errno.ENOSPC, "full")
        rename_as_always(source, target)

    with monkeypatch.context() as full_disk:
        full_disk.setattr(inbox.os, "link", link)
        full_disk.setattr(inbox.os, "rename", rename)
        status, out, err = watch_once(run, folder)
    assert status == 2
    assert "→ done/b.csv" in out
    assert "a.csv: đợt 1" in err
    assert "không chuyển được tệp vào done/ (ổ đĩa đầy), sẽ thử lại" in err
    assert watch_once(run, folder)[0] == 0
    assert "a.csv" in list_names(folder, DONE)
    assert len(exported(run, "batches", "51")) == 2


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EFBIG])
def test_a_list_that_finds_no_room_to_be_read_in_waits_and_is_not_refused(
    run: Any, folder: Path, shared: Path, monkeypatch: pytest.MonkeyPatch, fault: int
) -> None:
    shutil.copy(shared / "samples" / "ho_so_quang_ngai.csv", folder / "ho_so.csv")

    def find_no_room() -> None:
        raise OSError(fault, "full")

    with monkeypatch.context() as full_disk:
        full_disk.setattr(reader.tempfile, "TemporaryFile", find_no_room)
        status, _, err = watch_once(run, folder)
    assert status == 2
    assert "ổ đĩa đầy" in err
    assert (folder / "ho_so.csv").exists()
    assert watch_once(run, folder)[0] <= 1
    assert "ho_so.csv" in list_names(folder, DONE)


def test_what_could_not_be_moved_is_moved_as_soon_as_it_can_be(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.csv").write_text("1", encoding="utf-8")
    box = Inbox(folder)
    claimed = box.claim("a.csv")
    assert claimed is not None
    monkeypatch.setattr(inbox.os, "link", _fail_for("a.csv", errno.EROFS, os.link))
    monkeypatch.setattr(inbox.os, "rename", _fail_for("a.csv", errno.EROFS, os.rename))
    with pytest.raises(OSError, match="Read-only"):
        box.put_away(claimed, DONE, "report")
    assert box.move_again() == []
    monkeypatch.undo()
    assert box.move_again() == [folder / DONE / "a.csv"]
    assert (folder / DONE / "a.csv.txt").read_text(encoding="utf-8") == "report"
    assert box.move_again() == []
    box.close()


def test_a_file_without_rights_waits_and_the_next_is_taken(
    run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.csv", "b.csv"):
        (folder / name).write_text(_HEAD + _FIRST_ROW, encoding="utf-8")
    monkeypatch.setattr(
        watch, "stamp_content", _fail_for("a.csv", errno.EACCES, watch.stamp_content)
    )
    status, out, err = watch_once(run, folder)
    assert (status, err) == (2, "a.csv: không có quyền\n")
    assert "→ done/b.csv" in out
    assert (folder / "a.csv").exists()


def test_links_folders_and_names_of_ours_are_told_once(
    folder: Path, watcher: subprocess.Popen[str]
) -> None:
    (folder / "lối tắt.xlsx").symlink_to("/etc/passwd")
    (folder / "tháng 11").mkdir()
    in_its_place = folder.parent / REFUSED
    in_its_place.write_text("this is no table", encoding="utf-8")
    while in_its_place.exists():  # the program may make its folder anew in between
        shutil.rmtree(folder / REFUSED, ignore_errors=True)
        with suppress(IsADirectoryError):
            in_its_place.rename(folder / REFUSED)
    wait_until(lambda: list_names(folder, REFUSED) == ["refused (2)", "refused (2).txt"])
    time.sleep(0.5)
    watcher.send_signal(signal.SIGTERM)
    out, _ = watcher.communicate(timeout=20)
    assert watcher.returncode == 0
    assert out.count("lối tắt.xlsx: là liên kết, không đọc") == 1
    assert out.count("tháng 11: là thư mục con, không đọc") == 1
    assert "refused: tệp trùng tên thư mục của chương trình" in out


def test_a_folder_that_goes_away_and_comes_back_is_watched_again(
    run: Any, folder: Path, watcher: subprocess.Popen[str]
) -> None:
    away = folder.with_name("away")
    folder.rename(away)
    time.sleep(0.5)
    assert watcher.poll() is None
    away.rename(folder)
    (folder / "a.csv").write_text(_HEAD + _FIRST_ROW, encoding="utf-8")
    wait_until(lambda: "a.csv" in list_names(folder, DONE))
    assert watcher.poll() is None


def test_what_was_put_away_is_for_its_account_alone(run: Any, folder: Path) -> None:
    file = folder / "a.csv"
    file.write_text(_HEAD + _FIRST_ROW, encoding="utf-8")
    file.chmod(0o644)
    (folder / "bad.csv").write_text("x", encoding="utf-8")
    watch_once(run, folder)
    for name in (DONE, REFUSED, WORKING):
        assert (folder / name).stat().st_mode & 0o777 == 0o700
        for path in (folder / name).iterdir():
            assert path.stat().st_mode & 0o777 == 0o600
    assert len([*(folder / DONE).iterdir(), *(folder / REFUSED).iterdir()]) == 4


def test_a_clock_that_jumps_ahead_for_a_moment_deletes_nothing(
    run: Any, folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.csv").write_text(_HEAD + _FIRST_ROW, encoding="utf-8")
    watch_once(run, folder)
    monkeypatch.setattr(watch, "_SWEEP_SECONDS", 0.0)
    engine = store.open_store(settings.database_url)
    box = Inbox(folder)
    options = argparse.Namespace(every=0.01, once=True, province=None)
    watcher = watch._Watcher(box, engine, settings, options)
    with time_machine.travel(timedelta(days=40)):
        watcher._sweep()
    assert list_names(folder, DONE) == ["a.csv", "a.csv.txt"]
    watcher._sweep()
    with time_machine.travel(timedelta(days=40)):
        watcher._sweep()
        watcher._sweep()
    assert list_names(folder, DONE) == ["a.csv.txt"], "it stays ahead, so it is right"
    box.close()
    engine.dispose()


def test_after_its_days_only_report_and_hash_stay(
    run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.csv").write_text(_HEAD + _FIRST_ROW, encoding="utf-8")
    (folder / "ghi chú.txt").write_text("x", encoding="utf-8")
    watch_once(run, folder)
    digest = digest_file(folder / DONE / "a.csv")
    box = Inbox(folder)
    assert delete_expired(folder, 30) == []
    month_ago = time.time() - 31 * 86_400
    for path in (folder / DONE / "a.csv.txt", folder / REFUSED / "ghi chú.txt.txt"):
        os.utime(path, (month_ago, month_ago))
    assert delete_expired(folder, 30) == ["done/a.csv", "refused/ghi chú.txt"]
    assert delete_expired(folder, 0) == []
    box.close()
    assert list_names(folder, DONE) == ["a.csv.txt"]
    assert list_names(folder, REFUSED) == ["ghi chú.txt.txt"]
    report = (folder / DONE / "a.csv.txt").read_text(encoding="utf-8")
    assert f"đã được xóa sau 30 ngày; SHA-256 {digest}" in report
    # the next file of that name does not take the report's place
    (folder / "a.csv").write_text(_HEAD + _SECOND_ROW, encoding="utf-8")
    watch_once(run, folder)
    assert list_names(folder, DONE) == ["a (2).csv", "a (2).csv.txt", "a.csv.txt"]


def test_a_watcher_says_that_it_lives_and_when_it_stopped(
    folder: Path, settings: Settings, watcher: subprocess.Popen[str]
) -> None:
    engine = store.open_store(settings.database_url)
    (folder / "a.csv").write_text(_HEAD + _FIRST_ROW, encoding="utf-8")
    wait_until(lambda: [*fetch_watchers(engine)["imported"]] == [1])
    row = fetch_watchers(engine).iloc[0]
    assert (row["folder"], row["process"]) == (str(folder), watcher.pid)
    assert (bool(row["stopped"]), row["refused"], row["file_name"]) == (False, 0, "")
    watcher.send_signal(signal.SIGTERM)
    watcher.communicate(timeout=20)
    assert bool(fetch_watchers(engine).iloc[0]["stopped"])
    engine.dispose()


def test_a_folder_that_nobody_watches_any_more_is_forgotten(settings: Settings) -> None:
    engine = store.open_store(settings.database_url)
    now = datetime.now(UTC).replace(tzinfo=None)
    mark = WatcherMark("/srv/a", 1, now, False, "", 0, 0, "")
    save_watcher_mark(engine, mark, now - timedelta(days=40))
    save_watcher_mark(engine, replace(mark, folder="/srv/b"), now)
    assert [*fetch_watchers(engine)["folder"]] == ["/srv/b"]
    save_watcher_mark(engine, mark, now)
    assert [*fetch_watchers(engine)["folder"]] == ["/srv/a", "/srv/b"]
    engine.dispose()
