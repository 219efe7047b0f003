"""The teams of a province: a team a row, whose it is, how many go, who goes along, what it looks
after.
"""

from __future__ import annotations

from typing import Any

from dashboard.batch import TEAM_COLUMNS, Batch
from dashboard.messages import write_message
from dashboard.sources.cells import days, values
from dashboard.sources.formats.sheet import SheetRow
from dashboard.sources.problems import ProblemCollector
from dashboard.sources.recognise import state_rows
from dashboard.sources.recognise.file_kinds import FileKind, ImportContext
from dashboard.sources.recognise.headings import FileField
from dashboard.sources.recognise.table import SheetTable

_MOST_TEAMS = 2_000
_MOST_MEMBERS = 1_000

_FIELDS = (
    FileField("province", "Tỉnh | Tỉnh, thành phố | province", values.read_words),
    FileField("team_id", "Mã tổ | Mã tổ công tác | team_id"),
    FileField("name", "Tên tổ | Tên tổ công tác | Tổ công tác | Tổ cơ động | Tổ | name"),
    FileField("office", "Cơ quan lập tổ | Cơ quan chủ trì tổ | Cơ quan chủ trì | office"),
    FileField(
        "size",
        "Số người của tổ | Số thành viên | Quân số | size",
        lambda cell: values.read_count(cell, most=_MOST_MEMBERS),
    ),
    FileField("partner", "Doanh nghiệp viễn thông | Doanh nghiệp phối hợp | partner"),
    FileField(
        "communes",
        "Các đơn vị phụ trách | Địa bàn phụ trách | Xã, phường phụ trách | communes",
    ),
    FileField("ended_on", "Ngày kết thúc tổ | Ngày giải thể | ended_on", days.read_day),
)


def read_teams(table: SheetTable, context: ImportContext) -> list[Batch]:
    """One batch per province; a row without a name is told and left out."""
    return state_rows.read_states(
        table,
        context,
        KIND.code,
        "teams",
        TEAM_COLUMNS,
        _read_team,
        most_rows=_MOST_TEAMS,
    )


def _read_team(
    table: SheetTable, row: SheetRow, province: str, problems: ProblemCollector
) -> tuple[Any, ...] | None:
    name = state_rows.read_plain_words(table, row, "name", 120)
    if name is None:
        problems.add(write_message("không có tên tổ"), write_message("hãy ghi tên tổ"), row, "name")
        return None
    return (
        state_rows.read_state_id(table, row, "team_id", province, name),
        name,
        state_rows.read_plain_words(table, row, "office", 120),
        problems.read(row, "size"),
        state_rows.read_plain_words(table, row, "partner", 120),
        state_rows.read_communes(table, row, "communes", province, problems),
        state_rows.read_planned_day(row, "ended_on", problems),
    )


KIND = FileKind(
    code="teams",
    fields=_FIELDS,
    required_fields=((1, ("name",)), (2, ("office", "size", "partner", "communes"))),
    read=read_teams,
    excluding_headings=("Mã hồ sơ", "Chủ hồ sơ", "Tiêu chí", "Ngày kiểm tra", "Ngày đi"),
)
