"""Figures and frames as JSON knows them: nothing known as null, whole numbers without a point, days
as 2025-07-13.
"""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from dashboard.indicators.throughput import rates

Json = dict[str, Any]


def jsonify_frame(frame: pd.DataFrame) -> list[Json]:
    """One dictionary a row of plain values."""
    columns = {str(name): _jsonify_column(frame[name]) for name in frame}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _jsonify_column(column: pd.Series) -> list[Any]:
    """As `jsonify_value`; a country has a million figures, nearly all of them in columns of one
    type.
    """
    if column.dtype.kind == "f":
        return [_jsonify_float(figure) for figure in column.tolist()]
    if column.dtype.kind in "iub":
        return column.tolist()
    return [jsonify_value(value) for value in column.tolist()]


def _jsonify_float(figure: float) -> float | None:
    # NaN is the only number that is not itself.
    if figure != figure:
        return None
    return int(figure) if figure.is_integer() else figure


def jsonify_row(row: pd.Series) -> Json:
    """One row, or one set of totals."""
    return {str(name): jsonify_value(value) for name, value in row.items()}


def jsonify_mapping(values: Json) -> Json:
    """The values of a dictionary, plain."""
    return {name: jsonify_value(value) for name, value in values.items()}


def jsonify_value(value: Any) -> Any:
    """What JSON knows: whole numbers without a point, NaN and NaT as null, days as 2025-07-13,
    tuples as lists.
    """
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (float, np.floating)):
        return jsonify_number(float(value))
    if isinstance(value, np.integer):
        return int(value)
    if value is pd.NaT:
        return None
    if isinstance(value, date):
        return value.isoformat()[:10]
    return list(value) if isinstance(value, tuple) else value


def jsonify_number(value: float) -> int | float | None:
    """A figure; NaN, which nobody told, is None."""
    if math.isnan(value):
        return None
    return int(value) if float(value).is_integer() else float(value)


def jsonify_rate(numerator: float, denominator: float, value: float, state: int) -> Json:
    """Part, whole and share of a rate with the name of its state (rates.STATES)."""
    return {
        "part": jsonify_number(numerator),
        "whole": jsonify_number(denominator),
        "value": jsonify_number(value),
        "state": rates.STATES[state],
    }
