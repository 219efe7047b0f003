"""/to-cong-tac/viec-hua in words: how many promises stand how, and each as a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard import text
from dashboard.indicators.field.follow_ups import (
    FollowUp,
    FollowUpState,
    count_follow_up_states,
)
from dashboard.indicators.report import Report
from dashboard.measures import MEASURES
from dashboard.web.documents.downloads import (
    CellType,
    DownloadTable,
    TableColumn,
    build_unit_columns,
    explain_indicator,
)
from dashboard.web.words.follow_ups import STATE_WORDS, tell_evidence, tell_target


def tell_page_title(follow_ups: Sequence[FollowUp]) -> str:
    """`34 việc hứa quá hạn, 4 mở lại; 3 trong hạn, 50 đã thực hiện`."""
    if not follow_ups:
        return "Chưa có việc hứa nào"
    counts = count_follow_up_states(follow_ups)
    overdue = counts[FollowUpState.OVERDUE]
    first = (
        f"{text.format_number(overdue)} việc hứa quá hạn"
        if overdue
        else "Không việc hứa nào quá hạn"
    )
    reopened = counts[FollowUpState.REOPENED]
    if reopened:
        first += f", {text.format_number(reopened)} mở lại"
    kept = f"{text.format_number(counts[FollowUpState.KEPT])} đã thực hiện"
    still_open = counts[FollowUpState.OPEN]
    if still_open:
        kept = f"{text.format_number(still_open)} trong hạn, {kept}"
    return f"{first}; {kept}"


def list_state_counts(follow_ups: Sequence[FollowUp]) -> list[tuple[str, str, int]]:
    """Code, word and number of each state; they add up to all."""
    counts = count_follow_up_states(follow_ups)
    return [(str(state), STATE_WORDS[state], counts[state]) for state in FollowUpState]


def describe_follow_up(report: Report, follow_up: FollowUp) -> dict[str, Any]:
    """One row of the table."""
    days_over = (report.today - follow_up.due_on).days
    return {
        "id": follow_up.follow_up_id,
        "code": follow_up.commune_code,
        "name": str(report.communes.at[follow_up.commune_code, "name"]),
        "state": str(follow_up.state),
        "word": STATE_WORDS[follow_up.state],
        "what": follow_up.what,
        "target": tell_target(follow_up),
        "owner": follow_up.owner,
        "promised_on": follow_up.promised_on,
        "due_on": follow_up.due_on,
        "days_over": f"quá {text.format_number(days_over)} ngày"
        if follow_up.state is FollowUpState.OVERDUE
        else "",
        "evidence": f"{follow_up.withdrawn_reason} ({text.format_day(follow_up.since)})"
        if follow_up.state is FollowUpState.WITHDRAWN
        else tell_evidence(follow_up),
        "file": follow_up.evidence.file_name
        if follow_up.evidence and follow_up.state is not FollowUpState.WITHDRAWN
        else "",
        "may_withdraw": follow_up.state not in {FollowUpState.KEPT, FollowUpState.WITHDRAWN},
    }


def tabulate_follow_ups(report: Report, follow_ups: Sequence[FollowUp]) -> DownloadTable:
    """The promises as a file, in the order of the page."""
    code_column, name_column = build_unit_columns()
    columns = (
        TableColumn("Mã đơn vị", code_column.meaning, CellType.CODE),
        name_column,
        TableColumn("Tình trạng", explain_indicator("follow_up_state")),
        TableColumn("Việc hứa", "Việc mà cơ quan đã hứa, như được ghi"),
        TableColumn("Tiêu chí", "Số liệu cho thấy việc hứa đã xong hay chưa"),
        TableColumn("Mức phải đạt", "Từ mức này trở lên là đã thực hiện", CellType.NUMBER),
        TableColumn("Cơ quan hứa", "Cơ quan chịu trách nhiệm"),
        TableColumn("Ngày hứa", "Chỉ số liệu sau ngày này mới là bằng chứng", CellType.DAY),
        TableColumn(
            "Hạn hoàn thành", "Sau ngày này mà chưa có bằng chứng là quá hạn", CellType.DAY
        ),
        TableColumn("Từ ngày", "Ngày bắt đầu tình trạng hiện nay", CellType.DAY),
        TableColumn("Bằng chứng", "Số liệu quyết định tình trạng, của ai và ngày nào"),
        TableColumn("Giá trị", "Giá trị của bằng chứng", CellType.NUMBER),
        TableColumn("Tệp nguồn", "Tệp hoặc phiếu cho biết bằng chứng"),
        TableColumn("Lý do rút", "Vì sao việc hứa được rút"),
        TableColumn("Mã việc hứa", "Giữ nguyên khi gửi lại để cập nhật", CellType.CODE),
    )
    names = report.communes["name"]
    rows = [
        (
            *(follow_up.commune_code, str(names[follow_up.commune_code])),
            *(STATE_WORDS[follow_up.state], follow_up.what, MEASURES[follow_up.measure].name),
            *(follow_up.target, follow_up.owner, follow_up.promised_on, follow_up.due_on),
            *(follow_up.since, tell_evidence(follow_up)),
            *(
                (follow_up.evidence.value, follow_up.evidence.file_name)
                if follow_up.evidence
                else (None, None)
            ),
            *(follow_up.withdrawn_reason or None, follow_up.follow_up_id),
        )
        for follow_up in follow_ups
    ]
    return DownloadTable(columns, rows, "Việc hứa của các cơ quan")
