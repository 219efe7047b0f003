"""The table of `/` to take along: the communes that it shows, in its order."""

from __future__ import annotations

from dashboard.pages.document import Asked
from dashboard.pages.downloads import Rows
from dashboard.views import overview_rows

NAME = "toan-canh"


def rows(asked: Asked) -> Rows:
    """Those of ?xa=<code>,<code>, in that order; all where none is named."""
    report = asked.reports.report(asked.view.province, asked.day, asked.version)
    columns = overview_rows.columns(report)
    place = {code: at for at, code in enumerate(report.codes)}
    named = dict.fromkeys(asked.query["xa"].split(",") if "xa" in asked.query else report.codes)
    shown = [place[code] for code in named if code in place]
    return Rows([head for head, _ in columns], [[cells[at] for _, cells in columns] for at in shown])
