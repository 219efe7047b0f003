"""Many rows as a frame: texts and days as codes, the rest as numbers, a thousand rows at a time.

A hundred thousand rows of Python objects cost more than the question itself, so none are kept: a
list of the counts of two years comes in half the time that pandas takes to unpack tuples and to
look at each text.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from dashboard.store.engine import make_unavailable_error
from dashboard.store.read import DAY_COLUMNS, bind_days
from dashboard.store.snapshots import connect_for_reading

_FETCH_ROWS = 1_000


def fetch_columns(
    engine: Engine, question: str, numbers: Collection[str], **values: Any
) -> pd.DataFrame:
    """The answer as a frame: `numbers` as floats (NaN: NULL), columns of days (read.DAY_COLUMNS)
    as datetime64[s], every other one as texts in categories (missing: NULL), in the order of the
    texts. Raises StoreUnavailable."""
    try:
        with connect_for_reading(engine) as connection:
            result = connection.execute(bind_days(question, values), values)
            assert result.cursor is not None
            columns = {
                name: _NumberColumn() if name in numbers else _CodedColumn()
                for name in list(result.keys())
            }
            while chunk := result.cursor.fetchmany(_FETCH_ROWS):
                for column, column_values in zip(
                    columns.values(), zip(*chunk, strict=True), strict=True
                ):
                    column.add(column_values)
    except (SQLAlchemyError, engine.dialect.loaded_dbapi.Error) as error:
        raise make_unavailable_error(engine, error) from error
    return pd.DataFrame(
        {
            name: column.days() if name in DAY_COLUMNS else column.joined()
            for name, column in columns.items()
        }
    )


class _NumberColumn:
    def __init__(self) -> None:
        self._parts: list[npt.NDArray[np.float64]] = [np.empty(0)]

    def add(self, values: tuple[Any, ...]) -> None:
        self._parts.append(np.array(values, dtype=np.float64))

    def joined(self) -> npt.NDArray[np.float64]:
        return np.concatenate(self._parts)

    days = joined


class _CodedColumn:
    def __init__(self) -> None:
        self._code: dict[Any, int] = {}
        self._parts: list[npt.NDArray[np.int32]] = [np.empty(0, dtype=np.int32)]

    def add(self, values: tuple[Any, ...]) -> None:
        for value in set(values).difference(self._code):
            self._code[value] = -1 if value is None else len(self._code)
        self._parts.append(np.fromiter(map(self._code.__getitem__, values), np.int32, len(values)))

    def joined(self) -> pd.Categorical:
        codes, texts = self._sorted()
        return pd.Categorical.from_codes(codes, categories=pd.Index(texts, dtype="str"))

    def days(self) -> npt.NDArray[np.datetime64]:
        codes, days = self._sorted()
        # What is missing has the code -1: the last place.
        return np.array([*(str(day) for day in days), "NaT"], dtype="datetime64[s]")[codes]

    def _sorted(self) -> tuple[npt.NDArray[np.int64], list[Any]]:
        """The codes in the order of what they stand for, and that."""
        texts = sorted(value for value in self._code if value is not None)
        ranks = np.full(len(self._code) + 1, -1, dtype=np.int64)
        ranks[[self._code[value] for value in texts]] = np.arange(len(texts))
        return ranks[np.concatenate(self._parts)], texts
