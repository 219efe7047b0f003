"""Many rows as a frame: texts and days as codes, the rest as numbers, a thousand rows at a time.

A hundred thousand rows of Python objects cost more than the question itself, so none are kept: a list of the
counts of two years comes in half the time that pandas takes to unpack tuples and to look at each text.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from dashboard.store.engine import unavailable
from dashboard.store.read import DAYS, typed

_CHUNK = 1_000


def ask_many(engine: Engine, question: str, numbers: Collection[str], **values: Any) -> pd.DataFrame:
    """The answer as a frame: `numbers` as floats (NaN: NULL), columns of days (read.DAYS) as datetime64[s],
    every other one as texts in categories (missing: NULL), in the order of the texts. Raises StoreUnavailable."""
    try:
        with engine.connect() as connection:
            result = connection.execute(typed(question, values), values)
            assert result.cursor is not None
            columns = {name: _Numbers() if name in numbers else _Codes() for name in list(result.keys())}
            while chunk := result.cursor.fetchmany(_CHUNK):
                for column, told in zip(columns.values(), zip(*chunk, strict=True), strict=True):
                    column.add(told)
    except (SQLAlchemyError, engine.dialect.loaded_dbapi.Error) as error:
        raise unavailable(engine, error) from error
    return pd.DataFrame({name: column.days() if name in DAYS else column.whole() for name, column in columns.items()})


class _Numbers:
    def __init__(self) -> None:
        self._parts: list[npt.NDArray[np.float64]] = [np.empty(0)]

    def add(self, told: tuple[Any, ...]) -> None:
        self._parts.append(np.array(told, dtype=np.float64))

    def whole(self) -> npt.NDArray[np.float64]:
        return np.concatenate(self._parts)

    days = whole


class _Codes:
    def __init__(self) -> None:
        self._code: dict[Any, int] = {}
        self._parts: list[npt.NDArray[np.int32]] = [np.empty(0, dtype=np.int32)]

    def add(self, told: tuple[Any, ...]) -> None:
        for one in set(told).difference(self._code):
            self._code[one] = -1 if one is None else len(self._code)
        self._parts.append(np.fromiter(map(self._code.__getitem__, told), np.int32, len(told)))

    def whole(self) -> pd.Categorical:
        codes, texts = self._sorted()
        return pd.Categorical.from_codes(codes, categories=pd.Index(texts, dtype="str"))

    def days(self) -> npt.NDArray[np.datetime64]:
        codes, days = self._sorted()
        # What is missing has the code -1: the last place.
        return np.array([*(str(day) for day in days), "NaT"], dtype="datetime64[s]")[codes]

    def _sorted(self) -> tuple[npt.NDArray[np.int64], list[Any]]:
        """The codes in the order of what they stand for, and that."""
        known = sorted(one for one in self._code if one is not None)
        place = np.full(len(self._code) + 1, -1, dtype=np.int64)
        place[[self._code[one] for one in known]] = np.arange(len(known))
        return place[np.concatenate(self._parts)], known
