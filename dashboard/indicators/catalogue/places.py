"""The catalogue's entries of comparing: peers, what their rates prove, and places."""

from __future__ import annotations

from dashboard.indicators.catalogue import examples_places as examples
from dashboard.indicators.catalogue.entry import CONFIGURED, OWN_RULE, Example, Group, Indicator, Words
from dashboard.indicators.catalogue.rates import SHARE
from dashboard.indicators.catalogue.small_province import MINIMUM
from dashboard.indicators.catalogue.terms import PEERS as PEER_KINDS
from dashboard.indicators.catalogue.terms import RANK_STATES
from dashboard.indicators.ranking import Z_95

_PLACE = Words("hạng", "place")
_FIVE = Words(
    f"Tối thiểu {MINIMUM} hồ sơ. Đúng hạn: A và B 950/1.000, C 39/40, D 20/20, E không nhận hồ sơ nào.",
    f"At least {MINIMUM} dossiers. On time: A and B 950 of 1,000, C 39 of 40, D 20 of 20, E received nothing.",
)

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
        Words(
            "Theo tuần hoặc tháng, dải của nhóm dựng từ số hồ sơ, không từ tỷ lệ.",
            "Week by week or month by month the peers' band is made of counts, not of rates.",
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
WILSON = Indicator(
    "wilson",
    Words("Khoảng tin cậy Wilson 95 %", "Wilson's 95 % interval"),
    unit=SHARE,
    meaning=Words(
        "Tỷ lệ mà số hồ sơ thật sự chứng tỏ được: ít hồ sơ thì khoảng rộng.",
        "What a rate proves: with few dossiers the interval is wide.",
    ),
    formula=Words(
        f"(s + z²/2 ± z·√(s(n − s)/n + z²/4)) ÷ (n + z²), z = {Z_95:.4f}".replace(".", ","),
        f"(s + z²/2 ± z·√(s(n − s)/n + z²/4)) ÷ (n + z²), z = {Z_95:.4f}",
    ),
    source=Words(
        "E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209–212",
        "E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209–212",
    ),
    edges=(Words("n = 0, hoặc s ngoài 0 đến n: không có khoảng.", "n = 0, or s not within 0 to n: there is none."),),
    example=Example(
        Words("Cùng 90 %: 45/50 và 900/1.000.", "The same 90 %: 45 of 50, and 900 of 1,000."),
        examples.wilson,
        {"low_50": 0.7864, "high_50": 0.9565, "low_1000": 0.8798, "high_1000": 0.9171},
        Words(
            "45/50: {low_50:%} đến {high_50:%}; 900/1.000: {low_1000:%} đến {high_1000:%}",
            "45/50: {low_50:%} to {high_50:%}; 900/1,000: {low_1000:%} to {high_1000:%}",
        ),
    ),
)
PLACE = Indicator(
    "place",
    Words("Hạng trong nhóm", "Place among peers"),
    unit=_PLACE,
    meaning=Words(
        "Xếp theo điều tỷ lệ chứng tỏ chắc được, không theo tỷ lệ thô.",
        "By what a rate has at least proven, not by the raw rate.",
    ),
    formula=Words(
        "theo cận dưới Wilson, cao nhất trước; tỷ lệ càng ít càng tốt thì theo cận trên, thấp nhất trước",
        "by Wilson's lower end, highest first; where less is better by the upper end, lowest first",
    ),
    source=OWN_RULE,
    edges=(
        Words("Bằng nhau thì đồng hạng: 1, 1, 3.", "Equals share a place: 1, 1, 3."),
        Words(
            "Dưới số hồ sơ tối thiểu: không xếp hạng. Im lặng không bao giờ nâng hạng ai.",
            "Below the minimum there is no place. Silence never improves anybody's.",
        ),
    ),
    example=Example(
        _FIVE,
        examples.places("A", "B", "C", "C_rate", "D", "E", "ranked", "group"),
        {"A": 1, "B": 1, "C": 3, "C_rate": 0.975, "D": "too_few", "E": "no_activity", "ranked": 3, "group": 5},
        Words(
            "A và B đồng hạng {A}; C ({C_rate:%}) hạng {C}; D: {D}; E: {E}; {ranked} trong {group} xã có hạng",
            "A and B share place {A}; C ({C_rate:%}) is {C}rd; D: {D}; E: {E}; {ranked} of {group} have a place",
        ),
    ),
    values=RANK_STATES,
)
RANGE = Indicator(
    "place_range",
    Words("Hạng có thể từ … đến …", "Range of places"),
    unit=_PLACE,
    meaning=Words("Những hạng mà số liệu chưa loại trừ.", "The places that the figures leave open."),
    formula=Words(
        "sau mọi xã chắc chắn hơn, trước mọi xã chắc chắn kém (hai khoảng Wilson không chạm nhau)",
        "after all that are better for certain, before all that are worse for certain (the intervals do not touch)",
    ),
    source=OWN_RULE,
    edges=(Words("Không có hạng thì không có khoảng.", "Without a place there is no range."),),
    example=Example(
        _FIVE,
        examples.places("C", "C_from", "C_to"),
        {"C": 3, "C_from": 1, "C_to": 3},
        Words("C hạng {C}, có thể từ {C_from} đến {C_to}", "C is {C}rd, possibly {C_from} to {C_to}"),
    ),
)
PLAIN = Indicator(
    "plain_place",
    Words("Hạng theo số lượng", "Place by counts"),
    unit=_PLACE,
    meaning=Words(
        "Cách báo chí nêu (“hạng 8/135”): nhiều hồ sơ nhất đứng đầu.", "As newspapers print it (“8/135”): most first."
    ),
    formula=Words("1 + số xã có nhiều hơn; trên tổng số xã", "1 + communes with more; of all communes"),
    source=Words("VOV, 08/07/2025: Ia Hrung 8/135", "VOV, 08/07/2025: Ia Hrung 8/135"),
    edges=(
        Words(
            "Không có số liệu thì không có hạng, không phải hạng cuối; nhưng vẫn nằm trong tổng.",
            "What is not told has no place (not the last one) and stays in the total.",
        ),
    ),
    example=Example(
        Words("Tiếp nhận: A 200, B 300, C 200; D không có số liệu.", "Received: A 200, B 300, C 200; D not told."),
        examples.plain_places,
        {"A": 2, "B": 1, "C": 2, "D": None, "of": 4},
        Words("B {B}/{of}; A và C {A}/{of}; D không có hạng", "B {B}/{of}; A and C {A}/{of}; D has none"),
    ),
)

GROUP = Group(
    "places", Words("So sánh và xếp hạng", "Comparing and ranking"), (PEERS, QUARTILES, WILSON, PLACE, RANGE, PLAIN)
)
