"""What a table of communes side by side is made of: cells, rows, and what stands beside the communes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan
from typing import Any, TypeVar

import numpy as np

from dashboard.indicators.levels import Flags
from dashboard.views import commune_dossiers
from dashboard.views.one_commune import One

Cell = dict[str, Any]


@dataclass(frozen=True)
class Figure:
    """What a cell's words say, as numbers that can be computed with: `part` of `whole` things, counted in `of`; a
    plain `value` in its `unit`. NaN where there is no such number."""

    part: float = nan
    whole: float = nan
    of: str = ""
    value: float = nan
    unit: str = ""


_NONE = Figure()


def cell(words: str, level: str = "", note: str = "", drawing: Any = "", figure: Figure = _NONE) -> Cell:
    """One figure: its words, the level's sign before them, a quiet note or a small trend after them."""
    return {"words": words, "level": level, "note": note, "drawing": drawing, "figure": figure}


EMPTY = cell("")


def row(code: str, name: str, cells: Sequence[Cell]) -> dict[str, Any]:
    """One figure of all that stand side by side."""
    return {"code": code, "name": name, "cells": list(cells)}


def peers_of(ones: Sequence[One]) -> Flags | None:
    """The peers of all of them; None where they have different ones."""
    groups = ones[0].report.dossiers.groups
    own = {groups[one.at] for one in ones}
    return None if len(own) > 1 else np.asarray(groups == own.pop())


Beside = TypeVar("Beside")


def beside(ones: Sequence[One], past: Beside, group: Beside, province: Beside) -> list[Beside]:
    """What stands beside the communes: of one alone its past; their peers where all are alike; the province."""
    own_past = [past] if len(ones) == 1 else []
    return [*own_past, *([group] if peers_of(ones) is not None else []), province]


def columns(ones: Sequence[One]) -> list[str]:
    """The heads of what stands beside the communes."""
    return beside(ones, "Trước đó", f"Nhóm {commune_dossiers.peers(ones[0])}", "Cả tỉnh")
