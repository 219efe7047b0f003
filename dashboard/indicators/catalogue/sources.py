"""The catalogue's entries of sources that overlap: which of them answers, and what cumulative figures tell."""

from __future__ import annotations

from dashboard.indicators.catalogue import examples_dossiers as examples
from dashboard.indicators.catalogue.counts import DOSSIERS
from dashboard.indicators.catalogue.entry import OWN_RULE, Example, Group, Indicator, Words
from dashboard.indicators.periods import GRAINS

SOURCE = Indicator(
    "source",
    Words("Nguồn trả lời cho một kỳ", "Which source answers"),
    unit=Words("nguồn và độ mịn", "a source and its grain"),
    meaning=Words(
        "Các nguồn chồng lên nhau không bao giờ được cộng; một nguồn trả lời, các nguồn khác để đối chiếu.",
        "Overlapping sources are never added; one answers, the others reconcile.",
    ),
    formula=Words(
        "nguồn trọn kỳ trước nguồn không trọn; rồi nguồn có nhiều xã trọn hơn; rồi nguồn mịn hơn: ngày, tuần, tháng, "
        "quý, năm, luỹ kế, khác",
        "complete before incomplete; then the one that tells most communes wholly; then the finest of "
        + ", ".join(GRAINS),
    ),
    source=OWN_RULE,
    edges=(
        Words(
            "Nguồn theo ngày là trọn khi mỗi ngày làm việc có ít nhất một xã.",
            "Days are complete when some commune tells each working day.",
        ),
        Words(
            "Không nguồn nào trọn: nguồn tới xa nhất trả lời, và nói tới ngày nào.",
            "Where none is complete the one that reaches furthest answers and says until when.",
        ),
    ),
    example=Example(
        Words(
            "Danh sách có 5 hồ sơ mỗi ngày làm việc của tháng 8/2026 (21 ngày); báo cáo tháng ghi 110. Lần khác, danh "
            "sách thiếu ba ngày cuối.",
            "A list with 5 dossiers on each of the 21 working days of August 2026; the month's report says 110. "
            "Another time the list lacks the last three days.",
        ),
        examples.source,
        {"received": 105, "grain": "day", "more": 5, "with_gap": 110, "grain_with_gap": "month"},
        Words(
            "{received} theo ngày, báo cáo hơn {more}; khi thiếu ngày: {with_gap} theo tháng",
            "{received} by {grain}, the report has {more} more; with days missing: {with_gap} by {grain_with_gap}",
        ),
    ),
)
DIFFERENCED = Indicator(
    "differenced",
    Words("Luỹ kế thành từng ngày", "Cumulative figures differenced"),
    unit=DOSSIERS,
    meaning=Words(
        "Số luỹ kế của hai lần liền nhau cho biết giữa hai lần có gì.",
        "Two successive cumulative figures tell what happened between them.",
    ),
    formula=Words(
        "số của lần này − số của lần trước, cùng ngày bắt đầu", "this figure − the one before of the same start"
    ),
    source=OWN_RULE,
    edges=(
        Words(
            "Số giảm là một lần sửa: được nêu, và lúc đó là chưa có dữ liệu, không bao giờ âm.",
            "A drop is a correction: it is told, and what happened then is unknown, never negative.",
        ),
        Words("Số tồn và số bình quân không trừ được.", "Stocks and means cannot be subtracted."),
    ),
    example=Example(
        Words(
            "Từ 01/01/2026 tới ngày 10, 11, 12, 13/11: 1.000, 1.030, 1.025, 1.040.",
            "Since 01/01/2026 as of 10, 11, 12, 13 November: 1,000, 1,030, 1,025, 1,040.",
        ),
        examples.differenced,
        {"second": 30, "third": None, "fourth": 15, "before": 1030, "after": 1025},
        Words(
            "ngày 11: {second}; ngày 12: chưa có dữ liệu, sửa {before} thành {after}; ngày 13: {fourth}",
            "11th: {second}; 12th: unknown, {before} corrected to {after}; 13th: {fourth}",
        ),
    ),
)

GROUP = Group(
    "sources",
    Words("Hồ sơ: nguồn nào trả lời", "Dossiers: which source answers"),
    (
        SOURCE,
        DIFFERENCED,
    ),
)
