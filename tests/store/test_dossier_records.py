"""Single dossiers add up to days, on SQLite and PostgreSQL, and a later list changes only what it
tells.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select

from dashboard import __main__, sources, store
from dashboard.batch import SINGLE_COLUMNS, Batch
from dashboard.store import exports, schema
from dashboard.store.dossiers import fetch_open_dossiers
from tests import making
from tests.sources.forms import save_csv
from tests.sources.kinds.test_dossier_list import NAME, PERSON, SECRETS, line, table

TODAY = date(2026, 11, 22)
LAST = datetime(2026, 11, 13, 17)
RESOLVED, OPEN, PAUSED = {7, 9, 10}, {2, 4}, {5, 6, 8}
FLOWS = [
    "received",
    "received_online",
    "received_in_person",
    "received_post",
    "resolved",
    "resolved_early",
    "resolved_on_time",
    "resolved_late",
    "on_time_766",
    "no_due_day",
    "no_finish_day",
]
STOCKS = ["open", "open_in_term", "open_overdue", "paused"]


def slow_twin(dossiers: pd.DataFrame, moment: datetime) -> Counter[tuple[str, date, str]]:
    """What dossiers add up to per deciding unit, day and count, one by one, as a person would; with
    a column `undated_list`: of a list that does not say when most of what is resolved was.
    """
    counts: Counter[tuple[str, date, str]] = Counter()
    untold = set()
    for dossier in dossiers.itertuples():
        finished = None if pd.isna(dossier.finished_at) else dossier.finished_at
        due = None if pd.isna(dossier.due) else dossier.due
        if dossier.state in {1, 3}:
            continue
        day = dossier.received_at.date()
        counts[dossier.deciding_unit, day, "received"] += 1
        counts[dossier.deciding_unit, day, f"received_{dossier.channel or 'in_person'}"] += 1
        if due is None and dossier.state not in PAUSED:
            counts[dossier.deciding_unit, day, "no_due_day"] += 1
        elif dossier.state in RESOLVED and finished is None:
            counts[dossier.deciding_unit, day, "no_finish_day"] += 1
        elif dossier.state not in PAUSED:
            assert due is not None
            in_time = due >= ((finished or moment) if dossier.state in RESOLVED else moment)
            counts[dossier.deciding_unit, day, "on_time_766"] += in_time
        if getattr(dossier, "undated_list", False):
            untold.add((dossier.deciding_unit, day, "on_time_766"))
        if dossier.state in RESOLVED and finished is not None and finished.date() <= moment.date():
            counts[dossier.deciding_unit, finished.date(), "resolved"] += 1
            if due is not None:
                late, early = finished > due, finished.date() < due.date()
                how = "late" if late else "early" if early else "on_time"
                counts[dossier.deciding_unit, finished.date(), f"resolved_{how}"] += 1
            if getattr(dossier, "undated_list", False):
                ways = ("early", "on_time", "late")
                untold |= {
                    (dossier.deciding_unit, finished.date(), f"resolved_{how}") for how in ways
                }
        if dossier.state in OPEN:
            counts[dossier.deciding_unit, moment.date(), "open"] += 1
            if due is not None:
                term = "open_in_term" if due >= moment else "open_overdue"
                counts[dossier.deciding_unit, moment.date(), term] += 1
        if dossier.state in PAUSED:
            counts[dossier.deciding_unit, moment.date(), "paused"] += 1
    for key in untold:
        del counts[key]
    return +counts


def stored(engine: Engine) -> Counter[tuple[str, date, str]]:
    frame = exports.fetch_dossier_counts(engine, "51", date(2020, 1, 1), date(2030, 1, 1))
    assert (frame["period_from"] == frame["period_to"]).all()
    counts: Counter[tuple[str, date, str]] = Counter()
    for row in frame.to_dict("records"):
        for name in (*FLOWS, *STOCKS):
            if row[name] == row[name]:
                counts[row["commune_code"], row["period_from"].date(), name] += int(row[name])
    return +counts


def read(folder: Path, *rows: list[Any], name: str = "ho_so", head: str = "") -> Batch:
    grid = table(*rows)
    grid[0] = [head or grid[0][0]]
    return sources.read_file(save_csv(folder / f"{name}.csv", grid), province="51", today=TODAY)


def total(engine: Engine, name: str, day: date | None = None) -> int:
    return sum(
        value
        for (_, on, what), value in stored(engine).items()
        if what == name and day in (None, on)
    )


def test_the_samples_dossiers_add_up_to_its_days(engine: Engine, shared: Path) -> None:
    batch = sources.read_file(shared / "samples" / NAME, as_of=date(2026, 11, 13), today=TODAY)
    saved = store.save_batch(engine, batch, by="test")
    assert saved.written["dossier"] == 3_000
    truth = json.loads((shared / "samples" / "expected.json").read_text(encoding="utf-8"))[NAME][
        "dossiers"
    ]
    states = {
        "Đã xử lý xong": 9,
        "Đã trả kết quả": 10,
        "Đang xử lý": 4,
        "Yêu cầu bổ sung giấy tờ": 5,
        "Công dân yêu cầu rút hồ sơ": 7,
    }
    channels = {"Trực tuyến": "online", "Trực tiếp": "in_person", "BCCI": "post"}
    expected = pd.DataFrame(
        {
            "deciding_unit": dossier["commune"],
            "received_at": datetime.fromisoformat(dossier["received"]),
            "due": datetime.fromisoformat(dossier["due"]),
            "finished_at": datetime.fromisoformat(dossier["finished"])
            if dossier["finished"]
            else None,
            "state": states[dossier["state"]],
            "channel": channels[dossier["channel"]],
        }
        for dossier in truth.values()
    )
    assert stored(engine) == slow_twin(expected, datetime(2026, 11, 13))


def test_a_later_list_updates_states_and_leaves_the_others_of_the_day(
    engine: Engine, tmp_path: Path
) -> None:
    first = [line(number, unit="Sơn Hạ") for number in range(1, 6)]
    store.save_batch(engine, read(tmp_path, *first), by="test")
    assert (total(engine, "received"), total(engine, "open"), total(engine, "resolved")) == (
        5,
        5,
        0,
    )
    changed = line(2, unit="Sơn Hạ", state="Đã trả kết quả", finished="12/11/2026 10:00:00")
    later = "DANH SÁCH HỒ SƠ tính đến 17h ngày 14/11/2026"
    store.save_batch(engine, read(tmp_path, changed, name="sau", head=later), by="test")
    assert (total(engine, "received"), total(engine, "resolved_late", date(2026, 11, 12))) == (5, 1)
    assert total(engine, "open", date(2026, 11, 14)) == 4
    assert total(engine, "open", LAST.date()) == 5, "what was told of an earlier day stays told"


def test_an_older_as_of_does_not_take_the_stock_back(engine: Engine, tmp_path: Path) -> None:
    store.save_batch(engine, read(tmp_path, line(1), line(2)), by="test")
    earlier = "DANH SÁCH HỒ SƠ tính đến 17h ngày 01/11/2026"
    changed = line(1, state="Đã trả kết quả", finished="12/10/2026 10:00:00")
    store.save_batch(engine, read(tmp_path, changed, name="sau", head=earlier), by="test")
    assert total(engine, "open", LAST.date()) == 1


def test_a_day_without_dossiers_any_more_is_zero_not_its_old_count(
    engine: Engine, tmp_path: Path
) -> None:
    done = {"state": "Đã trả kết quả"}
    store.save_batch(
        engine, read(tmp_path, line(1, finished="09/10/2026 10:00:00", **done)), by="test"
    )
    store.save_batch(
        engine,
        read(tmp_path, line(1, finished="10/10/2026 10:00:00", **done), name="sau"),
        by="test",
    )
    assert (
        total(engine, "resolved", date(2026, 10, 9)),
        total(engine, "resolved", date(2026, 10, 10)),
    ) == (0, 1)
    elsewhere = line(1, unit="Sơn Hà", finished="10/10/2026 10:00:00", **done)
    store.save_batch(engine, read(tmp_path, elsewhere, name="sau nữa"), by="test")
    assert (total(engine, "received"), total(engine, "resolved")) == (1, 1)


def test_what_became_overdue_untouched_leaves_the_national_index(
    engine: Engine, tmp_path: Path
) -> None:
    store.save_batch(engine, read(tmp_path, line(1, due="20/11/2026 09:00:00"), line(2)), by="test")
    assert total(engine, "on_time_766") == 1
    later = "DANH SÁCH HỒ SƠ tính đến 17h ngày 21/11/2026"
    store.save_batch(
        engine, read(tmp_path, line(3, received="20/11/2026"), name="sau", head=later), by="test"
    )
    assert (total(engine, "on_time_766"), total(engine, "open_overdue", date(2026, 11, 21))) == (
        0,
        3,
    )


def test_a_finish_after_the_lists_own_day_is_told_of_no_day(engine: Engine, tmp_path: Path) -> None:
    finished = {"state": "Đã trả kết quả", "finished": "20/11/2026 10:00:00"}
    head = "DANH SÁCH HỒ SƠ tính đến 17h ngày 14/11/2026"
    store.save_batch(engine, read(tmp_path, line(1, **finished), line(2), head=head), by="test")
    assert (total(engine, "received"), total(engine, "resolved"), total(engine, "open")) == (
        2,
        0,
        1,
    )
    opened = fetch_open_dossiers(engine, "51", date(2026, 11, 14))
    assert opened["dossiers"].sum() == 1, "as the day's stock says"


def test_days_after_the_newest_reception_tell_nothing_of_receptions(
    engine: Engine, tmp_path: Path
) -> None:
    """A list that ends its receptions on the 8th and still finishes on the 10th does not say that
    nobody came.
    """
    done = {"state": "Đã trả kết quả", "finished": "10/10/2026 10:00:00"}
    store.save_batch(engine, read(tmp_path, line(1, **done), line(2)), by="test")
    frame = exports.fetch_dossier_counts(
        engine, "51", date(2026, 10, 1), date(2026, 10, 31)
    ).set_index("period_from")
    assert frame.loc["2026-10-08", "received"] == 2
    assert (frame.loc["2026-10-10", "resolved"], pd.isna(frame.loc["2026-10-10", "received"])) == (
        1,
        True,
    )


def test_lists_taken_back_no_longer_count(engine: Engine, tmp_path: Path) -> None:
    store.save_batch(engine, read(tmp_path, line(1), line(2)), by="test")
    before = stored(engine)
    changed = line(1, state="Đã trả kết quả", finished="12/11/2026 10:00:00")
    saved = store.save_batch(engine, read(tmp_path, changed, line(3), name="sau"), by="test")
    assert stored(engine) != before
    store.undo_batch(engine, saved.batch_id, by="test")
    assert stored(engine) == before


def test_a_learned_agency_code_is_its_commune_and_another_a_department(
    engine: Engine, tmp_path: Path
) -> None:
    learned = making.agencies([("H48.113", "UBND xã Sơn Hạ", "commune", "21334")])
    store.save_batch(engine, making.batch("danh ba", agencies=learned), by="test")
    store.save_batch(
        engine, read(tmp_path, line(1, unit="H48.113"), line(2, unit="H48.15"), line(3)), by="test"
    )
    with engine.connect() as connection:
        units = connection.scalars(
            select(schema.dossier.c.accepting_unit).order_by(schema.dossier.c.code)
        ).all()
        level = connection.scalar(select(schema.unit.c.level).where(schema.unit.c.code == "H48.15"))
    assert units[:2] == ["21334", "H48.15"]
    assert level == "department"


def test_a_dossier_is_stored_as_it_was_read(engine: Engine, tmp_path: Path) -> None:
    store.save_batch(
        engine,
        read(tmp_path, line(1, finished="12/11/2026 10:00:01", state="Đã trả kết quả")),
        by="test",
    )
    with engine.connect() as connection:
        row = connection.execute(select(schema.dossier)).one()
        assert connection.scalar(select(func.count()).select_from(schema.dossier)) == 1
    assert row.received_at == datetime(2026, 10, 8, 9, 15)
    assert row.finished_at == datetime(2026, 11, 12, 10, 0, 1)
    assert (row.procedure_code, row.state, row.channel, row.digitised) == (
        "2.000815",
        10,
        "online",
        None,
    )


def test_no_person_of_a_list_is_anywhere_after_the_import(
    tmp_path: Path, shared: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    sample = shared / "samples" / NAME
    wrong = table(*(line(number) for number in range(1, 20)))
    for number, column in enumerate([1, 2, *range(7, 13)], start=2):
        wrong[number][column] = PERSON[number % len(PERSON)]
    monkeypatch.setenv("DASHBOARD_DATABASE_URL", f"sqlite:///{tmp_path / 'store.sqlite'}")
    monkeypatch.setenv("DASHBOARD_TODAY", TODAY.isoformat())
    store.prepare_store(f"sqlite:///{tmp_path / 'store.sqlite'}").dispose()
    assert __main__.main(["import", str(sample)]) == 0
    __main__.main(["import", "--province", "51", str(save_csv(tmp_path / "sai.csv", wrong))])
    for what in ("problems", "batches"):
        __main__.main(["export", what, "--province", "51"])
    said = "".join(capfd.readouterr())
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("store.sqlite*")).decode(
        "utf-8", "replace"
    )
    runs = re.findall(r"\d{10,}", kept + said)
    numbers = {
        run[start : start + size]
        for run in runs
        for size in (10, 12)
        for start in range(len(run) - size + 1)
    }
    persons = [
        row.split(";")[4:6] for row in sample.read_text(encoding="utf-8-sig").splitlines()[1:]
    ]
    assert not numbers & {number for person in persons for number in person}
    assert not [secret for secret in (*SECRETS, "NGƯỜI NỘP") if secret in kept or secret in said]


def test_a_resolved_dossier_without_a_finish_day_is_on_neither_side_of_a_rate(
    engine: Engine, tmp_path: Path
) -> None:
    lines = ["Mã hồ sơ;Đơn vị tiếp nhận;Ngày tiếp nhận;Ngày hẹn trả;Ngày kết thúc xử lý;Trạng thái"]
    for number, (day, finished) in enumerate(
        (("05", "06"), ("05", ""), ("06", "09"), ("06", "10"))
    ):
        written = f"{finished}/11/2026 09:00" if finished else ""
        lines.append(
            f"H48.113-2611{day}-{number:04d};Xã Nghĩa Giang;{day}/11/2026 08:00;"
            f"12/11/2026 17:00;{written};Đã trả kết quả"
        )
    file = tmp_path / "ho_so.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    batch = sources.read_file(file, province="51", as_of=date(2026, 11, 13), today=TODAY)
    assert any("không ghi ngày kết thúc" in problem.message for problem in batch.problems)
    store.save_batch(engine, batch, by="test")
    frame = exports.fetch_dossier_counts(engine, "51", date(2020, 1, 1), date(2030, 1, 1))
    counts = frame.set_index(frame["period_from"].dt.date)
    first, second = date(2026, 11, 5), date(2026, 11, 6)
    assert counts.loc[first, ["received", "on_time_766", "no_finish_day"]].tolist() == [2, 1, 1]
    assert counts.loc[second, ["received", "on_time_766", "no_finish_day"]].tolist() == [2, 2, 0]


def test_a_dossier_without_a_due_day_is_neither_in_time_nor_late(
    engine: Engine, tmp_path: Path
) -> None:
    """It stands beside the others of its day, so that they keep their share in time."""
    rows = [
        ["H48.113-261105-0001", "05/11/2026 08:00", "06/11/2026 09:00", "Đã trả kết quả", ""],
        ["H48.113-261105-0002", "05/11/2026 08:00", "", "Đang xử lý", ""],
        ["H48.113-261106-0003", "06/11/2026 08:00", "06/11/2026 09:00", "Đã trả kết quả", "09/11"],
    ]
    lines = [
        "Mã hồ sơ;Mã ĐVHC tiếp nhận;Đơn vị tiếp nhận;Ngày tiếp nhận;Ngày hẹn trả;"
        "Ngày kết thúc xử lý;Trạng thái"
    ]
    for code, received, finished, state, due in rows:
        due_day = f"{due}/2026 17:00" if due else ""
        lines.append(f"{code};21250;Xã Nghĩa Giang;{received};{due_day};{finished};{state}")
    file = tmp_path / "ho_so.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    batch = sources.read_file(file, province="51", as_of=date(2026, 11, 13), today=TODAY)
    store.save_batch(engine, batch, by="test")
    frame = exports.fetch_dossier_counts(engine, "51", date(2020, 1, 1), date(2030, 1, 1))
    counts = frame.set_index(frame["period_from"].dt.date)
    first, second = date(2026, 11, 5), date(2026, 11, 6)
    assert counts.loc[first, ["received", "on_time_766", "no_due_day"]].tolist() == [2, 0, 2]
    assert counts.loc[second, ["received", "on_time_766", "no_due_day"]].tolist() == [1, 1, 0]
    outcomes = ["resolved", "resolved_early", "resolved_on_time", "resolved_late"]
    assert counts.loc[second, outcomes].tolist() == [2, 1, 0, 0]
    assert counts["open"].sum() == 1
    assert counts["open_in_term"].sum() + counts["open_overdue"].sum() == 0


def test_a_list_that_lacks_most_finish_days_tells_nothing_of_what_was_in_time(
    engine: Engine, tmp_path: Path
) -> None:
    """Half is not most; another list of the province goes on telling."""
    done = {"state": "Đã trả kết quả", "due": "30/10/2026 17:00:00"}
    dated = {**done, "finished": "12/10/2026 10:00:00"}
    for unit, numbers in (("Sơn Hà", (1, 2, 3)), ("Sơn Hạ", (4, 5))):
        rows = [line(number, unit=unit, **done) for number in numbers[:-1]]
        rows.append(line(numbers[-1], unit=unit, **dated))
        store.save_batch(engine, read(tmp_path, *rows, name=unit), by="test")
    frame = exports.fetch_dossier_counts(engine, "51", date(2020, 1, 1), date(2030, 1, 1))
    sums = frame.groupby("commune_code")[["received", "resolved", "no_finish_day"]].sum()
    assert sums.to_numpy().tolist() == [[3, 1, 2], [2, 1, 1]]
    first, second = (rows for _, rows in frame.groupby("commune_code"))
    assert first["on_time_766"].isna().all()
    assert first.loc[first["resolved"] > 0, "resolved_early"].isna().all()
    assert second[["on_time_766", "resolved_early"]].sum().tolist() == [1, 1]


def test_resolved_on_unknown_days_is_not_nought_resolved(engine: Engine, tmp_path: Path) -> None:
    """Of a list without any finish day; where other units have theirs, one that lacks it is a
    slip."""
    done = {"state": "Đã trả kết quả", "due": "30/10/2026 17:00:00", "finished": ""}
    endless = [line(1, unit="Sơn Hà", **done), line(2, unit="Sơn Hà", state="Đang xử lý")]
    dated = line(3, unit="Sơn Hạ", **{**done, "finished": "12/10/2026 10:00:00"})
    slip = line(4, unit="Sơn Linh", **done)
    for name, rows in (("endless", endless), ("others", [dated, slip])):
        store.save_batch(engine, read(tmp_path, *rows, name=name), by="test")
    frame = exports.fetch_dossier_counts(engine, "51", date(2020, 1, 1), date(2030, 1, 1))
    first, second, third = (rows for _, rows in frame.groupby("commune_code"))
    outcomes = ["resolved", "resolved_early", "resolved_on_time", "resolved_late"]
    assert first[outcomes].isna().all(axis=None)
    assert first["received"].sum() == 2
    assert second[outcomes].sum().tolist() == [1, 1, 0, 0]
    assert third["resolved"].tolist() == [0]


def test_a_channel_that_cannot_be_read_is_not_in_person(engine: Engine, tmp_path: Path) -> None:
    """A blank one is; of a day with an unreadable one no channel is told."""
    rows = [
        line(1, unit="Sơn Hà", channel="Hệ thống khác"),
        line(2, unit="Sơn Hà", channel="Trực tuyến"),
        line(3, unit="Sơn Hạ", channel=""),
        line(4, unit="Sơn Hạ", channel="VNeID"),
    ]
    store.save_batch(engine, read(tmp_path, *rows), by="test")
    frame = exports.fetch_dossier_counts(engine, "51", date(2020, 1, 1), date(2030, 1, 1))
    frame = frame[frame["received"] > 0]
    channels = ["received_online", "received_in_person", "received_post"]
    unread, blank = (rows for _, rows in frame.groupby("commune_code"))
    assert unread[channels].isna().all(axis=None)
    assert unread["received"].sum() == 2
    assert blank[channels].sum().tolist() == [1, 1, 0]


moments = st.integers(0, 20 * 24).map(lambda hour: datetime(2026, 10, 1) + timedelta(hours=hour))
dossiers_drawn = st.lists(
    st.tuples(
        st.sampled_from(["21289", "21334"]),
        moments,
        st.one_of(st.none(), moments),
        st.one_of(st.none(), moments),
        st.sampled_from([2, 4, 5, 7, 9, 10]),
    ),
    min_size=1,
    max_size=12,
)


@pytest.fixture(scope="module")
def own_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = store.prepare_store(f"sqlite:///{tmp_path_factory.mktemp('walk')}/store.sqlite")
    yield engine
    engine.dispose()


@settings(max_examples=12, deadline=None)
@given(lists=st.lists(dossiers_drawn, min_size=1, max_size=3))
def test_counts_of_days_agree_with_a_walk_over_the_dossiers(
    own_store: Engine,
    lists: list[list[tuple[Any, ...]]],
) -> None:
    """Lists of different communes and dossiers, with and without days, one after the other."""
    with own_store.begin() as connection:
        for table in (schema.dossier_count, schema.dossier, schema.import_batch):
            connection.execute(table.delete())
    heads = ["deciding_unit", "received_at", "due", "finished_at", "state"]
    moment = datetime(2026, 11, 13)
    frames = []
    for number, drawn in enumerate(lists):
        listed = pd.DataFrame(drawn, columns=heads)
        for name in ("received_at", "due", "finished_at"):
            listed[name] = pd.to_datetime(listed[name])
        listed["code"] = [f"H48.{number}-{dossier_number}" for dossier_number in range(len(listed))]
        singles = listed.assign(accepting_unit=listed["deciding_unit"], channel="online")
        singles = singles.assign(procedure_code=None, field=None, digitised=None)[SINGLE_COLUMNS]
        batch = making.batch(f"list {number}", singles=[singles], as_of=moment)
        store.save_batch(own_store, batch, by="test")
        resolved = listed[listed["state"].isin(RESOLVED)]
        undated = 2 * int(resolved["finished_at"].isna().sum()) > len(resolved)
        frames.append(listed.assign(undated_list=undated, channel="online"))
    dossiers = pd.concat(frames)
    assert stored(own_store) == slow_twin(dossiers, moment)
