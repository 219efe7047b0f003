"""The catalogue's entries of what is missing to green: per commune, per province, and what moves most."""

from __future__ import annotations

from dashboard import text
from dashboard.indicators.catalogue import examples_readiness as examples
from dashboard.indicators.catalogue.entry import OWN_RULE, Example, Group, Indicator, Words
from dashboard.indicators.catalogue.terms import FIXES
from dashboard.indicators.distance import EARTH_KM

COMMUNES = Words("xã", "communes")
PROVINCE = Words(
    "Bốn xã: A có 1/2 máy scan; B có 0/2 máy scan và 18/20 chữ ký số; C không họp trực tuyến được; D không báo cáo "
    "máy scan, còn lại đủ.",
    "Four communes: A has 1 of 2 scanners; B 0 of 2 and 18 of 20 signatures; C no online meeting; D did not tell its "
    "scanners and meets the rest.",
)

WAY = Indicator(
    "way_to_green",
    Words("Đường tới xanh", "Way to green"),
    unit=Words("việc, mỗi việc một số lượng", "steps, each with an amount"),
    meaning=Words(
        "Những việc ít nhất để xã thành xanh, theo người phải làm.",
        "The smallest set of steps that makes a commune green, by who has to act.",
    ),
    formula=Words(
        "thiếu của tỷ lệ = làm tròn lên (ngưỡng xanh × cần − có); của số đo = ngưỡng xanh − giá trị; của có/không = 1",
        "short of a ratio: ⌈green_from × whole − part⌉; of a number: green_from − value; of a yes/no: 1",
    ),
    source=OWN_RULE,
    edges=(
        Words(
            "Mỗi tiêu chí đếm một thứ riêng, nên bỏ bớt việc nào xã cũng không xanh.",
            "Each criterion counts a thing of its own, so no smaller set does.",
        ),
        Words(
            "Chưa biết hay quá cũ: việc là báo cáo, một lần cho mọi tiêu chí; số cũ cho biết có lẽ thiếu gì.",
            "Unknown or stale: the step is to report, once for all; an old value tells what is likely missing.",
        ),
        Words(
            "Tiêu chí không cần cho xanh nhưng có thể làm đỏ: chỉ cần rời đỏ.",
            "A criterion that green does not need but that may make red only has to leave red.",
        ),
        Words("Đoàn kiểm tra thấy thiếu thì phải phúc tra mới xóa được.", "What a visit found short needs a recheck."),
    ),
    example=Example(
        Words(
            "12 Mbps (xanh từ 50); chữ ký số 18/20; máy scan 1/2.",
            "12 Mbps (green from 50); signatures 18 of 20; scanners 1 of 2.",
        ),
        examples.way,
        {"repair": 38, "issue": 2, "buy": 1, "steps": 3},
        Words(
            "{steps} việc: sửa đường truyền (+{repair} Mbps), cấp {issue} chữ ký số, mua {buy} máy scan",
            "{steps} steps: repair the line (+{repair} Mbps), issue {issue} signatures, buy {buy} scanner",
        ),
    ),
    values=FIXES,
)
SHOPPING = Indicator(
    "shopping_list",
    Words("Danh sách cần mua, cấp, sửa", "Shopping list"),
    unit=Words("số lượng và số xã", "amounts and communes"),
    meaning=Words("Cả tỉnh thiếu bao nhiêu của từng thứ.", "How much of each thing the whole province lacks."),
    formula=Words(
        "Σ thiếu của các xã biết chắc là thiếu; số xã phải báo cáo đứng riêng",
        "Σ amounts of the communes that lack it for certain; communes that have to report stand apart",
    ),
    source=OWN_RULE,
    edges=(
        Words(
            "Điều chưa biết không cộng như 0: xã đó được đếm ở cột phải báo cáo.",
            "What is not known is not added as 0: the commune is counted among those that have to report.",
        ),
    ),
    example=Example(
        PROVINCE,
        examples.shopping,
        {"amount": 3, "communes": 2, "report": 1},
        Words(
            "{amount} máy scan cho {communes} xã; {report} xã phải báo cáo",
            "{amount} scanners for {communes} communes; {report} has to report",
        ),
    ),
)
FIX_KINDS = Indicator(
    "by_fix",
    Words("Xã theo việc phải làm", "Communes by kind of step"),
    unit=COMMUNES,
    meaning=Words(
        "Bao nhiêu xã đang cần mua, cấp, sửa, bố trí, tổ chức, báo cáo, phúc tra.",
        "How many communes need buying, issuing, repairing, appointing, arranging, reporting, a recheck.",
    ),
    formula=Words("số xã có ít nhất một việc loại đó", "communes with at least one step of the kind"),
    source=OWN_RULE,
    edges=(
        Words(
            "Một xã có thể cần nhiều loại, nên các số không cộng lại thành số xã.",
            "A commune may need several, so the numbers do not add up to the communes.",
        ),
    ),
    example=Example(
        PROVINCE,
        examples.by_fix,
        {"buy": 2, "issue": 1, "arrange": 1, "report": 1, "repair": 0},
        Words(
            "mua: {buy}; cấp: {issue}; tổ chức: {arrange}; báo cáo: {report}; sửa: {repair}",
            "buy: {buy}; issue: {issue}; arrange: {arrange}; report: {report}; repair: {repair}",
        ),
    ),
    values=FIXES,
)
REPORTING = Indicator(
    "reporting_only",
    Words("Chỉ còn thiếu báo cáo", "Reporting only"),
    unit=COMMUNES,
    meaning=Words(
        "Xã không thiếu gì đã biết, chỉ phải báo cáo.", "Communes that lack nothing known and only have to report."
    ),
    formula=Words(
        "không thiếu gì chắc chắn, và có điều chưa biết hoặc quá cũ; “có lẽ” khi mọi số cũ đều đạt",
        "nothing certain is short and something is unknown or stale; “likely” where all old values sufficed",
    ),
    source=OWN_RULE,
    edges=(Words("Chưa từng báo cáo thì không thể nói “có lẽ”.", "Of what was never told nothing is likely."),),
    example=Example(
        PROVINCE,
        examples.reporting,
        {"communes": 1, "code": "D", "likely": 0},
        Words(
            "{communes} xã ({code}); {likely} xã có lẽ đã xanh", "{communes} commune ({code}); {likely} likely green"
        ),
    ),
)
NEED = Indicator(
    "need",
    Words("Nơi cần tổ công tác", "Order of need"),
    unit=Words("thứ tự xã", "an order of communes"),
    meaning=Words(
        "Tổ công tác đi xã nào trước, gọi xã nào vì chưa ai biết.",
        "To which communes a task force goes first, and which it calls because nobody knows.",
    ),
    formula=Words(
        "đi: đỏ, rồi vàng, rồi xanh mà kiểm tra thấy khác; trong đó nhiều tiêu chí đỏ hơn, thiếu nhiều hơn, lâu chưa "
        "kiểm tra hơn thì trước; gọi: chưa báo cáo, rồi im lặng lâu nhất",
        "to visit: red, then yellow, then green that a visit put in doubt; within: more red criteria that decide, "
        "more gaps, the longest without a visit first; to call: never reported, then the longest silent",
    ),
    source=OWN_RULE,
    edges=(Words("Không xã nào đứng trong cả hai danh sách.", "Nobody stands in both lists."),),
    example=Example(
        Words(
            "A thiếu máy scan, từng được kiểm tra; B có 10 Mbps; C thiếu máy scan, chưa được kiểm tra; D chưa báo cáo.",
            "A lacks a scanner and was visited; B has 10 Mbps; C lacks a scanner and was never visited; D never "
            "reported.",
        ),
        examples.need,
        {"visits": "B, C, A", "calls": "D"},
        Words("đi: {visits}; gọi: {calls}", "visit: {visits}; call: {calls}"),
    ),
)
DISTANCE = Indicator(
    "distance",
    Words("Khoảng cách", "Distance"),
    unit=Words("km theo đường chim bay", "km as the crow flies"),
    meaning=Words("Từ nơi tổ công tác tới xã.", "From where a task force is to a commune."),
    formula=Words(
        "2R·arcsin √(sin²(Δφ/2) + cos φ₁·cos φ₂·sin²(Δλ/2)), R = " + text.number(EARTH_KM, 1) + " km",
        f"2R·arcsin √(sin²(Δφ/2) + cos φ₁·cos φ₂·sin²(Δλ/2)), R = {EARTH_KM:,.1f} km",
    ),
    source=Words("R. W. Sinnott, Sky and Telescope 68 (1984)", "R. W. Sinnott, Sky and Telescope 68 (1984)"),
    edges=(
        Words(
            "Đường bộ dài hơn; không biết vị trí thì không có khoảng cách.",
            "A road is longer; where a place is not known there is none.",
        ),
    ),
    example=Example(
        Words(
            "Hai nơi cùng kinh độ, cách nhau một vĩ độ.", "Two places on one meridian, one degree of latitude apart."
        ),
        examples.distance,
        {"km": 111.195},
        Words("{km:.1f} km", "{km:.1f} km"),
    ),
)

GROUP = Group(
    "way",
    Words("Thiếu gì để xanh", "What is missing to green"),
    (WAY, SHOPPING, FIX_KINDS, REPORTING, NEED, DISTANCE),
)
