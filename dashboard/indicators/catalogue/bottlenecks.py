"""The catalogue's entries of bottlenecks: what moves most, once it is fixed."""

from __future__ import annotations

from dashboard.indicators.catalogue import examples_readiness as examples
from dashboard.indicators.catalogue.entry import OWN_RULE, Example, Group, Indicator, Words
from dashboard.indicators.catalogue.way import COMMUNES, PROVINCE

SINGLE = Indicator(
    "bottleneck_single",
    Words("Điểm nghẽn: một tiêu chí", "Bottleneck: one criterion"),
    unit=COMMUNES,
    meaning=Words(
        "Khắc phục một tiêu chí ở mọi nơi thì bao nhiêu xã thành xanh.",
        "Fixing which one criterion everywhere turns how many communes green.",
    ),
    formula=Words(
        "số xã biết hết mọi tiêu chí và chỉ thiếu tiêu chí đó",
        "communes of which everything is known and that lack just this",
    ),
    source=OWN_RULE,
    edges=(
        Words(
            "Chỉ tính điều chắc chắn: xã còn điều chưa biết không tính.",
            "Only what is certain counts: a commune with something unknown does not.",
        ),
    ),
    example=Example(
        PROVINCE,
        examples.single,
        {"turned": 1, "lacking": 2},
        Words(
            "máy scan: {turned} xã thành xanh, {lacking} xã thiếu",
            "scanners: {turned} turns green, {lacking} lack them",
        ),
    ),
)
PAIR = Indicator(
    "bottleneck_pair",
    Words("Điểm nghẽn: hai tiêu chí", "Bottleneck: two criteria"),
    unit=COMMUNES,
    meaning=Words(
        "Khắc phục hai tiêu chí cùng lúc thì bao nhiêu xã thành xanh.",
        "Fixing which two criteria together turns how many communes green.",
    ),
    formula=Words(
        "số xã mà mọi điều thiếu đều nằm trong cặp; được thêm = số đó − số của tiêu chí tốt hơn trong cặp",
        "communes whose gaps all lie in the pair; gain = that − what the better of the two turns alone",
    ),
    source=OWN_RULE,
    edges=(
        Words(
            "Cặp không hơn tiêu chí tốt hơn thì không nêu.",
            "A pair that does no more than the better of the two is left out.",
        ),
    ),
    example=Example(
        PROVINCE,
        examples.pair,
        {"turned": 2, "gain": 1},
        Words(
            "chữ ký số và máy scan: {turned} xã, thêm {gain}",
            "signatures and scanners: {turned} communes, a gain of {gain}",
        ),
    ),
)
KINDS = Indicator(
    "bottleneck_kinds",
    Words("Điểm nghẽn: loại việc", "Bottleneck: kinds of steps"),
    unit=COMMUNES,
    meaning=Words(
        "Làm xong mọi việc của một hay hai loại (mọi mua sắm, mọi cấp phát …) thì bao nhiêu xã thành xanh.",
        "What closing all gaps of one or two kinds (all purchases, all issues …) turns green.",
    ),
    formula=Words(
        "số xã biết hết và mọi điều thiếu thuộc các loại đó",
        "communes of which everything is known and whose gaps are all of these kinds",
    ),
    source=OWN_RULE,
    edges=(
        Words(
            "Các tiêu chí hay thiếu cùng nhau, nên loại việc nói được khi không cặp nào làm xanh xã nào.",
            "Criteria tend to fail together: kinds still tell where no two criteria turn anybody.",
        ),
    ),
    example=Example(
        PROVINCE,
        examples.kinds,
        {"buy": 1, "issue_buy": 2},
        Words(
            "mọi mua sắm: {buy} xã; mua sắm và cấp: {issue_buy} xã",
            "all purchases: {buy} commune; purchases and issues: {issue_buy}",
        ),
    ),
)

GROUP = Group(
    "bottlenecks",
    Words("Điểm nghẽn", "Bottlenecks"),
    (
        SINGLE,
        PAIR,
        KINDS,
    ),
)
