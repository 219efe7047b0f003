"""The catalogue's entries of criteria: how one value, told or found, becomes a level."""

from __future__ import annotations

from dashboard.indicators.catalogue import examples_readiness as examples
from dashboard.indicators.catalogue.entry import CONFIGURED, OWN_RULE, Example, Group, Indicator, Words
from dashboard.indicators.catalogue.terms import LEVELS

LEVEL = Words("mức", "level")

FLAG = Indicator(
    "criterion_flag",
    Words("Mức của tiêu chí có/không", "Level of a yes/no criterion"),
    unit=LEVEL,
    meaning=Words("Điều cần có đã có hay chưa.", "Whether something that has to be there is there."),
    formula=Words(
        "có → xanh; không → đỏ nếu thiết yếu, nếu không thì vàng", "yes → green; no → red where essential, else yellow"
    ),
    source=CONFIGURED,
    edges=(Words("Không báo cáo là chưa biết, không phải “không”.", "Not told is unknown, not “no”."),),
    example=Example(
        Words(
            "Họp trực tuyến (không thiết yếu): xã A có, xã B không. Đường truyền (thiết yếu): xã C không thông suốt.",
            "Online meeting (not essential): A has it, B has not. Stable line (essential): C has not.",
        ),
        examples.flag,
        {"there": "green", "missing": "yellow", "essential": "red"},
        Words("A: {there}; B: {missing}; C: {essential}", "A: {there}; B: {missing}; C: {essential}"),
    ),
    values=LEVELS,
)
NUMBER = Indicator(
    "criterion_number",
    Words("Mức của tiêu chí đo bằng số", "Level of a measured criterion"),
    unit=LEVEL,
    meaning=Words("Số đo so với hai ngưỡng.", "A measurement against two thresholds."),
    formula=Words(
        "xanh khi giá trị ≥ ngưỡng xanh; đỏ khi giá trị < ngưỡng đỏ; còn lại vàng",
        "green where value ≥ green_from; red where value < red_below; else yellow",
    ),
    source=CONFIGURED,
    edges=(
        Words(
            "Đúng bằng ngưỡng xanh là xanh; đúng bằng ngưỡng đỏ là vàng.",
            "Exactly green_from is green; exactly red_below is yellow.",
        ),
    ),
    example=Example(
        Words(
            "Tốc độ mạng, xanh từ 50 Mbps, đỏ dưới 20 Mbps: đo được 50, 35 và 19 Mbps.",
            "Network speed, green from 50 Mbps, red below 20: 50, 35 and 19 Mbps.",
        ),
        examples.number,
        {"at_50": "green", "at_35": "yellow", "at_19": "red"},
        Words("50: {at_50}; 35: {at_35}; 19: {at_19}", "50: {at_50}; 35: {at_35}; 19: {at_19}"),
    ),
    values=LEVELS,
)
RATIO = Indicator(
    "criterion_ratio",
    Words("Mức của tiêu chí có trên cần", "Level of a ratio criterion"),
    unit=LEVEL,
    meaning=Words("Số đang có chia cho số cần có.", "What is there divided by what is needed."),
    formula=Words(
        "giá trị = có ÷ cần; rồi như tiêu chí đo bằng số", "value = part ÷ whole; then as a measured criterion"
    ),
    source=CONFIGURED,
    edges=(
        Words("Không cần gì (cần = 0) là đạt.", "Nothing needed (whole = 0) counts as met."),
        Words("Thiếu một trong hai số là chưa biết.", "Where one of the two is not told, the value is unknown."),
    ),
    example=Example(
        Words(
            "Chữ ký số cấp 17, cần 20 (xanh từ 100 %, đỏ dưới 80 %); xã khác cần 0.",
            "17 signatures issued of 20 needed (green from 100 %, red below 80 %); another commune needs none.",
        ),
        examples.ratio,
        {"value": 0.85, "level": "yellow", "none_needed": "green"},
        Words(
            "17 ÷ 20 = {value:%}: {level}; cần 0: {none_needed}",
            "17 ÷ 20 = {value:%}: {level}; none needed: {none_needed}",
        ),
    ),
    values=LEVELS,
)
SILENCE = Indicator(
    "silence",
    Words("Chưa báo cáo và số liệu cũ", "Unknown and stale"),
    unit=LEVEL,
    meaning=Words(
        "Im lặng không phải đỏ, không phải 0; báo cáo quá cũ thì rời khỏi màu.",
        "Silence is neither red nor zero; a report that is too old leaves its colour.",
    ),
    formula=Words(
        "chưa báo cáo khi chưa từng có giá trị; số liệu cũ khi tuổi (ngày) > hạn dùng của tiêu chí",
        "unknown where no value was ever told; stale where age (days) > stale_after_days of the criterion",
    ),
    source=CONFIGURED,
    edges=(
        Words("Tuổi đúng bằng hạn thì còn dùng được.", "A value exactly as old as the limit still counts."),
        Words(
            "Kết quả kiểm tra hết hạn theo hạn riêng của quy tắc.", "A visit's finding expires by the rule's own limit."
        ),
    ),
    example=Example(
        Words(
            "Hạn dùng 30 ngày: xã A báo cáo 30 ngày trước, xã B 31 ngày trước, xã C chưa lần nào.",
            "Stale after 30 days: A told 30 days ago, B 31 days ago, C never.",
        ),
        examples.silence,
        {"in_date": "green", "older": "stale", "never": "unknown"},
        Words("A: {in_date}; B: {older}; C: {never}", "A: {in_date}; B: {older}; C: {never}"),
    ),
    values=LEVELS,
)
VERIFIED = Indicator(
    "verified",
    Words("Đã kiểm tra thắng tự kê khai", "Verified wins over declared"),
    unit=Words("đơn vị của tiêu chí", "the criterion's own"),
    meaning=Words(
        "Kết quả kiểm tra tại chỗ được tính trước lời tự kê khai, chừng nào còn mới.",
        "What a visit found counts before what the commune declares, while it is fresh.",
    ),
    formula=Words(
        "giá trị = kết quả kiểm tra khi tuổi ≤ hạn của quy tắc; nếu không thì = tự kê khai",
        "value = the finding while its age ≤ verified_expires_after_days of the rule; else the declared value",
    ),
    source=CONFIGURED,
    edges=(
        Words(
            "Cả hai giá trị cùng hai ngày được giữ và hiện cạnh nhau.",
            "Both values with both dates are kept and shown.",
        ),
        Words("Trong một tỷ lệ, từng số được xét riêng.", "Of a ratio each count wins for itself."),
    ),
    example=Example(
        Words(
            "Hai xã kê khai 80 Mbps; đoàn đo 60 Mbps, ở xã A 90 ngày trước, ở xã B 91 ngày trước (hạn 90 ngày).",
            "Both declare 80 Mbps; a visit measured 60 Mbps, in A 90 days ago, in B 91 days ago (it expires after 90).",
        ),
        examples.verified,
        {"fresh": 60, "expired": 80},
        Words("A tính {fresh} Mbps; B tính {expired} Mbps", "A counts {fresh} Mbps; B counts {expired} Mbps"),
    ),
)
CONTRADICTION = Indicator(
    "contradiction",
    Words("Khác kiểm tra", "Contradiction"),
    unit=Words("có hoặc không", "yes or no"),
    meaning=Words(
        "Kiểm tra còn mới thấy khác tự kê khai tới mức đổi màu.",
        "A fresh visit found another level than the commune's own value gives.",
    ),
    formula=Words("mức theo kiểm tra ≠ mức theo tự kê khai", "level by the finding ≠ level by the declared value"),
    source=OWN_RULE,
    edges=(Words("Lệch mà không đổi mức thì không phải mâu thuẫn.", "Where both give the same level there is none."),),
    example=Example(
        Words(
            "Hai xã kê khai 90 Mbps; đoàn đo được 87 ở xã A, 35 ở xã B.",
            "Both declare 90 Mbps; a visit measured 87 in A and 35 in B.",
        ),
        examples.contradiction,
        {"near": 0, "far": 1},
        Words("A: {near} mâu thuẫn; B: {far} mâu thuẫn", "A: {near} contradictions; B: {far}"),
    ),
)

GROUP = Group(
    "criteria",
    Words("Mức của từng tiêu chí", "Levels of a criterion"),
    (FLAG, NUMBER, RATIO, SILENCE, VERIFIED, CONTRADICTION),
)
