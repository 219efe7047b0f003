"""Dossiers of a province: counts as their sources told them, and single dossiers as groups of alike
ones: what is open, what was finished, what became of what came in.

Each single dossier counts once, as the newest list tells it, for its deciding unit (else the
accepting one). Waiting for reception (1) and not received (3) never count, nor does a dossier
without a state or a day of reception.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Engine

from dashboard import text
from dashboard.batch import COUNTS
from dashboard.store.frames import fetch_columns
from dashboard.store.read import fetch_frame, read_query, select_newest_rows

# Dossier counts as their sources told them: every unit, kind of source and period of a province,
# in one question.

_COUNT_KEY = ["kind", "unit", "accepting_unit", "undecided", "period_from", "period_to"]
_UNIT_KEY = ["unit", "level", "kind", "period_from", "period_to"]
_LATE_COUNTS = ["received", "resolved", "resolved_late", "open", "open_overdue"]
PROCEDURE_COLUMNS = ["procedure_code", *_LATE_COUNTS, "late"]
FIELD_COLUMNS = ["field", *_LATE_COUNTS, "late"]
_NUMBER_COLUMNS = [*COUNTS, "mean_days"]
_LISTED_COUNTS = ", ".join(f"d.{name}" for name in COUNTS)


def fetch_count_rows(engine: Engine, province: str) -> pd.DataFrame:
    """Every row that a batch that counts told, of communes and departments (`level`).

    unit (who decides, else who accepted), accepting_unit, undecided (1.0: nobody is told to
    decide), level (commune|department), kind, period_from, period_to (datetime64, both inclusive),
    batch_id, COUNTS and mean_days (float, NaN: not told). Raises StoreUnavailable.
    """
    question = read_query("list_dossier_counts", counts=_LISTED_COUNTS)
    return _fetch_counts(engine, question, province)


def fetch_count_rows_beside(engine: Engine, province: str, after: int) -> pd.DataFrame:
    """Of `fetch_count_rows` those of units, periods and kinds of source of which any batch told
    that came after the number `after`: where older rows of them were kept, these stand instead.
    Raises StoreUnavailable.
    """
    question = read_query("list_dossier_counts_beside", counts=_LISTED_COUNTS)
    rows = _fetch_counts(engine, question, province, after=after)
    later_kinds = rows.loc[rows["batch_id"] > after, "kind"].unique()
    return rows[rows["kind"].isin(later_kinds)]


def _fetch_counts(engine: Engine, question: str, province: str, **values: int) -> pd.DataFrame:
    frame = fetch_columns(
        engine, question, {*_NUMBER_COLUMNS, "batch_id", "undecided"}, province=province, **values
    )
    departments = set(fetch_frame(engine, read_query("list_departments"))["code"])
    kinds = fetch_frame(engine, read_query("list_batch_kinds"), province=province).set_index("id")[
        "kind"
    ]
    batch, positions = np.unique(frame["batch_id"].to_numpy(dtype=np.int64), return_inverse=True)
    frame["batch_id"] = batch[positions]
    frame["kind"] = pd.Categorical(kinds.reindex(batch)).take(positions)
    frame["level"] = np.where(frame["unit"].isin(departments), "department", "commune")
    frame["level"] = frame["level"].astype("category")
    return frame


def fetch_department_names(engine: Engine) -> dict[str, str]:
    """The names of all units that are no commune, as their files write them. Raises
    StoreUnavailable.
    """
    frame = fetch_frame(engine, read_query("list_departments"))
    return dict(zip(frame["code"].astype(str), frame["name"].astype(str), strict=True))


def resolve_counts(count_rows: pd.DataFrame) -> pd.DataFrame:
    """Of `fetch_count_rows` one a unit, kind of source and period: unit, level, kind, period_from,
    period_to, COUNTS, mean_days.

    Of two files of one kind the later batch wins, as in the view current_dossier_count; different
    kinds stand side by side, so that a portal's list never hides a report of the month. A unit's
    dossiers may be told in parts, by where they were accepted: the parts are added up, and a sum of
    which a part was not told is not told.
    """
    frame = select_newest_rows(count_rows, _COUNT_KEY)
    in_parts = frame.duplicated(_UNIT_KEY, keep=False)
    undivided = frame.loc[~in_parts, [*_UNIT_KEY, *_NUMBER_COLUMNS]]
    if not in_parts.any():
        return undivided.reset_index(drop=True)
    return pd.concat([undivided, _add_parts(frame[in_parts])], ignore_index=True)


def _add_parts(parts: pd.DataFrame) -> pd.DataFrame:
    """Parts of one unit and period as one row; mean_days weighted by what was resolved, else
    received.
    """
    weight = parts["resolved"].fillna(parts["received"]).fillna(1.0)
    weighed = parts.assign(mean_days=parts["mean_days"] * weight, weight=weight)
    groups = weighed.groupby(_UNIT_KEY, as_index=False, sort=False, observed=True)
    # pandas' own sum takes what is missing for nought unless all of a group must be there.
    sums = groups[[*_NUMBER_COLUMNS, "weight"]].sum(min_count=1)
    present = groups[_NUMBER_COLUMNS].count()
    group_size = groups.size()["size"]
    for name in _NUMBER_COLUMNS:
        sums[name] = np.where(present[name] == group_size, sums[name], np.nan)
    sums["mean_days"] = sums["mean_days"].div(sums["weight"].where(sums["weight"] > 0))
    return sums.drop(columns="weight")


def fetch_open_dossiers(
    engine: Engine, province: str, day: date, *, level: str = "commune"
) -> pd.DataFrame:
    """What was received by the end of `day` and not finished by then, alike dossiers as one row.

    unit, received_on, due_on (datetime64, due NaT where no date was printed), state_group
    ("open"|"paused"), is_overdue (0|1: its due moment had passed at the list's moment, on an
    earlier `day` at its start), dossiers (int), told_at (datetime64: the newest list that counts).
    Nothing is aged past the list: what became of a dossier since, it does not say. Whether one was
    paused is known only as its list tells it, not as it was on an earlier day. `level`: "commune"
    or "department". Empty also where no list was ever told: `fetch_list_moment` tells the two
    apart. Raises StoreUnavailable.
    """
    moment = fetch_list_moment(engine, province)
    judged_at = moment if moment is not None and moment.date() <= day else _start_of_day(day)
    frame = _fetch_groups(
        engine,
        read_query("group_open_dossiers", opened=_read_question("select_open_dossiers")),
        province=province,
        level=level,
        judged_at=judged_at,
        before=_end_of_day(day),
        told=_end_of_day(day if moment is None else moment.date()),
    )
    frame["told_at"] = pd.Series(
        pd.NaT if moment is None else moment, index=frame.index, dtype="datetime64[s]"
    )
    return frame


def count_listed_ends(
    engine: Engine, province: str, first: date, last: date, *, level: str = "commune"
) -> pd.DataFrame | None:
    """What lists tell of the ends of `first`..`last`, of each unit: unit, open_before, open_after,
    undated (indicators/throughput/balance.py). None where no list was told. Raises
    StoreUnavailable.
    """
    moment = fetch_list_moment(engine, province)
    if moment is None:
        return None
    return fetch_columns(
        engine,
        _read_question("count_listed_ends"),
        {"open_before", "open_after", "undated"},
        province=province,
        level=level,
        first=_start_of_day(first),
        before=_end_of_day(last),
        told=_end_of_day(moment.date()),
    )


def fetch_finished_dossiers(
    engine: Engine, province: str, first: date, last: date, *, level: str = "commune"
) -> pd.DataFrame:
    """What was resolved from `first` to `last` (withdrawn dossiers too), alike dossiers as one row.

    unit, received_on, finished_on, due_on (datetime64, due may be NaT), dossiers (int). Raises
    StoreUnavailable.
    """
    return _fetch_groups(
        engine,
        _read_question("group_finished_dossiers"),
        province=province,
        level=level,
        first=_start_of_day(first),
        before=_end_of_day(last),
    )


def fetch_received_dossiers(
    engine: Engine,
    province: str,
    first: date,
    last: date,
    *,
    per_unit: bool = False,
    level: str = "commune",
) -> pd.DataFrame:
    """What was received from `first` to `last` and when it was finished, alike dossiers as one row.

    unit (only `per_unit`, else all units of `level` together), received_on, finished_on
    (datetime64, NaT: not yet), dossiers (int). Raises StoreUnavailable.
    """
    limits = {"first": _start_of_day(first), "before": _end_of_day(last)}
    frame = _fetch_groups(
        engine,
        _read_question("group_received_dossiers"),
        province=province,
        level=level,
        per_unit=int(per_unit),
        **limits,
    )
    return frame if per_unit else frame.drop(columns="unit")


def fetch_procedures(engine: Engine, province: str, first: date, last: date) -> pd.DataFrame:
    """What was received from `first` to `last` per procedure, by communes and departments together,
    latest ones first: PROCEDURE_COLUMNS (counts int). Empty where no list was told. Raises
    StoreUnavailable.
    """
    frame = _fetch_late(engine, "procedure_code", province, first, last)
    return _sum_latest_first(frame, PROCEDURE_COLUMNS)


def fetch_fields(engine: Engine, province: str, first: date, last: date) -> pd.DataFrame:
    """What was received from `first` to `last` per field of its procedure, as `fetch_procedures`:
    FIELD_COLUMNS. Spellings that differ in case or in where a tone stands are one field, named as
    the first list did. Empty where no dossier tells its field. Raises StoreUnavailable.
    """
    frame = _fetch_late(engine, "field", province, first, last)
    if frame["field"].isna().all():
        return pd.DataFrame(columns=FIELD_COLUMNS)
    keys = frame["field"].map(text.make_spelling_key, na_action="ignore")
    in_order = frame.sort_values(["first_batch", "field"])
    named = keys.map(in_order.groupby(keys)["field"].first())
    return _sum_latest_first(frame.assign(field=named), FIELD_COLUMNS)


def _fetch_late(
    engine: Engine, column: str, province: str, first: date, last: date
) -> pd.DataFrame:
    """What was received, per value of the column (group_late_dossiers.sql); no row where no list
    was told."""
    moment = fetch_list_moment(engine, province)
    if moment is None:
        return pd.DataFrame(columns=[column, "first_batch", *_LATE_COUNTS])
    question = read_query(
        "group_late_dossiers", newest=read_query("select_newest_dossiers"), column=column
    )
    return _fetch_of_all_units(engine, question, province, first, last, told=moment)


def _sum_latest_first(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """The counts of communes and departments together, per value of the first of `columns`."""
    name = columns[0]
    sums = frame.groupby(name, as_index=False, dropna=False)[_LATE_COUNTS].sum()
    late = sums["resolved_late"] + sums["open_overdue"]
    return sums.assign(late=late).sort_values(
        ["late", "received", name], ascending=[False, False, True], ignore_index=True
    )[columns]


def fetch_handovers(engine: Engine, province: str, first: date, last: date) -> pd.DataFrame:
    """What one unit accepted and another decides, received from `first` to `last`, most first:
    accepting_unit, deciding_unit, dossiers (int). Raises StoreUnavailable.
    """
    question = read_query("group_handovers", newest=read_query("select_newest_dossiers"))
    frame = _fetch_of_all_units(engine, question, province, first, last)
    return frame.sort_values(
        ["dossiers", "accepting_unit", "deciding_unit"],
        ascending=[False, True, True],
        ignore_index=True,
    )


def _fetch_of_all_units(
    engine: Engine, question: str, province: str, first: date, last: date, **values: Any
) -> pd.DataFrame:
    """Communes and departments alike."""
    limits = {"first": _start_of_day(first), "before": _end_of_day(last)}
    return pd.concat(
        [
            fetch_frame(engine, question, province=province, level=level, **limits, **values)
            for level in ("commune", "department")
        ],
        ignore_index=True,
    )


def fetch_list_moment(engine: Engine, province: str) -> datetime | None:
    """The moment of the newest list that counts, or None: nobody told of single dossiers. Raises
    StoreUnavailable.
    """
    moment = fetch_frame(engine, read_query("find_newest_list_moment"), province=province)[
        "as_of"
    ].iloc[0]
    return None if pd.isna(moment) else moment.to_pydatetime()


def _start_of_day(day: date) -> datetime:
    return datetime.combine(day, time())


def _end_of_day(day: date) -> datetime:
    """The first moment that is no longer `day`: compared with moments, no index is lost
    to DATE().
    """
    return _start_of_day(day + timedelta(days=1))


def _read_question(name: str) -> str:
    """A question about the dossiers as the newest list tells them."""
    return read_query(name, newest=read_query("select_newest_dossiers"))


def _fetch_groups(engine: Engine, question: str, **values: Any) -> pd.DataFrame:
    """Groups of alike dossiers, tens of thousands in a large province: units and states as
    categories.
    """
    frame = fetch_columns(engine, question, {"dossiers", "is_overdue"}, **values)
    return frame.astype({"dossiers": "int64"})
