"""What a table of communes or areas side by side is made of: cells, rows, and what stands beside
the communes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan
from typing import Any, TypeVar

import numpy as np

from dashboard.indicators.levels import Flags
from dashboard.web.words.commune import ReportCommune, name_commune_peers

ComparisonCell = dict[str, Any]


@dataclass(frozen=True)
class CellFigure:
    """What a cell's words say, as numbers that can be computed with: `numerator` of `denominator`
    things, counted in `counted_unit`; a plain `value` in its `unit`. NaN where there is no such
    number."""

    numerator: float = nan
    denominator: float = nan
    counted_unit: str = ""
    value: float = nan
    unit: str = ""


_NO_FIGURE = CellFigure()


def make_comparison_cell(
    words: str, level: str = "", note: str = "", drawing: Any = "", figure: CellFigure = _NO_FIGURE
) -> ComparisonCell:
    """One figure: its words, the level's sign before them, a quiet note or a small trend after
    them.
    """
    return {"words": words, "level": level, "note": note, "drawing": drawing, "figure": figure}


EMPTY_CELL = make_comparison_cell("")


def make_comparison_row(code: str, name: str, cells: Sequence[ComparisonCell]) -> dict[str, Any]:
    """One figure of all that stand side by side."""
    return {"code": code, "name": name, "cells": list(cells)}


def find_common_peers(communes: Sequence[ReportCommune]) -> Flags | None:
    """The peers of all of them; None where they have different ones."""
    groups = communes[0].report.dossiers.of_period.groups
    groups_of_communes = {groups[commune.position] for commune in communes}
    return None if len(groups_of_communes) > 1 else np.asarray(groups == groups_of_communes.pop())


Comparator = TypeVar("Comparator")


def arrange_comparators(
    communes: Sequence[ReportCommune],
    before: Comparator,
    peer_group: Comparator,
    province: Comparator,
) -> list[Comparator]:
    """What stands beside the communes: of one alone its past; their peers where all are alike; the
    province.
    """
    own_before = [before] if len(communes) == 1 else []
    return [
        *own_before,
        *([peer_group] if find_common_peers(communes) is not None else []),
        province,
    ]


def list_comparator_heads(communes: Sequence[ReportCommune]) -> list[str]:
    """The heads of what stands beside the communes."""
    return arrange_comparators(
        communes, "Trước đó", f"Nhóm {name_commune_peers(communes[0])}", "Cả tỉnh"
    )
