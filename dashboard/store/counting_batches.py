"""Which batches of a province count, and what came since it was asked before: rows of a batch never
change while it counts, so that most of what was made of them can be kept.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from dashboard.store.engine import make_unavailable_error
from dashboard.store.read import fetch_frame, read_query
from dashboard.store.snapshots import connect_for_reading


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
    try:
        with connect_for_reading(engine) as connection:
            # No frame: its moments are whole seconds.
            values = {"province": province}
            rows = connection.execute(text(read_query("list_counting_batches")), values).all()
            undone = connection.execute(text(read_query("count_undone_batches")), values).one()
    except SQLAlchemyError as error:
        raise make_unavailable_error(engine, error) from error
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
