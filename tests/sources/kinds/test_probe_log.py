"""The probe log becomes uptime and median speed per commune and local day, in little memory."""

from __future__ import annotations

import random
import statistics
import tracemalloc
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import sources
from dashboard.batch import Batch
from dashboard.errors import FileRefused
from dashboard.measures import MEASURES, restore_value_type
from dashboard.sources.cells.days import read_log_moment
from dashboard.sources.formats import delimited
from dashboard.sources.formats.sheet import Unreadable
from dashboard.sources.kinds.probe_log import reader
from dashboard.sources.kinds.probe_log.reader import ProbeDay, read_line_up
from tests.sources.forms import FORMATS, Grid, official, save, save_csv, some_communes

TODAY = date(2026, 11, 22)
CODES = some_communes("51", 5)
HEAD = ["STT", "Mã xã", "Xã", "Thời gian", "Trạng thái", "Tốc độ (Mbps)"]


def log() -> list[tuple[str, datetime, bool, float | None]]:
    chance = random.Random(7)
    start = datetime(2026, 11, 9, 21, 30)
    probes: list[tuple[str, datetime, bool, float | None]] = []
    for step in range(60):
        for code in CODES:
            works = chance.random() > 0.2
            speed = round(chance.uniform(5, 200), 1) if works else None
            probes.append((code, start + timedelta(minutes=10 * step), works, speed))
    return probes


def grid(probes: list[tuple[str, datetime, bool, float | None]]) -> Grid:
    return [HEAD] + [
        [
            number,
            code,
            official(code),
            f"{moment:%d/%m/%Y %H:%M:%S}",
            "up" if works else "down",
            None if speed is None else f"{speed}".replace(".", ","),
        ]
        for number, (code, moment, works, speed) in enumerate(probes, start=1)
    ]


def twin() -> dict[tuple[str, date, str], float]:
    """The same, slow and obvious."""
    truth = {}
    for code, day in {(code, moment.date()) for code, moment, _, _ in log()}:
        own = [
            (works, speed) for c, moment, works, speed in log() if (c, moment.date()) == (code, day)
        ]
        truth[code, day, "network_uptime"] = sum(works for works, _ in own) / len(own)
        truth[code, day, "network_mbps_probed"] = statistics.median(
            speed for _, speed in own if speed is not None
        )
    return truth


def said(batch: Batch) -> dict[tuple[str, date, str], Any]:
    frame = batch.readings[["commune_code", "as_of", "measure", "value"]]
    return {
        (code, day, measure): value for code, day, measure, value in frame.itertuples(index=False)
    }


def read(tmp_path: Path, lines: Grid, **how: Any) -> Batch:
    return sources.read_file(save_csv(tmp_path / "do_mang.csv", lines), today=TODAY, **how)


def test_uptime_and_median_per_commune_and_day_agree_with_a_slow_twin(tmp_path: Path) -> None:
    batch = read(tmp_path, grid(log()))
    assert said(batch) == pytest.approx(twin())
    assert (batch.file_kind, batch.province_code, batch.rows, batch.problems) == (
        "probe_log",
        "51",
        300,
        (),
    )
    assert batch.period == (date(2026, 11, 9), date(2026, 11, 10))
    assert batch.as_of.date() == date(2026, 11, 10)
    assert set(batch.readings["basis"]) == {"verified"}


@pytest.mark.parametrize("file_format", FORMATS)
def test_any_format_order_and_other_words_read_the_same(tmp_path: Path, file_format: str) -> None:
    head, *rows = grid(log())
    words = ["TT", "Mã ĐVHC", "Điểm đo", "Thời điểm đo", "Tình trạng kết nối", "Download (Mbps)"]
    random.Random(8).shuffle(rows)
    lines: Grid = [
        ["NHẬT KÝ ĐO"],
        [],
        [None, *reversed(words)],
        [],
        *[[None, *reversed(row)] for row in rows],
    ]
    assert len(head) == len(words)
    assert said(
        sources.read_file(save(tmp_path, "a", lines, file_format), today=TODAY)
    ) == pytest.approx(twin())


def test_days_are_local_days_also_where_the_log_counts_in_utc(tmp_path: Path) -> None:
    def utc(moment: datetime, number: int) -> str:
        moment -= timedelta(hours=7)
        return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if number % 2 else f"{moment:%Y-%m-%d %H:%M:%S}+00:00"

    lines = [
        [code, utc(moment, number), works, speed]
        for number, (code, moment, works, speed) in enumerate(log())
    ]
    batch = read(tmp_path, [["commune_code", "timestamp", "up", "download_mbps"], *lines])
    assert said(batch) == pytest.approx(twin())


def test_day_and_hour_may_stand_in_two_columns(tmp_path: Path) -> None:
    lines = [
        [f"{moment:%d/%m/%Y}", f"{moment:%H:%M}", code, "Có" if works else "Mất kết nối", speed]
        for code, moment, works, speed in log()
    ]
    batch = read(tmp_path, [["Ngày", "Giờ", "Mã xã", "Kết nối", "Mbps"], *lines])
    assert said(batch) == pytest.approx(twin())


@pytest.mark.parametrize(
    "written",
    [
        "13/07/2025 08:05",
        "2025-07-13T01:05:00Z",
        "2025-07-13 08:05:00",
        "08:05 13/07/2025",
        "8h05 ngày 13/7/2025",
        "2025-07-13T03:05:00+02:00",
        "13/7/2025 8:05:00 SA",
        45851.336805555,
        1752368700,
        "1752368700000",
    ],
)
def test_a_moment_in_any_writing(written: Any) -> None:
    assert read_log_moment(written) == datetime(2025, 7, 13, 8, 5)


@pytest.mark.parametrize(
    "written", ["7/13/2025 08:00", "hôm qua", "25:00 13/07/2025", 12, "13/07/2025 08:61"]
)
def test_a_moment_that_cannot_be(written: Any) -> None:
    with pytest.raises(Unreadable):
        read_log_moment(written)


def test_states_in_any_wording() -> None:
    assert [
        read_line_up(said) for said in ("UP", "Online", "Có", "thông suốt", 1, 1.0, True, "Kết nối")
    ] == [True] * 8
    assert [
        read_line_up(said)
        for said in ("down", "Mất kết nối", "Đứt", "timeout", 0, 0.0, False, "không")
    ] == [False] * 8
    assert read_line_up("") is None
    with pytest.raises(Unreadable):
        read_line_up("chập chờn")


def test_without_a_state_a_speed_says_whether_the_line_was_up(tmp_path: Path) -> None:
    moment = "10/11/2026 08:0"
    name = official(CODES[0])
    rows: Grid = [
        [name, f"{moment}1", 80],
        [name, f"{moment}2", 0],
        [name, f"{moment}3", 100],
        [name, f"{moment}4", None],
    ]
    values = said(read(tmp_path, [["ĐO MẠNG QUẢNG NGÃI"], ["Xã", "Thời gian", "Mbps"], *rows]))
    assert values[CODES[0], date(2026, 11, 10), "network_uptime"] == pytest.approx(2 / 3)
    assert values[CODES[0], date(2026, 11, 10), "network_mbps_probed"] == 90


def test_spellings_of_one_commune_are_one_commune(tmp_path: Path) -> None:
    lines = grid(log())
    for number, row in enumerate(lines[1:]):
        row[1] = None if number % 3 else row[1]
        row[2] = f"UBND {row[2].upper()} " if number % 2 else row[2]
    assert said(read(tmp_path, lines, province="51")) == pytest.approx(twin())


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        (3, "01/01/1900 08:00", "nằm ngoài khoảng"),
        (3, "31/12/2099 08:00", "nằm ngoài khoảng"),
        (3, "lúc nãy", "không phải"),
        (3, None, "1 dòng không ghi thời điểm"),
        (5, "-5", "là số âm"),
        (5, "99000", "lớn hơn mọi đường truyền"),
    ],
)
def test_a_line_that_cannot_be_is_told_and_not_counted(
    tmp_path: Path, column: int, value: Any, words: str
) -> None:
    lines = grid(log())
    lines[7][column] = value
    batch = read(tmp_path, lines)
    (problem,) = batch.problems
    assert words in problem.message
    assert problem.row in (8, None)
    changed = {
        key
        for key, value_of_day in said(batch).items()
        if value_of_day != pytest.approx(twin()[key])
    }
    assert {code for code, _, _ in changed} <= {CODES[1]}


def test_a_day_with_an_unknown_state_has_no_uptime(tmp_path: Path) -> None:
    lines = grid(log())
    lines[7][4] = "chập chờn"
    batch = read(tmp_path, lines)
    assert "không rõ là có mạng" in batch.problems[0].message
    assert "1 dòng không đọc được trạng thái" in batch.problems[1].message
    missing = twin().keys() - said(batch).keys()
    assert {(code, measure) for code, _, measure in missing} == {(CODES[1], "network_uptime")}


def test_an_unknown_place_is_told_once_however_often_it_was_probed(tmp_path: Path) -> None:
    lines = grid(log())
    for row in lines[1:]:
        if row[1] == CODES[4]:
            row[1:3] = [None, "Xã Không Có"]
    batch = read(tmp_path, lines, province="51")
    assert len(batch.problems) == 1
    assert CODES[4] not in set(batch.readings["commune_code"])


def test_another_provinces_log_and_a_log_of_nothing_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="không phải của Gia Lai"):
        read(tmp_path, grid(log()), province="52")
    empty = [[*row[:3], "lúc nãy", *row[4:]] for row in grid(log())[1:]]
    with pytest.raises(FileRefused, match="không có dòng đo nào"):
        read(tmp_path, [HEAD, *empty])


def test_more_days_than_can_be_kept_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MOST_DAYS", 8)
    with pytest.raises(FileRefused, match="hãy chia tệp theo tháng"):
        read(tmp_path, grid(log()))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 5_000, width=32), min_size=1, max_size=60), st.integers(0, 40))
def test_the_median_is_exact_and_in_bins_half_a_percent_off_at_most(
    speeds: list[float], exact: int
) -> None:
    kept, binned, merged = ProbeDay(), ProbeDay(), ProbeDay()
    before, reader.MOST_EXACT_SPEEDS = reader.MOST_EXACT_SPEEDS, exact
    try:
        for speed in speeds:
            binned.add(True, speed)
        half = ProbeDay()
        for speed in speeds[::2]:
            merged.add(True, speed)
        for speed in speeds[1::2]:
            half.add(True, speed)
        merged.merge(half)
    finally:
        reader.MOST_EXACT_SPEEDS = before
    for speed in speeds:
        kept.add(True, speed)
    assert kept.median == pytest.approx(statistics.median(speeds), abs=0.001)
    ordered = sorted(speeds)
    middle = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    for estimate in (binned, merged):
        assert estimate.median is not None
        assert 0.994 * middle[0] - 0.011 <= estimate.median <= 1.006 * middle[1] + 0.011
        assert estimate.uptime == 1


def test_memory_does_not_grow_with_the_length_of_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MOST_EXACT_SPEEDS", 50)

    def peak(rows: int) -> int:
        path = tmp_path / "do_mang.csv"
        with path.open("w", encoding="utf-8") as stream:
            stream.write("Mã xã;Thời gian;Trạng thái;Mbps\n")
            for number in range(rows):
                stream.write(
                    f"{CODES[number % 5]};2026-11-10 {number % 24:02d}:00:{number % 60:02d};"
                    f"up;{number % 97}\n"
                )
        tracemalloc.start()
        sources.read_file(path, today=TODAY)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    monkeypatch.setattr(delimited, "_BLOCK", 1 << 13)  # both files are longer than a block
    monkeypatch.setattr(delimited, "_MOST_KEPT_BYTES", 1 << 13)  # and than one that is kept whole
    short = peak(3_000), peak(3_000)  # what is loaded once is loaded by the first
    assert peak(12_000) < short[1] + 400_000, "9,000 kept rows would weigh six times that"


def test_the_new_measures_read_as_people_write_them() -> None:
    assert restore_value_type("network_uptime", 0.9875) == 0.9875
    assert restore_value_type("network_mbps_probed", 85) == 85.0
    assert MEASURES["network_uptime"].type == "share"


def test_a_log_of_failures_alone_tells_no_uptime(tmp_path: Path) -> None:
    rows = [[1, CODES[0], "", f"10/11/2026 {hour:02d}:00", "DOWN", None] for hour in range(8, 13)]
    with pytest.raises(FileRefused, match="danh sách sự cố"):
        read(tmp_path, [HEAD, *rows])
    up = [[6, CODES[0], "", "10/11/2026 13:00", "UP", 40]]
    assert len(read(tmp_path, [HEAD, *rows, *up]).readings)
