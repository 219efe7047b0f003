"""Single dossiers as groups, on SQLite and PostgreSQL: open, finished and received as their newest
list tells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from dashboard import store
from dashboard.batch import SINGLE_COLUMNS
from dashboard.store import dossiers, exports
from dashboard.store.read import fetch_frame
from tests import making

SON_HA, SON_HA_LOW, OFFICE = "21289", "21334", "H48.15"
EVER = date(2020, 1, 1), date(2030, 1, 1)
RESOLVED_STATES = (7, 9, 10)
OPEN_STATES = (2, 4)
PAUSED_STATES = (5, 6, 8)
Row = dict[str, Any]


def one(
    code: str, received: str | None = "2026-10-08 09:15", state: int | None = 4, **changed: Any
) -> Row:
    """A dossier; what is not told is the plainest."""
    moments = {name: changed.pop(name, None) for name in ("due", "finished")}
    row = {
        "code": code,
        "procedure_code": None,
        "field": None,
        "accepting_unit": SON_HA,
        "deciding_unit": None,
        "state": state,
    }
    row |= {"received_at": received, "due": moments["due"], "finished_at": moments["finished"]}
    return row | {"channel": None, "digitised": None} | changed


def save(
    engine: Engine, name: str, *rows: Row, as_of: datetime = datetime(2026, 11, 13, 17), **more: Any
) -> int:
    frame = pd.DataFrame(list(rows), columns=SINGLE_COLUMNS)
    for column in ("received_at", "due", "finished_at"):
        frame[column] = pd.to_datetime(frame[column], format="ISO8601").astype("datetime64[s]")
    frame["state"] = frame["state"].astype("Int64")
    listed = making.batch(name, file_kind="dossier_list", as_of=as_of, singles=[frame], **more)
    return store.save_batch(engine, listed, by="test").batch_id


def counted(frame: pd.DataFrame) -> Counter[tuple[Any, ...]]:
    """The rows of a frame as keys, days as text, with their dossiers."""
    assert not frame.duplicated(
        [name for name in frame if name not in ("dossiers", "told_at")]
    ).any()
    names = [name for name in frame if name not in ("dossiers", "told_at", "is_overdue")]
    keys = (tuple(str(cell)[:10] for cell in row) for row in frame[names].itertuples(index=False))
    sums: Counter[tuple[Any, ...]] = Counter()
    for key, dossiers_of_row in zip(keys, frame["dossiers"], strict=True):
        sums[key] += dossiers_of_row
    return sums


def opened(engine: Engine, day: date, **more: Any) -> Counter[tuple[Any, ...]]:
    return counted(dossiers.fetch_open_dossiers(engine, "51", day, **more))


def test_a_dossier_is_open_from_its_reception_until_its_finish(engine: Engine) -> None:
    done = one(
        "a", "2026-10-08 23:59:59", 10, due="2026-10-20 09:00", finished="2026-10-15 00:00:00"
    )
    save(engine, "list", done)
    row = (SON_HA, "2026-10-08", "2026-10-20", "open")
    open_on = {day: opened(engine, date(2026, 10, day)) for day in (7, 8, 14, 15)}
    assert open_on == {7: Counter(), 8: Counter({row: 1}), 14: Counter({row: 1}), 15: Counter()}


def test_alike_dossiers_are_one_row_and_paused_ones_stand_apart(engine: Engine) -> None:
    rows = [
        one("a"),
        one("b", "2026-10-08 16:00"),
        one("c", state=5),
        one("d", due="2026-10-20"),
        one("e", state=2),
    ]
    save(engine, "list", *rows)
    assert opened(engine, date(2026, 11, 1)) == {
        (SON_HA, "2026-10-08", "NaT", "open"): 3,
        (SON_HA, "2026-10-08", "NaT", "paused"): 1,
        (SON_HA, "2026-10-08", "2026-10-20", "open"): 1,
    }


def test_what_was_never_received_or_finished_nobody_knows_when_is_not_open(engine: Engine) -> None:
    save(
        engine,
        "list",
        one("a", state=1),
        one("b", state=3),
        one("c", state=None),
        one("d", state=10),
        one("e", None),
    )
    assert not opened(engine, date(2026, 11, 1))
    assert dossiers.fetch_received_dossiers(engine, "51", *EVER).empty
    assert dossiers.fetch_finished_dossiers(engine, "51", *EVER).empty


def test_the_deciding_unit_answers_and_departments_stand_apart(engine: Engine) -> None:
    decided = one("a", deciding_unit=SON_HA_LOW, accepting_unit=SON_HA)
    save(engine, "list", decided, one("b", deciding_unit=OFFICE), one("c", accepting_unit=None))
    day = date(2026, 11, 1)
    assert [key[0] for key in opened(engine, day)] == [SON_HA_LOW]
    assert [key[0] for key in opened(engine, day, level="department")] == [OFFICE]
    assert dossiers.fetch_received_dossiers(engine, "51", *EVER)["dossiers"].sum() == 1


def test_the_newest_list_tells_and_a_list_taken_back_does_not(engine: Engine) -> None:
    save(engine, "first", one("a"), one("b"))
    later = datetime(2026, 11, 20, 17)
    batch = save(engine, "later", one("a", state=10, finished="2026-11-18 10:00"), as_of=later)
    day = date(2026, 11, 19)
    assert sum(opened(engine, day).values()) == 1
    assert dossiers.fetch_open_dossiers(engine, "51", day)["told_at"].tolist() == [
        pd.Timestamp(later)
    ]
    store.undo_batch(engine, batch, by="test")
    assert sum(opened(engine, day).values()) == 2
    assert dossiers.fetch_list_moment(engine, "51") == datetime(2026, 11, 13, 17)


def test_a_list_where_all_is_done_is_not_the_same_as_no_list(engine: Engine) -> None:
    assert dossiers.fetch_list_moment(engine, "51") is None
    empty = dossiers.fetch_open_dossiers(engine, "51", date(2026, 11, 1))
    save(engine, "list", one("a", state=10, finished="2026-10-09 10:00"))
    assert dossiers.fetch_list_moment(engine, "51") == datetime(2026, 11, 13, 17)
    assert dossiers.fetch_list_moment(engine, "52") is None, (
        "nor does one province's list speak for another"
    )
    done = dossiers.fetch_open_dossiers(engine, "51", date(2026, 11, 1))
    assert len(done) == 0
    pd.testing.assert_frame_equal(done, empty)


def test_finished_and_received_are_those_of_the_days_asked_for(engine: Engine) -> None:
    finished = [
        f"2026-10-{day} {clock}"
        for day, clock in ((9, "23:59:59"), (10, "00:00"), (12, "23:59:59"), (13, "00:00"))
    ]
    finished = [moment.replace("-9 ", "-09 ") for moment in finished]
    save(
        engine, "list", *(one(moment, state=9, finished=moment) for moment in finished), one("open")
    )
    first, last = date(2026, 10, 10), date(2026, 10, 12)
    counted_dossiers = counted(dossiers.fetch_finished_dossiers(engine, "51", first, last))
    assert counted_dossiers == {
        (SON_HA, "2026-10-08", f"2026-10-{day}", "NaT"): 1 for day in (10, 12)
    }
    assert dossiers.fetch_received_dossiers(engine, "51", first, last).empty
    received = counted(
        dossiers.fetch_received_dossiers(engine, "51", date(2026, 10, 8), date(2026, 10, 8))
    )
    assert received[("2026-10-08", "NaT")] == 1
    assert sum(received.values()) == 5


_MOMENTS = st.sampled_from(
    [None, "2026-10-07 08:00:00", "2026-10-08 00:00:00", "2026-10-09 23:59:59"]
)
_DOSSIERS = st.builds(
    one,
    st.sampled_from("abcdef"),
    _MOMENTS,
    st.sampled_from([None, *range(1, 11)]),
    due=_MOMENTS,
    finished=_MOMENTS,
    deciding_unit=st.sampled_from([None, SON_HA, SON_HA_LOW]),
)
_LIST = st.lists(_DOSSIERS, min_size=1, max_size=6, unique_by=lambda row: row["code"])
_LISTS = st.lists(_LIST, min_size=1, max_size=3)


def slow_twin(lists: list[list[Row]], day: str) -> dict[str, Counter[tuple[Any, ...]]]:
    """Dossier by dossier as a person would go through the newest list that names it."""
    newest = {row["code"]: row for rows in lists for row in rows}
    counts: dict[str, Counter[tuple[Any, ...]]] = {
        "open": Counter(),
        "finished": Counter(),
        "received": Counter(),
    }
    for row in newest.values():
        unit, state = row["deciding_unit"] or row["accepting_unit"], row["state"]
        on = {name: (row[name] or "NaT")[:10] for name in ("received_at", "due", "finished_at")}
        if row["received_at"] is None or state in (None, 1, 3):
            continue
        is_done = state in RESOLVED_STATES
        if on["received_at"] <= day and (
            not is_done or (row["finished_at"] is not None and on["finished_at"] > day)
        ):
            assert is_done or state in OPEN_STATES + PAUSED_STATES
            group = "paused" if state in PAUSED_STATES else "open"
            counts["open"][unit, on["received_at"], on["due"], group] += 1
        if is_done and on["finished_at"] == day:
            counts["finished"][unit, on["received_at"], day, on["due"]] += 1
        if on["received_at"] == day and not (is_done and row["finished_at"] is None):
            counts["received"][unit, day, on["finished_at"] if is_done else "NaT"] += 1
    return counts


@pytest.fixture(scope="module")
def emptied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A store whose lists every example takes back."""
    opened = store.prepare_store(f"sqlite:///{tmp_path_factory.mktemp('twin') / 'store.sqlite'}")
    yield opened
    opened.dispose()


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lists=_LISTS, day=st.sampled_from(["2026-10-07", "2026-10-08", "2026-10-09"]))
def test_groups_agree_with_going_through_dossier_by_dossier(
    emptied: Engine, lists: list[list[Row]], day: str
) -> None:
    batches = [save(emptied, f"{number}", *rows) for number, rows in enumerate(lists)]
    day_asked = date.fromisoformat(day)
    expected = slow_twin(lists, day)
    try:
        assert opened(emptied, day_asked) == expected["open"]
        assert (
            counted(dossiers.fetch_finished_dossiers(emptied, "51", day_asked, day_asked))
            == expected["finished"]
        )
        assert (
            counted(
                dossiers.fetch_received_dossiers(emptied, "51", day_asked, day_asked, per_unit=True)
            )
            == expected["received"]
        )
        together = counted(dossiers.fetch_received_dossiers(emptied, "51", day_asked, day_asked))
        assert sum(together.values()) == sum(expected["received"].values())
    finally:
        for batch in batches:
            store.undo_batch(emptied, batch, by="test")


def test_the_groups_are_the_dossiers_of_the_view_and_of_the_day_counts(engine: Engine) -> None:
    first = [
        one(f"{number}", state=number % 11 or None, due="2026-11-13 17:00") for number in range(40)
    ]
    save(engine, "first", *first)
    save(engine, "later", *(one(f"{number}", state=4 + number % 3) for number in range(12, 25)))
    frame = fetch_frame(
        engine, "SELECT state, COUNT(*) AS dossiers FROM current_dossier GROUP BY state"
    ).set_index("state")
    states = frame["dossiers"].reindex(range(1, 11), fill_value=0)
    day = date(2026, 11, 13)
    groups = (
        dossiers.fetch_open_dossiers(engine, "51", day).groupby("state_group")["dossiers"].sum()
    )
    assert groups["open"] == states[list(OPEN_STATES)].sum()
    assert groups["paused"] == states[list(PAUSED_STATES)].sum()
    counts = exports.fetch_dossier_counts(engine, "51", day, day)
    assert (groups["open"], groups["paused"]) == (counts["open"].sum(), counts["paused"].sum())


def test_open_dossiers_are_overdue_by_the_moment_of_their_list_and_never_by_a_later_day(
    engine: Engine,
) -> None:
    morning = one("a", due="2026-11-13 09:00")
    evening = one("b", due="2026-11-13 18:00")
    next_week = one("c", due="2026-11-20 09:00")
    save(engine, "list", morning, evening, next_week)

    def overdue(day: date) -> int:
        frame = dossiers.fetch_open_dossiers(engine, "51", day)
        return int((frame["is_overdue"] * frame["dossiers"]).sum())

    assert overdue(date(2026, 11, 28)) == 1, "the list of 13/11, 17:00, knows nothing of 20/11"
    assert overdue(date(2026, 11, 12)) == 0


def test_what_is_resolved_nobody_knows_when_is_told_apart(engine: Engine) -> None:
    without_day = one("a", state=10)
    after_the_list = one("b", state=9, finished="2026-11-20 10:00")
    finished = one("c", state=10, finished="2026-10-12 10:00")
    save(engine, "list", without_day, after_the_list, finished, one("d"))
    first, last = date(2026, 10, 1), date(2026, 10, 31)
    ends = dossiers.count_listed_ends(engine, "51", first, last)
    assert ends is not None
    assert ends.set_index("unit").loc[SON_HA].to_dict() == {
        "open_before": 0,
        "open_after": 1,
        "undated": 2,
    }
    later = dossiers.count_listed_ends(engine, "51", date(2026, 10, 9), last)
    assert later is not None
    assert later["undated"].sum() == 0


def walk_ends(lists: list[list[Row]], first: date, last: date) -> dict[str, dict[str, int]]:
    """Of each unit with any: open on the eve of the days and on their last evening, dossier by
    dossier, and resolved without a finish.
    """
    sums: dict[str, dict[str, int]] = {}

    def add(unit: str, column: str, number: int) -> None:
        zeros = dict.fromkeys(("open_before", "open_after", "undated"), 0)
        sums.setdefault(unit, zeros)[column] += number

    for column, day in (("open_before", first - timedelta(days=1)), ("open_after", last)):
        for (unit, *_), number in slow_twin(lists, day.isoformat())["open"].items():
            add(unit, column, number)
    newest = {row["code"]: row for rows in lists for row in rows}
    for row in newest.values():
        is_undated = row["state"] in RESOLVED_STATES and row["finished_at"] is None
        if is_undated and first.isoformat() <= (row["received_at"] or "")[:10] <= last.isoformat():
            add(row["deciding_unit"] or row["accepting_unit"], "undated", 1)
    return sums


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lists=_LISTS, days=st.integers(0, 2))
def test_ends_of_a_period_agree_with_going_through_dossier_by_dossier(
    emptied: Engine, lists: list[list[Row]], days: int
) -> None:
    batches = [save(emptied, f"{number}", *rows) for number, rows in enumerate(lists)]
    first = date(2026, 10, 7)
    last = first + timedelta(days=days)
    try:
        ends = dossiers.count_listed_ends(emptied, "51", first, last)
        assert ends is not None
        of_units = ends.set_index("unit")
        some = of_units[(of_units > 0).any(axis=1)]
        assert some.astype(int).to_dict("index") == walk_ends(lists, first, last)
    finally:
        for batch in batches:
            store.undo_batch(emptied, batch, by="test")
    assert dossiers.count_listed_ends(emptied, "51", first, last) is None


_FIELD_NAMES = ["Đất đai", "đất đai", "Hộ tịch", "Chứng thực", None]
_FIELD_LISTS = st.lists(
    st.lists(
        st.builds(
            one,
            st.sampled_from("abcdefgh"),
            st.sampled_from([None, "2026-10-07 08:00", "2026-10-08 23:59:59"]),
            st.sampled_from([None, 1, 3, 4, 5, 7, 10]),
            due=st.sampled_from([None, "2026-10-09 08:00", "2026-12-09 08:00"]),
            finished=st.sampled_from([None, "2026-10-09 09:00"]),
            deciding_unit=st.sampled_from([None, SON_HA_LOW, OFFICE]),
            procedure_code=st.sampled_from(["1.000656", "2.000815", None]),
            field=st.sampled_from(_FIELD_NAMES),
        ),
        min_size=1,
        max_size=8,
        unique_by=lambda row: row["code"],
    ),
    min_size=1,
    max_size=3,
)
_LATE_COUNTS = ("received", "resolved", "resolved_late", "open", "open_overdue")


def walk_late(lists: list[list[Row]], column: str, day: str) -> dict[Any, dict[str, int]]:
    """Per value of a column what was received on `day`, dossier by dossier."""
    newest = {row["code"]: row for rows in lists for row in rows}
    by_value: dict[Any, dict[str, int]] = {}
    for row in newest.values():
        if (row["received_at"] or "")[:10] != day or row["state"] in (None, 1, 3):
            continue
        name = row[column] and row[column].casefold()
        sums = by_value.setdefault(name, dict.fromkeys(_LATE_COUNTS, 0))
        due, finished = row["due"], row["finished_at"]
        sums["received"] += 1
        if row["state"] in RESOLVED_STATES:
            sums["resolved"] += 1
            sums["resolved_late"] += bool(due and finished and finished > due)
        elif row["state"] in OPEN_STATES:
            sums["open"] += 1
            sums["open_overdue"] += bool(due and due < "2026-11-13 17:00")
    return by_value


def by_name(frame: pd.DataFrame, column: str) -> dict[Any, dict[str, int]]:
    assert frame["late"].tolist() == sorted(frame["late"], reverse=True)
    return {
        None if pd.isna(row[column]) else row[column].casefold(): {
            name: int(row[name]) for name in _LATE_COUNTS
        }
        for row in frame.to_dict("records")
    }


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lists=_FIELD_LISTS, day=st.sampled_from(["2026-10-07", "2026-10-08"]))
def test_fields_and_procedures_agree_with_going_through_dossier_by_dossier(
    emptied: Engine, lists: list[list[Row]], day: str
) -> None:
    batches = [save(emptied, f"{number}", *rows) for number, rows in enumerate(lists)]
    day_asked = date.fromisoformat(day)
    try:
        fields = dossiers.fetch_fields(emptied, "51", day_asked, day_asked)
        expected = walk_late(lists, "field", day)
        assert by_name(fields, "field") == (expected if set(expected) - {None} else {})
        procedures = dossiers.fetch_procedures(emptied, "51", day_asked, day_asked)
        assert by_name(procedures, "procedure_code") == walk_late(lists, "procedure_code", day)
    finally:
        for batch in batches:
            store.undo_batch(emptied, batch, by="test")


def test_a_field_is_named_as_the_first_list_did_and_the_latest_comes_first(engine: Engine) -> None:
    save(engine, "first", one("a", field="Hộ tịch"), one("b", field="Đất đai"))
    late: dict[str, Any] = {"field": "HỘ TỊCH", "due": "2026-10-20 09:00"}
    save(engine, "later", one("c", **late), one("d", "2026-10-09", deciding_unit=OFFICE, **late))
    frame = dossiers.fetch_fields(engine, "51", *EVER)
    assert frame.columns.tolist() == dossiers.FIELD_COLUMNS
    assert frame.to_numpy().tolist() == [
        ["Hộ tịch", 3, 0, 0, 3, 2, 2],
        ["Đất đai", 1, 0, 0, 1, 0, 0],
    ]


def test_where_no_list_tells_fields_there_are_none(engine: Engine) -> None:
    assert dossiers.fetch_fields(engine, "51", *EVER).empty
    batch = save(engine, "told", one("a", field="Hộ tịch"))
    save(engine, "not told", one("b"))
    frame = dossiers.fetch_fields(engine, "51", *EVER)
    assert frame["field"].isna().tolist() == [False, True]
    store.undo_batch(engine, batch, by="test")
    frame = dossiers.fetch_fields(engine, "51", *EVER)
    assert frame.empty
    assert frame.columns.tolist() == dossiers.FIELD_COLUMNS
