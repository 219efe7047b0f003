"""The catalogue's entries of a commune's and a province's level: combined, counted, and how it moves."""

from __future__ import annotations

from dashboard.indicators.catalogue import examples_readiness as examples
from dashboard.indicators.catalogue.criteria import LEVEL
from dashboard.indicators.catalogue.entry import CONFIGURED, OWN_RULE, Example, Group, Indicator, Words
from dashboard.indicators.catalogue.terms import LEVELS
from dashboard.indicators.levels import NAMES

DIMENSION = Indicator(
    "dimension_level",
    Words("Mức của một mặt", "Level of a dimension"),
    unit=LEVEL,
    meaning=Words(
        "Mạng, chữ ký số, thiết bị, điều kiện khác: mức chung của các tiêu chí trong đó.",
        "Network, digital signatures, devices, supporting conditions: the level of the criteria within.",
    ),
    formula=Words(
        "đỏ khi một tiêu chí đỏ; xanh khi mọi tiêu chí xanh; còn lại vàng",
        "red where any criterion is red; green where all are; else yellow",
    ),
    source=OWN_RULE,
    edges=(
        Words(
            "Thiếu một tiêu chí thì không tô màu, trừ khi đã có tiêu chí đỏ.",
            "Where a criterion is missing no colour is stated, unless another one is red already.",
        ),
    ),
    example=Example(
        Words("60 Mbps; chữ ký số 15/20; không báo cáo máy scan.", "60 Mbps; signatures 15 of 20; scanners not told."),
        examples.dimension,
        {"network": "green", "digital_signature": "red", "devices": "unknown"},
        Words(
            "mạng: {network}; chữ ký số: {digital_signature}; thiết bị: {devices}",
            "network: {network}; digital signatures: {digital_signature}; devices: {devices}",
        ),
    ),
    values=LEVELS,
)
OVERALL = Indicator(
    "overall_level",
    Words("Mức của xã", "Overall level"),
    unit=LEVEL,
    meaning=Words(
        "Một màu cho cả xã, chỉ nêu khi chắc chắn.", "One colour for a commune, stated only where it is certain."
    ),
    formula=Words(
        "đỏ khi một tiêu chí thiết yếu đỏ; xanh khi mọi tiêu chí xanh; còn lại vàng (theo quy tắc hiệu lực ngày đó)",
        "red where an essential criterion is red; green where all are green; else yellow (by the rule in force that "
        "day)",
    ),
    source=CONFIGURED,
    edges=(
        Words(
            "Thiếu một tiêu chí thiết yếu thì không loại trừ được đỏ: xã là chưa báo cáo hoặc số liệu cũ, không phải "
            "vàng.",
            "Where an essential criterion is missing red cannot be ruled out: unknown or stale, not yellow.",
        ),
        Words("Ngày đã qua được xét theo quy tắc của ngày đó.", "A past day is judged by the rules of that day."),
        Words(
            "Tiến độ hồ sơ không tham gia: sẵn sàng và tiến độ là hai trục.",
            "Dossiers play no part: readiness and throughput are two axes.",
        ),
    ),
    example=Example(
        Words(
            "A đủ mọi tiêu chí; B không có máy scan; C có 10 Mbps; D đủ nhưng không báo cáo tốc độ.",
            "A meets everything; B has no scanner; C has 10 Mbps; D meets the rest but did not tell its speed.",
        ),
        examples.overall,
        {"all_met": "green", "no_scanner": "yellow", "slow": "red", "speed_untold": "unknown"},
        Words(
            "A: {all_met}; B: {no_scanner}; C: {slow}; D: {speed_untold}",
            "A: {all_met}; B: {no_scanner}; C: {slow}; D: {speed_untold}",
        ),
    ),
    values=LEVELS,
)
GREEN = Indicator(
    "green_count",
    Words("Số xã xanh", "Green count"),
    unit=Words("xã trên tổng số xã", "communes of all communes"),
    meaning=Words(
        "Bao nhiêu xã xanh trong tất cả các xã của tỉnh.", "How many of all communes of the province are green."
    ),
    formula=Words(
        "số xã xanh ÷ tổng số xã, trong đó "
        + " + ".join(LEVELS[name].name.vi.lower() for name in NAMES)
        + " = tổng số xã",
        "communes at green ÷ all communes, where " + " + ".join(NAMES) + " = all communes",
    ),
    source=Words(
        "cách các tỉnh công bố: “76/148 xã, phường đã được phủ xanh” (Báo Phú Thọ, 15/07/2025)",
        "as provinces publish it: “76/148” (Báo Phú Thọ, 15/07/2025)",
    ),
    edges=(Words("Xã chưa báo cáo vẫn nằm trong mẫu số.", "A commune that never reported stays in the denominator."),),
    example=Example(
        Words(
            "Bốn xã: A, B đủ; C thiếu máy scan; D chưa báo cáo.",
            "Four communes: A and B meet everything, C lacks a scanner, D never reported.",
        ),
        examples.green,
        {"green": 2, "yellow": 1, "unknown": 1, "communes": 4},
        Words(
            "{green}/{communes} xã xanh; {yellow} vàng, {unknown} chưa báo cáo",
            "{green}/{communes} green; {yellow} yellow, {unknown} unknown",
        ),
    ),
)

GROUP = Group(
    "levels",
    Words("Mức của xã và của tỉnh", "Levels of a commune and a province"),
    (OVERALL, DIMENSION, GREEN),
)
