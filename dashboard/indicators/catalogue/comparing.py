"""The catalogue's entries of peers: who is held against whom, and where the middle of them lies."""

from __future__ import annotations

from dashboard.indicators.catalogue import examples_places as examples
from dashboard.indicators.catalogue.entry import CONFIGURED, Example, Group, Indicator, Words
from dashboard.indicators.catalogue.rates import SHARE
from dashboard.indicators.catalogue.terms import PEERS as PEER_KINDS

PEERS = Indicator(
    "peer_group",
    Words("Nhóm so sánh", "Peer group"),
    unit=Words("nhóm", "group"),
    meaning=Words(
        "Xã chỉ so với xã, phường với phường, đặc khu với đặc khu.",
        "A xã is held against xã, a phường against phường, a đặc khu against đặc khu.",
    ),
    formula=Words(
        "loại đơn vị, rồi các cờ do người quản trị đặt (miền núi, biên giới, hải đảo)",
        "kind of unit, then the administrator's flags (mountainous, border, island)",
    ),
    source=CONFIGURED,
    edges=(Words("Mặc định không có cờ nào.", "There are no flags by default."),),
    example=Example(
        Words("A và B là xã, B có cờ miền núi; C là phường.", "A and B are xã, B flagged mountainous; C is a phường."),
        examples.group,
        {"A": "xa", "B": "xa+mountainous", "C": "phuong"},
        Words("ba nhóm: {A}; {B}; {C}", "three groups: {A}; {B}; {C}"),
    ),
    values=PEER_KINDS,
)
QUARTILES = Indicator(
    "peer_quartiles",
    Words("Tứ phân vị của nhóm", "Quartiles of the peers"),
    unit=SHARE,
    meaning=Words(
        "Nửa giữa của nhóm nằm từ đâu tới đâu; xã hơn hay kém trung vị bao nhiêu.",
        "Between what rates the middle half of the peers lies, and how far a commune is from their median.",
    ),
    formula=Words(
        "q1, trung vị, q3 của tỷ lệ các xã đủ hồ sơ, nội suy tuyến tính; tỷ lệ chung của nhóm = Σ tử ÷ Σ mẫu",
        "q1, median, q3 of the rates with enough dossiers, linear between neighbours; the group's own rate = Σ parts "
        "÷ Σ wholes",
    ),
    source=Words(
        "R. J. Hyndman, Y. Fan, The American Statistician 50 (1996), 361–365, cách 7",
        "R. J. Hyndman, Y. Fan, The American Statistician 50 (1996), 361–365, definition 7",
    ),
    edges=(
        Words(
            "Xã dưới mức tối thiểu không vào tứ phân vị nhưng vẫn vào tỷ lệ chung.",
            "A commune below the minimum is in no quartile but in the group's own rate.",
        ),
    ),
    example=Example(
        Words(
            "Đúng hạn 60/100, 70/100, 80/100, 360/400 và 10/10 (tối thiểu 30).",
            "On time 60 of 100, 70 of 100, 80 of 100, 360 of 400 and 10 of 10 (at least 30).",
        ),
        examples.quartiles,
        {"communes": 5, "told": 4, "q1": 0.675, "median": 0.75, "q3": 0.825, "value": 0.8169},
        Words(
            "{told}/{communes} xã đủ: {q1:%} – {median:%} – {q3:%}; chung 580/710 = {value:%}",
            "{told} of {communes} have enough: {q1:%} – {median:%} – {q3:%}; together 580/710 = {value:%}",
        ),
    ),
)
BAND = Indicator(
    "peer_band",
    Words("Dải của nhóm theo tuần", "The peers' band over time"),
    unit=Words("hồ sơ", "dossiers"),
    meaning=Words(
        "Nửa giữa của nhóm từng tuần, vẽ sau đường của xã.",
        "The middle half of the peers, week by week, behind a commune's curve.",
    ),
    formula=Words(
        "q1, trung vị, q3 của số hồ sơ các xã trong nhóm; theo tháng nếu không nguồn nào có tuần trọn",
        "q1, median, q3 of the peers' counts; by month where no source tells a whole week",
    ),
    source=Words(
        "R. J. Hyndman, Y. Fan, The American Statistician 50 (1996), 361–365, cách 7",
        "R. J. Hyndman, Y. Fan, The American Statistician 50 (1996), 361–365, definition 7",
    ),
    edges=(
        Words(
            "Xã chỉ có một phần của tuần thì tuần ấy không tính: nửa tuần không phải là giảm.",
            "A week of which a part is missing for a commune does not count: half a week is no drop.",
        ),
    ),
    example=Example(
        Words(
            "Một tuần, ba xã cùng nhóm nhận 10, 20 và 40 hồ sơ; xã thứ tư không có số liệu.",
            "In one week three peers received 10, 20 and 40 dossiers; a fourth is not told of.",
        ),
        examples.band,
        {"q1": 15, "median": 20, "q3": 30},
        Words("{q1} – {median} – {q3}", "{q1} – {median} – {q3}"),
    ),
)

GROUP = Group("comparing", Words("So với xã cùng nhóm", "Comparing with peers"), (PEERS, QUARTILES, BAND))
