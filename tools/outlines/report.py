"""What came out, in words and counts: `data/outlines/README.md`, written with the outlines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from tools.outlines import plane, world

_INTRO = """# Schematic outlines of the 3,321 communes

Written by `python -m tools.build_outlines` together with the outlines; do not edit by hand.

No free package carries the real outlines, so these are computed from facts: a power diagram over
the centre points of the communes (`data/communes.csv`) and of the units that formed them on
01/07/2025 (PyPI `vietnamadminunits`, MIT), weighted until the areas fit, clipped to Natural Earth's
Vietnam (npm `{package}`, public domain). They are good for a map that shows who is where, not for
measuring: where the real outlines could be compared (Quảng Ngãi, Phú Thọ), half of the communes
overlap theirs by more than 0.70 and 0.72 (intersection over union;
`tests/outlines/test_schematic.py` compares again).
Real outlines that an office sends replace them (`python -m dashboard outlines`).

Files: one per province, GeoJSON in degrees (WGS 84) with four decimals, `"source": "schematic"`,
features sorted by code; borders are exactly shared, also between provinces.
"""


def _counts(
    communes: pd.DataFrame, outlines: Mapping[str, shapely.Geometry], aims: np.ndarray
) -> list[str]:
    shapes = np.array([outlines[code] for code in communes.index])
    inside = shapely.intersects_xy(shapes, communes["lon"].to_numpy(), communes["lat"].to_numpy())
    area = shapely.area(np.array([plane.geometry_to_km(shape) for shape in shapes]))
    off = np.abs(area / aims - 1)
    return [
        f"- Communes: {len(shapes)}, all valid and not empty; exact coverage: "
        f"{shapely.coverage_is_valid(shapes)}.",
        f"- Listed centre point inside its own outline: {inside.sum()}; not inside: "
        f"{(~inside).sum()} (reasons below).",
        f"- Area off the one aimed at by {np.median(off):.1%} (median); within 5% "
        f"{np.mean(off < 0.05):.0%},"
        f" within 15% {np.mean(off < 0.15):.0%} of communes. The rest lie where the drawn coast "
        "is coarse.",
    ]


def write(
    path: Path,
    communes: pd.DataFrame,
    outlines: Mapping[str, shapely.Geometry],
    aims: np.ndarray,
    notes: Mapping[str, list[str]],
) -> None:
    """Write the README: counts, then one line per exception. `aims` (c,) km² in the order of
    `communes`.
    """
    lines = [
        _INTRO.format(package=world.PACKAGE),
        "## Counts",
        *_counts(communes, outlines, aims),
        "",
    ]
    lines += [
        "## Exceptions",
        "",
        "| code | commune | province | what was done and why |",
        "|---|---|---|---|",
    ]
    for code in sorted(notes):
        row = communes.loc[code]
        lines.append(
            f"| {code} | {row['name']} | {row['province_name']} | {'; '.join(notes[code])} |"
        )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
