"""What is asked of a province as a whole: which of its batches count and what came since it was
asked before, and the little that a summary of it is made from.

Rows of a batch never change while it counts, so that most of what was made of them can be kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pandas as pd
from sqlalchemy import Engine, text

from dashboard.measures import BASES, MEASURES
from dashboard.store.engine import explain_failures
from dashboard.store.frames import fetch_columns
from dashboard.store.read import fetch_frame, read_query, select_newest_rows
from dashboard.store.snapshots import connect_for_reading

_READING_KEY = ["commune_code", "measure", "basis"]
# Their names stand in the question: they are the code's own.
_PAIRS = ", ".join(f"('{measure}', '{basis}')" for measure in MEASURES for basis in BASES)


def stamp_provinces(engine: Engine) -> dict[str, str]:
    """Of each province that ever had a batch a word that changes exactly when any of its batches
    comes or goes: what is computed of a province holds while its stamp does. Raises
    StoreUnavailable.
    """
    with explain_failures(engine), connect_for_reading(engine) as connection:
        # No frame: its moments are whole seconds, and a backup that is put back may grow again
        # within the second in which it grew before.
        rows = connection.execute(text(read_query("stamp_provinces"))).all()
    return {str(province): "|".join(map(str, marks)) for province, *marks in rows}


@dataclass(frozen=True)
class CountingBatches:
    """Number and moment of each batch that counts, in the order of their numbers, and a word that
    changes with every batch that is taken back: lists that came later are then counted anew.

    Numbers may come again after a simulation was replaced, moments do not.
    """

    moments: tuple[tuple[int, str], ...]
    undone: str

    def find_last_kept(self, before: CountingBatches) -> int:
        """The number after which all batches are new, where every one of `before` still counts; 0
        where one went, came in between or was taken back: nothing made of them holds then.
        """
        kept = self.moments[: len(before.moments)]
        if not kept or kept != before.moments or self.undone != before.undone:
            return 0
        return kept[-1][0]


def fetch_counting_batches(
    engine: Engine, province: str
) -> tuple[CountingBatches, CountingBatches]:
    """Of a province the batches that count, and those of them that told of dossiers. Raises
    StoreUnavailable.
    """
    with explain_failures(engine), connect_for_reading(engine) as connection:
        # No frame: its moments are whole seconds.
        values = {"province": province}
        rows = connection.execute(text(read_query("list_counting_batches")), values).all()
        undone = connection.execute(text(read_query("count_undone_batches")), values).one()
    word = "|".join(map(str, undone))
    moments = tuple((int(number), str(moment)) for number, moment, _ in rows)
    with_counts = tuple(
        moment for moment, (*_, has_counts) in zip(moments, rows, strict=True) if has_counts
    )
    return CountingBatches(moments, word), CountingBatches(with_counts, word)


def list_parts_told(engine: Engine, province: str, after: int) -> frozenset[str]:
    """The tables beside readings and dossier counts of which the batches of a province tell that
    came after the number `after`. Raises StoreUnavailable.
    """
    frame = fetch_frame(engine, read_query("list_parts_told"), province=province, after=after)
    return frozenset(frame["part"])


# What a summary is made from (indicators/nation.py): a few questions a province, none a commune,
# none of the whole history.


def fetch_newest_readings(engine: Engine, province: str, until: date) -> pd.DataFrame:
    """The last value of each commune, measure and basis by a day: commune_code, measure, basis,
    as_of (datetime64), value. Raises StoreUnavailable.
    """
    question = read_query("find_newest_readings_of_province", pairs=_PAIRS)
    frame = fetch_columns(engine, question, ("value", "batch_id"), province=province, until=until)
    return select_newest_rows(frame, _READING_KEY).drop(columns="batch_id")


def count_communes_told(engine: Engine, province: str, until: date) -> dict[str, int]:
    """Of how many communes dossiers and certificates were told by a day. Raises
    StoreUnavailable.
    """
    questions = {
        "dossiers": "list_communes_with_counts",
        "certificates": "list_communes_with_certificates",
    }
    return {
        source: len(fetch_frame(engine, read_query(question), province=province, until=until))
        for source, question in questions.items()
    }


def fetch_newest_files(engine: Engine, province: str, until: date) -> pd.DataFrame:
    """The newest file of each kind and origin that counts by a day: kind, origin, as_of
    (datetime64). Raises StoreUnavailable.
    """
    before = datetime.combine(until + timedelta(days=1), time())
    question = read_query("find_newest_files_of_province")
    return fetch_frame(engine, question, province=province, before=before)
