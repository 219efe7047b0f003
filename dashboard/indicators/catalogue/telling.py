"""The catalogue's entries of what is known at all: freshness, coverage, and figures that look wrong."""

from __future__ import annotations

from dashboard import text
from dashboard.indicators import jumps
from dashboard.indicators.catalogue import examples_watching as examples
from dashboard.indicators.catalogue.entry import CONFIGURED, OWN_RULE, Example, Group, Indicator, Words
from dashboard.indicators.catalogue.rates import SHARE
from dashboard.indicators.catalogue.terms import COUNT_JUMPS, FRESHNESS, READING_JUMPS, UNMATCHED
from dashboard.indicators.freshness import SILENT_AFTER_RHYTHMS, WEEK

_TO_ASK = Words("Chỉ để hỏi lại; không sửa số nào.", "For somebody to ask about; nothing is changed.")

FRESH = Indicator(
    "freshness",
    Words("Nguồn còn mới hay không", "Freshness"),
    unit=Words("trạng thái; ngày", "state; days"),
    meaning=Words(
        "Mỗi nguồn có nhịp riêng; xã nào trễ, xã nào im lặng.",
        "Every kind of source has its rhythm: who is late, who is silent.",
    ),
    formula=Words(
        f"tuổi ≤ 1 kỳ: đúng nhịp; > 1 kỳ: trễ; > {SILENT_AFTER_RHYTHMS} kỳ: im lặng",
        f"age ≤ 1 rhythm: fresh; > 1: late; > {SILENT_AFTER_RHYTHMS}: silent",
    ),
    source=CONFIGURED,
    edges=(
        Words(
            f"Nhịp dưới {WEEK} ngày tính theo ngày làm việc: số thứ Sáu không trễ vào Chủ nhật.",
            f"A rhythm below {WEEK} days counts working days: Friday's figures are not late on Sunday.",
        ),
        Words("Kiểm tra tại chỗ không có nhịp nên không bao giờ trễ.", "Visits have no rhythm and are never late."),
    ),
    example=Example(
        Words(
            "Kê khai mỗi 7 ngày: A 7 ngày trước, B 8, C 22, D chưa lần nào.",
            "A declaration every 7 days: A 7 days ago, B 8, C 22, D never.",
        ),
        examples.fresh,
        {"A": "fresh", "B": "late", "C": "silent", "D": "never"},
        Words("A: {A}; B: {B}; C: {C}; D: {D}", "A: {A}; B: {B}; C: {C}; D: {D}"),
    ),
    values=FRESHNESS,
)
PUNCTUAL = Indicator(
    "on_time_reporting",
    Words("Báo cáo đúng kỳ", "On-time reporting"),
    unit=SHARE,
    meaning=Words(
        "Trong các kỳ gần đây, xã có báo cáo bao nhiêu kỳ.",
        "Of the last periods expected, in how many the commune reported.",
    ),
    formula=Words(
        "số kỳ có báo cáo ÷ số kỳ phải báo cáo trong 90 ngày, đếm ngược từ hôm qua",
        "slots told ÷ slots expected within 90 days, counted back from yesterday",
    ),
    source=OWN_RULE,
    edges=(
        Words(
            "Kỳ trước lần đầu có ai báo cáo loại này không bị đòi.",
            "Slots before anybody told of this kind are not expected.",
        ),
        Words("Chưa có kỳ nào trọn: chưa có dữ liệu.", "Where no slot is complete: unknown."),
    ),
    example=Example(
        Words(
            "Nhịp 7 ngày, bắt đầu 28 ngày trước: A báo cáo 28, 20 và 12 ngày trước; B chỉ lần đầu; C chưa lần nào.",
            "A rhythm of 7 days, begun 28 days ago: A told 28, 20 and 12 days ago, B only the first time, C never.",
        ),
        examples.punctual,
        {"told": 3, "slots": 4, "share": 0.75, "B": 0.25, "C": 0},
        Words("A {told}/{slots} = {share:%}; B {B:%}; C {C:%}", "A {told}/{slots} = {share:%}; B {B:%}; C {C:%}"),
    ),
)
COMPLETE = Indicator(
    "completeness",
    Words("Đủ số liệu", "Completeness"),
    unit=Words("xã trên mỗi tiêu chí", "communes per criterion"),
    meaning=Words(
        "Mỗi tiêu chí có số liệu còn hạn ở bao nhiêu xã.", "For how many communes each criterion has a value in date."
    ),
    formula=Words("còn hạn + số liệu cũ + chưa có = tổng số xã", "in date + stale + never = communes"),
    source=OWN_RULE,
    edges=(Words("Một tỷ lệ chỉ còn hạn khi cả hai số còn hạn.", "A ratio is in date while both its counts are."),),
    example=Example(
        Words(
            "Tốc độ mạng: A, B báo cáo hôm nay; C 31 ngày trước; D chưa lần nào.",
            "Network speed: A and B told today, C 31 days ago, D never.",
        ),
        examples.complete,
        {"in_date": 2, "stale": 1, "never": 1, "communes": 4},
        Words(
            "{in_date} còn hạn + {stale} cũ + {never} chưa có = {communes}",
            "{in_date} in date + {stale} stale + {never} never = {communes}",
        ),
    ),
)
LOST = Indicator(
    "unmatched",
    Words("Dòng không tìm được xã", "Unmatched rows"),
    unit=Words("dòng trên mỗi tệp", "rows per file"),
    meaning=Words(
        "Dòng bị từ chối vì không khớp xã nào của tỉnh, và vì sao.",
        "Rows refused because no commune of the province fits, and why.",
    ),
    formula=Words("đếm theo tệp và lý do", "counted per file and reason"),
    source=OWN_RULE,
    edges=(
        Words(
            "Một tệp ghi nhận nhiều nhất 1.000 lỗi, nên số có thể còn lớn hơn.",
            "A file notes 1,000 problems at most, so there may be more.",
        ),
    ),
    example=Example(
        Words(
            "Một tệp có hai dòng tên lạ, một dòng mã và tên mâu thuẫn, một cảnh báo khác.",
            "A file has two rows of unknown names, one whose code and name contradict, and another warning.",
        ),
        examples.unmatched,
        {"not_listed": 2, "contradictory": 1},
        Words(
            "{not_listed} không có trong danh mục; {contradictory} mã và tên mâu thuẫn",
            "{not_listed} not_listed; {contradictory} contradictory",
        ),
    ),
    values=UNMATCHED,
)
READINGS = Indicator(
    "reading_jumps",
    Words("Số kê khai nhảy lạ", "Readings that jump"),
    unit=Words("số liệu", "values"),
    meaning=Words(
        "Số kê khai khác hẳn lần trước của chính xã đó: có thể gõ nhầm.",
        "Declared values far from the commune's own before: perhaps a slip.",
    ),
    formula=Words(
        f"tốc độ gấp hoặc kém ≥ {jumps.SPEED_FACTOR:.0f} lần; số cần đổi ≥ {text.percent(jumps.NEED_SHARE, 0)} và ≥ "
        f"{jumps.NEED_AT_LEAST}; số có về 0 từ ≥ {jumps.GONE_FROM}",
        f"speed ≥ {jumps.SPEED_FACTOR:.0f} times as fast or as slow; what is needed changed by ≥ "
        f"{jumps.NEED_SHARE:.0%} and ≥ {jumps.NEED_AT_LEAST}; what is there 0 after ≥ {jumps.GONE_FROM}",
    ),
    source=OWN_RULE,
    edges=(_TO_ASK,),
    example=Example(
        Words(
            "Tốc độ 900 rồi 90 Mbps; máy scan 3 rồi 0; máy tính cần 6 rồi 7.",
            "Speed 900 then 90 Mbps; scanners 3 then 0; computers needed 6 then 7.",
        ),
        examples.reading_jumps,
        {"speed": "speed_factor", "scanners": "available_gone", "jumps": 2},
        Words("{jumps} số lạ: {speed}; {scanners}", "{jumps} jumps: {speed}; {scanners}"),
    ),
    values=READING_JUMPS,
)
COUNTS = Indicator(
    "count_jumps",
    Words("Ngày nhiều hồ sơ lạ", "Days with far too many dossiers"),
    unit=Words("hồ sơ", "dossiers"),
    meaning=Words(
        "Một ngày nhiều hồ sơ hơn hẳn thường lệ: có thể dồn cả tháng vào một ngày.",
        "A day with far more dossiers than usual: perhaps a month booked on a day.",
    ),
    formula=Words(
        f"tiếp nhận > {jumps.DAY_FACTOR:.0f} × trung vị {jumps.DAYS_BEFORE} ngày có số trước đó, và ≥ trung vị + "
        f"{jumps.DAY_MORE}",
        f"received > {jumps.DAY_FACTOR:.0f} × the median of the {jumps.DAYS_BEFORE} told days before, and ≥ that "
        f"median + {jumps.DAY_MORE}",
    ),
    source=OWN_RULE,
    edges=(
        Words(
            f"Dưới {jumps.DAYS_AT_LEAST} ngày có số trước đó thì không nói gì.",
            f"With fewer than {jumps.DAYS_AT_LEAST} told days before nothing is said.",
        ),
        _TO_ASK,
    ),
    example=Example(
        Words(
            "28 ngày, mỗi ngày 5 hồ sơ; rồi 40; lần khác rồi 34.",
            "5 dossiers on each of 28 days; then 40; another time then 34.",
        ),
        examples.count_jumps,
        {"after": 40, "before": 5, "why": "many_in_a_day", "fewer": 0},
        Words(
            "{after} sau {before}: {why}; 34: {fewer} lần nêu", "{after} after {before}: {why}; 34: told {fewer} times"
        ),
    ),
    values=COUNT_JUMPS,
)

GROUP = Group(
    "telling",
    Words("Số liệu có đủ và còn mới", "What is known, and how fresh"),
    (FRESH, PUNCTUAL, COMPLETE, LOST, READINGS, COUNTS),
)
