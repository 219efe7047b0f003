"""What lists of single dossiers tell beyond counts: what falls due when, which procedures and which
of their fields are late, and who accepted for whom else.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import pandas as pd

from dashboard import text
from dashboard.indicators.throughput.periods import Period
from dashboard.indicators.throughput.single_dossiers import DONE_WITHIN_DAYS, DUE_HORIZONS
from dashboard.web.documents.downloads import CellType, DownloadTable, TableColumn
from dashboard.web.dossiers.words import choose_shade
from dashboard.web.words.dossiers import INCOMPLETE
from dashboard.web.words.headline import tell_part_of_communes
from dashboard.web.words.period_names import format_period_ends

LINES_SHOWN: Final = 10
NO_PROCEDURE_CODE: Final = "không ghi mã"
NO_FIELD: Final = "không ghi lĩnh vực"


# Dossiers against time: what falls due when, and what share of a week's was done after how long.

RISKS = {"overdue": "Đã quá hạn", "due_today": "Hết hạn trong ngày"} | {
    f"due_within_{days}": f"Trong {days} ngày làm việc" for days in DUE_HORIZONS
}


def list_communes_at_risk(
    frame: pd.DataFrame, names: list[str], list_day: date
) -> dict[str, Any] | None:
    """Communes with dossiers that are overdue or fall due within three working days, the most
    pressing first.

    `frame`: Report.at_risk per commune, in the order of `names`, as of `list_day`. None where no
    list of dossiers was told.
    """
    if frame["open"].isna().all():
        return None
    pressing = frame.assign(name=names)[
        (frame["overdue"] > 0) | (frame[f"due_within_{DUE_HORIZONS[-1]}"] > 0)
    ]
    order = [f"due_within_{DUE_HORIZONS[0]}", f"due_within_{DUE_HORIZONS[-1]}", "overdue"]
    pressing = pressing.sort_values(order, ascending=False, kind="stable")
    total = frame.sum(min_count=1)
    told = int(frame["open"].notna().sum())
    overdue, near = (
        text.format_number(total[code]) for code in ("overdue", f"due_within_{DUE_HORIZONS[-1]}")
    )
    return {
        "title": f"{overdue} hồ sơ quá hạn, {near} đến hạn trong {DUE_HORIZONS[-1]} ngày làm việc "
        f"tính từ {text.format_day(list_day)}",
        "day": list_day,
        "area": tell_part_of_communes(told, len(names)) or "cấp xã",
        "total": {
            code: text.format_number(total[code])
            for code in [*RISKS, "open", "no_due_date", "paused"]
        },
        "rows": [
            {
                "code": code,
                "name": row["name"],
                **{risk: text.format_number(row[risk]) for risk in [*RISKS, "open"]},
            }
            for code, row in pressing.iterrows()
        ],
    }


def list_resolution_cohorts(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Weeks of reception, newest first: how many came in, and per limit the share done by then (0
    to 1) in words.
    """
    rows = []
    for week, row in frame.iloc[::-1].iterrows():
        monday = week.date()
        shares = [row[f"within_{limit}"] for limit in DONE_WITHIN_DAYS]
        rows.append(
            {
                "week": format_period_ends(Period(monday, monday + pd.Timedelta(days=6))),
                "received": text.format_number(row["received"]),
                "cells": [
                    {
                        "words": _format_share_done(share_done),
                        "step": choose_shade(share_done, 1.0),
                    }
                    for share_done in shares
                ],
            }
        )
    return rows


def _format_share_done(share: float) -> str:
    return INCOMPLETE if math.isnan(share) else text.format_percent(share, 0)


# Dossiers by procedure, field and unit.


def describe_procedures(procedures: pd.DataFrame) -> dict[str, Any] | None:
    """`title`, and `rows` of store.dossiers.fetch_procedures in words; None where no list told."""
    return _describe_late(procedures, "procedure_code", "thủ tục", NO_PROCEDURE_CODE)


def describe_fields(fields: pd.DataFrame) -> dict[str, Any] | None:
    """As `describe_procedures`, of store.dossiers.fetch_fields."""
    return _describe_late(fields, "field", "lĩnh vực", NO_FIELD)


def _describe_late(groups: pd.DataFrame, column: str, noun: str, no_name: str) -> Any:
    if groups.empty:
        return None
    named = groups[groups[column].notna()]
    late = int((named["late"] > 0).sum())
    return {
        "title": f"{text.format_part(late, len(named))} {noun} có hồ sơ quá hạn",
        "rows": [
            {
                "name": no_name if pd.isna(getattr(row, column)) else str(getattr(row, column)),
                "received": text.format_number(row.received),
                "resolved": text.format_number(row.resolved),
                "resolved_late": text.format_number(row.resolved_late),
                "open_overdue": text.format_part(row.open_overdue, row.open),
                "share": text.format_share(int(row.late), of=int(row.received)),
            }
            for row in groups.head(LINES_SHOWN).itertuples()
        ],
        "more": int(groups[column][LINES_SHOWN:].notna().sum()),
    }


def describe_handovers(
    handovers: pd.DataFrame, names: Mapping[str, str], received: int
) -> dict[str, Any]:
    """How many of the dossiers `received` are decided elsewhere, and `rows`: from whom to whom."""
    return {
        "title": f"{text.format_part(handovers['dossiers'].sum(), received)} hồ sơ nhận ở một nơi, "
        "giải quyết ở nơi khác",
        "rows": [
            {
                "accepting": names.get(row.accepting_unit, row.accepting_unit),
                "deciding": names.get(row.deciding_unit, row.deciding_unit),
                "dossiers": text.format_number(row.dossiers),
            }
            for row in handovers.head(LINES_SHOWN).itertuples()
        ],
        "more": max(0, len(handovers) - LINES_SHOWN),
    }


def tabulate_procedures(procedures: pd.DataFrame, source: str) -> DownloadTable:
    """Every procedure of the period."""
    column = TableColumn("Mã thủ tục", "Mã thủ tục hành chính của hồ sơ", CellType.CODE)
    named = procedures["procedure_code"].fillna(NO_PROCEDURE_CODE)
    return _tabulate_late(procedures, named, column, "Hồ sơ theo thủ tục", source)


def tabulate_fields(fields: pd.DataFrame, source: str) -> DownloadTable:
    """Every field of the period."""
    column = TableColumn("Lĩnh vực", "Lĩnh vực của thủ tục hành chính")
    named = fields["field"].fillna(NO_FIELD)
    return _tabulate_late(fields, named, column, "Hồ sơ theo lĩnh vực", source)


def _tabulate_late(
    groups: pd.DataFrame, named: pd.Series, column: TableColumn, title: str, source: str
) -> DownloadTable:
    columns = {
        "received": TableColumn("Tiếp nhận", "Hồ sơ tiếp nhận trong kỳ", CellType.NUMBER),
        "resolved": TableColumn(
            "Đã giải quyết", "Trong số tiếp nhận, đã có kết quả", CellType.NUMBER
        ),
        "resolved_late": TableColumn(
            "Giải quyết quá hạn", "Trong số đã giải quyết, xong sau ngày hẹn trả", CellType.NUMBER
        ),
        "open": TableColumn("Đang giải quyết", "Trong số tiếp nhận, chưa xong", CellType.NUMBER),
        "open_overdue": TableColumn(
            "Đang quá hạn", "Trong số đang giải quyết, đã qua ngày hẹn trả", CellType.NUMBER
        ),
    }
    rows = zip(named.tolist(), *(groups[name].tolist() for name in columns), strict=True)
    return DownloadTable([column, *columns.values()], [list(row) for row in rows], title, source)


def tabulate_handovers(
    handovers: pd.DataFrame, names: Mapping[str, str], source: str
) -> DownloadTable:
    """Every pair of units of the period."""
    return DownloadTable(
        (
            TableColumn("Mã nơi nhận", "Mã đơn vị nhận hồ sơ", CellType.CODE),
            TableColumn("Nơi nhận", "Đơn vị nhận hồ sơ"),
            TableColumn("Mã nơi giải quyết", "Mã đơn vị có thẩm quyền giải quyết", CellType.CODE),
            TableColumn("Nơi giải quyết", "Đơn vị có thẩm quyền giải quyết"),
            TableColumn("Số hồ sơ", "Hồ sơ nhận ở nơi này, giải quyết ở nơi kia", CellType.NUMBER),
        ),
        [
            [
                row.accepting_unit,
                names.get(row.accepting_unit, ""),
                row.deciding_unit,
                names.get(row.deciding_unit, ""),
                int(row.dossiers),
            ]
            for row in handovers.itertuples()
        ],
        "Hồ sơ nhận ở một nơi, giải quyết ở nơi khác",
        source,
    )
