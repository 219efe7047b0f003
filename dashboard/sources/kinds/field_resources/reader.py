"""What the province gives its communes, a thing a row: courses, seconded officials, devices, work
on certificates, electronic forms. Of people there are only numbers; a column of names is not read.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from dashboard.batch import RESOURCE_COLUMNS, RESOURCE_VARIANTS, Batch
from dashboard.messages import write_message
from dashboard.sources.cells import days, values
from dashboard.sources.formats.sheet import SheetRow, is_blank
from dashboard.sources.problems import ProblemCollector
from dashboard.sources.recognise import communes, state_rows
from dashboard.sources.recognise.file_kinds import FileKind, ImportContext
from dashboard.sources.recognise.headings import FileField
from dashboard.sources.recognise.table import SheetTable

# What a topic and a variant are called in files; the first is what a form offers.
TOPIC_WORDS = {
    "training": ("tập huấn", "khóa tập huấn", "đào tạo", "bồi dưỡng"),
    "secondment": ("biệt phái", "cán bộ biệt phái", "tăng cường"),
    "device": ("thiết bị",),
    "certificate": ("chứng thư số", "chữ ký số"),
    "form": ("biểu mẫu điện tử", "biểu mẫu"),
}
VARIANT_WORDS = {
    "bought": ("đã mua", "đã cấp", "đã trang bị"),
    "on_order": ("đang mua", "đặt mua", "đang mua sắm"),
    "broken": ("hỏng", "bị hỏng", "hư hỏng"),
    "issue": ("cấp mới", "cấp"),
    "change": ("thay đổi thông tin", "thay đổi"),
    "unlock": ("mở khóa",),
}
_MOST_ROWS = 50_000
_MOST_AMOUNT = 1_000_000
_MOST_OF_WORDS = 200

_FIELDS = (
    *communes.COMMUNE_FIELDS,
    FileField("resource_id", "Mã nguồn lực | resource_id"),
    FileField("topic", "Loại nguồn lực | topic", values.read_words),
    FileField(
        "what",
        "Nội dung nguồn lực | Khóa tập huấn, chuyên môn, thiết bị, biểu mẫu | what",
        values.read_words,
    ),
    FileField(
        "variant",
        "Tình trạng nguồn lực | Tình trạng thiết bị, chứng thư | variant",
        values.read_words,
    ),
    FileField(
        "quantity",
        "Số lượng nguồn lực | Số lượng | quantity",
        values.read_count,
    ),
    FileField(
        "done",
        "Số đã thực hiện | Đã thực hiện | done",
        values.read_count,
    ),
    FileField(
        "office", "Cơ quan cử, được mời hoặc thực hiện | Cơ quan | office", values.read_words
    ),
    FileField("began_on", "Từ ngày | Ngày bắt đầu | began_on", days.read_day),
    FileField("ended_on", "Đến ngày | Ngày kết thúc | ended_on", days.read_day),
)


def read_field_resources(table: SheetTable, context: ImportContext) -> list[Batch]:
    """One batch per province. The day of the batch is the newest on which something began."""

    def find_newest_day(resources: pd.DataFrame) -> date:
        begun = [day for day in resources["began_on"] if day <= context.today]
        return max(begun, default=context.today)

    return state_rows.read_states(
        table,
        context,
        KIND.code,
        "resources",
        RESOURCE_COLUMNS,
        _read_resource,
        most_rows=_MOST_ROWS,
        find_day=find_newest_day,
    )


def _read_resource(
    table: SheetTable, row: SheetRow, province: str, problems: ProblemCollector
) -> tuple[Any, ...] | None:
    """The row's thing; None where there is none or, with a problem noted, it is not certain."""
    commune = None
    if not (is_blank(table.cell(row, "commune")) and is_blank(table.cell(row, "commune_code"))):
        commune = communes.find_commune(province, table, row, problems)
        if commune is None:
            return None
    topic = state_rows.read_choice(table, row, "topic", TOPIC_WORDS, problems)
    what = state_rows.read_plain_words(table, row, "what", _MOST_OF_WORDS)
    quantity = problems.read(row, "quantity")
    began_on = state_rows.read_planned_day(row, "began_on", problems)
    if topic is None:
        return None
    for field, value, remedy in (
        ("what", what, write_message("hãy ghi tên khóa, chuyên môn, thiết bị hoặc biểu mẫu")),
        ("quantity", quantity, write_message("hãy ghi số lượng")),
        ("began_on", began_on, write_message("hãy ghi ngày (ngày/tháng/năm)")),
    ):
        if value is None:
            if is_blank(table.cell(row, field)):
                problems.add(write_message("để trống"), remedy, row, field)
            return None
    variant = None
    if allowed := RESOURCE_VARIANTS.get(topic):
        choices = {code: VARIANT_WORDS[code] for code in allowed}
        variant = state_rows.read_choice(table, row, "variant", choices, problems)
        if variant is None:
            return None
    done = problems.read(row, "done")
    if quantity > _MOST_AMOUNT:
        problems.add(
            write_message("lớn khác thường nên không nhận"),
            write_message("hãy kiểm tra lại"),
            row,
            "quantity",
        )
        return None
    if done is not None and done > quantity:
        problems.add(
            write_message("lớn hơn số lượng"),
            write_message("hãy sửa một trong hai số"),
            row,
            "done",
        )
        return None
    ended_on = state_rows.read_planned_day(row, "ended_on", problems)
    if ended_on is not None and began_on is not None and ended_on < began_on:
        problems.add(
            write_message("trước ngày bắt đầu"),
            write_message("hãy sửa một trong hai ngày"),
            row,
            "ended_on",
        )
        return None
    office = state_rows.read_plain_words(table, row, "office", _MOST_OF_WORDS)
    key = (topic, province, commune, what, variant, office, began_on)
    return (
        state_rows.read_state_id(table, row, "resource_id", *key),
        topic,
        commune,
        what,
        variant,
        int(quantity),
        None if done is None else int(done),
        office,
        began_on,
        ended_on,
    )


KIND = FileKind(
    code="field_resources",
    fields=_FIELDS,
    required_fields=((1, ("topic",)), (3, ("what", "quantity", "began_on"))),
    read=read_field_resources,
    excluding_headings=("Mã hồ sơ", "Chủ hồ sơ", "Tiêu chí", "Mã tài sản", "Số hiệu chứng thư"),
)
