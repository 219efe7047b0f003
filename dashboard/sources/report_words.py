"""What the columns of a dossier report may be called, and which of its numbers must add up.

"Đã" and "đang" tell resolved from open here; elsewhere such words say nothing (`Kind.telling`).
"""

from __future__ import annotations

from dashboard.sources import communes, values
from dashboard.sources.headings import Field

_IN = "Số lượng hồ sơ tiếp nhận | Tiếp nhận | Số hồ sơ đã tiếp nhận | Đã tiếp nhận | Số hồ sơ nhận giải quyết"
_NEW = (
    "Trong kỳ | Tiếp nhận trong kỳ | Phát sinh trong kỳ | Tiếp nhận mới | Mới tiếp nhận | Hồ sơ mới | Tiếp nhận mới"
    " trong kỳ | Hồ sơ tiếp nhận trong kỳ | Số mới tiếp nhận | Mới tiếp nhận trong kỳ | Hồ sơ tiếp nhận mới"
)
_DONE = (
    "Số lượng hồ sơ đã giải quyết | Đã giải quyết | Kết quả giải quyết | Hồ sơ giải quyết | Đã xử lý | Hồ sơ đã xử lý"
    "| Giải quyết | Đã giải quyết xong | Kết quả giải quyết hồ sơ | Hồ sơ đã giải quyết xong"
)
_OPEN = (
    "Số lượng hồ sơ đang giải quyết | Đang giải quyết | Hồ sơ đang xử lý | Đang xử lý | Chưa giải quyết"
    "| Hồ sơ chưa giải quyết | Chưa giải quyết xong | Hồ sơ đang trong quá trình giải quyết"
)
_PAUSED = (
    "Tạm dừng | Hồ sơ tạm dừng | Tạm dừng giải quyết | Hồ sơ tạm dừng giải quyết | Tạm dừng xử lý | Đang tạm dừng"
    "| Hồ sơ tạm dừng xử lý | Hồ sơ đang tạm dừng | Dừng xử lý | Tạm dừng, bổ sung | Tạm dừng, chờ bổ sung"
    "| Yêu cầu bổ sung, tạm dừng | Tạm dừng, yêu cầu bổ sung | Tạm dừng, dừng xử lý | Tạm dừng, chờ bổ sung hồ sơ"
)
_LATE = "Quá hạn | Trễ hạn | Muộn hạn | Bị quá hạn | Chậm hạn"
_IN_TERM = "Trong hạn | Chưa đến hạn | Còn hạn | Còn trong hạn | Chưa quá hạn"
HEADINGS = {
    "received": f"{_IN}; Tổng tiếp nhận; Tổng số hồ sơ",
    "in_period": f"{_NEW}; {_IN} > {_NEW}",
    "received_online": f"Trực tuyến | Nộp trực tuyến | Qua mạng | Tiếp nhận trực tuyến; {_IN} > Trực tuyến | Qua mạng;"
    f"{_NEW} > Trực tuyến | Qua mạng",
    "received_other": "Trực tiếp, dịch vụ bưu chính | Trực tiếp, bưu chính | Trực tiếp, BCCI | Trực tiếp hoặc BCCI"
    "| Trực tiếp hoặc bưu chính | Trực tiếp, bưu chính công ích | Trực tiếp hoặc qua dịch vụ bưu chính"
    "| Trực tiếp, dịch vụ bưu chính công ích | Trực tiếp, dịch vụ BCCI | Trực tiếp, qua dịch vụ bưu chính",
    "received_in_person": f"Trực tiếp | Nộp trực tiếp | Tiếp nhận trực tiếp; {_NEW} > Trực tiếp; {_IN} > Trực tiếp",
    "received_post": "Bưu chính | BCCI | Bưu chính công ích | Dịch vụ bưu chính | Dịch vụ bưu chính công ích"
    "| Dịch vụ BCCI | Qua BCCI | Qua bưu chính | Qua dịch vụ bưu chính | Qua dịch vụ bưu chính công ích"
    f"| Qua bưu chính công ích | Qua dịch vụ BCCI; {_IN} | {_NEW} > BCCI | Bưu chính công ích | Qua BCCI",
    "carried_over": "Từ kỳ trước | Kỳ trước | Kỳ trước chuyển sang | Từ kỳ trước chuyển sang | Tồn kỳ trước"
    "| Tồn kỳ trước chuyển sang | Kỳ trước chuyển qua | Chuyển từ kỳ trước | Từ kỳ trước chuyển qua | Tồn đầu kỳ"
    "| Hồ sơ kỳ trước chuyển sang | Hồ sơ tồn kỳ trước | Kỳ trước chuyển | Hồ sơ từ kỳ trước chuyển sang",
    "resolved": _DONE,
    "resolved_early": f"Trước hạn | Sớm hạn | Giải quyết trước hạn | Trước thời hạn; {_DONE} > Trước hạn | Sớm hạn",
    "resolved_on_time": f"Đúng hạn | Giải quyết đúng hạn | Đúng thời hạn; {_DONE} > Đúng hạn",
    "resolved_late": f"{_DONE} > {_LATE}",
    "open": _OPEN,
    "open_in_term": f"{_OPEN} > {_IN_TERM}",
    "open_overdue": f"{_OPEN} > {_LATE}",
    "paused": _PAUSED,
    "paused_in_term": f"{_PAUSED} > {_IN_TERM}",
    "paused_overdue": f"{_PAUSED} > {_LATE}",
}
FIELDS = (
    Field(
        "commune",
        f"{communes.FIELDS[0].headings} | Cơ quan | Tên cơ quan | Cơ quan, đơn vị | Tên cơ quan, đơn vị"
        "| Đơn vị thực hiện | Cơ quan thực hiện | Đơn vị giải quyết | Cơ quan giải quyết",
        values.words,
    ),
    *communes.FIELDS[1:],
    Field("agency_code", "Mã định danh | Mã cơ quan | Mã định danh cơ quan | Mã định danh đơn vị", values.words),
    *(Field(name, headings, values.count) for name, headings in HEADINGS.items()),
)
# What must add up: a whole, and its parts; asked only where the file has all of them.
SUMS = (
    ("received", ("received_online", "received_other", "carried_over")),
    ("received", ("received_online", "received_in_person", "received_post", "carried_over")),
    ("received", ("in_period", "carried_over")),
    ("in_period", ("received_online", "received_other")),
    ("in_period", ("received_online", "received_in_person", "received_post")),
    ("resolved", ("resolved_early", "resolved_on_time", "resolved_late")),
    ("open", ("open_in_term", "open_overdue")),
    ("paused", ("paused_in_term", "paused_overdue")),
)
TELLING = "đã đang trong"
