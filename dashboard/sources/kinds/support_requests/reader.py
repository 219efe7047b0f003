"""Requests for help as a file: a step a row. A row without a step is a request that was asked."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pandas as pd

from dashboard import text
from dashboard.batch import SUPPORT_STEP_COLUMNS, Batch
from dashboard.messages import write_message
from dashboard.reference import FIRST_DAY
from dashboard.sources.cells import days, values
from dashboard.sources.formats.sheet import SheetRow, is_blank
from dashboard.sources.problems import ProblemCollector
from dashboard.sources.recognise import communes, provinces, state_rows
from dashboard.sources.recognise.file_kinds import FileKind, ImportContext
from dashboard.sources.recognise.headings import FileField
from dashboard.sources.recognise.table import SheetTable

# What a step, an urgency and a way are called in files; the first is what an export's reader sees.
STEP_WORDS = {
    "asked": ("đã gửi yêu cầu", "yêu cầu", "mới"),
    "triaged": ("đã phân công", "đã tiếp nhận", "tiếp nhận"),
    "helping": ("đang hỗ trợ", "đang xử lý"),
    "mended": ("đã khắc phục", "đã xử lý"),
    "rechecked": ("đã phúc tra", "phúc tra đạt"),
    "reopened": ("mở lại", "chưa đạt"),
    "closed": ("đã đóng", "kết thúc"),
}
URGENCY_WORDS = {
    "stopped": ("ngừng tiếp nhận", "khẩn", "rất gấp"),
    "hindered": ("ảnh hưởng xử lý", "gấp"),
    "usual": ("bình thường", "thường"),
}
WAY_WORDS = {"remote": ("từ xa", "gọi video"), "visit": ("đến tận nơi", "tại chỗ")}
_MOST_OF_WORDS = 500
_MOST_OF_OFFICE = 120
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FIELDS = (
    FileField("request_id", "Mã yêu cầu | request_id", values.read_words),
    *communes.COMMUNE_FIELDS,
    FileField("step", "Bước | Tình trạng yêu cầu | step", values.read_words),
    FileField(
        "stepped_at",
        "Thời điểm yêu cầu | Ngày yêu cầu | Thời điểm bước | Ngày gửi yêu cầu | stepped_at",
        days.read_moment,
    ),
    FileField(
        "what",
        "Nội dung yêu cầu hỗ trợ | Nội dung yêu cầu | Nội dung cần hỗ trợ | what",
        values.read_words,
    ),
    FileField(
        "subject",
        "Phần mềm, tiêu chí | Phần mềm | Phần mềm hoặc tiêu chí | subject",
        values.read_words,
    ),
    FileField("urgency", "Mức khẩn | Mức độ khẩn | urgency", values.read_words),
    FileField(
        "office", "Cơ quan liên hệ | Cơ quan phụ trách | Cơ quan hỗ trợ | office", values.read_words
    ),
    FileField("way", "Cách hỗ trợ | Hình thức hỗ trợ | way", values.read_words),
    FileField("account", "Ghi bởi | Cơ quan ghi | account", values.read_words),
    FileField("note", "Kết quả hỗ trợ | Ghi chú | note", values.read_words),
)


def read_support_requests(table: SheetTable, context: ImportContext) -> list[Batch]:
    """One batch per province; the day of the figures is that of the newest step."""
    rows = list(table.rows(communes.MOST_COMMUNE_ROWS))
    batches = []
    for province, province_rows in provinces.split_rows_by_province(table, rows, context).items():
        problems = ProblemCollector(table)
        steps: dict[tuple[Any, ...], dict[str, Any]] = {}
        for row in province_rows:
            step = _read_step(table, row, province, context, problems)
            if step is None:
                continue
            key = (step["request_id"], step["step"], step["stepped_at"])
            if steps.setdefault(key, step) is not step:
                problems.add(
                    write_message("ghi lại một bước đã có"),
                    write_message("hãy bỏ bớt một dòng"),
                    row,
                    "what",
                )
        newest = max((step["stepped_at"] for step in steps.values()), default=None)
        batches.append(
            context.make_batch(
                KIND.code,
                province,
                newest or context.as_of or context.today,
                len(province_rows),
                support_steps=pd.DataFrame(
                    list(steps.values()), columns=SUPPORT_STEP_COLUMNS, dtype=object
                ),
                problems=problems.all(),
            )
        )
    return batches


def _read_step(
    table: SheetTable,
    row: SheetRow,
    province: str,
    context: ImportContext,
    problems: ProblemCollector,
) -> dict[str, Any] | None:
    """The row's step; None where there is none, or (with a problem noted) it is not certain."""
    commune = communes.find_commune(province, table, row, problems)
    if commune is None:
        return None
    step = state_rows.read_choice(table, row, "step", STEP_WORDS, problems, otherwise="asked")
    what = state_rows.read_plain_words(table, row, "what", _MOST_OF_WORDS)
    if step is None or (step == "asked" and not what):
        if step == "asked" and not is_blank(table.cell(row, "stepped_at")):
            problems.add(
                write_message("để trống"), write_message("hãy ghi cần hỗ trợ việc gì"), row, "what"
            )
        return None
    moment = _read_moment(table, row, context, problems)
    urgency = state_rows.read_choice(
        table, row, "urgency", URGENCY_WORDS, problems, otherwise="usual"
    )
    way = state_rows.read_choice(table, row, "way", WAY_WORDS, problems, otherwise="")
    if moment is None or urgency is None or way is None:
        return None
    number = (values.read_words(table.cell(row, "request_id")) or "").lower()
    if (number and not _ID.fullmatch(number)) or (not number and step != "asked"):
        problems.add(
            write_message("không phải mã mà bảng theo dõi đã cấp"),
            write_message("hãy giữ đúng mã đã xuất ra; yêu cầu mới thì để trống"),
            row,
            "request_id",
        )
        return None
    words = text.make_spelling_key(what or "")
    return {
        "request_id": number
        or str(uuid5(NAMESPACE_URL, f"support|{commune}|{moment:%Y-%m-%dT%H:%M}|{words}")),
        "commune_code": commune,
        "step": step,
        "stepped_at": moment,
        "what": what,
        "subject": state_rows.read_plain_words(table, row, "subject", _MOST_OF_OFFICE),
        "urgency": urgency if step == "asked" else None,
        "office": state_rows.read_plain_words(table, row, "office", _MOST_OF_OFFICE),
        "way": way or None,
        "account": state_rows.read_plain_words(table, row, "account", _MOST_OF_OFFICE) or "tệp",
        "note": state_rows.read_plain_words(table, row, "note", _MOST_OF_WORDS),
    }


def _read_moment(
    table: SheetTable, row: SheetRow, context: ImportContext, problems: ProblemCollector
) -> datetime | None:
    read = problems.read(row, "stepped_at")
    if read is None:
        if is_blank(table.cell(row, "stepped_at")):
            problems.add(
                write_message("để trống"),
                write_message("hãy ghi ngày giờ, ví dụ 13/07/2026 08:30"),
                row,
                "stepped_at",
            )
        return None
    moment: datetime = read[0]
    last = datetime.combine(context.today, datetime.min.time()) + timedelta(days=1)
    if datetime.combine(FIRST_DAY, datetime.min.time()) <= moment <= last:
        return moment.replace(second=0, microsecond=0)
    message = write_message("nằm ngoài khoảng từ 01/07/2025 đến hôm nay")
    problems.add(
        message, write_message("hãy sửa ngày giờ (ngày/tháng/năm giờ:phút)"), row, "stepped_at"
    )
    return None


KIND = FileKind(
    code="support_requests",
    fields=_FIELDS,
    required_fields=(
        (1, ("commune", "commune_code")),
        (1, ("what",)),
        (1, ("stepped_at",)),
    ),
    read=read_support_requests,
    excluding_headings=(
        *("Mã hồ sơ", "Chủ hồ sơ", "Số hiệu chứng thư", "Tự đánh giá"),
        *("Hạn hoàn thành", "Ngày kiểm tra", "Ngày kê khai"),
    ),
)
