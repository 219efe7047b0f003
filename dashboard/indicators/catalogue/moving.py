"""The catalogue's entries of how levels move: how fast communes turn green, and why a level changed."""

from __future__ import annotations

from datetime import date

from dashboard.indicators import pace
from dashboard.indicators.catalogue import examples_readiness as examples
from dashboard.indicators.catalogue.entry import OWN_RULE, Example, Group, Indicator, Words
from dashboard.indicators.catalogue.terms import CAUSES, SAYS

PACE = Indicator(
    "pace",
    Words("Nhịp phủ xanh", "Pace"),
    unit=Words("xã mỗi tuần; ngày dự kiến", "communes a week; an expected day"),
    meaning=Words(
        "Mỗi tuần thêm bao nhiêu xã xanh, và khi nào đủ nếu cứ thế.",
        "How many communes turn green in a week, and when all would be if it went on.",
    ),
    formula=Words(
        f"nhịp = trung bình {pace.MEAN_OF} tuần trọn gần nhất của (xã thành xanh − xã rời xanh); ngày dự kiến = hôm "
        f"nay + (tổng − xanh) ÷ nhịp tuần; khoảng: theo trung bình {pace.WINDOW} tuần liền nhanh nhất và chậm nhất "
        f"trong {pace.RANGE_OF} tuần",
        f"per_week = mean over the last {pace.MEAN_OF} whole weeks of (turned green − left green); expected = today + "
        f"(communes − green) ÷ per_week weeks; range: by the fastest and slowest mean of {pace.WINDOW} successive "
        f"weeks among the last {pace.RANGE_OF}",
    ),
    source=OWN_RULE,
    edges=(
        Words(
            f"Dưới {pace.LEAST} tuần trọn thì không nói; tuần đang chạy không tính.",
            f"Fewer than {pace.LEAST} whole weeks say nothing; the running week takes no part.",
        ),
        Words(
            f"Nhịp bằng 0, âm, hoặc cần hơn {pace.HORIZON.days // 366} năm: không nêu ngày.",
            f"A pace of nought or less, or one that takes more than {pace.HORIZON.days // 366} years, gives no day.",
        ),
        Words(
            "Xã xanh lên chỉ vì nay mới báo cáo hoặc vì tiêu chí đổi được đếm riêng, không vào nhịp.",
            "A commune that is green because it reported at last, or because rules changed, is counted apart and "
            "carries no forecast.",
        ),
    ),
    example=Example(
        Words(
            "10 xã; chín chủ nhật tới 01/11/2026 có 1, 2, 3, 3, 4, 4, 5, 5, 5 xã xanh.",
            "10 communes; on nine Sundays up to 01/11/2026 1, 2, 3, 3, 4, 4, 5, 5, 5 are green.",
        ),
        examples.pace,
        {
            "per_week": 0.5,
            "says": "trend",
            "expected": date(2027, 1, 10),
            "earliest": date(2026, 12, 18),
            "latest": date(2027, 3, 21),
        },
        Words(
            "{says}: {per_week:.1f} xã mỗi tuần, còn 5 xã; dự kiến {expected}, từ {earliest} đến {latest}",
            "{says}: {per_week:.1f} a week, 5 remain; expected {expected}, from {earliest} to {latest}",
        ),
    ),
    values=SAYS,
)
CHANGES = Indicator(
    "changes",
    Words("Thay đổi và nguyên nhân", "Changes and their causes"),
    unit=Words("nguyên nhân", "cause"),
    meaning=Words(
        "Mức nào khác so với một ngày trước, và vì số liệu, kiểm tra, quá hạn hay quy tắc.",
        "What level differs from an earlier day's, and whether facts, a visit, age or rules did it.",
    ),
    formula=Words(
        "xét lại với từng thứ thay một lần (số liệu mới, quy tắc mới, chỉ già đi); thứ nào một mình cho ra mức mới là "
        "nguyên nhân, số liệu trước quy tắc",
        "judge again with one thing exchanged at a time (new facts, new rules, only older); what alone gives the new "
        "level is the cause, facts before rules",
    ),
    source=OWN_RULE,
    edges=(
        Words(
            "Khi chỉ cả hai cùng nhau mới đổi được: số liệu, nếu nó làm đổi gì đó.",
            "Where only both together lead there: the facts, if they do anything.",
        ),
    ),
    example=Example(
        Words(
            "40 ngày trước ba xã kê khai 80 Mbps. Hôm nay A kê khai 35, đoàn đo ở B 15, C im lặng.",
            "40 days ago three communes declared 80 Mbps. Today A declares 35, a visit to B finds 15, C is silent.",
        ),
        examples.changes,
        {"told": "value", "visited": "visit", "silent": "age"},
        Words("A: {told}; B: {visited}; C: {silent}", "A: {told}; B: {visited}; C: {silent}"),
    ),
    values=CAUSES,
)

GROUP = Group("moving", Words("Mức thay đổi", "How levels move"), (PACE, CHANGES))
