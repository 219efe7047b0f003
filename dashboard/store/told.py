"""What sources told of a province: all their rows, and who told of whom when."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import Engine

from dashboard.measures import PROBED
from dashboard.store.many import ask_many
from dashboard.store.read import ask, newest, query

_READING = ["commune_code", "measure", "basis", "as_of"]
# What stands for files of several kinds: each row is named by the kind of file that would have told it.
_MIXED = ("sample", "exported")


def readings(engine: Engine, province: str) -> pd.DataFrame:
    """All readings of the batches that count: commune_code, measure, basis, as_of (datetime64), value, batch_id."""
    frame = ask_many(engine, query("readings_of_province"), ("value", "batch_id"), province=province)
    return frame.astype({"batch_id": "int64"})


def newest_readings(told: pd.DataFrame) -> pd.DataFrame:
    """Of `readings` those that count: of two batches that told the same the later one, as in current_reading."""
    return newest(told, _READING).drop(columns="batch_id")


def told_days(engine: Engine, province: str, readings: pd.DataFrame, counts: pd.DataFrame, since: date) -> pd.DataFrame:
    """Each kind of source, commune and day once, from `since` on: kind, commune_code, as_of (datetime64).

    `readings` and `counts.rows` of the province, also those that another source corrected: it has told all the
    same. The day is that of the reading or count; of a period, its last day. Raises StoreUnavailable.
    """
    told = [_of_readings(readings), _of_counts(counts), ask(engine, query("certificate_days"), province=province)]
    told[2]["instead"] = "certificates"
    # Asked last: what was told above is of a batch that is known by now.
    kinds = ask(engine, query("kinds_of_batches"), province=province).set_index("id")["kind"]
    frame = pd.concat([one.astype({"commune_code": "str", "instead": "str"}) for one in told], ignore_index=True)
    kind = frame["batch_id"].map(kinds).astype("str")
    frame["kind"] = kind.mask(kind.isin(_MIXED), frame["instead"])
    frame = frame.loc[frame["as_of"] >= pd.Timestamp(since), ["kind", "commune_code", "as_of"]]
    return frame.drop_duplicates(ignore_index=True)


def _of_readings(readings: pd.DataFrame) -> pd.DataFrame:
    probed = readings["measure"].isin(PROBED).to_numpy()
    # A declaration tells twenty measures at once.
    once = readings[["commune_code", "as_of", "batch_id", "basis"]].assign(probed=probed).drop_duplicates()
    instead = np.select([once["basis"] == "declared", once["probed"]], ["readiness", "probe_log"], "visits")
    return once[["commune_code", "as_of", "batch_id"]].assign(instead=instead)


def _of_counts(counts: pd.DataFrame) -> pd.DataFrame:
    own = counts[counts["level"] == "commune"]
    one_day = (own["period_from"] == own["period_to"]).to_numpy()
    return pd.DataFrame(
        {
            "commune_code": own["unit"],
            "as_of": own["period_to"],
            "batch_id": own["batch_id"],
            "instead": np.where(one_day, "dossiers", "dossier_report"),
        }
    )
