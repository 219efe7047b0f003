"""The page as plain Dash has it: one callback draws everything anew for the chosen day."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, callback, dash_table, dcc, html

from tools.peers.figures import (
    TABLE_COLUMNS,
    draw_levels,
    draw_map,
    draw_received,
    read_figures,
    read_outlines,
    summarise_day,
)

FIGURES = read_figures()
OUTLINES = read_outlines()
DAYS = sorted(FIGURES["day"].unique())

app = Dash(__name__)
server = app.server
app.layout = html.Div(
    [
        dcc.RadioItems(DAYS, DAYS[-1], id="day"),
        html.H2(id="shown"),
        html.Div(id="headline"),
        dcc.Graph(id="map"),
        dcc.Graph(id="levels"),
        dcc.Graph(id="received"),
        dash_table.DataTable(id="communes"),  # type: ignore[attr-defined]
    ]
)


@callback(
    Output("shown", "children"),
    Output("headline", "children"),
    Output("map", "figure"),
    Output("levels", "figure"),
    Output("received", "figure"),
    Output("communes", "data"),
    Input("day", "value"),
)
def show_day(day: str) -> tuple[Any, ...]:
    """Everything on the page, for one of the days."""
    rows = FIGURES[FIGURES["day"] == day]
    return (
        f"Số liệu ngày {day}",
        [html.Div(f"{name}: {value}") for name, value in summarise_day(rows).items()],
        draw_map(rows, OUTLINES),
        draw_levels(FIGURES, day),
        draw_received(rows),
        rows[TABLE_COLUMNS].to_dict("records"),
    )
