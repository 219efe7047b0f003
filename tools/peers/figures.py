"""The figures that every peer shows, and the drawings of those written in Python.

`DASHBOARD_PEERS_DATA` names a folder with `figures.csv` (a row a commune and day: day, code, name,
level, level_name, share, received) and `communes.geojson` (an outline a commune, by `code`).
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.express as px
import plotly.graph_objects as go

FOLDER = Path(os.environ["DASHBOARD_PEERS_DATA"])
COLOURS = {"g": "#1a7f37", "y": "#d4a72c", "r": "#c9372c", "u": "#8c959f", "s": "#b7bdc4"}
TABLE_COLUMNS = ["name", "level_name", "share", "received"]


def read_figures() -> pd.DataFrame:
    """All days of all communes; `code` and `level` are text."""
    return pd.read_csv(FOLDER / "figures.csv", dtype={"code": str})


def read_outlines() -> dict[str, Any]:
    """A GeoJSON collection of the communes."""
    outlines: dict[str, Any] = json.loads((FOLDER / "communes.geojson").read_text("utf-8"))
    return outlines


def summarise_day(rows: pd.DataFrame) -> dict[str, str]:
    """Five figures of a day, as the headline shows them."""
    names = {"g": "Xanh", "y": "Vàng", "r": "Đỏ", "u": "Chưa báo cáo"}
    counts = {name: str(int((rows["level"] == level).sum())) for level, name in names.items()}
    return {**counts, "Tiếp nhận": str(int(rows["received"].sum()))}


def draw_map(rows: pd.DataFrame, outlines: dict[str, Any]) -> go.Figure:
    """The outlines of one day's communes, filled by level: plotly's own maps ask an outside host
    for the coasts of the world.
    """
    figure = go.Figure()
    rings = {f["properties"]["code"]: _list_rings(f["geometry"]) for f in outlines["features"]}
    for level, colour in COLOURS.items():
        x: list[float | None] = []
        y: list[float | None] = []
        for code in rows.loc[rows["level"] == level, "code"]:
            for ring in rings[code]:
                x += [*(point[0] for point in ring), None]
                y += [*(point[1] for point in ring), None]
        figure.add_scatter(x=x, y=y, fill="toself", fillcolor=colour, mode="lines", name=level)
    figure.update_yaxes(scaleanchor="x")
    return figure


def _list_rings(geometry: dict[str, Any]) -> list[list[list[float]]]:
    is_single = geometry["type"] == "Polygon"
    polygons = [geometry["coordinates"]] if is_single else geometry["coordinates"]
    return [ring for polygon in polygons for ring in polygon]


def draw_levels(figures: pd.DataFrame, last_day: str) -> Any:
    """How many communes were green on each day until the chosen one."""
    until = figures[(figures["day"] <= last_day) & (figures["level"] == "g")]
    return px.line(until.groupby("day", as_index=False).size(), x="day", y="size")


def draw_received(rows: pd.DataFrame) -> Any:
    """The twenty communes that received most."""
    return px.bar(rows.nlargest(20, "received"), x="name", y="received")
