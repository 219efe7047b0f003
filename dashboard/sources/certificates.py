"""Certificates: one a row with its state and last day, or counts per commune.

Who holds a certificate and its serial number are nobody's business here: the columns of holders are not
even declared, and a serial only tells, while the file is read, that two rows are one certificate.
"""

from __future__ import annotations

import re

import pandas as pd

from dashboard import text
from dashboard.batch import CERTIFICATE_COLUMNS, CERTIFICATES, Batch
from dashboard.sources import communes, days, periods, provinces, values
from dashboard.sources.certificate_rows import counts, one_a_row
from dashboard.sources.certificate_states import state
from dashboard.sources.findings import Findings
from dashboard.sources.headings import Field
from dashboard.sources.kinds import Given, Kind
from dashboard.sources.sheet import Row
from dashboard.sources.table import Table

# 3,321 communes with 60 certificates each.
MOST_ROWS = 200_000
_WORDS = "Chứng thư số | Chứng thư | CTS | Chữ ký số | CKS | Số lượng"
_IN = "hết hạn trong | sắp hết hạn trong | sắp hết hạn | hết hạn sau | hết hạn dưới"
_COMMUNE = (
    "| Đơn vị công tác | Cơ quan | Tổ chức | Cơ quan, tổ chức | Cơ quan, đơn vị | Tên cơ quan | Tên tổ chức"
    "| Tên cơ quan, đơn vị | Tên cơ quan, tổ chức | Đơn vị sử dụng | Đơn vị quản lý | Thuộc đơn vị"
)
_FIELDS = (
    Field("commune", communes.FIELDS[0].headings + _COMMUNE, values.words),
    *communes.FIELDS[1:],
    Field(
        "serial",
        "Số hiệu chứng thư | Số hiệu chứng thư số | Số hiệu CTS | Số serial | Serial | Serial number | Số seri"
        "| Mã chứng thư | Mã chứng thư số | Số hiệu",
    ),
    Field(
        "state",
        "Trạng thái | Tình trạng | Trạng thái chứng thư | Trạng thái chứng thư số | Trạng thái CTS | Status"
        "| Tình trạng chứng thư | Tình trạng chứng thư số | Tình trạng CTS | Trạng thái hoạt động | Hiện trạng"
        "| Tình trạng sử dụng | Trạng thái sử dụng",
        state,
    ),
    Field("issued", "Ngày cấp | Ngày hiệu lực | Hiệu lực từ | Có hiệu lực từ | Ngày bắt đầu | Valid from", days.day),
    Field(
        "expiry",
        "Ngày hết hạn | Ngày hết hiệu lực | Hiệu lực đến | Hiệu lực đến ngày | Có hiệu lực đến"
        "| Có giá trị đến | Giá trị đến ngày"
        "| Thời hạn | Thời hạn đến | Thời hạn hiệu lực | Hạn sử dụng | Ngày kết thúc | Ngày hết hạn chứng thư"
        "| Valid to | Expiry date | Hạn dùng | Ngày hết hạn hiệu lực | Hạn hiệu lực | Hết hạn ngày",
        days.day,
    ),
    Field("total", f"{_WORDS} > Tổng số | Đã cấp | Tổng cộng | Tổng; Tổng số | Tổng cộng", values.count),
    Field(
        "active",
        f"Đang hoạt động | Còn hiệu lực | Đang hiệu lực | Đang sử dụng; {_WORDS} > Hoạt động | Hiệu lực | Còn hiệu lực"
        "| Đang sử dụng",
        values.count,
    ),
    Field("locked", f"Bị khóa | Khóa | Tạm dừng | Tạm khóa; {_WORDS} > Bị khóa | Khóa | Tạm khóa", values.count),
    Field("revoked", f"Thu hồi | Bị thu hồi | Đã hủy; {_WORDS} > Thu hồi | Bị thu hồi", values.count),
    Field("expired", f"Hết hạn | Hết hiệu lực | Quá hạn; {_WORDS} > Hết hạn | Hết hiệu lực", values.count),
    Field("expiring_30", f"{_IN} > 30 ngày | 30 ngày tới | 1 tháng; {_WORDS} > Sắp hết hạn 30 ngày", values.count),
    Field("expiring_60", f"{_IN} > 60 ngày | 60 ngày tới | 2 tháng; {_WORDS} > Sắp hết hạn 60 ngày", values.count),
)  # fmt: skip
_DEPARTMENT = re.compile(r"^(?:sở|ban|văn phòng ubnd tỉnh|thanh tra|chi cục|công an|tỉnh ủy|tỉnh uỷ)\s", re.IGNORECASE)


def read(table: Table, given: Given) -> list[Batch]:
    """One batch per province: counts per commune. Raises FileRefused without as-of or province."""
    as_of = periods.as_of(given, table.head.titles)
    everything = list(table.rows(MOST_ROWS))
    rows = [row for row in everything if not _is_department(table, row)]
    batches = []
    for province, own in provinces.rows_by_province(table, rows, given).items():
        findings = Findings(table)
        findings.warn_of_future(as_of.date(), given.today)
        if len(rows) < len(everything):
            message = f"{text.number(len(everything) - len(rows))} dòng là của sở, ban, ngành; không tính vào xã nào"
            findings.add(message, "không cần làm gì nếu đúng như vậy; hãy kiểm tra lại nếu không", severity="warning")
        if table.has("state"):
            told = one_a_row(table, own, province, as_of.date(), findings)
        else:
            told = counts(table, own, province, findings)
        lines = [
            (code, as_of.date(), *(float("nan") if name in one.untold else float(one.counts[name])
                                   for name in CERTIFICATES))
            for code, one in told.items()
        ]  # fmt: skip
        batches.append(
            Batch(given.file_name, given.sha256, KIND.code, province, as_of, len(own),
                  certificates=pd.DataFrame(lines, columns=CERTIFICATE_COLUMNS), problems=findings.all())
        )  # fmt: skip
    return batches


def _is_department(table: Table, row: Row) -> bool:
    return bool(_DEPARTMENT.match(text.normal(str(table.cell(row, "commune") or ""))))


KIND = Kind(
    code="certificates",
    name="danh sách chứng thư số",
    fields=_FIELDS,
    needs=(
        (1, ("commune", "commune_code")),
        (1, ("state", "active", "locked")),
        (1, ("expiry", "serial", "expired", "revoked", "locked")),
    ),
    read=read,
    never=("Mã hồ sơ", "Chủ hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", "Tiếp nhận", "Trước hạn", "Cần", "Ngày kiểm tra"),
    telling="đến",
)
