"""The catalogue's entries of dossiers as counts: what a period holds, and which source answers for it."""

from __future__ import annotations

from dashboard.indicators.catalogue import examples_dossiers as examples
from dashboard.indicators.catalogue.entry import OWN_RULE, Example, Group, Indicator, Words

DOSSIERS = Words("hồ sơ", "dossiers")
FORM = Words("biểu II.06a/VPCP/KSTT", "form II.06a/VPCP/KSTT")
REPORT = Words(
    "Báo cáo tháng 8/2026: tiếp nhận 130 (trực tuyến 70, trực tiếp 25, BCCI 5, kỳ trước chuyển sang 30); đã giải "
    "quyết 110 (trước hạn 60, đúng hạn 40, quá hạn 10); đang giải quyết 20 (trong hạn 15, quá hạn 5).",
    "A report of August 2026: received 130 (online 70, in person 25, by post 5, carried over 30); resolved 110 (early "
    "60, on time 40, late 10); open 20 (in term 15, overdue 5).",
)
_NOT_TOLD = Words(
    "Không nguồn nào nói tới là chưa có dữ liệu, không phải 0.", "What no source tells is unknown, not 0."
)

RECEIVED = Indicator(
    "received",
    Words("Tiếp nhận", "Received"),
    unit=DOSSIERS,
    meaning=Words("Mọi hồ sơ xã phải giải quyết trong kỳ.", "All dossiers that a commune has to handle in a period."),
    formula=Words(
        "trực tuyến + trực tiếp + BCCI + kỳ trước chuyển sang; qua nhiều kỳ: kỳ đầu trọn, các kỳ sau chỉ phần mới",
        "online + in person + by post + carried over; over several periods: all of the first, of later ones only what "
        "is new",
    ),
    source=FORM,
    edges=(
        _NOT_TOLD,
        Words(
            "Nguồn chỉ đếm hồ sơ mới (các cộng số của chính nó cho biết) thì không trừ gì.",
            "Of a source that counts new dossiers only (its own sums say so) nothing is subtracted.",
        ),
    ),
    example=Example(
        Words(
            "Tháng 7: tiếp nhận 90, trong đó 10 từ kỳ trước; tháng 8: 130, trong đó 30 từ tháng 7.",
            "July: received 90, 10 of them carried over; August: 130, 30 of them from July.",
        ),
        examples.two_months,
        {"received": 190, "received_new": 180, "carried_over": 10, "resolved": 170, "open": 20},
        Words(
            "hai tháng: {received} tiếp nhận (không phải 220) = {resolved} đã giải quyết + {open} đang giải quyết",
            "both months: {received} received (not 220) = {resolved} resolved + {open} open",
        ),
    ),
)
RECEIVED_NEW = Indicator(
    "received_new",
    Words("Tiếp nhận mới trong kỳ", "Received anew"),
    unit=DOSSIERS,
    meaning=Words(
        "Hồ sơ đến trong kỳ, không kể kỳ trước chuyển sang.",
        "What arrived within the period, without what was carried over.",
    ),
    formula=Words("tiếp nhận − kỳ trước chuyển sang", "received − carried over"),
    source=FORM,
    edges=(_NOT_TOLD,),
    example=Example(
        REPORT,
        examples.reported("received_new"),
        {"received_new": 100},
        Words("130 − 30 = {received_new}", "130 − 30 = {received_new}"),
    ),
)
CARRIED = Indicator(
    "carried_over",
    Words("Kỳ trước chuyển sang", "Carried over"),
    unit=DOSSIERS,
    meaning=Words("Còn nằm lại lúc kỳ bắt đầu.", "What lay open on the morning of the period's first day."),
    formula=Words("của kỳ đầu tiên; không cộng qua các kỳ", "that of the first period; never added up"),
    source=FORM,
    edges=(_NOT_TOLD,),
    example=Example(
        REPORT, examples.reported("carried_over"), {"carried_over": 30}, Words("{carried_over}", "{carried_over}")
    ),
)
RESOLVED = Indicator(
    "resolved",
    Words("Đã giải quyết: trước hạn, đúng hạn, quá hạn", "Resolved: early, on time, late"),
    unit=DOSSIERS,
    meaning=Words(
        "Hồ sơ xong trong kỳ; công dân xin rút cũng là đã giải quyết.",
        "Dossiers finished within the period; withdrawn ones are among them.",
    ),
    formula=Words("đã giải quyết = trước hạn + đúng hạn + quá hạn", "resolved = early + on time + late"),
    source=Words(
        "biểu II.06a/VPCP/KSTT; trạng thái quốc gia 7, 9, 10", "form II.06a/VPCP/KSTT; national states 7, 9, 10"
    ),
    edges=(
        Words(
            "Ngày hẹn trả in trên phiếu là căn cứ; hạn tính theo ngày làm việc.",
            "The printed due date decides; terms count working days.",
        ),
    ),
    example=Example(
        REPORT,
        examples.reported("resolved", "resolved_late"),
        {"resolved": 110, "resolved_late": 10},
        Words("60 + 40 + {resolved_late} = {resolved}", "60 + 40 + {resolved_late} = {resolved}"),
    ),
)
OPEN = Indicator(
    "open",
    Words("Đang giải quyết: trong hạn, quá hạn", "Open: in term, overdue"),
    unit=DOSSIERS,
    meaning=Words("Còn trên bàn vào tối ngày cuối kỳ.", "What is on the desk on the evening of the period's last day."),
    formula=Words(
        "đang giải quyết = trong hạn + quá hạn; của ngày cuối, không cộng qua các ngày",
        "open = in term + overdue; of the last day, never added up over days",
    ),
    source=Words("biểu II.06a/VPCP/KSTT; trạng thái quốc gia 2, 4", "form II.06a/VPCP/KSTT; national states 2, 4"),
    edges=(
        Words(
            "Không ghi ngày hẹn trả: không trong hạn, không quá hạn.",
            "Without a printed date: neither in term nor overdue.",
        ),
    ),
    example=Example(
        REPORT,
        examples.reported("open", "open_overdue"),
        {"open": 20, "open_overdue": 5},
        Words(
            "15 + {open_overdue} = {open}; và 130 = 110 + {open}",
            "15 + {open_overdue} = {open}; and 130 = 110 + {open}",
        ),
    ),
)
PAUSED = Indicator(
    "paused",
    Words("Tạm dừng", "Paused"),
    unit=DOSSIERS,
    meaning=Words(
        "Chờ bổ sung, chờ nghĩa vụ tài chính, hoặc dừng; đứng riêng.",
        "Waiting for papers or a payment, or stopped; always apart.",
    ),
    formula=Words(
        "số hồ sơ ở trạng thái 5, 6, 8 vào tối ngày cuối kỳ",
        "dossiers in states 5, 6, 8 on the evening of the last day",
    ),
    source=Words("trạng thái quốc gia 5, 6, 8", "national states 5, 6, 8"),
    edges=(Words("Không nằm trong đang giải quyết.", "Not among the open ones."),),
    example=Example(
        Words("Danh sách ngày 13/11/2026: 20 đang giải quyết, 7 tạm dừng.", "A list of 13/11/2026: 20 open, 7 paused."),
        examples.paused,
        {"open": 20, "paused": 7},
        Words("đang giải quyết {open}, tạm dừng {paused}", "open {open}, paused {paused}"),
    ),
)
NET_FLOW = Indicator(
    "net_flow",
    Words("Vào ra", "Net flow"),
    unit=DOSSIERS,
    meaning=Words(
        "Xong nhiều hơn hay đến nhiều hơn; dưới 0 thì hồ sơ dồn lại.",
        "Whether more is finished than arrives; below 0 the backlog grows.",
    ),
    formula=Words("đã giải quyết − tiếp nhận mới", "resolved − received anew"),
    source=OWN_RULE,
    edges=(Words("Thiếu một trong hai là chưa có dữ liệu.", "Unknown where one of the two is not told."),),
    example=Example(REPORT, examples.net_flow, {"net": 10}, Words("110 − 100 = {net}", "110 − 100 = {net}")),
)

GROUP = Group(
    "counts",
    Words("Hồ sơ: số lượng", "Dossiers: counts"),
    (RECEIVED, RECEIVED_NEW, CARRIED, RESOLVED, OPEN, PAUSED, NET_FLOW),
)
