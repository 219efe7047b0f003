"""Where teams go on which day: a team and day a row, its communes in the order of the way."""

from __future__ import annotations

from datetime import date

from dashboard import text
from dashboard.batch import TEAM_DAY_COLUMNS, Batch
from dashboard.messages import write_message
from dashboard.sources.cells import days, values
from dashboard.sources.formats.sheet import Cell, SheetRow, Unreadable
from dashboard.sources.problems import ProblemCollector
from dashboard.sources.recognise import state_rows
from dashboard.sources.recognise.file_kinds import FileKind, ImportContext
from dashboard.sources.recognise.headings import FileField
from dashboard.sources.recognise.table import SheetTable

_MOST_TEAM_DAYS = 50_000
_STATES = {
    "đi": "planned",
    "theo lịch": "planned",
    "planned": "planned",
    "hủy": "called_off",
    "bỏ": "called_off",
    "called_off": "called_off",
}


def read_day_state(cell: Cell) -> str | None:
    """Whether a day of a team stands or was called off. Raises Unreadable."""
    written = values.read_words(cell)
    if not written:
        return None
    state = _STATES.get(text.normalize_text(written).lower())
    if state is None:
        raise Unreadable(
            write_message("không rõ còn đi hay đã hủy"),
            write_message('hãy ghi "theo lịch" hoặc "hủy"'),
        )
    return state


_FIELDS = (
    FileField("province", "Tỉnh | Tỉnh, thành phố | province", values.read_words),
    FileField("day_id", "Mã lịch | Mã ngày đi | day_id"),
    FileField("team_id", "Mã tổ | Mã tổ công tác | team_id"),
    FileField("team", "Tên tổ | Tên tổ công tác | Tổ công tác | Tổ cơ động | Tổ | team"),
    FileField("goes_on", "Ngày đi | Ngày tổ đi | goes_on", days.read_day),
    FileField(
        "communes", "Nơi đến | Các nơi đến | Đơn vị đến | Các đơn vị theo thứ tự đi | communes"
    ),
    FileField("state", "Tình trạng lịch | state", read_day_state),
)


def read_team_days(table: SheetTable, context: ImportContext) -> list[Batch]:
    """One batch per province."""
    return state_rows.read_states(
        table,
        context,
        KIND.code,
        "team_days",
        TEAM_DAY_COLUMNS,
        _read_team_day,
        most_rows=_MOST_TEAM_DAYS,
    )


def _read_team_day(
    table: SheetTable, row: SheetRow, province: str, problems: ProblemCollector
) -> tuple[str, str, date, str, str] | None:
    goes_on = state_rows.read_planned_day(row, "goes_on", problems)
    team = state_rows.read_plain_words(table, row, "team", 120) or ""
    if goes_on is None or not (team or table.cell(row, "team_id")):
        problems.add(
            write_message("không rõ tổ nào, ngày nào"),
            write_message("hãy ghi tên tổ và ngày đi"),
            row,
        )
        return None
    team_id = state_rows.read_state_id(table, row, "team_id", province, team)
    state = problems.read(row, "state")
    return (
        state_rows.read_state_id(table, row, "day_id", team_id, goes_on),
        team_id,
        goes_on,
        state_rows.read_communes(table, row, "communes", province, problems),
        state or "planned",
    )


KIND = FileKind(
    code="team_days",
    fields=_FIELDS,
    required_fields=((1, ("team", "team_id")), (1, ("goes_on",)), (1, ("communes",))),
    read=read_team_days,
    excluding_headings=("Mã hồ sơ", "Chủ hồ sơ", "Tiêu chí", "Ngày kiểm tra"),
)
