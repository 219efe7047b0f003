"""Freshness: how old each source is for each commune, and who reports on time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.indicators.levels import Numbers
from dashboard.workdays import WorkingDayCalendar

FRESH: Final = 0
LATE: Final = 1
SILENT: Final = 2
NEVER: Final = 3
NOT_EXPECTED: Final = 4  # told of, by a source that nobody expects at any rhythm (visits)
FRESHNESS_NAMES: Final = ("fresh", "late", "silent", "never", "not_expected")

# One missed report is late, three are silence.
SILENT_AFTER_RHYTHMS: Final = 3
# Nobody reports on days off: a rhythm shorter than a week is one of working days.
DAYS_OF_WEEK: Final = 7

States = npt.NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Freshness:
    """Communes x kinds of source: `age` in days since the commune was last told of (NaN: never) and
    `state`.

    `kinds` are those expected, in the order given, then others that told of anybody, by name.
    `per_kind` (index kind): newest (datetime64, NaT: never), expected_every_days (NaN: none), told
    (communes ever told of), fresh, late, silent, never, not_expected; the five add up to the
    communes.
    """

    codes: tuple[str, ...]
    kinds: tuple[str, ...]
    age: Numbers
    state: States
    per_kind: pd.DataFrame


def assess_freshness(
    reporting_days: pd.DataFrame,
    codes: Sequence[str],
    rhythms: Mapping[str, int],
    today: date,
    calendar: WorkingDayCalendar,
    without_centre: npt.NDArray[np.bool_] | None = None,
) -> Freshness:
    """How old each source is for each commune on `today`, against its expected rhythm.

    `reporting_days`: kind, commune_code, as_of (datetime64); days after `today` and other communes
    are left out. `rhythms`: kind to days between two reports. Late: older than one rhythm; silent:
    older than three. A rhythm shorter than a week counts working days, so that Friday's figures are
    not late on Sunday. Of communes `without_centre` that never told nobody expects anything.
    """
    reporting_days = _reported_until(reporting_days, codes, today)
    kinds = (*rhythms, *sorted(set(reporting_days["kind"]) - set(rhythms)))
    newest = np.full((len(codes), len(kinds)), np.datetime64("NaT"), dtype="datetime64[D]")
    last = reporting_days.groupby(["commune_code", "kind"])["as_of"].max()
    commune, source_kind = (last.index.get_level_values(name) for name in ("commune_code", "kind"))
    place_of = pd.Index(codes).get_indexer(commune), pd.Index(kinds).get_indexer(source_kind)
    newest[place_of] = last.to_numpy().astype("datetime64[D]")
    ever = ~np.isnat(newest)
    today_day = np.datetime64(today, "D")
    age = np.where(ever, (today_day - newest).astype(np.float64), np.nan)
    state = np.full(age.shape, NOT_EXPECTED, dtype=np.int8)
    for column, rhythm in enumerate(rhythms.values()):
        waited = age[:, column]
        if rhythm < DAYS_OF_WEEK:
            here = ever[:, column]
            waited = np.full(len(codes), np.nan)
            waited[here] = calendar.between(newest[here, column], np.full(here.sum(), today_day))
        state[:, column] = np.select(
            [waited > SILENT_AFTER_RHYTHMS * rhythm, waited > rhythm], [SILENT, LATE], FRESH
        )
    state[~ever] = NEVER
    if without_centre is not None:
        state[without_centre[:, None] & ~ever] = NOT_EXPECTED
    return Freshness(tuple(codes), kinds, age, state, _per_kind(kinds, rhythms, newest, state))


def _reported_until(
    reporting_days: pd.DataFrame, codes: Sequence[str], today: date
) -> pd.DataFrame:
    return reporting_days[
        reporting_days["commune_code"].isin(list(codes))
        & (reporting_days["as_of"] <= pd.Timestamp(today))
    ]


def _per_kind(
    kinds: Sequence[str],
    rhythms: Mapping[str, int],
    newest: npt.NDArray[np.datetime64],
    state: States,
) -> pd.DataFrame:
    table = pd.DataFrame(index=pd.Index(kinds, name="kind", dtype=object))
    table["newest"] = pd.DataFrame(newest.astype("datetime64[s]")).max().to_numpy()
    table["expected_every_days"] = [
        float(rhythms.get(source_kind, np.nan)) for source_kind in kinds
    ]
    table["told"] = (~np.isnat(newest)).sum(axis=0)
    for code, name in enumerate(FRESHNESS_NAMES):
        table[name] = (state == code).sum(axis=0)
    return table


def measure_on_time_reporting(
    reporting_days: pd.DataFrame,
    codes: Sequence[str],
    rhythm: int,
    today: date,
    calendar: WorkingDayCalendar,
    window: int = 90,
) -> pd.DataFrame:
    """Per commune (index) the share of the reports expected in the last `window` days that were
    made.

    share = slots in which something was told ÷ slots. A slot is `rhythm` days (working days where
    the rhythm is shorter than a week; what is told on a day off counts for the working day before),
    counted back from yesterday, since today is not over. Slots that began before anybody told of
    this kind are not expected. `reporting_days`: commune_code, as_of of one kind. Returns told,
    slots, share (NaN: no slot is complete).
    """
    reporting_days = _reported_until(reporting_days, codes, today)
    first = today - timedelta(days=window)
    if len(reporting_days):
        first = max(first, reporting_days["as_of"].min().date())
    days = np.arange(np.datetime64(first, "D"), np.datetime64(today, "D"))
    if rhythm < DAYS_OF_WEEK:
        days = days[calendar.is_working(days)]
    slots = len(days) // rhythm if len(reporting_days) else 0
    day_index = (
        np.searchsorted(
            days, reporting_days["as_of"].to_numpy().astype("datetime64[D]"), side="right"
        )
        - 1
    )
    before_today = (reporting_days["as_of"] < pd.Timestamp(today)).to_numpy()
    slot = (len(days) - 1 - day_index) // rhythm
    reported = np.zeros((len(codes), slots), dtype=np.bool_)
    counted = before_today & (day_index >= 0) & (slot < slots)
    reported[
        pd.Index(codes).get_indexer(reporting_days["commune_code"])[counted], slot[counted]
    ] = True
    count = reported.sum(axis=1)
    share = count / slots if slots else np.full(len(codes), np.nan)
    return pd.DataFrame(
        {"told": count, "slots": slots, "share": share}, index=pd.Index(codes, name="commune_code")
    )
