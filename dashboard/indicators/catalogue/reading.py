"""The catalogue's entries of what is made of a rate: added up, compared, coloured, or left unsaid."""

from __future__ import annotations

from dashboard.indicators.catalogue import examples_dossiers as examples
from dashboard.indicators.catalogue.entry import CONFIGURED, OWN_RULE, Example, Group, Indicator, Words
from dashboard.indicators.catalogue.rates import SHARE
from dashboard.indicators.catalogue.terms import LEVELS, RATE_STATES

STATES = Indicator(
    "rate_state",
    Words("Khi không có tỷ lệ", "When there is no rate"),
    unit=Words("trạng thái", "state"),
    meaning=Words(
        "Không phát sinh, chưa có dữ liệu và 0 % là ba điều khác nhau.",
        "No activity, unknown and 0 % are three different things.",
    ),
    formula=Words(
        "không phát sinh khi mẫu = 0; chưa có dữ liệu khi mẫu hoặc tử không ai nói",
        "no activity where whole = 0; unknown where part or whole is not told",
    ),
    source=OWN_RULE,
    edges=(Words("Không cái nào được tô đỏ.", "None of them is painted red."),),
    example=Example(
        Words(
            "Xã A báo cáo 0 hồ sơ; xã B không được nguồn nào nói tới.", "A reports 0 dossiers; no source tells of B."
        ),
        examples.nothing_received,
        {"empty": "no_activity", "untold": "unknown"},
        Words("A: {empty}; B: {untold}", "A: {empty}; B: {untold}"),
    ),
    values=RATE_STATES,
)
POOLED = Indicator(
    "pooled_rate",
    Words("Tỷ lệ của tỉnh hay của nhóm", "Rate of a province or a group"),
    unit=SHARE,
    meaning=Words(
        "Tổng chia tổng, không bao giờ là trung bình các tỷ lệ.",
        "A sum of counts by a sum of counts, never a mean of rates.",
    ),
    formula=Words(
        "Σ tử của các xã ÷ Σ mẫu của các xã; sở, ngành cộng riêng",
        "Σ parts of the communes ÷ Σ wholes; departments apart",
    ),
    source=OWN_RULE,
    edges=(Words("Xã chưa có dữ liệu không góp vào tử lẫn mẫu.", "A commune that is unknown adds to neither."),),
    example=Example(
        Words(
            "A: 196/200 đúng hạn (98 %); B: 1.580/2.000 (79 %).",
            "A: 196 of 200 on time (98 %); B: 1,580 of 2,000 (79 %).",
        ),
        examples.pooled,
        {"part": 1776, "whole": 2200, "rate": 0.8073, "mean": 0.885},
        Words("{part}/{whole} = {rate:%}, không phải {mean:%}", "{part}/{whole} = {rate:%}, not {mean:%}"),
    ),
)
CHANGE = Indicator(
    "rate_change",
    Words("So với kỳ trước", "Against the period before"),
    unit=Words("điểm phần trăm; hồ sơ", "percentage points; dossiers"),
    meaning=Words("Hơn hay kém kỳ ngay trước cùng độ dài.", "What was gained or lost since the period before."),
    formula=Words(
        "kỳ này − kỳ trước (kỳ trọn: kỳ liền trước; tuần, tháng, quý, năm chưa hết: đầu kỳ liền trước với cùng số ngày "
        "làm việc, hoặc cùng số tháng khi vừa hết tháng; một ngày làm việc: ngày làm việc liền trước; khoảng ngày "
        "khác: bấy nhiêu ngày liền trước)",
        "this period − the one before (a whole one: the one before; the days so far of a week, month, quarter or year: "
        "the first days of the one before with as many working days, or as many months where they are whole; one "
        "working day: the working day before; other days: as many days just before)",
    ),
    source=OWN_RULE,
    edges=(
        Words(
            "Một trong hai kỳ không trọn hoặc không có: “chưa đủ kỳ”, không so.",
            "Where one of the two is not whole or does not exist: “incomplete”, no comparison.",
        ),
        Words(
            "Mới qua một ngày làm việc của kỳ: chưa so, chỉ nêu cả kỳ trước để hình dung.",
            "With one working day of the period or none so far nothing is compared; the whole one before is told.",
        ),
        Words(
            "Hai kỳ không cùng số ngày làm việc (Tết, nghỉ lễ): nêu cả hai số ngày.",
            "Where the two have not as many working days (Tết, holidays), both counts are told.",
        ),
        Words(
            "Kỳ trước chỉ lấy từ cùng loại nguồn: danh sách và Cổng đếm khác nhau.",
            "The period before is asked of the same kind of source: a list and the portal count differently.",
        ),
        Words(
            "Của tỉnh: chỉ cộng những xã có cả hai kỳ, để im lặng không làm tỷ lệ khá lên.",
            "Of a province: over the communes that told both periods, so that silence improves nothing.",
        ),
    ),
    example=Example(
        Words(
            "Đúng hạn tháng 8: A và B 90/100; tháng 7: A 85/100, B không có.",
            "On time in August: A and B 90 of 100; in July: A 85 of 100, B not told.",
        ),
        examples.change,
        {"gain": 5, "untold": "incomplete"},
        Words("A: +{gain} điểm phần trăm; B: {untold}", "A: +{gain} percentage points; B: {untold}"),
    ),
    values=RATE_STATES,
)
COLOUR = Indicator(
    "on_time_level",
    Words("Màu của đúng hạn", "Level of on time"),
    unit=Words("mức", "level"),
    meaning=Words("Màu của xã theo tỷ lệ đúng hạn 766.", "A commune's colour by its share on time (766)."),
    formula=Words(
        "xanh khi tỷ lệ ≥ ngưỡng xanh; đỏ khi < ngưỡng đỏ; còn lại vàng; dưới số hồ sơ tối thiểu thì không xếp màu",
        "green where rate ≥ on_time_green_from; red where rate < on_time_red_below; else yellow; no colour below "
        "minimum_received",
    ),
    source=CONFIGURED,
    edges=(
        Words("Không xếp màu không phải là im lặng.", "No colour for want of dossiers is not silence."),
        Words(
            "Chỉ báo cáo một phần kỳ thì cũng không xếp màu.",
            "Who tells only a part of the period has no colour either.",
        ),
    ),
    example=Example(
        Words(
            "Xanh từ 95 %, đỏ dưới 80 %, tối thiểu 30 hồ sơ: A 96/100, B 79/100, C 29/29.",
            "Green from 95 %, red below 80 %, at least 30 dossiers: A 96 of 100, B 79 of 100, C 29 of 29.",
        ),
        examples.colour,
        {"A": "green", "B": "red", "C": "unknown"},
        Words("A: {A}; B: {B}; C: không xếp màu", "A: {A}; B: {B}; C: no colour"),
    ),
    values=LEVELS,
)

GROUP = Group(
    "reading",
    Words("Hồ sơ: đọc một tỷ lệ", "Dossiers: reading a rate"),
    (
        STATES,
        POOLED,
        CHANGE,
        COLOUR,
    ),
)
