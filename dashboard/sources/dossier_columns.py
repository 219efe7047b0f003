"""What a dossier list's columns may be called, and which columns are never read: those that may hold a person."""

from __future__ import annotations

import re

from dashboard import text
from dashboard.sources import communes
from dashboard.sources.headings import Field
from dashboard.sources.table import Table

# A column that may hold a person is not read, whatever else its heading says.
_PERSONAL = re.compile(
    r"\b(?:nguoi|ho ten|ho va ten|ho dem|chu ho so|to chuc|ca nhan|cong dan|doanh nghiep|cccd|cmnd|cmt|cmtnd|can cuoc"
    r"|dinh danh ca nhan|chung minh|ho chieu|dien thoai|sdt|dt|mobile|phone|email|e mail|thu dien tu|dia chi|noi o"
    r"|thuong tru|tam tru|ngay sinh|nam sinh|sinh ngay|gioi tinh|dan toc|ma so thue|mst|tai khoan|can bo|chuyen vien"
    r"|cong chuc|ghi chu|noi dung|trich yeu)\b"
)
FIELDS = (
    Field("code", "Mã hồ sơ | Số hồ sơ | Mã số hồ sơ | Mã HS | Mã biên nhận | Số biên nhận | Mã hồ sơ TTHC"
          "| Số biên nhận hồ sơ | dossier code"),
    Field("procedure_code", "Mã TTHC | Mã thủ tục | Mã thủ tục hành chính | Mã số TTHC | Mã TT | Mã số thủ tục"
          "| procedure code"),
    Field("commune", "Đơn vị tiếp nhận | Cơ quan tiếp nhận | Nơi tiếp nhận | Đơn vị tiếp nhận hồ sơ"
          f"| Nơi tiếp nhận hồ sơ | Cơ quan tiếp nhận hồ sơ | Tên đơn vị tiếp nhận | {communes.FIELDS[0].headings}"),
    Field("commune_code", f"Mã đơn vị tiếp nhận | Mã cơ quan tiếp nhận | Mã định danh đơn vị tiếp nhận | Mã định danh"
          f"| Mã định danh đơn vị | Mã cơ quan | {communes.FIELDS[1].headings}"),
    communes.FIELDS[2],
    Field("deciding", "Đơn vị giải quyết | Cơ quan giải quyết | Đơn vị xử lý | Cơ quan xử lý | Cơ quan thực hiện"
          "| Đơn vị thực hiện | Đơn vị thụ lý | Cơ quan thụ lý | Đơn vị giải quyết hồ sơ | Nơi giải quyết"
          "| Cơ quan có thẩm quyền giải quyết | Đơn vị xử lý hồ sơ | Đơn vị xử lý chính | Đơn vị chủ trì giải quyết"),
    Field("received_at", "Ngày tiếp nhận | Ngày nhận | Ngày giờ tiếp nhận | Thời gian tiếp nhận | Thời điểm tiếp nhận"
          "| Ngày nhận hồ sơ | Ngày tiếp nhận hồ sơ | Ngày, giờ tiếp nhận | Thời gian nhận | received at"),
    Field("submitted_at", "Ngày nộp | Ngày nộp hồ sơ | Thời gian nộp | Ngày gửi | Ngày đăng ký"),
    Field("due", "Ngày hẹn trả | Ngày hẹn trả kết quả | Ngày hẹn | Hẹn trả | Hạn trả | Hạn xử lý | Hạn giải quyết"
          "| Ngày hẹn trả KQ | Thời hạn trả | Hạn trả kết quả | Thời hạn trả kết quả | Thời gian hẹn trả | due"),
    Field("finished_at", "Ngày kết thúc xử lý | Ngày kết thúc | Ngày hoàn thành | Ngày xử lý xong | Ngày có kết quả"
          "| Ngày giải quyết xong | Thời gian kết thúc xử lý | Ngày hoàn thành xử lý | Thời điểm kết thúc | finished at"
          "| Ngày hoàn tất | Ngày kết thúc giải quyết | Thời gian hoàn thành"),
    Field("returned_at", "Ngày trả kết quả | Ngày trả | Ngày trả KQ | Thời gian trả kết quả"),
    Field("state", "Trạng thái | Tình trạng | Trạng thái hồ sơ | Trạng thái xử lý | Tình trạng hồ sơ | state"
          "| Tình trạng xử lý | Tình trạng giải quyết | Trạng thái giải quyết"),
    Field("channel", "Hình thức tiếp nhận | Hình thức nộp | Hình thức nộp hồ sơ | Kênh tiếp nhận | Kênh nộp | channel"
          "| Phương thức tiếp nhận | Phương thức nộp | Nguồn tiếp nhận | Cách thức nộp | Hình thức nhận hồ sơ"),
    Field("digitised", "Số hóa thành phần hồ sơ | Số hóa | Số hóa hồ sơ | Số hóa TPHS | Hồ sơ số hóa"
          "| Số hóa thành phần HS | Số hóa khi tiếp nhận"),
)  # fmt: skip
# Fields with few different texts, each of which is understood once.
GROUPED = frozenset({"procedure_code", "commune", "commune_code", "deciding", "state", "channel", "digitised"})
MOMENTS = ("received_at", "submitted_at", "due", "finished_at", "returned_at")
NEEDS = (
    (1, ("code",)),
    (1, ("commune", "commune_code", "deciding")),
    (1, ("received_at", "submitted_at")),
    (1, ("state",)),
)


def columns_to_read(table: Table) -> dict[str, int]:
    """Field to the place of its column, without any column whose heading speaks of a person.

    A list with one column of units only, the deciding ones, was accepted by them too.
    """
    found = {
        name: column.index
        for name, column in table.head.columns.items()
        if not _PERSONAL.search(text.without_tones(column.heading))
    }
    if not {"commune", "commune_code"} & set(found) and "deciding" in found:
        found["commune"] = found.pop("deciding")
    return found
