"""The page as Streamlit has it: the script runs anew for every chosen day."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).parents[2]))

from tools.peers.figures import (
    TABLE_COLUMNS,
    draw_levels,
    draw_map,
    draw_received,
    read_figures,
    read_outlines,
    summarise_day,
)

figures = st.cache_data(read_figures)()
outlines = st.cache_data(read_outlines)()
days = sorted(figures["day"].unique())
day = st.select_slider("Ngày", days, days[-1])
rows = figures[figures["day"] == day]

st.header(f"Số liệu ngày {day}", anchor=False)
for column, (name, value) in zip(st.columns(5), summarise_day(rows).items(), strict=True):
    column.metric(name, value)
st.plotly_chart(draw_map(rows, outlines))
st.plotly_chart(draw_levels(figures, day))
st.plotly_chart(draw_received(rows))
st.dataframe(rows[TABLE_COLUMNS])
