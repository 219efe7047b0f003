"""What sources told of a province: all their rows, and who told of whom when."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals
from sqlalchemy import Engine

from dashboard.measures import PROBED
from dashboard.store.frames import fetch_columns
from dashboard.store.read import convert_to_floats, fetch_frame, read_query, select_newest_rows

_READING_KEY = ["commune_code", "measure", "basis", "as_of"]
# What stands for files of several kinds: each row is named by the kind of file that would have told
# it.
_MIXED_KINDS = ("sample", "exported")


def fetch_readings_of_province(engine: Engine, province: str, after: int = 0) -> pd.DataFrame:
    """All readings of the batches that count and came after the number `after`: commune_code,
    measure, basis, as_of (datetime64), value, batch_id.
    """
    frame = fetch_columns(
        engine, read_query("list_readings"), ("value", "batch_id"), province=province, after=after
    )
    return frame.astype({"batch_id": "int64"})


def select_newest_readings(readings: pd.DataFrame) -> pd.DataFrame:
    """Of `fetch_readings_of_province` those that count: of two batches that told the same the later
    one, as in current_reading.
    """
    return select_newest_rows(readings, _READING_KEY).drop(columns="batch_id")


def list_told_measures(readings: pd.DataFrame) -> dict[int, frozenset[str]]:
    """Number of each batch of `fetch_readings_of_province` to the measures that it tells of."""
    pairs = readings[["batch_id", "measure"]].drop_duplicates().astype({"measure": "str"})
    by_batch = pairs.groupby("batch_id")["measure"]
    return {int(batch): frozenset(measures) for batch, measures in by_batch}


def select_evidence(
    readings: pd.DataFrame, follow_ups: pd.DataFrame, sources: pd.DataFrame
) -> pd.DataFrame:
    """Of `fetch_readings_of_province` those that count and speak of the measure of a promise, with
    the file of each: commune_code, measure, basis, as_of (datetime64), value, file_name.

    `follow_ups` and `sources` as exports.fetch_follow_ups and read.fetch_sources give them.
    """
    keys = follow_ups[["commune_code", "measure"]].drop_duplicates().astype("str")
    of_measures = readings[
        readings["commune_code"].isin(keys["commune_code"])
        & readings["measure"].isin(keys["measure"])
    ]
    newest = select_newest_rows(of_measures, _READING_KEY)
    newest = newest.astype({"commune_code": "str", "measure": "str", "basis": "str"})
    told = newest.merge(keys, on=["commune_code", "measure"])
    file_names = sources.set_index("id")["file_name"]
    names = told["batch_id"].map(file_names).fillna("")
    return told.assign(file_name=names).drop(columns="batch_id")


def update_evidence(evidence: pd.DataFrame, later: pd.DataFrame) -> pd.DataFrame:
    """Evidence with that of later batches (both of `select_evidence`), which win over what was told
    of the same day.
    """
    both = pd.concat([evidence, later], ignore_index=True)
    return both.drop_duplicates(_READING_KEY, keep="last", ignore_index=True)


def fetch_reporting_days(
    engine: Engine,
    province: str,
    readings: pd.DataFrame,
    count_days: pd.DataFrame,
    since: date,
    after: int = 0,
) -> pd.DataFrame:
    """Each kind of source, commune and day once, from `since` on: kind, commune_code (both
    categorical), as_of (datetime64), of the batches that came after the number `after`.

    `fetch_readings_of_province` and `list_count_days` of these batches, also what another source
    corrected: it has told all the same. The day is that of the reading or count; of a period, its
    last day. Raises StoreUnavailable.
    """
    parts = [
        _list_reading_days(readings),
        count_days,
        fetch_frame(engine, read_query("list_certificate_days"), province=province, after=after),
    ]
    parts[2]["instead"] = "certificates"
    # Asked last: what was told above is of a batch that is known by now.
    kinds = fetch_frame(engine, read_query("list_batch_kinds"), province=province).set_index("id")[
        "kind"
    ]
    frame = pd.concat(
        [part.astype({"commune_code": "str", "instead": "str"}) for part in parts],
        ignore_index=True,
    )
    batch_kind = frame["batch_id"].map(kinds).astype("str")
    frame["kind"] = batch_kind.mask(batch_kind.isin(_MIXED_KINDS), frame["instead"])
    frame = frame.loc[frame["as_of"] >= pd.Timestamp(since), ["kind", "commune_code", "as_of"]]
    # Some 80,000 rows of two dozen kinds and 148 communes stay in memory: as words 11 MB, so 1.
    days = frame.drop_duplicates(ignore_index=True)
    return days.astype({"kind": "category", "commune_code": "category"})


def update_reporting_days(days: pd.DataFrame, later: pd.DataFrame) -> pd.DataFrame:
    """Both of `fetch_reporting_days`: the days of one and of the other, each once."""
    if later.empty:
        return days
    same_days = days[days["as_of"].isin(later["as_of"])]
    known = pd.MultiIndex.from_frame(same_days.astype({"kind": "str", "commune_code": "str"}))
    keys = pd.MultiIndex.from_frame(later.astype({"kind": "str", "commune_code": "str"}))
    new = later[~keys.isin(known)]
    if new.empty:
        return days
    return pd.DataFrame(
        {
            **{
                name: union_categoricals([days[name], new[name]], sort_categories=True)
                for name in ("kind", "commune_code")
            },
            "as_of": np.concatenate([days["as_of"].to_numpy(), new["as_of"].to_numpy()]),
        }
    )


def _list_reading_days(readings: pd.DataFrame) -> pd.DataFrame:
    probed = readings["measure"].isin(PROBED).to_numpy()
    # A declaration tells twenty measures at once.
    once = (
        readings[["commune_code", "as_of", "batch_id", "basis"]]
        .assign(probed=probed)
        .drop_duplicates()
    )
    instead = np.select(
        [once["basis"] == "declared", once["probed"]], ["readiness", "probe_log"], "visits"
    )
    return once[["commune_code", "as_of", "batch_id"]].assign(instead=instead)


def list_count_days(counts: pd.DataFrame) -> pd.DataFrame:
    """Of `dossiers.fetch_count_rows` which commune was told of on which day by which batch, for
    `fetch_reporting_days`.
    """
    own = counts[counts["level"] == "commune"]
    one_day = (own["period_from"] == own["period_to"]).to_numpy()
    days = pd.DataFrame(
        {
            "commune_code": own["unit"].astype("category"),
            "as_of": own["period_to"],
            "batch_id": own["batch_id"].astype("int32"),
            "instead": pd.Categorical(np.where(one_day, "dossiers", "dossier_report")),
        }
    )
    return days.drop_duplicates(ignore_index=True)


def fetch_outages(engine: Engine, province: str) -> pd.DataFrame:
    """Stretches without a line that count: commune_code, began_at, ended_at (datetime64; NaT: not
    over when the log ends). Raises StoreUnavailable.
    """
    return fetch_frame(engine, read_query("list_outages"), province=province)


# What teams found at one commune, and from which files its newest values are: one small question
# each.


def fetch_visits_of_commune(
    engine: Engine, province: str, commune: str, until: date
) -> pd.DataFrame:
    """Every finding by a day, newest first: visited_on (datetime64), measure (None: a note alone),
    value (float, NaN without one), team, note (None where not written), batch. Batches that do not
    count are left out.

    Raises StoreUnavailable.
    """
    frame = fetch_frame(
        engine, read_query("list_visits"), province=province, commune=commune, until=until
    )
    return convert_to_floats(frame, ["value"])


def fetch_visit_notes(engine: Engine, province: str, first: date, last: date) -> pd.DataFrame:
    """Who was where from `first` to `last` and what they wrote, by day: visited_on (datetime64),
    commune_code, measure (None: of none), team, note (either None where nobody wrote it).

    Raises StoreUnavailable.
    """
    question = read_query("list_visit_notes")
    return fetch_frame(engine, question, province=province, first=first, last=last)


def fetch_reading_sources(engine: Engine, province: str, commune: str, until: date) -> pd.DataFrame:
    """The file behind the newest value by a day, one row a measure and basis: measure, basis, as_of
    (datetime64), batch, file_name, origin. Raises StoreUnavailable."""
    return fetch_frame(
        engine, read_query("find_reading_sources"), province=province, commune=commune, until=until
    )
