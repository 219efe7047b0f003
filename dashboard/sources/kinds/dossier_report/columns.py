"""What the columns of a dossier report may be called.

"Đã" and "đang" tell resolved from open here; elsewhere such words say nothing
(`FileKind.distinguishing_words`).
"""

from __future__ import annotations

from dashboard.sources.cells import values
from dashboard.sources.recognise import communes
from dashboard.sources.recognise.headings import FileField

_RECEIVED = (
    "Số lượng hồ sơ tiếp nhận | Tiếp nhận | Số hồ sơ đã tiếp nhận | Đã tiếp nhận "
    "| Số hồ sơ nhận giải quyết"
)
_RECEIVED_IN_PERIOD = (
    "Trong kỳ | Tiếp nhận trong kỳ | Phát sinh trong kỳ | Tiếp nhận mới | Mới tiếp nhận "
    "| Hồ sơ mới | Tiếp nhận mới | Nhận trong kỳ | Hồ sơ nhận trong kỳ | Nhận mới"
    " trong kỳ | Hồ sơ tiếp nhận trong kỳ | Số mới tiếp nhận | Mới tiếp nhận trong kỳ "
    "| Hồ sơ tiếp nhận mới"
)
_RESOLVED = (
    "Số lượng hồ sơ đã giải quyết | Đã giải quyết | Kết quả giải quyết | Hồ sơ giải quyết "
    "| Đã xử lý | Hồ sơ đã xử lý"
    "| Giải quyết | Đã giải quyết xong | Kết quả giải quyết hồ sơ | Hồ sơ đã giải quyết xong"
)
_OPEN = (
    "Số lượng hồ sơ đang giải quyết | Đang giải quyết | Hồ sơ đang xử lý | Đang xử lý "
    "| Chưa giải quyết | Chưa xử lý | Hồ sơ chưa xử lý"
    "| Hồ sơ chưa giải quyết | Chưa giải quyết xong | Hồ sơ đang trong quá trình giải quyết"
)
_PAUSED = (
    "Tạm dừng | Hồ sơ tạm dừng | Tạm dừng giải quyết | Hồ sơ tạm dừng giải quyết | Tạm dừng xử lý "
    "| Đang tạm dừng"
    "| Hồ sơ tạm dừng xử lý | Hồ sơ đang tạm dừng | Dừng xử lý | Tạm dừng, bổ sung "
    "| Tạm dừng, chờ bổ sung"
    "| Yêu cầu bổ sung, tạm dừng | Tạm dừng, yêu cầu bổ sung | Tạm dừng, dừng xử lý "
    "| Tạm dừng, chờ bổ sung hồ sơ"
)
_EARLY_AND_ON_TIME = (
    "Đúng và trước hạn | Trước và đúng hạn | Đúng hạn và trước hạn | Trước hạn, đúng hạn"
)
_LATE = "Quá hạn | Trễ hạn | Muộn hạn | Bị quá hạn | Chậm hạn | Đã quá hạn | Đã trễ hạn"
_IN_TERM = "Trong hạn | Chưa đến hạn | Còn hạn | Còn trong hạn | Chưa quá hạn"
COUNT_HEADINGS = {
    "received": f"{_RECEIVED}; Tổng tiếp nhận; Tổng số hồ sơ; Tổng phải xử lý; Hồ sơ cần giải quyết"
    "| Số hồ sơ cần giải quyết | Tổng số hồ sơ phải giải quyết | Tổng số hồ sơ phải xử lý"
    "| Phải giải quyết | Phải xử lý | Cần giải quyết | Cần xử lý | Tổng số phải giải quyết",
    "in_period": f"{_RECEIVED_IN_PERIOD}; {_RECEIVED} > {_RECEIVED_IN_PERIOD}",
    "received_online": "Trực tuyến | Nộp trực tuyến | Qua mạng | Tiếp nhận trực tuyến"
    f"; {_RECEIVED} > Trực tuyến | Qua mạng;"
    f"{_RECEIVED_IN_PERIOD} > Trực tuyến | Qua mạng",
    "received_other": f"{_RECEIVED} > Trực tiếp, bưu chính | Trực tiếp, BCCI;"
    "Trực tiếp, dịch vụ bưu chính | Trực tiếp, bưu chính | Trực tiếp, BCCI "
    "| Trực tiếp hoặc BCCI"
    "| Trực tiếp hoặc bưu chính | Trực tiếp, bưu chính công ích "
    "| Trực tiếp hoặc qua dịch vụ bưu chính"
    "| Trực tiếp, dịch vụ bưu chính công ích | Trực tiếp, dịch vụ BCCI "
    "| Trực tiếp, qua dịch vụ bưu chính",
    "received_in_person": "Trực tiếp | Nộp trực tiếp | Tiếp nhận trực tiếp"
    f"; {_RECEIVED_IN_PERIOD} > Trực tiếp; {_RECEIVED} > Trực tiếp",
    "received_post": "Bưu chính | BCCI | Bưu chính công ích | Dịch vụ bưu chính "
    "| Dịch vụ bưu chính công ích"
    "| Dịch vụ BCCI | Qua BCCI | Qua bưu chính | Qua dịch vụ bưu chính "
    "| Qua dịch vụ bưu chính công ích"
    f"| Qua bưu chính công ích | Qua dịch vụ BCCI | Bưu chính, BCCI | BCCI, bưu chính"
    f"; {_RECEIVED} | {_RECEIVED_IN_PERIOD} > BCCI "
    "| Bưu chính công ích | Qua BCCI",
    "carried_over": "Hồ sơ kỳ trước chuyển qua | Hồ sơ từ kỳ trước | Số kỳ trước chuyển sang"
    "| Số kỳ trước chuyển qua | Hồ sơ tồn đầu kỳ | Từ kỳ trước "
    "| Kỳ trước | Kỳ trước chuyển sang | Từ kỳ trước chuyển sang "
    "| Tồn kỳ trước"
    "| Tồn kỳ trước chuyển sang | Kỳ trước chuyển qua | Chuyển từ kỳ trước "
    "| Từ kỳ trước chuyển qua | Tồn đầu kỳ"
    "| Hồ sơ kỳ trước chuyển sang | Hồ sơ tồn kỳ trước | Kỳ trước chuyển "
    "| Hồ sơ từ kỳ trước chuyển sang",
    "resolved": _RESOLVED,
    "resolved_early": "Trước hạn | Sớm hạn | Giải quyết trước hạn | Trước thời hạn"
    f"; {_RESOLVED} > Trước hạn | Sớm hạn",
    "resolved_on_time": f"Đúng hạn | Giải quyết đúng hạn | Đúng thời hạn; {_RESOLVED} > Đúng hạn",
    "resolved_in_time": f"{_EARLY_AND_ON_TIME}; {_RESOLVED} > {_EARLY_AND_ON_TIME}",
    "resolved_late": f"{_RESOLVED} > {_LATE}",
    "open": _OPEN,
    "open_in_term": f"{_OPEN} > {_IN_TERM} | Đúng hạn",
    "open_overdue": f"{_OPEN} > {_LATE}",
    "paused": _PAUSED,
    "paused_in_term": f"{_PAUSED} > {_IN_TERM} | Đúng hạn",
    "paused_overdue": f"{_PAUSED} > {_LATE}",
}
_RECEIVED_PARENTS = "tiếp nhận đã nhận giải quyết mới phát sinh kỳ trong cần phải xử lý"
# "Đã giải quyết > Trực tuyến" is nothing that was received.
_NOT_RECEIVED_PARENTS = "đã đang chưa giải quyết xử lý xong trả quá trình"
_RESOLVED_PARENTS = "đã giải quyết xử lý xong trả"
_OPEN_PARENTS = "đang chưa giải quyết xử lý xong quá trình"
_PAUSED_PARENTS = "tạm dừng đang chờ bổ sung yêu cầu xử lý giải quyết"
_PARENTS = {
    **dict.fromkeys(("received", "in_period", "carried_over"), _RECEIVED_PARENTS),
    **dict.fromkeys(
        ("received_online", "received_other", "received_in_person", "received_post"),
        _RECEIVED_PARENTS,
    ),
    **dict.fromkeys(("resolved", "resolved_early", "resolved_on_time"), _RESOLVED_PARENTS),
    **dict.fromkeys(("resolved_late", "resolved_in_time"), _RESOLVED_PARENTS),
    **dict.fromkeys(("open", "open_in_term", "open_overdue"), _OPEN_PARENTS),
    **dict.fromkeys(("paused", "paused_in_term", "paused_overdue"), _PAUSED_PARENTS),
}
REPORT_FIELDS = (
    *communes.add_commune_headings(
        " | Cơ quan | Tên cơ quan | Cơ quan, đơn vị | Tên cơ quan, đơn vị"
        "| Đơn vị thực hiện | Cơ quan thực hiện | Đơn vị giải quyết | Cơ quan giải quyết"
    ),
    FileField(
        "agency_code",
        "Mã định danh | Mã cơ quan | Mã định danh cơ quan | Mã định danh đơn vị",
        values.read_words,
    ),
    *(
        FileField(
            name,
            headings,
            values.read_count,
            _PARENTS[name],
            _NOT_RECEIVED_PARENTS if _PARENTS[name] == _RECEIVED_PARENTS else "",
        )
        for name, headings in COUNT_HEADINGS.items()
    ),
)
REPORT_DISTINGUISHING_WORDS = "đã đang trong"
