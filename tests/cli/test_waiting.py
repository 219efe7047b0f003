"""Who waits for another that writes says for whom, waits as long as is set, and goes on with the
next file.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from dashboard import sources, store
from dashboard.settings import ROOT
from dashboard.store.engine import StoreBusy
from dashboard.store.write_turn import WriteTurn, begin_writing
from tests import making

# Holds the turn as an import of a long list does, until its input ends.
_SLOW_WRITER = """
import sys
from dashboard import store
from dashboard.store.engine import bump_data_version
from dashboard.store.write_turn import WriteTurn, begin_writing
with begin_writing(store.open_store(sys.argv[1]), WriteTurn("import hồ sơ lớn.csv")) as connection:
    bump_data_version(connection)
    print("writing", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def slow_writer(store_url: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", _SLOW_WRITER, store_url],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "writing\n"
        yield process
        process.kill()


def write_readings(folder: Path, name: str, megabits: int) -> Path:
    file = folder / name
    file.write_text(
        "commune_code,measure,value,basis,as_of\n"
        f"21250,network_mbps,{megabits},declared,2026-11-13\n",
        encoding="utf-8",
    )
    return file


@pytest.fixture
def run_on(store_url: str, run: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Runs a command on the store of this test that waits so many seconds."""

    def run_waiting(wait: int, *arguments: str) -> tuple[int, str, str]:
        monkeypatch.setenv("DASHBOARD_DATABASE_URL", store_url)
        monkeypatch.setenv("DASHBOARD_LOCK_WAIT", str(wait))
        status, out, err = run(*arguments)
        return status, out, err

    return run_waiting


def test_each_of_several_files_is_tried_and_named_with_who_holds_the_store(
    run_on: Callable[..., Any], slow_writer: subprocess.Popen[str], tmp_path: Path
) -> None:
    files = [str(write_readings(tmp_path, f"{name}.csv", 50)) for name in ("a", "b")]
    status, out, err = run_on(1, "import", *files)
    assert (status, out) == (2, "")
    for file in files:
        assert f"{file}: chưa ghi gì vì sau 1 giây chờ tiến trình {slow_writer.pid}" in err
    assert err.count("Đang chờ: ") == 2
    assert "lớn.csv) đang ghi kho từ" in err or "lon.csv) đang ghi kho từ" in err
    assert "quyền" not in err  # nothing is wrong with rights


def test_who_waits_goes_on_when_the_other_is_done(
    run_on: Callable[..., Any], slow_writer: subprocess.Popen[str], tmp_path: Path
) -> None:
    assert slow_writer.stdin
    stop = [
        sys.executable,
        "-c",
        f"import os, time; time.sleep(1.5); os.kill({slow_writer.pid}, 9)",
    ]
    began = time.monotonic()
    with subprocess.Popen(stop):
        status, out, err = run_on(
            60, "import", *(str(write_readings(tmp_path, f"{n}.csv", n)) for n in (50, 60))
        )
    assert status == 0, err
    assert out.count("1 số đo") == 2
    assert 1 < time.monotonic() - began < 30
    assert err.count("Đang chờ: ") == 1


def test_a_bad_file_is_refused_without_waiting_for_the_store(
    run_on: Callable[..., Any], slow_writer: subprocess.Popen[str], tmp_path: Path
) -> None:
    (tmp_path / "bad.csv").write_text("không;phải;bảng\n", encoding="utf-8")
    began = time.monotonic()
    status, _, err = run_on(300, "import", str(tmp_path / "bad.csv"))
    assert status == 2
    assert "Đang chờ" not in err
    assert time.monotonic() - began < 30


def test_a_list_is_read_to_its_end_before_the_store_is_asked_for(
    engine: Engine, tmp_path: Path
) -> None:
    """Its dossiers lie on disk by then: reading them again needs no file."""
    file = tmp_path / "list.csv"
    file.write_text(
        "Mã hồ sơ;Đơn vị tiếp nhận;Ngày tiếp nhận;Hạn xử lý;Trạng thái\n"
        + "".join(
            f"H48.113-261101-{number:04};UBND xã Sơn Hà;01/11/2026;10/11/2026;Đang xử lý\n"
            for number in range(30)
        ),
        encoding="utf-8",
    )
    batches = sources.read_file_by_province(file, province="51")
    file.unlink()
    saved = store.save_batches(engine, batches, by="test")
    assert saved[0].written["dossier"] == 30


def test_a_writer_that_asks_for_no_turn_is_waited_for_and_told(store_url: str) -> None:
    """A shell of SQLite or psql, or a version before this one."""
    holder, waiter = store.open_store(store_url), store.open_store(store_url)
    with closing(holder.raw_connection()) as foreign:
        foreign.cursor().execute("UPDATE data_version SET version = version")
        began = time.monotonic()
        with pytest.raises(store.StoreUnavailable, match="bận: một chương trình khác"):
            store.save_batches(waiter, [], by="test", turn=WriteTurn("import a.csv", 1))
        assert time.monotonic() - began < 8
        foreign.rollback()
    holder.dispose()
    waiter.dispose()


def test_a_turn_ends_with_its_writer_also_where_it_failed(engine: Engine) -> None:
    before = store.fetch_data_version(engine)
    for _ in range(2):
        with suppress(ZeroDivisionError), begin_writing(engine, WriteTurn("x", 0)) as writing:
            writing.execute(text("UPDATE data_version SET version = version + 1"))
            raise ZeroDivisionError
    assert store.fetch_data_version(engine) == before


def test_two_writers_of_one_process_wait_for_each_other_too(engine: Engine) -> None:
    lines: list[str] = []
    with (
        begin_writing(engine, WriteTurn("undo 5")),
        pytest.raises(StoreBusy, match=rf"tiến trình {os.getpid()} \(undo 5\)"),
        begin_writing(engine, WriteTurn("import b.csv", 0, lines.append)),
    ):
        pass
    assert len(lines) == 1


def test_what_is_refused_before_the_commit_is_taken_back(engine: Engine) -> None:
    def refuse() -> None:
        raise ZeroDivisionError

    before = store.fetch_data_version(engine)
    with pytest.raises(ZeroDivisionError):
        store.save_batches(engine, [making.batch("a")], by="test", confirm=refuse)
    assert store.fetch_data_version(engine) == before
