"""What lists of single dossiers tell beyond counts: which procedures are late, and who accepted for
whom else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from dashboard import text
from dashboard.web.documents.downloads import CsvTable

LINES_SHOWN: Final = 10
NO_PROCEDURE_CODE: Final = "không ghi mã"


def describe_procedures(procedures: pd.DataFrame) -> dict[str, Any] | None:
    """`title`, and `rows` of store.dossiers.fetch_procedures in words; None where no list told."""
    if procedures.empty:
        return None
    late = procedures[procedures["late"] > 0]
    coded = procedures["procedure_code"].notna()
    title = (
        f"{text.format_part(len(late[late['procedure_code'].notna()]), coded.sum())} thủ tục có hồ "
        "sơ quá hạn"
    )
    return {
        "title": title,
        "rows": [
            {
                "code": _name_procedure(row.procedure_code),
                "received": text.format_number(row.received),
                "resolved": text.format_number(row.resolved),
                "resolved_late": text.format_number(row.resolved_late),
                "open_overdue": text.format_part(row.open_overdue, row.open),
                "share": text.format_share(int(row.late), of=int(row.received)),
            }
            for row in procedures.head(LINES_SHOWN).itertuples()
        ],
        "more": max(0, len(procedures) - LINES_SHOWN),
    }


def _name_procedure(code: Any) -> str:
    return NO_PROCEDURE_CODE if pd.isna(code) else str(code)


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


def tabulate_procedures(procedures: pd.DataFrame) -> CsvTable:
    """Every procedure of the period."""
    head = (
        *("Mã thủ tục", "Tiếp nhận", "Đã giải quyết", "Giải quyết quá hạn"),
        *("Đang giải quyết", "Đang quá hạn"),
    )
    columns = ("received", "resolved", "resolved_late", "open", "open_overdue")
    codes: Sequence[str] = [_name_procedure(code) for code in procedures["procedure_code"]]
    rows = zip(codes, *(procedures[name].tolist() for name in columns), strict=True)
    return CsvTable(head, [list(row) for row in rows])


def tabulate_handovers(handovers: pd.DataFrame, names: Mapping[str, str]) -> CsvTable:
    """Every pair of units of the period."""
    head = (*("Mã nơi nhận", "Nơi nhận", "Mã nơi giải quyết", "Nơi giải quyết", "Số hồ sơ"),)
    return CsvTable(
        head,
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
    )
