"""/du-lieu tells whether the watched folders are still watched, and which program this is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from dashboard.__main__ import main
from dashboard.store.machines import WatcherMark, save_watcher_mark
from dashboard.version import read_program_version
from dashboard.web.data.machines import list_watchers
from dashboard.web.static_files import compute_build_stamp

NOW = datetime(2026, 11, 22, 3, 0)


def mark(*, stopped: bool = False, file_name: str = "", fault: str = "") -> WatcherMark:
    started_at = NOW - timedelta(days=2)
    return WatcherMark("/srv/tha-vao-day", 7, started_at, stopped, file_name, 5, 2, fault)


@pytest.mark.parametrize(
    ("said", "minutes", "state", "words"),
    [
        (mark(), 1, "green", "Đang chạy"),
        (mark(), 3, "stale", "Không còn báo về; tệp thả vào không được nhập"),
        (mark(stopped=True), 1, "unknown", "Đã dừng; tệp thả vào không được nhập"),
        (mark(file_name="a.csv"), 5, "green", "Đang nhập tệp a.csv từ 09:55 22/11/2026"),
        (mark(file_name="a.csv"), 40, "stale", "Kẹt ở tệp a.csv từ 09:20 22/11/2026"),
        (mark(fault="a.csv: ổ đĩa đầy"), 1, "stale", "Đang chạy, gặp lỗi: a.csv: ổ đĩa đầy"),
    ],
)
def test_a_watcher_is_at_work_stopped_silent_or_stuck(
    engine: Engine, said: WatcherMark, minutes: int, state: str, words: str
) -> None:
    save_watcher_mark(engine, said, NOW - timedelta(minutes=minutes))
    (row,) = list_watchers(engine, NOW)
    assert (row["folder"], row["state"], row["says"]) == ("tha-vao-day", state, words)
    assert (row["imported"], row["refused"]) == (5, 2)


def test_the_page_shows_the_watcher_and_is_new_when_it_stops(
    own_pages: FlaskClient, own_store: Engine
) -> None:
    assert "Không có thư mục nào được theo dõi" in own_pages.get("/du-lieu").text
    now = datetime.now(UTC).replace(tzinfo=None)
    save_watcher_mark(own_store, mark(), now)
    first = own_pages.get("/du-lieu")
    assert "Đang chạy" in first.text.partition('data-key="watcher-tha-vao-day"')[2]
    same = {"If-None-Match": first.headers["ETag"]}
    save_watcher_mark(own_store, mark(), now + timedelta(seconds=20))
    assert own_pages.get("/du-lieu", headers=same).status_code == 304
    save_watcher_mark(own_store, mark(stopped=True), now)
    stopped = own_pages.get("/du-lieu", headers=same)
    assert stopped.status_code == 200
    assert "Đã dừng" in stopped.text
    assert "/srv/" not in stopped.text, "paths of the machine are nobody's business"


def test_version_and_build_are_on_the_page_and_on_the_command_line(
    pages: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    version, build = read_program_version(), compute_build_stamp()
    page = pages.get("/du-lieu").text
    assert f"Chương trình phiên bản {version}, bản dựng {build}." in page
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out == f"dashboard {version} (build {build})\n"
