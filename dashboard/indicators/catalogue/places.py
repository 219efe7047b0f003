"""The catalogue's entries of ranking: what a rate proves, and the places that follow."""

from __future__ import annotations

from dashboard.indicators.catalogue import examples_places as examples
from dashboard.indicators.catalogue.entry import OWN_RULE, Example, Group, Indicator, Words
from dashboard.indicators.catalogue.rates import SHARE
from dashboard.indicators.catalogue.small_province import MINIMUM
from dashboard.indicators.catalogue.terms import RANK_STATES
from dashboard.indicators.ranking import Z_95

_PLACE = Words("hạng", "place")
_FIVE = Words(
    f"Tối thiểu {MINIMUM} hồ sơ. Đúng hạn: A và B 950/1.000, C 39/40, D 20/20, E không nhận hồ sơ nào.",
    f"At least {MINIMUM} dossiers. On time: A and B 950 of 1,000, C 39 of 40, D 20 of 20, E received nothing.",
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
            "Chỉ báo cáo một phần kỳ mà nguồn có: không có hạng.",
            "Who tells only a part of what the source tells of the period has no place.",
        ),
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
    formula=Words("1 + số xã có nhiều hơn; trên số xã có số liệu", "1 + communes with more; of those that told it"),
    source=Words("VOV, 08/07/2025: Ia Hrung 8/135", "VOV, 08/07/2025: Ia Hrung 8/135"),
    edges=(
        Words(
            "Không có số liệu thì không có hạng, không phải hạng cuối, và không nằm trong tổng.",
            "What is not told has no place (not the last one) and is not in the total.",
        ),
    ),
    example=Example(
        Words("Tiếp nhận: A 200, B 300, C 200; D không có số liệu.", "Received: A 200, B 300, C 200; D not told."),
        examples.plain_places,
        {"A": 2, "B": 1, "C": 2, "D": None, "of": 3},
        Words("B {B}/{of}; A và C {A}/{of}; D không có hạng", "B {B}/{of}; A and C {A}/{of}; D has none"),
    ),
)

GROUP = Group("places", Words("Xếp hạng", "Ranking"), (WILSON, PLACE, RANGE, PLAIN))
