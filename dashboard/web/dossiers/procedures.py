"""What lists of single dossiers tell beyond counts: which procedures and which of
their fields are late, and who accepted for whom else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from dashboard import text
from dashboard.web.documents.downloads import CellType, DownloadTable, TableColumn

LINES_SHOWN: Final = 10
NO_PROCEDURE_CODE: Final = "không ghi mã"
NO_FIELD: Final = "không ghi lĩnh vực"


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
